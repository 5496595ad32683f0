"""`Resolver`: the addresses of a daemon's host, looked up in a thread of its own and tried in turn.

A look-up may take milliseconds or half a minute, and nothing can interrupt it. So it runs in a thread that nobody
waits for: not the event loop, whose pool of threads it would fill, not a request, and not the end of the program.
Whoever needs the addresses asks with `poll` whether they have come. That needs no event loop, works between two
loops, and leaves nothing behind when the client is closed.

The addresses form a ring. In a round, each of them is tried once; `next` gives the one whose turn it is, and None
when the round is over. A look-up puts what is new before what was known. A literal address is a ring of one.
"""

import asyncio
import errno
import math
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

import anyio

LOOK_UP_INTERVAL = 2.0
"""The least time, in seconds, between two look-ups of a name. The second one may follow the first at once, because
the first was made when the client began, and says nothing about a failure since then."""
LOOK_UP_MAY_TAKE = 10.0
"""After how many seconds a look-up that hangs is left alone, so that another may begin."""
LOOK_UP_PATIENCE = 1.0
"""For how many seconds requests that would otherwise fail wait for the end of a look-up."""

_SHORTEST_POLL, _LONGEST_POLL = 0.001, 0.05

Address = tuple[socket.AddressFamily, Any]
"""A family and what `socket.connect` takes."""


class Resolver:
    """The addresses of `host`, with this UDP port. All times are in seconds, on the clock of the caller."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._ring: list[Address] = []
        self._tried: set[Address] = set()
        self._look_up: _LookUp | None = None
        self._may_look_up_at: float | None = None
        self.error: OSError | None = None
        """Why the last look-up found nothing; None if it found an address."""
        self.has_news: bool = False
        """Whether a look-up has found an address that was not known, and `next` has not given one since."""
        self.is_literal: bool = _is_literal(host)
        """Whether the host is an address, which needs no look-up."""

    @property
    def addresses(self) -> tuple[Address, ...]:
        """What is known, in the order in which it will be tried; empty before the first look-up has ended."""
        return tuple(self._ring)

    def look_up(self, now: float) -> bool:
        """Begin a look-up, if none is under way and the last one is old; return whether one is under way."""
        if self.is_literal:
            # Every time, because a link-local address has an interface, whose number may change.
            self._take([_literal(self._host, self._port)])
            return False
        if self._look_up is not None and now - self._look_up.began < LOOK_UP_MAY_TAKE:
            return True
        if self._may_look_up_at is not None and now < self._may_look_up_at:
            return False
        self._may_look_up_at = now if self._may_look_up_at is None else now + LOOK_UP_INTERVAL
        self._look_up = _LookUp(self._host, self._port, now)
        try:
            self._look_up.start()
        except RuntimeError as error:  # the system has no more threads
            self._look_up, self.error = None, OSError(errno.EAGAIN, str(error))
        return self._look_up is not None

    def poll(self) -> bool:
        """Take the result of a look-up that has ended since; return whether there was one."""
        look_up = self._look_up
        if look_up is None or look_up.is_alive():
            return False
        self._look_up, self.error = None, look_up.error
        # What was known stays known if the name has no address now: a resolver may fail for a while.
        if look_up.error is None:
            self._take(look_up.addresses)
        return True

    def poll_at(self, now: float) -> float:
        """Return when to `poll` next; infinity if no look-up is under way."""
        if self._look_up is None:
            return math.inf
        # After as long as it has taken so far: a quick look-up is noticed at once, and a slow one costs little.
        return now + min(max(now - self._look_up.began, _SHORTEST_POLL), _LONGEST_POLL)

    def is_worth_waiting_for(self, now: float) -> bool:
        """Return whether a look-up is under way and may end soon."""
        return self._look_up is not None and now - self._look_up.began < LOOK_UP_PATIENCE

    def next(self) -> Address | None:
        """Return the next address that was not tried in this round, which is then tried; None if there is none."""
        for address in self._ring:
            if address not in self._tried:
                self.has_news = False
                self._tried.add(address)
                self._ring.remove(address)
                self._ring.append(address)
                return address
        return None

    def begin_round(self, *tried: Address) -> None:
        """Let each address be tried again, except those that are given."""
        self._tried = set(tried)

    def _take(self, addresses: Iterable[Address]) -> None:
        found = dict.fromkeys(addresses)
        kept = [address for address in self._ring if address in found]
        news = [address for address in found if address not in kept]
        self._ring = [*news, *kept]
        self.has_news = bool(news)
        self._tried &= found.keys()


class _LookUp(threading.Thread):
    """One look-up. When the thread has ended, `error` is set, or there is at least one address."""

    def __init__(self, host: str, port: int, now: float) -> None:
        # A daemon thread: the program may end before the look-up does.
        super().__init__(name=f"look-up of {host}", daemon=True)
        self._host, self._port = host, port
        self.began = now
        self.addresses: list[Address] = []
        self.error: OSError | None = OSError(errno.EADDRNOTAVAIL, "the host name has no address")

    def run(self) -> None:
        # anyio's look-up knows internationalized names (IDNA 2008), which that of Python's `socket` does not. It
        # needs an event loop; this one lives in the thread, because the client's could not end before the look-up.
        try:
            with asyncio.Runner(debug=False, loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.get_loop().set_default_executor(_InPlace())
                found = runner.run(anyio.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM))
        except OSError as error:
            self.error = error
        except UnicodeError as error:
            self.error = OSError(errno.EINVAL, f"this is no host name: {error}")
        else:
            self.addresses = [(family, address) for family, _, _, _, address in found]
            self.error = None if self.addresses else self.error


class _InPlace(ThreadPoolExecutor):
    """Runs each call in the thread that submits it."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args, **options))
        except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
            future.set_exception(error)
        return future


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _literal(host: str, port: int) -> Address:
    if ":" not in host:
        return socket.AF_INET, (host, port)
    # RFC 6874 writes the "%" before the interface of a link-local address as "%25"; programs write "%".
    address, _, scope = host.partition("%")
    scope = scope.removeprefix("25") or scope
    try:
        number = int(scope) if scope.isdigit() else socket.if_nametoindex(scope) if scope else 0
    except OSError:
        number = 0  # the interface may come later; until then the system says that there is no way to the address
    return socket.AF_INET6, (address, port, 0, number)
