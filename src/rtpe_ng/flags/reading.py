"""Reading flags back from the wire: which fields of `Flags` a document gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ..errors import UsageError
from .fields import folded, options_of
from .parts import Part

__all__ = ["arguments_of", "wire"]


def wire(value: Any) -> Any:
    """Return a field's value as it goes on the wire."""
    if isinstance(value, Part):
        return value.to_ng()
    return list(value) if isinstance(value, tuple) else value


def arguments_of(kind: type[Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `kind`, which is `Flags`, that stand for what `document` says.

    What no field says in just this way is in ``extra``, or in ``unchecked`` where ``extra`` would refuse it. Raises
    `UsageError` where ``flags`` is no list of words.
    """
    listed = document.get("flags", [])
    if not isinstance(listed, list | tuple) or not all(isinstance(word, str) for word in listed):
        raise UsageError("flags: a list of words expected")
    words = {option.key: name for name, option in options_of(kind) if option.listed and option.sent}
    known: dict[str, Any] = {words[word]: True for word in listed if word in words}
    extra: dict[str, Any] = {}
    unchecked: dict[str, Any] = {}
    options = {name: option for name, option in options_of(kind) if not option.listed}
    fields = {option.key: attrs.fields_dict(kind)[name] for name, option in options.items()}
    spellings = {folded(key) for option in options.values() for key in (option.key, *option.spellings)}
    for key, value in document.items():
        if key in fields and _says(fields[key], value):
            known[fields[key].name] = value
        elif key != "flags":
            (unchecked if folded(key) in spellings else extra)[key] = value
    if more := [word for word in listed if word not in words]:
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
