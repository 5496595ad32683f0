"""How a key of the ng protocol is declared: its name on the wire, what is known of it, and which values it takes.

A request is a dictionary. Each key of it is one field of a frozen value: an option of `Flags`, or a parameter of a
command. The field's metadata holds its `Key`, which is the one entry with the wire name, other spellings, versions,
unit and range. Everything else is read from these entries: what goes on the wire, what a request that arrives
means, which version knows an option, and the reference pages. A key that both `Flags` and a command have is
declared once and named by both.

A field that must be given is declared with `attrs.field(validator=...)` itself: type checkers see that such a field
is required. The functions below declare the others, which have a default.
"""

import ast
import difflib
import functools
import inspect
import itertools
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from ipaddress import ip_address
from typing import Any, Literal, TypeAlias, TypedDict, TypeVar, Unpack, get_args

import attrs

from .errors import UsageError

__all__ = [
    "DTMF_DIGITS",
    "About",
    "Field",
    "Key",
    "Toward",
    "Validator",
    "address",
    "as_tuple",
    "choice",
    "digits",
    "field_texts",
    "flag",
    "folded",
    "integer",
    "integers",
    "is_address",
    "is_bool",
    "is_integer",
    "is_text",
    "is_texts",
    "key_of",
    "metadata",
    "nearest",
    "one_of",
    "one_or_more",
    "pair",
    "refuse",
    "refusing_unknown",
    "text",
    "words",
]

_C = TypeVar("_C", bound=type)

DTMF_DIGITS = "0123456789*#ABCD"
"""The DTMF events that are digits, each at the place of its number (RFC 4733, section 3.2)."""

Toward: TypeAlias = Literal["receiver", "sender", "both", "call", "message"]
Field: TypeAlias = "attrs.Attribute[Any]"
Validator: TypeAlias = Callable[[object, Field, Any], None]


@attrs.frozen(kw_only=True)
class Key:
    """One key of a request as the wire has it, and what is known of it beside the text below its field."""

    key: str = ""
    """The key of the document, or, where `listed`, the word in its list ``flags``; empty where it is the field's
    name with hyphens."""
    listed: bool = False
    """Whether it is a word in the list ``flags``."""
    since: str = "10.5"
    """The first version of the daemon that knows it; ``10.5`` stands for that one and any before it."""
    until: str | None = None
    """The first version that knows it no more."""
    words: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    """The words, or beginnings of words, that came later than the key, with their first version."""
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
    unit: str = ""
    """The unit of a number, such as ``ms``, ``Hz`` or ``%``; empty where it has none."""
    low: int | None = None
    """The smallest number that it takes."""
    high: int | None = None
    """The largest number that it takes."""
    write: Callable[[Any], Any] | None = None
    """Makes the value on the wire from the field's, where they differ by more than a list from a tuple."""
    read: Callable[[Any], Any] | None = None
    """Makes the field's value from that on the wire."""


class About(TypedDict, total=False):
    """What the functions below take beside the key: fields of `Key`."""

    since: str
    until: str
    words: Mapping[str, str]
    ended: Mapping[str, str]
    toward: Toward
    commands: tuple[str, ...]
    spellings: tuple[str, ...]
    bare: str
    sent: bool
    obsolete: str
    unit: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def metadata(key: Key) -> dict[str, Key]:
    """Return the metadata of a field that has this key."""
    return {"key": key}


def key_of(attribute: Field) -> Key | None:
    """Return the key of a field, with its name on the wire; None for a field that is no key."""
    key: Key | None = attribute.metadata.get("key")
    if key is None or key.key:
        return key
    return attrs.evolve(key, key=attribute.name.replace("_", "-"))


def folded(key: object) -> str:
    """Return `key` without what the daemon takes for another spelling of the same."""
    return str(key).casefold().replace(" ", "-").replace("_", "-")


def field_texts(cls: type) -> Mapping[str, str]:
    """Return the text below each field of `cls` in its source, on one line, with those of the classes above it.

    A field without a text is absent. So is every field of a class whose source cannot be read, as in a program that
    was shipped without it: what shows these texts has to do without them there.
    """
    texts: dict[str, str] = {}
    for each in reversed(cls.__mro__):
        if each is cls or attrs.has(each):
            texts |= _texts_in(each.__module__).get(each.__qualname__, {})
    return texts


@functools.cache
def _texts_in(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return the texts below the fields of each class at the top of a module; empty without its source."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError, KeyError):
        return {}
    return {
        item.name: {
            field.target.id: " ".join(str(text.value.value).split())
            for field, text in itertools.pairwise(item.body)
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        }
        for item in tree.body
        if isinstance(item, ast.ClassDef)
    }


# Declaring fields that may be left out.


def flag(word: str, **about: Unpack[About]) -> bool:
    """Declare a boolean field: `word` stands in the list ``flags`` when it is true."""
    return attrs.field(default=False, validator=is_bool, metadata=metadata(Key(key=word, listed=True, **about)))


def text(key: str, **about: Unpack[About]) -> str | None:
    """Declare a field that takes any string but the empty one."""
    declared: str | None = _optional(is_text, Key(key=key, **about))
    return declared


def address(key: str, **about: Unpack[About]) -> str | None:
    """Declare a field that takes an IPv4 or IPv6 address as text."""
    declared: str | None = _optional(is_address, Key(key=key, **about))
    return declared


def digits(key: str, *, one: bool = False, **about: Unpack[About]) -> str | None:
    """Declare a field that takes DTMF digits, or exactly `one`."""
    wanted = "one DTMF digit" if one else "DTMF digits"

    def check(_: object, attribute: Field, value: object) -> None:
        if not isinstance(value, str) or not value or set(value) - set(DTMF_DIGITS) or (one and value[1:]):
            raise refuse(attribute, value, f"{wanted} expected, of 0123456789*#ABCD, as text")

    declared: str | None = _optional(check, Key(key=key, **about))
    return declared


def integer(key: str, low: int, high: int | None = None, **about: Unpack[About]) -> int | None:
    """Declare a field that takes an integer from `low` to `high`."""
    unit = about.get("unit", "")
    declared: int | None = _optional(is_integer(low, high, unit), Key(key=key, low=low, high=high, **about))
    return declared


def integers(key: str, low: int, high: int, **about: Unpack[About]) -> Any:
    """Declare a field that takes a list of integers from `low` to `high`, or a single one."""
    check = attrs.validators.deep_iterable(is_integer(low, high, about.get("unit", "")))

    def convert(value: object) -> tuple[object, ...]:
        if value is None or isinstance(value, list | tuple):
            return tuple(value or ())
        return (value,)

    key_ = Key(key=key, low=low, high=high, **about)
    return attrs.field(default=(), converter=convert, validator=check, metadata=metadata(key_))


def choice(key: str, allowed: object, **about: Unpack[About]) -> Any:
    """Declare a field that takes one of the words of the Literal type `allowed`."""
    return _optional(one_of(allowed), Key(key=key, **about))


def one_or_more(key: str, alone: object, beside: object, **about: Unpack[About]) -> Any:
    """Declare a field that takes one word of the Literal type `alone`, or a list with words of `beside` too."""
    single, many = one_of(alone), _each_of((*get_args(alone), *get_args(beside)), ())

    def check(instance: object, attribute: Field, value: object) -> None:
        (many if isinstance(value, tuple) and value else single)(instance, attribute, value)

    def convert(value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        return value[0] if len(value) == 1 and value[0] in get_args(alone) else tuple(dict.fromkeys(value))

    validator = attrs.validators.optional(check)
    key_ = Key(key=key, **about)
    return attrs.field(default=None, converter=convert, validator=validator, metadata=metadata(key_))


def words(key: str, allowed: Any = (), prefixes: tuple[str, ...] = (), **about: Unpack[About]) -> Any:
    """Declare a field that takes a list of words: those of a Literal type or a collection, or by prefix.

    A single string is taken as a list of one. Repeated words are kept once.
    """
    known = get_args(allowed) or tuple(allowed)
    check = _each_of(known, prefixes)
    return attrs.field(
        default=(), converter=_word_list(key), validator=check, metadata=metadata(Key(key=key, **about))
    )


def pair(key: str, **about: Unpack[About]) -> Any:
    """Declare a field that takes exactly two strings, in an order that matters."""
    return attrs.field(default=None, converter=_pair, validator=_is_pair, metadata=metadata(Key(key=key, **about)))


def _optional(check: Validator, key: Key) -> Any:
    # To a type checker a declaration is the value that the field has, as it is with attrs' own `field`.
    return attrs.field(default=None, validator=attrs.validators.optional(check), metadata=metadata(key))


# Converters and checks.


def as_tuple(value: object) -> Any:
    """Return what was given as a list, a set and so on as a tuple; anything else is left to the check."""
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict) else value


def refuse(attribute: Field, value: object, why: str) -> UsageError:
    """Return the error for a value that a field does not take."""
    return UsageError(f"{attribute.name}={value!r}: {why}")


def is_bool(_: object, attribute: Field, value: object) -> None:
    """Raise `UsageError` unless `value` is True or False."""
    if not isinstance(value, bool):
        raise refuse(attribute, value, "True or False expected")


def is_text(_: object, attribute: Field, value: object) -> None:
    """Raise `UsageError` unless `value` is a string that is not empty."""
    if not isinstance(value, str) or not value:
        raise refuse(attribute, value, "a string that is not empty expected")


def is_texts(_: object, attribute: Field, value: object) -> None:
    """Raise `UsageError` unless `value` is a tuple of strings that are not empty."""
    if not isinstance(value, tuple) or not all(isinstance(item, str) and item for item in value):
        raise refuse(attribute, value, "a list of strings that are not empty expected")


def is_address(_: object, attribute: Field, value: object) -> None:
    """Raise `UsageError` unless `value` is an IPv4 or IPv6 address, as text."""
    try:
        # As text only: numbers and packed bytes are addresses to `ip_address` as well.
        ip_address(value if isinstance(value, str) else "")
    except ValueError:
        raise refuse(attribute, value, "an IPv4 or IPv6 address expected, as text") from None


def is_integer(low: int, high: int | None = None, unit: str = "") -> Validator:
    """Return a check that raises `UsageError` for what is no integer from `low` to `high`, in `unit`."""
    bound = f"of {low} or more" if high is None else f"from {low} to {high}"
    wanted = f"an integer {bound} {unit}".rstrip()

    def check(_: object, attribute: Field, value: object) -> None:
        # A bool is an int, and True would be the number 1.
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not low <= value <= (value if high is None else high)
        ):
            raise refuse(attribute, value, f"{wanted} expected")

    return check


def one_of(allowed: object) -> Validator:
    """Return a check that raises `UsageError` for what is none of the words of the Literal type `allowed`."""
    known = get_args(allowed)

    def check(_: object, attribute: Field, value: object) -> None:
        if value not in known:
            raise refuse(attribute, value, f"unknown; {nearest(str(value), known)}")

    return check


def _each_of(known: tuple[str, ...], prefixes: tuple[str, ...]) -> Validator:
    def check(_: object, attribute: Field, value: tuple[str, ...]) -> None:
        for word in value:
            if known and word not in known and not (prefixes and word.startswith(prefixes)):
                raise refuse(attribute, list(value), f"{word!r} is unknown; {nearest(word, known)}")

    return check


def _word_list(key: str) -> Callable[[Iterable[str] | str | None], tuple[str, ...]]:
    def convert(value: Iterable[str] | str | None) -> tuple[str, ...]:
        items = [value] if isinstance(value, str) else [] if value is None else value
        items = list(items) if isinstance(items, Iterable) else [""]
        if not all(isinstance(item, str) and item for item in items):
            raise UsageError(f"{key}={value!r}: a list of strings expected")
        return tuple(dict.fromkeys(items))

    return convert


def _pair(value: object) -> object:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _is_pair(_: object, attribute: Field, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, tuple) or len(value) != 2 or not all(isinstance(x, str) and x for x in value):
        raise refuse(attribute, value, "two interface names expected: the sender's side, then the receiver's")


# Naming the cure.


def nearest(word: str, known: Collection[str], *, cutoff: float = 0.5, otherwise: str = "") -> str:
    """Return the sentence that names what `word` may have been meant to be: the cure in an error's text.

    `cutoff` is how alike they must be, from 0 to 1. Where nothing is, the sentence lists what is known, or is
    `otherwise`.
    """
    spelt = {name.casefold(): name for name in known}
    # Comparing takes the longer the word is, and a name is never that long.
    close = difflib.get_close_matches(str(word).casefold()[:80], spelt, n=1, cutoff=cutoff)
    if close:
        return f"did you mean {spelt[close[0]]!r}?"
    if otherwise:
        return otherwise
    listed = sorted(known)
    more = f" and {len(listed) - 12} more" if len(listed) > 20 else ""
    return f"known are {', '.join(listed[:12] if more else listed)}{more}"


def refusing_unknown(cls: _C) -> _C:
    """Let the constructor of `cls` refuse an unknown or missing name with a `UsageError` that knows a better one.

    Whatever the constructor raises of ours comes from the call itself: the code that attrs generates, with a
    signature of all fields, stays out of the traceback.
    """
    initialise: Callable[..., None] = getattr(cls, "__init__")  # noqa: B009 - it may be that of a base
    fields = attrs.fields(cls)
    known = [attribute.alias for attribute in fields if attribute.init]
    needed = [field.alias for field in fields if field.init and field.default is attrs.NOTHING]
    # What the daemon calls by several names has one here.
    other = {
        name.casefold().replace("-", "_"): attribute.name
        for attribute in fields
        if (key := attribute.metadata.get("key"))
        for name in key.spellings
    }
    # Where there is a way round the vocabulary, the error names it.
    names = frozenset(known)
    door = " (what this version does not know yet goes into extra={...})" if "extra" in names else ""

    def misnamed(args: tuple[object, ...], options: Mapping[str, object]) -> str:
        if args:
            return f"{cls.__name__} takes its options by name: {cls.__name__}({known[0]}=..., ...)"
        for name in (name for name in options if name not in names):
            same = other.get(name.casefold())
            better = f"say {same!r}" if same else nearest(name.replace("-", "_"), known)
            return f"{cls.__name__}: {name!r} is no option; {better}{door}"
        missing = [f"{name}=..." for name in needed if name not in options]
        return f"{cls.__name__}: {' and '.join(missing)} must be given" if missing else ""

    @functools.wraps(initialise)
    def __init__(self: object, *args: object, **options: object) -> None:  # noqa: N807
        try:
            return initialise(self, *args, **options)
        except UsageError as error:
            problem = error
        except TypeError:
            # Only now, because names are right nearly always.
            why = misnamed(args, options)
            if not why:
                raise
            problem = UsageError(why)
        raise problem.with_traceback(None) from None

    setattr(cls, "__init__", __init__)  # noqa: B010
    return cls
