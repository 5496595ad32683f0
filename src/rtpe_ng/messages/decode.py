"""Reading typed values from plain ones: what is absent has a default, what has the wrong type is an error.

Replies differ between versions of the daemon, so a reader asks for no more than it needs; but what is there must
have its type.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from ..errors import WireError
from ..wire import Value

_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?", re.ASCII)


def dictionary(source: Mapping[str, Value], key: str) -> Mapping[str, Value]:
    """Return the dictionary at `key`, empty where it is absent; raise `WireError` where it is something else."""
    value = source.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(key, "a dictionary", value)
    return value


def dictionaries(source: Mapping[str, Value], key: str) -> Sequence[Mapping[str, Value]]:
    """Return the dictionaries listed at `key`, an empty list where it is absent; raise `WireError` otherwise."""
    value = source.get(key, [])
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(items) < len(value):
        raise _wrong(key, "a list of dictionaries", value)
    return items


def strings(source: Mapping[str, Value], key: str) -> tuple[str, ...]:
    """Return the strings listed at `key`, an empty tuple where it is absent; raise `WireError` otherwise."""
    value = source.get(key, [])
    items = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(items) < len(value):
        raise _wrong(key, "a list of strings", value)
    return tuple(items)


def text(source: Mapping[str, Value], key: str) -> str | None:
    """Return the string at `key`, None where it is absent; raise `WireError` where it is something else."""
    value = source.get(key)
    if value is not None and not isinstance(value, str):
        raise _wrong(key, "a string", value)
    return value


def integer(source: Mapping[str, Value], key: str) -> int:
    """Return the integer at `key`, also where it is written as a string, 0 where it is absent.

    Raises `WireError` where it is something else.
    """
    value = source.get(key, 0)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        return int(value)
    if not isinstance(value, int):
        raise _wrong(key, "an integer", value)
    return value


def integer_or_none(source: Mapping[str, Value], key: str) -> int | None:
    """Return the integer at `key` as `integer` reads it, None where it is absent; raise `WireError` likewise."""
    return integer(source, key) if key in source else None


def integers(source: Mapping[str, Value], keys: Iterable[str]) -> dict[str, int]:
    """Return the integers at `keys`, each as `integer` reads it, by names with underscores."""
    return {key.replace(" ", "_").casefold(): integer(source, key) for key in keys}


def integers_or_none(source: Mapping[str, Value], keys: Iterable[str]) -> dict[str, int | None]:
    """Return what `integer_or_none` reads at `keys`, by names with underscores."""
    return {key.replace(" ", "_").casefold(): integer_or_none(source, key) for key in keys}


def number(source: Mapping[str, Value], key: str) -> float:
    """Return the number at `key`, an integer or one with a point in a string, 0 where it is absent.

    Raises `WireError` where it is something else.
    """
    value = source.get(key, 0)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    if not isinstance(value, int):
        raise _wrong(key, "a number", value)
    return float(value)


def needed(source: Mapping[str, Value], key: str, command: str) -> str:
    """Return the string at `key`; raise `WireError` where the reply to `command` lacks it."""
    value = text(source, key)
    if value is None:
        raise WireError(f"the reply to {command!r} carries no {key!r}")
    return value


def _wrong(key: str, expected: str, value: object) -> WireError:
    return WireError(f"the reply has {type(value).__name__} at {key!r}, where {expected} belongs")
