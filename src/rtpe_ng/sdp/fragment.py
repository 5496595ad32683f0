"""Trickle ICE: fragments of a description that carry further candidates (RFC 8840, section 9).

A browser sends its description before it knows all candidates, and the rest in fragments. A fragment has no
sections of its own: each part of it names, by its mid, a section of a description that was sent before, and the
user name fragment says of which ICE generation. So the work here is to find the one section that a part means, and
to refuse the part if there is none, or more than one.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator

import attrs

from ..errors import SdpError, UsageError
from .candidate import Candidate, candidate_in
from .lines import attribute_of, read_each, split_lines
from .media import Media
from .rewrite.editing import Body, append, edit, put
from .session import SdpBody, Session, as_session, bundle_of, sections

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
    8.2). What stands above the first ``m=`` belongs to the section of the ``a=mid`` there. Without one it belongs
    to the only section in use, to the only one with the user name fragment that stands there, or to the first one
    of the BUNDLE group that all of them are in; ``a=end-of-candidates`` then holds for all of them.

    Raises `UsageError` if no section has a mid of the fragment, or several could be meant; if the section is
    rejected; or if the user name fragment differs from that of the section, because the fragment then belongs to
    an earlier or later ICE generation (RFC 8840, section 4.3.2). Raises `SdpError` if `body` or the fragment cannot
    be read, also where an empty line would hide a part of the fragment.
    """
    parsed = fragment if isinstance(fragment, Fragment) else parse_fragment(fragment)
    if parsed.trailer.strip(" \t\r\n\0"):
        number = 1 + len(parsed.lines) + sum(len(media.lines) for media in parsed.media)
        raise SdpError("an empty line, behind which nothing of a fragment would be read: leave it out", line=number)
    session: Session = as_session(body)
    # Reversed, so that the first of several sections with one mid counts.
    by_mid = {section.mid: index for index, section in reversed([*enumerate(session.media)]) if section.mid}
    told: defaultdict[int, list[_Told]] = defaultdict(list)
    for part in _told_by(parsed):
        indices = _unnamed(session, part) if part.mid is None else [by_mid.get(part.mid, -1)]
        for index in indices:
            if index < 0:
                there = ", ".join(map(repr, by_mid)) or "none, and set_mids gives them"
                raise UsageError(
                    f"no section has the mid {part.mid or None!r} that the fragment speaks of; "
                    f"the mids of the body: {there}"
                )
            _must_be_meant(session.media[index], index, part)
            told[index].append(part)
    places = itertools.count()
    return edit(body, lambda section: _with_candidates(section, told.get(next(places), ())), media=None)


@attrs.define(kw_only=True)
class _Told:
    """What a fragment tells of one section, in one ICE generation."""

    mid: str | None
    """Empty if its ``m=`` has none; None for what stands above the first ``m=`` without one."""
    ufrag: str | None
    candidates: list[str] = attrs.field(factory=list)
    ended: bool = False


def _told_by(fragment: Fragment) -> Iterator[_Told]:
    """Yield what stands above the first ``m=``, and what each pseudo section has."""
    for section in (fragment, *fragment.media):
        is_above = section is fragment
        # A mid or a user name fragment holds until the next one, and the first also for what stands before it.
        mid = section.attribute("mid") or fragment.attribute("mid") or (None if is_above else "")
        ufrag = section.attribute("ice-ufrag") or fragment.attribute("ice-ufrag")
        parts: dict[tuple[str | None, str | None, bool], _Told] = {}
        if not is_above:
            parts[mid, ufrag, False] = _Told(mid=mid, ufrag=ufrag)
        for line in section.lines:
            name, value = attribute_of(line)
            if name == "mid":
                mid = value
            elif name == "ice-ufrag":
                ufrag = value
            elif name in ("candidate", "end-of-candidates"):
                ends = name == "end-of-candidates"
                # Without a mid, candidates are for one section, and their end is for all.
                part = parts.setdefault((mid, ufrag, mid is None and ends), _Told(mid=mid, ufrag=ufrag))
                part.ended |= ends
                part.candidates += [] if ends else [candidate_in(line) or ""]
        yield from parts.values()


def _unnamed(session: Session, part: _Told) -> list[int]:
    """Return the indices of the sections that are meant by what stands above the first ``m=`` and names no mid."""
    sections = [(index, section) for index, section in enumerate(session.media) if not section.is_rejected]
    sections = [pair for pair in sections if pair[1].ice_ufrag is not None] or sections
    if not sections:
        raise UsageError("the fragment names no section, and the body has none in use")
    # With another user name fragment than any of them, the first one tells what is wrong.
    sections = [pair for pair in sections if part.ufrag in (None, pair[1].ice_ufrag)] or sections[:1]
    if not part.candidates:
        return [index for index, _ in sections]
    first = sections[0][1].above
    bundle = bundle_of(first)
    by_mid = {section.mid: index for index, section in reversed(sections) if section.above is first}
    if len(sections) > 1 and (len(by_mid) < len(sections) or not by_mid.keys() <= set(bundle)):
        mids = ", ".join(repr(section.mid) for _, section in sections if section.mid)
        raise UsageError(
            f"candidates above the first m= line of a fragment, and {len(sections)} sections that they may be for: "
            f"write a=mid before them{mids and f', one of {mids}'}"
        )
    return [next((by_mid[mid] for mid in bundle if mid in by_mid), sections[0][0])]


def _must_be_meant(section: Media, index: int, part: _Told) -> None:
    name = f"{section.type} {index}"
    if section.is_rejected:
        raise UsageError(f"the fragment is for {name}, which is rejected and takes no candidates: leave it out")
    of_candidates = (candidate.ufrag for candidate in read_each(Candidate.read, part.candidates))
    for ufrag in (part.ufrag, *of_candidates):
        # Candidates of another generation must not be mixed in: connectivity checks with them would fail.
        if ufrag not in (None, section.ice_ufrag):
            raise UsageError(
                f"the fragment is of another ICE generation: its ice-ufrag is {ufrag!r}, "
                f"that of {name} is {section.ice_ufrag!r}"
            )


def _with_candidates(section: Media, parts: Collection[_Told]) -> Media:
    known = set(section.attributes("candidate"))
    values = {value.strip(" \t"): value for part in parts for value in part.candidates}
    section = append(section, *(f"a=candidate:{value}" for key, value in values.items() if key not in known))
    return put(section, "end-of-candidates", "") if any(part.ended for part in parts) else section


def fragment_of(body: str | bytes | Session, *, sent: str | bytes | Session | None = None) -> Fragment:
    """Return a fragment with the candidates of `body`; with `sent`, only those that `sent` did not have.

    Each section with new candidates, or with a new ``a=end-of-candidates``, becomes a pseudo media section with the
    mid and the ICE credentials of the section (RFC 8840, section 9). Rejected sections are left out. Raises
    `UsageError` if such a section has no mid, `SdpError` if the text is no SDP.
    """
    session = as_session(body)
    before = as_session(sent).media if sent is not None else ()
    lines: list[str] = []
    for index, section in enumerate(session.media):
        old = before[index] if index < len(before) else None
        if section.is_rejected:
            continue
        known = set(old.attributes("candidate")) if old else set()
        values = filter(None, map(candidate_in, section.own))
        new = [f"a=candidate:{value}" for value in values if value.strip(" \t") not in known]
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
