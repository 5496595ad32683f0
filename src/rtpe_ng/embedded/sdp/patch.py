"""Writing a body as the old one with other lines in it, as the daemon does until 12."""

from __future__ import annotations

from collections.abc import Iterator

from ...sdp import Media, Session
from ..errors import Refused
from .attributes import DIRECTIONS, ICE, KEYS, attribute_of, content, is_known, is_readable
from .lines import OwnLines, offered_twin, with_rejected_twin
from .negotiate import SdpNegotiation
from .origin import origin
from .party import PartyMedia

__all__ = ["patch"]

_STEPS = ("origin", "name", "connection", "attributes")
"""In which order it replaces lines, and removes attributes."""
_REMOVED_ABOVE = frozenset({"fingerprint", "setup", "tls-id"})


def patch(negotiation: SdpNegotiation) -> str:
    """Return the body for the receiver. Raises `Refused` where its sections cannot be matched."""
    sent = negotiation.sender.session
    medias = negotiation.receiver.medias
    if sent is None or not medias:
        raise Refused("Error rewriting SDP")
    usable = next((media for media in medias if media.port), None)
    if negotiation.behaviour.needs_a_usable_section and usable is None:
        raise Refused("Error rewriting SDP")
    first = medias[0] if usable is None or not negotiation.behaviour.needs_a_usable_section else usable
    lines = [*_session(negotiation, sent, first)]
    for media, source, section in zip(medias, negotiation.sender.medias, sent.media, strict=False):
        if not media.type:
            raise Refused("Error rewriting SDP")
        twin = offered_twin(negotiation, media)
        if twin is not None:
            lines += _section(negotiation, twin, source, section, keeps_zero=not first.ice)
        written = _section(negotiation, media, source, section, keeps_zero=not first.ice)
        lines += with_rejected_twin(media, media.formats, written)
    return "".join(f"{line}\r\n" for line in lines) + sent.trailer


def _session(negotiation: SdpNegotiation, sent: Session, first: PartyMedia) -> Iterator[str]:
    own = OwnLines.of(negotiation, first)
    sections_without = any(not media.values("c") for media in sent.media)
    replaces = not negotiation.options.relays and (
        not negotiation.behaviour.keeps_unused_connection
        or "connection" in negotiation.options.replace
        or sections_without
    )
    # A body without an o= line has no place for its address: 12.5 puts it where nothing stands yet.
    strays = negotiation.behaviour.misplaces_address and bool(negotiation.options.replace & {"origin", "all"})
    steps = []
    for number, line in enumerate(map(content, sent.lines)):
        name, value = attribute_of(line)
        if line.startswith("v="):
            yield " ".join(own.address) + line if strays and not _has_origin(sent.lines[number + 1 :]) else line
        elif line.startswith("o="):
            steps.append("origin")
            yield origin(negotiation, sent, first)
        elif line.startswith("s="):
            steps += ["name"] if "name" in negotiation.options.replace else []
            yield f"s={_name(negotiation, sent.name)}"
        elif line.startswith("c=") and replaces:
            steps.append("connection")
            yield _connection(line, own, first, keeps_zero=not first.ice)
        elif not name or first.passthrough or not _is_removed_above(negotiation, name, value):
            yield line
        else:
            steps.append("attributes")
    _must_be_in_order(steps)
    if first.ice and first.ice_lite:
        yield "a=ice-lite"


def _has_origin(lines: tuple[str, ...]) -> bool:
    """Tell whether there is an ``o=`` line among these, up to where another description begins."""
    return next((line.startswith("o=") for line in lines if line.startswith(("o=", "v="))), False)


def _must_be_in_order(steps: list[str]) -> None:
    """Refuse a body where a line comes too late: it goes through the lines once, from one step to the next."""
    if steps != sorted(steps, key=_STEPS.index):
        raise Refused("Error rewriting SDP")


def _name(negotiation: SdpNegotiation, sent: str) -> str:
    """Return the session name for the receiver: the first one that it told or was told, where it is to stay."""
    receiver = negotiation.receiver
    if receiver.name is None:
        receiver.name = sent
    return receiver.name if "name" in negotiation.options.replace else sent


def _is_removed_above(negotiation: SdpNegotiation, name: str, value: str) -> bool:
    options = negotiation.options
    if name in ICE:
        return _is_ice_removed(negotiation, name, value)
    if name in DIRECTIONS:
        return "original-sendrecv" not in options.words
    if name == "group":
        return value.startswith("BUNDLE")
    if name == "extmap":
        return "strip-extmap" in options.words and negotiation.behaviour.strips_extmaps_above
    return name in _REMOVED_ABOVE and is_known(name, negotiation.behaviour)


def _is_ice_removed(negotiation: SdpNegotiation, name: str, value: str) -> bool:
    """Tell whether what a body says of ICE goes, unless media may pass the engine by."""
    if negotiation.options.relays:
        return _is_relay(name, value)
    return negotiation.options.ice in ("remove", "force", "default")


def _is_relay(name: str, value: str) -> bool:
    return name == "candidate" and value.split(" ")[7:8] == ["relay"]


def _connection(line: str, own: OwnLines, media: PartyMedia, *, keeps_zero: bool) -> str:
    family, address = own.address
    if media.is_zero and keeps_zero and not own.context.options.media_address:
        address = "0.0.0.0" if family == "IP4" else "::"  # noqa: S104
    words = line.split(" ")
    return " ".join((words[0], family, address, *words[3:]))


def _section(
    negotiation: SdpNegotiation, media: PartyMedia, source: PartyMedia, sent: Media, *, keeps_zero: bool
) -> Iterator[str]:
    """Yield what is made of the lines of a section, `sent` in the place where the receiver has this `media`."""
    own = OwnLines.of(negotiation, media)
    rtp = media.transport.is_rtp
    count = f"/{sent.port_count}" if sent.port_count > 1 else ""
    # The list of codecs takes the place of the formats; where there were none, nothing stands between.
    formats = "".join(f" {rest}" for rest in content(sent.lines[0]).split(" ", 3)[3:])
    if rtp:
        formats = formats[:1] + " ".join(str(codec.payload_type) for codec in media.codecs)
    relays = negotiation.options.relays
    yield content(sent.lines[0]) if relays else f"m={media.type} {media.port}{count} {media.transport}{formats}"
    steps = []
    for line in map(content, sent.lines[1:]):
        name, value = attribute_of(line)
        if line.startswith("c=") and not relays:
            steps.append("connection")
            yield _connection(line, own, media, keeps_zero=keeps_zero)
        elif (
            not line.startswith("a=")
            or _stays_unread(name, line)
            or not _is_removed(negotiation, media, name, value)
        ):
            yield line
        else:
            steps.append("attributes")
    _must_be_in_order(steps)
    yield from ([f"a=mid:{media.mid}"] if media.mid is not None else [])
    if media.port and sent.port:
        if rtp:
            yield from own.codecs()
        yield from _passed(negotiation, media, source.source.lines if source.source is not None else ())
        yield from own.direction()
        yield from own.rtcp()
        yield from own.keys()
        yield from own.times()
        yield from own.ice(beside=sent)
    if (media.trickle and media.ufrag) or sent.has("end-of-candidates"):
        yield "a=end-of-candidates"


def _passed(negotiation: SdpNegotiation, media: PartyMedia, lines: tuple[str, ...]) -> Iterator[str]:
    """Yield what stands behind the codecs although the engine does not know it."""
    if negotiation.behaviour.passes_in_place:
        return
    for line in map(content, lines):
        name, _ = attribute_of(line)
        if name == "extmap" and "strip-extmap" in negotiation.options.words and not media.passthrough:
            continue
        if line.startswith("a=") and (name == "extmap" or not is_known(name, negotiation.behaviour)):
            yield line


def _stays_unread(name: str, line: str) -> bool:
    """Tell whether a line stays where it is because the daemon cannot make sense of it."""
    return name in ("rtpmap", "fmtp", "rtcp-fb", "fingerprint", "rtcp", "candidate") and not is_readable(
        name, line.partition(":")[2]
    )


def _is_removed(negotiation: SdpNegotiation, media: PartyMedia, name: str, value: str) -> bool:
    """Tell whether an attribute does not stay where it is."""
    options, behaviour = negotiation.options, negotiation.behaviour
    if name in ICE:
        stays = media.passthrough and not (options.relays and _is_relay(name, value))
        return not stays and _is_ice_removed(negotiation, name, value)
    if name in DIRECTIONS:
        return "original-sendrecv" not in options.words
    if name in ("mid", "end-of-candidates"):
        return True
    if name == "extmap":
        return not behaviour.passes_in_place or (not media.passthrough and "strip-extmap" in options.words)
    if not is_known(name, behaviour):
        return not behaviour.passes_in_place
    if behaviour.passes_foreign_protocols and not media.transport.is_known:
        return name == "crypto" and not is_readable(name, value)
    if name in ("rtcp", "rtcp-mux"):
        return not options.relays
    if name in ("rtpmap", "fmtp"):
        return any(media.codecs)
    if name == "rtcp-fb":
        return any(media.codecs) and not value.startswith("*")
    if name == "ptime":
        return bool(media.ptime)
    return name in KEYS and not media.passthrough
