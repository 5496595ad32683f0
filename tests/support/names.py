"""`Names`: a name whose addresses a test decides, in place of the system's resolver."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any, Self

from rtpe_ng.transports import resolver

NAME = "engine.test"


class Names:
    """What the system's resolver says of `NAME` within the block, and how often it was asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses: list[str] = list(addresses)
        self.asked = 0
        self.hangs: threading.Event | None = None
        self._begun = time.monotonic()
        self._real = socket.getaddrinfo

    def __enter__(self) -> Self:
        self._real = socket.getaddrinfo
        socket.getaddrinfo = self
        return self

    def __exit__(self, *_error: object) -> None:
        socket.getaddrinfo = self._real
        if self.hangs is not None:
            self.hangs.set()

    @property
    def intervals(self) -> float:
        """How often a client may have asked again by now, however slow this machine is."""
        return (time.monotonic() - self._begun) / resolver.LOOK_UP_INTERVAL

    def __call__(self, host: Any, port: Any, *more: Any, **options: Any) -> Any:
        if (host.decode() if isinstance(host, bytes) else host) != NAME:
            return self._real(host, port, *more, **options)
        self.asked += 1
        if self.hangs is not None:
            self.hangs.wait(20)
        if not self.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [one for address in self.addresses for one in self._real(address, port, *more, **options)]
