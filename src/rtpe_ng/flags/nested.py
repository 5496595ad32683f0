"""Options whose value is a dictionary of its own: codecs, attribute lines, header extensions, music on hold.

A caller gives such an option as one of the values below or as a plain dictionary with the names of the wire; the
function beside each class (`codec`, `sdp_attr`, ...) makes the one of the other. `Flags` keeps the value, which is
checked, merges with another of its kind, and knows its dictionary.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, Self, TypeAlias, TypeGuard, TypeVar

import attrs

from ..errors import UsageError
from ..keys import Key, choice, integer, metadata, refusing_unknown, text, words

Given: TypeAlias = Iterator[tuple[str, Key, Any]]
"""What is given of some fields: the name of the field, its key, its value."""

_K = TypeVar("_K")
_V = TypeVar("_V")


class ReadOnly(Mapping[_K, _V]):
    """A dictionary that cannot be changed. Unlike `types.MappingProxyType` it is copied, pickled and hashed."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[_K, _V]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: _K) -> _V:
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[_K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        # The values may be lists. That the keys are equal where all is equal is what a hash needs.
        return hash(frozenset(self._items))

    def __repr__(self) -> str:
        return repr(self._items)


def is_given(value: object) -> bool:
    """Return whether a field has a value that goes on the wire."""
    # By identity, because the number 0 is a value, though it equals False.
    return value is not None and value is not False and value != ()


def listed(value: object) -> object:
    """Return `value` with lists of the caller's own in the place of tuples, as the wire has them."""
    return [listed(each) for each in value] if isinstance(value, tuple) else value


@attrs.frozen(kw_only=True, repr=False)
class Part:
    """A dictionary within `Flags`. ``a | b`` merges: of scalars the right one wins, lists are joined."""

    _whole: ClassVar[bool] = False
    """Whether its keys belong together, so that the right one of two wins as a whole."""

    def given(self) -> Given:
        """Yield the keys that are given: the name of the field, its key, its value."""
        for attribute in attrs.fields(type(self)):
            if is_given(value := getattr(self, attribute.name)):
                yield attribute.name, attribute.metadata["key"], value

    def __or__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        return other if self._whole else type(self)(**joined(self.given(), other.given()))

    def to_ng(self) -> dict[str, Any]:
        """Return the dictionary as it goes on the wire: what is given, in a fixed order."""
        return {key.key: on_wire(value) for _, key, value in self.given()}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={listed(value)!r}' for name, _, value in self.given())})"


def on_wire(value: object) -> object:
    """Return a field's value as it goes on the wire."""
    return value.to_ng() if isinstance(value, Part) else listed(value)


def joined(left: Given, right: Given, whole: Collection[str] = ()) -> dict[str, Any]:
    """Return the values of both by their names: of scalars the right one wins, lists and dictionaries are joined.

    Of the keys in `whole` the right one wins too, though they are lists.
    """
    values = {name: value for name, _, value in left}
    for name, key, value in right:
        mine = values.get(name)
        if isinstance(value, Part) and isinstance(mine, Part):
            values[name] = mine | value
        elif isinstance(value, tuple) and isinstance(mine, tuple) and key.key not in whole:
            values[name] = (*mine, *value)
        else:
            values[name] = value
    return values


_P = TypeVar("_P", bound=Part)


def _read(kind: type[_P], key: str, value: _P | Mapping[str, object] | None) -> _P | None:
    """Return what a dictionary with the names of the wire says, as a `kind`; None where it says nothing.

    Raises `UsageError` for other names.
    """
    if value is None:
        return None
    if not isinstance(value, kind):
        if not isinstance(value, Mapping):
            raise UsageError(f"{key}={value!r}: a {kind.__name__} or a dictionary of lists expected")
        names = {attribute.metadata["key"].key: attribute.name for attribute in attrs.fields(kind)}
        value = kind(**{names.get(name, str(name)): item for name, item in value.items()})
    return value if value.to_ng() else None


# Codecs: ng document, "Optionally included codec manipulations".

_OFFERS = ("offer", "subscribe request", "publish", "play media")


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Codec(Part):
    """Operations on codecs, each a list of names such as ``PCMU``, ``opus/48000/2`` or ``all``.

    `codec_a | codec_b` joins the lists, without repeats. Raises `UsageError` for an unknown operation, and for
    anything but a list of strings.
    """

    strip: Sequence[str] = words("strip")
    """Remove them from the SDP that goes out: a name, a payload type, ``all``, or ``full``, which keeps `transcode`
    from adding any of them as they were."""
    offer: Sequence[str] = words("offer")
    """Keep them although `strip` or `mask` would remove them, and put them first, in this order."""
    mask: Sequence[str] = words("mask", commands=_OFFERS)
    """Remove them from the offer that goes out, but accept them toward the offerer, by transcoding."""
    transcode: Sequence[str] = words("transcode", commands=_OFFERS)
    """Add them to the offer that goes out, transcoding where the offerer has none of them."""
    set: Sequence[str] = words("set", commands=_OFFERS)
    """Options, such as a bit rate in bit/s, for codecs that are transcoded to or from: ``opus/48000/2/32000``."""
    accept: Sequence[str] = words("accept", commands=_OFFERS)
    """Accept them toward the offerer even where the answerer refused them."""
    consume: Sequence[str] = words("consume", commands=_OFFERS)
    """Like `mask`, and engage transcoding even where nothing else asks for it."""
    # "except" is a word of Python's own.
    except_: Sequence[str] = words("except")
    """Keep them although `strip` or `mask` would remove them, in the order in which they came."""
    ignore: Sequence[str] = words("ignore", since="13.3", toward="sender")
    """Treat them as if the offerer had not listed them. Since 13.3."""


CodecLike: TypeAlias = Codec | Mapping[str, Sequence[str]]


def codec(value: CodecLike | None) -> Codec | None:
    """Return a `Codec` for a dictionary of lists. Raises `UsageError` for an operation that it does not know."""
    return _read(Codec, "codec", value)


# Header extensions.


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Extmap(Part):
    """What happens to RTP header extensions (RFC 8285), by their URIs; ``all`` means every one."""

    strip: Sequence[str] = words("strip", since="14.0")
    """Remove them from the SDP that goes out. Since 14.0."""
    mask: Sequence[str] = words("mask", since="14.0", commands=("offer",))
    """Remove them from the offer that goes out, but accept them from the sender and cut them from its packets.
    Since 14.0."""


ExtmapLike: TypeAlias = Extmap | Mapping[str, Sequence[str]]


def extmap(value: ExtmapLike | None) -> Extmap | None:
    """Return an `Extmap` for a dictionary of lists. Raises `UsageError` for a key that it does not know."""
    return _read(Extmap, "extmap", value)


# Attribute lines.

_Pair: TypeAlias = tuple[str, str]


def _pairs(value: Sequence[str] | Sequence[Sequence[str]] | None) -> tuple[_Pair, ...]:
    pairs: object = [value] if _is_pair(value) else value or []
    if not isinstance(pairs, Iterable) or isinstance(pairs, str):
        pairs = [None]
    kept: dict[_Pair, None] = {}
    for each in pairs:
        if not _is_pair(each):
            raise UsageError(f"substitute={value!r}: pairs expected: [['from this', 'to that'], ...]")
        kept[each[0], each[1]] = None
    return tuple(kept)


def _is_pair(value: object) -> TypeGuard[Sequence[str]]:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) == 2
        and all(isinstance(each, str) and each for each in value)
    )


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Attributes(Part):
    """What happens to the attribute lines of one kind of section, each without its ``a=``."""

    add: Sequence[str] = words("add", since="11.3")
    """Add these lines, where they are not there yet. Since 11.3."""
    remove: Sequence[str] = words("remove", since="11.3")
    """Remove these lines: the whole value, or, on newer daemons, its beginning up to a colon or a space. Since
    11.3."""
    substitute: Sequence[Sequence[str]] = attrs.field(
        default=(), converter=_pairs, metadata=metadata(Key(key="substitute", since="11.3"))
    )
    """Pairs of a line and the line that takes its place. Since 11.3."""


AttributesLike: TypeAlias = Attributes | Mapping[str, Sequence[str] | Sequence[Sequence[str]]]


def _attributes(value: AttributesLike | None) -> Attributes | None:
    return _read(Attributes, "sdp_attr", value)


def _section(key: str, since: str = "11.3") -> dict[str, Key]:
    return metadata(Key(key=key, since=since))


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class SdpAttr(Part):
    """Changes of attribute lines, as the last thing before the SDP goes out: the daemon does not follow them."""

    none: Attributes | None = attrs.field(default=None, converter=_attributes, metadata=_section("none"))
    """The lines of the session, above all sections. Since 11.3."""
    audio: Attributes | None = attrs.field(default=None, converter=_attributes, metadata=_section("audio"))
    """The lines of every audio section. Since 11.3."""
    video: Attributes | None = attrs.field(default=None, converter=_attributes, metadata=_section("video"))
    """The lines of every video section. Since 11.3."""
    image: Attributes | None = attrs.field(default=None, converter=_attributes, metadata=_section("image"))
    """The lines of every image section, such as one for T.38. Since 11.3."""
    text: Attributes | None = attrs.field(default=None, converter=_attributes, metadata=_section("text", "13.1"))
    """The lines of every text section. Since 13.1."""
    message: Attributes | None = attrs.field(default=None, converter=_attributes, metadata=_section("message"))
    """The lines of every message section. Since 11.3."""
    application: Attributes | None = attrs.field(
        default=None, converter=_attributes, metadata=_section("application", "13.1")
    )
    """The lines of every application section, such as a data channel. Since 13.1."""


SdpAttrLike: TypeAlias = SdpAttr | Mapping[str, AttributesLike]


def sdp_attr(value: SdpAttrLike | None) -> SdpAttr | None:
    """Return an `SdpAttr` for a dictionary of sections; ``global`` is another name of ``none``.

    Raises `UsageError` for a section or a change that it does not know.
    """
    if isinstance(value, Mapping) and "global" in value:
        value = {"none" if name == "global" else name: item for name, item in value.items()}
    return _read(SdpAttr, "sdp_attr", value)


# Music on hold.

MohMode: TypeAlias = Literal["sendonly", "sendrecv", "reflect"]
MohConnection: TypeAlias = Literal["zero"]


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Moh(Part):
    """Music that the daemon plays to the other party while the sender of this message holds the call.

    It needs a source: `file`, `blob` or `db_id`; ``mode="reflect"`` takes that of the other party. Raises
    `UsageError` where it has none, or more than one.
    """

    # A source and its mode.
    _whole = True

    file: str | None = text("file", since="13.2")
    """The path of a sound file on the daemon's machine. Since 13.2."""
    blob: str | None = text("blob", since="13.2")
    """The sound itself, as the bytes of a file in a string. Since 13.2."""
    db_id: int | None = integer("db-id", 1, 2**63 - 1, since="13.2")
    """The row of the daemon's database that has the sound. Since 13.2."""
    mode: MohMode | None = choice("mode", MohMode, since="13.2", words={"reflect": "13.3"})
    """How the held party sees it: ``sendonly`` (the default) or ``sendrecv``; ``reflect``, since 13.3 and only in
    re-offers, plays what the other party had announced. Since 13.2."""
    connection: MohConnection | None = choice("connection", MohConnection, since="13.2")
    """``zero`` holds with the address 0.0.0.0, as old phones do. Since 13.2."""

    def __attrs_post_init__(self) -> None:
        sources = [name for name in ("file", "blob", "db_id") if getattr(self, name) is not None]
        if len(sources) > 1:
            raise UsageError(f"moh: {' and '.join(sources)} are given, and one source of sound can be played")
        if not sources and self.mode != "reflect":
            raise UsageError("moh: a source is missing: file=..., blob=... or db_id=...")


MohLike: TypeAlias = Moh | Mapping[str, str | int]


def moh(value: MohLike | None) -> Moh | None:
    """Return a `Moh` for a dictionary. Raises `UsageError` for a key or a value that it does not know."""
    return _read(Moh, "moh", value)
