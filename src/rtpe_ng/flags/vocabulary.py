"""The words of the ng protocol's flags, and how each is checked.

A field of `Flags` is declared with one of the functions below: they give the key or word on the wire and
check the value. The words that a choice allows are read from its `Literal` type, so that the type checker
and the run-time check cannot disagree.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Collection, Iterable
from ipaddress import ip_address
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import attrs

from ..errors import UsageError

__all__ = [
    "DTLS",
    "ICE",
    "OSRTP",
    "AddressFamily",
    "ICELite",
    "OnOff",
    "Option",
    "Replace",
    "RtcpMux",
    "TransportProtocol",
    "YesNo",
    "address",
    "choice",
    "flag",
    "integer",
    "nearest",
    "pair",
    "refusing_unknown",
    "text",
    "words",
]

_T = TypeVar("_T")

ICE: TypeAlias = Literal["remove", "force", "default", "force-relay", "optional"]
ICELite: TypeAlias = Literal["forward", "backward", "both", "off"]
DTLS: TypeAlias = Literal["off", "no", "disable", "passive", "active"]
TransportProtocol: TypeAlias = Literal[
    "RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "accept"
]
RtcpMux: TypeAlias = Literal["offer", "require", "demux", "accept", "reject"]
Replace: TypeAlias = Literal[
    "origin", "session-connection", "session-name", "SDP-version", "username", "zero-address"
]
OSRTP: TypeAlias = Literal["offer", "offer-RFC", "offer-legacy", "accept", "accept-RFC", "accept-legacy"]
AddressFamily: TypeAlias = Literal["IP4", "IP6"]
YesNo: TypeAlias = Literal["yes", "no", "on", "off"]
OnOff: TypeAlias = Literal["on", "off"]

SDES_WORDS = (
    "off", "no", "disable", "nonew", "pad", "lifetime", "static", "prefer",
    "unencrypted_srtp", "unencrypted_srtcp", "unauthenticated_srtp",
    "encrypted_srtp", "encrypted_srtcp", "authenticated_srtp",
)  # fmt: skip
SDES_SUITES = (
    "AEAD_AES_256_GCM", "AEAD_AES_128_GCM",
    "AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32",
    "AES_192_CM_HMAC_SHA1_80", "AES_192_CM_HMAC_SHA1_32",
    "AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32",
    "F8_128_HMAC_SHA1_80", "F8_128_HMAC_SHA1_32",
    "NULL_HMAC_SHA1_80", "NULL_HMAC_SHA1_32",
)  # fmt: skip
SDES_PREFIXES = ("order:", "offerer_pref:")
SDES_KNOWN = (*SDES_WORDS, *(f"{act}-{suite}" for act in ("no", "only") for suite in SDES_SUITES))


@attrs.frozen(kw_only=True)
class Option:
    """One option as the wire has it: its `key`, or, where `listed`, its word in the list named ``flags``."""

    key: str
    listed: bool = False


def flag(word: str) -> Any:
    """Declare a boolean field: `word` stands in the list ``flags`` when it is true."""
    option = Option(key=word, listed=True)
    return attrs.field(default=False, validator=_is_bool, metadata={"option": option})


def choice(key: str, allowed: Any) -> Any:
    """Declare a field that takes one of the words of the Literal type `allowed`."""
    return _field(key, _one_of(get_args(allowed)))


def words(key: str, allowed: Any = (), prefixes: tuple[str, ...] = ()) -> Any:
    """Declare a field that takes a list of words: those of a Literal type or a collection, or by prefix.

    A single string is taken as a list of one. Repeated words are kept once.
    """
    known = get_args(allowed) or tuple(allowed)
    check = _each_of(known, prefixes)
    option = Option(key=key)
    return attrs.field(default=(), converter=_word_list(key), validator=check, metadata={"option": option})


def pair(key: str) -> Any:
    """Declare a field that takes exactly two strings, in an order that matters."""
    option = Option(key=key)
    return attrs.field(default=None, converter=_pair, validator=_is_pair, metadata={"option": option})


def text(key: str) -> Any:
    """Declare a field that takes any string."""
    return _field(key, _is_text)


def address(key: str) -> Any:
    """Declare a field that takes an IPv4 or IPv6 address as text."""
    return _field(key, _is_address)


def integer(key: str, low: int, high: int) -> Any:
    """Declare a field that takes an integer from `low` to `high`."""
    return _field(key, _is_integer(low, high))


def nearest(word: str, known: Collection[str]) -> str:
    """Return the sentence that names what `word` may have been meant to be: the cure in an error's text."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(str(word).casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    return f"known are {', '.join(sorted(known))}"


def refusing_unknown(cls: type[_T]) -> type[_T]:
    """Let the constructor of `cls` refuse an unknown name with a `UsageError` that knows a better one."""
    initialise: Callable[..., None] = cls.__init__
    known = [attribute.name for attribute in attrs.fields(cls)]  # type: ignore[arg-type]
    # Where there is a way round the vocabulary, the error names it.
    door = " (what this version does not know yet goes into extra={...})" if "extra" in known else ""

    @functools.wraps(initialise)
    def __init__(self: _T, *args: Any, **options: Any) -> None:  # noqa: N807
        if args:
            raise UsageError(f"{cls.__name__} takes its options by name: {cls.__name__}({known[0]}=..., ...)")
        for name in options:
            if name not in known:
                better = nearest(name.replace("-", "_"), known)
                raise UsageError(f"{cls.__name__}: {name!r} is no option; {better}{door}")
        initialise(self, **options)

    cls.__init__ = __init__  # type: ignore[assignment]
    return cls


Validator: TypeAlias = Callable[[Any, "attrs.Attribute[Any]", Any], None]


def _field(key: str, check: Validator) -> Any:
    return attrs.field(
        default=None, validator=attrs.validators.optional(check), metadata={"option": Option(key=key)}
    )


def _refuse(attribute: attrs.Attribute[Any], value: object, why: str) -> UsageError:
    return UsageError(f"{attribute.name}={value!r}: {why}")


def _is_bool(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise _refuse(attribute, value, "True or False expected")


def _is_text(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str) or not value:
        raise _refuse(attribute, value, "a string that is not empty expected")


def _is_address(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    try:
        if not isinstance(value, str):
            raise TypeError
        ip_address(value)
    except (ValueError, TypeError):
        raise _refuse(attribute, value, "an IPv4 or IPv6 address expected, as text") from None


def _is_integer(low: int, high: int) -> Validator:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _refuse(attribute, value, f"an integer from {low} to {high} expected")

    return check


def _one_of(known: tuple[str, ...]) -> Validator:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value not in known:
            raise _refuse(attribute, value, f"unknown; {nearest(str(value), known)}")

    return check


def _each_of(known: tuple[str, ...], prefixes: tuple[str, ...]) -> Validator:
    def check(_: object, attribute: attrs.Attribute[Any], value: tuple[str, ...]) -> None:
        for word in value:
            if known and word not in known and not word.startswith(prefixes or ("\0",)):
                raise _refuse(attribute, list(value), f"{word!r} is unknown; {nearest(word, known)}")

    return check


def _word_list(key: str) -> Callable[[Iterable[str] | str | None], tuple[str, ...]]:
    def convert(value: Any) -> tuple[str, ...]:
        items = [value] if isinstance(value, str) else [] if value is None else value
        items = list(items) if isinstance(items, Iterable) else [None]
        if not all(isinstance(item, str) and item for item in items):
            raise UsageError(f"{key}={value!r}: a list of strings expected")
        return tuple(dict.fromkeys(items))

    return convert


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _is_pair(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if value is None:
        return
    if not isinstance(value, tuple) or len(value) != 2 or not all(isinstance(x, str) and x for x in value):
        raise _refuse(attribute, value, "two interface names expected: the sender's side, then the receiver's")
