"""Commands that come in pairs, as context managers: what a block begins ends with it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import anyio

from ..errors import EngineError, RtpeError, UnknownCall
from ..flags import Flags
from ..messages import (
    NO_FLAGS,
    BlockDtmf,
    BlockMedia,
    Command,
    Delete,
    Done,
    DtmfSecurity,
    Flows,
    InjectStart,
    InjectStop,
    Participant,
    PartyReply,
    PlayMedia,
    PlayMediaReply,
    Publish,
    Reply,
    SilenceMedia,
    StartForwarding,
    StartRecording,
    StopForwarding,
    StopMedia,
    StopRecording,
    SubscribeAnswer,
    SubscribeReply,
    SubscribeRequest,
    UnblockDtmf,
    UnblockMedia,
    UnsilenceMedia,
    Unsubscribe,
)
from .base import Sender

__all__ = ["END_WITHIN", "Pairs", "Subscription"]

_R = TypeVar("_R", bound=Reply)
_log = logging.getLogger("rtpe_ng")

END_WITHIN = 5.0
"""For how long leaving a block may take at most, in seconds, however dead the engine is."""
_OVER = {"Not currently playing media", "To-tag not found"}
"""Refusals of an end that say that there is nothing to end any more."""


class Subscription:
    """A listener to somebody's media, within the block of ``client.subscription(...)``."""

    def __init__(self, engine: Sender, call_id: str, reply: SubscribeReply) -> None:
        self._engine = engine
        self.call_id = call_id
        self.reply = reply

    @property
    def sdp(self) -> str:
        """The offer for the listener."""
        return self.reply.sdp

    @property
    def to_tag(self) -> str:
        """The listener's tag."""
        return self.reply.to_tag

    @property
    def from_tags(self) -> tuple[str, ...]:
        """The tags of the parties that are listened to, one for each media section."""
        return self.reply.from_tags

    async def answer(
        self, sdp: str | bytes, *, allow_transcoding: bool = False, flags: Flags | None = None
    ) -> Done:
        """Give the listener's answer: from now on the media flows. The arguments are as for `subscribe_answer`."""
        return await self._engine.send(
            SubscribeAnswer(
                sdp=sdp,
                call_id=self.call_id,
                to_tag=self.to_tag,
                allow_transcoding=allow_transcoding,
                flags=flags or NO_FLAGS,
            )
        )

    def __repr__(self) -> str:
        return f"<Subscription of {self.to_tag!r} to {list(self.from_tags)} in call {self.call_id!r}>"


class Pairs(Sender):
    """What begins with a block and ends with it.

    The end is shielded from cancellation and takes 5 seconds at most; what fails in it is logged, not raised. A
    beginning that was refused needs no end; one whose outcome is unknown gets one.
    """

    @contextlib.asynccontextmanager
    async def recording(
        self,
        *,
        call_id: str,
        recording_file: str | None = None,
        recording_dir: str | None = None,
        recording_pattern: str | None = None,
        flags: Flags | None = None,
    ) -> AsyncIterator[Done]:
        """Record a call within the block: `start_recording`, then `stop_recording`."""
        begin = StartRecording(
            call_id=call_id,
            recording_file=recording_file,
            recording_dir=recording_dir,
            recording_pattern=recording_pattern,
            flags=flags or NO_FLAGS,
        )
        async with self._pair(begin, StopRecording(call_id=call_id)) as reply:
            yield reply

    @contextlib.asynccontextmanager
    async def forwarding(
        self, *, call_id: str, participant: Participant | None = None, flags: Flags | None = None
    ) -> AsyncIterator[Done]:
        """Forward audio within the block: `start_forwarding`, then `stop_forwarding`."""
        begin = StartForwarding(call_id=call_id, participant=participant, flags=flags or NO_FLAGS)
        async with self._pair(begin, StopForwarding(call_id=call_id, participant=participant)) as reply:
            yield reply

    @contextlib.asynccontextmanager
    async def playing(
        self,
        *,
        call_id: str,
        participant: Participant,
        file: str | None = None,
        blob: bytes | None = None,
        db_id: int | None = None,
        repeat_times: int | None = None,
        repeat_duration: int | None = None,
        block_egress: bool = False,
        flags: Flags | None = None,
    ) -> AsyncIterator[PlayMediaReply]:
        """Play media within the block: `play_media`, then `stop_media`. The arguments are those of `play_media`."""
        begin = PlayMedia(
            call_id=call_id,
            participant=participant,
            file=file,
            blob=blob,
            db_id=db_id,
            repeat_times=repeat_times,
            repeat_duration=repeat_duration,
            block_egress=block_egress,
            flags=flags or NO_FLAGS,
        )
        async with self._pair(begin, StopMedia(call_id=call_id, participant=participant)) as reply:
            yield reply

    @contextlib.asynccontextmanager
    async def blocked(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        toward: Participant | None = None,
        flows: Flows | None = None,
    ) -> AsyncIterator[Done]:
        """Let no media pass within the block: `block_media`, then `unblock_media`."""
        begin = BlockMedia(call_id=call_id, participant=participant, toward=toward, flows=flows)
        end = UnblockMedia(call_id=call_id, participant=participant, toward=toward, flows=flows)
        async with self._pair(begin, end) as reply:
            yield reply

    @contextlib.asynccontextmanager
    async def dtmf_blocked(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        dtmf_security: DtmfSecurity | None = None,
    ) -> AsyncIterator[Done]:
        """Let no DTMF event pass within the block: `block_dtmf`, then `unblock_dtmf`."""
        begin = BlockDtmf(call_id=call_id, participant=participant, dtmf_security=dtmf_security)
        async with self._pair(begin, UnblockDtmf(call_id=call_id, participant=participant)) as reply:
            yield reply

    @contextlib.asynccontextmanager
    async def silenced(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        toward: Participant | None = None,
        flows: Flows | None = None,
    ) -> AsyncIterator[Done]:
        """Replace audio by silence within the block: `silence_media`, then `unsilence_media`."""
        begin = SilenceMedia(call_id=call_id, participant=participant, toward=toward, flows=flows)
        end = UnsilenceMedia(call_id=call_id, participant=participant, toward=toward, flows=flows)
        async with self._pair(begin, end) as reply:
            yield reply

    @contextlib.asynccontextmanager
    async def published(
        self,
        *,
        sdp: str | bytes,
        call_id: str | None = None,
        from_tag: str | None = None,
        flags: Flags | None = None,
    ) -> AsyncIterator[PartyReply]:
        """Publish media within the block: `publish`, then `delete` of its call.

        A publisher has a call of its own here. To publish into a call that others are in, use `publish`: the end
        of that call is its own affair.
        """
        begin = Publish(sdp=sdp, call_id=call_id, from_tag=from_tag, flags=flags or NO_FLAGS)
        # Without a Call-ID, what the daemon made up is known from the reply alone.
        early = Delete(call_id=call_id, delete_delay=0) if call_id else None
        reply = await self._begin(begin, early)
        try:
            yield reply
        finally:
            await self._end(Delete(call_id=reply.call_id, from_tag=reply.from_tag, delete_delay=0))

    @contextlib.asynccontextmanager
    async def subscription(
        self,
        *,
        call_id: str,
        participant: Participant,
        to_tag: str | None = None,
        set_label: str | None = None,
        siprec: bool = False,
        flags: Flags | None = None,
    ) -> AsyncIterator[Subscription]:
        """Listen to parties within the block: `subscribe_request`, then `unsubscribe`.

        Within it, give the listener the offer `sdp`, and its answer to ``await subscription.answer(...)``. The
        arguments are those of `subscribe_request`.
        """
        begin = SubscribeRequest(
            call_id=call_id,
            participant=participant,
            to_tag=to_tag,
            set_label=set_label,
            siprec=siprec,
            flags=flags or NO_FLAGS,
        )
        # Without a tag, what the daemon made up is known from the reply alone.
        reply = await self._begin(begin, Unsubscribe(call_id=call_id, to_tag=to_tag) if to_tag else None)
        try:
            yield Subscription(self, call_id, reply)
        finally:
            await self._end(Unsubscribe(call_id=call_id, to_tag=reply.to_tag))

    @contextlib.asynccontextmanager
    async def injection(
        self, *, call_id: str, to_tag: str, source_tag: str, source_call_id: str | None = None
    ) -> AsyncIterator[Done]:
        """Mix one party's audio into what another hears within the block: `inject_start`, then `inject_stop`."""
        begin, end = (
            kind(call_id=call_id, to_tag=to_tag, source_tag=source_tag, source_call_id=source_call_id)
            for kind in (InjectStart, InjectStop)
        )
        async with self._pair(begin, end) as reply:
            yield reply

    @contextlib.asynccontextmanager
    async def _pair(self, begin: Command[_R], end: Command[Any]) -> AsyncIterator[_R]:
        reply = await self._begin(begin, end)
        try:
            yield reply
        finally:
            await self._end(end)

    async def _begin(self, begin: Command[_R], end: Command[Any] | None) -> _R:
        try:
            return await self.send(begin)
        except EngineError:
            raise
        except BaseException:
            # It timed out or was cancelled: the daemon may have done it all the same.
            if end is not None:
                await self._end(end)
            raise

    async def _end(self, end: Command[Any]) -> None:
        with anyio.move_on_after(END_WITHIN, shield=True) as scope:
            try:
                await self.send(end)
            except UnknownCall:
                _log.debug("%r: call %r is over already", end.name, end.call_id)
            except RtpeError as failure:
                if not isinstance(failure, EngineError) or failure.reason not in _OVER:
                    _log.warning("%r of call %r failed: %s", end.name, end.call_id, failure)
        if scope.cancelled_caught:
            _log.warning("%r of call %r was not done within %g s", end.name, end.call_id, END_WITHIN)
