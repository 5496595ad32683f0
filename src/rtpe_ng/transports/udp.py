"""UDP: a non-blocking connected socket, which is read while requests wait (see `waiting`).

The socket is connected to one of the host's addresses, and that may be the wrong one: the name has moved, the
daemon does not run there, this host's own address has changed, or something on the way keeps sending the old flow
of datagrams to where nobody is. Nothing tells but refusals (ICMP, or an error of the system) and silence. While
the daemon answers, the transport is sure of its socket and does nothing. In doubt it has the name looked up again,
and goes to the next address with a new socket:

- after a refusal at once. When all addresses have refused, the requests get one more try a little later.
- after a request that ended without a reply, if nothing was heard since it was first sent.
- after `NEW_ADDRESS_PATIENCE`, if the address has not answered yet and the host has others. Once it has answered,
  only the end of a request counts, because a daemon that is busy for a second is no reason to leave it.

What is in flight goes on at the next address under its cookies. An address that refuses has executed nothing, or
what executed it is gone. One that is silent may have executed it, and only the reply is lost or late. But a URL
names one daemon, and a daemon knows a cookie at whichever of its addresses it arrives, so it executes nothing
twice. If the name has moved to another process, that one does execute it; then the calls of the old one are lost
to this client anyway, and a request that stays behind would end with its outcome just as unknown. Several daemons
that live side by side are not one URL: each needs a client of its own.

A client belongs to one event loop at a time: the requests of one cannot be woken in another. While that one runs,
another loop or thread is refused; what a loop has left behind that runs no more is ended, and forgotten.

The requests that wait do all of this (`_settle`); only a look-up has a thread of its own (see `resolver`). Requests
that come before there is an address wait for it, until their deadlines.
"""

import asyncio
import contextlib
import errno
import logging
import math
import os
import socket
import threading
from collections import deque
from typing import Any

from ..errors import TransportError, UsageError
from ..protocol import Exchange, Exchanges, Result, Strays
from ..protocol.exchanges import closed
from .base import Transport, clock, transport_error
from .elsewhere import Elsewhere
from .resolver import Address, Resolver
from .url import Url
from .waiting import Waiting, Watched, waiting

_log = logging.getLogger("rtpe_ng")

MAX_DATAGRAM = 65_536
RECEIVE_BUFFER = 4 * 1024 * 1024
"""The receive buffer to ask the system for, in bytes: it must hold a burst of long replies while we compute."""
MOST_AT_ONCE = 256
"""How many messages are received before other tasks and the timers have their turn: a flood must starve nobody."""
ELSEWHERE_AFTER = 0.2
"""After how many seconds of silence a new address may be one that answers from another."""
BLOCKED_RETRY = 0.005
"""The wait, in seconds, before another try if the system's send buffer is full."""
NEW_ADDRESS_PATIENCE = 0.7
"""How long, in seconds, an address that has not answered yet may be silent, if the host has others.

It is doubled with each round of all addresses, for a daemon that takes longer than that to answer.
"""
_MOST_PATIENCE = 8 * NEW_ADDRESS_PATIENCE

_FULL = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS, errno.ENOMEM)
_UNREACHABLE = (
    *(errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN),
    # What the system says where the address that the socket sends from is no longer this host's.
    *(errno.EADDRNOTAVAIL, errno.EINVAL, errno.ENODEV),
)


class UdpTransport(Transport, Watched):
    """Requests to one daemon over UDP."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self._closed = False
        self._socket: socket.socket | None = None
        self._claiming = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        """Set the initial state, with no request under way."""
        self._process = os.getpid()
        self._exchanges = Exchanges(peer=self._url.address)
        self._resolver = Resolver(self._url.host, self._url.port)
        self._address: Address | None = None
        # Whether there is a socket and no doubt about it. If not, `_settle` finds out before anything is sent.
        self._sure = False
        # Whether the socket has failed, so that it must be replaced before anything is sent.
        self._failed = False
        self._connected_at = self._heard_at = -math.inf
        self._patience = NEW_ADDRESS_PATIENCE
        # Where the daemon was when it was last heard.
        self._home: Address | None = None
        self._elsewhere: Elsewhere | None = None
        self._unsent: deque[tuple[Exchange, bytes]] = deque()
        # The thread, and under asyncio the loop, that it belongs to; and how its requests wait there.
        self._run: tuple[int, asyncio.AbstractEventLoop | None] | None = None
        self._waiting: Waiting | None = None

    @property
    def strays(self) -> Strays:
        """How many messages answered no request."""
        return self._exchanges.strays

    def begin(self) -> None:
        """Prepare for requests, and begin to look up the host. Raises `UsageError` if the transport was closed."""
        if self._closed:
            raise closed()
        self._leave_parent()
        if not self._resolver.addresses:
            self._resolver.look_up(clock())

    def _leave_parent(self) -> None:
        """Begin again in a fork: socket and cookies are those of the parent, which would get the replies."""
        if self._process != os.getpid():
            for inherited in (self._socket, self._elsewhere):
                if inherited is not None:
                    inherited.close()
            self._socket = None
            self._claiming = threading.Lock()
            self._begin()

    def submit(
        self,
        command: str,
        document: bytes,
        timeout: float,
        *,
        call_id: str | None = None,
        again: Exchange | None = None,
    ) -> Exchange:
        """Accept a request, which ends within `timeout` seconds, and send it if there is room.

        If it is sent `again`, it has the cookie of the former sending.
        Raises `UsageError` if it was closed, and while another event loop runs in which the client is used.
        """
        if self._closed:
            raise closed()
        self._claim()
        now = clock()
        exchange = self._exchanges.submit(command, document, now=now, timeout=timeout, call_id=call_id, again=again)
        self._flush(now)
        return exchange

    def _claim(self) -> None:
        """Belong to the running event loop from now on.

        Raises `UsageError` if it belongs to another one that runs. The requests of one that runs no more end.
        """
        run = threading.get_ident(), _running_loop()
        if run == self._run:
            return
        with self._claiming:
            former = self._waiting
            if former is not None:
                if former.is_running:
                    raise UsageError(
                        "this client is used in another event loop or thread, which is running: make a client for "
                        "each, with Client(url)"
                    )
                if self._exchanges.in_flight or self._exchanges.queued:
                    self._exchanges.fail_all(Result.CLOSED, _left_behind, clock())
                    if not former.is_over:
                        self._wake_finished()
                    self._replace_socket(None)
                    self._begin()
                    self._resolver.look_up(clock())
                former.leave()
            self._run, self._waiting = run, waiting(self, run[1])

    async def wait(self, exchange: Exchange) -> None:
        """Return when the exchange has its outcome. If the wait is cancelled, that is the outcome."""
        assert self._waiting is not None  # noqa: S101 - submit has claimed the loop
        await self._waiting.wait(exchange)

    def forget(self, exchange: Exchange) -> None:
        """Let go of a request that nobody waits for any more; there may be room for others now."""
        now = clock()
        self._exchanges.cancel(exchange, now)
        if self._exchanges.unanswered > self._heard_at:
            self._sure = False
        self._flush(now)

    @property
    def source(self) -> socket.socket | None:
        """The socket that messages come from; None while there is none."""
        return self._socket

    def handle_events(self) -> None:
        """Receive the messages that have come, do what is due, and send."""
        self._drain()
        now = clock()
        if not self._sure:
            self._look_elsewhere(now)
        self._exchanges.handle_timer(now)
        if self._exchanges.unanswered > self._heard_at:
            self._sure = False
        self._flush(now)

    def next_event(self) -> float:
        """Return the time when to call `handle_events` even if no message has come; it may be infinity."""
        timer = self._exchanges.next_timer()
        wake = math.inf if timer is None else timer
        if self._sure and not self._unsent:
            return wake
        now = clock()
        if not self._sure:
            wake = min(wake, self._trial_ends_at(), self._resolver.poll_at(now))
        # The socket is watched for reading only. So a full send buffer is simply tried again after a while.
        return min(wake, now + BLOCKED_RETRY) if self._unsent else wake

    async def aclose(self) -> None:
        """Close the socket and end all requests under way with a `UsageError`. Closing twice is harmless.

        Raises `UsageError` while another event loop runs in which the client is used.
        """
        if self._closed:
            return
        self._leave_parent()
        self._claim()
        self._closed = True
        self._unsent.clear()
        self._exchanges.fail_all(Result.CLOSED, closed, clock())
        self._wake_finished()
        self._replace_socket(None)

    def _drain(self) -> None:
        """Receive the messages that have arrived, up to `MOST_AT_ONCE`."""
        # Many at once: while one is handled, more arrive, and each wait for the socket costs a turn of the event
        # loop.
        receive = self._exchanges.receive
        for _ in range(MOST_AT_ONCE):
            if self._socket is None:
                break
            try:
                message = self._socket.recv(MAX_DATAGRAM)
            except BlockingIOError:
                break
            except OSError as error:
                self._refused(error)
            else:
                self._heard_at = now = clock()
                receive(message, now)
        self._wake_finished()

    def _flush(self, now: float) -> None:
        """Send all messages that are due, until the system's buffer is full."""
        if self._sure or self._settle():
            unsent = self._unsent
            if self._exchanges.has_messages:
                unsent.extend(self._exchanges.messages_to_send(now))
            while unsent:
                # Removed only after it was sent, so that the order is kept when the buffer is full.
                exchange, message = unsent[0]
                if exchange.result is None and not self._send(exchange, message):
                    break
                unsent.popleft()
        self._wake_finished()

    def _send(self, exchange: Exchange, message: bytes) -> bool:
        """Send one message; return False if the system's buffer is full."""
        # An error may report that an earlier datagram was refused. Then this one was not sent, so try again.
        for _ in range(3):
            used = self._socket
            if used is None:
                break
            try:
                used.send(message)
            except OSError as error:
                if error.errno in _FULL:
                    return False
                if error.errno not in _UNREACHABLE:
                    if error.errno != errno.EMSGSIZE:
                        self._failed, self._sure = True, False
                    # It concerns this message alone, unless the others meet the same error.
                    self._exchanges.fail(exchange, Result.TRANSPORT, self._error(error), clock())
                    break
                self._refused(error)
                if self._socket is not used:
                    break  # it is sent again to the other address with everything else
            else:
                break
        return True

    def _refused(self, error: OSError) -> None:
        """Go to the next address after one refused. If all have, the requests get another try, or fail."""
        now = clock()
        self._resolver.look_up(now)
        # If it has failed already, all addresses have refused, and this is another datagram of the same burst.
        if not self._failed:
            self._failed, self._sure = True, False
            try:
                self._connect_next()
            except OSError:
                self._resolver.begin_round()
            else:
                self._exchanges.send_again(now)
                return
        self._all_refused(error, now)

    def _all_refused(self, error: OSError, now: float) -> None:
        hopeful = self._resolver.is_worth_waiting_for(now)
        self._exchanges.refused(lambda: self._error(error), now, hopeful=hopeful)

    def _settle(self) -> bool:
        """Find out whether the socket is the right one, and replace it if not; return whether one can send now."""
        exchanges, resolver, now = self._exchanges, self._resolver, clock()
        if self._closed or not exchanges.in_flight:
            return False
        if self._is_silent(now):
            # Replies that came while nobody read show that the daemon is there.
            self._drain()
        silent = self._is_silent(now)
        if silent:
            resolver.look_up(now)
        ended = resolver.poll()
        if not resolver.addresses:
            return self._await_addresses(now, may_look_up=not ended)
        if self._socket is not None and not silent and not self._failed:
            if self._heard_at > self._connected_at:
                self._be_sure()
                return True
            if self._address in resolver.addresses:
                return True
        # A retry after a refusal has its time, unless there is an address that has not refused.
        may_wait = self._failed and not exchanges.has_messages and not resolver.has_news
        return not may_wait and self._reconnect(now)

    def _reconnect(self, now: float) -> bool:
        """Go to the next address, with what is in flight; return whether there is a way to one."""
        exchanges, is_first, is_news = self._exchanges, self._address is None, self._resolver.has_news
        try:
            self._connect_next()
        except OSError:
            # Each address had its turn.
            self._patience = min(2 * self._patience, _MOST_PATIENCE)
            self._resolver.begin_round()
            try:
                self._connect_next()
            except OSError as error:
                # What is due counts as sent, so that it gets one more try.
                exchanges.messages_to_send(now)
                self._resolver.begin_round()
                self._all_refused(error, now)
                return False
        exchanges.obstacle = ""
        if not is_first:
            exchanges.send_again(now, also_refused=is_news)
            exchanges.handle_timer(now)
        return True

    def _look_elsewhere(self, now: float) -> None:
        """Find out whether an address that never answered does so from another one."""
        exchanges, source = self._exchanges, self._socket
        if source is None or self._heard_at > self._connected_at:
            return
        if self._elsewhere is None and now - self._connected_at >= ELSEWHERE_AFTER:
            with contextlib.suppress(OSError):
                self._elsewhere = Elsewhere(source)
        answered = None if self._elsewhere is None else self._elsewhere.answered(exchanges.awaits)
        if answered is not None:
            exchanges.explanation = (
                f"but a reply came from {answered}, which was not asked: the daemon has several addresses; ask it "
                "at that one, or let its listen-ng name the one that you ask"
            )

    def _is_silent(self, now: float) -> bool:
        """Return whether the address has been silent for so long that it is time for the next one."""
        if self._exchanges.unanswered > max(self._heard_at, self._connected_at):
            return True
        return now >= self._trial_ends_at()

    def _trial_ends_at(self) -> float:
        """Return until when an address that has not answered yet has time to; for ever if it is the only one."""
        if self._heard_at > self._connected_at or len(self._resolver.addresses) < 2 or self._socket is None:
            return math.inf
        return self._connected_at + self._patience

    def _await_addresses(self, now: float, *, may_look_up: bool) -> bool:
        """Let the requests wait for a look-up, or fail if it has failed; always return False."""
        exchanges, resolver = self._exchanges, self._resolver
        if may_look_up and resolver.look_up(now):
            exchanges.obstacle = f"the look-up of {self._url.host} has not ended"
        elif (error := resolver.error) is not None:
            exchanges.fail_all(Result.TRANSPORT, lambda: self._error(error), now)
        return False

    def _be_sure(self) -> None:
        self._sure = True
        self._patience = NEW_ADDRESS_PATIENCE
        self._forget_elsewhere()
        assert self._address is not None  # noqa: S101 - something was heard from it
        self._resolver.begin_round(self._address)
        if self._home not in (None, self._address):
            _log.info("%s: the daemon is now at %s", self._url, self._address[1][0])
        self._home = self._address

    def _connect_next(self) -> None:
        """Connect to the next address of this round; raises `OSError` if there is a way to none of them."""
        error: OSError | None = None
        while (address := self._resolver.next()) is not None:
            try:
                replacement = _connected(*address)
            except OSError as failure:
                error = failure
                continue
            self._replace_socket(replacement)
            self._address, self._failed, self._connected_at = address, False, clock()
            return
        raise error or OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))

    def _replace_socket(self, replacement: socket.socket | None) -> None:
        self._forget_elsewhere()
        former, self._socket = self._socket, replacement
        if self._waiting is not None:
            self._waiting.replace_socket(former)
        if former is not None:
            former.close()

    def _forget_elsewhere(self) -> None:
        if self._elsewhere is not None:
            self._elsewhere.close()
            self._elsewhere = None
        self._exchanges.explanation = ""

    def _error(self, error: OSError) -> TransportError:
        where = "" if self._address is None or self._resolver.is_literal else str(self._address[1][0])
        return transport_error(error, self._url.address, where=where)

    def _wake_finished(self) -> None:
        if self._exchanges.has_finished:
            for exchange in self._exchanges.finished():
                if self._waiting is not None:
                    self._waiting.wake(exchange)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None  # this is trio, which ends all tasks of a run before the run ends


def _left_behind() -> UsageError:
    return UsageError("the event loop of this request was left before its end, and the client is used in another")


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
