"""From flags to a string: the other way, and checked by reading it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import UsageError
from . import brackets
from .meaning import LISTS
from .module import Dialect
from .routing import Routing

__all__ = ["compose"]

_PREFIXES = {key: prefix for prefix, key in reversed(LISTS.items())} | {"codec-transcode": "transcode"}


def compose(flags: Any, dialect: Dialect) -> str:
    """Return a string that says what `flags` say, as far as the dialect has words for it.

    Whether it is understood as the same is for the caller to see. Raises `UsageError` for a value that no string
    of this dialect can have.
    """
    document: dict[str, Any] = flags.to_ng()
    words = document.pop("flags", [])
    # A word that is never sent is said nevertheless.
    words = [*words, *(option.key for _, option, _ in flags.given() if option.listed and not option.sent)]
    tokens = [token for key, value in document.items() for token in _said(flags, dialect, key, value)]
    return " ".join([*tokens, *words, *_routed(flags.routing)])


def _said(flags: Any, dialect: Dialect, key: str, value: Any) -> Iterator[str]:
    if key == "transport-protocol" and value in dialect.words:
        yield value
    elif isinstance(value, str | int):
        yield f"{key}={value}"
    elif key == "direction" and isinstance(value, list):
        yield from _interfaces(dialect, value)
    elif dialect.bracketed and (key in flags.unchecked or not _in_words(key, value)):
        yield f"{key}={brackets.write(value)}"
    elif isinstance(value, list) and key in _PREFIXES:
        yield from (_word(dialect, key, each) for each in value)
    elif isinstance(value, Mapping) and key == "codec":
        yield from (_word(dialect, f"codec-{name}", each) for name, names in value.items() for each in names)
    elif isinstance(value, Mapping) and key == "sdp-attr":
        for section, changes in value.items():
            for change, lines in changes.items():
                yield from (f"{key}-{section}-{change}-{line}" for line in lines)
    else:
        raise UsageError(f"{key}={value!r}: {dialect.name} has no way to say this")


def _in_words(key: str, value: Any) -> bool:
    """Say whether the members of a list can stand in the list ``flags``, each behind its key."""
    if key == "codec" and isinstance(value, Mapping):
        return all(_are_words(names) for names in value.values())
    return key in _PREFIXES and _are_words(value)


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and not any(set(str(word)) & set(" =") for word in value)


def _word(dialect: Dialect, key: str, word: object) -> str:
    # Behind its first "=" a value may have another, where the module knows the list.
    if "=" in str(word) and key in dialect.prefixes:
        return f"{key}={word}"
    return f"{_PREFIXES.get(key, key)}-{word}"


def _interfaces(dialect: Dialect, names: list[str]) -> Iterator[str]:
    if "in-iface" not in dialect.words:
        yield from (f"direction={name}" for name in names)
    elif len(names) == 2:
        yield f"in-iface={names[0]}"
        yield f"out-iface={names[1]}"
    else:
        yield f"direction={brackets.write(names)}"


def _routed(routing: Routing) -> Iterator[str]:
    values = {
        "call-id": routing.call_id,
        "from-tag": routing.from_tag,
        "via-branch": routing.via_branch,
        "via-branch-param": routing.via_branch_param,
        "received-from": routing.received_from,
    }
    yield from (f"{key}={value}" for key, value in values.items() if value is not None)
    yield from (f"from-tags={tag}" for tag in routing.from_tags)
    if routing.to_tag is not False:
        yield "to-tag" if routing.to_tag is True else f"to-tag={routing.to_tag}"
    yield from ["directional"] * routing.directional
    yield from ["force-answer"] * routing.force_answer
