"""Which way media flows: hold and resume (RFC 3264, section 8.4; RFC 8866, section 6.7)."""

from collections.abc import Mapping

from ..lines import attribute_of
from ..media import Media
from ..values import DIRECTIONS
from .editing import Body, append, check_one_of, drop, edit, replace

__all__ = ["hold", "resume", "set_direction"]


def set_direction(body: Body, direction: str, *, media: int | None = None) -> Body:
    """Set which way media flows, as seen by the author, in each RTP section or in the section `media`.

    `direction` is ``sendrecv``, ``sendonly``, ``recvonly`` or ``inactive`` (RFC 8866, section 6.7). Replaces the
    section's own attribute or adds one, which overrides the session's; a section that already has this direction is
    left alone. Raises `UsageError` if the direction is unknown or there is no section `media`, `SdpError` if the
    text is no SDP.
    """
    check_one_of(direction, DIRECTIONS, "direction")
    return _turn(body, dict.fromkeys(DIRECTIONS, direction), media)


def hold(body: Body, *, media: int | None = None) -> Body:
    """Put the other party on hold: the author no longer listens (RFC 3264, section 8.4).

    ``sendrecv`` becomes ``sendonly`` and ``recvonly`` becomes ``inactive``, in each RTP section or in the section
    `media`. Raises as `set_direction` does.
    """
    return _turn(body, {"sendrecv": "sendonly", "recvonly": "inactive"}, media)


def resume(body: Body, *, media: int | None = None) -> Body:
    """Take the other party off hold: the author listens again (RFC 3264, section 8.4).

    ``sendonly`` becomes ``sendrecv`` and ``inactive`` becomes ``recvonly``, in each RTP section or in the section
    `media`. Raises as `set_direction` does.
    """
    return _turn(body, {"sendonly": "sendrecv", "inactive": "recvonly"}, media)


def _turn(body: Body, changes: Mapping[str, str], media: int | None) -> Body:
    def each(section: Media) -> Media:
        wanted = changes.get(section.direction, section.direction)
        if wanted == section.direction:
            return section
        own = [index for index, line in enumerate(section.lines) if attribute_of(line)[0] in DIRECTIONS]
        if not own:
            return append(section, f"a={wanted}")
        # A section may have several by mistake; any other one would contradict the new one.
        section = replace(section, own[0], f"a={wanted}")
        return drop(section, set(DIRECTIONS) - {wanted})

    return edit(body, each, media=media, only=lambda section: section.is_rtp)
