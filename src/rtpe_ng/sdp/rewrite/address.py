"""The o=, c= and m= lines: session version, connection address, port, rejected sections (RFC 8866, RFC 3264)."""

from typing import TypeVar

import attrs

from ...errors import UsageError
from ..lines import read_each
from ..media import Media
from ..session import Session
from ..values import Connection, ip_address
from .bundle import leave_bundle
from .editing import Body, amend, drop, edit, insert, put, put_port, put_words, replace, rewrite, rewrite_at

__all__ = ["reject_media", "set_connection", "set_port", "set_session_version"]


def set_session_version(body: Body, version: int) -> Body:
    """Set the version in the ``o=`` line (RFC 8866, section 5.2), 0 to 2**63 - 1.

    If you write a re-offer or a changed answer of your own, raise the version by one over the one that you sent
    before (RFC 3264, section 8): ``int(session.origin.session_version) + 1``. Raises `UsageError` if `version` is
    out of range or the body has no readable ``o=`` line, `SdpError` if the text is no SDP.
    """
    if not isinstance(version, int) or not 0 <= version < 2**63:
        raise UsageError(f"no version: {version!r}; 0 to 2**63 - 1 are")

    def change(session: Session) -> Session:
        if session.origin is None:
            raise UsageError("the body has no o= line that can be read, and so no version")
        if session.origin.session_version == str(version):
            return session
        index = next(index for index, line in enumerate(session.lines) if line.startswith("o="))
        return replace(session, index, f"o={attrs.evolve(session.origin, session_version=str(version))}")

    return rewrite(body, change)


def set_connection(body: Body, address: str, *, media: int | None = None) -> Body:
    """Set the address for media, in every ``c=`` line or in the section `media` only.

    `address` is an IP address. Writes the ``c=`` lines of the session and of each section (RFC 8866, section 5.7).
    A section gets one if neither it nor the session has any; the section `media` always gets one. ``o=``,
    candidates and ``a=rtcp`` stay. Raises `UsageError` if `address` is no IP address or there is no section
    `media`, `SdpError` if the text is no SDP.
    """
    ip = ip_address(address)
    if ip is None:
        raise UsageError(f"no IP address: {address!r}")
    wanted = Connection(address=address, address_type=f"IP{6 if ':' in address else 4}")

    def each(section: Media) -> Media:
        if not section.values("c") and (media is not None or section.connection is None):
            # After m= and i=, before b= and a= (RFC 8866, section 9).
            after = (index for index, text in enumerate(section.lines) if text[0] not in "mi")
            return insert(section, next(after, len(section.lines)), f"c={wanted}")
        return _connected(section, wanted)

    return edit(body, each, media=media, own=lambda session: _connected(session, wanted))


_Lines = TypeVar("_Lines", Media, Session)


def _connected(section: _Lines, wanted: Connection) -> _Lines:
    """Return the section with this address in each ``c=`` line. What stands behind the address stays."""

    def each(line: str) -> str:
        if not line.startswith("c="):
            return line
        before = next(iter(read_each(Connection.parse, [line[2:]])), wanted)
        after = attrs.evolve(wanted, rest=before.rest)
        return line if after == before else f"c={after}"

    return amend(section, each)


def set_port(body: Body, port: int, *, media: int) -> Body:
    """Set the port of the section `media`, 1 to 65535.

    Writes the port of the ``m=`` line (RFC 8866, section 5.14) and keeps the number of ports. An ``a=rtcp`` with
    the same port, or the one above, moves along (RFC 3605). For port 0, see `reject_media`. Raises `UsageError` if
    `port` is out of range or there is no section `media`, `SdpError` if the text is no SDP.
    """
    if not isinstance(port, int) or not 1 <= port <= 65535:
        raise UsageError(f"no port: {port!r}; 1 to 65535 are, and reject_media sets 0")

    def each(section: Media) -> Media:
        rtcp, before = section.rtcp, section.port
        section = put_port(section, port)
        # Any other a=rtcp belongs to a port that this call does not move.
        if rtcp is not None and 0 <= rtcp.port - before <= 1 and before and port + 1 <= 65535:
            section = put(section, "rtcp", str(attrs.evolve(rtcp, port=port + rtcp.port - before)))
        return section

    return edit(body, each, media=media)


def reject_media(body: Body, *, media: int) -> Body:
    """Reject the section `media` of an offer, or end it (RFC 3264, sections 6 and 8.2).

    Writes port 0 and keeps the section, because the places of sections must not change. Removes its mid from the
    BUNDLE group (RFC 9143, section 7.5.3), and ``a=bundle-only``, with which port 0 would not mean rejected. Raises
    `UsageError` if there is no section `media`, `SdpError` if the text is no SDP.
    """

    def change(session: Session, place: int | None) -> Session:
        session = edit(session, lambda section: drop(put_words(section, 1, "0"), {"bundle-only"}), media=place)
        return leave_bundle(session, session.media[place or 0])

    return rewrite_at(body, change, media=media)
