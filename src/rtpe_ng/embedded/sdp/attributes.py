"""The attributes that the daemon knows by name, and the values of them that it can read."""

import functools
import itertools
from collections.abc import Iterable

import attrs

from ... import sdp
from ...sdp import Media, Section, Session
from ...sdp.daemon import DIRECTIONS, ICE, value_read
from ..versions import Behaviour

__all__ = [
    "DIRECTIONS",
    "ICE",
    "KEYS",
    "ReadMedia",
    "as_read",
    "attribute_of",
    "content",
    "is_known",
    "is_readable",
    "joined",
    "with_media",
]

KEYS = frozenset({"crypto", "fingerprint", "setup", "tls-id"})


def is_known(name: str, behaviour: Behaviour) -> bool:
    """Tell whether the daemon acts on an attribute instead of passing it on."""
    return behaviour.grammar.knows(name)


def is_readable(name: str, value: str, behaviour: Behaviour) -> bool:
    """Tell whether the daemon can read the value of an attribute that it knows."""
    return value_read(name, value, behaviour.grammar).fate == "read"


def content(line: str) -> str:
    """Return a line without its line end, which is LF or CR LF."""
    return line.removesuffix("\n").removesuffix("\r") if line.endswith("\n") else line


def attribute_of(line: str) -> tuple[str, str]:
    """Return the name and the value of an ``a=`` line. Spaces belong to them, as for the daemon."""
    if not line.startswith("a="):
        return "", ""
    name, _, value = content(line)[2:].partition(":")
    return name, value


@attrs.frozen(kw_only=True, repr=False)
class _ReadSection(Section):
    _attribute = staticmethod(attribute_of)


@attrs.frozen(kw_only=True, repr=False)
class ReadMedia(Media):
    """A media section as the daemon reads it."""

    opening: tuple[str, ...] = ()
    """The lines above it, if another session begins with it; those of the first session are not here."""

    _attribute = staticmethod(attribute_of)

    @functools.cached_property
    def _words(self) -> list[str]:
        """The words of the ``m=`` line, between which stand single spaces."""
        words = content(self.lines[0])[2:].removesuffix(" ").split(" ")
        # In the place of a number, the daemon skips spaces: an empty word is the number behind it.
        return [
            word or (next(filter(None, words[place:]), "") if place not in (0, 2) else "")
            for place, word in enumerate(words)
        ]


def as_read(session: Session) -> Session:
    """Return the same session, whose attributes are read by `attribute_of`.

    Another session may be glued behind it: its ``v=`` line stands among those of a section. Its sections are added
    to those of the first one, and its other lines stand in the first of them. Where it has none, its lines stand in
    the trailer.
    """
    above = _ReadSection(lines=session.lines)
    medias: list[ReadMedia] = []
    opening: tuple[str, ...] = ()
    for section in session.media:
        own, *later = _by_session(section.lines)
        medias.append(ReadMedia(lines=own, above=above, opening=opening))
        opening = tuple(itertools.chain.from_iterable(later))
        above = _ReadSection(lines=later[-1]) if later else above
    return with_media(attrs.evolve(session, trailer="".join(opening) + session.trailer), medias)


def with_media(session: Session, medias: Iterable[Media]) -> Session:
    """Return a session with these sections, each of which inherits from where it stood."""
    changed = attrs.evolve(session, media=())
    object.__setattr__(changed, "media", tuple(medias))
    return changed


def joined(session: Session) -> Session:
    """Return one session with the lines of all that were glued: the first ``o=`` line, and the last of others."""
    lines = session.lines
    openings = [media.opening for media in session.media if isinstance(media, ReadMedia) and media.opening]
    if session.trailer.startswith("v="):
        openings.append(sdp.parse(session.trailer).lines)
    for opening in openings:
        lines = tuple(line for line in lines if not line.startswith("s="))
        lines += tuple(line for line in opening if not line.startswith(("v=", "o=")))
    return with_media(attrs.evolve(session, lines=lines, media=()), session.media)


def _by_session(lines: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the lines of a section, and those of each session that begins behind it."""
    starts = [0, *(number for number, line in enumerate(lines) if line.startswith("v=")), len(lines)]
    return [lines[start:end] for start, end in itertools.pairwise(starts)]
