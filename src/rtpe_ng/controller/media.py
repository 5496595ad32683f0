"""The commands that keep media from passing, and those that play something, as methods."""

from __future__ import annotations

from collections.abc import Sequence

from ..flags import Flags
from ..messages import (
    NO_FLAGS,
    BlockDtmf,
    BlockMedia,
    Done,
    DtmfSecurity,
    Flows,
    Participant,
    PlayDtmf,
    PlayMedia,
    PlayMediaReply,
    SilenceMedia,
    StopMedia,
    StopMediaReply,
    UnblockDtmf,
    UnblockMedia,
    UnsilenceMedia,
)
from .base import Sender

__all__ = ["MediaCommands"]


class MediaCommands(Sender):
    """Block, silence, play, dial."""

    async def block_dtmf(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        dtmf_security: DtmfSecurity | None = None,
        digit: str | None = None,
        frequency: int | None = None,
        frequencies: Sequence[int] = (),
        volume: int | None = None,
        trigger: str | None = None,
        trigger_end: str | None = None,
        trigger_end_time: int | None = None,
        trigger_end_digits: int | None = None,
        delay_buffer: int | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """Let no DTMF event pass (ng document, "`block DTMF` and `unblock DTMF` Messages").

        `participant` says whose; without it, all of them. `dtmf_security` says what is sent in its place, such as
        ``silence``, ``tone`` (with `frequencies` in Hz and `volume` in decibels) or ``DTMF`` (with `digit`).
        `trigger` are digits that begin it, `trigger_end` digits that end it, as do `trigger_end_time`
        milliseconds or `trigger_end_digits` digits. `delay_buffer` delays the audio by milliseconds, so that an
        event is known before it has begun to pass. All but the first two are known since 10.3.
        """
        return await self.send(
            BlockDtmf(
                call_id=call_id,
                participant=participant,
                dtmf_security=dtmf_security,
                digit=digit,
                frequency=frequency,
                frequencies=frequencies,
                volume=volume,
                trigger=trigger,
                trigger_end=trigger_end,
                trigger_end_time=trigger_end_time,
                trigger_end_digits=trigger_end_digits,
                delay_buffer=delay_buffer,
                flags=flags or NO_FLAGS,
            )
        )

    async def unblock_dtmf(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        delay_buffer: int | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """End what `block_dtmf` began.

        Without `participant`, those that were chosen one by one stay blocked; ``Participant.ALL`` ends them too.
        `delay_buffer` is as for `block_dtmf`.
        """
        return await self.send(
            UnblockDtmf(
                call_id=call_id, participant=participant, delay_buffer=delay_buffer, flags=flags or NO_FLAGS
            )
        )

    async def block_media(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        toward: Participant | None = None,
        flows: Flows | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """Let no media pass, while DTMF events do (ng document, "`block media` and `unblock media` Messages").

        `participant` says whose; without it, nobody's passes. `toward` means what goes to that one alone, `flows`
        flows of one kind: ``offer-answer``, ``except-offer-answer`` (subscriptions) or ``flows`` (all), since 11.1.
        """
        return await self.send(
            BlockMedia(
                call_id=call_id,
                participant=participant,
                toward=toward,
                flows=flows,
                flags=flags or NO_FLAGS,
            )
        )

    async def unblock_media(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        toward: Participant | None = None,
        flows: Flows | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """End what `block_media` began; the choice is the same.

        Without `participant`, those that were chosen one by one stay blocked; ``Participant.ALL`` ends them too.
        """
        return await self.send(
            UnblockMedia(
                call_id=call_id, participant=participant, toward=toward, flows=flows, flags=flags or NO_FLAGS
            )
        )

    async def silence_media(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        toward: Participant | None = None,
        flows: Flows | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """Replace audio by silence (10.0; ng document, "`silence media` and `unsilence media` Messages").

        It is done for G.711 and G.722 only. The choice is that of `block_media`.
        """
        return await self.send(
            SilenceMedia(
                call_id=call_id, participant=participant, toward=toward, flows=flows, flags=flags or NO_FLAGS
            )
        )

    async def unsilence_media(
        self,
        *,
        call_id: str,
        participant: Participant | None = None,
        toward: Participant | None = None,
        flows: Flows | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """End what `silence_media` began; the choice is the same.

        Without `participant`, those that were chosen one by one stay silent; ``Participant.ALL`` ends them too.
        """
        return await self.send(
            UnsilenceMedia(
                call_id=call_id, participant=participant, toward=toward, flows=flows, flags=flags or NO_FLAGS
            )
        )

    async def play_media(
        self,
        *,
        call_id: str,
        participant: Participant,
        file: str | None = None,
        blob: bytes | None = None,
        blob64: str | None = None,
        db_id: int | None = None,
        repeat_times: int | None = None,
        repeat_duration: int | None = None,
        start_pos: int | None = None,
        block_egress: bool = False,
        flags: Flags | None = None,
    ) -> PlayMediaReply:
        """Play a media file to a party (ng document, "`play media` Message").

        One of these says what: `file` on the daemon's machine, `blob` (its bytes; a request over UDP carries no
        more than 65,507), `blob64` (26.1), or `db_id`, its number in the daemon's database. It is played
        `repeat_times` (9.3), or again and again for `repeat_duration` milliseconds (13.2), from frame `start_pos`
        on (11.2); with `block_egress` nothing else goes to the party meanwhile (12.3). `duration` of the reply is
        in milliseconds.
        """
        return await self.send(
            PlayMedia(
                call_id=call_id,
                participant=participant,
                file=file,
                blob=blob,
                blob64=blob64,
                db_id=db_id,
                repeat_times=repeat_times,
                repeat_duration=repeat_duration,
                start_pos=start_pos,
                block_egress=block_egress,
                flags=flags or NO_FLAGS,
            )
        )

    async def stop_media(
        self, *, call_id: str, participant: Participant, flags: Flags | None = None
    ) -> StopMediaReply:
        """Stop what is being played to a party (ng document, "`stop media` Message").

        `last_frame_pos` of the reply is the `start_pos` to go on from.
        """
        return await self.send(StopMedia(call_id=call_id, participant=participant, flags=flags or NO_FLAGS))

    async def play_dtmf(
        self,
        *,
        call_id: str,
        participant: Participant,
        code: str | int,
        duration: int | None = None,
        volume: int | None = None,
        pause: int | None = None,
        flags: Flags | None = None,
    ) -> Done:
        """Dial for a party, so that the others hear it (ng document, "`play DTMF` Message").

        `code` is the digit, such as ``"5"``, or an event's number; `duration` and the `pause` after it are in
        milliseconds (100 to 5000; 250 and 100 where they are not given), `volume` in decibels below the loudest.
        Offer and answer must have had ``Flags(inject_dtmf=True)``. Several are sent one after the other.
        """
        return await self.send(
            PlayDtmf(
                call_id=call_id,
                participant=participant,
                code=code,
                duration=duration,
                volume=volume,
                pause=pause,
                flags=flags or NO_FLAGS,
            )
        )
