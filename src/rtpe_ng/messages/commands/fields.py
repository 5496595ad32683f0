"""What the fields of several commands share: flags, a body, an address, and the options that `Flags` has too."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any, Unpack

import attrs

from ...errors import UsageError
from ...flags import Flags
from ...keys import About, Key, as_tuple, is_address, metadata

NO_FLAGS = Flags()
"""The flags of most commands: one value for all, because making it takes longer than making the command."""

NAMED = metadata(Key())
"""The metadata of a field whose key is its name with hyphens, and of which there is nothing else to know."""

_OPTIONS = attrs.fields_dict(Flags)


def as_flags(value: Flags | None) -> Flags:
    """Return the flags that were given, or `NO_FLAGS`. Raises `UsageError` for anything that is no `Flags`."""
    if isinstance(value, Flags):
        return value
    if value is None:
        return NO_FLAGS
    raise UsageError(f"flags: Flags(...) expected, not {type(value).__name__}")


def as_text(value: str | bytes) -> str:
    """Return a body as text; bytes that are not UTF-8 stand as surrogates."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def as_texts(value: Iterable[str]) -> tuple[str, ...]:
    """Return a list of strings as a tuple. A single string, or what is no list, is left to the check."""
    texts: tuple[str, ...] = as_tuple(value)
    return texts


def is_body(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Raise `UsageError` unless `value` is an SDP body, as text."""
    if not isinstance(value, str):
        raise UsageError(f"{attribute.name}: str or bytes expected, not {type(value).__name__}")
    if not value.strip():
        raise UsageError(f"{attribute.name}: an empty body")


def option(name: str, *, repr: bool = True, **about: Unpack[About]) -> Any:
    """Declare a field that is an option of `Flags` too: it has the option's key, check and default.

    `about` is what differs for the command, such as the first version that knows the key there.
    """
    same = _OPTIONS[name]
    return attrs.field(
        default=same.default,
        converter=same.converter,
        validator=same.validator,
        repr=repr,
        metadata=metadata(attrs.evolve(same.metadata["key"], **about)),
    )


def source() -> Any:
    """Declare the field for the address that a SIP message came from; on the wire it is a family and an address."""
    key = Key(key="received-from", write=_with_family, read=_without_family)
    return attrs.field(default=None, validator=attrs.validators.optional(is_address), metadata=metadata(key))


def _with_family(text: str) -> list[str]:
    # An IPv4 address has one spelling; one of IPv6 is sent in its shortest.
    return ["IP6", str(ip_address(text))] if ":" in text else ["IP4", text]


def _without_family(pair: tuple[str, str]) -> str:
    _, address = pair
    return address
