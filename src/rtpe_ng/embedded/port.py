"""`Port`: a UDP port on loopback that can refuse what comes, and is kept meanwhile."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

__all__ = ["LOOPBACK", "Port"]

LOOPBACK = "127.0.0.1"


class Port:
    """A UDP port on loopback: the one with this `number`, or any that is free. Raises `OSError` where it is not."""

    def __init__(self, number: int = 0) -> None:
        self.socket = _bound(number)
        self.number: int = self.socket.getsockname()[1]
        """Its number."""
        self.is_refusing = False
        """What comes is refused by the system, as where nobody listens."""

    def refuse(self) -> None:
        """Refuse what comes from now on, until `accept`, and lose what has come."""
        if not self.is_refusing:
            # Who is connected hears its peer alone, which is itself here: for all others nobody listens. Were it
            # closed instead, somebody else might get the port.
            self.socket.connect(self.socket.getsockname())
            self.is_refusing = True
        self.drain()

    def accept(self) -> None:
        """Take what comes again."""
        if self.is_refusing:
            self.socket.close()
            self.socket = _bound(self.number)
            self.is_refusing = False

    def receive(self) -> tuple[bytes, Any] | None:
        """Return a datagram that has come, and the address that it came from; None where there is none."""
        try:
            return self.socket.recvfrom(65_536)
        except OSError:
            return None

    def send(self, data: bytes, address: Any) -> None:
        """Send a datagram; where it cannot be sent, it is lost."""
        with contextlib.suppress(OSError):
            self.socket.sendto(data, address)

    def drain(self) -> None:
        """Lose what has come."""
        while self.receive() is not None:
            pass

    def close(self) -> None:
        """Give the port away."""
        self.socket.close()


def _bound(number: int) -> socket.socket:
    fresh = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        fresh.bind((LOOPBACK, number))
    except BaseException:
        fresh.close()
        raise
    fresh.setblocking(False)
    return fresh
