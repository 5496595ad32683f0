"""The tools that all helpers are made of.

A helper is one `edit`, or a `rewrite` around several steps. Both parse text and render it again, so that text
gives text and a `Session` gives a `Session`. `edit` applies one function to the session's own lines and another to
the chosen media sections. These functions replace whole lines with `put`, `drop`, `insert` and `replace`, which
copy the line ends that the body uses and return the same object if nothing changes. Each of them refuses a value
with a line break: otherwise a value from outside could add lines of its own.
"""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

import attrs

from ...errors import SdpError, UsageError
from ..lines import LONGEST, Section, attribute_of, content, line_end, word_spans
from ..media import Media
from ..session import Session, apart, no_such_section, parse, together

Body = TypeVar("Body", str, bytes, Session)
"""What a helper takes and returns: text for text, bytes for bytes, a `Session` for a `Session`."""

_Section = TypeVar("_Section", bound=Section)


def rewrite(body: Body, change: Callable[[Session], Session]) -> Body:
    """Return `body` after `change`, as the type that it came as. Raises `SdpError` if the text is no SDP.

    Where a body holds several sessions, each is changed by itself.
    """
    return rewrite_at(body, lambda session, _: change(session), media=None)


def rewrite_at(body: Body, change: Callable[[Session, int | None], Session], *, media: int | None) -> Body:
    """Return `body` after `change`, which also takes the index of a section: `media`, or None for all.

    Where a body holds several sessions, each is changed by itself; with `media`, the one with that section. Raises
    `UsageError` if there is no such section, `SdpError` if the text is no SDP.
    """
    if isinstance(body, Session):
        return _changed(body, change, media)
    if isinstance(body, bytes):
        return bytes(_changed(parse(body), change, media))
    return str(_changed(parse(body), change, media))


def _changed(body: Session, change: Callable[[Session, int | None], Session], media: int | None) -> Session:
    if media is not None and not 0 <= media < len(body.media):
        raise no_such_section(body, media)
    parts = apart(body)
    if len(parts) == 1:
        return change(body, media)
    changed = []
    first = 0
    for number, part in enumerate(parts):
        place = None if media is None else media - first
        first += len(part.media)
        try:
            changed.append(change(part, place) if place is None or 0 <= place < len(part.media) else part)
        except UsageError as error:
            raise UsageError(f"session {number} of the body: {error}") from error
    return body if all(new is old for new, old in zip(changed, parts, strict=True)) else together(changed)


def edit(
    body: Body,
    each: Callable[[Media], Media],
    *,
    media: int | None,
    only: Callable[[Media], bool] = lambda _: True,
    own: Callable[[Session], Session] = lambda session: session,
    inherited: Collection[str] = (),
) -> Body:
    """Apply `own` to the session's own lines, and `each` to every section for which `only` is true.

    `only` sees the sections as they were before `own`. If `media`, the index of a section, is given, `each` is
    applied to that section whatever `only` says. Then `own` is not applied; instead, `lower` first moves the
    session's attributes of the names `inherited` into the sections. Raises `UsageError` if there is no such
    section, `SdpError` if the text is no SDP. A `UsageError` that `each` raises gets the name of the section.
    """

    def change(session: Session, media: int | None) -> Session:
        if media is None:
            # Chosen before `own` is applied, which may remove the inherited attributes that `only` asks for.
            chosen = [index for index, section in enumerate(session.media) if only(section)]
            session = own(session)
        else:
            chosen = [media]
            session = lower(session, inherited)
        sections = list(session.media)
        for index in chosen:
            try:
                sections[index] = each(sections[index])
            except UsageError as error:
                raise UsageError(f"{sections[index].type} {index}: {error}") from error
        if all(new is old for new, old in zip(sections, session.media, strict=True)):
            return session
        return attrs.evolve(session, media=tuple(sections))

    return rewrite_at(body, change, media=media)


def _must_be_one_line(text: str, *, former: str = "") -> None:
    # A lone CR that the body itself has in a line is kept as it is.
    if "\n" in text or ("\r" in text and "\r" not in former):
        # The value is not shown, because it may be a key.
        raise UsageError("a line break within a value: what follows it would be a line of its own")


def several(values: Any) -> list[Any]:
    """Return `values` as a list; a single text or value becomes a list of one."""
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def check_one_of(value: str, known: Collection[str], what: str) -> None:
    """Raise `UsageError` if `value` is not among `known`."""
    if value not in known:
        raise UsageError(f"no {what}: {value!r}; there are {', '.join(known)}")


def drop(section: _Section, names: Collection[str], *, only: Callable[[str], bool] = lambda _: True) -> _Section:
    """Return the section without its ``a=`` lines of these names; of these, `only` chooses by their value."""
    attributes = [(line, *attribute_of(line)) for line in section.lines]
    kept = tuple(line for line, name, value in attributes if not (name in names and only(value)))
    return section if len(kept) == len(section.lines) else attrs.evolve(section, lines=kept)


def append(section: _Section, *texts: str) -> _Section:
    """Return the section with more lines at its end."""
    return insert(section, len(section.lines), *texts)


def insert(section: _Section, index: int, *texts: str) -> _Section:
    """Return the section with more lines before the one at `index`. They get the line end of the other lines."""
    if not texts:
        return section
    for text in texts:
        _must_be_one_line(text)
    above = section.above.lines if isinstance(section, Media) else ()
    end = next(filter(None, map(line_end, (*section.lines[:1], *above[:1]))), "\r\n")
    lines = [*section.lines[:index], *(text + end for text in texts), *section.lines[index:]]
    if section.lines and not line_end(section.lines[-1]):
        # The body had no line end at its very end, and still has none.
        lines = [*(line if line_end(line) else line + end for line in lines[:-1]), content(lines[-1])]
    return attrs.evolve(section, lines=tuple(lines))


def replace(section: _Section, index: int, text: str) -> _Section:
    """Return the section with `text` as the line at `index`; the line end stays."""
    line = section.lines[index]
    _must_be_one_line(text, former=content(line))
    lines = (*section.lines[:index], text + line_end(line), *section.lines[index + 1 :])
    return section if lines == section.lines else attrs.evolve(section, lines=lines)


def amend(section: _Section, change: Callable[[str], str | None]) -> _Section:
    """Return the section with what `change` makes of each line, without its end; None leaves the line out."""
    lines = []
    for line in section.lines:
        if (text := change(content(line))) is not None:
            _must_be_one_line(text, former=content(line))
            lines.append(text + line_end(line))
    return section if tuple(lines) == section.lines else attrs.evolve(section, lines=tuple(lines))


def put_words(section: Media, index: int, *words: str) -> Media:
    """Return the section with the word at `index` of its ``m=`` line replaced by `words`.

    Index 3 stands for all formats: it replaces the fourth word and all that follow. Other spaces stay.
    """
    text = content(section.lines[0])
    spans = word_spans(text)
    start = spans[index][0]
    end = len(text) if index == 3 else spans[index][1]
    return replace(section, 0, text[:start] + " ".join(words) + text[end:])


def put_port(section: Media, port: int) -> Media:
    """Return the section with another port in its ``m=`` line. A number of ports behind a ``/`` stays."""
    text = content(section.lines[0])
    start, end = word_spans(text)[1]
    return put_words(section, 1, re.sub(r"[+-]?\d+", str(port), text[start:end], count=1, flags=re.ASCII))


def put(section: _Section, name: str, *values: str) -> _Section:
    """Return the section with one ``a=name`` line for each of `values`, in place of its former ``a=name`` lines.

    Without former lines they are added at the end. An empty value gives a property attribute, a plain ``a=name``. A
    section that already has these values is returned as it is.
    """
    # Left untouched even if it is written with other spaces or spread over the section.
    if section.attributes(name) == tuple(value.strip(" \t") for value in values):
        return section
    places = (index for index, line in enumerate(section.lines) if attribute_of(line)[0] == name)
    index = next(places, len(section.lines))
    texts = (f"a={name}:{value}" if value else f"a={name}" for value in values)
    return insert(drop(section, {name}), index, *texts)


def lower(session: Session, names: Collection[str]) -> Session:
    """Move the session's own ``a=`` lines of these names into each section that inherits them.

    After that, one section can lose an attribute while the others keep it. Raises `SdpError` if the body would
    become too long.
    """
    lines = [(name, content(line)) for line in session.lines if (name := attribute_of(line)[0]) in names]
    if not lines:
        return session
    if len(session.media) * sum(len(line) for _, line in lines) > LONGEST:
        raise SdpError(f"what the session says for all sections, said in each, makes over {LONGEST} characters")
    media = tuple(append(media, *(line for name, line in lines if not media.has(name))) for media in session.media)
    return attrs.evolve(drop(session, names), media=media)
