"""mid and BUNDLE: named sections, and sections that share one transport (RFC 5888, RFC 9143)."""

from collections.abc import Iterable

from ...errors import UsageError
from ..media import Media
from ..session import Session
from ..values import Group
from .editing import Body, drop, edit, put, rewrite, several

__all__ = ["remove_bundle", "set_bundle", "set_mids"]


def is_bundle(value: str) -> bool:
    """Return whether `value`, of an ``a=group`` line, is that of a BUNDLE group."""
    return value.split()[:1] == ["BUNDLE"]


def set_mids(body: Body) -> Body:
    """Give an ``a=mid`` to each section that has none: the smallest free number (RFC 5888, section 4).

    Raises `SdpError` if the text is no SDP.
    """

    def change(session: Session) -> Session:
        taken = {media.mid for media in session.media}
        # Of twice as many numbers as sections, at least as many as sections are free.
        free = (str(number) for number in range(2 * len(session.media) + 1) if str(number) not in taken)
        return edit(
            session,
            lambda section: put(section, "mid", next(free)),
            media=None,
            only=lambda section: not section.mid,
        )

    return rewrite(body, change)


def set_bundle(body: Body, mids: Iterable[str] | None = None) -> Body:
    """Put sections on one transport (RFC 9143, section 7): those with these `mids`, or all that are not rejected.

    Writes the session's ``a=group:BUNDLE`` line in place of an existing one; other groups stay. Raises `UsageError`
    if a section has no mid (`set_mids` gives it one) or a given mid belongs to no section, `SdpError` if the text
    is no SDP.
    """

    def change(session: Session) -> Session:
        known = [media.mid for media in session.media if not media.is_rejected]
        wanted = known if mids is None else several(mids)
        for index, mid in enumerate(known):
            if not mid and mids is None:
                raise UsageError(f"section {index} of those to bundle has no mid; set_mids gives it one")
        if unknown := [mid for mid in wanted if mid not in known]:
            raise UsageError(f"no section has the mid {unknown[0]!r}; there are {', '.join(map(str, known))}")
        if not wanted:
            raise UsageError("there is no section to bundle")
        line = str(Group(semantics="BUNDLE", mids=tuple(mid for mid in wanted if mid)))
        groups = session.attributes("group")
        at = next((index for index, value in enumerate(groups) if is_bundle(value)), len(groups))
        others = [value for value in groups if not is_bundle(value)]
        return put(session, "group", *others[:at], line, *others[at:])

    return rewrite(body, change)


def remove_bundle(body: Body) -> Body:
    """Give each section a transport of its own, without BUNDLE (RFC 9143).

    Removes the session's ``a=group:BUNDLE`` lines and each section's ``a=bundle-only``; mids and other groups
    stay. Raises `SdpError` if the text is no SDP.
    """
    return edit(
        body,
        lambda section: drop(section, {"bundle-only"}),
        media=None,
        own=lambda own: drop(own, {"group"}, only=is_bundle),
    )


def leave_bundle(session: Session, section: Media) -> Session:
    """Return the session without this section's mid in its BUNDLE groups (RFC 9143, section 7.5.3)."""
    values = session.attributes("group")
    kept = [
        " ".join(word for word in value.split() if word != section.mid) if is_bundle(value) else value
        for value in values
    ]
    # A group without a mid is removed: it would name no section.
    return put(session, "group", *(value for value in kept if value != "BUNDLE"))
