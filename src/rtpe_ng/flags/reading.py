"""Reading flags back from the wire: which fields of `Flags` a document gives."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import attrs

from ..errors import UsageError
from ..keys import folded
from .fields import options_of
from .parts import Part

__all__ = ["arguments_of", "wire"]


def wire(value: Any) -> Any:
    """Return a field's value as it goes on the wire."""
    if isinstance(value, Part):
        return value.to_ng()
    return list(value) if isinstance(value, tuple) else value


@attrs.frozen(kw_only=True)
class _Vocabulary:
    words: Mapping[str, str]
    """The fields of the words that are sent in the list ``flags``."""
    fields: Mapping[str, attrs.Attribute[Any]]
    """The other fields, by their keys."""
    spellings: frozenset[str]
    """All names of those keys, as `folded` has them."""

    @classmethod
    @functools.cache
    def of(cls, kind: Any) -> _Vocabulary:
        attributes = attrs.fields_dict(kind)
        options = options_of(kind)
        keys = [(name, option) for name, option in options if not option.listed]
        return cls(
            words={option.key: name for name, option in options if option.listed and option.sent},
            fields={option.key: attributes[name] for name, option in keys},
            spellings=frozenset(folded(key) for _, option in keys for key in (option.key, *option.spellings)),
        )


def arguments_of(kind: Any, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `kind`, which is `Flags`, that stand for what `document` says.

    What no field says in just this way is in ``extra``, or in ``unchecked`` where ``extra`` would refuse it. Raises
    `UsageError` where ``flags`` is no list of words.
    """
    listed = document.get("flags", [])
    if not isinstance(listed, list | tuple) or not all(isinstance(word, str) for word in listed):
        raise UsageError("flags: a list of words expected")
    vocabulary = _Vocabulary.of(kind)
    known: dict[str, Any] = {vocabulary.words[word]: True for word in listed if word in vocabulary.words}
    extra: dict[str, Any] = {}
    unchecked: dict[str, Any] = {}
    for key, value in document.items():
        field = vocabulary.fields.get(key)
        if field is not None and _says(field, value):
            known[field.name] = value
        elif key != "flags":
            (unchecked if folded(key) in vocabulary.spellings else extra)[key] = value
    if more := [word for word in listed if word not in vocabulary.words]:
        extra["flags"] = more
    return known | {"extra": extra, "unchecked": unchecked}


def _says(attribute: attrs.Attribute[Any], value: Any) -> bool:
    """Say whether the field takes `value` and puts the same on the wire again."""
    convert: Any = attribute.converter
    try:
        taken = convert(value) if convert else value
        if attribute.validator:
            attribute.validator(None, attribute, taken)
    except (ValueError, TypeError):
        return False
    return bool(wire(taken) == value)
