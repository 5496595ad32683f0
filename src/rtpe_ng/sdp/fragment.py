"""Trickle ICE: fragments of a description that carry further candidates (RFC 8840, section 9)."""

from collections.abc import Collection

import attrs

from ..errors import UsageError
from .lines import split_lines
from .media import Media
from .rewrite.editing import Body, append, edit, put, rewrite
from .rewrite.ice import set_end_of_candidates
from .session import SdpBody, Session, as_session, sections

__all__ = ["Fragment", "apply_fragment", "fragment_of", "parse_fragment"]


@attrs.frozen(kw_only=True, repr=False)
class Fragment(SdpBody):
    """The body of an ``application/trickle-ice-sdpfrag`` (RFC 8840, section 9). `str` returns that body.

    Its media sections begin with pseudo ``m=`` lines; the mid names the section of the description that is meant.
    """

    def __repr__(self) -> str:
        counts = (f"mid {media.mid}: {len(media.candidates)} candidates" for media in self.media)
        return f"<Fragment {', '.join(counts) or 'without media'}>"


def parse_fragment(body: str | bytes) -> Fragment:
    """Read a trickle ICE fragment (RFC 8840, section 9) without losing a byte.

    Raises `SdpError`, with the number and the text of the line, if a line is not ``type=value`` or an ``m=`` line
    is malformed.
    """
    lines, trailer = split_lines(body)
    above, media = sections(lines)
    return Fragment(lines=above, media=media, trailer=trailer)


def apply_fragment(body: Body, fragment: Fragment | str | bytes) -> Body:
    """Add the candidates of a fragment to the sections of `body` that its mids name.

    Candidates that are already there are not added again; ``a=end-of-candidates`` is taken over (RFC 8840, section
    8.2). Raises `UsageError` if no section has a mid of the fragment, or if the user name fragment differs from
    that of the section, because the fragment then belongs to an earlier or later ICE generation (RFC 8840, section
    4.3.2); `SdpError` if `body` or the fragment cannot be read.
    """
    parsed = fragment if isinstance(fragment, Fragment) else parse_fragment(fragment)

    def change(session: Session) -> Session:
        pseudos = _by_mid(session, parsed.media)
        session = edit(session, lambda media: _with_candidates(media, pseudos.get(media.mid, ())), media=None)
        return set_end_of_candidates(session) if parsed.has("end-of-candidates") else session

    return rewrite(body, change)


def _by_mid(session: Session, pseudos: tuple[Media, ...]) -> dict[str | None, list[Media]]:
    """Return the pseudo sections by the mid of the section that they belong to."""
    # Reversed, so that the first of several sections with one mid counts.
    known = {section.mid: (index, section) for index, section in reversed([*enumerate(session.media)])}
    by_mid: dict[str | None, list[Media]] = {}
    for pseudo in pseudos:
        if not pseudo.mid or pseudo.mid not in known:
            raise UsageError(f"no section has the mid {pseudo.mid!r} that the fragment speaks of")
        index, section = known[pseudo.mid]
        # Candidates of another generation must not be mixed in: connectivity checks with them would fail.
        if pseudo.ice_ufrag not in (None, section.ice_ufrag):
            raise UsageError(
                f"the fragment is of another ICE generation: its ice-ufrag is {pseudo.ice_ufrag!r}, "
                f"that of {section.type} {index} is {section.ice_ufrag!r}"
            )
        by_mid.setdefault(pseudo.mid, []).append(pseudo)
    return by_mid


def _with_candidates(section: Media, pseudos: Collection[Media]) -> Media:
    known = set(section.attributes("candidate"))
    values = dict.fromkeys(value for pseudo in pseudos for value in pseudo.attributes("candidate"))
    section = append(section, *(f"a=candidate:{value}" for value in values if value not in known))
    if any(pseudo.end_of_candidates for pseudo in pseudos):
        return put(section, "end-of-candidates", "")
    return section


def fragment_of(body: str | bytes | Session, *, sent: str | bytes | Session | None = None) -> Fragment:
    """Return a fragment with the candidates of `body`; with `sent`, only those that `sent` did not have.

    Each section with new candidates, or with a new ``a=end-of-candidates``, becomes a pseudo media section with the
    mid and the ICE credentials of the section (RFC 8840, section 9). Raises `UsageError` if such a section has no
    mid, `SdpError` if the text is no SDP.
    """
    session = as_session(body)
    before = as_session(sent).media if sent is not None else ()
    lines: list[str] = []
    for index, section in enumerate(session.media):
        old = before[index] if index < len(before) else None
        known = set(old.attributes("candidate")) if old else set()
        new = [f"a=candidate:{value}" for value in section.attributes("candidate") if value not in known]
        if section.end_of_candidates and not (old and old.end_of_candidates):
            new.append("a=end-of-candidates")
        if not new:
            continue
        if not section.mid:
            raise UsageError(
                f"{section.type} {index} has no mid, by which a fragment could name it; set_mids gives one"
            )
        credentials = (("mid", section.mid), ("ice-ufrag", section.ice_ufrag), ("ice-pwd", section.ice_pwd))
        # The pseudo m= line is the same whatever the section's protocol is (RFC 8840, section 9).
        lines.append(f"m={section.type} 9 RTP/AVP 0")
        lines += [f"a={name}:{value}" for name, value in credentials if value is not None]
        lines += new
    return parse_fragment("".join(f"{line}\r\n" for line in lines))
