"""Questions about a description: kind of leg, hold, reachable addresses, candidates and size.

Nothing here changes a body. Rejected sections (port 0 without ``bundle-only``) do not count: they carry no media,
and what they say no longer matters. Answers for people, such as those of `candidate_problems`, name the section by
its type and index.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..errors import UsageError
from ..legs import Leg
from .candidate import Seen, ip_in, shown_in
from .lines import Section
from .media import Media
from .session import Session, as_session, bundle_of, no_such_section
from .values import Ip, ip_address, is_private

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
]

_DISCARD_PORT = 9
"""The port that stands for "not known yet" in trickle ICE (RFC 8840, section 4.1.1)."""


def in_use(session: Session) -> Iterator[tuple[str, Media]]:
    """Yield the name and the section of all that are not rejected."""
    for index, section in enumerate(session.media):
        if not section.is_rejected:
            yield f"{section.type} {index}", section


class LegFound(NamedTuple):
    """The kind of leg that a description belongs to, and the reason."""

    leg: Leg
    """The kind of leg."""
    reason: str
    """For people, such as ``audio 0 is RTP/AVP``."""


def leg(body: str | bytes | Session) -> LegFound:
    """Return the kind of leg that a description comes from or goes to, and the reason.

    It is ``Leg.WEB`` if a section that is not rejected has ICE (RFC 8839), a DTLS fingerprint (RFC 8122) and SRTP
    or SCTP over DTLS. WebRTC demands all of these (RFC 8827, section 6.5; RFC 8834), and phones seldom have them.
    Otherwise it is ``Leg.SIP``. Raises `SdpError` if the text is no SDP.
    """
    reasons = []
    for name, section in in_use(as_session(body)):
        protocol = section.protocol.upper()
        lacks = ["ICE"] * (section.ice_ufrag is None) + ["DTLS"] * (not section.effective("fingerprint"))
        if not lacks and ("SAVP" in protocol or "DTLS" in protocol):
            return LegFound(Leg.WEB, f"{name} is {section.protocol} with ICE and a DTLS fingerprint")
        without = f" without {' and '.join(lacks)}" if lacks else ""
        reasons.append(f"{name} is {section.protocol}{without}")
    return LegFound(Leg.SIP, "; ".join(reasons) or "it has no media section in use")


def is_webrtc(body: str | bytes | Session) -> bool:
    """Return whether a description is that of a WebRTC endpoint: whether its `leg` is ``Leg.WEB``.

    Raises `SdpError` if the text is no SDP.
    """
    return leg(body).leg is Leg.WEB


def is_on_hold(body: str | bytes | Session, *, media: int | None = None) -> bool:
    """Return whether the author puts the other party on hold (RFC 3264, section 8.4).

    True if every RTP section that is not rejected, or the section with the index `media`, is ``sendonly`` or
    ``inactive``, or has the address 0.0.0.0, which is how RFC 2543 wrote hold. 0.0.0.0 with port 9 is trickle ICE
    and not hold (RFC 8840, section 4.1.1). ``recvonly`` is not hold either: it is the answer of a party that was
    put on hold. False if there is no such section. Raises `SdpError` if the text is no SDP, `UsageError` if there
    is no section `media`.
    """
    session = as_session(body)
    if media is not None:
        if not 0 <= media < len(session.media):
            raise no_such_section(session, media)
        return _holds(session.media[media])
    sections = [section for _, section in in_use(session) if section.is_rtp]
    return bool(sections) and all(map(_holds, sections))


def _holds(section: Media) -> bool:
    connection = section.connection
    # Trickle ICE writes 0.0.0.0 with port 9 before an address is known.
    nowhere = connection is not None and connection.is_unspecified and section.port != _DISCARD_PORT
    return section.direction in ("sendonly", "inactive") or nowhere


def private_addresses(body: str | bytes | Session) -> tuple[str, ...]:
    """Return the addresses that can be reached from a part of the Internet only, each once, in their order.

    These are addresses of RFC 1918, RFC 6598 (carrier-grade NAT), link-local, unique local (RFC 4193) and loopback
    addresses, in ``c=``, ``a=candidate`` and ``a=rtcp`` of sections that are not rejected. Of a line that cannot be
    read, each word counts that is an address. The related address of a candidate does not count, because nothing is
    sent there. Names do not count, including those of mDNS. Raises `SdpError` if the text is no SDP.
    """
    # A dictionary keeps the order and each address once.
    shown: dict[str, None] = {}
    above: Section | None = None
    for _, section in in_use(as_session(body)):
        connection = section.connection
        shown |= {connection.address: None} if connection else {}
        shown |= dict.fromkeys(it for value in section.values("c") for it in shown_in(value.split()))
        values = section.attributes("candidate")
        if section.above is not above:
            # Candidates do not belong there, but they show their addresses as well.
            above = section.above
            values = (*above.attributes("candidate"), *values)
        for value in values:
            shown |= dict.fromkeys(Seen.of(value).addresses)
        shown |= dict.fromkeys(it for value in section.attributes("rtcp") for it in shown_in(value.split()))
    return tuple(address for address in shown if (ip := ip_in(address)) is not None and is_private(ip))


def needs_media_proxy(body: str | bytes | Session, *, source: str | Ip | None = None) -> bool:
    """Return whether media needs a proxy because the author is behind a NAT.

    True if there is a private address (see `private_addresses`), or if `source`, the address that the signalling
    came from, differs from a ``c=`` address. The address 0.0.0.0, used for hold and trickle ICE, is ignored. Two
    legs of different kinds are another reason for a proxy: see `leg`. Raises `UsageError` if `source` is no IP
    address, `SdpError` if the text is no SDP.
    """
    session = as_session(body)
    came_from = None if source is None else ip_address(str(source).strip("[]"))
    if source is not None and came_from is None:
        raise UsageError(f"no IP address: source={str(source)!r}")
    if private_addresses(session):
        return True
    if came_from is None:
        return False
    connections = (section.connection for _, section in in_use(session))
    return any(it is not None and not it.is_unspecified and it.ip != came_from for it in connections)


def has_usable_candidates(body: str | bytes | Session) -> bool:
    """Return whether every transport has a candidate that a peer in another network can try.

    False without ICE. `candidate_problems` gives the reasons. Raises `SdpError` if the text is no SDP.
    """
    return not candidate_problems(body)


def candidate_problems(body: str | bytes | Session) -> tuple[str, ...]:
    """Return, for people, why peers cannot use the candidates of a description; empty if they can.

    The reasons are that a section that is not rejected has no ICE, has no candidate that can be read (or has none
    yet: trickle ICE without ``end-of-candidates``, RFC 8840), or has only candidates with names of mDNS, which can
    be resolved in their own network only. Bundled sections share the candidates of the first of them (RFC 9143,
    section 7.3). Raises `SdpError` if the text is no SDP.
    """
    session = as_session(body)
    present = {(id(section.above), section.mid) for _, section in in_use(session)}
    bundled: set[str] = set()
    above: Section | None = None
    problems = []
    for name, section in in_use(session):
        candidates = section.candidates
        if section.above is not above:
            above = section.above
            # The first section of the group that is in use carries the candidates for all others.
            bundled = set([mid for mid in bundle_of(above) if (id(above), mid) in present][1:])
        if section.mid is not None and section.mid in bundled:
            continue
        if section.ice_ufrag is None:
            problems.append(f"{name}: no ICE")
        elif not candidates and section.has("candidate"):
            problems.append(f"{name}: no candidate that can be read")
        elif not candidates:
            comes = "trickle" in section.ice_options and not section.end_of_candidates
            problems.append(
                f"{name}: no candidate" + (" yet: they trickle, and the end has not come" if comes else "")
            )
        elif all(candidate.is_mdns for candidate in candidates):
            problems.append(f"{name}: no candidate but names of mDNS")
    return tuple(problems) if any(in_use(session)) else ("no media section in use",)


def size_on_wire(body: str | bytes | Session) -> int:
    """Return the length of a description on the wire, in bytes. Raises `SdpError` if the text is no SDP."""
    return len(bytes(as_session(body)))


def fits_datagram(body: str | bytes | Session, *, headers: int = 600, limit: int = 1300) -> bool:
    """Return whether a SIP message with this body may be sent over UDP.

    `limit` is the greatest length of the message, in bytes: 1,300 if the MTU of the path is not known (RFC 3261,
    section 18.1.1). `headers` is the length of everything but the body, in bytes. WebRTC bodies usually exceed the
    limit: send them over TCP, TLS or a WebSocket, or shorten them (`clean_for_sip`, `keep_codecs`,
    `drop_candidates`). Raises `SdpError` if the text is no SDP.
    """
    return size_on_wire(body) + headers <= limit
