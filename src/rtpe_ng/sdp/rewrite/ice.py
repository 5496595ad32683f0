"""ICE: take it out, put one's own in, and choose among candidates (RFC 8839, RFC 8840)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ...errors import SdpError, UsageError
from ..addresses import KINDS, is_of_kind
from ..candidate import Candidate
from ..media import Media
from ..session import Session
from .editing import Body, check_one_of, drop, edit, lower, put, rewrite, several

__all__ = [
    "drop_candidates",
    "remove_ice",
    "set_candidates",
    "set_end_of_candidates",
    "set_ice_credentials",
    "set_ice_lite",
    "set_trickle",
]

_INHERITED = frozenset({"ice-ufrag", "ice-pwd", "ice-options", "end-of-candidates"})
_OF_SECTION = _INHERITED | {"candidate", "remote-candidates", "ice-mismatch"}
_OF_SESSION = _OF_SECTION | {"ice-lite", "ice-pacing"}
_ICE_CHARS = re.compile(r"[A-Za-z0-9+/]*", re.ASCII)


def remove_ice(body: Body, *, media: int | None = None) -> Body:
    """Take ICE out of `body`, or of its section `media` (RFC 8839, section 5).

    Removes ``a=candidate``, ``remote-candidates``, ``end-of-candidates``, ``ice-ufrag``, ``ice-pwd``,
    ``ice-options`` and ``ice-mismatch``; from the whole body also the session's ``ice-lite`` and ``ice-pacing``.
    With `media`, what the session says of ICE is moved into the other sections, which keep it. Raises `SdpError`
    where text is no SDP, `UsageError` where there is no such section.
    """

    def change(session: Session) -> Session:
        if media is not None:
            session = lower(session, _INHERITED)
        return edit(session, lambda it: drop(it, _OF_SECTION), media=media, own=lambda it: drop(it, _OF_SESSION))

    return rewrite(body, change)


def set_ice_credentials(body: Body, *, ufrag: str, pwd: str, media: int | None = None) -> Body:
    """Put one's own ICE credentials into each section of RTP or with ICE, or into the section `media`.

    Writes ``a=ice-ufrag`` and ``a=ice-pwd`` (RFC 8839, section 5.4), in the place of those that were there; the
    session's own are removed where all sections get them. `ufrag` has 4 to 256 characters, `pwd` 22 to 256, of
    letters, digits, ``+`` and ``/``. Raises `UsageError` where they have not, or where there is no such section;
    `SdpError` where text is no SDP.
    """
    for name, value, least in (("ufrag", ufrag, 4), ("pwd", pwd, 22)):
        if not (isinstance(value, str) and least <= len(value) <= 256 and _ICE_CHARS.fullmatch(value)):
            raise UsageError(f"{name} must have {least} to 256 letters, digits, '+' or '/' (RFC 8839, section 5.4)")

    def each(section: Media) -> Media:
        return put(put(section, "ice-ufrag", ufrag), "ice-pwd", pwd)

    return rewrite(
        body,
        lambda session: edit(
            session,
            each,
            media=media,
            only=lambda it: not it.is_rejected and (it.is_rtp or it.ice_ufrag is not None),
            own=lambda it: drop(it, {"ice-ufrag", "ice-pwd"}),
        ),
    )


def set_candidates(
    body: Body, candidates: Iterable[Candidate | str] | Candidate | str, *, media: int | None = None
) -> Body:
    """Put one's own candidates into each section with ICE, or into the section `media`; none takes them out.

    Writes one ``a=candidate`` line for each (RFC 8839, section 5.1) in the place of those that were there; each
    is a `Candidate` or the value of such a line. Raises `SdpError` where one is malformed or text is no SDP,
    `UsageError` where there is no such section.
    """
    values = [str(Candidate.parse(it) if isinstance(it, str) else it) for it in several(candidates)]
    return rewrite(
        body,
        lambda session: edit(
            session,
            lambda section: put(section, "candidate", *values),
            media=media,
            only=lambda section: not section.is_rejected and section.ice_ufrag is not None,
        ),
    )


def drop_candidates(
    body: Body,
    *,
    type: str | Collection[str] | None = None,
    transport: str | Collection[str] | None = None,
    component: int | None = None,
    address: str | Collection[str] | None = None,
    media: int | None = None,
) -> Body:
    """Drop the candidates to which everything that is given applies (RFC 8839, section 5.1).

    `type` is ``host``, ``srflx``, ``prflx`` or ``relay``; `transport` is ``udp`` or ``tcp``; `component` is 1 for
    RTP or 2 for RTCP; `address` is a kind: ``private`` (RFC 1918, RFC 6598, link-local, unique local, loopback),
    ``public``, ``mdns``, ``ipv4``, ``ipv6``, ``loopback`` or ``link-local``. Of each but `component`, several may
    be given. Removes ``a=candidate`` lines and nothing else; a malformed one stays. Raises `UsageError` where
    nothing is given, a kind is unknown, or there is no section `media`; `SdpError` where text is no SDP.
    """
    types, transports, kinds = map(_set, (type, transport, address))
    if types is transports is kinds is component is None:
        raise UsageError("say which candidates to drop: type, transport, component or address")
    for kind in kinds or ():
        check_one_of(kind, KINDS, "kind of address")

    def applies(value: str) -> bool:
        try:
            candidate = Candidate.parse(value)
        except SdpError:
            return False
        return (
            (types is None or candidate.type.lower() in types)
            and (transports is None or candidate.transport.lower() in transports)
            and (component is None or candidate.component == component)
            and (kinds is None or any(is_of_kind(candidate, kind) for kind in kinds))
        )

    return rewrite(
        body, lambda session: edit(session, lambda it: drop(it, {"candidate"}, only=applies), media=media)
    )


def _set(value: str | Collection[str] | None) -> frozenset[str] | None:
    if value is None:
        return None
    return frozenset({value.lower()} if isinstance(value, str) else (it.lower() for it in value))


def set_ice_lite(body: Body, on: bool = True) -> Body:
    """Say that the author is an ICE-lite agent, or with `on` False that it is not (RFC 8839, section 5.3).

    Writes or removes the session's ``a=ice-lite``. Raises `SdpError` where text is no SDP.
    """
    return rewrite(body, lambda session: put(session, "ice-lite", *([""] if on else [])))


def set_trickle(body: Body, on: bool = True, *, media: int | None = None) -> Body:
    """Offer trickle ICE in each section with ICE, or in the section `media`; with `on` False take it back.

    Writes ``trickle`` among the ``a=ice-options`` (RFC 8840, section 4.1), and leaves other options; a line that
    would be empty is removed. To take it back, the session's own line loses the option too. Raises `SdpError`
    where text is no SDP, `UsageError` where there is no such section.
    """

    def each(section: Media) -> Media:
        if on == ("trickle" in section.ice_options):
            return section
        options = " ".join([it for it in section.ice_options if it != "trickle"] + ["trickle"] * on)
        return put(section, "ice-options", *([options] if options else []))

    def change(session: Session) -> Session:
        if not on and any("trickle" in value.split() for value in session.attributes("ice-options")):
            session = lower(session, {"ice-options"})
        return edit(session, each, media=media, only=lambda it: not on or it.ice_ufrag is not None)

    return rewrite(body, change)


def set_end_of_candidates(body: Body, on: bool = True, *, media: int | None = None) -> Body:
    """Say in each section with ICE, or in the section `media`, that no more candidates will come.

    Writes ``a=end-of-candidates`` (RFC 8840, section 8.2); with `on` False removes it, the session's own too.
    Raises `SdpError` where text is no SDP, `UsageError` where there is no such section.
    """

    def each(section: Media) -> Media:
        if on == section.end_of_candidates:
            return section
        return put(section, "end-of-candidates", *([""] if on else []))

    def change(session: Session) -> Session:
        if not on:
            session = lower(session, {"end-of-candidates"})
        return edit(session, each, media=media, only=lambda it: not on or it.ice_ufrag is not None)

    return rewrite(body, change)
