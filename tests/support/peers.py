"""Peers on loopback that behave as a test wants: scripted replies, and proxies that spoil or hold replies."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from rtpe_ng.wire import decode_document, encode_document

Script = Callable[[str, bytes], Iterable[bytes]]
"""What to send back for a message: given its cookie and document, any number of datagrams."""


class _Threaded:
    """Something that runs in a thread of its own until its block ends."""

    def __enter__(self) -> Self:
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.send(b"x")
        self._thread.join(10)
        self._stop.close()
        self._stopped.close()

    def _run(self) -> None:
        raise NotImplementedError


class Peer(_Threaded):
    """Answers each datagram as its script says, and remembers all that it was sent."""

    def __init__(self, script: Script, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._script = script
        self.received: list[tuple[str, bytes]] = []
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        self.port = self._socket.getsockname()[1]
        self.url = f"udp://[{host}]:{self.port}" if ":" in host else f"udp://{host}:{self.port}"

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector, self._socket:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(self._stopped, selectors.EVENT_READ)
            while not any(key.fileobj is self._stopped for key, _ in selector.select()):
                message, sender = self._socket.recvfrom(65_536)
                cookie, _, document = message.partition(b" ")
                self.received.append((cookie.decode(), document))
                for reply in self._script(cookie.decode(), document):
                    self._socket.sendto(reply, sender)


class Spoiler(_Threaded):
    """Stands between a client and a daemon, and spoils the SDP of replies as its `spoil` says."""

    def __init__(self, target: str) -> None:
        self.spoil: Callable[[str], str] = str
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self._back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        host, _, port = target.removeprefix("udp://").partition(":")
        self._back.connect((host, int(port)))
        self.url = f"udp://127.0.0.1:{self._front.getsockname()[1]}"

    def _run(self) -> None:
        client: Any = None
        with selectors.DefaultSelector() as selector, self._front, self._back:
            for readable in (self._front, self._back, self._stopped):
                selector.register(readable, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._stopped:
                        return
                    if key.fileobj is self._front:
                        message, client = self._front.recvfrom(65_536)
                        self._back.send(message)
                    else:
                        cookie, _, document = self._back.recv(65_536).partition(b" ")
                        values = dict(decode_document(document))
                        if isinstance(body := values.get("sdp"), str):
                            values["sdp"] = self.spoil(body)
                        self._front.sendto(cookie + b" " + encode_document(values), client)


def pong(cookie: str, _: bytes) -> list[bytes]:
    """Answer as a daemon answers a ping."""
    return [f"{cookie} d6:result4:ponge".encode()]


def silent(_cookie: str, _document: bytes) -> list[bytes]:
    """Answer nothing."""
    return []


class HoldingProxy(_Threaded):
    """Stands between a client and a daemon, and holds the replies to some commands until it is told to let go."""

    def __init__(self, target: str, *, holds: Iterable[str]) -> None:
        self._holds = set(holds)
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self._back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        host, _, port = target.removeprefix("udp://").partition(":")
        self._back.connect((host, int(port)))
        self._client: Any = None
        self._cookies: set[bytes] = set()
        self.held: list[bytes] = []
        self.url = f"udp://127.0.0.1:{self._front.getsockname()[1]}"

    def let_go(self) -> None:
        """Send what is held, and hold nothing from now on."""
        self._holds.clear()
        self._cookies.clear()
        while self.held:
            self._front.sendto(self.held.pop(0), self._client)

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector, self._front, self._back:
            for readable in (self._front, self._back, self._stopped):
                selector.register(readable, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._stopped in ready:
                    return
                if self._front in ready:
                    message, self._client = self._front.recvfrom(65_536)
                    if any(f"7:command{len(name)}:{name}".encode() in message for name in self._holds):
                        self._cookies.add(message.partition(b" ")[0])
                    self._back.send(message)
                if self._back in ready:
                    message = self._back.recv(65_536)
                    if message.partition(b" ")[0] in self._cookies:
                        self.held.append(message)
                    else:
                        self._front.sendto(message, self._client)
