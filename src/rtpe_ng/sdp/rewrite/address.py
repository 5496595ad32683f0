"""Where media goes: connection address, port, and sections that are rejected (RFC 8866, RFC 3264)."""

from __future__ import annotations

import attrs

from ...errors import UsageError
from ..media import Media
from ..session import Session
from ..values import Connection, ip_address
from .bundle import leave_bundle
from .editing import Body, drop, edit, insert, put, put_words, replace, rewrite

__all__ = ["reject_media", "set_connection", "set_port"]


def set_connection(body: Body, address: str, *, media: int | None = None) -> Body:
    """Set the address to which media is to be sent, in every ``c=`` line, or for the section `media`.

    `address` is an IP address. Writes the session's and each section's ``c=`` (RFC 8866, section 5.7); a section
    for which there is none gets one. ``o=``, candidates and ``a=rtcp`` stay. Raises `UsageError` where it is no
    address or there is no such section, `SdpError` where text is no SDP.
    """
    ip = ip_address(address)
    if ip is None:
        raise UsageError(f"no IP address: {address!r}")
    line = "c=" + str(Connection(address=address, address_type=f"IP{6 if ':' in address else 4}"))

    def own(session: Session) -> Session:
        for index in _connections(session.lines):
            session = replace(session, index, line)
        return session

    def each(section: Media) -> Media:
        places = _connections(section.lines)
        if not places and (media is not None or section.connection is None):
            # Behind m= and i=, before b= and a= (RFC 8866, section 9).
            at = next(
                (i for i, it in enumerate(section.lines[1:], 1) if not it.startswith("i=")), len(section.lines)
            )
            return insert(section, at, line)
        for index in places:
            section = replace(section, index, line)
        return section

    return rewrite(body, lambda session: edit(session, each, media=media, own=own))


def _connections(lines: tuple[str, ...]) -> list[int]:
    return [index for index, line in enumerate(lines) if line.startswith("c=")]


def set_port(body: Body, port: int, *, media: int) -> Body:
    """Set the port of the section `media`, 1 to 65535.

    Writes the port of the ``m=`` line (RFC 8866, section 5.14), leaving a number of ports as it is. An ``a=rtcp``
    that says the same port, or the one above, follows (RFC 3605). Raises `UsageError` where it is no port or
    there is no such section, `SdpError` where text is no SDP. See `reject_media` for port 0.
    """
    if not isinstance(port, int) or not 1 <= port <= 65535:
        raise UsageError(f"no port: {port!r}; 1 to 65535 are, and reject_media sets 0")

    def each(section: Media) -> Media:
        rtcp, before = section.rtcp, section.port
        count = f"/{section.port_count}" if section.port_count != 1 else ""
        section = put_words(section, 1, f"{port}{count}")
        if rtcp is not None and 0 <= rtcp.port - before <= 1 and before and port + 1 <= 65535:
            section = put(section, "rtcp", str(attrs.evolve(rtcp, port=port + rtcp.port - before)))
        return section

    return rewrite(body, lambda session: edit(session, each, media=media))


def reject_media(body: Body, *, media: int) -> Body:
    """Reject the section `media` of an offer, or give it up (RFC 3264, section 6 and 8.2).

    Writes port 0 and keeps the section, whose place must not change; removes its mid from the BUNDLE group
    (RFC 9143, section 7.5.3) and ``a=bundle-only``, which would turn port 0 into something else. Raises
    `UsageError` where there is no such section, `SdpError` where text is no SDP.
    """

    def change(session: Session) -> Session:
        session = edit(session, lambda it: drop(put_words(it, 1, "0"), {"bundle-only"}), media=media)
        return leave_bundle(session, session.media[media])

    return rewrite(body, change)
