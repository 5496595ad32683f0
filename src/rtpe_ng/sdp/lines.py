"""The lines of a description, kept as they came: a letter, an equals sign, a value, and a line end.

The lines are the model. All else, the typed views and the rewriting helpers, reads lines or replaces them, so that
a body that nobody changes comes out byte for byte as it went in. A line ends at LF; a CR before it belongs to the
line end. All other characters are text, including those at which `str.splitlines` would split, such as a vertical
tab or U+2028. The description ends at the first empty line, as it does for RTPEngine.

A body may hold several sessions, one glued behind the other: each begins at its ``v=``, as it does for RTPEngine.
"""

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

import attrs

from ..errors import SdpError, UsageError

__all__ = ["Section"]

_Value = TypeVar("_Value")
_WORD = re.compile("[^ ]+")

LONGEST = 262_144
"""How long a body may be, in characters: far longer than any real one, and a bound for hostile ones."""
MOST_SECTIONS = 1000
"""How many media sections a body may have. The bound matters because each inherits lines from the session."""

_TYPES = frozenset("vosiuepcbtrzkam")
"""The line types of RFC 8866, section 5. A description with a line of another type must be refused as a whole."""


def text_of(body: str | bytes) -> str:
    """Return the text of a body; bytes are decoded as UTF-8 with surrogateescape.

    Raises `SdpError` if it is too long, `UsageError` if it is neither text nor bytes.
    """
    text = body.decode("utf-8", "surrogateescape") if isinstance(body, bytes) else body
    if not isinstance(text, str):
        raise UsageError(f"a session description is text, bytes or a Session, not {type(text).__name__}")
    if len(text) > LONGEST:
        raise SdpError(f"a body of {len(text)} characters; at most {LONGEST} are read")
    return text


def split_lines(body: str | bytes) -> tuple[list[str], str]:
    """Return the lines of `body`, each with its line end, and the text from the first empty line on.

    Joined, they are `body` again. Bytes are decoded as UTF-8 with surrogateescape. Raises `SdpError` if a line is
    not ``type=value`` with a type of RFC 8866, section 5, or if the body is too long; `UsageError` if it is neither
    text nor bytes.
    """
    text = text_of(body)
    lines = [f"{line}\n" for line in text.split("\n")]
    # After the last LF comes a line without a line end, or nothing.
    lines[-1] = lines[-1][:-1]
    for index, line in enumerate(lines):
        if line[1:2] != "=" or line[0] not in _TYPES:
            # The daemon also accepts a single character, usually a NUL, at the very end.
            if line[:1] in ("", "\r", "\n") or (len(line) == 1 and index == len(lines) - 1):
                trailer = "".join(lines[index:])
                del lines[index:]
                break
            _refuse(index + 1, line)
    else:
        trailer = ""
    if not text.isascii():
        must_have_a_wire_form([*lines, trailer])
    return lines, trailer


def _refuse(number: int, line: str) -> NoReturn:
    if line[1:2] == "=":
        raise SdpError(f"no line type of SDP: {line[0]!r}", line=number, text=content(line))
    raise SdpError("a type letter, an equals sign and a value expected", line=number, text=content(line))


def must_have_a_wire_form(lines: Iterable[str]) -> None:
    """Raise `SdpError` if no bytes stand for one of these lines."""
    for number, line in enumerate(lines, start=1):
        try:
            line.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError as error:
            raise SdpError("a lone surrogate, which no byte stands for", line=number) from error


def content(line: str) -> str:
    """Return a line without its line end, which is LF or CR LF."""
    return line[:-1].removesuffix("\r") if line.endswith("\n") else line


def line_end(line: str) -> str:
    """Return the line end of a line: CR LF, LF, or nothing if the body ends without one."""
    return line[len(content(line)) :]


def attribute_of(line: str) -> tuple[str, str]:
    """Return the name and the value of an ``a=`` line (RFC 8866, section 5.13); two empty strings for other lines.

    The value of a property attribute is empty. Spaces and tabs around the name and the value are removed.
    """
    if not line.startswith("a="):
        return "", ""
    name, _, value = content(line)[2:].partition(":")
    return name.strip(" \t"), value.strip(" \t")


def word_spans(line: str) -> list[tuple[int, int]]:
    """Return the start and end of each word of an ``m=`` line: type, port, protocol and formats.

    Only the space separates words; other characters that Python counts as white space do not.
    """
    spans = [word.span() for word in _WORD.finditer(line, 2)]
    return spans if line[2:3] != " " else [(2, 2), *spans]


def words_of(line: str) -> list[str]:
    """Return the words of an ``m=`` line: type, port, protocol and formats."""
    return [line[start:end] for start, end in word_spans(line)]


def by_session(lines: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return these lines cut before each ``v=`` but one at the very beginning: another session begins there."""
    starts = [index for index, line in enumerate(lines) if index and line.startswith("v=")]
    # Most have none. The tuple itself is returned then, so that nothing is copied.
    return [lines[start:end] for start, end in itertools.pairwise([0, *starts, len(lines)])] if starts else [lines]


def read_each(parse: Callable[[str], _Value], values: Iterable[str]) -> tuple[_Value, ...]:
    """Return the result of `parse` for each of `values`; those for which it raises `SdpError` are left out."""
    # The line itself stays in the body, and `problems` reports it.
    results = []
    for value in values:
        try:
            results.append(parse(value))
        except SdpError:
            continue
    return tuple(results)


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


@attrs.frozen(kw_only=True, repr=False)
class Section:
    """The lines of the session, or those of one media section."""

    lines: tuple[str, ...]
    """The lines as they came, each with its line end. Behind a second ``v=`` they are those of another session."""

    @functools.cached_property
    def own(self) -> tuple[str, ...]:
        """Its own lines: those before a second ``v=``, with which another session begins."""
        return by_session(self.lines)[0]

    # Cached, because each media section looks up attributes of the session again and again.
    @functools.cached_property
    def _values(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((line[:1], content(line)[2:]) for line in self.own)

    @functools.cached_property
    def _attributes(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped(self._attribute(line) for line in self.own if line[0] == "a")

    # A subclass may separate names and values in another way: the embedded engine reads spaces as part of a name.
    _attribute = staticmethod(attribute_of)

    def values(self, kind: str) -> tuple[str, ...]:
        """Return the values of all lines of the type `kind`, such as ``"b"``, in their order."""
        return self._values.get(kind, ())

    def attributes(self, name: str) -> tuple[str, ...]:
        """Return the values of all ``a=name:value`` lines, in their order; an empty one for a plain ``a=name``."""
        return self._attributes.get(name, ())

    def attribute(self, name: str) -> str | None:
        """Return the value of the first ``a=name`` line, empty if it has none; None without such a line."""
        return next(iter(self.attributes(name)), None)

    def has(self, name: str) -> bool:
        """Return whether there is an ``a=name`` line."""
        return name in self._attributes

    @functools.cached_property
    def _views(self) -> dict[str, tuple[Any, ...]]:
        return {}

    def view(self, name: str, parse: Callable[[str], _Value]) -> tuple[_Value, ...]:
        """Return the result of `parse` for each ``a=name`` line, except those for which it raises `SdpError`."""
        if name not in self._views:
            self._views[name] = read_each(parse, self.attributes(name))
        return self._views[name]

    def __str__(self) -> str:
        return "".join(self.lines)
