"""What a body says, read section by section as the daemon reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from ... import sdp
from ...errors import SdpError
from ...sdp import STATIC_PAYLOAD_TYPES, Connection, Crypto, Media, Session
from ..codecs.entry import CodecEntry, kind_of, leading_number
from ..errors import Refused
from ..request import Context
from ..versions import Behaviour
from .attributes import as_read, content, is_readable
from .party import Extension
from .transport import MediaTransport

__all__ = ["TRICKLE_PORT", "ZEROS", "SentSection", "read", "read_again"]

_NUMBER = re.compile(r"(\d{1,9})(.*)", re.ASCII | re.DOTALL)
_TAGGED = re.compile(r" *(\d+)(?: (.*))?", re.ASCII)
_PAYLOAD = re.compile(r"\d{1,4}", re.ASCII)
TRICKLE_PORT = 9
"""With the address 0.0.0.0 it says that candidates will follow (RFC 8840, section 4.1.1)."""
ZEROS = ("0.0.0.0", "::")  # noqa: S104
_UNREADABLE = "Failed to parse SDP"


@attrs.frozen(kw_only=True)
class SentSection:
    """One media section, as far as the engine acts on it."""

    media: Media
    transport: MediaTransport
    """Its protocol; opportunistic where a plain profile comes with keys."""
    address: str
    """Where media is to be sent to."""
    sends: bool
    """Whether its author sends."""
    receives: bool
    """Whether its author receives."""
    ufrag: str | None
    pwd: str | None
    trickle: bool
    end_of_candidates: bool
    lite: bool
    roles: frozenset[str]
    """The DTLS roles that its author takes: ``active`` and ``passive``."""
    hash_function: str
    fingerprint: str
    tls_id: str
    cryptos: tuple[Crypto, ...]
    """The SDES keys with a suite that the engine knows."""
    mux: bool
    extensions: tuple[Extension, ...]
    allows_mixed: bool
    ptime: int
    maxptime: int
    codecs: tuple[CodecEntry, ...]
    index: int = 0
    """Its place among the others, counted from 0."""
    twin: str = ""
    """Where the same section without keys stood, as before RFC 8643: ``before`` it, ``after`` it, or nowhere."""

    @property
    def is_zero(self) -> bool:
        """Whether the address is the one that says nowhere."""
        return self.address in ZEROS

    @property
    def has_ice(self) -> bool:
        """Whether its author speaks ICE."""
        return self.ufrag is not None

    @property
    def formats(self) -> tuple[str, ...]:
        """What stands behind the protocol, to the letter."""
        return tuple(content(self.media.lines[0]).split(" ", 3)[3:])

    @property
    def rejected(self) -> bool:
        """Whether its port is 0."""
        return self.media.port == 0


def read(body: str, context: Context) -> tuple[Session, tuple[SentSection, ...]]:
    """Read a body.

    Raises `Refused` with the daemon's words for what it cannot read, or for a section without an address or
    with a payload type that is none.
    """
    try:
        session = as_read(sdp.parse(body))
    except SdpError:
        raise Refused(_UNREADABLE) from None
    _must_be_readable(session, context.behaviour)
    sections: list[SentSection] = []
    index = 0
    for media in session.media:
        # Where the message came from does not count any more behind a section with ICE.
        trusts = context.options.trusts_address or any(it.has_ice for it in sections)
        section = attrs.evolve(_section(media, context, trusts=trusts), index=index)
        sections = (
            _with_twin(sections, section) if "accept-legacy" in context.options.osrtp else [*sections, section]
        )
        # The place of a second twin that goes stays empty.
        index = sections[-1].index + 1 if sections[-1].media is media else index + 1
    return attrs.evolve(session, media=tuple(it.media for it in sections)), tuple(sections)


def _with_twin(sections: list[SentSection], section: SentSection) -> list[SentSection]:
    """Return the sections and one more; of a section with keys and the same one without the better one alone."""
    last = sections[-1] if sections else None
    kinds = {last.transport.is_srtp, section.transport.is_srtp} if last is not None else set()
    if last is None or len(kinds) == 1 or last.media.type != section.media.type:
        return [*sections, section]
    if not (last.transport.is_rtp and section.transport.is_rtp):
        return [*sections, section]
    if section.transport.is_srtp and not section.rejected:
        return [*sections[:-1], attrs.evolve(section, index=section.index - 1, twin="before")]
    if last.rejected:
        return [*sections, section]
    return [*sections[:-1], last if section.transport.is_srtp else attrs.evolve(last, twin="after")]


def read_again(media: Media, context: Context) -> SentSection:
    """Read a section again that was read before."""
    return _section(media, context, trusts=context.options.trusts_address)


def _must_be_readable(session: Session, behaviour: Behaviour) -> None:
    """Refuse what the daemon is stricter about than RFC 8866 is."""
    for section in (session, *session.media):
        for connection in section.values("c"):
            words = connection.split(" ")
            found = Connection(address=words[2]).ip if len(words) > 2 else None
            if found is None or words[1] != f"IP{found.version}" or words[0] not in ("IN", "in"):
                raise Refused(_UNREADABLE)
        if len(section.values("c")) > 1:
            raise Refused(_UNREADABLE)
    if any(
        line.startswith(behaviour.lines_of_the_session_alone) for media in session.media for line in media.lines
    ):
        raise Refused(_UNREADABLE)
    if not all(media.protocol for media in session.media):
        raise Refused(_UNREADABLE)
    if len(session.values("o")) > 1 or content(session.lines[0]) != "v=0":
        raise Refused(_UNREADABLE)


def _section(media: Media, context: Context, *, trusts: bool) -> SentSection:
    options, behaviour = context.options, context.behaviour

    def first(name: str) -> str | None:
        own = media.attribute(name)
        return own if own is not None else media.above.attribute(name)

    ufrag = first("ice-ufrag")
    # With ICE the address is not that of the sender, but only 10.5 looks for ICE first.
    if trusts or (ufrag is not None and not behaviour.reads_ice_above):
        address = media.connection.address if media.connection else ""
    else:
        address = options.received_from[1] if options.received_from else ""
    if not address:
        raise Refused("Incomplete SDP specification")
    of_ice = first if behaviour.reads_ice_above else media.attribute
    ice_options = of_ice("ice-options")
    if ice_options is None and behaviour.reads_ice_above:
        trickles = address in ZEROS and media.port == TRICKLE_PORT
    else:
        trickles = "trickle" in (ice_options or "")
    setup = first("setup") or ""
    # Each is looked for in the section and then above it: one that only receives may stand above one that sends.
    receive_only, send_only, inactive = (first(name) is not None for name in ("recvonly", "sendonly", "inactive"))
    hash_function, fingerprint = _fingerprint(first("fingerprint") or "")
    cryptos = tuple(_key(value) for value in media.attributes("crypto") if is_readable("crypto", value))
    transport = MediaTransport.named(media.protocol)
    return SentSection(
        media=media,
        transport=transport.with_keys() if fingerprint or cryptos else transport,
        address=address,
        sends=not receive_only and (send_only or not inactive),
        receives=receive_only or not (send_only or inactive),
        ufrag=ufrag,
        pwd=first("ice-pwd"),
        trickle=ufrag is not None and trickles,
        end_of_candidates=first("end-of-candidates") is not None,
        lite=ufrag is not None and of_ice("ice-lite") is not None,
        roles=frozenset({"active", "passive"} if setup == "actpass" else {setup} & {"active", "passive"}),
        hash_function=hash_function,
        fingerprint=fingerprint,
        tls_id=first("tls-id") or "",
        cryptos=cryptos,
        mux=media.rtcp_mux,
        extensions=_extensions(media),
        allows_mixed=first("extmap-allow-mixed") is not None,
        ptime=_milliseconds(media.attribute("ptime"), behaviour),
        maxptime=_milliseconds(media.attribute("maxptime"), behaviour),
        codecs=_codecs(media, behaviour) if transport.is_rtp else (),
    )


def _key(value: str) -> Crypto:
    key = Crypto.parse(value)
    # A key ends where base64 does.
    return attrs.evolve(key, key_params=re.sub(r"(:[A-Za-z0-9+/=]+)[^|]*", r"\1", key.key_params, count=1))


def _extensions(media: Media) -> tuple[Extension, ...]:
    values = media.effective("extmap")
    said = [value.split(" ")[:2] for value in values if is_readable("extmap", value)]
    # Of several with one identifier the first counts.
    named = {int(identifier): name for identifier, name in reversed(said)}
    return tuple(Extension(identifier=it, name=name) for it, name in named.items())[::-1]


def _fingerprint(value: str) -> tuple[str, str]:
    if not is_readable("fingerprint", value):
        return "", ""
    function, _, fingerprint = value.partition(" ")
    return function.lower(), fingerprint.upper()


def _milliseconds(value: str | None, behaviour: Behaviour) -> int:
    found = _NUMBER.match(value or "")
    return int(found[1]) if found and not (found[2] and behaviour.wants_bare_numbers) else 0


def _codecs(media: Media, behaviour: Behaviour) -> tuple[CodecEntry, ...]:
    if not media.port and behaviour.makes_bodies:
        return ()
    if not all((found := _PAYLOAD.match(word)) and int(found[0]) <= 127 for word in media.formats):
        raise Refused("Incomplete SDP specification")
    return tuple(_codecs_in(media, behaviour))


# L16 as the daemon has it: the other way round than RFC 3551.
_STATIC = {number: (it.name, it.clock_rate or 0, it.channels) for number, it in STATIC_PAYLOAD_TYPES.items()} | {
    10: ("L16", 44100, 1),
    11: ("L16", 44100, 2),
}


def _codecs_in(media: Media, behaviour: Behaviour) -> list[CodecEntry]:
    """Return the codecs of an RTP section in the order of its m= line.

    Of several rtpmap or fmtp lines for a payload type the last counts, as for the daemon.
    """
    maps = dict(_maps(media))
    parameters = dict(_tagged(media, "fmtp"))
    feedback: dict[int, list[str]] = {}
    for number, value in _tagged(media, "rtcp-fb"):
        feedback.setdefault(number, []).append(value)
    codecs = []
    for word in media.formats:
        number = leading_number(word)
        name, rate, channels = maps.get(number) or _STATIC.get(number, ("", 0, 0))
        codecs.append(
            CodecEntry(
                payload_type=number,
                name=name,
                clock_rate=rate,
                channels=channels,
                parameters=parameters.get(number, ""),
                feedback=tuple(feedback.get(number, ())),
                kind=kind_of(name, media.type, behaviour),
            )
        )
    return codecs


def _maps(media: Media) -> Iterator[tuple[int, tuple[str, int, int]]]:
    """Yield payload types and their names, clock rates and channels; what follows behind a space does not count."""
    for value in media.attributes("rtpmap"):
        if is_readable("rtpmap", value):
            number, encoding, *_ = value.split(" ")
            name, rate, *channels = encoding.split("/", 2)
            yield leading_number(number), (name, int(rate), _whole_number("".join(channels)) or 1)


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _tagged(media: Media, name: str) -> Iterator[tuple[int, str]]:
    """Yield payload types and what is said of them, to the very end of the line."""
    for value in media.attributes(name):
        if found := _TAGGED.fullmatch(value):
            yield int(found[1]), found[2] or ""
