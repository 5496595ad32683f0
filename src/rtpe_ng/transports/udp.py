"""UDP: a non-blocking connected socket, which one of the waiting requests reads for all of them.

There is no background task, so nothing has to survive between two lines at a prompt, each of which runs in a task
of its own. Of the requests that wait, one is the reader: it waits for the socket, gives each message to
`Exchanges`, and wakes the requests that have ended. When it is done or cancelled, it appoints another waiting
request as the next reader and wakes it. Between that and the moment when the next reader runs, nobody reads; if
another request begins to read first, the appointed one waits again.
"""

import contextlib
import errno
import math
import os
import socket
from collections import deque
from ipaddress import ip_address
from time import monotonic
from typing import Any

import anyio

from ..errors import TransportError
from ..protocol import Exchange, Exchanges, Result, Strays
from ..protocol.exchanges import closed
from .base import Transport, transport_error
from .url import Url

MAX_DATAGRAM = 65_536
RECEIVE_BUFFER = 4 * 1024 * 1024
"""The receive buffer to ask the system for, in bytes: it must hold a burst of long replies while we compute."""
BLOCKED_RETRY = 0.005
"""The wait, in seconds, before another try if the system's send buffer is full."""

_FULL = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS, errno.ENOMEM)
_UNREACHABLE = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN)

_Address = tuple[socket.AddressFamily, Any]


class UdpTransport(Transport):
    """Requests to one daemon over UDP."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self._closed = False
        self._socket: socket.socket | None = None
        self._begin()

    def _begin(self) -> None:
        """Set the initial state, with no request under way."""
        self._process = os.getpid()
        self._exchanges = Exchanges(peer=self._url.address)
        self._heard = False
        self._addresses: list[_Address] = []
        self._unsent: deque[tuple[Exchange, bytes]] = deque()
        self._waiters: dict[Exchange, anyio.Event] = {}
        self._reader: Exchange | None = None
        self._next_reader: Exchange | None = None
        self._scope: anyio.CancelScope | None = None
        self._wakes_at = math.inf

    @property
    def strays(self) -> Strays:
        """How many messages answered no request."""
        return self._exchanges.strays

    async def open(self) -> None:
        """Resolve the host and create the socket, unless there is one.

        Raises `TransportError` if the host has no address, `UsageError` if the transport was closed.
        """
        if self._closed:
            raise closed()
        if self._process != os.getpid():
            # This process is a fork. The socket and the cookies belong to the parent, which would get our replies.
            inherited, self._socket = self._socket, None
            if inherited is not None:
                inherited.close()
            self._begin()
        if self._socket is not None:
            return
        addresses = await self._resolve()
        # While this task waited for the resolver, another one may have opened or closed the transport.
        if self._closed:
            raise closed()
        if self._socket is None:
            self._addresses = addresses[1:]
            try:
                self._socket = _connected(*addresses[0])
            except OSError as error:
                if not self._use_next_address():
                    raise self._error(error) from error

    def submit(self, command: str, document: bytes, timeout: float) -> Exchange:
        """Accept a request, which ends within `timeout` seconds, and send it if there is room."""
        exchange = self._exchanges.submit(command, document, now=monotonic(), timeout=timeout)
        self._flush()
        # A waiting reader does not know the timers of this request, which may be due before those that it knew.
        if self._scope is not None and (wake := self._next_wake(monotonic())) < self._wakes_at:
            # By the difference, because the deadline is in the time of the event loop, which may be another clock.
            self._scope.deadline -= self._wakes_at - wake
            self._wakes_at = wake
        return exchange

    async def wait(self, exchange: Exchange) -> None:
        """Return when the exchange has its outcome; meanwhile, read for all requests if no other one does."""
        try:
            while not exchange.done:
                if self._reader is None:
                    await self._read_until_done(exchange)
                else:
                    self._waiters[exchange] = event = anyio.Event()
                    await event.wait()
                    # It was appointed, or has ended. If it was appointed, it reads now, unless another began first.
                    self._clear_appointment(exchange)
        finally:
            self._waiters.pop(exchange, None)
            self._clear_appointment(exchange)
            if not exchange.done:
                self._exchanges.cancel(exchange, monotonic())
                self._flush()  # there may be room for others now
            if self._reader is None and self._next_reader is None and self._waiters:
                self._next_reader = next(iter(self._waiters))
                self._waiters.pop(self._next_reader).set()

    async def aclose(self) -> None:
        """Close the socket and end all requests under way with a `UsageError`. Closing twice is harmless."""
        self._closed = True
        self._unsent.clear()
        self._exchanges.fail_all(Result.CLOSED, closed, monotonic())
        self._wake_finished()
        if self._socket is not None:
            anyio.notify_closing(self._socket)
            self._socket.close()
            self._socket = None

    async def _read_until_done(self, exchange: Exchange) -> None:
        self._reader = exchange
        exchanges = self._exchanges
        try:
            while not exchange.done and self._socket is not None:
                now = monotonic()
                self._wakes_at = self._next_wake(now)
                # The socket is readable, or a timer is due: both end the wait, and both are handled below.
                try:
                    with anyio.move_on_after(max(0.0, self._wakes_at - now)) as self._scope:
                        await anyio.wait_readable(self._socket)
                except anyio.ClosedResourceError:
                    return
                finally:
                    self._scope = None
                self._drain()
                exchanges.handle_timer(monotonic())
                self._flush()
        finally:
            self._reader = None

    def _clear_appointment(self, exchange: Exchange) -> None:
        if self._next_reader is exchange:
            self._next_reader = None

    def _drain(self) -> None:
        """Receive every message that has arrived."""
        # All at once: while one is handled, more arrive, and each wait for the socket costs a turn of the event
        # loop.
        receive = self._exchanges.receive
        while self._socket is not None:
            try:
                message = self._socket.recv(MAX_DATAGRAM)
            except BlockingIOError:
                break
            except OSError as error:
                self._refused(error)
            else:
                self._heard = True
                receive(message, monotonic())
        self._wake_finished()

    def _flush(self) -> None:
        """Send all messages that are due, until the system's buffer is full."""
        if self._socket is None:
            return
        unsent = self._unsent
        unsent.extend(self._exchanges.messages_to_send(monotonic()))
        while unsent:
            # Removed only after it was sent, so that the order is kept when the buffer is full.
            exchange, message = unsent[0]
            if not exchange.done and not self._send(exchange, message):
                return
            unsent.popleft()
        self._wake_finished()

    def _send(self, exchange: Exchange, message: bytes) -> bool:
        """Send one message; return False if the system's buffer is full."""
        # An error may report that an earlier datagram was refused. Then this one was not sent, so try again.
        for _ in range(3):
            if self._socket is None:
                break
            try:
                self._socket.send(message)
            except OSError as error:
                if error.errno in _FULL:
                    return False
                if error.errno not in _UNREACHABLE:
                    self._exchanges.fail(exchange, Result.TRANSPORT, self._error(error), monotonic())
                    break
                self._refused(error)
            else:
                break
        return True

    def _refused(self, error: OSError) -> None:
        """Try the host's next address after it refused, or tell the requests if it has no other."""
        # Once the daemon has answered at an address, a refusal there means that it is restarting.
        if not self._heard and self._use_next_address():
            self._exchanges.send_again(monotonic())
        else:
            self._exchanges.refused(lambda: self._error(error), monotonic())

    def _error(self, error: OSError) -> TransportError:
        return transport_error(error, self._url.address)

    def _next_wake(self, now: float) -> float:
        timer = self._exchanges.next_timer()
        wake = math.inf if timer is None else timer
        # The socket is watched for reading only. So a full send buffer is simply tried again after a while.
        return min(wake, now + BLOCKED_RETRY) if self._unsent else wake

    def _wake_finished(self) -> None:
        for exchange in self._exchanges.finished():
            if waiter := self._waiters.pop(exchange, None):
                waiter.set()

    async def _resolve(self) -> list[_Address]:
        host, port = self._url.host, self._url.port
        with contextlib.suppress(ValueError):
            version = ip_address(host).version
            return [(socket.AF_INET if version == 4 else socket.AF_INET6, (host, port))]
        try:
            addresses = await anyio.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except OSError as error:
            raise self._error(error) from error
        return [(family, address) for family, _, _, _, address in addresses]

    def _use_next_address(self) -> bool:
        """Connect to the host's next address, if it has any; return whether that succeeded."""
        while self._addresses:
            try:
                replacement = _connected(*self._addresses.pop(0))
            except OSError:
                continue
            if self._socket is not None:
                anyio.notify_closing(self._socket)
                self._socket.close()
            self._socket = replacement
            return True
        return False


def _connected(family: socket.AddressFamily, address: Any) -> socket.socket:
    connected = socket.socket(family, socket.SOCK_DGRAM)
    try:
        connected.setblocking(False)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        connected.connect(address)
    except OSError:
        connected.close()
        raise
    return connected
