"""Routes: what the daemon does with the media that one side sends, codec by codec."""

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
    """Media of the codec `source` leaves as `target`."""

    source: CodecEntry
    target: CodecEntry
    passed: bool
    """It is passed on, not transcoded."""
    events: CodecEntry | None = None
    noise: CodecEntry | None = None
    """The telephone-event and CN that go with it toward the receiver."""


@attrs.frozen
class _Side:
    """What one side can do that the daemon understands."""

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

    Where something has to be transcoded, what cannot be is taken out of `source`. With `refusing`, what the
    answerer refused of telephone-event and CN is refused to the offerer too. With `asymmetric`, each side may have
    its own payload types. With `forced`, all is transcoded.
    """
    sending, taking = _Side.of(source), _Side.of(sink)
    made = []
    for codec in source:
        target = None if codec.kind is None else _target(codec, sink, taking, asymmetric)
        if target is None:
            supplemental = (None, None) if codec.kind is None else (sending.events(codec), sending.noise(codec))
            made.append(
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
        made.append(
            Route(
                source=codec,
                target=codec if passed else _encoded(target, codec, source.behaviour),
                passed=passed,
                events=events,
                noise=noise,
            )
        )
    if not all(route.passed for route in made):
        for codec in source:
            if codec.kind is None:
                source.touch(codec)
                source.remove(codec)
    return made


def _encoded(target: CodecEntry, source: CodecEntry, behaviour: Behaviour) -> CodecEntry:
    """Return the codec as the daemon answers it when it makes it of another one."""
    if target.kind is None or target.kind.name != "opus" or not behaviour.rewrites_opus_parameters:
        return target
    parameters = opus_answer(target.parameters, behaviour, channels=source.channels)
    return attrs.evolve(target, parameters=parameters)


def _target(codec: CodecEntry, sink: CodecList, taking: _Side, asymmetric: bool) -> CodecEntry | None:
    found = sink.get(codec.payload_type)
    if found is not None and not codec.matches(found):
        found = None
    if found is None:
        own = asymmetric and not codec.supplemental and not codec.transcoded
        found = codec if own else sink.like(codec)
    preferred = taking.preferred
    if found is None or (preferred is not None and preferred.transcoded and not codec.supplemental):
        return preferred
    return found


def _matched(
    taken: Callable[[CodecEntry], CodecEntry | None],
    sent: Callable[[CodecEntry], CodecEntry | None],
    codec: CodecEntry,
    target: CodecEntry,
    refusing: bool,
    asymmetric: bool,
) -> CodecEntry | None:
    mine, theirs = sent(codec), taken(target)
    if asymmetric and (theirs is None or (mine is not None and theirs.matches(mine))):
        theirs = mine
    if refusing and theirs is not None and mine is None and not theirs.transcoded:
        return None
    return theirs


def _differs(sent: CodecEntry | None, taken: CodecEntry | None) -> bool:
    """Tell whether telephone-event or CN must be made of, or turned into, audio."""
    if sent is None:
        return taken is not None and taken.transcoded
    return sent.transcoded and taken is None
