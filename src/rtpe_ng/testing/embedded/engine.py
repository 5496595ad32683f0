"""`EmbeddedEngine`: the socket and the clock around a `Core`."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from types import TracebackType
from typing import Self

from ...wire import Document
from .behaviour import behaviour_of
from .calls import Call
from .core import Core
from .faults import Faults
from .state import State

__all__ = ["EmbeddedEngine"]

MAX_DATAGRAM = 65_507


class EmbeddedEngine:
    """An engine within this process: it speaks the ng protocol over a loopback socket, and forwards no media.

    It answers at `url` within its block, ``with`` or ``async with``. A thread of its own serves the socket.
    """

    def __init__(self, *, version: str = "26.0", seed: int = 0) -> None:
        self._behaviour = behaviour_of(version)
        self._seed = seed
        self.faults = Faults()
        self._lock = threading.RLock()
        self._core = Core(State(behaviour=self._behaviour))
        self._received: list[Document] = []
        self._port = 0

    @property
    def version(self) -> str:
        """The version of the daemon that it behaves as."""
        return self._behaviour.version

    @property
    def url(self) -> str:
        """Where it listens for ng commands over UDP."""
        return f"udp://127.0.0.1:{self._port}"

    @property
    def calls(self) -> list[Call]:
        """The calls that it holds."""
        with self._lock:
            return list(self._core.state.calls)

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._port = self._socket.getsockname()[1]
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name=f"rtpe-ng engine {self._port}", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wake.close()
        self._thread.join()
        self._woken.close()
        self._socket.close()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not any(key.fileobj is self._woken for key, _ in selector.select()):
                datagram, source = self._socket.recvfrom(65_536)
                with self._lock:
                    reply = self._core.receive(datagram, time.time())
                if reply is not None and len(reply.reply) <= MAX_DATAGRAM:
                    self._socket.sendto(reply.reply, source)
