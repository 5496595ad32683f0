"""`EmbeddedEngine`: the socket, the clock and the thread around a `Server`."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import attrs

from ..errors import UsageError
from ..messages import Command, command_of
from ..wire import Value
from .call import EngineCall
from .errors import Refused
from .faults import FaultPlan, Faults, Outbox, Outgoing
from .request import text_in
from .resources import Resources
from .server import Datagram, Server
from .state import State
from .versions import behaviour_of

__all__ = ["EmbeddedEngine", "Received"]


@attrs.frozen(kw_only=True, repr=False)
class Received:
    """A request that an embedded engine took, typed."""

    cookie: str
    """The cookie of its message."""
    command: Command[Any]
    """The command, such as an `Offer`; a `Raw` where the document says more than that could."""
    document: Mapping[str, Value]
    """The document as it was read."""
    source: tuple[str, int]
    """The address and port that it came from."""

    @property
    def name(self) -> str:
        """The name of the command in the ng document."""
        return self.command.name

    @property
    def call_id(self) -> str | None:
        """The Call-ID; None where there is none."""
        return text_in(self.document, "call-id")

    def __repr__(self) -> str:
        of_call = f" of call {self.call_id!r}" if self.call_id is not None else ""
        return f"<Received {self.name or 'no command'}{of_call} from {self.source[0]}:{self.source[1]}>"


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


REMEMBERED = 10_000
"""How many requests `received` holds: the last ones."""
_AT_ONCE = 1000

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """An engine within this process: it speaks the ng protocol on a loopback socket, and forwards no media.

    It answers at `url` within its block, ``with`` or ``async with``, and behaves as the daemon of `version`:
    ``10.5``, ``12.5`` or ``26.0``, or one of these in full. A thread of its own serves the socket, so that it
    needs no event loop, and is there while yours is busy.

    `interfaces` maps names of logical interfaces to the addresses that stand in SDP, ``127.0.0.1`` by default;
    `ports` are those of media. None of them is opened. `seed` decides about all that is random: ICE names and
    passwords, keys, and what `faults` loses. A call goes on for `delete_delay` seconds after its ``delete``,
    unless that says otherwise. With `max_sessions` it refuses further calls, with `load_limit` all new ones.
    Where `records` is true it does as a daemon that has a folder for recordings. Raises `UsageError` for a
    version that was not measured.
    """

    def __init__(
        self,
        *,
        version: str = "26.0",
        seed: int = 0,
        interfaces: Mapping[str, str] | None = None,
        ports: range = range(30_000, 40_000),
        max_sessions: int | None = None,
        load_limit: bool = False,
        delete_delay: float = 30.0,
        records: bool = False,
    ) -> None:
        self._behaviour = behaviour_of(version)
        self._seed = seed
        self._interfaces = interfaces
        self._ports = ports
        self._is_loaded = load_limit
        self._options: Mapping[str, Any] = {
            "max_sessions": max_sessions,
            "delete_delay": delete_delay,
            "records": records,
        }
        self._plan = FaultPlan(seed=seed, follow=self._follow)
        # All that the thread and its owner share is touched with this lock held.
        self._lock = self._plan.lock
        self._faults = Faults(self._plan)
        self._outbox = Outbox(self._plan)
        self._core = self._born()
        self._restarts = 0
        self._received: deque[Received] = deque(maxlen=REMEMBERED)
        self._advanced = 0.0
        self._port: Port | None = None
        self._thread: threading.Thread | None = None
        self._followers: deque[threading.Event] = deque()

    @property
    def version(self) -> str:
        """The full version of the daemon that it behaves as."""
        return self._behaviour.version

    @property
    def url(self) -> str:
        """Where it listens for ng commands over UDP. Raises `UsageError` before its block."""
        if self._port is None:
            raise UsageError("the embedded engine does not run yet: use it as `with EmbeddedEngine() as engine:`")
        return f"udp://{LOOPBACK}:{self._port.number}"

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self._faults

    @property
    def received(self) -> Sequence[Received]:
        """The requests that it took so far, 10,000 at most; a retransmission is not one more."""
        with self._lock:
            return tuple(self._received)

    @property
    def calls(self) -> Mapping[str, EngineCall]:
        """The calls that it holds, by their Call-ID, with those that are deleted and still go on."""
        with self._lock:
            self._core.state.calls.expire(self._now())
            return dict(self._core.state.calls.named())

    def advance(self, seconds: float) -> None:
        """Let this time pass at once for the engine, to see a delayed deletion or the end of a cookie.

        Raises `UsageError` for a negative number: time never goes back.
        """
        if seconds < 0:
            raise UsageError(f"time never goes back, not by {seconds!r} seconds either")
        with self._lock:
            self._advanced += seconds

    def __enter__(self) -> Self:
        if self._thread is not None:
            raise UsageError("the embedded engine runs already")
        with self._lock:
            self._core = self._born()
            self._port = Port()
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(
            target=self._serve, args=(self._port,), name=f"embedded engine {self._port.number}", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._wake.close()
            thread.join()
            self._woken.close()
        if self._port is not None:
            self._port.close()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # It takes no longer than a datagram, so nothing is awaited, and no cancellation can come between.
        self.__exit__(kind, error, trace)

    def _born(self) -> Server:
        # Another life has other keys and names.
        resources = Resources(interfaces=self._interfaces, ports=self._ports, seed=self._seed + self._plan.restarts)
        return Server(
            State(behaviour=self._behaviour, resources=resources, has_no_room=self._has_no_room, **self._options)
        )

    def _has_no_room(self) -> bool:
        return self._is_loaded or self._plan.befall("load", "offer") is not None

    def _now(self) -> float:
        return time.time() + self._advanced

    def _follow(self) -> None:
        """Return when the thread has dealt with what has come, and does as the plan says."""
        if self._thread is not None and threading.current_thread() is not self._thread:
            done = threading.Event()
            self._followers.append(done)
            self._wake.send(b"x")
            done.wait(10)

    def _serve(self, port: Port) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            listening = port.socket
            selector.register(listening, selectors.EVENT_READ)
            is_over = False
            while not is_over:
                if listening is not port.socket:
                    selector.unregister(listening)
                    listening = port.socket
                    selector.register(listening, selectors.EVENT_READ)
                wakes_at = self._outbox.wakes_at
                events = selector.select(None if wakes_at is None else max(0.0, wakes_at - time.monotonic()))
                woken = any(key.fileobj is self._woken for key, _ in events)
                is_over = woken and not self._woken.recv(4096)
                # Whoever comes later, comes in the next round.
                following = [self._followers.popleft() for _ in range(len(self._followers))]
                with self._lock:
                    self._obey(port)
                    self._receive(port)
                    for outgoing in self._outbox.due(time.monotonic()):
                        port.send(outgoing.data, outgoing.address)
                for done in following:
                    done.set()

    def _obey(self, port: Port) -> None:
        """Close or open the port, fall silent, die and come back, as the plan says."""
        if self._restarts != self._plan.restarts:
            self._restarts = self._plan.restarts
            port.drain()
            self._core = self._born()
            self._outbox = Outbox(self._plan)
        if self._plan.state != "well":
            self._outbox = Outbox(self._plan)
        if self._plan.state == "refusing":
            port.refuse()
        else:
            port.accept()
        self._outbox.settle(time.monotonic())

    def _receive(self, port: Port) -> None:
        for _ in range(_AT_ONCE):
            received = port.receive()
            if received is None:
                return
            if self._plan.state == "well":
                try:
                    self._take(*received)
                except Exception as error:  # noqa: BLE001 - whatever comes, the next one finds an engine
                    _log.error("a datagram made the embedded engine fail with %s", type(error).__name__)

    def _take(self, datagram: bytes, source: tuple[str, int]) -> None:
        request = self._core.read(datagram)
        if request is None or self._plan.befall("request", request.command) is not None:
            return
        now = self._now()
        refusal: Refused | None = None
        if not self._core.knows(request, now):
            self._remember(request, source)
            refusal = self._refusal(request)
        reply = self._core.reply(request, now, refusal=refusal)
        self._outbox.put(Outgoing(data=reply, address=source), request.command, time.monotonic())

    def _remember(self, request: Datagram, source: tuple[str, int]) -> None:
        if not request.unread:
            self._received.append(
                Received(
                    cookie=request.cookie.decode("utf-8", "surrogateescape"),
                    command=command_of(request.document),
                    document=request.document,
                    source=source,
                )
            )

    def _refusal(self, request: Datagram) -> Refused | None:
        """Return what a fault says instead of executing the request."""
        fault = None if request.unread else self._plan.befall("execution", request.command)
        return None if fault is None else Refused(fault.details["reason"])

    def __repr__(self) -> str:
        where = f"at {self.url}" if self._thread is not None else "stopped"
        return f"<EmbeddedEngine {self.version} {where}, {len(self._core.state.calls)} calls>"
