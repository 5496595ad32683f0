"""`Fields`: all data of `Flags`, and how they go to the wire and come back from it.

An option is a field with a `Key` in its metadata, so that nothing here names one: a document is made by walking
over the fields, and read by looking up its keys in a `Vocabulary` that is made of them. Two things have no option.
A key that the library does not know is in `extra`, and a known key with a value that its field refuses is in
`unchecked`. So everything that came from the wire can go back to it. `Fields` check each option by itself. Only
`Flags` refuse options that contradict each other; so a contradiction can still be read, compared and explained.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, TypeAlias

import attrs

from ..errors import UsageError
from ..keys import Field, Key, Validator, folded, refuse
from .nested import Given, ReadOnly, is_given, joined, on_wire
from .options.body import BodyOptions
from .options.call import CallOptions
from .options.dtmf import DtmfOptions
from .options.media import MediaOptions
from .options.network import NetworkOptions
from .options.recording import RecordingOptions
from .options.transport import TransportOptions
from .routing import FlagString, Routing

Arguments: TypeAlias = dict[str, Any]
"""The arguments of `Fields`, which checks them."""

RESERVED = frozenset({"command", "sdp", "call-id", "from-tag", "to-tag", "via-branch", "received-from", "supports"})
"""Keys that belong to the message, not to its flags: of a key that stands twice, the daemon takes either."""
_DEEPEST = 32
"""Levels of what is sent as it is given: far more than any option has, and few enough to be shown."""
_WHOLE = frozenset({"direction", "ICE", "frequencies"})
"""Lists of which the right one wins, as of scalars: their members belong together."""


def _copied(name: str, value: Mapping[str, object] | None) -> dict[str, object]:
    if value is not None and not isinstance(value, Mapping):
        raise UsageError(f"{name}={value!r}: a dictionary expected")
    if value and _is_deeper(value, _DEEPEST):
        raise UsageError(f"{name}: more than {_DEEPEST} levels of dictionaries and lists")
    return deepcopy(dict(value)) if value else {}


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, Mapping | list | tuple):
        return False
    items = value.values() if isinstance(value, Mapping) else value
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in items)


def _extra(value: Mapping[str, object] | None) -> Mapping[str, object]:
    extra = _copied("extra", value)
    if "flags" in extra:
        words = extra["flags"]
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise UsageError(f"extra={{'flags': {words!r}}}: a list of words expected")
        extra["flags"] = list(dict.fromkeys(words))
        if not words:
            del extra["flags"]
    return ReadOnly(extra)


def _is_extra(_: object, __: object, extra: Mapping[str, object]) -> None:
    for key in extra:
        if why := VOCABULARY.refusal(key):
            raise UsageError(why)


def _unchecked(value: Mapping[str, object] | None) -> Mapping[str, object]:
    unchecked = _copied("unchecked", value)
    for key in unchecked:
        if key in RESERVED:
            raise UsageError(f"unchecked={{{key!r}: ...}}: this key belongs to the message, not to its flags")
    return ReadOnly(unchecked)


def _is_a(kind: type) -> Validator:
    def check(_: object, attribute: Field, value: object) -> None:
        if not isinstance(value, kind):
            raise refuse(attribute, value, f"a {kind.__name__} expected")

    return check


_NOTHING: ReadOnly[str, object] = ReadOnly({})


# attrs puts the fields of the last base first.
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
    """The options, each checked by itself, and what a document or a flag string says besides."""

    extra: Mapping[str, Any] = attrs.field(default=_NOTHING, converter=_extra, validator=_is_extra)
    """Keys that this version of the library does not know; ``{"flags": [...]}`` adds words to that list."""
    routing: Routing = attrs.field(default=Routing(), validator=_is_a(Routing))
    """What a flag string said about tags, branches and addresses; never in `to_ng()`."""
    unchecked: Mapping[str, Any] = attrs.field(default=_NOTHING, converter=_unchecked)
    """Known keys with values that their fields refuse: `parse` with ``strict=False`` puts here what a proxy would
    send. They go on the wire as they are."""
    source: FlagString | None = attrs.field(default=None, validator=attrs.validators.optional(_is_a(FlagString)))
    """The flag string that these flags were read from, where the proxy sends something else for it than for the
    same flags built in Python: a word twice, another order, another spelling. Otherwise None. Two sets of flags
    that differ in it are not equal, because they differ on the wire."""

    def __attrs_post_init__(self) -> None:
        """Do what is to be done when the fields are filled: nothing here."""

    def given(self) -> Given:
        """Yield the options that are given: the name of the field, its key, its value."""
        values = vars(self)
        for name, key in VOCABULARY.options:
            if is_given(value := values[name]):
                yield name, key, value

    def __repr__(self) -> str:
        source = [f"source={self.source!r}"] if self.source else []
        return f"Flags({', '.join([*spelt(self), *source])})"


def document_of(flags: Fields) -> dict[str, Any]:
    """Return what goes on the wire for these flags, in lists and dictionaries of the caller's own."""
    document: dict[str, object] = {}
    words: list[str] = []
    for _, key, value in flags.given():
        if key.listed:
            words += [key.key] * key.sent
        else:
            document[key.key] = key.write(value) if key.write else on_wire(value)
    if flags.extra or flags.unchecked:
        more = deepcopy({**flags.extra, **flags.unchecked})
        if isinstance(more.get("flags"), list):
            words += [word for word in more.pop("flags") if word not in words]
        for name, value in more.items():
            document[name] = joined_values(document[name], value) if name in document else value
    return document | ({"flags": words} if words else {})


def joined_values(left: Any, right: Any) -> Any:
    """Return two values of one key joined: lists and dictionaries grow, of all else the right one counts."""
    if isinstance(left, dict) and isinstance(right, Mapping):
        return left | {
            name: joined_values(left[name], item) if name in left else item for name, item in right.items()
        }
    if isinstance(left, list) and isinstance(right, list):
        return [*left, *(item for item in right if item not in left)]
    return right


def spelt(flags: Fields) -> Iterator[str]:
    """Yield each argument but `source` that has a value, in Python, such as ``ice='force'``."""
    for name, _, value in flags.given():
        yield f"{name}={list(value) if isinstance(value, tuple) else value!r}"
    for name in ("extra", "routing", "unchecked"):
        if value := getattr(flags, name):
            yield f"{name}={value!r}"


@attrs.frozen(kw_only=True)
class Vocabulary:
    """The options by their names on the wire."""

    options: tuple[tuple[str, Key], ...]
    """The names of all fields that are options, and their keys."""
    words: Mapping[str, Field]
    """The fields of the words that stand in the list ``flags``, by each spelling."""
    keys: Mapping[str, Field]
    """The other fields, by each spelling of their keys."""
    spellings: Mapping[str, str]
    """The names of those, by each spelling as `folded` has it."""

    @classmethod
    def of(cls, kind: type[Fields]) -> Vocabulary:
        """Return the vocabulary of a class whose fields are options."""
        fields = [field for field in attrs.fields(kind) if "key" in field.metadata]
        keys: list[tuple[Field, Key]] = [(field, field.metadata["key"]) for field in fields]
        named = [(name, field, key.listed) for field, key in keys for name in (key.key, *key.spellings)]
        return cls(
            options=tuple((field.name, key) for field, key in keys),
            words={name: field for name, field, listed in named if listed},
            keys={name: field for name, field, listed in named if not listed},
            spellings={folded(name): field.name for name, field, listed in named if not listed},
        )

    def name_of(self, key: str) -> str:
        """Return the field that `key` stands for in any spelling, or `key` itself where it stands for none."""
        return self.spellings.get(folded(key), key)

    def refusal(self, key: str) -> str:
        """Return why `key` cannot be in `Fields.extra`, or an empty string where it can."""
        if folded(key) in RESERVED:
            return f"extra={{{key!r}: ...}}: this key belongs to the message, not to its flags"
        if name := self.spellings.get(folded(key)):
            return f"extra={{{key!r}: ...}}: say {name}=... instead, which is checked"
        return ""


VOCABULARY = Vocabulary.of(Fields)
_FIELDS: Mapping[str, Field] = {field.name: field for field in attrs.fields(Fields)}
_ORDER = {name: place for place, name in enumerate(_FIELDS)}


def taken(field: Field, value: object) -> object:
    """Return `value` as a field keeps it. Raises `UsageError` where the field refuses it."""
    convert: Any = field.converter
    value = convert(value) if convert else value
    check: Any = field.validator
    if check:
        check(None, field, value)
    return value


_DEFAULTS = {name: taken(field, field.default) for name, field in _FIELDS.items()}


def fill(flags: Fields, arguments: Arguments) -> None:
    """Fill the fields of new `flags`, each as it keeps its value.

    Only what is given is converted and checked, in the order of the fields: first all are converted, then checked.
    Raises `UsageError` where a field refuses its value, TypeError for a name that no field has.
    """
    try:
        names = sorted(arguments, key=_ORDER.__getitem__)
    except KeyError as error:
        raise TypeError(f"unexpected keyword argument {error}") from None
    values = vars(flags)
    values.update(_DEFAULTS)
    for name in names:
        convert: Any = _FIELDS[name].converter
        values[name] = convert(arguments[name]) if convert else arguments[name]
    for name in names:
        check: Any = _FIELDS[name].validator
        if check:
            check(flags, _FIELDS[name], values[name])


def arguments_for(flags: Fields) -> Arguments:
    """Return the arguments that make the same flags: all that is no default."""
    values = vars(flags)
    return {name: values[name] for name, default in _DEFAULTS.items() if values[name] is not default}


def _filling(initialise: Callable[..., None]) -> Callable[..., None]:
    """Return a constructor in the place of the one that attrs has made, and with its signature.

    That one converts and checks each of some hundred fields, though most have their defaults.
    """

    @functools.wraps(initialise)
    def __init__(self: Fields, **arguments: object) -> None:  # noqa: N807
        fill(self, arguments)
        self.__attrs_post_init__()

    return __init__


setattr(Fields, "__init__", _filling(Fields.__init__))  # noqa: B010


def merged(left: Fields, right: Fields) -> Arguments:
    """Return the arguments of both merged: of scalars the right one wins, lists are joined, booleans add up."""
    options = joined(left.given(), right.given(), _WHOLE)
    extra: dict[str, object] = {
        **left.extra,
        **right.extra,
        "flags": [*left.extra.get("flags", ()), *right.extra.get("flags", ())],
    }
    # A key of the right side wins, also over one that the left side could not check, in whatever spelling.
    known = set(map(VOCABULARY.name_of, document_of(right))) if left.unchecked else set()
    unchecked = {key: value for key, value in left.unchecked.items() if VOCABULARY.name_of(key) not in known}
    unchecked |= right.unchecked
    return options | {"extra": extra, "unchecked": unchecked, "routing": left.routing | right.routing}


def spelt_out(arguments: Arguments) -> Arguments:
    """Return the arguments of `Fields` with the options that ``webrtc`` stands for in its place."""
    if arguments.get("webrtc") is not True:
        return arguments
    others: Arguments = {**arguments, "webrtc": False}
    return merged(_WEBRTC, Fields(**others))


# The ng document, "`offer` Message", lists what the alias stands for. Since 14.0 the daemon adds BUNDLE, which
# older ones do not know.
_WEBRTC = Fields(
    transport_protocol="UDP/TLS/RTP/SAVPF",
    ice="force",
    trickle_ice=True,
    rtcp_mux=["offer", "require"],
    no_rtcp_attribute=True,
    sdes=["off"],
    generate_mid=True,
)
