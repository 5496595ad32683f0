"""Commands for a call between two parties: offer, answer, delete, query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from ...flags import Flags
from ..replies import DeleteReply, QueryReply, SdpReply, sdp_of
from . import fields
from .base import Command, check_clash

__all__ = ["Answer", "Delete", "Offer", "Query"]


@attrs.frozen(kw_only=True)
class _Body(Command[SdpReply]):
    """What an offer and an answer have in common."""

    sdp: str = attrs.field(
        converter=fields.as_text, validator=fields.is_body, repr=False, metadata={"key": fields.Key(key="sdp")}
    )
    """The body as it came."""
    call_id: str = fields.name()
    """The SIP Call-ID."""
    from_tag: str = fields.name()
    """The tag of the party that offers, or had offered."""
    to_tag: str | None = fields.optional(fields.is_name)
    """The tag of the other party, once it is known."""
    via_branch: str | None = fields.optional(fields.is_name)
    """Which branch of a forked call this is."""
    received_from: str | None = fields.source()
    """The address that the SIP message came from."""
    flags: Flags = fields.flags()
    """What is to happen to the body."""

    def read(self, document: Mapping[str, Any], seconds: float) -> SdpReply:
        """Return the body to send on. Raises `WireError` where the reply has none."""
        return SdpReply(seconds=seconds, raw=document, sdp=sdp_of(document, self.command))


@attrs.frozen(kw_only=True)
class Offer(_Body):
    """An SDP offer (RFC 3264) on its way from one party to the other (ng document, "`offer` Message")."""

    command: ClassVar[str] = "offer"
    since: ClassVar[str] = "3.3"

    def _own(self) -> dict[str, Any]:
        # Without this word a full daemon says "error" with a text, with it "load limit".
        return super()._own() | {"supports": ["load limit"]}


@attrs.frozen(kw_only=True)
class Answer(_Body):
    """The answer to an offer (RFC 3264), on its way back to the offerer (ng document, "`answer` Message")."""

    command: ClassVar[str] = "answer"
    since: ClassVar[str] = "3.3"

    to_tag: str = fields.name()
    """The tag of the party that answers."""


@attrs.frozen(kw_only=True)
class Delete(Command[DeleteReply]):
    """The end of a call, or of one branch of it (ng document, "`delete` Message")."""

    command: ClassVar[str] = "delete"
    since: ClassVar[str] = "3.3"

    call_id: str = fields.name()
    """The SIP Call-ID."""
    from_tag: str | None = fields.optional(fields.is_name)
    """The tag of a participant. The ng document wants it; the daemons do without it."""
    to_tag: str | None = fields.optional(fields.is_name)
    """The tag of the other one: only this dialogue ends."""
    via_branch: str | None = fields.optional(fields.is_name)
    """Only this branch of a forked call ends."""
    delete_delay: int | None = fields.count(0)
    """For how many seconds the daemon keeps the call; 0 ends it now, None leaves it to the daemon (30 s)."""
    fatal: bool = fields.listed("fatal")
    """An unknown call is an error instead of a warning."""
    fast: bool = fields.listed("fast", since="13.5")
    """The reply comes without the figures of the call, which spares the daemon making them."""
    discard_recording: bool = fields.listed("discard-recording", since="11.4")
    """What was recorded of the call is thrown away."""
    flags: Flags = fields.flags()
    """Further options, such as ``Flags(metadata=...)``."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Any], seconds: float) -> DeleteReply:
        """Return the last figures of the call."""
        return DeleteReply(seconds=seconds, raw=document)


@attrs.frozen(kw_only=True)
class Query(Command[QueryReply]):
    """What does the daemon know of a call? (ng document, "`query` Message")."""

    command: ClassVar[str] = "query"
    since: ClassVar[str] = "3.3"

    call_id: str = fields.name()
    """The SIP Call-ID."""
    from_tag: str | None = fields.optional(fields.is_name)
    """Only what concerns this participant and whom it listens to."""
    to_tag: str | None = fields.optional(fields.is_name)
    """Only what concerns this participant, instead of the one of `from_tag`."""

    def read(self, document: Mapping[str, Any], seconds: float) -> QueryReply:
        """Return what it knows."""
        return QueryReply(seconds=seconds, raw=document)
