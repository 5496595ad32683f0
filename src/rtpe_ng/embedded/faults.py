"""`Faults`: what goes wrong with an embedded engine on demand, such as lost replies, refusals and restarts.

`Faults` is what a test calls. Each call adds a `Fault` to the `FaultPlan`, or changes the state of the whole
engine. The engine asks the plan at four stages of a request: when it arrives, when it needs a new call, when it is
executed, and when its reply is sent. The first fault in the plan that fits the stage and the command happens then,
and counts down. So faults depend on the order of datagrams only, never on time, and a test that sends the same gets
the same.

Replies go through the `Outbox`, which holds those that are delayed or reordered. A fault in the network, such as a
lost reply, is never visible to the `Server`: it has executed the command and stored the reply.
"""

import heapq
import itertools
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

import attrs

from ..errors import UsageError

__all__ = ["Fault", "FaultPlan", "Faults", "Outbox", "Outgoing", "Stage"]

Stage: TypeAlias = Literal["request", "load", "execution", "reply"]
"""Where a fault happens: on arrival of a request, at a new call, at the execution, or when the reply is sent."""


@attrs.define(kw_only=True)
class Fault:
    """A fault that is still to happen."""

    name: str
    """The name of the method of `Faults` that planned it, which says what it does."""
    stage: Stage
    """Where it happens."""
    left: int = 1
    """How many times it is still to happen."""
    command: str | None = None
    """The name of the only command that it applies to; None for any."""
    details: dict[str, Any] = attrs.field(factory=dict)
    """The other arguments of that method."""

    def __repr__(self) -> str:
        shown = {**({} if self.command is None else {"command": self.command}), **self.details}
        return f"{self.name}({', '.join([str(self.left), *(f'{key}={value!r}' for key, value in shown.items())])})"


class FaultPlan:
    """The faults of one engine: `strike` says what goes wrong now.

    `catch_up` returns when the engine has handled all that has arrived, and has applied the plan.
    """

    def __init__(self, *, seed: int = 0, catch_up: Callable[[], None] = lambda: None) -> None:
        self.lock: threading.RLock = threading.RLock()
        self._catch_up = catch_up
        self.pending: list[Fault] = []
        self.share: float = 0.0
        """The share of all datagrams that is lost, from 0 to 1."""
        self.state: Literal["well", "silent", "refusing"] = "well"
        """What the engine does with everything that arrives."""
        self.restarts = 0
        """How many times the engine was restarted."""
        self._random = random.Random(seed)  # noqa: S311 - a test wants the same numbers again

    @contextmanager
    def change(self) -> Iterator[None]:
        """Change the plan within this block: earlier datagrams meet the old plan, later ones the new plan."""
        self._catch_up()
        with self.lock:
            yield
        self._catch_up()

    def strike(self, stage: Stage, command: str) -> Fault | None:
        """Return the fault that happens now, and count it down; None where nothing goes wrong."""
        with self.lock:
            for fault in self.pending:
                if fault.stage == stage and fault.command in (None, command):
                    fault.left -= 1
                    if not fault.left:
                        self.pending.remove(fault)
                    return fault
            if stage in ("request", "reply") and self.share and self._random.random() < self.share:
                return Fault(name="lossy", stage=stage)
        return None

    def awaits(self, name: str) -> bool:
        """Say whether a fault of this name is still to happen."""
        with self.lock:
            return any(fault.name == name for fault in self.pending)


MAX_DATAGRAM = 65_507
"""The longest reply in bytes that fits into a datagram; a daemon's longer replies are lost without an error."""


@attrs.frozen(kw_only=True)
class Outgoing:
    """A datagram on its way to a client."""

    data: bytes
    """Its content."""
    address: Any
    """Its destination."""


class Outbox:
    """Takes replies, and returns them when they are to be sent: now, later, more than once, or never."""

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan
        self._order = itertools.count()
        self._ready: list[tuple[float, int, Outgoing]] = []
        self._held: list[Outgoing] = []

    @property
    def wakes_at(self) -> float | None:
        """When the next reply is due, on the clock of `time.monotonic`; None where there is none."""
        return self._ready[0][0] if self._ready else None

    def put(self, reply: Outgoing, command: str, now: float) -> None:
        """Take a reply to a command of this name."""
        fault = self._plan.strike("reply", command)
        if fault is not None:
            self._apply(fault, reply, now)
        else:
            self._send(reply, now)

    def due(self, now: float) -> list[Outgoing]:
        """Remove and return the replies that are due, in the order in which to send them."""
        due = []
        while self._ready and self._ready[0][0] <= now:
            due.append(heapq.heappop(self._ready)[2])
        return due

    def release_held(self, now: float) -> None:
        """Send the replies that are held back, in reverse order, unless more are to be held back."""
        if not self._plan.awaits("reorder_replies"):
            while self._held:
                self._send(self._held.pop(), now)

    def _apply(self, fault: Fault, reply: Outgoing, now: float) -> None:
        match fault.name:
            case "repeat_replies":
                for _ in range(fault.details["times"]):
                    self._send(reply, now)
            case "delay_replies":
                self._send(reply, now + fault.details["seconds"])
            case "truncate_replies":
                self._send(attrs.evolve(reply, data=reply.data[: fault.details["bytes"]]), now)
            case "reorder_replies":
                self._held.append(reply)
                self.release_held(now)

    def _send(self, reply: Outgoing, when: float) -> None:
        if len(reply.data) <= MAX_DATAGRAM:
            heapq.heappush(self._ready, (when, next(self._order), reply))


class Faults:
    """The faults of one engine. Each method plans some; they happen when datagrams come, not when time passes.

    A method plans a fault for each of the next `n` replies (or requests). Planned faults happen in the order of the
    calls, one fault to each reply. Datagrams that arrived before the call are handled first. `command` limits a
    fault to replies to (or requests of) one command, by its name in the ng document; other commands are not
    affected. Retransmissions count like any datagram. The repr shows the faults that are still to happen. You may
    call every method at any time, from any thread. All raise `UsageError` for numbers that make no sense.

    The faults of the network are `drop_requests`, `drop_replies`, `repeat_replies`, `delay_replies`,
    `reorder_replies`, `truncate_replies` and `lossy`; of the engine `error_replies`, `load_limit`, `go_silent`,
    `refuse` and `restart`. `recover` ends them all.
    """

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan

    def drop_requests(self, n: int = 1, *, command: str | None = None) -> None:
        """Lose the next `n` requests on their way to the engine, which never sees them.

        A client sends such a request again after its timeout. To the client this looks like `drop_replies`; the
        difference is that the command was not executed.
        """
        self._add("drop_requests", "request", n, command)

    def drop_replies(self, n: int = 1, *, command: str | None = None) -> None:
        """Lose the next `n` replies on their way back; the commands are executed.

        The retransmission, which has the same cookie, gets the same reply, and is not executed again.
        """
        self._add("drop_replies", "reply", n, command)

    def repeat_replies(self, n: int = 1, *, times: int = 2, command: str | None = None) -> None:
        """Let each of the next `n` replies arrive `times` times in a row, 2 or more."""
        _check_least("times", times, 2)
        self._add("repeat_replies", "reply", n, command, times=times)

    def delay_replies(self, n: int = 1, *, seconds: float, command: str | None = None) -> None:
        """Send each of the next `n` replies `seconds` late; others overtake it.

        This is the only fault that takes real time. To make a client time out, use `drop_replies`; use this one for
        a reply that arrives after the client has stopped waiting.
        """
        _check_least("seconds", seconds, 0)
        self._add("delay_replies", "reply", n, command, seconds=seconds)

    def reorder_replies(self, n: int = 2, *, command: str | None = None) -> None:
        """Hold back the next `n` replies, 2 or more, until the last of them, and send them in reverse order.

        This needs concurrent requests. If each request waits for the reply to the one before, only a retransmission
        brings the next reply.
        """
        _check_least("n", n, 2)
        self._add("reorder_replies", "reply", n, command)

    def truncate_replies(self, n: int = 1, *, bytes: int, command: str | None = None) -> None:
        """Send only the first `bytes` bytes of each of the next `n` replies, including the cookie."""
        _check_least("bytes", bytes, 0)
        self._add("truncate_replies", "reply", n, command, bytes=bytes)

    def error_replies(self, n: int = 1, *, reason: str, command: str | None = None) -> None:
        """Refuse the next `n` requests with ``error`` and this `reason`, without executing them.

        As always, a retransmission gets the same reply, and is not counted.
        """
        self._add("error_replies", "execution", n, command, reason=reason)

    def load_limit(self, n: int = 1) -> None:
        """Refuse the next `n` offers of new calls as an overloaded engine does.

        The reply is ``load limit`` with the message ``Load limit exceeded`` if the request supports this, as those
        of the library do; else it is the error ``Parallel session limit reached``. Offers within existing calls are
        not refused. To limit the number of calls, use `max_sessions` of the engine.
        """
        self._add("load_limit", "load", n, None)

    def lossy(self, share: float = 0.1) -> None:
        """Lose this `share` of all datagrams, of requests and of replies, between 0 and 1, until `recover`.

        The engine's seed chooses which ones: of the same datagrams in the same order, the same are lost.
        """
        if not 0 <= share <= 1:
            raise UsageError(f"a share between 0 and 1, not {share!r}")
        with self._plan.change():
            self._plan.share = share

    def go_silent(self) -> None:
        """Receive and send nothing until `recover`, like a host that is down or a daemon that hangs.

        Datagrams that arrive meanwhile are lost. Clients see no error but their timeout.
        """
        self._set_state("silent")

    def refuse(self) -> None:
        """Close the port until `recover`, like a daemon that has died on a host that is up.

        The host's ICMP message makes clients fail at once. The engine keeps its calls; see `restart`.
        """
        self._set_state("refusing")

    def recover(self) -> None:
        """End every fault, including those still to happen. The engine keeps its calls and its port."""
        with self._plan.change():
            self._plan.pending.clear()
            self._plan.share = 0.0
            self._plan.state = "well"

    def restart(self) -> None:
        """Restart the engine at once on the same port: it loses its calls and its stored replies.

        Replies that it had not sent yet are lost. A retransmission from before is executed, because its cookie is
        no longer known. Faults that are still to happen remain; an engine that refuses or is silent remains so.
        """
        with self._plan.change():
            self._plan.restarts += 1

    def _add(self, name: str, stage: Stage, n: int, command: str | None, **details: Any) -> None:
        _check_least("n", n, 1)
        with self._plan.change():
            self._plan.pending.append(Fault(name=name, stage=stage, left=n, command=command, details=details))

    def _set_state(self, state: Literal["well", "silent", "refusing"]) -> None:
        with self._plan.change():
            self._plan.state = state

    def __repr__(self) -> str:
        with self._plan.lock:
            shown = [
                *([self._plan.state] if self._plan.state != "well" else []),
                *([f"lossy({self._plan.share:g})"] if self._plan.share else []),
                *map(repr, self._plan.pending),
            ]
        return f"<Faults {', '.join(shown) or 'none'}>"


def _check_least(name: str, value: float, least: int) -> None:
    if value < least:
        raise UsageError(f"{name} is {least} or more, not {value!r}")
