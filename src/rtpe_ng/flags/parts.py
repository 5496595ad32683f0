"""Options whose value is a dictionary of its own: header extensions, attribute lines, music on hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias, TypeVar

import attrs

from ..errors import UsageError
from ..keys import Key, choice, integer, refusing_unknown, text, words

__all__ = [
    "Attributes",
    "AttributesLike",
    "Extmap",
    "ExtmapLike",
    "Moh",
    "MohLike",
    "Part",
    "SdpAttr",
    "SdpAttrLike",
    "extmap",
    "moh",
    "reading",
    "sdp_attr",
]


@attrs.frozen(kw_only=True, repr=False)
class Part:
    """A dictionary within `Flags`. ``a | b`` merges: of scalars the right one wins, lists are joined."""

    def __or__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        merged: dict[str, Any] = {}
        for attribute in attrs.fields(type(self)):
            mine, theirs = getattr(self, attribute.name), getattr(other, attribute.name)
            if isinstance(theirs, Part) and isinstance(mine, Part):
                merged[attribute.name] = mine | theirs
            elif isinstance(theirs, tuple):
                merged[attribute.name] = (*mine, *theirs)
            else:
                merged[attribute.name] = mine if theirs is None else theirs
        return type(self)(**merged)

    def to_ng(self) -> dict[str, Any]:
        """Return the dictionary as it goes on the wire: what is given, in a fixed order."""
        document: dict[str, Any] = {}
        for attribute in attrs.fields(type(self)):
            value = getattr(self, attribute.name)
            if isinstance(value, Part):
                value = value.to_ng()
            if value is not None and value != () and value != {}:
                document[attribute.metadata["key"].key] = _listed(value)
        return document

    def __repr__(self) -> str:
        given = [
            f"{attribute.name}={_listed(value)!r}"
            for attribute in attrs.fields(type(self))
            if (value := getattr(self, attribute.name)) is not None and value != ()
        ]
        return f"{type(self).__name__}({', '.join(given)})"


_P = TypeVar("_P", bound=Part)


def reading(key: str, kind: type[_P]) -> Callable[[Any], _P | None]:
    """Return what makes a `kind` of a dictionary with the names of the wire; an unknown name is a `UsageError`."""

    def read(value: Any) -> _P | None:
        """Return the value, or what a dictionary says; raise `UsageError` for what it cannot say."""
        if value is None or isinstance(value, kind):
            return value
        if not isinstance(value, Mapping):
            raise UsageError(f"{key}={value!r}: a {kind.__name__} or a dictionary of lists expected")
        names = {attribute.metadata["key"].key: attribute.name for attribute in attrs.fields(kind)}
        return kind(**{names.get(name, str(name)): item for name, item in value.items()})

    return read


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Extmap(Part):
    """What is to happen to RTP header extensions (RFC 8285), by their URIs; ``all`` means every one."""

    strip: Sequence[str] = words("strip", since="14.0")
    """Remove them from the SDP that goes out. Since 14.0."""
    mask: Sequence[str] = words("mask", since="14.0", commands=("offer",))
    """Remove them from the offer that goes out, but accept them from the sender and cut them from its packets.
    Since 14.0."""


_Pair: TypeAlias = tuple[str, str]


def _pairs(value: Any) -> tuple[_Pair, ...]:
    pairs = [value] if _is_pair(value) else [] if value is None else value
    if not isinstance(pairs, Iterable) or isinstance(pairs, str) or not all(_is_pair(each) for each in pairs):
        raise UsageError(f"substitute={value!r}: pairs expected: [['from this', 'to that'], ...]")
    return tuple(dict.fromkeys((each[0], each[1]) for each in pairs))


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) == 2
        and all(isinstance(each, str) and each for each in value)
    )


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Attributes(Part):
    """What is to happen to the attribute lines of one kind of section, each without its ``a=``."""

    add: Sequence[str] = words("add", since="11.3")
    """Add these lines, where they are not there yet. Since 11.3."""
    remove: Sequence[str] = words("remove", since="11.3")
    """Remove these lines: the whole value, or, on newer daemons, its beginning up to a colon or a space. Since
    11.3."""
    substitute: Sequence[Sequence[str]] = attrs.field(
        default=(), converter=_pairs, metadata={"key": Key(key="substitute", since="11.3")}
    )
    """Pairs of a line and what is to stand in its place. Since 11.3."""


AttributesLike: TypeAlias = Attributes | Mapping[str, Sequence[Any]]

_attributes = reading("sdp_attr", Attributes)


def _section(key: str) -> Any:
    return attrs.field(default=None, converter=_attributes, metadata={"key": Key(key=key, since="11.3")})


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class SdpAttr(Part):
    """Changes of attribute lines, as the last thing before the SDP goes out: the daemon does not follow them."""

    none: AttributesLike | None = _section("none")
    """The lines of the session, above all sections. Since 11.3."""
    audio: AttributesLike | None = _section("audio")
    """The lines of every audio section. Since 11.3."""
    video: AttributesLike | None = _section("video")
    """The lines of every video section. Since 11.3."""
    image: AttributesLike | None = _section("image")
    """The lines of every image section, such as one for T.38. Since 11.3."""
    text: AttributesLike | None = _section("text")
    """The lines of every text section. Since 11.3."""
    message: AttributesLike | None = _section("message")
    """The lines of every message section. Since 11.3."""
    application: AttributesLike | None = _section("application")
    """The lines of every application section, such as a data channel. Since 11.3."""


MohMode: TypeAlias = Literal["sendonly", "sendrecv", "reflect"]
MohConnection: TypeAlias = Literal["zero"]


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Moh(Part):
    """Music that the daemon plays to the other party while the sender of this message holds the call.

    It needs a source: `file`, `blob` or `db_id`; ``mode="reflect"`` takes that of the other party.
    """

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

    def __or__(self, other: Self) -> Self:
        # A source and its mode belong together: the right one wins as a whole.
        return other if isinstance(other, Moh) else NotImplemented

    def __attrs_post_init__(self) -> None:
        sources = [name for name in ("file", "blob", "db_id") if getattr(self, name) is not None]
        if len(sources) > 1:
            raise UsageError(f"moh: {' and '.join(sources)} are given, and one source of sound can be played")
        if not sources and self.mode != "reflect":
            raise UsageError("moh: a source is missing: file=..., blob=... or db_id=...")


ExtmapLike: TypeAlias = Extmap | Mapping[str, Sequence[str]]
SdpAttrLike: TypeAlias = SdpAttr | Mapping[str, AttributesLike]
MohLike: TypeAlias = Moh | Mapping[str, Any]

extmap = reading("extmap", Extmap)
moh = reading("moh", Moh)


def sdp_attr(value: Any) -> SdpAttr | None:
    """Return an `SdpAttr` for a dictionary of sections; ``global`` is another name of ``none``."""
    if isinstance(value, Mapping) and "global" in value:
        value = {"none" if name == "global" else name: item for name, item in value.items()}
    return reading("sdp_attr", SdpAttr)(value)


def _listed(value: Any) -> Any:
    """Return `value` with lists of the caller's own in the place of tuples."""
    return [_listed(each) for each in value] if isinstance(value, tuple) else value
