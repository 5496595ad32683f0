"""mid and BUNDLE: named sections, and sections that share one transport (RFC 5888, RFC 9143)."""

from collections.abc import Iterable

from ...errors import UsageError
from ..lines import attribute_of
from ..media import Media
from ..session import Session, as_session
from ..values import Group
from .editing import Body, amend, drop, edit, insert, put, rewrite, several

__all__ = ["remove_bundle", "set_bundle", "set_mids"]


def is_bundle(value: str) -> bool:
    """Return whether `value`, of an ``a=group`` line, is that of a BUNDLE group."""
    return value.split()[:1] == ["BUNDLE"]


def set_mids(body: Body) -> Body:
    """Give an ``a=mid`` to each section that has none: the smallest free number (RFC 5888, section 4).

    Raises `SdpError` if the text is no SDP.
    """
    session = as_session(body)
    taken = {media.mid for media in session.media}
    # Of twice as many numbers as sections, at least as many as sections are free.
    free = (str(number) for number in range(2 * len(session.media) + 1) if str(number) not in taken)
    return edit(
        body,
        lambda section: put(section, "mid", next(free)),
        media=None,
        only=lambda section: not section.mid,
    )


def set_bundle(body: Body, mids: Iterable[str] | None = None) -> Body:
    """Put sections on one transport (RFC 9143, section 7): those with these `mids`, or all that are not rejected.

    Writes the session's ``a=group:BUNDLE`` line in place of an existing one; other groups stay. Raises `UsageError`
    if a section has no mid (`set_mids` gives it one) or a given mid belongs to no section, `SdpError` if the text
    is no SDP.
    """
    session = as_session(body)
    known = [media.mid for media in session.media if not media.is_rejected]
    for index, mid in enumerate(known):
        if not mid and mids is None:
            raise UsageError(f"section {index} of those to bundle has no mid; set_mids gives it one")
    wanted = dict.fromkeys(known if mids is None else several(mids))
    there = set(known)
    if unknown := [mid for mid in wanted if mid not in there]:
        raise UsageError(f"no section has the mid {unknown[0]!r}; there are {', '.join(map(str, known))}")
    if not wanted:
        raise UsageError("there is no section to bundle")

    def change(session: Session) -> Session:
        own = {media.mid for media in session.media if not media.is_rejected}
        group = str(Group(semantics="BUNDLE", mids=tuple(mid for mid in wanted if mid and mid in own)))
        return _put_bundle(session, group) if own.intersection(wanted) else session

    return rewrite(body, change)


def _put_bundle(session: Session, group: str) -> Session:
    values = session.attributes("group")
    if not any(map(is_bundle, values)):
        places = [index for index, line in enumerate(session.lines) if attribute_of(line)[0] == "group"]
        return insert(session, places[-1] + 1 if places else len(session.lines), f"a=group:{group}")
    # Of several, one is left.
    instead = iter([group])

    def each(line: str) -> str | None:
        name, value = attribute_of(line)
        if name != "group" or not is_bundle(value):
            return line
        mine = next(instead, None)
        return line if mine == value else mine and f"a=group:{mine}"

    return amend(session, each)


def remove_bundle(body: Body) -> Body:
    """Give each section a transport of its own, without BUNDLE (RFC 9143).

    Removes the ``a=group:BUNDLE`` lines, also misplaced ones in sections, and each section's ``a=bundle-only``;
    mids and other groups stay. Raises `SdpError` if the text is no SDP.
    """
    return edit(
        body,
        lambda section: drop(drop(section, {"bundle-only"}), {"group"}, only=is_bundle),
        media=None,
        own=lambda own: drop(own, {"group"}, only=is_bundle),
    )


def leave_bundle(session: Session, section: Media) -> Session:
    """Return the session without this section's mid in its BUNDLE groups (RFC 9143, section 7.5.3)."""

    def each(line: str) -> str | None:
        name, value = attribute_of(line)
        words = value.split()
        if name != "group" or not is_bundle(value) or section.mid not in words[1:]:
            return line
        kept = [word for word in words[1:] if word != section.mid]
        # A group without a mid is removed: it would name no section.
        return f"a=group:{' '.join(['BUNDLE', *kept])}" if kept else None

    return amend(session, each)
