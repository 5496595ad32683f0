"""Commands that make a party without an offer from outside: create, create answer, transform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from ...flags import Flags
from .. import decode
from ..replies import PartyReply, Transformed, TransformReply
from . import fields
from .base import Acknowledged, Command, check_clash
from .subscription import read_party

__all__ = ["Create", "CreateAnswer", "CreateMedia", "Payload", "Transform", "TransformMedia"]


def _is_a(kind: type) -> Any:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, tuple) or not all(isinstance(item, kind) for item in value):
            raise fields.refuse(attribute, value, f"a list of {kind.__name__}(...) expected")

    return check


def _several(kind: Any) -> Any:
    key = fields.Key(
        write=lambda values: [value.to_ng() for value in values],
        read=lambda items: [kind.from_ng(item) for item in items],
    )
    return attrs.field(default=(), converter=fields.as_tuple, validator=_is_a(kind), metadata={"key": key})


@attrs.frozen(kw_only=True)
class CreateMedia:
    """A media section of a party that is made (``medias`` in "`create` and `create answer` Messages")."""

    type: str = fields.name()
    """``audio``, ``video`` and so on."""
    codecs: Sequence[str] = fields.names()
    """The codecs that are offered, such as ``G722``."""

    def to_ng(self) -> dict[str, Any]:
        """Return it as it goes on the wire."""
        return {"type": self.type} | ({"codecs": list(self.codecs)} if self.codecs else {})

    @classmethod
    def from_ng(cls, source: Mapping[str, Any]) -> CreateMedia:
        """Return what `to_ng` made `source` of. Raises `UsageError` for what it cannot be, or `WireError`."""
        return cls(type=decode.needed(source, "type", "create"), codecs=decode.strings(source, "codecs"))


@attrs.frozen(kw_only=True)
class Create(Command[PartyReply]):
    """Make a call or a party, or ask for its offer (ng document, "`create` and `create answer` Messages").

    The reply's body is an offer; its answer goes into `CreateAnswer`. A new party has one audio section, plain
    RTP, with PCMA and PCMU, unless told otherwise.
    """

    command: ClassVar[str] = "create"
    since: ClassVar[str] = "26.0"

    call_id: str | None = fields.optional(fields.is_name)
    """The SIP Call-ID; where it is not given, the daemon makes one up and the reply has it."""
    from_tag: str | None = fields.optional(fields.is_name)
    """The party's tag; where it is not given, the daemon makes one up and the reply has it."""
    medias: Sequence[CreateMedia] = _several(CreateMedia)
    """The media sections, where one of audio is not what is wanted."""
    flags: Flags = fields.flags()
    """Options as for an offer; ``Flags(codec={"offer": [...]})`` says which audio codecs are offered."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Any], seconds: float) -> PartyReply:
        """Return the offer. Raises `WireError` where the reply has none."""
        return read_party(self, document, seconds)


@attrs.frozen(kw_only=True)
class CreateAnswer(Acknowledged):
    """The answer to the offer that `Create` gave (ng document, "`create` and `create answer` Messages")."""

    command: ClassVar[str] = "create answer"
    since: ClassVar[str] = "26.0"

    sdp: str = attrs.field(
        converter=fields.as_text, validator=fields.is_body, repr=False, metadata={"key": fields.Key(key="sdp")}
    )
    """The answer."""
    call_id: str = fields.name()
    """The SIP Call-ID."""
    from_tag: str = fields.name()
    """The party's tag."""
    flags: Flags = fields.flags()
    """Options as for an answer."""


@attrs.frozen(kw_only=True)
class Payload:
    """An RTP payload type and its codec, for `Transform`."""

    codec: str = fields.name()
    """Its name, such as ``PCMU``."""
    payload_type: int = fields.key(fields.is_count(0, 127))
    """Its number in RTP packets."""
    clock_rate: int = fields.key(fields.is_count(1, unit=" Hz"))
    """In Hz."""
    channels: int = attrs.field(default=1, validator=fields.is_count(1, 8), metadata={"key": fields.Key()})
    """1 for mono, 2 for stereo."""
    format: str | None = fields.optional(fields.is_name)
    """What an ``a=fmtp`` line would say of it."""
    options: str | None = fields.optional(fields.is_name)
    """How the encoder is set, such as ``bitrate=16000``."""

    def to_ng(self) -> dict[str, Any]:
        """Return it as it goes on the wire."""
        values = {field.name.replace("_", " "): getattr(self, field.name) for field in attrs.fields(Payload)}
        return {key: value for key, value in values.items() if value is not None}

    @classmethod
    def from_ng(cls, source: Mapping[str, Any]) -> Payload:
        """Return what `to_ng` made `source` of. Raises `UsageError` for what it cannot be."""
        given: dict[str, Any] = {
            field.name: source.get(field.name.replace("_", " "), field.default) for field in attrs.fields(Payload)
        }
        return cls(**given)


@attrs.frozen(kw_only=True)
class TransformMedia:
    """A media stream that is transcoded and sent on, for `Transform`."""

    address: str = fields.name()
    """Where the result is sent to: an IPv4 or IPv6 address."""
    port: int = fields.key(fields.is_count(1, 65_535))
    """The UDP port there."""
    codecs: tuple[tuple[Payload, Payload], ...] = attrs.field(converter=fields.as_tuple)
    """Pairs of what comes in and what goes out."""
    type: str = attrs.field(default="audio", validator=fields.is_name, metadata={"key": fields.Key()})
    """``audio``, ``video`` and so on."""
    id: str | None = fields.optional(fields.is_name)
    """A name by which the reply tells several apart."""

    @codecs.validator
    def _check(self, _: object, codecs: Any) -> None:
        pairs = (
            isinstance(codecs, tuple) and codecs and all(isinstance(it, tuple) and len(it) == 2 for it in codecs)
        )
        if not pairs or not all(isinstance(payload, Payload) for pair in codecs for payload in pair):
            raise UsageError(f"codecs={codecs!r}: pairs (Payload(...), Payload(...)) of input and output expected")

    def __attrs_post_init__(self) -> None:
        try:
            ip_address(self.address)
        except ValueError as error:
            raise UsageError(f"address={self.address!r}: an IPv4 or IPv6 address expected, as text") from error

    def to_ng(self) -> dict[str, Any]:
        """Return it as it goes on the wire."""
        family = f"IP{ip_address(self.address).version}"
        return ({"id": self.id} if self.id else {}) | {
            "type": self.type,
            "codec": [{"input": given.to_ng(), "output": made.to_ng()} for given, made in self.codecs],
            "destination": {"family": family, "address": self.address, "port": self.port},
        }

    @classmethod
    def from_ng(cls, source: Mapping[str, Any]) -> TransformMedia:
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


@attrs.frozen(kw_only=True)
class Transform(Command[TransformReply]):
    """Transcode streams for somebody who has no call: another daemon (``transform``; not in the ng document).

    The reply says where each stream is to be sent.
    """

    command: ClassVar[str] = "transform"
    since: ClassVar[str] = "13.3"

    media: Sequence[TransformMedia] = _several(TransformMedia)
    """The streams, at least one."""
    call_id: str | None = fields.optional(fields.is_name)
    """A Call-ID; where it is not given, the daemon makes one up and the reply has it."""
    from_tag: str | None = fields.optional(fields.is_name)
    """A tag; where it is not given, the daemon makes one up and the reply has it."""
    instance: str | None = fields.optional(fields.is_name)
    """Who asks: a daemon refuses what it has asked for itself."""
    interface: str | None = fields.optional(fields.is_name)
    """The daemon's logical interface where the streams are taken."""
    flags: Flags = fields.flags()
    """Further options."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)
        if not self.media:
            raise UsageError("media=(): at least one TransformMedia(...) expected")

    def read(self, document: Mapping[str, Any], seconds: float) -> TransformReply:
        """Return where the streams are taken. Raises `WireError` where the reply lacks what it promises."""
        return TransformReply(
            seconds=seconds,
            raw=document,
            call_id=decode.needed(document, "call-id", self.command),
            from_tag=decode.needed(document, "from-tag", self.command),
            media=tuple(map(Transformed.from_ng, decode.dictionaries(document, "media"))),
        )
