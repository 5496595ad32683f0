"""Commands that give a copy of one party's media to others: publish, subscribe request and answer, unsubscribe.

For a listener the daemon is the offerer: `SubscribeRequest` asks it for an offer, and `SubscribeAnswer` brings the
listener's answer. A publisher is the other way round: its offer comes first, and the daemon answers it. Both are
parties of a call without being in its dialogue, so they need no tag of SIP, and the daemon may make one up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

from ...flags import Flags
from ...keys import is_text, text
from ...wire import Value
from .. import decode
from ..replies.bodies import PartyReply, SubscribeReply, tag_medias_of
from .base import Acknowledged, Command, Paired, check_clash
from .call import Delete
from .fields import NAMED, NO_FLAGS, as_flags, as_text, is_body, option
from .participant import ANY_PARTY, Participant

__all__ = ["Publish", "SubscribeAnswer", "SubscribeRequest", "Unsubscribe"]


@attrs.frozen(kw_only=True)
class PartyCommand(Command[PartyReply]):
    """What the commands have in common that make a party, and may leave its names to the daemon."""

    call_id: str | None = text("call-id")
    """The SIP Call-ID; where it is not given, a daemon since 26.0 makes one up and the reply has it."""
    from_tag: str | None = text("from-tag")
    """The party's tag; where it is not given, a daemon since 26.0 makes one up and the reply has it."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Value], seconds: float) -> PartyReply:
        """Return the body that the daemon made for the party. Raises `WireError` where the reply has none."""
        return PartyReply(
            seconds=seconds,
            raw=document,
            sdp=decode.needed(document, "sdp", self.command),
            # A daemon before 26.0 does not repeat the names that it was given.
            call_id=self.call_id or decode.needed(document, "call-id", self.command),
            from_tag=self.from_tag or decode.needed(document, "from-tag", self.command),
        )


@attrs.frozen(kw_only=True)
class Publish(PartyCommand, Paired[PartyReply]):
    """Give the daemon media that others may then subscribe to (ng document, "`publish` Message").

    The reply's `sdp` is the daemon's own answer, which only receives, unless `bidirectional`.
    """

    command: ClassVar[str] = "publish"
    since: ClassVar[str] = "10.0"
    counter: ClassVar[str] = "pub"
    block: ClassVar[str] = "published"

    sdp: str = attrs.field(converter=as_text, validator=is_body, repr=False, metadata=NAMED)
    """The publisher's offer, which only sends, as text or bytes."""
    bidirectional: bool = option("bidirectional")
    """The publisher receives too."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Options as for an offer; ``Flags(codec={"accept": [...]})`` says which codec is taken."""

    def end(self, reply: PartyReply | None = None, /) -> Delete | None:
        """Delete the publisher's call at once.

        The publisher has a call of its own here. To publish into a call that others are in, use `publish`: that
        call ends when they end it.
        """
        if reply is not None:
            return Delete(call_id=reply.call_id, from_tag=reply.from_tag, delete_delay=0)
        return Delete(call_id=self.call_id, delete_delay=0) if self.call_id else None


@attrs.frozen(kw_only=True)
class SubscribeRequest(Paired[SubscribeReply]):
    """Ask for a copy of what one or several parties send (ng document, "`subscribe request` Message").

    The reply's `sdp` is an offer for the listener; its answer goes into `SubscribeAnswer`, with the `to_tag` of the
    reply. A request for a `to_tag` that has subscriptions replaces them.
    """

    command: ClassVar[str] = "subscribe request"
    since: ClassVar[str] = "10.0"
    counter: ClassVar[str] = "subreq"
    block: ClassVar[str] = "subscription"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    participant: Participant = attrs.field(validator=ANY_PARTY, metadata=ANY_PARTY.metadata)
    """The party or parties to listen to; ``Participant.ALL`` stands for those that offered and answered, not for
    publishers."""
    to_tag: str | None = text("to-tag")
    """The listener's tag; where it is not given, the daemon makes one up and the reply has it."""
    set_label: str | None = text("set-label")
    """A label for the listener."""
    bidirectional: bool = option("bidirectional")
    """The listener may send too."""
    siprec: bool = option("siprec", since="10.3")
    """The offer is one for a recorder (RFC 7866), with a label in each media section; `labels` of the reply says
    whose each is."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Options as for an offer: they describe the listener's leg."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Value], seconds: float) -> SubscribeReply:
        """Return the offer for the listener. Raises `WireError` where the reply has none."""
        one = decode.text(document, "from-tag")
        return SubscribeReply(
            seconds=seconds,
            raw=document,
            sdp=decode.needed(document, "sdp", self.command),
            to_tag=decode.needed(document, "to-tag", self.command),
            # 10.0 to 10.2 name a single one only.
            from_tags=decode.strings(document, "from-tags") or ((one,) if one else ()),
            tag_medias=tag_medias_of(document),
        )

    def end(self, reply: SubscribeReply | None = None, /) -> Unsubscribe | None:
        """End the subscription."""
        to_tag = self.to_tag if reply is None else reply.to_tag
        return Unsubscribe(call_id=self.call_id, to_tag=to_tag) if to_tag else None


@attrs.frozen(kw_only=True)
class SubscribeAnswer(Acknowledged):
    """Give the listener's answer: from now on the media flows (ng document, "`subscribe answer` Message")."""

    command: ClassVar[str] = "subscribe answer"
    since: ClassVar[str] = "10.0"
    counter: ClassVar[str] = "subans"

    sdp: str = attrs.field(converter=as_text, validator=is_body, repr=False, metadata=NAMED)
    """The answer to the body that the request came back with, as text or bytes."""
    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    to_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The listener's tag, as the request's reply has it."""
    allow_transcoding: bool = option("allow_transcoding")
    """The answer may have fewer codecs than the offer; without it, such an answer is refused."""
    bidirectional: bool = option("bidirectional")
    """The listener may send too."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Options as for an answer."""


@attrs.frozen(kw_only=True)
class Unsubscribe(Acknowledged):
    """End a subscription (ng document, "`unsubscribe` Message")."""

    command: ClassVar[str] = "unsubscribe"
    since: ClassVar[str] = "10.0"
    counter: ClassVar[str] = "unsub"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    to_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The listener's tag."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""
