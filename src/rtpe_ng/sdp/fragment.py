"""Trickle ICE: fragments of a description that bring further candidates (RFC 8840, section 9)."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from ..errors import UsageError
from .lines import Section, split_lines
from .media import Media
from .rewrite.editing import Body, append, edit, put, rewrite
from .rewrite.ice import set_end_of_candidates
from .session import Session, as_session, sections

__all__ = ["Fragment", "apply_fragment", "fragment_of", "parse_fragment"]


@attrs.frozen(kw_only=True, repr=False)
class Fragment(Section):
    """The body of an ``application/trickle-ice-sdpfrag`` (RFC 8840, section 9). `str` gives it back.

    Its media sections begin with pseudo ``m=`` lines; a mid says which section of the description is meant.
    """

    media: tuple[Media, ...] = ()
    """The pseudo media sections, one for each mid."""
    trailer: str = ""
    """What came from the first empty line on, which is no part of the fragment."""

    def __attrs_post_init__(self) -> None:
        above = Section(lines=self.lines)
        media = tuple(attrs.evolve(section, above=above) for section in self.media)
        object.__setattr__(self, "media", media)

    def __str__(self) -> str:
        return "".join([*self.lines, *map(str, self.media), self.trailer])

    def __bytes__(self) -> bytes:
        return str(self).encode("utf-8", "surrogateescape")

    def __repr__(self) -> str:
        told = (f"mid {media.mid}: {len(media.candidates)} candidates" for media in self.media)
        return f"<Fragment {', '.join(told) or 'without media'}>"


def parse_fragment(body: str | bytes) -> Fragment:
    """Read a trickle ICE fragment (RFC 8840, section 9) without losing a byte.

    Raises `SdpError`, with the number and the text of the line, where a line is not ``type=value`` or an ``m=``
    line is malformed.
    """
    lines, trailer = split_lines(body)
    above, media = sections(lines)
    return Fragment(lines=above, media=media, trailer=trailer)


def apply_fragment(body: Body, fragment: Fragment | str | bytes) -> Body:
    """Put the candidates of a fragment into the sections of `body` that its mids name.

    Candidates that are there already are not added again; ``a=end-of-candidates`` is taken over (RFC 8840,
    section 8.2). Raises `UsageError` where no section has such a mid, or where the user name fragment differs from
    that of the section: then the fragment is of an ICE generation before or after (RFC 8840, section 4.3.2);
    `SdpError` where one of them cannot be read.
    """
    news = fragment if isinstance(fragment, Fragment) else parse_fragment(fragment)

    def change(session: Session) -> Session:
        spoken_of = _by_mid(session, news.media)
        session = edit(session, lambda it: _with_candidates(it, spoken_of.get(it.mid, ())), media=None)
        return set_end_of_candidates(session) if news.has("end-of-candidates") else session

    return rewrite(body, change)


def _by_mid(session: Session, pseudos: tuple[Media, ...]) -> dict[str | None, list[Media]]:
    """Return the pseudo sections by the mid of the section that each speaks of."""
    known = {section.mid: (index, section) for index, section in reversed([*enumerate(session.media)])}
    found: dict[str | None, list[Media]] = {}
    for pseudo in pseudos:
        if not pseudo.mid or pseudo.mid not in known:
            raise UsageError(f"no section has the mid {pseudo.mid!r} that the fragment speaks of")
        index, section = known[pseudo.mid]
        if pseudo.ice_ufrag not in (None, section.ice_ufrag):
            raise UsageError(
                f"the fragment is of another ICE generation: its ice-ufrag is {pseudo.ice_ufrag!r}, "
                f"that of {section.type} {index} is {section.ice_ufrag!r}"
            )
        found.setdefault(pseudo.mid, []).append(pseudo)
    return found


def _with_candidates(section: Media, pseudos: Collection[Media]) -> Media:
    known = set(section.attributes("candidate"))
    told = dict.fromkeys(value for pseudo in pseudos for value in pseudo.attributes("candidate"))
    section = append(section, *(f"a=candidate:{value}" for value in told if value not in known))
    return put(section, "end-of-candidates", "") if any(it.end_of_candidates for it in pseudos) else section


def fragment_of(body: str | bytes | Session, *, sent: str | bytes | Session | None = None) -> Fragment:
    """Return a fragment with the candidates of `body`, or with those that it has and `sent` had not.

    Each section with candidates to tell, or with a new ``a=end-of-candidates``, becomes a pseudo media section
    with its mid and ICE credentials (RFC 8840, section 9). Raises `UsageError` where such a section has no mid,
    `SdpError` where text is no SDP.
    """
    session = as_session(body)
    before = as_session(sent).media if sent is not None else ()
    lines: list[str] = []
    for index, section in enumerate(session.media):
        old = before[index] if index < len(before) else None
        known = set(old.attributes("candidate")) if old else set()
        news = [f"a=candidate:{value}" for value in section.attributes("candidate") if value not in known]
        if section.end_of_candidates and not (old and old.end_of_candidates):
            news.append("a=end-of-candidates")
        if not news:
            continue
        if not section.mid:
            raise UsageError(
                f"{section.type} {index} has no mid, by which a fragment could name it; set_mids gives one"
            )
        credentials = (("mid", section.mid), ("ice-ufrag", section.ice_ufrag), ("ice-pwd", section.ice_pwd))
        lines.append(f"m={section.type} 9 RTP/AVP 0")
        lines += [f"a={name}:{value}" for name, value in credentials if value is not None]
        lines += news
    return parse_fragment("".join(f"{line}\r\n" for line in lines))
