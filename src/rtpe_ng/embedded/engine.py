"""`EmbeddedEngine`: the socket, the clock and the thread around a `Server`.

The engine runs in a thread of its own, so that it answers while the program's event loop is busy, and works with
any event loop or none. The thread waits in one `select` for three things: a datagram on the port, a wake-up byte on
a socket pair, and the time at which a delayed reply is due. The program's threads share with it the calls, the
fault plan and the list of received requests, all guarded by one lock.

Changing the fault plan takes effect at a definite moment. The caller wakes the thread and waits until the thread
has handled all datagrams that had arrived; then it changes the plan; then it waits again until the thread has
applied the change, such as closing the port. `FaultPlan.change` does both waits through `EmbeddedEngine._catch_up`.
"""

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
    """A request that an embedded engine received, with its typed command."""

    cookie: str
    """The cookie of the request."""
    command: Command[Any]
    """The command, such as an `Offer`; a `Raw` where the typed command could not hold the whole document."""
    document: Mapping[str, Value]
    """The document as it was decoded."""
    source: tuple[str, int]
    """The address and port that it came from."""

    @property
    def name(self) -> str:
        """The name of the command in the ng document."""
        return self.command.name

    @property
    def call_id(self) -> str | None:
        """The Call-ID, or None."""
        return text_in(self.document, "call-id")

    def __repr__(self) -> str:
        of_call = f" of call {self.call_id!r}" if self.call_id is not None else ""
        return f"<Received {self.name or 'no command'}{of_call} from {self.source[0]}:{self.source[1]}>"


LOOPBACK = "127.0.0.1"


class Port:
    """A UDP port on loopback with this `number`, or any free one. Raises `OSError` if it cannot be opened."""

    def __init__(self, number: int = 0) -> None:
        self.socket: socket.socket = _bound(number)
        self.number: int = self.socket.getsockname()[1]
        """Its number."""
        self.is_refusing: bool = False
        """Whether the system refuses datagrams to it, as it does for a port that nothing listens on."""

    def refuse(self) -> None:
        """Let the system refuse datagrams until `accept`, and discard those that have arrived."""
        if not self.is_refusing:
            # A connected socket receives from its peer alone, which here is itself: for all others nothing listens.
            # If the socket were closed instead, another process might get the port.
            self.socket.connect(self.socket.getsockname())
            self.is_refusing = True
        self.drain()

    def accept(self) -> None:
        """Receive datagrams again after `refuse`."""
        if self.is_refusing:
            self.socket.close()
            self.socket = _bound(self.number)
            self.is_refusing = False

    def receive(self) -> tuple[bytes, Any] | None:
        """Return a datagram that has arrived, and its source address; None where there is none."""
        try:
            return self.socket.recvfrom(65_536)
        except OSError:
            return None

    def send(self, data: bytes, address: Any) -> None:
        """Send a datagram; it is lost where it cannot be sent."""
        with contextlib.suppress(OSError):
            self.socket.sendto(data, address)

    def drain(self) -> None:
        """Discard the datagrams that have arrived."""
        while self.receive() is not None:
            pass

    def close(self) -> None:
        """Close the port."""
        self.socket.close()


def _bound(number: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.bind((LOOPBACK, number))
    except BaseException:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


REMEMBERED = 10_000
"""How many requests `received` holds at most: the latest ones."""
_AT_ONCE = 1000
"""How many datagrams are handled before delayed replies and the fault plan get their turn."""

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """An engine within this process: it speaks the ng protocol on a loopback socket, and forwards no media.

    It answers at `url` within a ``with`` or ``async with`` block, and behaves as the daemon of `version`:
    ``10.5``, ``12.5`` or ``26.0``, or one of these in full. A thread of its own serves the socket, so that it
    needs no event loop, and answers while yours is busy.

    `interfaces` maps names of logical interfaces to the address that it writes into SDP, or to one of IPv4 and one
    of IPv6; by default there is one with ``127.0.0.1``. `ports` are its media ports. None of them is opened. `seed`
    determines everything random: ICE names and passwords, keys, and which datagrams `faults` loses. A call exists
    for `delete_delay` seconds after its ``delete``, unless the command has a delay of its own. With `max_sessions`
    calls it refuses further ones; with `load_limit` it refuses all new calls. With `records` it acts as a daemon
    that has a folder for recordings.
    Raises `UsageError` for a version that was not measured.
    """

    def __init__(
        self,
        *,
        version: str = "26.0",
        seed: int = 0,
        interfaces: Mapping[str, str | Sequence[str]] | None = None,
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
        self._plan = FaultPlan(seed=seed, catch_up=self._catch_up)
        # Everything that the thread shares with its owner is used with this lock held.
        self._lock = self._plan.lock
        self._faults = Faults(self._plan)
        self._outbox = Outbox(self._plan)
        self._core = self._new_server()
        self._restarts = 0
        self._received: deque[Received] = deque(maxlen=REMEMBERED)
        self._advanced = 0.0
        self._port: Port | None = None
        self._thread: threading.Thread | None = None
        self._waiting: deque[threading.Event] = deque()

    @property
    def version(self) -> str:
        """The full version of the daemon that it simulates."""
        return self._behaviour.version

    @property
    def url(self) -> str:
        """Where it listens for ng commands over UDP. Raises `UsageError` before its block."""
        if self._port is None:
            raise UsageError("the embedded engine does not run yet: use it as `with EmbeddedEngine() as engine:`")
        return f"udp://{LOOPBACK}:{self._port.number}"

    @property
    def faults(self) -> Faults:
        """The faults: what goes wrong on demand."""
        return self._faults

    @property
    def received(self) -> Sequence[Received]:
        """The requests that it has received, the latest 10,000; a retransmission does not count again."""
        with self._lock:
            return tuple(self._received)

    @property
    def calls(self) -> Mapping[str, EngineCall]:
        """Its calls by their Call-ID, including those whose deletion is delayed."""
        with self._lock:
            self._core.state.calls.expire(self._now())
            return dict(self._core.state.calls.named())

    def advance(self, seconds: float) -> None:
        """Move the engine's clock forward at once, for instance to see a delayed deletion.

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
            self._core = self._new_server()
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
        # It takes no longer than handling a datagram, so that nothing is awaited and nothing can be cancelled.
        self.__exit__(kind, error, trace)

    def _new_server(self) -> Server:
        # After a restart the engine has other keys and names.
        resources = Resources(interfaces=self._interfaces, ports=self._ports, seed=self._seed + self._plan.restarts)
        return Server(
            State(behaviour=self._behaviour, resources=resources, has_no_room=self._has_no_room, **self._options)
        )

    def _has_no_room(self) -> bool:
        return self._is_loaded or self._plan.strike("load", "offer") is not None

    def _now(self) -> float:
        return time.time() + self._advanced

    def _catch_up(self) -> None:
        """Wait until the thread has handled all datagrams that have arrived, and has applied the fault plan."""
        if self._thread is not None and threading.current_thread() is not self._thread:
            done = threading.Event()
            self._waiting.append(done)
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
                # A thread that begins to wait from here on is served in the next round.
                waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
                with self._lock:
                    self._apply_plan(port)
                    self._receive(port)
                    for outgoing in self._outbox.due(time.monotonic()):
                        port.send(outgoing.data, outgoing.address)
                for done in waiting:
                    done.set()

    def _apply_plan(self, port: Port) -> None:
        """Restart, discard replies, close or open the port, as the fault plan wants."""
        if self._restarts != self._plan.restarts:
            self._restarts = self._plan.restarts
            port.drain()
            self._core = self._new_server()
            self._outbox = Outbox(self._plan)
        if self._plan.state != "well":
            self._outbox = Outbox(self._plan)
        if self._plan.state == "refusing":
            port.refuse()
        else:
            port.accept()
        self._outbox.release_held(time.monotonic())

    def _receive(self, port: Port) -> None:
        for _ in range(_AT_ONCE):
            received = port.receive()
            if received is None:
                return
            if self._plan.state == "well":
                try:
                    self._take(*received)
                except Exception as error:  # noqa: BLE001 - one bad datagram must not end the engine
                    _log.error("a datagram made the embedded engine fail with %s", type(error).__name__)

    def _take(self, datagram: bytes, source: tuple[str, int]) -> None:
        request = self._core.read(datagram)
        if request is None or self._plan.strike("request", request.command) is not None:
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
        """Return the refusal that a fault has in the place of executing the request."""
        fault = None if request.unread else self._plan.strike("execution", request.command)
        return None if fault is None else Refused(fault.details["reason"])

    def __repr__(self) -> str:
        where = f"at {self.url}" if self._thread is not None else "stopped"
        return f"<EmbeddedEngine {self.version} {where}, {len(self._core.state.calls)} calls>"
