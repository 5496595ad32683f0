"""ICE: remove it, set credentials and candidates, drop candidates, trickle (RFC 8839, RFC 8840).

ICE has attributes at two levels. Candidates belong to a media section. Credentials and options may belong to the
session, from which every section inherits them. ``ice-lite`` and ``ice-pacing`` belong to the session only. To
change one section while the others keep what they inherit, a helper first moves the inherited lines into all
sections, with `lower`, and then edits that section.
"""

from collections.abc import Collection, Iterable

from ...errors import UsageError
from ..candidate import ADDRESS_KINDS, Candidate, Seen, is_of_kind
from ..keys import IceCredentials
from ..media import Media
from ..session import Session
from .editing import Body, check_one_of, drop, edit, lower, put, rewrite, rewrite_at, several

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
_ALL = _INHERITED | {"candidate", "remote-candidates", "ice-mismatch", "ice-lite", "ice-pacing"}


def remove_ice(body: Body, *, media: int | None = None) -> Body:
    """Remove ICE from `body`, or from its section `media` (RFC 8839, section 5).

    Removes ``a=candidate``, ``remote-candidates``, ``end-of-candidates``, ``ice-ufrag``, ``ice-pwd``,
    ``ice-options``, ``ice-mismatch``, ``ice-lite`` and ``ice-pacing``, wherever they stand. With `media`, the
    session's ICE attributes are moved into the other sections, which keep them; its ``ice-lite``, ``ice-pacing``
    and misplaced candidates stay. Raises `SdpError`
    if the text is no SDP, `UsageError` if there is no such section.
    """
    return edit(
        body,
        lambda section: drop(section, _ALL),
        media=media,
        own=lambda own: drop(own, _ALL),
        inherited=_INHERITED,
    )


def set_ice_credentials(body: Body, *, ufrag: str, pwd: str, media: int | None = None) -> Body:
    """Set the ICE credentials of each section that is RTP or has ICE, or of the section `media`.

    Writes ``a=ice-ufrag`` and ``a=ice-pwd`` (RFC 8839, section 5.4) in place of existing ones. Without `media`, it
    also removes those of the session. `ufrag` has 4 to 256 characters and `pwd` 22 to 256: letters, digits, ``+``
    and ``/``. Raises `UsageError` if they do not, or if there is no such section; `SdpError` if the text is no SDP.
    """
    checked = IceCredentials(ufrag=ufrag, pwd=pwd)
    return edit(
        body,
        lambda section: put(put(section, "ice-ufrag", checked.ufrag), "ice-pwd", checked.pwd),
        media=media,
        only=lambda section: not section.is_rejected and (section.is_rtp or section.ice_ufrag is not None),
        own=lambda own: drop(own, {"ice-ufrag", "ice-pwd"}),
    )


def set_candidates(
    body: Body, candidates: Iterable[Candidate | str] | Candidate | str, *, media: int | None = None
) -> Body:
    """Set the candidates of each section with ICE, or of the section `media`; an empty list removes them.

    Writes one ``a=candidate`` line for each (RFC 8839, section 5.1) in place of existing ones. Each is a
    `Candidate` or the value of such a line. Raises `SdpError` if one is malformed or the text is no SDP,
    `UsageError` if there is no such section.
    """
    values = [_written(value) if isinstance(value, str) else str(value) for value in several(candidates)]
    return edit(
        body,
        lambda section: put(section, "candidate", *values),
        media=media,
        only=lambda section: not section.is_rejected and section.ice_ufrag is not None,
    )


def _written(candidate: str) -> str:
    """Return the value of the line for a candidate that is given as text. Raises `SdpError` if it is malformed."""
    Candidate.parse(candidate)
    return candidate.removeprefix("a=").removeprefix("candidate:").strip()


def drop_candidates(
    body: Body,
    *,
    type: str | Collection[str] | None = None,
    transport: str | Collection[str] | None = None,
    component: int | None = None,
    address: str | Collection[str] | None = None,
    media: int | None = None,
) -> Body:
    """Drop the candidates that fulfil all the given conditions (RFC 8839, section 5.1).

    `type` is ``host``, ``srflx``, ``prflx`` or ``relay``; `transport` is ``udp`` or ``tcp``; `component` is 1 for
    RTP or 2 for RTCP; `address` is a kind: ``private`` (RFC 1918, RFC 6598, link-local, unique local, loopback),
    ``public``, ``mdns``, ``ipv4``, ``ipv6``, ``loopback`` or ``link-local``. All but `component` may be lists, of
    which one item must apply. Removes ``a=candidate`` lines only, also misplaced ones above the first ``m=``. Of a
    line that cannot be read, each word counts as its type and its transport, and each address in it, but for the
    one behind ``raddr``, as its address. Raises `UsageError` if no condition is given, a kind is unknown, or there
    is no section `media`; `SdpError` if the text is no SDP.
    """
    types, transports, kinds = map(_set, (type, transport, address))
    if types is transports is kinds is component is None:
        raise UsageError("say which candidates to drop: type, transport, component or address")
    for kind in kinds or ():
        check_one_of(kind, ADDRESS_KINDS, "kind of address")

    def applies(value: str) -> bool:
        seen = Seen.of(value)
        return (
            (types is None or not types.isdisjoint(seen.types))
            and (transports is None or not transports.isdisjoint(seen.transports))
            and (component is None or seen.component == str(component))
            and (kinds is None or any(is_of_kind(it, kind) for it in seen.addresses for kind in kinds))
        )

    def each(section: Media) -> Media:
        return drop(section, {"candidate"}, only=applies)

    return edit(body, each, media=media, own=lambda own: drop(own, {"candidate"}, only=applies))


def _set(value: str | Collection[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset(word.lower() for word in several(value))


def set_ice_lite(body: Body, on: bool = True) -> Body:
    """Declare the author an ICE-lite agent, or, with `on` False, a full one (RFC 8839, section 5.3).

    Writes or removes the session's ``a=ice-lite``. Raises `SdpError` if the text is no SDP.
    """
    return rewrite(body, lambda session: put(session, "ice-lite", *([""] if on else [])))


def set_trickle(body: Body, on: bool = True, *, media: int | None = None) -> Body:
    """Declare trickle ICE in each section with ICE, or in the section `media`; with `on` False, remove it.

    Adds ``trickle`` to the ``a=ice-options`` (RFC 8840, section 4.1) and keeps other options; with `on` False,
    removes it, from the session's own line too, and removes a line that would be empty. Raises `SdpError` if the
    text is no SDP, `UsageError` if there is no such section.
    """

    def each(section: Media) -> Media:
        if on == ("trickle" in section.ice_options):
            return section
        options = " ".join([word for word in section.ice_options if word != "trickle"] + ["trickle"] * on)
        return put(section, "ice-options", *([options] if options else []))

    def change(session: Session, place: int | None) -> Session:
        if not on and any("trickle" in value.split() for value in session.attributes("ice-options")):
            session = lower(session, {"ice-options"})
        return edit(session, each, media=place, only=lambda section: not on or section.ice_ufrag is not None)

    return rewrite_at(body, change, media=media)


def set_end_of_candidates(body: Body, on: bool = True, *, media: int | None = None) -> Body:
    """Declare in each section with ICE, or in the section `media`, that no more candidates will follow.

    Writes ``a=end-of-candidates`` (RFC 8840, section 8.2); with `on` False, removes it, the session's too. Raises
    `SdpError` if the text is no SDP, `UsageError` if there is no such section.
    """

    def each(section: Media) -> Media:
        if on == section.end_of_candidates:
            return section
        return put(section, "end-of-candidates", *([""] if on else []))

    def change(session: Session, place: int | None) -> Session:
        if not on:
            session = lower(session, {"end-of-candidates"})
        return edit(session, each, media=place, only=lambda section: not on or section.ice_ufrag is not None)

    return rewrite_at(body, change, media=media)
