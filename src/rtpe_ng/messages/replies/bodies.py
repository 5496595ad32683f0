"""Replies with an SDP body, and the reply that says where the daemon takes streams."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ...wire import Value
from .. import decode
from .base import Reply
from .call import Endpoint

__all__ = ["PartyReply", "Repair", "SdpReply", "SubscribeReply", "TransformReply", "Transformed"]


@attrs.frozen(kw_only=True)
class Repair:
    """What a `Call` mended in a body, because it would have ended the call. `str` returns that as a sentence."""

    mend: str
    """The word of `Profile.mends` that allows it."""
    where: str
    """``session``, or the media section, such as ``audio 0``."""
    what: str
    """What was done, such as ``s=- written``."""
    why: str
    """Why, with the source of the rule."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.why}"


@attrs.frozen(kw_only=True, repr=False)
class SdpReply(Reply):
    """An SDP body to send on (ng document, "`offer` Message" and "`answer` Message")."""

    sdp: str
    """The body as the daemon rewrote or made it; bytes that are not UTF-8 stand as surrogates."""
    repairs: tuple[Repair, ...] = ()
    """What a `Call` has mended in the body that it sent or in this one; empty from methods such as
    `Client.offer`."""

    def _shown(self) -> str:
        repairs = f", repairs=<{len(self.repairs)}>" if self.repairs else ""
        return f"sdp=<{len(self.sdp.encode('utf-8', 'surrogateescape'))} bytes>{repairs}"


@attrs.frozen(kw_only=True, repr=False)
class PartyReply(SdpReply):
    """A party and the body that the daemon made for it (ng document, "`publish` Message" and others)."""

    call_id: str
    """The SIP Call-ID, as it was given or made up."""
    from_tag: str
    """The party's tag, as it was given or made up."""

    def _shown(self) -> str:
        return f"call_id={self.call_id!r}, from_tag={self.from_tag!r}, {super()._shown()}"


@attrs.frozen(kw_only=True, repr=False)
class SubscribeReply(SdpReply):
    """The offer for a listener (ng document, "`subscribe request` Message")."""

    to_tag: str
    """The listener's tag, as it was given or made up: the answer and the end of the subscription need it."""
    from_tags: tuple[str, ...]
    """The tags of the parties that are listened to, one for each media section."""

    def _shown(self) -> str:
        return f"from_tags={list(self.from_tags)!r}, to_tag={self.to_tag!r}, {super()._shown()}"


@attrs.frozen(kw_only=True)
class Transformed:
    """Where the daemon takes one stream."""

    id: str
    """The name of the stream, as it was given or made up."""
    endpoint: Endpoint | None
    """The daemon's address and UDP port: send the stream there. None where it takes nothing."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Transformed:
        """Read a member of ``media``; raise `WireError` where it has another shape."""
        return cls(id=decode.text(document, "id") or "", endpoint=Endpoint.from_ng(document))


@attrs.frozen(kw_only=True, repr=False)
class TransformReply(Reply):
    """Where the daemon takes the streams that it transcodes (``transform``)."""

    call_id: str
    """The Call-ID, as it was given or made up: a delete with it ends the transcoding."""
    from_tag: str
    """The tag, as it was given or made up."""
    media: tuple[Transformed, ...]
    """The streams, in the order of the request."""

    def _shown(self) -> str:
        shown = ", ".join(str(media.endpoint) for media in self.media)
        return f"call_id={self.call_id!r}, media=[{shown}]"
