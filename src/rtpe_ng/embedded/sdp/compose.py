"""Writing a body anew from what is remembered, as the daemon does since 13."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...sdp import Section, Session
from ..errors import NotRewritten
from ..versions import Behaviour
from .attributes import attribute_of, content, is_known, is_readable
from .bundle import groups
from .lines import OwnLines, offered_twin, with_rejected_twin
from .negotiate import SdpNegotiation
from .origin import origin
from .party import PartyMedia

__all__ = ["compose"]

_BANDWIDTHS = ("AS", "RR", "RS", "CT", "TIAS")


def compose(negotiation: SdpNegotiation) -> str:
    """Return the body for the receiver. Raises `Refused` where none of its sections is usable."""
    sent = negotiation.sender.session
    medias = negotiation.receiver.medias
    first = next((media for media in medias if media.carrier.port), None)
    if sent is None or first is None:
        raise NotRewritten
    lines = ["v=0", origin(negotiation, sent, first), *_session(negotiation, sent, first)]
    for media in (it for it in medias if it.type):
        sources = negotiation.sender.medias[media.index :]
        source = sources[0] if sources else PartyMedia(index=media.index)
        twin = offered_twin(negotiation, media)
        if twin is not None:
            lines += _section(negotiation, twin, source, is_twin=True)
        formats = _formats(negotiation, media)
        lines += with_rejected_twin(media, formats, _section(negotiation, media, source))
    return "".join(f"{line}\r\n" for line in lines)


def _session(negotiation: SdpNegotiation, sent: Session, first: PartyMedia) -> Iterator[str]:
    yield f"s={negotiation.sender.name or sent.name or ('' if negotiation.behaviour.makes_bodies else '-')}"
    for kind in "iuep":
        yield from (f"{kind}={value}" for value in sent.values(kind)[-1:] if value)
    yield from _bandwidths(sent.values("b"), negotiation.behaviour)
    yield f"t={''.join(sent.values('t')[-1:]) or '0 0'}"
    if first.ice and first.ice_lite:
        yield "a=ice-lite"
    if negotiation.options.relays:
        yield from (f"a=group:{value}" for value in (*groups(negotiation.sender), *sent.attributes("group")))
    else:
        yield from (f"a=group:{value}" for value in groups(negotiation.receiver))
    # Above all sections it is nothing that the daemon knows.
    yield from _passed(sent.lines, negotiation, unknown="bundle-only")


def _bandwidths(values: tuple[str, ...], behaviour: Behaviour) -> Iterator[str]:
    said = dict(value.partition(":")[::2] for value in values)
    names = _BANDWIDTHS if behaviour.makes_bodies else _BANDWIDTHS[:3]
    yield from (f"b={name}:{_leading(said[name])}" for name in names if name in said)


def _leading(text: str) -> int:
    found = re.match(r"\s*(\d+)", text, re.ASCII)
    return int(found[1]) if found else 0


def _passed(lines: tuple[str, ...], negotiation: SdpNegotiation, *, unknown: str = "") -> Iterator[str]:
    makes = negotiation.behaviour.makes_bodies
    for line in lines:
        name, _ = attribute_of(line)
        if name == "extmap" and not makes:
            stays = "strip-extmap" not in negotiation.options.words
        else:
            stays = (
                line.startswith("a=")
                and (name == unknown or not is_known(name, negotiation.behaviour))
                and (makes or name != "label")
            )
        if stays:
            yield content(line)


def _original_direction(sent: Section, negotiation: SdpNegotiation) -> Iterator[str]:
    """Yield the directions that the sender gave, above its sections or in this one, where they are passed on."""
    above = negotiation.sender.session
    if "original-sendrecv" in negotiation.options.words:
        for name in ("sendrecv", "sendonly", "recvonly", "inactive"):
            if sent.has(name) or (above is not None and above.has(name)):
                yield f"a={name}"


def _formats(negotiation: SdpNegotiation, media: PartyMedia) -> list[str]:
    rtp = media.transport.is_rtp
    formats = [str(codec.payload_type) for codec in media.codecs] if rtp else []
    if negotiation.behaviour.makes_bodies or not rtp:
        formats = formats or list(media.formats)
        formats = ["0"] if rtp and not any(formats) else formats
    return formats


def _section(
    negotiation: SdpNegotiation, media: PartyMedia, source: PartyMedia, *, is_twin: bool = False
) -> Iterator[str]:
    own = OwnLines.of(negotiation, media)
    # What the receiver was told of stays in its bodies, though the sender may never have had it.
    sent = source.source or Section(lines=())
    family, address = own.address
    zero = "0.0.0.0" if family == "IP4" else "::"  # noqa: S104
    rtp = media.transport.is_rtp
    # All codecs may be gone, and the section with them.
    is_empty = rtp and not any(media.codecs) and negotiation.codec_options.may_be_empty
    port = 0 if is_empty else media.carrier.port
    copied = _is_copied(negotiation, media, source)
    if copied and source.advertised:
        # Media may well pass the engine by.
        address, port = source.advertised[0]
        family = "IP6" if ":" in address else "IP4"
    is_bundled = negotiation.is_offer and media.carrier is not media
    said = 0 if is_bundled and "strict" in negotiation.options.bundle else port
    yield f"m={media.type} {said} {media.transport} {' '.join(_formats(negotiation, media))}"
    if negotiation.behaviour.makes_bodies:
        yield from (f"i={value}" for value in sent.values("i")[-1:] if value)
    refused = not port and not negotiation.options.media_address
    nowhere = refused or (media.is_zero and not media.ice)
    yield f"c=IN {family} {zero if nowhere else address}"
    yield from _bandwidths(sent.values("b"), negotiation.behaviour)
    is_verbatim = (copied and not is_twin) or not (rtp or source.transport.is_rtp)
    if is_verbatim and negotiation.behaviour.makes_bodies:
        yield from _verbatim(own, media, source)
        return
    yield from ([f"a=mid:{media.mid}"] if media.mid is not None else [])
    if media.label and negotiation.behaviour.makes_bodies:
        yield f"a=label:{media.label}"
    if is_bundled:
        yield "a=bundle-only"
    if not port:
        return
    if rtp:
        yield from own.codecs()
    if media.extensions and negotiation.behaviour.makes_bodies:
        yield from ["a=extmap-allow-mixed"] if media.allows_mixed else []
        yield from (f"a=extmap:{it}" for it in media.extensions)
    yield from (f"a=rtcp-fb:{value}" for value in _for_all(sent, negotiation) if rtp)
    yield from _passed(sent.lines, negotiation)
    yield from _original_direction(sent, negotiation)
    yield from own.direction()
    yield from own.rtcp()
    yield from own.keys()
    yield from own.times()
    if rtp and media.maxptime and negotiation.behaviour.makes_bodies:
        yield f"a=maxptime:{media.maxptime}"
    yield from own.ice()
    if media.trickle and (media.bundle or media).ufrag:
        yield "a=end-of-candidates"


def _is_copied(negotiation: SdpNegotiation, media: PartyMedia, source: PartyMedia) -> bool:
    """Tell whether a section stays as it is, address and all."""
    stays = media.passthrough or negotiation.options.relays or media.type == "message"
    return stays and source.source is not None


def _for_all(sent: Section, negotiation: SdpNegotiation) -> Iterator[str]:
    """Yield the feedback for all payload types, which is kept apart since bodies are made."""
    if negotiation.behaviour.makes_bodies:
        yield from (value for value in sent.attributes("rtcp-fb") if value.startswith("*"))


def _verbatim(own: OwnLines, media: PartyMedia, source: PartyMedia) -> Iterator[str]:
    """Yield a section's lines as they came, and the engine's candidates beside those of others."""
    sent = source.source or Section(lines=())
    for line in sent.lines:
        name, value = attribute_of(line)
        if line.startswith("a=") and name != "end-of-candidates" and is_readable(name, value):
            yield content(line)
    if source.ice and media.carrier.port:
        yield from own.candidates(for_rtcp=bool(media.carrier.rtcp_port), beside=sent)
    if source.ice and source.end_of_candidates:
        yield "a=end-of-candidates"
