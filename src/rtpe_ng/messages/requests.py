"""Reading a request, as an engine receives it: the typed command that a document stands for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from ..errors import RtpeError
from ..flags.flags import flags_as_sent
from .commands import COMMANDS
from .commands.admin import Raw
from .commands.base import Command, keyed
from .commands.participant import By, Participant, Ways
from .replies.base import Reply

_WAYS: tuple[By, ...] = ("tag", "tags", "all", "address", "label")
"""Which way to name a participant comes first where a request has several: a label may be one of the flags too."""


@attrs.frozen(kw_only=True, repr=False)
class Nameless(Raw):
    """A request that names no command: an engine may receive one, though no client of this library sends it."""

    def __attrs_post_init__(self) -> None:
        """Accept whatever dictionary it is."""

    @property
    def name(self) -> str:
        """An empty string."""
        return ""


def command_of(document: Mapping[str, Any]) -> Command[Reply]:
    """Return the command that a request's document stands for: the inverse of `Command.to_ng`.

    A document that the typed command does not say in just this way is a `Raw` with the whole document: an unknown
    command, a value that its field refuses, a key that belongs to another command. What both a field of the command
    and its flags could say, the field says. So `to_ng` of what is returned says what the document says; only the
    order of the words in its list ``flags`` is not kept, nor a missing ``supports``. Raises nothing: a document
    without a command's name is a `Nameless`.
    """
    plain = _plain(document)
    name = plain.get("command")
    if not isinstance(name, str):
        return Nameless(document=document)
    if name in COMMANDS and isinstance(plain.get("flags", []), list):
        try:
            command = _typed(COMMANDS[name], plain)
            if _comparable(command) == _comparable(Raw(document=plain)):
                return command
        except (RtpeError, ValueError, TypeError, LookupError, AttributeError):
            # A key may hold anything where something else belongs.
            pass
    return Raw(document=document)


def _typed(kind: type[Command[Reply]], document: Mapping[str, Any]) -> Command[Reply]:
    words = document.get("flags", [])
    given = dict(_given(kind, document, words))
    own = kind(**given).to_ng()
    # What the command's own fields do not say is for its flags.
    rest = {key: value for key, value in document.items() if key not in own}
    rest["flags"] = [word for word in words if word not in own.get("flags", ())]
    if len(rest) > 1 or rest["flags"]:
        given["flags"] = flags_as_sent(rest)
    return kind(**given)


def _given(
    kind: type[Command[Reply]], document: Mapping[str, Any], words: Sequence[str]
) -> Iterator[tuple[str, object]]:
    """Yield the fields of a command that a request gives, and their values."""
    for name, key in keyed(kind):
        if isinstance(key, Ways):
            if party := _participant(key, document, words):
                yield name, party
        elif key.listed:
            yield name, key.key in words
        elif key.key in document:
            value = document[key.key]
            yield name, key.read(value) if key.read else value


def _participant(ways: Ways, document: Mapping[str, Any], words: Sequence[str]) -> Participant | None:
    """Return the participant that a request selects in one of these ways."""
    for by in _WAYS:
        key = ways.keys.get(by)
        if key and key.listed and key.key in words:
            return Participant.ALL
        if key and not key.listed and key.key in document:
            value = document[key.key]
            return Participant(by=by, values=tuple(value) if by == "tags" else (value,))
    return None


def _comparable(command: Command[Reply]) -> dict[str, object]:
    """Return what a request says, in a form that can be compared."""
    document: dict[str, Any] = _plain(command.to_ng())
    return {"supports": ["load limit"], **document, "flags": set(document.get("flags", ()))}


def _plain(value: Any) -> Any:
    """Return a value with strings and lists alone, as a request that came over the wire has them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
