"""Commands for a call between two parties: offer, answer, delete, query."""

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from ...errors import SdpError
from ...flags import Flags
from ...keys import flag, integer, is_text, text
from ...wire import Value
from .. import decode
from ..replies.bodies import SdpReply
from ..replies.query import DeleteReply, QueryReply
from .base import Command, check_clash
from .fields import NAMED, NO_FLAGS, as_flags, as_text, is_body, option, source

__all__ = ["Answer", "Delete", "Offer", "Query"]


@attrs.frozen(kw_only=True)
class _Body(Command[SdpReply]):
    """What an offer and an answer have in common."""

    sdp: str = attrs.field(converter=as_text, validator=is_body, repr=False, metadata=NAMED)
    """The SDP body as it came, as text or bytes."""
    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    from_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The tag of the party that offers; in an answer, of the party that had offered."""
    to_tag: str | None = text("to-tag")
    """The tag of the other party, once it is known."""
    via_branch: str | None = text("via-branch")
    """The branch of a forked call that the message belongs to."""
    received_from: str | None = source()
    """The address that the SIP message came from: IPv4 or IPv6, as text."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """What the daemon is to do to the body."""

    def read(self, document: Mapping[str, Value], seconds: float) -> SdpReply:
        """Return the body to send on.

        Raises `WireError` if the reply has none, and `SdpError` if that is because ours begins with an empty line.
        """
        if not document.get("sdp") and not self.sdp[:1].strip():
            # 10.5 and 12.5 say "ok" to such a body and return nothing; the fault is not theirs.
            raise SdpError("the body begins with an empty line, so the daemon saw no description in it", line=1)
        return SdpReply(seconds=seconds, raw=document, sdp=decode.needed(document, "sdp", self.command))


@attrs.frozen(kw_only=True)
class Offer(_Body):
    """Send an SDP offer (RFC 3264) through the daemon (ng document, "`offer` Message").

    The reply's `sdp` is the body to send on.
    """

    command: ClassVar[str] = "offer"
    since: ClassVar[str] = "3.3"
    counter: ClassVar[str] = "offer"

    def _own(self) -> dict[str, Any]:
        # With this word a full daemon says "load limit", without it "error" with a text.
        own = super()._own()
        own["supports"] = ["load limit"]
        return own


@attrs.frozen(kw_only=True)
class Answer(_Body):
    """Send the answer to an offer (RFC 3264) through the daemon (ng document, "`answer` Message").

    `from_tag` is still the tag of the party that had made the offer. The reply's `sdp` is the body to send on.
    """

    command: ClassVar[str] = "answer"
    since: ClassVar[str] = "3.3"
    counter: ClassVar[str] = "answer"

    to_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The tag of the party that answers."""


@attrs.frozen(kw_only=True)
class Delete(Command[DeleteReply]):
    """End a call, or one dialogue or branch of it (ng document, "`delete` Message").

    The reply has the last figures of the call, where the daemon sends any. An unknown call is a warning in the
    reply; with `fatal` it is an error.
    """

    command: ClassVar[str] = "delete"
    since: ClassVar[str] = "3.3"
    counter: ClassVar[str] = "delete"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    from_tag: str | None = text("from-tag")
    """The tag of a participant. The ng document wants it; the daemons do without it."""
    to_tag: str | None = text("to-tag")
    """The tag of the other participant: only this dialogue ends."""
    via_branch: str | None = text("via-branch")
    """Only this branch of a forked call ends."""
    delete_delay: int | None = integer("delete-delay", 0, unit="s")
    """For how many seconds the daemon keeps the call; 0 ends it now, None leaves it to the daemon (30 s)."""
    fatal: bool = flag("fatal")
    """An unknown call is an error instead of a warning."""
    fast: bool = flag("fast", since="13.5")
    """The reply comes without the figures of the call, which spares the daemon making them."""
    discard_recording: bool = option("discard_recording")
    """What was recorded of the call is thrown away."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options, such as ``Flags(metadata=...)``."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Value], seconds: float) -> DeleteReply:
        """Return the last figures of the call."""
        return DeleteReply(seconds=seconds, raw=document)


@attrs.frozen(kw_only=True)
class Query(Command[QueryReply]):
    """Ask what the daemon knows of a call, or of one or two participants (ng document, "`query` Message")."""

    command: ClassVar[str] = "query"
    since: ClassVar[str] = "3.3"
    counter: ClassVar[str] = "query"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    from_tag: str | None = text("from-tag")
    """Only what concerns the participant with this tag, and the parties that it listens to."""
    to_tag: str | None = text("to-tag")
    """Only what concerns the participant with this tag, instead of the one of `from_tag`."""

    def read(self, document: Mapping[str, Value], seconds: float) -> QueryReply:
        """Return what it knows."""
        return QueryReply(seconds=seconds, raw=document)
