"""A WebRTC party without a browser: aiortc, on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import fractions
from array import array
from collections.abc import Iterator, Sequence
from typing import cast
from unittest import mock

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.stats import RTCInboundRtpStreamStats, RTCOutboundRtpStreamStats, RTCTransportStats
from av import AudioFrame

from .ears import Ears
from .party import Heard, MediaDirection, Packets, Refused
from .tones import second_of

_RATE = 48_000
_SAMPLES = _RATE // 50


@contextlib.contextmanager
def loopback() -> Iterator[None]:
    """Let aiortc use 127.0.0.1, which it leaves out by itself, and nothing else, within this block."""
    with mock.patch("aioice.ice.get_host_addresses", return_value=["127.0.0.1"]):
        yield


class _Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self, tone: int) -> None:
        super().__init__()
        second = second_of(tone, _RATE).tobytes()
        self._frames = [second[at : at + 2 * _SAMPLES] for at in range(0, len(second), 2 * _SAMPLES)]
        self._number = 0
        self._due: float | None = None
        self.plays = asyncio.Event()
        self.plays.set()

    async def recv(self) -> AudioFrame:
        # On hold nothing is sent: aiortc would go on sending.
        await self.plays.wait()
        now = asyncio.get_running_loop().time()
        self._due = now if self._due is None else self._due + _SAMPLES / _RATE
        await asyncio.sleep(self._due - now)
        if self.readyState != "live":
            raise MediaStreamError
        frame = AudioFrame(format="s16", layout="mono", samples=_SAMPLES)
        frame.planes[0].update(self._frames[self._number % len(self._frames)])
        frame.sample_rate = _RATE
        frame.time_base = fractions.Fraction(1, _RATE)
        frame.pts = self._number * _SAMPLES
        self._number += 1
        return frame


class AiortcPeer:
    """A party made of aiortc. It has no provisional answer, no rollback and no ICE restart."""

    def __init__(self, tone: int, *, codecs: Sequence[str] = ()) -> None:
        self._tone = tone
        self._connection = RTCPeerConnection()
        self._track = _Tone(tone)
        self._ears = Ears()
        self._listening: list[asyncio.Task[None]] = []
        self._heard_from = 0
        self._connection.addTrack(self._track)
        (self._transceiver,) = self._connection.getTransceivers()
        if codecs:
            known = RTCRtpReceiver.getCapabilities("audio")
            assert known is not None
            self._transceiver.setCodecPreferences(
                [codec for codec in known.codecs if codec.mimeType.removeprefix("audio/") in codecs]
            )
        self._connection.on("track", self._hear)

    @classmethod
    async def start(cls, tone: int, *, codecs: Sequence[str] = ()) -> AiortcPeer:
        """Return a peer that is ready to call; `codecs` are names, such as ``opus``, in order of preference."""
        return cls(tone, codecs=codecs)

    @property
    def tone(self) -> int:
        return self._tone

    async def offer(self) -> str:
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return self._connection.localDescription.sdp

    async def answer(self, offer: str) -> str:
        await self._take("offer", offer)
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        self._follow()
        return self._connection.localDescription.sdp

    async def accept(self, answer: str) -> None:
        await self._take("answer", answer)
        self._follow()

    async def direct(self, direction: MediaDirection) -> None:
        self._transceiver.direction = direction

    async def listen(self) -> None:
        self._heard_from = (await self.packets()).received
        self._ears.forget()

    async def heard(self) -> Heard:
        return Heard((await self.packets()).received - self._heard_from, self._ears.tones())

    async def packets(self) -> Packets:
        sent = received = sent_in_all = 0
        for stats in (await self._connection.getStats()).values():
            if isinstance(stats, RTCOutboundRtpStreamStats):
                sent += stats.packetsSent
            elif isinstance(stats, RTCInboundRtpStreamStats):
                received += stats.packetsReceived
            elif isinstance(stats, RTCTransportStats):
                sent_in_all = stats.packetsSent
        return Packets(sent=sent, received=received, sent_in_all=sent_in_all)

    async def close(self) -> None:
        await self._connection.close()
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)

    async def _take(self, kind: str, body: str) -> None:
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp=body, type=kind))
        except (ValueError, AttributeError, LookupError) as error:
            # It has no error of its own for a body that it cannot use.
            raise Refused(f"{type(error).__name__}: {error}") from error

    def _follow(self) -> None:
        if "send" in str(self._transceiver.currentDirection):
            self._track.plays.set()
        else:
            self._track.plays.clear()

    def _hear(self, track: MediaStreamTrack) -> None:
        self._listening.append(asyncio.create_task(self._listen_to(track)))

    async def _listen_to(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = cast("AudioFrame", await track.recv())
                channels = len(frame.layout.channels)
                samples = array("h", bytes(frame.planes[0])[: 2 * channels * frame.samples])
                self._ears.take(samples[::channels], frame.sample_rate)

    def __repr__(self) -> str:
        return f"<AiortcPeer {self._tone} Hz, {self._connection.connectionState}>"
