"""``sdp-attr``: attribute lines that are added, removed or replaced as the last thing of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

import attrs

from .versions import Behaviour

__all__ = ["Manipulation", "manipulated", "manipulations"]

_SESSION = ""
_WORD = "sdp-attr-"


@attrs.frozen(kw_only=True)
class Manipulation:
    """What is done to the attributes of one kind of section, or of the session."""

    added: tuple[str, ...] = ()
    """What stands behind ``a=`` of lines that are added at the end."""
    removed: frozenset[str] = frozenset()
    """Attributes that are left out: the name, the name and the number behind it, or the whole, in lower case."""
    substituted: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    """By such attributes, what stands in their place."""

    @classmethod
    def from_ng(cls, commands: Any) -> Self:
        """Read what the commands of a section say; what is not known says nothing."""
        said = commands if isinstance(commands, Mapping) else {}
        pairs = (_pair(item) for item in _items(said.get("substitute")))
        return cls(
            added=tuple(_plain(item) for item in _items(said.get("add")) if isinstance(item, str)),
            removed=frozenset(_plain(item).lower() for item in _items(said.get("remove")) if isinstance(item, str)),
            substituted={pair[0].lower(): pair[1] for pair in pairs if pair},
        )

    def lines(self, lines: list[str]) -> Iterator[str]:
        """Yield what becomes of the lines of a section."""
        for line in lines:
            names = _names(line)
            if any(name in self.removed for name in names):
                continue
            instead = next((self.substituted[name] for name in names if name in self.substituted), None)
            yield line if instead is None else f"a={instead}"
        yield from (f"a={text}" for text in self.added)


def manipulations(value: Any, words: list[str], behaviour: Behaviour) -> dict[str, Manipulation]:
    """Return what ``sdp-attr`` says, by the kinds of sections: its `value`, and `words` of the list ``flags``."""
    if not behaviour.kinds_of_sections:
        return {}
    said: dict[str, dict[str, list[Any]]] = {}
    for section, commands in value.items() if isinstance(value, Mapping) else ():
        for command, items in commands.items() if isinstance(commands, Mapping) else ():
            said.setdefault(section, {}).setdefault(command, []).extend(_items(items))
    for word in words:
        if word.startswith(_WORD):
            command, _, rest = word.removeprefix(_WORD).partition("-")
            section, _, item = rest.partition("-")
            said.setdefault(section, {}).setdefault(command, []).append(item)
    known = {"none": _SESSION, "global": _SESSION} | {kind: kind for kind in behaviour.kinds_of_sections}
    return {known[name]: Manipulation.from_ng(commands) for name, commands in said.items() if name in known}


def manipulated(body: str, wanted: Mapping[str, Manipulation]) -> str:
    """Return the body with its attribute lines changed as it is wanted."""
    if not wanted:
        return body
    sections: list[list[str]] = [[]]
    for line in body.removesuffix("\r\n").split("\r\n"):
        if line.startswith("m="):
            sections.append([])
        sections[-1].append(line)
    kinds = [_SESSION, *(section[0][2:].split(" ")[0].lower() for section in sections[1:])]
    lines: list[str] = []
    for kind, section in zip(kinds, sections, strict=True):
        lines += wanted[kind].lines(section) if kind in wanted else section
    return "".join(f"{line}\r\n" for line in lines)


def _names(line: str) -> tuple[str, ...]:
    if not line.startswith("a="):
        return ()
    whole = line[2:].lower()
    return whole.partition(":")[0], whole.partition(" ")[0], whole


def _items(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else value if isinstance(value, list) else []


def _plain(text: str) -> str:
    """Return the text without the signs that stand for what a list of words cannot have."""
    return text.replace("--", "=").replace("..", " ")


def _pair(item: Any) -> tuple[str, str] | None:
    if isinstance(item, str):
        old, sign, new = _plain(item).partition(">")
        return (old, new) if sign else None
    if isinstance(item, list) and len(item) > 1 and all(isinstance(it, str) and it for it in item[:2]):
        return _plain(item[0]), _plain(item[1])
    return None
