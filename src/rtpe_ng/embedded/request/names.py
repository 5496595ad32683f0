"""The names of keys in a request, and the values of simple types that stand under them.

Which spellings of an option a version reads is known to the library: its `as_read` puts the options of a request
into the one spelling that every version takes. The keys that are about the message itself, such as ``call-id``,
have other names too; those were measured, and stand here.

A value of the wrong type counts as absent, so that reading raises nothing.
"""

import functools
from collections.abc import Mapping
from typing import Any, TypeVar

from ..versions import Behaviour

__all__ = ["heard", "number", "text_in", "words_in"]

_Default = TypeVar("_Default", int, None)

_VARIANTS = {
    "call-id": ("call-ID", "call id", "call ID"),
    "sdp": ("SDP",),
    "received-from": ("received from",),
    "delete-delay": ("delete delay",),
}
"""What is read in the place of other keys. ``query`` and the commands of recordings know ``call-id`` alone."""


@functools.cache
def _key_names(behaviour: Behaviour) -> Mapping[str, str]:
    """Return the names of the keys of a message by all that this version reads in their place."""
    names = {variant: name for name, variants in _VARIANTS.items() for variant in variants}
    return {**names, **behaviour.names_of_keys}


def heard(document: Mapping[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    """Return what a version reads in a request: the name of each key in the place of a variant, lists as lists."""
    names = _key_names(behaviour)
    by_one_name = text_in(document, "command") in behaviour.finds_calls_by_one_name
    by_name: dict[str, Any] = {}
    for key, value in behaviour.as_read(document).items():
        name = names.get(key, key)
        if by_one_name and name in ("call-id", "to-tag"):
            name = key
        if name not in by_name or behaviour.takes_last_of_twins:
            by_name[name] = value
    return by_name


def words_in(value: Any, behaviour: Behaviour) -> list[str]:
    """Return the words of a list, which may stand as a text with commas where the version reads that."""
    if isinstance(value, str):
        return value.split(",") if behaviour.reads_lists_with_commas else []
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def text_in(document: Mapping[str, Any], key: str) -> str | None:
    """Return the text under a key; None where there is none."""
    value = document.get(key)
    return value if isinstance(value, str) else None


def number(value: Any, default: _Default) -> int | _Default:
    """Return a number, which may stand as a text."""
    if isinstance(value, str):
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else default
    return value if isinstance(value, int) else default
