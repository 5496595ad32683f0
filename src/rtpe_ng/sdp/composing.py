"""What offers and answers are made of: the head, codecs and their numbers, ICE, rejected sections, addresses.

What an offer and an answer have in common stands here: each function makes the lines of one part, as text, and
checks what it was given for it. `builders` and `answering` put the parts together, and `session_of` reads the whole
again, so that no body leaves them that could not be parsed.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import cast

import attrs

from ..errors import SdpError, UsageError, redact
from .candidate import Candidate
from .codec import NOT_ALONE, RATES, STATIC_PAYLOAD_TYPES, RtpCodec, RtpMap
from .keys import IceCredentials
from .lines import Section, content
from .rewrite.editing import append
from .session import Session, sections
from .values import Connection, Origin, integer, ip_address

UNKNOWN = "0.0.0.0"  # noqa: S104 - an address that is not known yet (RFC 8840, section 4.1.1)
_DISCARD_PORT = 9
_USUAL = {"opus/48000/2": 111, "telephone-event/8000": 101}
"""The payload types by which most endpoints call these codecs."""


def rejection(kind: str, protocol: str, formats: Iterable[str], *, mid: str = "") -> list[str]:
    """Return the lines of a section that rejects one of an offer (RFC 3264, section 6; RFC 8829, section 5.3.1).

    Its type, protocol and formats are those of the offer; where the offer lacks them, such as a reader expects.
    """
    protocol = protocol or "RTP/AVP"
    # A section has at least one format, even where nobody will use it.
    words = tuple(formats) or ("0" if "RTP/" in protocol.upper() else _FORMATS.get(kind, "*"),)
    return [f"m={kind} 0 {protocol} {' '.join(words)}", *([f"a=mid:{mid}"] if mid else [])]


_FORMATS = {"image": "t38", "application": "webrtc-datachannel"}


def numbered(wanted: Iterable[str | RtpCodec], taken: Collection[int]) -> list[RtpCodec]:
    """Return the codecs with a payload type each: their own, that of RFC 3551, a usual one, or a free one.

    Raises `UsageError` for what names no codec.
    """
    codecs = list(_with_rates(list(wanted)))
    if not codecs:
        raise UsageError("codecs= is empty: a section needs one")
    used = {it.payload_type for it in codecs if it.payload_type >= 0} | set(taken)
    numbered = []
    for codec in codecs:
        if codec.payload_type < 0:
            usual = _USUAL.get(str(codec), 96)
            free = (number for number in (usual, *range(96, 128), *range(35, 64)) if number not in used)
            codec = attrs.evolve(codec, payload_type=next(free, -1))  # noqa: PLW2901 - numbered from here on
            used.add(codec.payload_type)
        if not 0 <= codec.payload_type <= 127:
            raise UsageError(f"no payload type is left for {codec}; 0 to 127 are")
        numbered.append(codec)
    numbers = [codec.payload_type for codec in numbered]
    if twice := [number for number in numbers if numbers.count(number) > 1]:
        raise UsageError(f"payload type {twice[0]} is given twice in codecs=")
    return numbered


def _with_rates(wanted: list[str | RtpCodec]) -> Iterator[RtpCodec]:
    """Yield the codecs with their clock rates; those that need a free payload type have -1."""
    found = [_codec(it) for it in wanted]
    rates = list(dict.fromkeys(it.clock_rate for it in found if it and it.name.lower() not in NOT_ALONE))
    for codec in found:
        if codec is not None:
            yield codec
            continue
        for rate in rates or [8000]:
            yield RtpCodec(payload_type=-1, name="telephone-event", clock_rate=rate, parameters="0-15")


def _codec(wanted: str | RtpCodec) -> RtpCodec | None:
    """Return a codec by its name; None for telephone events, whose rate is that of the others."""
    if isinstance(wanted, RtpCodec):
        if not wanted.name or not wanted.clock_rate:
            raise UsageError(f"codecs=: {wanted.name or wanted.payload_type} needs a name and a clock_rate in Hz")
        return wanted
    name, _, rate = str(wanted).partition("/")
    if name.lower() == "telephone-event" and not rate:
        return None
    try:
        rtpmap = RtpMap.parse(f"0 {name}/{rate or RATES.get(name.lower(), '')}")
    except SdpError:
        raise UsageError(f"codecs=: {wanted!r} is no name of a codec such as 'PCMU' or 'L16/44100/2'") from None
    if not rtpmap.clock_rate:
        raise UsageError(f"codecs=: {wanted!r} needs its clock rate in Hz, such as '{name}/16000'")
    static = [
        number
        for number, it in STATIC_PAYLOAD_TYPES.items()
        if (it.name.lower(), it.clock_rate, it.channels) == (name.lower(), rtpmap.clock_rate, rtpmap.channels)
    ]
    events = "0-15" if name.lower() == "telephone-event" else ""
    return RtpCodec(
        payload_type=static[0] if static else -1,
        name=rtpmap.name,
        clock_rate=rtpmap.clock_rate,
        channels=rtpmap.channels,
        parameters=events,
    )


def codec_lines(codecs: Iterable[RtpCodec], *, feedback: bool) -> Iterator[str]:
    """Yield the lines that say what the payload types mean."""
    for codec in codecs:
        number, rate, channels = codec.payload_type, codec.clock_rate, codec.channels
        yield f"a=rtpmap:{RtpMap(payload_type=number, name=codec.name, clock_rate=rate, channels=channels)}"
        if codec.parameters:
            yield f"a=fmtp:{number} {codec.parameters}"
        if feedback:
            yield from (f"a=rtcp-fb:{number} {value}" for value in codec.feedback if value)


def ice_lines(ice: IceCredentials, candidates: Collection[str], *, own: bool = True) -> Iterator[str]:
    """Yield the credentials, and with `own` the candidates; without candidates they trickle."""
    yield f"a=ice-ufrag:{ice.ufrag}"
    yield f"a=ice-pwd:{ice.pwd}"
    if not candidates:
        yield "a=ice-options:trickle"
    elif own:
        yield from (f"a=candidate:{candidate}" for candidate in candidates)


def destination(
    address: str | None, port: int | None, ice: IceCredentials | None, candidates: Collection[str]
) -> tuple[str, int]:
    """Return where media goes without ICE: as given, or else the first candidate that is fit, or nowhere yet.

    Raises `UsageError` if something is missing and there is no ICE.
    """
    if ice is not None:
        fit = (
            candidate
            for candidate in map(Candidate.parse, candidates)
            if candidate.component == 1 and candidate.transport.lower() == "udp" and candidate.ip is not None
        )
        first = next(fit, None)
        address = address or (first.address if first else UNKNOWN)
        port = port if port is not None else first.port if first else _DISCARD_PORT
    if address is None or port is None:
        lacks = " and ".join(["address="] * (address is None) + ["port="] * (port is None))
        raise UsageError(f"say where you receive: {lacks} is missing")
    return address, port


def connection_of(address: str) -> str:
    """Return the value of a ``c=`` line. Raises `UsageError` for anything but an IP address of one host."""
    ip = ip_address(address)
    if ip is None or ip.is_multicast:
        raise UsageError(f"no IP address of one host: address={address!r}")
    return str(Connection(address=address, address_type=f"IP{6 if ':' in address else 4}"))


def port_number(port: object, what: str = "port") -> int:
    """Return the port. Raises `UsageError` if it is none."""
    if not isinstance(port, int) or not 1 <= port <= 65535:
        raise UsageError(f"{what}={port!r}: 1 to 65535 expected")
    return port


def milliseconds(ptime: float) -> str:
    """Return a length of time as a line writes it. Raises `UsageError` if it is none."""
    if not 0 < ptime < 1_000_000:
        raise UsageError(f"ptime={ptime!r}: milliseconds expected, such as 20")
    return f"{ptime:g}"


def word(text: str, what: str) -> str:
    """Return the text. Raises `UsageError` if it is not one word."""
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(f"{what}={text!r}: one word expected")
    return text


def head(
    lines: Sequence[str],
    address: str,
    *,
    times: Iterable[str],
    groups: Iterable[str] = (),
    previous: Session | None = None,
) -> list[str]:
    """Return the session's own lines, from ``v=`` on. With `previous`, its ``o=`` line goes on."""
    connection = connection_of(address)
    rest = ["s=-", f"c={connection}", *(f"t={it}" for it in times), *(f"a=group:{it}" for it in groups)]
    # Made from what the body says: the same arguments give the same body, and two bodies seldom have one number.
    # Keys are masked: nothing of them may be told by a number that is shown to everybody.
    number = zlib.crc32(redact("\n".join([*rest, *lines])).encode("utf-8", "surrogateescape"))
    origin = f"- {number} 1 {connection}"
    if previous is not None:
        version = version_of(previous, "previous")
        known = [content(line) for section in (previous, *previous.media) for line in section.lines]
        is_same = [line for line in known if line[0] not in "vo"] == [*rest, *lines]
        origin = str(attrs.evolve(cast("Origin", previous.origin), session_version=str(version + (not is_same))))
    return ["v=0", f"o={origin}", *rest]


def version_of(body: Session, what: str) -> int:
    """Return the version in the ``o=`` line. Raises `UsageError` without one, `SdpError` if it is no number."""
    if body.origin is None:
        raise UsageError(f"{what}= has no o= line that can be read")
    return integer(body.origin.session_version, f"a version in the o= line of {what}=", most=2**62)


def session_of(texts: Sequence[str]) -> Session:
    """Return the lines as a session."""
    lines, media = sections(list(append(Section(lines=()), *texts).lines))
    return Session(lines=lines, media=media)
