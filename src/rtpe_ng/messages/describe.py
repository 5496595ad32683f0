"""What `help` shows of the values of this package: their docstrings, and below them the text of each field."""

import inspect
import textwrap
from collections.abc import Iterator

import attrs

from ..keys import Key, field_texts, key_of
from .commands.base import Command, keyed

_WIDTH = 108
_UNBOUNDED = 2**31 - 1
"""A bound that is that of the integer alone, and tells a reader nothing."""


class _WithFields:
    """A docstring that is made when somebody reads it: until then, nobody needs the texts of the fields."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, instance: object, owner: type) -> str:
        return "\n".join([inspect.cleandoc(self._text), "", *_lines(owner)]).rstrip()


def show_fields(cls: type) -> None:
    """Let the docstring of an attrs class have the texts of its fields, with what their keys say of them."""
    setattr(cls, "__doc__", _WithFields(cls.__doc__ or ""))  # noqa: B010


def _lines(cls: type) -> Iterator[str]:
    texts = field_texts(cls)
    keys = dict(keyed(cls)) if issubclass(cls, Command) else {}
    for field in attrs.fields(cls):
        if field.init:
            key = keys.get(field.name) or key_of(field)
            facts = _facts(key, cls) if isinstance(key, Key) else ""
            line = f"- `{field.alias}`: {texts.get(field.name, '')}{facts}"
            yield textwrap.fill(line, _WIDTH, subsequent_indent="  ")


def _facts(key: Key, cls: type) -> str:
    facts = ""
    if key.low is not None:
        unit = f" {key.unit}" if key.unit else ""
        is_open = key.high is None or key.high >= _UNBOUNDED
        facts = f" Allowed: {key.low}{unit} or more." if is_open else f" Allowed: {key.low} to {key.high}{unit}."
    since = key.since if key.since != Key().since else ""
    return f"{facts} Since {since}." if since and since != getattr(cls, "since", "") else facts
