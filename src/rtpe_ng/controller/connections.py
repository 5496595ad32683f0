"""The commands that connect parties without an offer from one to the other, as methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..flags import Flags
from ..messages import (
    NO_FLAGS,
    Connect,
    Create,
    CreateAnswer,
    CreateMedia,
    Done,
    InjectStart,
    InjectStop,
    Mesh,
    Participant,
    PartyReply,
    Publish,
    SubscribeAnswer,
    SubscribeReply,
    SubscribeRequest,
    Transform,
    TransformMedia,
    TransformReply,
    Unsubscribe,
)
from .base import Sender

__all__ = ["ConnectionCommands"]


class ConnectionCommands(Sender):
    """Publish, subscribe, inject, connect, transform, create, mesh."""

    async def publish(
        self,
        *,
        sdp: str | bytes,
        call_id: str | None = None,
        from_tag: str | None = None,
        bidirectional: bool = False,
        flags: Flags | None = None,
    ) -> PartyReply:
        """Give the engine media that others may subscribe to (10.0; ng document, "`publish` Message").

        `sdp` only sends, and that of the reply, which is the engine's answer, only receives, unless
        `bidirectional` (26.0). Where `call_id` and `from_tag` are not given, the reply has those made up.
        """
        return await self.send(
            Publish(
                sdp=sdp, call_id=call_id, from_tag=from_tag, bidirectional=bidirectional, flags=flags or NO_FLAGS
            )
        )

    async def subscribe_request(
        self,
        *,
        call_id: str,
        participant: Participant,
        to_tag: str | None = None,
        set_label: str | None = None,
        bidirectional: bool = False,
        siprec: bool = False,
        flags: Flags | None = None,
    ) -> SubscribeReply:
        """Ask for a copy of what one or several parties send (10.0; ng document, "`subscribe request` Message").

        `sdp` of the reply is the offer for the listener; its answer goes into `subscribe_answer`, with `to_tag` of
        the reply. `set_label` names the listener; with `bidirectional` (26.0) it may send too; with `siprec`
        (10.3) the offer is one for a recorder.
        """
        return await self.send(
            SubscribeRequest(
                call_id=call_id,
                participant=participant,
                to_tag=to_tag,
                set_label=set_label,
                bidirectional=bidirectional,
                siprec=siprec,
                flags=flags or NO_FLAGS,
            )
        )

    async def subscribe_answer(
        self,
        *,
        sdp: str | bytes,
        call_id: str,
        to_tag: str,
        allow_transcoding: bool = False,
        bidirectional: bool = False,
        flags: Flags | None = None,
    ) -> Done:
        """Give the listener's answer: the media flows (10.0; ng document, "`subscribe answer` Message").

        An answer with fewer codecs than the offer is refused unless `allow_transcoding`.
        """
        return await self.send(
            SubscribeAnswer(
                sdp=sdp,
                call_id=call_id,
                to_tag=to_tag,
                allow_transcoding=allow_transcoding,
                bidirectional=bidirectional,
                flags=flags or NO_FLAGS,
            )
        )

    async def unsubscribe(self, *, call_id: str, to_tag: str, flags: Flags | None = None) -> Done:
        """End a subscription (10.0; ng document, "`unsubscribe` Message")."""
        return await self.send(Unsubscribe(call_id=call_id, to_tag=to_tag, flags=flags or NO_FLAGS))

    async def inject_start(
        self,
        *,
        call_id: str,
        to_tag: str,
        source_tag: str,
        source_call_id: str | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """Mix the audio of `source_tag` into what `to_tag` hears (26.0; ng document, "`inject start` Message").

        With `source_call_id` it comes from another call: the engine makes one call of both.
        """
        return await self.send(
            InjectStart(
                call_id=call_id,
                to_tag=to_tag,
                source_tag=source_tag,
                source_call_id=source_call_id,
                flags=flags or NO_FLAGS,
            )
        )

    async def inject_stop(
        self,
        *,
        call_id: str,
        to_tag: str,
        source_tag: str,
        source_call_id: str | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """End what `inject_start` began, with the same arguments (26.0; ng document, "`inject stop` Message")."""
        return await self.send(
            InjectStop(
                call_id=call_id,
                to_tag=to_tag,
                source_tag=source_tag,
                source_call_id=source_call_id,
                flags=flags or NO_FLAGS,
            )
        )

    async def connect(
        self,
        *,
        call_id: str,
        participant: Participant,
        to_tag: str,
        to_call_id: str | None = None,
        directional: bool = False,
        bidirectional: bool = False,
        flags: Flags | None = None,
    ) -> Done:
        """Connect two parties without offer and answer (13.2; ng document, "`connect` Message").

        With `to_call_id` the second party is in another call: the engine makes one call of both. With
        `directional` the second gets a copy of what the first sends, or several, and with `bidirectional` too
        (26.0), also the other way; what else flows is left alone.
        """
        return await self.send(
            Connect(
                call_id=call_id,
                participant=participant,
                to_tag=to_tag,
                to_call_id=to_call_id,
                directional=directional,
                bidirectional=bidirectional,
                flags=flags or NO_FLAGS,
            )
        )

    async def transform(
        self,
        *,
        media: Sequence[TransformMedia],
        call_id: str | None = None,
        from_tag: str | None = None,
        instance: str | None = None,
        interface: str | None = None,
        flags: Flags | None = None,
    ) -> TransformReply:
        """Transcode streams that belong to no call of ours (13.3): the reply says where to send each.

        `instance` says who asks, and `interface` names the logical interface where the streams are taken.
        """
        return await self.send(
            Transform(
                media=media,
                call_id=call_id,
                from_tag=from_tag,
                instance=instance,
                interface=interface,
                flags=flags or NO_FLAGS,
            )
        )

    async def create(
        self,
        *,
        call_id: str | None = None,
        from_tag: str | None = None,
        medias: Sequence[CreateMedia] = (),
        flags: Flags | None = None,
    ) -> PartyReply:
        """Make a party and an offer for it (26.0; ng document, "`create` and `create answer` Messages").

        Without `medias` it has one audio section with PCMA and PCMU. The answer goes into `create_answer`, with
        `call_id` and `from_tag` of the reply. For a party that exists, the offer is what it has.
        """
        return await self.send(Create(call_id=call_id, from_tag=from_tag, medias=medias, flags=flags or NO_FLAGS))

    async def create_answer(
        self, *, sdp: str | bytes, call_id: str, from_tag: str, flags: Flags | None = None
    ) -> Done:
        """Give the answer to the offer of `create` (26.0; ng document, "`create` and `create answer` Messages")."""
        return await self.send(CreateAnswer(sdp=sdp, call_id=call_id, from_tag=from_tag, flags=flags or NO_FLAGS))

    async def mesh(
        self,
        *,
        calls: Sequence[str],
        tags: Mapping[str, str | Sequence[str]] | None = None,
        unsubscribe: bool = False,
        bidirectional: bool = False,
        flags: Flags | None = None,
    ) -> Done:
        """Make one call of several, and say who hears whom (26.1; ng document, "`mesh` Message").

        `tags` is who sends to whom, such as ``{"a": ["b", "c"]}``. With `unsubscribe` what flowed to each that
        sends is ended first; with `bidirectional` each pair hears each other.
        """
        return await self.send(
            Mesh(
                calls=calls,
                tags=tags or {},
                unsubscribe=unsubscribe,
                bidirectional=bidirectional,
                flags=flags or NO_FLAGS,
            )
        )
