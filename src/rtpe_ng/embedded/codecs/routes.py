"""Routes: what the daemon does with the media that one side sends, codec by codec.

A route says that media of one codec leaves as another codec, or unchanged. The target is found in this order: the
codec with the same payload type, another payload type of the same codec, and at last the codec that the receiver
prefers. telephone-event and CN belong to the route of the codec that they accompany: if one side lacks them, or
has them only because the engine offered them, audio must be decoded even if the codec itself could pass.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ..versions import Behaviour
from .entry import CodecEntry
from .list import CodecList
from .opus import opus_answer

__all__ = ["Route", "routes"]


@attrs.frozen(kw_only=True)
class Route:
    """Says that media of the codec `source` leaves as `target`."""

    source: CodecEntry
    target: CodecEntry
    passed: bool
    """The media is passed on, not transcoded."""
    events: CodecEntry | None = None
    """The telephone-event that accompanies it toward the receiver."""
    noise: CodecEntry | None = None
    """The CN that accompanies it toward the receiver."""


@attrs.frozen
class _Side:
    """The codecs of one side that the daemon can transcode."""

    preferred: CodecEntry | None
    supplemental: dict[tuple[str, int], CodecEntry]

    @classmethod
    def of(cls, codecs: CodecList) -> _Side:
        known = [codec for codec in codecs if codec.kind is not None]
        media = [codec for codec in known if not codec.supplemental]
        supplemental: dict[tuple[str, int], CodecEntry] = {}
        for codec in known:
            if codec.supplemental:
                supplemental.setdefault((codec.name.lower(), codec.clock_rate), codec)
        accepted = [codec for codec in media if codec.accepted]
        return cls(next(iter([*accepted, *media]), None), supplemental)

    def events(self, codec: CodecEntry) -> CodecEntry | None:
        return self.supplemental.get(("telephone-event", codec.clock_rate))

    def noise(self, codec: CodecEntry) -> CodecEntry | None:
        return self.supplemental.get(("cn", codec.clock_rate))


def routes(
    source: CodecList, sink: CodecList, *, refusing: bool = False, asymmetric: bool = False, forced: bool = False
) -> list[Route]:
    """Return the routes from `source`, what a side sends, to `sink`, what the other side takes.

    If any codec must be transcoded, those that cannot be are removed from `source`. With `refusing`, a
    telephone-event or CN that the answerer refused is refused to the offerer too. With `asymmetric`, each side may
    have its own payload types. With `forced`, all media is transcoded.
    """
    sending, taking = _Side.of(source), _Side.of(sink)
    found_routes = []
    for codec in source:
        target = None if codec.kind is None else _target(codec, sink, taking, asymmetric)
        if target is None:
            supplemental = (None, None) if codec.kind is None else (sending.events(codec), sending.noise(codec))
            found_routes.append(
                Route(source=codec, target=codec, passed=True, events=supplemental[0], noise=supplemental[1])
            )
            continue
        events = _matched(taking.events, sending.events, codec, target, refusing, asymmetric)
        noise = _matched(taking.noise, sending.noise, codec, target, refusing, asymmetric)
        passed = (asymmetric or codec.payload_type == target.payload_type) and codec.is_like(target)
        if passed and not codec.supplemental:
            passed = not forced and not (
                _differs(sending.events(codec), events) or _differs(sending.noise(codec), noise)
            )
        found_routes.append(
            Route(
                source=codec,
                target=codec if passed else _encoded(target, codec, source.behaviour),
                passed=passed,
                events=events,
                noise=noise,
            )
        )
    if not all(route.passed for route in found_routes):
        for codec in source:
            if codec.kind is None:
                source.touch(codec)
                source.remove(codec)
    return found_routes


def _encoded(target: CodecEntry, source: CodecEntry, behaviour: Behaviour) -> CodecEntry:
    """Return the target as the daemon answers it when it transcodes `source` to it."""
    if target.kind is None or target.kind.name != "opus" or not behaviour.rewrites_opus_parameters:
        return target
    parameters = opus_answer(target.parameters, behaviour, channels=source.channels)
    return attrs.evolve(target, parameters=parameters)


def _target(codec: CodecEntry, sink: CodecList, taking: _Side, asymmetric: bool) -> CodecEntry | None:
    """Return the codec of the receiver as which a codec leaves; None if the receiver has nothing usable."""
    target = sink.get(codec.payload_type)
    if target is not None and not codec.matches(target):
        target = None
    if target is None:
        keeps_number = asymmetric and not codec.supplemental and not codec.transcoded
        target = codec if keeps_number else sink.like(codec)
    preferred = taking.preferred
    if target is None or (preferred is not None and preferred.transcoded and not codec.supplemental):
        return preferred
    return target


def _matched(
    taken: Callable[[CodecEntry], CodecEntry | None],
    sent: Callable[[CodecEntry], CodecEntry | None],
    codec: CodecEntry,
    target: CodecEntry,
    refusing: bool,
    asymmetric: bool,
) -> CodecEntry | None:
    """Return the telephone-event or CN that accompanies `target`, given how each side looks its own up."""
    own, other = sent(codec), taken(target)
    if asymmetric and (other is None or (own is not None and other.matches(own))):
        other = own
    if refusing and other is not None and own is None and not other.transcoded:
        return None
    return other


def _differs(sent: CodecEntry | None, taken: CodecEntry | None) -> bool:
    """Tell whether telephone-event or CN must be detected in audio, or turned into audio."""
    if sent is None:
        return taken is not None and taken.transcoded
    return sent.transcoded and taken is None
