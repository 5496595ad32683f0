"""What one asks of a description: which leg it is, whether it is on hold, whether its addresses can be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import UsageError
from ..legs import Leg
from .addresses import is_private
from .media import Media
from .session import Session, as_session, no_such_section
from .values import Ip, ip_address

__all__ = [
    "LegFound",
    "candidate_problems",
    "fits_datagram",
    "has_usable_candidates",
    "is_on_hold",
    "is_webrtc",
    "leg",
    "needs_media_proxy",
    "private_addresses",
    "size_on_wire",
    "web_problems",
]

_DISCARD_PORT = 9
"""The port that stands for "not known yet" in trickle ICE (RFC 8840, section 4.1.1)."""


def _names(session: Session) -> Iterator[tuple[str, Media]]:
    for index, section in enumerate(session.media):
        if not section.is_rejected:
            yield f"{section.type} {index}", section


class LegFound(NamedTuple):
    """Which kind of leg a description comes from, and why."""

    leg: Leg
    """The kind of leg."""
    reason: str
    """Such as ``audio 0 is RTP/AVP``, for a person to read."""


def leg(body: str | bytes | Session) -> LegFound:
    """Tell which kind of leg a description comes from or goes to, with the reason.

    ``Leg.WEB`` where a section that is not rejected has ICE (RFC 8839), a DTLS fingerprint (RFC 8122) and SRTP
    or SCTP over DTLS, all of which WebRTC demands (RFC 8827, section 6.5; RFC 8834) and phones seldom have;
    ``Leg.SIP`` otherwise. Raises `SdpError` where text is no SDP.
    """
    reasons = []
    for name, section in _names(as_session(body)):
        protocol = section.protocol.upper()
        lacks = [
            what
            for what, has in (
                ("ICE", section.ice_ufrag is not None),
                ("DTLS", bool(section.effective("fingerprint"))),
            )
            if not has
        ]
        if not lacks and ("SAVP" in protocol or "DTLS" in protocol):
            return LegFound(Leg.WEB, f"{name} is {section.protocol} with ICE and a DTLS fingerprint")
        without = f" without {' and '.join(lacks)}" if lacks else ""
        reasons.append(f"{name} is {section.protocol}{without}")
    return LegFound(Leg.SIP, "; ".join(reasons) or "it has no media section in use")


def is_webrtc(body: str | bytes | Session) -> bool:
    """Tell whether a description is that of a WebRTC endpoint: whether its `leg` is ``Leg.WEB``.

    Raises `SdpError` where text is no SDP.
    """
    return leg(body).leg is Leg.WEB


def is_on_hold(body: str | bytes | Session, *, media: int | None = None) -> bool:
    """Tell whether the author puts the other party on hold (RFC 3264, section 8.4).

    So it is where each RTP section that is not rejected, or the section `media`, is ``sendonly`` or ``inactive``,
    or has the address 0.0.0.0 as RFC 2543 had it. 0.0.0.0 with port 9 is trickle ICE and no hold (RFC 8840,
    section 4.1.1); ``recvonly`` is the answer of who was put on hold. Without such a section it is False. Raises
    `SdpError` where text is no SDP, `UsageError` where there is no such section.
    """
    session = as_session(body)
    if media is not None:
        if not 0 <= media < len(session.media):
            raise no_such_section(session, media)
        return _holds(session.media[media])
    sections = [section for _, section in _names(session) if section.is_rtp]
    return bool(sections) and all(map(_holds, sections))


def _holds(section: Media) -> bool:
    connection = section.connection
    nowhere = connection is not None and connection.is_unspecified and section.port != _DISCARD_PORT
    return section.direction in ("sendonly", "inactive") or nowhere


def private_addresses(body: str | bytes | Session) -> tuple[str, ...]:
    """Return the addresses that only a part of the Internet can reach, each once, in their order.

    Those of RFC 1918, RFC 6598 (carrier-grade NAT), link-local, unique local (RFC 4193) and loopback ones, in
    ``c=``, ``a=candidate`` and ``a=rtcp`` of sections that are not rejected. The related address of a candidate
    is none of them: nothing is sent there. Names, of mDNS too, are no addresses. Raises `SdpError` where text is
    no SDP.
    """
    found: dict[str, None] = {}
    for _, section in _names(as_session(body)):
        rtcp, connection = section.rtcp, section.connection
        places = [(connection.address, connection.ip)] if connection else []
        places += [(candidate.address, candidate.ip) for candidate in section.candidates]
        places += [(rtcp.address or "", rtcp.ip)] if rtcp else []
        found |= {address: None for address, ip in places if ip is not None and is_private(ip)}
    return tuple(found)


def needs_media_proxy(body: str | bytes | Session, *, source: str | Ip | None = None) -> bool:
    """Tell whether media would not arrive without a proxy: whether the author sits behind a NAT.

    So it is where there is a private address (see `private_addresses`), or where `source`, the address from which
    the signalling came, differs from a ``c=`` address. 0.0.0.0, on hold or with trickle ICE, is no address. That
    two legs are of different kinds is another reason for a proxy: see `leg`. Raises `UsageError` where `source`
    is no IP address, `SdpError` where text is no SDP.
    """
    session = as_session(body)
    came_from = None if source is None else ip_address(str(source).strip("[]"))
    if source is not None and came_from is None:
        raise UsageError(f"no IP address: source={str(source)!r}")
    if private_addresses(session):
        return True
    if came_from is None:
        return False
    connections = (section.connection for _, section in _names(session))
    return any(it is not None and not it.is_unspecified and it.ip != came_from for it in connections)


def has_usable_candidates(body: str | bytes | Session) -> bool:
    """Tell whether every transport with ICE has a candidate that a peer elsewhere can try.

    False without ICE, too. `candidate_problems` says why. Raises `SdpError` where text is no SDP.
    """
    return not candidate_problems(body)


def candidate_problems(body: str | bytes | Session) -> tuple[str, ...]:
    """Return, for a person to read, what the candidates of a description lack; nothing where they are usable.

    A section that is not rejected has no ICE, no candidate (or none yet: trickle ICE without
    ``end-of-candidates``, RFC 8840), or none but names of mDNS, which only its own network resolves. Sections
    that are bundled share the candidates of the first of them (RFC 9143, section 7.3). Raises `SdpError` where
    text is no SDP.
    """
    session = as_session(body)
    in_use = {section.mid for _, section in _names(session)}
    bundled = set([mid for mid in session.bundle if mid in in_use][1:])
    problems = []
    for name, section in _names(session):
        candidates = section.candidates
        if section.mid is not None and section.mid in bundled:
            continue
        if section.ice_ufrag is None:
            problems.append(f"{name}: no ICE")
        elif not candidates:
            comes = "trickle" in section.ice_options and not section.end_of_candidates
            problems.append(
                f"{name}: no candidate" + (" yet: they trickle, and the end has not come" if comes else "")
            )
        elif all(candidate.is_mdns for candidate in candidates):
            problems.append(f"{name}: no candidate but names of mDNS")
    return tuple(problems) if any(_names(session)) else ("no media section in use",)


def size_on_wire(body: str | bytes | Session) -> int:
    """Return how long a description is on the wire, in bytes. Raises `SdpError` where text is no SDP."""
    return len(bytes(as_session(body)))


def fits_datagram(body: str | bytes | Session, *, headers: int = 600, limit: int = 1300) -> bool:
    """Tell whether a SIP message with this body may go over UDP.

    `limit` is what a message may have where the path's MTU is not known, 1,300 bytes (RFC 3261, section 18.1.1);
    `headers` is what the message has beside the body, in bytes. Bodies of WebRTC outgrow it: send them over TCP,
    TLS or a WebSocket, or make them smaller (`clean_for_sip`, `keep_codecs`, `drop_candidates`). Raises `SdpError`
    where text is no SDP.
    """
    return size_on_wire(body) + headers <= limit


def web_problems(body: str | bytes | Session) -> tuple[str, ...]:
    """Return, for a person to read, why a browser would refuse a description; nothing where it would not.

    Looked for in each RTP section that is not rejected: an SRTP profile, a DTLS fingerprint, ICE credentials
    (RFC 8827, section 6.5), rtcp-mux (RFC 8834, section 4.5), and a mid of its own (RFC 8829, section 5.2.1), which
    may be missing only where all sections lack it. Each problem names the flag of RTPEngine that cures it. Raises
    `SdpError` where text is no SDP.
    """
    session = as_session(body)
    problems = []
    mids = Counter(section.mid for section in session.media)
    for name, section in _names(session):
        if not section.is_rtp:
            continue
        for is_missing, what in (
            ("SAVP" not in section.protocol.upper(), f"{section.protocol}: transport_protocol='UDP/TLS/RTP/SAVPF'"),
            (not section.fingerprints, "no DTLS fingerprint: transport_protocol='UDP/TLS/RTP/SAVPF'"),
            (section.ice_ufrag is None or section.ice_pwd is None, "no ICE credentials: ice='force'"),
            (not section.rtcp_mux, "no rtcp-mux: rtcp_mux=['offer', 'require']"),
            (not section.mid and len(mids) > 1, "no mid, but others have: generate_mid=True, or sdp.set_mids"),
            (bool(section.mid) and mids[section.mid] > 1, "a mid that another section has too: each needs its own"),
        ):
            if is_missing:
                problems.append(f"{name}: {what}")
    return tuple(problems)
