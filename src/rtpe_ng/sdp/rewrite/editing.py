"""How all helpers work: on text or a `Session`, on all sections or one, and on no line but their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

import attrs

from ...errors import SdpError, UsageError
from ..lines import LONGEST, Section, attribute_of, content, line_end, word_spans
from ..media import Media
from ..session import Session, no_such_section, parse

__all__ = [
    "Body",
    "append",
    "check_one_of",
    "drop",
    "edit",
    "insert",
    "lower",
    "put",
    "put_words",
    "replace",
    "rewrite",
    "several",
]

Body = TypeVar("Body", str, bytes, Session)
"""What a helper takes and gives back: text for text, bytes for bytes, a `Session` for a `Session`."""

_Section = TypeVar("_Section", bound=Section)


def rewrite(body: Body, change: Callable[[Session], Session]) -> Body:
    """Return `body` with `change` made to it, as what it came. Raises `SdpError` where text is no SDP."""
    if isinstance(body, Session):
        return change(body)
    if isinstance(body, bytes):
        return bytes(change(parse(body)))
    return str(change(parse(body)))


def edit(
    session: Session,
    each: Callable[[Media], Media],
    *,
    media: int | None,
    only: Callable[[Media], bool] = lambda _: True,
    own: Callable[[Session], Session] = lambda session: session,
) -> Session:
    """Return `session` with `own` made to it, and then `each` to the sections that `only` took before.

    With `media`, the index of one section, `each` is made to that one alone, whatever `only` says of it, and
    `own` is not made at all. Raises `UsageError` where there is no such section; where `each` raises one, the
    section is named in it.
    """
    if media is None:
        chosen = [index for index, section in enumerate(session.media) if only(section)]
        session = own(session)
    elif 0 <= media < len(session.media):
        chosen = [media]
    else:
        raise no_such_section(session, media)
    sections = list(session.media)
    for index in chosen:
        try:
            sections[index] = each(sections[index])
        except UsageError as error:
            raise UsageError(f"{sections[index].type} {index}: {error}") from error
    return attrs.evolve(session, media=tuple(sections))


def _must_be_one_line(text: str) -> None:
    if "\n" in text or "\r" in text:
        # Not shown: it may be a key.
        raise UsageError("a line break within a value: what follows it would be a line of its own")


def several(values: Any) -> list[Any]:
    """Return a list of `values`, where a single text or value stands for a list of one."""
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def check_one_of(value: str, known: Collection[str], what: str) -> None:
    """Raise `UsageError` where `value` is not among `known`."""
    if value not in known:
        raise UsageError(f"no {what}: {value!r}; there are {', '.join(known)}")


def drop(section: _Section, names: Collection[str], *, only: Callable[[str], bool] = lambda _: True) -> _Section:
    """Return the section without the ``a=`` lines of these names whose value `only` takes."""
    found = [(line, *attribute_of(line)) for line in section.lines]
    kept = tuple(line for line, name, value in found if not (name in names and only(value)))
    return section if len(kept) == len(section.lines) else attrs.evolve(section, lines=kept)


def append(section: _Section, *texts: str) -> _Section:
    """Return the section with further lines at its end."""
    return insert(section, len(section.lines), *texts)


def insert(section: _Section, index: int, *texts: str) -> _Section:
    """Return the section with further lines before the one at `index`, with the line end of its other lines."""
    for text in texts:
        _must_be_one_line(text)
    above = section.above.lines if isinstance(section, Media) else ()
    end = next(filter(None, map(line_end, (*section.lines[:1], *above[:1]))), "\r\n")
    lines = [*section.lines[:index], *(text + end for text in texts), *section.lines[index:]]
    if section.lines and not line_end(section.lines[-1]):
        # The body ends without a line end, and goes on doing so.
        lines = [*(line if line_end(line) else line + end for line in lines[:-1]), content(lines[-1])]
    return attrs.evolve(section, lines=tuple(lines))


def replace(section: _Section, index: int, text: str) -> _Section:
    """Return the section with the line at `index` saying `text`, with its line end as it was."""
    _must_be_one_line(text)
    line = section.lines[index]
    lines = (*section.lines[:index], text + line_end(line), *section.lines[index + 1 :])
    return section if lines == section.lines else attrs.evolve(section, lines=lines)


def put_words(section: Media, index: int, *words: str) -> Media:
    """Return the section with `words` in the place of as many words of its ``m=`` line, from the one at `index`.

    With `index` 3, that of the formats, in the place of all that follow. Spacing stays as it was elsewhere.
    """
    text = content(section.lines[0])
    spans = word_spans(text)
    start = spans[index][0]
    end = len(text) if index == 3 else spans[index][1]
    return replace(section, 0, text[:start] + " ".join(words) + text[end:])


def put(section: _Section, name: str, *values: str) -> _Section:
    """Return the section with one ``a=name`` line for each of `values`, where the first one stood or at the end.

    An empty value is a property attribute, ``a=name``. A section that says just that already is left alone.
    """
    if section.attributes(name) == values:
        return section
    places = (index for index, line in enumerate(section.lines) if attribute_of(line)[0] == name)
    index = next(places, len(section.lines))
    texts = (f"a={name}:{value}" if value else f"a={name}" for value in values)
    return insert(drop(section, {name}), index, *texts)


def lower(session: Session, names: Collection[str]) -> Session:
    """Return the session with its own ``a=`` lines of these names moved into each section that inherits them.

    So that one section can lose what the session says for all. Raises `SdpError` where that makes too long a body.
    """
    lines = [content(line) for line in session.lines if attribute_of(line)[0] in names]
    if not lines:
        return session
    if len(session.media) * sum(map(len, lines)) > LONGEST:
        raise SdpError(f"what the session says for all sections, said in each, makes over {LONGEST} characters")
    said = [(attribute_of(line)[0], line) for line in lines]
    return attrs.evolve(
        drop(session, names),
        media=tuple(
            append(media, *(line for name, line in said if not media.has(name))) for media in session.media
        ),
    )
