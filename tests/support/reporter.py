"""An endpoint that sends RTP on loopback, and reports by RTCP what it hears, when a test wants it to."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rtpe_ng import sdp

ADDRESS = "127.0.2.1"
PAYLOADS = {"audio": (0, "PCMU/8000", 160), "video": (96, "VP8/90000", 1800)}
"""The payload type, the codec and the steps of the timestamp for each kind of media."""
_SECONDS_1900 = 2_208_988_800


class _Section:
    """A media section: two sockets, or one with rtcp-mux, and what came in there."""

    def __init__(self, kind: str, ssrc: int, *, mux: bool) -> None:
        self.payload_type, self.codec, self.step = PAYLOADS[kind]
        self.kind, self.ssrc, self.mux = kind, ssrc, mux
        self.rtp, self.rtcp = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for one in (self.rtp, self.rtcp):
            one.bind((ADDRESS, 0))
            one.setblocking(False)
        self.sent = self.lost = self.number = 0
        self.heard: list[int] = []
        self.source = self.sender_report = 0
        self.came = 0.0
        self.to = self.to_rtcp = ("", 0)

    def lines(self) -> list[str]:
        ports = (port.getsockname()[1] for port in (self.rtp, self.rtcp))
        rtp, rtcp = ports
        return [
            f"m={self.kind} {rtp} RTP/AVP {self.payload_type}",
            f"a=rtpmap:{self.payload_type} {self.codec}",
            "a=sendrecv",
            *(["a=rtcp-mux"] if self.mux else [f"a=rtcp:{rtcp}"]),
        ]

    def send(self, *, lose: bool) -> None:
        self.number += 1
        if lose:
            self.lost += 1
            return
        header = struct.pack("!BBHII", 0x80, self.payload_type, self.number, self.number * self.step, self.ssrc)
        self.rtp.sendto(header + b"\xff" * 160, self.to)
        self.sent += 1

    def listen(self) -> None:
        for one in (self.rtp, self.rtcp):
            while True:
                try:
                    packet, sender = one.recvfrom(4096)
                except BlockingIOError:
                    break
                if sender not in (self.to, self.to_rtcp):
                    # What somebody still sends to the last one that had this port.
                    continue
                if packet[1] == 200:
                    seconds, fraction = struct.unpack_from("!II", packet, 8)
                    self.sender_report = (seconds & 0xFFFF) << 16 | fraction >> 16
                    self.came = time.monotonic()
                elif not 192 <= packet[1] <= 223:
                    number, _, self.source = struct.unpack_from("!HII", packet, 2)
                    self.heard.append(number)

    def report(self) -> None:
        """Send a sender report with a block about what was heard since the beginning (RFC 3550, section 6.4.1)."""
        block = b""
        if self.heard:
            expected = max(self.heard) - min(self.heard) + 1
            missed = expected - len(self.heard)
            share = 256 * missed // expected
            waited = round((time.monotonic() - self.came) * 65_536) if self.sender_report else 0
            last = max(self.heard)
            block = struct.pack("!IIIIII", self.source, share << 24 | missed, last, 16, self.sender_report, waited)
        now = time.time() + _SECONDS_1900
        head = struct.pack("!BBH", 0x80 | bool(block), 200, 6 + len(block) // 4)
        body = struct.pack("!III", self.ssrc, int(now), int(now % 1 * 2**32))
        counts = struct.pack("!III", self.number * self.step, self.sent, self.sent * 160)
        (self.rtp if self.mux else self.rtcp).sendto(head + body + counts + block, self.to_rtcp)


class Reporter:
    """One party: it has a section of each of these kinds, with the SSRCs from `ssrc` on."""

    def __init__(self, kinds: Sequence[str], ssrc: int, *, mux: bool = False) -> None:
        self.sections = [_Section(kind, ssrc + index, mux=mux) for index, kind in enumerate(kinds)]

    def body(self) -> str:
        """Return its offer or answer."""
        top = ["v=0", f"o=- {self.sections[0].ssrc} 1 IN IP4 {ADDRESS}", "s=-", f"c=IN IP4 {ADDRESS}", "t=0 0"]
        lines = [*top, *(line for section in self.sections for line in section.lines())]
        return "".join(f"{line}\r\n" for line in lines)

    def follow(self, body: str) -> None:
        """Send to where this body says."""
        for section, media in zip(self.sections, sdp.parse(body).media, strict=True):
            assert media.connection is not None
            section.to = (media.connection.address, media.port)
            port = media.rtcp.port if media.rtcp is not None else media.port + 1
            section.to_rtcp = section.to if section.mux else (media.connection.address, port)

    def speak(self, *, lose: bool = False) -> None:
        """Send a packet in each section, or lose it on the way."""
        for section in self.sections:
            section.send(lose=lose)

    def listen(self) -> None:
        """Take what has come in."""
        for section in self.sections:
            section.listen()

    def report(self) -> None:
        """Report on each section."""
        for section in self.sections:
            section.report()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for section in self.sections:
            section.rtp.close()
            section.rtcp.close()
