"""`Waiting`: how requests wait for their outcomes, and what reads the socket and keeps the time meanwhile.

There is no background task, so nothing has to survive between two lines at a prompt, each of which runs in a task
of its own, and nothing is left behind by a program that forgets to close. While requests wait, something must still
notice that the socket is readable or a timer due; then it calls `Watched.handle_events`, which ends some of them.

asyncio and uvloop have callbacks for that (`LoopWaiting`). A request then costs one future. A program that sends
one request after the other would pay as much again to register and remove the callbacks each time. So they stay
until the timer that is set already ends, which is mostly a quarter of a second.

trio has none (`TaskWaiting`). There, one of the waiting requests is the reader: it waits for the socket for all of
them. When it is done or cancelled, it appoints another one as the next reader and wakes it. Between that and the
moment when the next reader runs, nobody reads; if another request begins to read first, the appointed one waits
again.
"""

from __future__ import annotations

import abc
import asyncio
import math
import socket
from typing import TYPE_CHECKING

import anyio

from ..protocol import Exchange
from .base import clock

if TYPE_CHECKING:
    import trio


class Watched(abc.ABC):
    """What is to be done for the requests that wait. None of it raises."""

    @property
    @abc.abstractmethod
    def source(self) -> socket.socket | None:
        """What messages come from; None while there is nothing."""

    @abc.abstractmethod
    def handle_events(self) -> None:
        """Receive the messages that have come, do what is due, and send."""

    @abc.abstractmethod
    def next_event(self) -> float:
        """Return the time when to call `handle_events` even if no message has come; it may be infinity."""

    @abc.abstractmethod
    def forget(self, exchange: Exchange) -> None:
        """Let go of a request that nobody waits for any more."""


class Waiting(abc.ABC):
    """The requests that wait in one event loop."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    @abc.abstractmethod
    async def wait(self, exchange: Exchange) -> None:
        """Return when the exchange has its outcome. If the wait is cancelled, it is forgotten."""

    @abc.abstractmethod
    def wake(self, exchange: Exchange) -> None:
        """Let the wait for an exchange end."""

    @abc.abstractmethod
    def replace_socket(self, former: socket.socket | None) -> None:
        """Watch the new socket, if there is one, and no longer the `former` one, which will be closed."""

    @property
    @abc.abstractmethod
    def is_running(self) -> bool:
        """Whether the event loop is running, here or in another thread."""

    @property
    @abc.abstractmethod
    def is_over(self) -> bool:
        """Whether the event loop was closed, so that it will never run again."""

    @abc.abstractmethod
    def leave(self) -> None:
        """Leave the event loop, which is not running and in which no request waits any more."""


def waiting(watched: Watched, loop: asyncio.AbstractEventLoop | None) -> Waiting:
    """Return how requests wait in this event loop of asyncio, or in trio."""
    if loop is not None:
        return LoopWaiting(watched, loop)
    import trio  # noqa: PLC0415 - it is there, because we are in a run of it

    return TaskWaiting(watched, trio.lowlevel.current_trio_token())


class LoopWaiting(Waiting):
    """Waits by the callbacks of an event loop of asyncio."""

    def __init__(self, watched: Watched, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(watched)
        self._loop = loop
        self._futures: dict[Exchange, asyncio.Future[None]] = {}
        self._read: socket.socket | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ends = math.inf
        self._has_left = False

    async def wait(self, exchange: Exchange) -> None:
        """Return when the exchange has its outcome. If the wait is cancelled, it is forgotten."""
        if exchange.done:
            return
        self._futures[exchange] = future = self._loop.create_future()
        try:
            if self._read is None:
                self._watch(self._watched.source)
            self._reschedule()
            await future
        finally:
            del self._futures[exchange]
            if not exchange.done:
                self._watched.forget(exchange)

    def wake(self, exchange: Exchange) -> None:
        """Let the wait for an exchange end."""
        future = self._futures.get(exchange)
        if future is not None and not future.done():
            future.set_result(None)

    def _reschedule(self) -> None:
        """Set the timer again if the next event is earlier now."""
        due = self._watched.next_event()
        # A timer that ends too early is cheaper than one that is set again for each request.
        if due < self._timer_ends:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_ends = due
            self._timer = self._loop.call_later(max(0.0, due - clock()), self._handle_timer)

    def replace_socket(self, former: socket.socket | None) -> None:  # noqa: ARG002 - it knows what it reads
        """Watch the new socket, if there is one, and no longer the `former` one, which will be closed."""
        if self._loop.is_closed():
            return
        if self._watched.source is None:
            self._stop()
        elif self._read is not None or self._futures:
            self._watch(self._watched.source)

    @property
    def is_running(self) -> bool:
        """Whether the event loop is running, here or in another thread."""
        return self._loop.is_running()

    @property
    def is_over(self) -> bool:
        """Whether the event loop was closed, so that it will never run again."""
        return self._loop.is_closed()

    def leave(self) -> None:
        """Leave the event loop, which is not running and in which no request waits any more."""
        # What it was about to call is called when it runs again.
        self._has_left = True
        if not self._loop.is_closed():
            self._stop()

    def _stop(self) -> None:
        self._watch(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._timer_ends = None, math.inf

    def _watch(self, wanted: socket.socket | None) -> None:
        if self._read is not None:
            self._loop.remove_reader(self._read)
        self._read = wanted
        if wanted is not None:
            self._loop.add_reader(wanted, self._handle_events)

    def _handle_timer(self) -> None:
        self._timer, self._timer_ends = None, math.inf
        self._handle_events()
        if self._timer is None:
            # No request has waited lately.
            self._stop()

    def _handle_events(self) -> None:
        if not self._has_left:
            self._watched.handle_events()
            if self._futures:
                self._reschedule()


class TaskWaiting(Waiting):
    """Waits by reading in one of the tasks that wait."""

    def __init__(self, watched: Watched, token: trio.lowlevel.TrioToken) -> None:
        super().__init__(watched)
        self._token = token
        self._waiters: dict[Exchange, anyio.Event] = {}
        self._reader: Exchange | None = None
        self._next_reader: Exchange | None = None
        # What ends the reader's wait when the next event is due.
        self._scope: anyio.CancelScope | None = None
        self._due = math.inf

    async def wait(self, exchange: Exchange) -> None:
        """Return when the exchange has its outcome. If the wait is cancelled, it is forgotten."""
        try:
            while not exchange.done:
                if self._reader is None:
                    await self._read_until_done(exchange)
                else:
                    self._waiters[exchange] = event = anyio.Event()
                    self._reschedule()
                    await event.wait()
                    # It was appointed, or has ended. If it was appointed, it reads now, unless another began first.
                    self._clear_appointment(exchange)
        finally:
            self._waiters.pop(exchange, None)
            self._clear_appointment(exchange)
            if not exchange.done:
                self._watched.forget(exchange)
            if self._reader is None and self._next_reader is None and self._waiters:
                self._next_reader = next(iter(self._waiters))
                self._waiters.pop(self._next_reader).set()

    def wake(self, exchange: Exchange) -> None:
        """Let the wait for an exchange end."""
        waiter = self._waiters.pop(exchange, None)
        if waiter is not None:
            waiter.set()

    def _reschedule(self) -> None:
        """Let the reader wait no longer than until the next event, which may be earlier now."""
        if self._scope is not None and (due := self._watched.next_event()) < self._due:
            # By the difference, because the deadline is in the time of the event loop, which may be another clock.
            self._scope.deadline -= self._due - due
            self._due = due

    def replace_socket(self, former: socket.socket | None) -> None:
        """Watch the new socket, if there is one, and no longer the `former` one, which will be closed."""
        if former is not None:
            # The reader, if it waits for this socket, goes on with the other one.
            anyio.notify_closing(former)
        elif self._scope is not None:
            self._scope.cancel()

    @property
    def is_running(self) -> bool:
        """Whether the run of trio goes on, here or in another thread."""
        import trio  # noqa: PLC0415 - it is there, because we have waited in a run of it

        try:
            self._token.run_sync_soon(lambda: None)
        except trio.RunFinishedError:
            return False
        return True

    @property
    def is_over(self) -> bool:
        """Whether the run has ended, and with it all tasks."""
        return not self.is_running

    def leave(self) -> None:
        """Leave the run: there is nothing to do, because only a request that waits reads."""

    async def _read_until_done(self, exchange: Exchange) -> None:
        self._reader = exchange
        watched = self._watched
        try:
            while not exchange.done:
                # The socket is readable, or a timer is due: both end the wait, and both are handled below.
                try:
                    self._due = max(watched.next_event(), now := clock())
                    with anyio.move_on_after(self._due - now) as self._scope:
                        if watched.source is None:
                            await anyio.sleep_forever()
                        else:
                            await anyio.wait_readable(watched.source)
                except anyio.ClosedResourceError:
                    continue  # the socket was replaced, or the transport closed
                finally:
                    self._scope = None
                watched.handle_events()
        finally:
            self._reader = None

    def _clear_appointment(self, exchange: Exchange) -> None:
        if self._next_reader is exchange:
            self._next_reader = None
