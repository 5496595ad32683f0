"""The commands about a whole call as methods, made from their classes.

``python -m tools.generate`` writes this file.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from ..flags import Flags
from ..messages import (
    BlockDtmf,
    BlockMedia,
    Done,
    DtmfSecurity,
    Participant,
    PauseRecording,
    PlayMedia,
    PlayMediaReply,
    SilenceMedia,
    StartForwarding,
    StartRecording,
    StopForwarding,
    StopMedia,
    StopMediaReply,
    StopRecording,
    SubscribeAnswer,
    SubscribeReply,
    SubscribeRequest,
    UnblockDtmf,
    UnblockMedia,
    UnsilenceMedia,
    Unsubscribe,
)
from .handle import Handle, naming_cures
from .subscription import Subscription


@naming_cures
class CallMethods(Handle):
    """One method for each command about a whole call, and one for each that another one ends."""

    async def start_recording(
        self,
        *,
        flags: Flags | None = None,
        recording_file: str | None = None,
        recording_dir: str | None = None,
        recording_pattern: str | None = None,
    ) -> Done:
        """Record a call from now on, or again after a pause.

        `recording_file`, or `recording_dir` and `recording_pattern`, say where to, instead of the recording
        daemon's configuration.

        - `flags`: Further options, such as ``Flags(metadata=...)``, which is stored beside the recording.
        - `recording_file`: The file to write, as an absolute path with its extension; it wins over the other two.
          Since 12.2.
        - `recording_dir`: The folder to write in, as an absolute path, instead of the recording daemon's own. Since
          12.2.
        - `recording_pattern`: The pattern of the files' names, instead of the recording daemon's own; each name
          must be another. Since 12.2.

        Returns `Done`. Known since 5.0 (ng document, "`start recording` Message").
        """
        return await self._send(
            StartRecording(
                call_id=self._ng_call_id,
                flags=flags,
                recording_file=recording_file,
                recording_dir=recording_dir,
                recording_pattern=recording_pattern,
            )
        )

    async def stop_recording(self, *, flags: Flags | None = None, discard_recording: bool = False) -> Done:
        """Stop recording a call.

        - `flags`: Further options, such as ``Flags(metadata=...)``, which is stored beside the recording.
        - `discard_recording`: What was recorded is thrown away. Since 11.4.

        Returns `Done`. Known since 5.5 (ng document, "`stop recording` Message").
        """
        return await self._send(
            StopRecording(call_id=self._ng_call_id, flags=flags, discard_recording=discard_recording)
        )

    async def pause_recording(self, *, flags: Flags | None = None) -> Done:
        """Pause the recording of a call: the next start goes on with it.

        - `flags`: Further options, such as ``Flags(metadata=...)``, which is stored beside the recording.

        Returns `Done`. Known since 11.3 (ng document, "`pause recording` Message").
        """
        return await self._send(PauseRecording(call_id=self._ng_call_id, flags=flags))

    async def start_forwarding(self, *, flags: Flags | None = None) -> Done:
        """Send audio on as PCM, over TCP.

        The recording daemon does it, independently of recording; ``Flags(metadata=...)`` goes with the audio.

        - `flags`: Further options.

        Returns `Done`. Known since 7.2 (ng document, "`start forwarding` and `stop forwarding` Messages").
        """
        return await self._send(StartForwarding(call_id=self._ng_call_id, flags=flags))

    async def stop_forwarding(self, *, flags: Flags | None = None) -> Done:
        """Stop what `StartForwarding` began.

        The parties that were chosen one by one are still forwarded.

        - `flags`: Further options.

        Returns `Done`. Known since 7.2 (ng document, "`start forwarding` and `stop forwarding` Messages").
        """
        return await self._send(StopForwarding(call_id=self._ng_call_id, flags=flags))

    async def block_dtmf(
        self,
        *,
        flags: Flags | None = None,
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
    ) -> Done:
        """Keep DTMF events (RFC 4733) from passing.

        With `dtmf_security` something else is sent in their place ("`DTMF-security`" in "`offer` Message"), and
        with `trigger` the blocking begins when the party dials those digits.

        - `flags`: Further options.
        - `dtmf_security`: What is sent in place of an event; ``drop`` sends nothing. Since 10.3.
        - `digit`: The digit that is sent in its place, where `dtmf_security` is ``DTMF``. Since 10.3.
        - `frequency`: The pitch of the tone that is sent in its place, where `dtmf_security` is ``tone``; 400 Hz
          where none is given. Allowed: 1 to 8000 Hz. Since 10.3.
        - `frequencies`: Several pitches, taken in turn; a daemon before 11.2 ignores them. Allowed: 1 to 8000 Hz.
          Since 11.2.
        - `volume`: How loud the tone is: decibels below the loudest, with or without the sign; 10 where it is not
          given. Allowed: -63 to 63 dB. Since 10.3.
        - `trigger`: The DTMF digits that begin the blocking when they are dialled. Since 10.3.
        - `trigger_end`: The DTMF digits that end it. Since 10.3.
        - `trigger_end_time`: After how many milliseconds it ends at the latest. Allowed: 0 ms or more. Since 10.3.
        - `trigger_end_digits`: After how many further digits it ends at the latest. Allowed: 0 or more. Since 10.3.
        - `delay_buffer`: By how many milliseconds the audio is delayed, so that an event is known before it begins
          to pass. Allowed: 0 to 60000 ms. Since 10.3.

        Returns `Done`. Known since 6.5 (ng document, "`block DTMF` and `unblock DTMF` Messages").
        """
        return await self._send(
            BlockDtmf(
                call_id=self._ng_call_id,
                flags=flags,
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
            )
        )

    async def unblock_dtmf(self, *, flags: Flags | None = None, delay_buffer: int | None = None) -> Done:
        """Let DTMF events pass again after `BlockDtmf`.

        The parties that were chosen one by one stay blocked.

        - `flags`: Further options.
        - `delay_buffer`: By how many milliseconds the audio is delayed from now on; 0 ends the delay. Allowed: 0 to
          60000 ms. Since 10.3.

        Returns `Done`. Known since 6.5 (ng document, "`block DTMF` and `unblock DTMF` Messages").
        """
        return await self._send(UnblockDtmf(call_id=self._ng_call_id, flags=flags, delay_buffer=delay_buffer))

    async def block_media(self, *, flags: Flags | None = None) -> Done:
        """Keep media from passing, but not DTMF events.

        - `flags`: Further options.

        Returns `Done`. Known since 6.5 (ng document, "`block media` and `unblock media` Messages").
        """
        return await self._send(BlockMedia(call_id=self._ng_call_id, flags=flags))

    async def unblock_media(self, *, flags: Flags | None = None) -> Done:
        """Let media pass again after `BlockMedia`.

        The parties that were chosen one by one stay blocked.

        - `flags`: Further options.

        Returns `Done`. Known since 6.5 (ng document, "`block media` and `unblock media` Messages").
        """
        return await self._send(UnblockMedia(call_id=self._ng_call_id, flags=flags))

    async def silence_media(self, *, flags: Flags | None = None) -> Done:
        """Replace audio by silence.

        The daemon does so for G.711 and G.722 only.

        - `flags`: Further options.

        Returns `Done`. Known since 10.0 (ng document, "`silence media` and `unsilence media` Messages").
        """
        return await self._send(SilenceMedia(call_id=self._ng_call_id, flags=flags))

    async def unsilence_media(self, *, flags: Flags | None = None) -> Done:
        """Let audio pass again after `SilenceMedia`.

        The parties that were chosen one by one stay silent.

        - `flags`: Further options.

        Returns `Done`. Known since 10.0 (ng document, "`silence media` and `unsilence media` Messages").
        """
        return await self._send(UnsilenceMedia(call_id=self._ng_call_id, flags=flags))

    async def play_media(
        self,
        *,
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
        """Play a media file to a party.

        Here it is about all parties that offered and answered.

        The daemon reads what FFmpeg reads, and transcodes it to the first codec of that party that it can write.
        Exactly one of `file`, `blob`, `blob64` and `db_id` says what is played. The reply has its duration.

        - `file`: The file on the daemon's machine, relative to the folder that the daemon runs in.
        - `blob`: The bytes of the file; over UDP the whole request must fit a datagram of 65,507 bytes.
        - `blob64`: The same in Base64, for documents that carry text only. Since 26.1.
        - `db_id`: The number of the file in the daemon's database. Allowed: 1 or more.
        - `repeat_times`: How many times it is played; once where it is not given. Allowed: 1 or more. Since 9.3.
        - `repeat_duration`: For how many milliseconds it is repeated, unless `repeat_times` ends it first. Allowed:
          1 ms or more. Since 13.2.
        - `start_pos`: The frame of the file to begin with, such as the `last_frame_pos` of a `StopMediaReply`.
          Allowed: 0 frames or more. Since 11.2.
        - `block_egress`: Nothing else goes to this party meanwhile. Since 12.3.
        - `flags`: Further options, such as ``Flags(codec={"set": ["opus;bitrate=16000"]})``.

        Returns `PlayMediaReply`. Known since 7.3 (ng document, "`play media` Message").
        """
        return await self._send(
            PlayMedia(
                call_id=self._ng_call_id,
                participant=Participant.ALL,
                file=file,
                blob=blob,
                blob64=blob64,
                db_id=db_id,
                repeat_times=repeat_times,
                repeat_duration=repeat_duration,
                start_pos=start_pos,
                block_egress=block_egress,
                flags=flags,
            )
        )

    async def stop_media(self, *, flags: Flags | None = None) -> StopMediaReply:
        """Stop what is being played to a party, before its end.

        Here it is about all parties that offered and answered.

        The reply's `last_frame_pos` is the `start_pos` with which `PlayMedia` goes on from there.

        - `flags`: Further options.

        Returns `StopMediaReply`. Known since 7.3 (ng document, "`stop media` Message").
        """
        return await self._send(StopMedia(call_id=self._ng_call_id, participant=Participant.ALL, flags=flags))

    async def subscribe_request(
        self,
        *,
        to_tag: str | None = None,
        set_label: str | None = None,
        bidirectional: bool = False,
        siprec: bool = False,
        flags: Flags | None = None,
    ) -> SubscribeReply:
        """Ask for a copy of what one or several parties send.

        Here it is about all parties that offered and answered.

        The reply's `sdp` is an offer for the listener; its answer goes into `SubscribeAnswer`, with the `to_tag` of
        the reply. A request for a `to_tag` that has subscriptions replaces them.

        - `to_tag`: The listener's tag; where it is not given, the daemon makes one up and the reply has it.
        - `set_label`: A label for the listener.
        - `bidirectional`: The listener may send too. Since 26.0.
        - `siprec`: The offer is one for a recorder (RFC 7866), with a label in each media section; `labels` of the
          reply says whose each is. Since 10.3.
        - `flags`: Options as for an offer: they describe the listener's leg.

        Returns `SubscribeReply`. Known since 10.0 (ng document, "`subscribe request` Message").
        """
        return await self._send(
            SubscribeRequest(
                call_id=self._ng_call_id,
                participant=Participant.ALL,
                to_tag=to_tag,
                set_label=set_label,
                bidirectional=bidirectional,
                siprec=siprec,
                flags=flags,
            )
        )

    async def subscribe_answer(
        self,
        *,
        sdp: str | bytes,
        to_tag: str,
        allow_transcoding: bool = False,
        bidirectional: bool = False,
        flags: Flags | None = None,
    ) -> Done:
        """Give the listener's answer: from now on the media flows.

        - `sdp`: The answer to the body that the request came back with, as text or bytes.
        - `to_tag`: The listener's tag, as the request's reply has it.
        - `allow_transcoding`: The answer may have fewer codecs than the offer; without it, such an answer is
          refused.
        - `bidirectional`: The listener may send too. Since 26.0.
        - `flags`: Options as for an answer.

        Returns `Done`. Known since 10.0 (ng document, "`subscribe answer` Message").
        """
        return await self._send(
            SubscribeAnswer(
                call_id=self._ng_call_id,
                sdp=sdp,
                to_tag=to_tag,
                allow_transcoding=allow_transcoding,
                bidirectional=bidirectional,
                flags=flags,
            )
        )

    async def unsubscribe(self, *, to_tag: str, flags: Flags | None = None) -> Done:
        """End a subscription.

        - `to_tag`: The listener's tag.
        - `flags`: Further options.

        Returns `Done`. Known since 10.0 (ng document, "`unsubscribe` Message").
        """
        return await self._send(Unsubscribe(call_id=self._ng_call_id, to_tag=to_tag, flags=flags))

    def recording(
        self,
        *,
        flags: Flags | None = None,
        recording_file: str | None = None,
        recording_dir: str | None = None,
        recording_pattern: str | None = None,
    ) -> AbstractAsyncContextManager[Done]:
        """Send `start_recording` when the block begins, and `stop_recording` when it ends.

        The parameters are those of `start_recording`. The block gets `Done`. At its end: Stop recording the call.
        """
        return self._hold(
            StartRecording(
                call_id=self._ng_call_id,
                flags=flags,
                recording_file=recording_file,
                recording_dir=recording_dir,
                recording_pattern=recording_pattern,
            )
        )

    def forwarding(self, *, flags: Flags | None = None) -> AbstractAsyncContextManager[Done]:
        """Send `start_forwarding` when the block begins, and `stop_forwarding` when it ends.

        The parameters are those of `start_forwarding`. The block gets `Done`. At its end: Stop forwarding the same
        audio.
        """
        return self._hold(StartForwarding(call_id=self._ng_call_id, flags=flags))

    def dtmf_blocked(
        self,
        *,
        flags: Flags | None = None,
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
    ) -> AbstractAsyncContextManager[Done]:
        """Send `block_dtmf` when the block begins, and `unblock_dtmf` when it ends.

        The parameters are those of `block_dtmf`. The block gets `Done`. At its end: Let DTMF events pass again, and
        end the delay where there is one.
        """
        return self._hold(
            BlockDtmf(
                call_id=self._ng_call_id,
                flags=flags,
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
            )
        )

    def blocked(self, *, flags: Flags | None = None) -> AbstractAsyncContextManager[Done]:
        """Send `block_media` when the block begins, and `unblock_media` when it ends.

        The parameters are those of `block_media`. The block gets `Done`. At its end: Let the same media pass again.
        """
        return self._hold(BlockMedia(call_id=self._ng_call_id, flags=flags))

    def silenced(self, *, flags: Flags | None = None) -> AbstractAsyncContextManager[Done]:
        """Send `silence_media` when the block begins, and `unsilence_media` when it ends.

        The parameters are those of `silence_media`. The block gets `Done`. At its end: Let the same audio pass
        again.
        """
        return self._hold(SilenceMedia(call_id=self._ng_call_id, flags=flags))

    def playing(
        self,
        *,
        file: str | None = None,
        blob: bytes | None = None,
        blob64: str | None = None,
        db_id: int | None = None,
        repeat_times: int | None = None,
        repeat_duration: int | None = None,
        start_pos: int | None = None,
        block_egress: bool = False,
        flags: Flags | None = None,
    ) -> AbstractAsyncContextManager[PlayMediaReply]:
        """Send `play_media` when the block begins, and `stop_media` when it ends.

        The parameters are those of `play_media`. The block gets `PlayMediaReply`. At its end: Stop playing; nothing
        happens where the file has ended already.
        """
        return self._hold(
            PlayMedia(
                call_id=self._ng_call_id,
                participant=Participant.ALL,
                file=file,
                blob=blob,
                blob64=blob64,
                db_id=db_id,
                repeat_times=repeat_times,
                repeat_duration=repeat_duration,
                start_pos=start_pos,
                block_egress=block_egress,
                flags=flags,
            )
        )

    def subscription(
        self,
        *,
        to_tag: str | None = None,
        set_label: str | None = None,
        bidirectional: bool = False,
        siprec: bool = False,
        flags: Flags | None = None,
    ) -> AbstractAsyncContextManager[Subscription]:
        """Send `subscribe_request` when the block begins, and `unsubscribe` when it ends.

        The parameters are those of `subscribe_request`. The block gets `Subscription`. At its end: End the
        subscription.
        """
        return self._listen(
            SubscribeRequest(
                call_id=self._ng_call_id,
                participant=Participant.ALL,
                to_tag=to_tag,
                set_label=set_label,
                bidirectional=bidirectional,
                siprec=siprec,
                flags=flags,
            )
        )
