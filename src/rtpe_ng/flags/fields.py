"""`Fields`: every option of `Flags` as a field, and the way round them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any

import attrs

from ..errors import UsageError
from ..keys import Key, folded
from .options import (
    BodyOptions,
    CallOptions,
    DtmfOptions,
    MediaOptions,
    NetworkOptions,
    RecordingOptions,
    TransportOptions,
)

__all__ = ["Fields", "is_given", "options_of"]

RESERVED = frozenset({"command", "sdp", "call-id", "from-tag", "to-tag", "via-branch", "received-from", "supports"})
"""Keys that belong to the message, not to its flags: given twice, the daemon would take either."""


_OPTIONS: dict[type[Any], tuple[tuple[str, Key], ...]] = {}
_KEYS: dict[type[Any], dict[str, str]] = {}


def options_of(cls: type[Any]) -> tuple[tuple[str, Key], ...]:
    """Return the options that a class declares: the name of the field, and what is known of it."""
    if cls not in _OPTIONS:
        fields = ((attribute.name, attribute.metadata.get("key")) for attribute in attrs.fields(cls))
        _OPTIONS[cls] = tuple((name, option) for name, option in fields if option is not None)
    return _OPTIONS[cls]


def _keys(cls: type[Any]) -> Mapping[str, str]:
    """Return the fields by the names of their keys, as `folded` has them."""
    if cls not in _KEYS:
        _KEYS[cls] = {
            folded(key): name
            for name, option in options_of(cls)
            if not option.listed
            for key in (option.key, *option.spellings)
        }
    return _KEYS[cls]


def is_given(value: object) -> bool:
    """Return whether a field has a value that goes on the wire."""
    # Not by comparison: the number 0 is given, though it equals False.
    return value is not None and value is not False and value != ()


def _read_only(value: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise UsageError(f"extra={value!r}: a dictionary expected")
    extra = deepcopy(dict(value or {}))
    if "flags" in extra:
        words = extra["flags"]
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise UsageError(f"extra={{'flags': {words!r}}}: a list of words expected")
        extra["flags"] = list(dict.fromkeys(words))
    return MappingProxyType(extra)


# Of several bases, attrs has the fields of the last one first.
@attrs.frozen(kw_only=True, repr=False, slots=False)
class Fields(
    CallOptions,
    DtmfOptions,
    RecordingOptions,
    MediaOptions,
    NetworkOptions,
    BodyOptions,
    TransportOptions,
):
    """The options, each checked by itself."""

    extra: Mapping[str, Any] = attrs.field(factory=dict, converter=_read_only, hash=False)
    """Keys that this version of the library does not know; ``{"flags": [...]}`` adds words to that list."""

    @extra.validator
    def _check_extra(self, _: object, extra: Mapping[str, Any]) -> None:
        for key in extra:
            if folded(key) in RESERVED:
                raise UsageError(f"extra={{{key!r}: ...}}: this key belongs to the message, not to its flags")
            if name := _keys(type(self)).get(folded(key)):
                raise UsageError(f"extra={{{key!r}: ...}}: say {name}=... instead, which is checked")

    def _options(self) -> Iterator[tuple[str, Key, Any]]:
        for name, option in options_of(type(self)):
            yield name, option, getattr(self, name)

    def given(self) -> Iterator[tuple[str, Key, Any]]:
        """Yield the options that are given: the name of the field, what is known of it, its value."""
        return ((name, option, value) for name, option, value in self._options() if is_given(value))

    def __repr__(self) -> str:
        given = [
            f"{name}={list(value) if isinstance(value, tuple) else value!r}" for name, _, value in self.given()
        ]
        given += [
            f"{attribute.name}={dict(value) if isinstance(value, Mapping) else value!r}"
            for attribute in attrs.fields(type(self))
            if "key" not in attribute.metadata and (value := getattr(self, attribute.name))
        ]
        return f"Flags({', '.join(given)})"
