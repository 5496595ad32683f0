"""Reading a request, as an engine receives it: the typed command that a document stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..errors import RtpeError
from ..flags import Flags
from .commands import COMMANDS, Command, Key, Participant, Raw
from .commands.participant import By, ways_of

__all__ = ["Nameless", "command_of"]


@attrs.frozen(kw_only=True, repr=False)
class Nameless(Raw):
    """A request that names no command: an engine may receive one, though no client of this library sends it."""

    document: Mapping[str, Any] = attrs.field()

    @property
    def name(self) -> str:
        """Nothing."""
        return ""


def command_of(document: Mapping[str, Any]) -> Command[Any]:
    """Return the command that a request's document stands for: the inverse of `Command.to_ng`.

    What the typed command does not say in just this way is a `Raw` with the whole document: an unknown command, a
    value that its field refuses, a key that belongs to another command. What both a field of the command and its
    flags could say, the field does. So `to_ng` of what is returned says what
    the document says; only the order of the words in its list ``flags`` is not kept, nor a missing ``supports``.
    Raises nothing: a document without a command's name is a `Nameless`.
    """
    plain = _plain(document)
    name = plain.get("command")
    if not isinstance(name, str):
        return Nameless(document=document)
    if name in COMMANDS and isinstance(plain.get("flags", []), list):
        try:
            command = _typed(COMMANDS[name], plain)
            if _said(command) == _said(Raw(document=plain)):
                return command
        except (RtpeError, ValueError, TypeError, LookupError, AttributeError):
            # Whatever stands at a key where something else belongs.
            pass
    return Raw(document=document)


def _typed(kind: type[Command[Any]], document: Mapping[str, Any]) -> Command[Any]:
    words = document.get("flags", [])
    given = dict(_given(kind, document, words))
    own = kind(**given).to_ng()
    # What the command's own fields do not say is for its flags.
    rest = {key: value for key, value in document.items() if key not in own}
    rest["flags"] = [word for word in words if word not in own.get("flags", ())]
    if len(rest) > 1 or rest["flags"]:
        given["flags"] = Flags.from_ng(rest)
    return kind(**given)


def _given(kind: type[Command[Any]], document: Mapping[str, Any], words: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a command that a request gives, and their values."""
    for attribute in attrs.fields(kind):
        key: Key | None = attribute.metadata.get("key")
        name = (key and key.key) or attribute.name.replace("_", "-")
        if ways := ways_of(attribute):
            if party := _participant(ways, document, words):
                yield attribute.name, party
        elif key and key.listed:
            yield attribute.name, name in words
        elif key and name in document:
            value = document[name]
            yield attribute.name, key.read(value) if key.read else value


def _participant(ways: Mapping[By, Key], document: Mapping[str, Any], words: list[str]) -> Participant | None:
    """Return the participant that a request selects in one of these ways, by their keys."""
    # A label beside another of them is one of the flags.
    for by in ("tag", "tags", "all", "address", "label"):
        key = ways.get(by)
        if key and key.listed and key.key in words:
            return Participant.ALL
        if key and not key.listed and key.key in document:
            value = document[key.key]
            return Participant(by=by, values=tuple(value) if by == "tags" else (value,))
    return None


def _said(command: Command[Any]) -> dict[str, Any]:
    """Return what a request says, in a form that can be compared."""
    document: dict[str, Any] = _plain(command.to_ng())
    return {"supports": ["load limit"]} | document | {"flags": set(document.get("flags", ()))}


def _plain(value: Any) -> Any:
    """Return a value with strings and lists alone, as a request that came over the wire has them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
