"""Read a body, section by section, as the daemon reads it.

A `SentSection` holds what the engine acts on; all other lines stay in its ``media`` for the writers. The daemon is
stricter than RFC 8866 in some places (`rtpe_ng.sdp.daemon`), which makes it refuse a body, and laxer in others: an
attribute that it cannot read is as good as absent. Most attributes may stand in the section or above all sections.
The versions differ in where they look, so each place that a value is taken from is chosen on purpose.

A body may offer a section twice, with and without keys, as was usual before RFC 8643. If ``OSRTP-accept-legacy``
asks for it, the two become one section that remembers where its twin stood (`_with_twin`).
"""

import re
from collections.abc import Iterator

import attrs

from ... import sdp
from ...errors import SdpError
from ...sdp import STATIC_PAYLOAD_TYPES, Crypto, Media, Session
from ...sdp.daemon import read_as_daemon
from ..codecs.entry import CodecEntry, kind_of, leading_number
from ..errors import Refused
from ..request import Context
from ..versions import Behaviour
from .attributes import as_read, content, is_readable, joined, with_media
from .party import NOWHERE, Extension
from .transport import MediaTransport

__all__ = ["TRICKLE_PORT", "SentSection", "read", "read_again"]

_NUMBER = re.compile(r"(\d{1,9})(.*)", re.ASCII | re.DOTALL)
_PAYLOAD = re.compile(r"\d{1,4}", re.ASCII)
TRICKLE_PORT = 9
"""With the address 0.0.0.0 this port says that candidates will follow (RFC 8840, section 4.1.1)."""
_UNREADABLE = "Failed to parse SDP"


@attrs.frozen(kw_only=True)
class SentSection:
    """One media section, as far as the engine acts on it."""

    media: Media
    transport: MediaTransport
    """Its protocol; opportunistic if a plain profile comes with keys."""
    address: str
    """The address to which media is to be sent."""
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
    """The DTLS roles that its author may take: ``active`` and ``passive``."""
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
    """Its place among the sections, counted from 0."""
    twin: str = ""
    """Where the same section without keys stood, as before RFC 8643: ``before`` it, ``after`` it, or nowhere."""

    @property
    def is_zero(self) -> bool:
        """Whether the address is the one that stands for nowhere."""
        return self.address in NOWHERE.values()

    @property
    def has_ice(self) -> bool:
        """Whether its author speaks ICE."""
        return self.ufrag is not None

    @property
    def formats(self) -> tuple[str, ...]:
        """The words behind the protocol, exactly as written; double spaces count."""
        return tuple(content(self.media.lines[0]).split(" ", 3)[3:])

    @property
    def rejected(self) -> bool:
        """Whether its port is 0."""
        return self.media.port == 0


def read(body: str, context: Context) -> tuple[Session, tuple[SentSection, ...]]:
    """Read a body.

    Raises `Refused` with the daemon's words if it cannot read the body, or if a section lacks an address or has
    an impossible payload type.
    """
    try:
        session = as_read(sdp.parse(body))
        # The daemon is stricter than RFC 8866 in some places.
        faults = read_as_daemon(body, context.behaviour.grammar).faults
    except SdpError:
        raise Refused(_UNREADABLE) from None
    if faults:
        raise Refused(_UNREADABLE)
    sections: list[SentSection] = []
    index = 0
    for media in session.media:
        # Behind a section with ICE, the address that the message came from does not count any more.
        trusts = context.options.trusts_address or any(earlier.has_ice for earlier in sections)
        section = attrs.evolve(_section(media, context, trusts=trusts), index=index)
        sections = (
            _with_twin(sections, section) if "accept-legacy" in context.options.osrtp else [*sections, section]
        )
        # The place of a second twin that is left out stays empty.
        index = sections[-1].index + 1 if sections[-1].media is media else index + 1
    if context.behaviour.makes_bodies:
        session = joined(session)
    return with_media(session, (section.media for section in sections)), tuple(sections)


def _with_twin(sections: list[SentSection], section: SentSection) -> list[SentSection]:
    """Return the sections and one more; of two twins, with and without keys, keep the one with keys if usable."""
    last = sections[-1] if sections else None
    if last is None or last.transport.is_srtp == section.transport.is_srtp or last.media.type != section.media.type:
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


def _section(media: Media, context: Context, *, trusts: bool) -> SentSection:
    options, behaviour = context.options, context.behaviour

    def first(name: str) -> str | None:
        """Return an attribute of the section, or else of the session."""
        own = media.attribute(name)
        return own if own is not None else media.above.attribute(name)

    ufrag = first("ice-ufrag")
    # With ICE, the address that the message came from does not count, but only 10.5 looks for ICE first.
    if trusts or (ufrag is not None and not behaviour.reads_ice_above):
        address = media.connection.address if media.connection else ""
    else:
        address = options.received_from[1] if options.received_from else ""
    if not address:
        raise Refused("Incomplete SDP specification")
    ice_attribute = first if behaviour.reads_ice_above else media.attribute
    ice_options = ice_attribute("ice-options")
    if ice_options is None and behaviour.reads_ice_above:
        trickles = address in NOWHERE.values() and media.port == TRICKLE_PORT
    else:
        trickles = "trickle" in (ice_options or "")
    setup = first("setup") or ""
    # Each direction is looked up by itself, so a=recvonly of the session counts beside a=sendonly of the section.
    receive_only, send_only, inactive = (first(name) is not None for name in ("recvonly", "sendonly", "inactive"))
    hash_function, fingerprint = _fingerprint(first("fingerprint") or "", behaviour)
    cryptos = tuple(_key(value) for value in media.attributes("crypto") if is_readable("crypto", value, behaviour))
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
        lite=ufrag is not None and ice_attribute("ice-lite") is not None,
        roles=frozenset({"active", "passive"} if setup == "actpass" else {setup} & {"active", "passive"}),
        hash_function=hash_function,
        fingerprint=fingerprint,
        tls_id=first("tls-id") or "",
        cryptos=cryptos,
        mux=media.rtcp_mux,
        extensions=_extensions(media, behaviour),
        allows_mixed=first("extmap-allow-mixed") is not None,
        ptime=_milliseconds(media.attribute("ptime"), behaviour),
        maxptime=_milliseconds(media.attribute("maxptime"), behaviour),
        codecs=_codecs(media, behaviour) if transport.is_rtp else (),
    )


def _key(value: str) -> Crypto:
    tag, _, rest = value.partition(" ")
    key = Crypto.parse(f"{abs(leading_number(tag)) % 10**9} {rest}")
    # A key ends where base64 does, and is passed on without its padding.
    return attrs.evolve(
        key, suite=key.suite.upper(), key_params=re.sub(r"(:[A-Za-z0-9+/]+)[^|]*", r"\1", key.key_params, count=1)
    )


def _extensions(media: Media, behaviour: Behaviour) -> tuple[Extension, ...]:
    if not behaviour.makes_bodies:
        # Other versions leave these lines as they are.
        return ()
    values = media.effective("extmap")
    pairs = [value.split(" ")[:2] for value in values if is_readable("extmap", value, behaviour)]
    # Of several with one identifier the first counts.
    names = {int(identifier): name for identifier, name in reversed(pairs)}
    return tuple(Extension(identifier=identifier, name=name) for identifier, name in names.items())[::-1]


def _fingerprint(value: str, behaviour: Behaviour) -> tuple[str, str]:
    if not is_readable("fingerprint", value, behaviour):
        return "", ""
    function, _, fingerprint = value.partition(" ")
    return function.lower(), fingerprint.upper()


def _milliseconds(value: str | None, behaviour: Behaviour) -> int:
    number = _NUMBER.match(value or "")
    return int(number[1]) if number and not (number[2] and behaviour.grammar.wants_bare_numbers) else 0


def _codecs(media: Media, behaviour: Behaviour) -> tuple[CodecEntry, ...]:
    if not media.port and behaviour.makes_bodies:
        return ()
    if not all((number := _PAYLOAD.match(word)) and int(number[0]) <= 127 for word in media.formats):
        raise Refused("Incomplete SDP specification")
    return tuple(_codecs_in(media, behaviour))


# For L16, the daemon swaps the channels that RFC 3551 gives.
_STATIC = {
    number: (codec.name, codec.clock_rate or 0, codec.channels) for number, codec in STATIC_PAYLOAD_TYPES.items()
} | {
    10: ("L16", 44100, 1),
    11: ("L16", 44100, 2),
}


def _codecs_in(media: Media, behaviour: Behaviour) -> list[CodecEntry]:
    """Return the codecs of an RTP section in the order of its m= line.

    Of several rtpmap or fmtp lines for one payload type the last counts, as for the daemon.
    """
    maps = dict(_maps(media, behaviour))
    parameters = dict(_tagged(media, "fmtp", behaviour))
    feedback: dict[int, list[str]] = {}
    for number, value in _tagged(media, "rtcp-fb", behaviour):
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


def _maps(media: Media, behaviour: Behaviour) -> Iterator[tuple[int, tuple[str, int, int]]]:
    """Yield each payload type with its name, clock rate and channels; text behind another space does not count."""
    for value in media.attributes("rtpmap"):
        if is_readable("rtpmap", value, behaviour):
            number, encoding, *_ = value.split(" ")
            name, rate, *channels = encoding.split("/", 2)
            yield leading_number(number), (name, int(rate) % 2**32, _whole_number("".join(channels)) or 1)


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _tagged(media: Media, name: str, behaviour: Behaviour) -> Iterator[tuple[int, str]]:
    """Yield each payload type with its value, to the very end of the line."""
    for value in media.attributes(name):
        number, _, rest = value.partition(" ")
        if is_readable(name, value, behaviour) and number != "*":
            yield leading_number(number), rest
