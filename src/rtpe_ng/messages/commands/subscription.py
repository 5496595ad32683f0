"""Commands that give a copy of somebody's media to others: publish, subscribe request and answer, unsubscribe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import attrs

from ...flags import Flags
from .. import decode
from ..replies import PartyReply, SubscribeReply, sdp_of
from . import fields
from .base import Acknowledged, Command, check_clash
from .participant import Participant, participant

__all__ = ["Publish", "SubscribeAnswer", "SubscribeRequest", "Unsubscribe", "read_party"]


class Party(Protocol):
    """A command that names a party, or has the daemon do it."""

    command: ClassVar[str]

    @property
    def call_id(self) -> str | None:
        """The Call-ID, if given."""

    @property
    def from_tag(self) -> str | None:
        """The tag, if given."""


def read_party(command: Party, document: Mapping[str, Any], seconds: float) -> PartyReply:
    """Return the reply that has a body and names the party. Raises `WireError` where it lacks one."""
    return PartyReply(
        seconds=seconds,
        raw=document,
        sdp=sdp_of(document, command.command),
        # Where they were given, a daemon before 26.0 does not repeat them.
        call_id=command.call_id or decode.needed(document, "call-id", command.command),
        from_tag=command.from_tag or decode.needed(document, "from-tag", command.command),
    )


@attrs.frozen(kw_only=True)
class Publish(Command[PartyReply]):
    """Give the daemon media that others may then subscribe to (ng document, "`publish` Message").

    The reply's body is the daemon's own answer, which only receives.
    """

    command: ClassVar[str] = "publish"
    since: ClassVar[str] = "10.0"

    sdp: str = attrs.field(
        converter=fields.as_text, validator=fields.is_body, repr=False, metadata={"key": fields.Key(key="sdp")}
    )
    """The publisher's offer, which only sends."""
    call_id: str | None = fields.optional(fields.is_name)
    """The SIP Call-ID; where it is not given, a daemon since 26.0 makes one up and the reply has it."""
    from_tag: str | None = fields.optional(fields.is_name)
    """The publisher's tag; where it is not given, a daemon since 26.0 makes one up and the reply has it."""
    bidirectional: bool = fields.listed("bidirectional", since="26.0")
    """The publisher receives too."""
    flags: Flags = fields.flags()
    """Options as for an offer; ``Flags(codec={"accept": [...]})`` says which codec is taken."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Any], seconds: float) -> PartyReply:
        """Return the daemon's answer. Raises `WireError` where the reply has none."""
        return read_party(self, document, seconds)


@attrs.frozen(kw_only=True)
class SubscribeRequest(Command[SubscribeReply]):
    """Ask for a copy of what one or several parties send (ng document, "`subscribe request` Message").

    The reply's body is an offer for the listener; its answer goes into `SubscribeAnswer`. A request for a
    `to_tag` that has subscriptions replaces them.
    """

    command: ClassVar[str] = "subscribe request"
    since: ClassVar[str] = "10.0"

    call_id: str = fields.name()
    """The SIP Call-ID."""
    participant: Participant = participant("tag", "tags", "label", "address", "all", needed=True)
    """Whose media; ``Participant.ALL`` stands for those that offered and answered, not for publishers."""
    to_tag: str | None = fields.optional(fields.is_name)
    """The listener's tag; where it is not given, the daemon makes one up and the reply has it."""
    set_label: str | None = fields.optional(fields.is_name)
    """The listener's label."""
    bidirectional: bool = fields.listed("bidirectional", since="26.0")
    """The listener may send too."""
    siprec: bool = fields.listed("siprec", since="10.3")
    """The offer is one for a recorder (RFC 7866), with a label in each media section."""
    flags: Flags = fields.flags()
    """Options as for an offer: they describe the listener's leg."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Any], seconds: float) -> SubscribeReply:
        """Return the offer for the listener. Raises `WireError` where the reply has none."""
        one = decode.text(document, "from-tag")
        return SubscribeReply(
            seconds=seconds,
            raw=document,
            sdp=sdp_of(document, self.command),
            to_tag=decode.needed(document, "to-tag", self.command),
            # 10.0 to 10.2 name a single one only.
            from_tags=decode.strings(document, "from-tags") or ((one,) if one else ()),
        )


@attrs.frozen(kw_only=True)
class SubscribeAnswer(Acknowledged):
    """The listener's answer: from now on the media flows (ng document, "`subscribe answer` Message")."""

    command: ClassVar[str] = "subscribe answer"
    since: ClassVar[str] = "10.0"

    sdp: str = attrs.field(
        converter=fields.as_text, validator=fields.is_body, repr=False, metadata={"key": fields.Key(key="sdp")}
    )
    """The answer to the body that the request came back with."""
    call_id: str = fields.name()
    """The SIP Call-ID."""
    to_tag: str = fields.name()
    """The listener's tag, as the request's reply has it."""
    allow_transcoding: bool = fields.listed("allow-transcoding")
    """The answer may have fewer codecs than the offer; without it, such an answer is refused."""
    bidirectional: bool = fields.listed("bidirectional", since="26.0")
    """The listener may send too."""
    flags: Flags = fields.flags()
    """Options as for an answer."""


@attrs.frozen(kw_only=True)
class Unsubscribe(Acknowledged):
    """End a subscription (ng document, "`unsubscribe` Message")."""

    command: ClassVar[str] = "unsubscribe"
    since: ClassVar[str] = "10.0"

    call_id: str = fields.name()
    """The SIP Call-ID."""
    to_tag: str = fields.name()
    """The listener's tag."""
    flags: Flags = fields.flags()
    """Further options."""
