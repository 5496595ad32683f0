"""Bracket lists of OpenSIPS: ``codec=[transcode=[PCMA PCMU]]``."""

import re
from collections.abc import Mapping, Sequence

from ...errors import UsageError
from ...wire import Value

DEEPEST = 8
"""Levels of brackets that the module follows."""
LONGEST = 4096
"""Bytes of one value in brackets that the module reads."""
_BRACKET = re.compile(r"[\[\]]")
_KEY = re.compile(r"[^ =\[]*=")


def closing(text: str, start: int) -> int:
    """Return the index after the bracket that closes the one at `start`.

    Raises `UsageError` where there is none, and where the module gives up and rejects the whole string.
    """
    depth = 0
    for bracket in _BRACKET.finditer(text, start):
        depth += 1 if bracket.group() == "[" else -1
        if depth > DEEPEST:
            raise UsageError(f"{_clip(text[start:])}: opensips rejects more than {DEEPEST} levels of brackets")
        if not depth:
            if len(text[start : bracket.end()].encode("utf-8", "surrogateescape")) > LONGEST:
                raise UsageError(f"{_clip(text[start:])}: opensips rejects more than {LONGEST} bytes in brackets")
            return bracket.end()
    raise UsageError(f"{_clip(text[start:])}: opensips rejects a bracket that is not closed; add ']'")


def read(text: str, ignored: list[str]) -> list[Value] | dict[str, Value]:
    """Return the value of `text`, brackets included: a dictionary if anything in it has a ``=``, or a list.

    Inside, ``..`` is a space and ``--`` is ``=``. Items that the module drops are appended to `ignored`.
    """
    items: list[Value] = []
    pairs: dict[str, Value] = {}
    at, end = 1, len(text) - 1
    while at < end:
        if text[at] == " ":
            at += 1
            continue
        key = _KEY.match(text, at, end)
        at = key.end() if key else at
        if text.startswith("[", at):
            stop = closing(text, at)
            value: Value = read(text[at:stop], ignored)
        else:
            stop = min(stop, end) if (stop := text.find(" ", at)) >= 0 else end
            value = text[at:stop].replace("..", " ").replace("--", "=")
        at = stop
        if key is None:
            items.append(value)
        elif len(key.group()) > 1:
            pairs[key.group()[:-1]] = value
        else:
            ignored.append(f"={value}")
    if pairs:
        ignored += map(str, items)
        return pairs
    return items


def write(value: object) -> str:
    """Return `value`, strings in lists and dictionaries, in brackets.

    Raises `UsageError` for anything else. The caller checks that it reads back as the same value.
    """
    if isinstance(value, str):
        return value.replace(" ", "..").replace("=", "--")
    if isinstance(value, Mapping):
        return f"[{' '.join(f'{key}={write(item)}' for key, item in value.items())}]"
    if isinstance(value, Sequence):
        return f"[{' '.join(write(item) for item in value)}]"
    raise UsageError(f"{value!r}: a flag string has text only; say {str(value)!r}")


def _clip(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "...")
