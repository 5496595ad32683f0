"""A SIP phone without SIP: plain RTP with PCMU on loopback, and the SDP that belongs to it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from array import array
from typing import Self

from rtpe_ng import sdp

from .ears import Ears
from .party import Heard, MediaDirection, Packets, Refused
from .tones import RATE, pcmu_decode, pcmu_second_of

ADDRESS = "127.0.0.1"
FRAME = 0.02
_SAMPLES = round(FRAME * RATE)
_PCMU, _EVENTS = "0", "101"
_RTP = struct.Struct("!BBHII")


class _Port(asyncio.DatagramProtocol):
    """An open pair of ports: RTP on an even one, RTCP on the next (RFC 3550, section 11)."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._transports: list[asyncio.DatagramTransport] = []
        self.number = 0

    async def open(self) -> Self:
        loop = asyncio.get_running_loop()
        for one in _pair():
            self.number = self.number or one.getsockname()[1]
            transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=one)
            self._transports.append(transport)
        return self

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._phone.take(data)

    def send(self, packet: bytes, to: tuple[str, int]) -> None:
        self._transports[0].sendto(packet, to)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()


def _pair() -> tuple[socket.socket, socket.socket]:
    while True:
        even, odd = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        try:
            even.bind((ADDRESS, 0))
            number = even.getsockname()[1]
            if number % 2 == 0:
                odd.bind((ADDRESS, number + 1))
                return even, odd
        except OSError:
            pass  # another has the odd one
        even.close()
        odd.close()


class Phone:
    """A party that offers and answers RTP/AVP with PCMU and telephone-event.

    A late offer is nothing special: `offer` for the 200, `accept` for the ACK. `move` before an answer makes it
    a 200 from another port than the 183's.
    """

    def __init__(self, tone: int) -> None:
        self._tone = tone
        self._direction: MediaDirection = "sendrecv"
        self._said: tuple[str, int, str, str] | None = None
        self._version = 0
        self._id = random.getrandbits(31)
        self._ears = Ears()
        self._target: tuple[str, int] | None = None
        self._sends = False
        self._sent = self._received = self._heard_from = 0
        self.rtcp_received = 0
        self.says_address = ADDRESS
        """The address in its bodies; 0.0.0.0 is how phones of before RFC 3264 hold."""
        self._port = _Port(self)
        self._playing: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, tone: int) -> Phone:
        """Return a phone that is ready to call."""
        phone = cls(tone)
        await phone._port.open()
        phone._playing = asyncio.create_task(phone._play())
        return phone

    @property
    def tone(self) -> int:
        return self._tone

    @property
    def port(self) -> int:
        """Its RTP port."""
        return self._port.number

    async def offer(self) -> str:
        return self._describe(self._direction, _EVENTS)

    async def answer(self, offer: str) -> str:
        media = _audio(offer)
        if _PCMU not in media.formats:
            raise Refused("no PCMU offered")
        self._follow(media)
        events = next((codec for codec in media.codecs if codec.matches("telephone-event/8000")), None)
        body = self._describe(
            _narrowed(self._direction, media.direction), str(events.payload_type) if events else ""
        )
        return body.replace("RTP/AVP", media.protocol)

    async def accept(self, answer: str) -> None:
        media = _audio(answer)
        if _PCMU not in media.formats:
            raise Refused("no PCMU answered")
        self._follow(media)

    async def direct(self, direction: MediaDirection) -> None:
        self._direction = direction

    async def move(self) -> None:
        """Leave the pair of ports for another one; the next body says so."""
        left, self._port = self._port, await _Port(self).open()
        left.close()

    async def listen(self) -> None:
        self._heard_from = self._received
        self._ears.forget()

    async def heard(self) -> Heard:
        return Heard(self._received - self._heard_from, self._ears.tones())

    async def packets(self) -> Packets:
        return Packets(sent=self._sent, received=self._received, sent_in_all=self._sent)

    async def close(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._playing
        self._port.close()

    def take(self, packet: bytes) -> None:
        """Take what came from the network, to either port."""
        if len(packet) < _RTP.size or packet[0] >> 6 != 2:
            return  # ICE, as the daemon may still send it
        if 192 <= packet[1] <= 223:
            self.rtcp_received += 1
            return
        self._received += 1
        if packet[1] & 0x7F == int(_PCMU):
            payload = packet[_RTP.size + 4 * (packet[0] & 0x0F) :]
            self._ears.take(array("h", pcmu_decode(payload)), RATE)

    def _describe(self, direction: str, events: str) -> str:
        said = (self.says_address, self.port, direction, events)
        if said != self._said:
            # The same body again keeps its version (RFC 3264, section 8).
            self._said, self._version = said, self._version + 1
        lines = [
            "v=0",
            f"o=phone {self._id} {self._version} IN IP4 {ADDRESS}",
            "s=call",
            f"c=IN IP4 {self.says_address}",
            "t=0 0",
            f"m=audio {self.port} RTP/AVP {_PCMU} {events}".rstrip(),
            f"a=rtpmap:{_PCMU} PCMU/8000",
            *([f"a=rtpmap:{events} telephone-event/8000", f"a=fmtp:{events} 0-15"] if events else []),
            "a=ptime:20",
            f"a={direction}",
        ]
        return "".join(f"{line}\r\n" for line in lines)

    def _follow(self, media: sdp.Media) -> None:
        address = media.connection.address if media.connection else ""
        self._target = (address, media.port) if address not in ("", "0.0.0.0") and media.port else None
        self._sends = "send" in _narrowed(self._direction, media.direction)

    async def _play(self) -> None:
        loop = asyncio.get_running_loop()
        tone, source = pcmu_second_of(self._tone), random.getrandbits(32)
        number, due = 0, loop.time()
        while True:
            if self._sends and self._target:
                start = number * _SAMPLES % RATE
                header = _RTP.pack(0x80, int(_PCMU), number & 0xFFFF, number * _SAMPLES & 0xFFFFFFFF, source)
                self._port.send(header + tone[start : start + _SAMPLES], self._target)
                self._sent += 1
            number += 1
            due += FRAME
            await asyncio.sleep(due - loop.time())

    def __repr__(self) -> str:
        return f"<Phone {self._tone} Hz>"


def _audio(body: str) -> sdp.Media:
    media = next((media for media in sdp.parse(body).media if media.type == "audio"), None)
    if media is None:
        raise Refused("no audio section")
    return media


def _narrowed(mine: str, theirs: str) -> MediaDirection:
    """Return what is left of a wish, given what the other side said (RFC 3264, section 6.1)."""
    sends = mine in ("sendrecv", "sendonly") and theirs in ("sendrecv", "recvonly")
    receives = mine in ("sendrecv", "recvonly") and theirs in ("sendrecv", "sendonly")
    if sends:
        return "sendrecv" if receives else "sendonly"
    return "recvonly" if receives else "inactive"
