"""How the fields of a command are declared: their key on the wire, what they take, and since when it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any, TypeAlias, get_args

import attrs

from ...errors import UsageError
from ...flags import Flags

__all__ = [
    "NO_FLAGS",
    "Key",
    "as_text",
    "as_tuple",
    "choice",
    "count",
    "counts",
    "flags",
    "is_body",
    "is_count",
    "is_name",
    "key",
    "listed",
    "name",
    "names",
    "optional",
    "refuse",
    "source",
]

NO_FLAGS = Flags()
"""What most commands have: one value for all, because making it takes longer than all the rest."""

Validator: TypeAlias = Callable[[Any, "attrs.Attribute[Any]", Any], None]


@attrs.frozen(kw_only=True)
class Key:
    """A key of a request; where it is `listed`, a word in its list ``flags``. `since` is empty for an old one."""

    key: str = ""
    listed: bool = False
    since: str = ""
    write: Callable[[Any], Any] | None = None
    """What makes the value on the wire of the field's, where they differ by more than a list from a tuple."""
    read: Callable[[Any], Any] | None = None
    """What makes the field's value of that on the wire."""


def refuse(attribute: attrs.Attribute[Any], value: object, why: str) -> UsageError:
    """Return the error for a value that a field does not take."""
    return UsageError(f"{attribute.name}={value!r}: {why}")


def is_name(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Raise `UsageError` unless `value` is a string that is not empty."""
    if not isinstance(value, str) or not value:
        raise refuse(attribute, value, "a string that is not empty expected")


def is_count(low: int, high: int | None = None, unit: str = "") -> Validator:
    """Return a check that raises `UsageError` for what is no integer from `low` to `high`."""

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or value < low or value > (high or value):
            bound = f"of {low} or more" if high is None else f"from {low} to {high}"
            raise refuse(attribute, value, f"an integer {bound}{unit} expected")

    return check


def is_body(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Raise `UsageError` unless `value` is an SDP body, as text."""
    if not isinstance(value, str):
        raise UsageError(f"{attribute.name}: str or bytes expected, not {type(value).__name__}")
    if not value.strip():
        raise UsageError(f"{attribute.name}: an empty body")


def _is_flags(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, Flags):
        raise UsageError(f"{attribute.name}: Flags(...) expected, not {type(value).__name__}")


def _is_flag(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise refuse(attribute, value, "True or False expected")


def _is_address(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    try:
        # As text only: numbers and packed bytes are addresses to `ip_address` as well.
        ip_address(value if isinstance(value, str) else "")
    except ValueError as error:
        raise refuse(attribute, value, "an IPv4 or IPv6 address expected, as text") from error


def _is_names(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, tuple) or not all(isinstance(item, str) and item for item in value):
        raise refuse(attribute, value, "a list of strings that are not empty expected")


def as_tuple(value: Any) -> Any:
    """Return what was given as a list, a set and so on as a tuple; anything else is left to the check."""
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict) else value


def as_text(value: str | bytes) -> str:
    """Return a body as text; bytes that are not UTF-8 stand as surrogates."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def key(check: Validator, *, key: str = "", since: str = "", repr: bool = True) -> Any:
    """Declare a field that must be given; its key is its name with hyphens where `key` is not given."""
    return attrs.field(validator=check, repr=repr, metadata={"key": Key(key=key, since=since)})


def optional(check: Validator, *, key: str = "", since: str = "", repr: bool = True, **ways: Any) -> Any:
    """Declare a field that may be given, as `key` does; `ways` are the ``write`` and ``read`` of its `Key`."""
    validator = attrs.validators.optional(check)
    return attrs.field(
        default=None, validator=validator, repr=repr, metadata={"key": Key(key=key, since=since, **ways)}
    )


def name(*, since: str = "") -> Any:
    """Declare a field that takes a string, such as a Call-ID or a tag, and must be given."""
    return key(is_name, since=since)


def names(*, key: str = "", since: str = "", needed: bool = False) -> Any:
    """Declare a field that takes a list of strings."""
    options: dict[str, Any] = {} if needed else {"default": ()}
    metadata = {"key": Key(key=key, since=since)}
    return attrs.field(converter=as_tuple, validator=_is_names, metadata=metadata, **options)


def count(low: int, high: int | None = None, *, key: str = "", since: str = "", unit: str = "") -> Any:
    """Declare a field that takes an integer from `low` to `high` and may be left out."""
    return optional(is_count(low, high, unit), key=key, since=since)


def counts(low: int, high: int, *, key: str = "", since: str = "", unit: str = "") -> Any:
    """Declare a field that takes a list of integers from `low` to `high`."""
    each = is_count(low, high, unit)

    def check(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, tuple):
            raise refuse(attribute, value, "a list of integers expected")
        for item in value:
            each(instance, attribute, item)

    return attrs.field(default=(), converter=as_tuple, validator=check, metadata={"key": Key(key=key, since=since)})


def choice(allowed: Any, *, key: str = "", since: str = "") -> Any:
    """Declare a field that takes one of the words of the Literal type `allowed` and may be left out."""
    known = get_args(allowed)

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value not in known:
            raise refuse(attribute, value, f"one of {', '.join(map(repr, known))} expected")

    return optional(check, key=key, since=since)


def listed(word: str, *, since: str = "") -> Any:
    """Declare a boolean field: `word` stands in the list ``flags`` when it is true."""
    return attrs.field(default=False, validator=_is_flag, metadata={"key": Key(key=word, listed=True, since=since)})


def source() -> Any:
    """Declare the field for the address that a SIP message came from."""
    return optional(_is_address, key="received-from", write=_with_family, read=_without_family)


def _with_family(text: str) -> list[str]:
    address = ip_address(text)
    return [f"IP{address.version}", str(address)]


def _without_family(pair: Any) -> Any:
    _, address = pair
    return address


def flags() -> Any:
    """Declare the field for the options of `Flags`, whose keys stand beside those of the command."""
    return attrs.field(default=NO_FLAGS, validator=_is_flags)
