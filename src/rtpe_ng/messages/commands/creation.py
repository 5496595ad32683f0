"""Commands that make a party without an offer from outside: create, create answer, transform.

`create` and `transform` are the commands with lists of dictionaries. Each such dictionary is a value of its own:
`CreateMedia`, `TransformMedia`, and `Payload` within that. `to_ng` makes the dictionary and `from_ng` reads it; the
key of the field that holds the list names both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from ...flags import Flags
from ...keys import (
    Key,
    Validator,
    as_tuple,
    is_address,
    is_integer,
    is_text,
    is_texts,
    key_of,
    metadata,
    refuse,
    text,
)
from ...wire import Value
from .. import decode
from ..replies.bodies import Transformed, TransformReply
from .base import Acknowledged, Command, check_clash
from .fields import NAMED, NO_FLAGS, as_flags, as_text, as_texts, is_body, option
from .subscription import PartyCommand

__all__ = ["Create", "CreateAnswer", "CreateMedia", "Payload", "Transform", "TransformMedia"]


def _are(kind: type) -> Validator:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, tuple) or not all(isinstance(item, kind) for item in value):
            raise refuse(attribute, value, f"a list of {kind.__name__}(...) expected")

    return check


@attrs.frozen(kw_only=True)
class CreateMedia:
    """A media section of a party that `Create` makes (``medias`` in "`create` and `create answer` Messages")."""

    type: str = attrs.field(validator=is_text, metadata=NAMED)
    """``audio``, ``video`` and so on."""
    codecs: tuple[str, ...] = attrs.field(default=(), converter=as_texts, validator=is_texts, metadata=NAMED)
    """The codecs that are offered, such as ``G722``."""

    def to_ng(self) -> dict[str, Any]:
        """Return it as it goes on the wire."""
        return {"type": self.type} | ({"codecs": list(self.codecs)} if self.codecs else {})

    @classmethod
    def from_ng(cls, source: Mapping[str, Value]) -> CreateMedia:
        """Return what `to_ng` made `source` of. Raises `UsageError` for what it cannot be, or `WireError`."""
        return cls(type=decode.needed(source, "type", "create"), codecs=decode.strings(source, "codecs"))


def _as_medias(value: Iterable[CreateMedia]) -> tuple[CreateMedia, ...]:
    medias: tuple[CreateMedia, ...] = as_tuple(value)
    return medias


def _write(values: tuple[CreateMedia | TransformMedia, ...]) -> list[dict[str, Any]]:
    return [value.to_ng() for value in values]


def _read_medias(items: list[Any]) -> list[CreateMedia]:
    return [CreateMedia.from_ng(item) for item in items]


@attrs.frozen(kw_only=True)
class Create(PartyCommand):
    """Make a call or a party, and an offer for it (ng document, "`create` and `create answer` Messages").

    The reply's `sdp` is the offer; its answer goes into `CreateAnswer`, with the `call_id` and `from_tag` of the
    reply. A new party has one audio section, plain RTP, with PCMA and PCMU, unless told otherwise. For a party that
    exists, the offer is what it has.
    """

    command: ClassVar[str] = "create"
    since: ClassVar[str] = "26.0"
    counter: ClassVar[str] = "create"

    medias: tuple[CreateMedia, ...] = attrs.field(
        default=(),
        converter=_as_medias,
        validator=_are(CreateMedia),
        metadata=metadata(Key(write=_write, read=_read_medias)),
    )
    """The media sections, where you want other than one of audio."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Options as for an offer; ``Flags(codec={"offer": [...]})`` says which audio codecs are offered."""


@attrs.frozen(kw_only=True)
class CreateAnswer(Acknowledged):
    """Give the answer to the offer of `Create` (ng document, "`create` and `create answer` Messages")."""

    command: ClassVar[str] = "create answer"
    since: ClassVar[str] = "26.0"
    counter: ClassVar[str] = "crtansw"

    sdp: str = attrs.field(converter=as_text, validator=is_body, repr=False, metadata=NAMED)
    """The answer, as text or bytes."""
    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    from_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The party's tag."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Options as for an answer."""


@attrs.frozen(kw_only=True)
class Payload:
    """An RTP payload type and its codec, for `TransformMedia`."""

    codec: str = attrs.field(validator=is_text, metadata=NAMED)
    """The codec's name, such as ``PCMU``."""
    payload_type: int = attrs.field(validator=is_integer(0, 127), metadata=metadata(Key(key="payload type")))
    """Its number in RTP packets, from 0 to 127."""
    clock_rate: int = attrs.field(validator=is_integer(1, unit="Hz"), metadata=metadata(Key(key="clock rate")))
    """The clock rate, in Hz."""
    channels: int = attrs.field(default=1, validator=is_integer(1, 8), metadata=NAMED)
    """The number of channels: 1 for mono, 2 for stereo."""
    format: str | None = text("format")
    """What an ``a=fmtp`` line would say of it."""
    options: str | None = text("options")
    """Settings of the encoder, such as ``bitrate=16000``."""

    def to_ng(self) -> dict[str, Any]:
        """Return it as it goes on the wire."""
        return {key: value for name, key in _PAYLOAD if (value := getattr(self, name)) is not None}

    @classmethod
    def from_ng(cls, source: Mapping[str, Value]) -> Payload:
        """Return what `to_ng` made `source` of. Raises `UsageError` for what it cannot be."""
        fields: dict[str, Any] = {name: source[key] for name, key in _PAYLOAD if key in source}
        return cls(**fields)


_PAYLOAD = [(field.name, key.key) for field in attrs.fields(Payload) for key in (key_of(field),) if key]


def _as_pairs(value: Iterable[tuple[Payload, Payload]]) -> tuple[tuple[Payload, Payload], ...]:
    pairs: tuple[tuple[Payload, Payload], ...] = as_tuple(value)
    return pairs


def _are_pairs(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    pairs = value if isinstance(value, tuple) else ()
    if not pairs or not all(
        isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(payload, Payload) for payload in pair)
        for pair in pairs
    ):
        raise refuse(attribute, value, "pairs (Payload(...), Payload(...)) of input and output expected")


@attrs.frozen(kw_only=True)
class TransformMedia:
    """A media stream that `Transform` transcodes and sends on."""

    address: str = attrs.field(validator=is_address, metadata=NAMED)
    """The address that the result is sent to: IPv4 or IPv6, as text."""
    port: int = attrs.field(validator=is_integer(1, 65_535), metadata=NAMED)
    """The UDP port there."""
    codecs: tuple[tuple[Payload, Payload], ...] = attrs.field(converter=_as_pairs, validator=_are_pairs)
    """Pairs of what comes in and what goes out."""
    type: str = attrs.field(default="audio", validator=is_text, metadata=NAMED)
    """``audio``, ``video`` and so on."""
    id: str | None = text("id")
    """A name by which the reply tells several streams apart."""

    def to_ng(self) -> dict[str, Any]:
        """Return it as it goes on the wire."""
        family = f"IP{ip_address(self.address).version}"
        return ({"id": self.id} if self.id else {}) | {
            "type": self.type,
            "codec": [{"input": given.to_ng(), "output": made.to_ng()} for given, made in self.codecs],
            "destination": {"family": family, "address": self.address, "port": self.port},
        }

    @classmethod
    def from_ng(cls, source: Mapping[str, Value]) -> TransformMedia:
        """Return what `to_ng` made `source` of. Raises `UsageError` for what it cannot be, or `WireError`."""
        destination = decode.dictionary(source, "destination")
        return cls(
            id=decode.text(source, "id"),
            type=decode.needed(source, "type", "transform"),
            codecs=tuple(
                (
                    Payload.from_ng(decode.dictionary(pair, "input")),
                    Payload.from_ng(decode.dictionary(pair, "output")),
                )
                for pair in decode.dictionaries(source, "codec")
            ),
            address=decode.needed(destination, "address", "transform"),
            port=decode.integer(destination, "port"),
        )


def _as_streams(value: Iterable[TransformMedia]) -> tuple[TransformMedia, ...]:
    streams: tuple[TransformMedia, ...] = as_tuple(value)
    return streams


def _read_streams(items: list[Any]) -> list[TransformMedia]:
    return [TransformMedia.from_ng(item) for item in items]


@attrs.frozen(kw_only=True)
class Transform(Command[TransformReply]):
    """Transcode streams that belong to no call, for another daemon (``transform``; not in the ng document).

    The reply says where each stream is to be sent.
    """

    command: ClassVar[str] = "transform"
    since: ClassVar[str] = "13.3"
    counter: ClassVar[str] = "trnsfm"

    media: tuple[TransformMedia, ...] = attrs.field(
        converter=_as_streams,
        validator=_are(TransformMedia),
        metadata=metadata(Key(write=_write, read=_read_streams)),
    )
    """The streams, at least one."""
    call_id: str | None = text("call-id")
    """A Call-ID; where it is not given, the daemon makes one up and the reply has it."""
    from_tag: str | None = text("from-tag")
    """A tag; where it is not given, the daemon makes one up and the reply has it."""
    instance: str | None = text("instance")
    """A name for the daemon that asks: a daemon refuses its own requests."""
    interface: str | None = option("interface")
    """The daemon's logical interface where the streams come in."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)
        if not self.media:
            raise UsageError("media=(): at least one TransformMedia(...) expected")

    def read(self, document: Mapping[str, Value], seconds: float) -> TransformReply:
        """Return where the streams are taken. Raises `WireError` where the reply lacks what it promises."""
        return TransformReply(
            seconds=seconds,
            raw=document,
            call_id=decode.needed(document, "call-id", self.command),
            from_tag=decode.needed(document, "from-tag", self.command),
            media=tuple(map(Transformed.from_ng, decode.dictionaries(document, "media"))),
        )
