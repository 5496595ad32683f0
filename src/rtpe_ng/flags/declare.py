"""How an option of `Flags` is declared: its name on the wire, what is known of it, and how a value is checked."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from ipaddress import ip_address
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import attrs

from ..errors import UsageError

__all__ = [
    "Option",
    "Toward",
    "address",
    "choice",
    "digits",
    "flag",
    "integer",
    "integers",
    "nearest",
    "one_or_more",
    "pair",
    "part",
    "refusing_unknown",
    "text",
    "words",
]

_T = TypeVar("_T")

Toward: TypeAlias = Literal["receiver", "sender", "both", "call", "message"]


@attrs.frozen(kw_only=True)
class Option:
    """One option as the wire has it, and what is known of it beside the sentence below its field."""

    key: str
    """The key of the document, or, where `listed`, the word in the list named ``flags``."""
    listed: bool = False
    since: str = "10.5"
    """The first version of the daemon that knows it; ``10.5`` stands for that one and any before it."""
    until: str | None = None
    """The first version that knows it no more."""
    words: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    """The words, or beginnings of words, that came later than the option, with their first version."""
    ended: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    """The words that a version knows no more, with the first such version."""
    toward: Toward = "receiver"
    """The leg on which it acts: the one that the message goes to, comes from, both, or none in particular."""
    commands: tuple[str, ...] = ()
    """The commands in which it acts; empty where offers and answers alike do it."""
    spellings: tuple[str, ...] = ()
    """Other names of the same, beside those with spaces, underscores or other capitals."""
    bare: str | None = None
    """The value that the key stands for where it stands in the list ``flags``, without one."""
    sent: bool = True
    """Whether it goes on the wire: no daemon knows the word of what is its only behaviour."""
    obsolete: str = ""
    """Why nobody needs it any more."""


def flag(word: str, **about: Any) -> Any:
    """Declare a boolean field: `word` stands in the list ``flags`` when it is true."""
    option = Option(key=word, listed=True, **about)
    return attrs.field(default=False, validator=_is_bool, metadata={"option": option})


def choice(key: str, allowed: Any, **about: Any) -> Any:
    """Declare a field that takes one of the words of the Literal type `allowed`."""
    return _field(key, _one_of(get_args(allowed)), about)


def one_or_more(key: str, alone: Any, beside: Any, **about: Any) -> Any:
    """Declare a field that takes one word of the Literal type `alone`, or a list with words of `beside` too."""
    single, many = _one_of(get_args(alone)), _each_of((*get_args(alone), *get_args(beside)), ())

    def check(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        (many if isinstance(value, tuple) and value else single)(instance, attribute, value)

    def convert(value: Any) -> Any:
        if isinstance(value, str) or value is None or not isinstance(value, list | tuple):
            return value
        return value[0] if len(value) == 1 and value[0] in get_args(alone) else tuple(dict.fromkeys(value))

    option = Option(key=key, **about)
    validator = attrs.validators.optional(check)
    return attrs.field(default=None, converter=convert, validator=validator, metadata={"option": option})


def words(key: str, allowed: Any = (), prefixes: tuple[str, ...] = (), **about: Any) -> Any:
    """Declare a field that takes a list of words: those of a Literal type or a collection, or by prefix.

    A single string is taken as a list of one. Repeated words are kept once.
    """
    known = get_args(allowed) or tuple(allowed)
    check = _each_of(known, prefixes)
    option = Option(key=key, **about)
    return attrs.field(default=(), converter=_word_list(key), validator=check, metadata={"option": option})


def integers(key: str, low: int, high: int, **about: Any) -> Any:
    """Declare a field that takes a list of integers from `low` to `high`."""
    check = attrs.validators.deep_iterable(_is_integer(low, high))

    def convert(value: Any) -> Any:
        if value is None or isinstance(value, list | tuple):
            return tuple(value or ())
        return (value,)

    option = Option(key=key, **about)
    return attrs.field(default=(), converter=convert, validator=check, metadata={"option": option})


def pair(key: str, **about: Any) -> Any:
    """Declare a field that takes exactly two strings, in an order that matters."""
    option = Option(key=key, **about)
    return attrs.field(default=None, converter=_pair, validator=_is_pair, metadata={"option": option})


def part(key: str, convert: Callable[[Any], Any], **about: Any) -> Any:
    """Declare a field whose value is a dictionary of its own, read by `convert`."""
    return attrs.field(default=None, converter=convert, metadata={"option": Option(key=key, **about)})


def text(key: str, **about: Any) -> Any:
    """Declare a field that takes any string."""
    return _field(key, _is_text, about)


def digits(key: str, *, one: bool = False, **about: Any) -> Any:
    """Declare a field that takes DTMF digits, or exactly `one`."""

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        wanted = "one DTMF digit" if one else "DTMF digits"
        if not isinstance(value, str) or not value or set(value) - set("0123456789*#ABCD") or (one and value[1:]):
            raise _refuse(attribute, value, f"{wanted} expected, of 0123456789*#ABCD, as text")

    return _field(key, check, about)


def address(key: str, **about: Any) -> Any:
    """Declare a field that takes an IPv4 or IPv6 address as text."""
    return _field(key, _is_address, about)


def integer(key: str, low: int, high: int, **about: Any) -> Any:
    """Declare a field that takes an integer from `low` to `high`."""
    return _field(key, _is_integer(low, high), about)


def nearest(word: str, known: Collection[str]) -> str:
    """Return the sentence that names what `word` may have been meant to be: the cure in an error's text."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(str(word).casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    listed = sorted(known)
    more = f" and {len(listed) - 12} more" if len(listed) > 20 else ""
    return f"known are {', '.join(listed[:12] if more else listed)}{more}"


def refusing_unknown(cls: type[_T]) -> type[_T]:
    """Let the constructor of `cls` refuse an unknown name with a `UsageError` that knows a better one."""
    initialise: Callable[..., None] = cls.__init__
    fields = attrs.fields(cls)  # type: ignore[arg-type]
    known = [attribute.alias for attribute in fields if attribute.init]
    # What the daemon calls by several names has one here.
    other = {
        name.casefold().replace("-", "_"): attribute.name
        for attribute in fields
        if (option := attribute.metadata.get("option"))
        for name in option.spellings
    }
    # Where there is a way round the vocabulary, the error names it.
    names = frozenset(known)
    door = " (what this version does not know yet goes into extra={...})" if "extra" in names else ""

    @functools.wraps(initialise)
    def __init__(self: _T, *args: Any, **options: Any) -> None:  # noqa: N807
        if args:
            raise UsageError(f"{cls.__name__} takes its options by name: {cls.__name__}({known[0]}=..., ...)")
        for name in options:
            if name not in names:
                same = other.get(name.casefold())
                better = f"say {same!r}" if same else nearest(name.replace("-", "_"), known)
                raise UsageError(f"{cls.__name__}: {name!r} is no option; {better}{door}")
        initialise(self, **options)

    cls.__init__ = __init__  # type: ignore[assignment]
    return cls


Validator: TypeAlias = Callable[[Any, "attrs.Attribute[Any]", Any], None]


def _field(key: str, check: Validator, about: dict[str, Any]) -> Any:
    option = Option(key=key, **about)
    return attrs.field(default=None, validator=attrs.validators.optional(check), metadata={"option": option})


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
            if known and word not in known and not (prefixes and word.startswith(prefixes)):
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
