"""The commands for calls, for recording them, and for the daemon itself, as methods."""

from __future__ import annotations

from ..flags import Flags
from ..messages import (
    NO_FLAGS,
    Answer,
    Capabilities,
    Cli,
    CliReply,
    Delete,
    DeleteReply,
    Done,
    List,
    ListReply,
    Offer,
    Participant,
    PauseRecording,
    Ping,
    Pong,
    Query,
    QueryReply,
    SdpReply,
    StartForwarding,
    StartRecording,
    Statistics,
    StatisticsReply,
    StopForwarding,
    StopRecording,
)
from .base import Sender

__all__ = ["CallCommands"]


class CallCommands(Sender):
    """Call control, recording, and the daemon's own figures."""

    async def ping(self) -> Pong:
        """Ask whether the engine is alive (ng document, "`ping` Message")."""
        return await self.send(Ping())

    async def offer(
        self,
        *,
        sdp: str | bytes,
        call_id: str,
        from_tag: str,
        to_tag: str | None = None,
        via_branch: str | None = None,
        received_from: str | None = None,
        flags: Flags | None = None,
    ) -> SdpReply:
        """Send an SDP offer through the engine (ng document, "`offer` Message").

        `from_tag` is the tag of the party that offers, `to_tag` that of the other once it is known,
        `via_branch` the branch of a forked call, `received_from` the address that the SIP message came from.
        `sdp` of the reply is the body to send on.
        """
        return await self.send(
            Offer(
                sdp=sdp,
                call_id=call_id,
                from_tag=from_tag,
                to_tag=to_tag,
                via_branch=via_branch,
                received_from=received_from,
                flags=flags or NO_FLAGS,
            )
        )

    async def answer(
        self,
        *,
        sdp: str | bytes,
        call_id: str,
        from_tag: str,
        to_tag: str,
        via_branch: str | None = None,
        received_from: str | None = None,
        flags: Flags | None = None,
    ) -> SdpReply:
        """Send an SDP answer through the engine (ng document, "`answer` Message").

        `from_tag` is the tag of the party that had offered, `to_tag` that of the party that answers; the rest
        is as for `offer`.
        """
        return await self.send(
            Answer(
                sdp=sdp,
                call_id=call_id,
                from_tag=from_tag,
                to_tag=to_tag,
                via_branch=via_branch,
                received_from=received_from,
                flags=flags or NO_FLAGS,
            )
        )

    async def delete(
        self,
        *,
        call_id: str,
        from_tag: str | None = None,
        to_tag: str | None = None,
        via_branch: str | None = None,
        delete_delay: int | None = None,
        fatal: bool = False,
        fast: bool = False,
        discard_recording: bool = False,
        flags: Flags | None = None,
    ) -> DeleteReply:
        """End a call, or one dialogue or branch of it (ng document, "`delete` Message").

        `delete_delay` is for how many seconds the engine keeps it: 0 ends it now, None leaves it to the
        engine, which means 30 seconds as a rule. An unknown call is a warning in the reply; with `fatal` it
        is an error. With `fast` the reply comes without the figures of the call (13.5), and with
        `discard_recording` what was recorded is thrown away (11.4).
        """
        return await self.send(
            Delete(
                call_id=call_id,
                from_tag=from_tag,
                to_tag=to_tag,
                via_branch=via_branch,
                delete_delay=delete_delay,
                fatal=fatal,
                fast=fast,
                discard_recording=discard_recording,
                flags=flags or NO_FLAGS,
            )
        )

    async def query(self, *, call_id: str, from_tag: str | None = None, to_tag: str | None = None) -> QueryReply:
        """Ask what the engine knows of a call, or of one or two participants (ng document, "`query` Message")."""
        return await self.send(Query(call_id=call_id, from_tag=from_tag, to_tag=to_tag))

    async def list(self, *, limit: int | None = None) -> ListReply:
        """Ask which calls run: at most `limit` of them, else 32 (ng document, "`list` Message")."""
        return await self.send(List(limit=limit))

    async def statistics(self) -> StatisticsReply:
        """Ask for the engine's own figures (ng document, "`statistics` Message")."""
        return await self.send(Statistics())

    async def cli(self, line: str) -> CliReply:
        """Send a line to the daemon's command line, such as ``list totals`` (13.2); the reply has its `text`.

        It is what ``rtpengine-ctl`` does. An unknown line is no error: `text` says so.
        """
        return await self.send(Cli(line=line))

    async def capabilities(self) -> Capabilities:
        """Ask which commands the daemon knows, from the counters in its `statistics`.

        It is asked each time, because a daemon may be upgraded while a client lives: keep what you need.
        """
        return Capabilities.of_commands((await self.statistics()).commands)

    async def start_recording(
        self,
        *,
        call_id: str,
        recording_file: str | None = None,
        recording_dir: str | None = None,
        recording_pattern: str | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """Record a call from now on, or again after a pause (ng document, "`start recording` Message").

        `recording_file` (an absolute path), or `recording_dir` and `recording_pattern`, say where to instead of
        the recording daemon's configuration (12.2).
        """
        return await self.send(
            StartRecording(
                call_id=call_id,
                recording_file=recording_file,
                recording_dir=recording_dir,
                recording_pattern=recording_pattern,
                flags=flags or NO_FLAGS,
            )
        )

    async def stop_recording(
        self, *, call_id: str, discard_recording: bool = False, flags: Flags | None = None
    ) -> Done:
        """End the recording of a call (ng document, "`stop recording` Message").

        With `discard_recording` what was recorded is thrown away (11.4).
        """
        return await self.send(
            StopRecording(call_id=call_id, discard_recording=discard_recording, flags=flags or NO_FLAGS)
        )

    async def pause_recording(self, *, call_id: str, flags: Flags | None = None) -> Done:
        """Stop recording, but go on in the same file later (11.3; ng document, "`pause recording` Message")."""
        return await self.send(PauseRecording(call_id=call_id, flags=flags or NO_FLAGS))

    async def start_forwarding(
        self, *, call_id: str, participant: Participant | None = None, flags: Flags | None = None
    ) -> Done:
        """Send audio on as PCM, through the recording daemon (ng document, "`start forwarding` ... Messages").

        `participant` says whose; without it, that of the whole call.
        """
        return await self.send(StartForwarding(call_id=call_id, participant=participant, flags=flags or NO_FLAGS))

    async def stop_forwarding(
        self, *, call_id: str, participant: Participant | None = None, flags: Flags | None = None
    ) -> Done:
        """End what `start_forwarding` began; ``Participant.ALL`` ends it for everybody."""
        return await self.send(StopForwarding(call_id=call_id, participant=participant, flags=flags or NO_FLAGS))
