"""`Faults`: what goes wrong with an embedded engine, on demand: lost replies, refusals, a crash."""

from __future__ import annotations

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
"""What a fault befalls: a request on its way, the room for a new call, the execution, or the reply on its way."""


@attrs.define(kw_only=True)
class Fault:
    """A fault that is still to come."""

    name: str
    """What it does: the method of `Faults` that asked for it."""
    stage: Stage
    """What it befalls."""
    left: int = 1
    """How many it is still to befall."""
    command: str | None = None
    """The only command that it befalls; None for any."""
    details: dict[str, Any] = attrs.field(factory=dict)
    """What else was asked for."""

    def __repr__(self) -> str:
        shown = {**({} if self.command is None else {"command": self.command}), **self.details}
        return f"{self.name}({', '.join([str(self.left), *(f'{key}={value!r}' for key, value in shown.items())])})"


class FaultPlan:
    """The faults of one engine, for the engine: `befall` says what goes wrong now.

    `follow` returns when the engine has dealt with what has come, and is as the plan says.
    """

    def __init__(self, *, seed: int = 0, follow: Callable[[], None] = lambda: None) -> None:
        self.lock = threading.RLock()
        self._follow = follow
        self.pending: list[Fault] = []
        self.share = 0.0
        """Which share of all datagrams is lost."""
        self.state: Literal["well", "silent", "refusing"] = "well"
        self.restarts = 0
        self._random = random.Random(seed)  # noqa: S311 - a test wants the same numbers again

    @contextmanager
    def change(self) -> Iterator[None]:
        """Change the plan within this block: what came before it is dealt with, and what comes after it follows."""
        self._follow()
        with self.lock:
            yield
        self._follow()

    def befall(self, stage: Stage, command: str) -> Fault | None:
        """Return the fault that befalls this stage of this command, and count it; None where all goes well."""
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
        """Say whether a fault of this name is still to come."""
        with self.lock:
            return any(fault.name == name for fault in self.pending)


MAX_DATAGRAM = 65_507
"""The longest reply, in bytes, that fits in a datagram: a daemon's longer ones never arrive, and nobody is told."""


@attrs.frozen(kw_only=True)
class Outgoing:
    """A datagram on its way to a client."""

    data: bytes
    """All of it."""
    address: Any
    """Where it goes."""


class Outbox:
    """Takes replies, and gives them back when they are to be sent: now, later, more than once, or never."""

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan
        self._order = itertools.count()
        self._ready: list[tuple[float, int, Outgoing]] = []
        self._held: list[Outgoing] = []

    @property
    def wakes_at(self) -> float | None:
        """When the next one is to be sent; None where there is none."""
        return self._ready[0][0] if self._ready else None

    def put(self, reply: Outgoing, command: str, now: float) -> None:
        """Take a reply to this command."""
        fault = self._plan.befall("reply", command)
        if fault is not None:
            self._befall(fault, reply, now)
        else:
            self._send(reply, now)

    def due(self, now: float) -> list[Outgoing]:
        """Return what is to be sent now, in this order."""
        sent = []
        while self._ready and self._ready[0][0] <= now:
            sent.append(heapq.heappop(self._ready)[2])
        return sent

    def settle(self, now: float) -> None:
        """Let go what is held back, in reverse order, unless more is to be."""
        if not self._plan.awaits("reorder_replies"):
            while self._held:
                self._send(self._held.pop(), now)

    def _befall(self, fault: Fault, reply: Outgoing, now: float) -> None:
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
                self.settle(now)

    def _send(self, reply: Outgoing, when: float) -> None:
        if len(reply.data) <= MAX_DATAGRAM:
            heapq.heappush(self._ready, (when, next(self._order), reply))


class Faults:
    """The faults of one engine: each method asks for some; they happen when datagrams come, not when time passes.

    What a method asks for befalls the next `n` replies (or requests), one after the other; what several methods
    ask for happens in the order in which they were called, one fault to each reply. What has come before a method
    is called is dealt with first. `command` limits a fault to replies to (or requests of) one command, by its
    name in the ng document; others pass. Retransmissions count like any datagram. What is still to come is in
    the repr. Every method may be called at any time, from any thread, and raises `UsageError` for numbers that
    make no sense.

    The faults of the network are `drop_requests`, `drop_replies`, `repeat_replies`, `delay_replies`,
    `reorder_replies`, `truncate_replies` and `lossy`; of the engine `error_replies`, `load_limit`, `go_silent`,
    `refuse` and `restart`. `recover` ends them all.
    """

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan

    def drop_requests(self, n: int = 1, *, command: str | None = None) -> None:
        """Lose the next `n` requests on their way to the engine: it never knows of them.

        A client sends such a request again after its timeout, and nothing else is seen of the fault. To the
        client it looks like `drop_replies`; the difference is that the command was not executed meanwhile.
        """
        self._ask("drop_requests", "request", n, command)

    def drop_replies(self, n: int = 1, *, command: str | None = None) -> None:
        """Lose the next `n` replies on their way back: the commands were executed.

        The retransmission, which has the same cookie, gets the same reply, and is not executed again.
        """
        self._ask("drop_replies", "reply", n, command)

    def repeat_replies(self, n: int = 1, *, times: int = 2, command: str | None = None) -> None:
        """Let each of the next `n` replies arrive `times` times in a row, 2 or more."""
        _least("times", times, 2)
        self._ask("repeat_replies", "reply", n, command, times=times)

    def delay_replies(self, n: int = 1, *, seconds: float, command: str | None = None) -> None:
        """Send each of the next `n` replies `seconds` late; others overtake it.

        This is the one fault that takes real time. To let a client's timeout pass, `drop_replies` is the
        better way; a reply that comes when nobody waits for it any more needs this one.
        """
        _least("seconds", seconds, 0)
        self._ask("delay_replies", "reply", n, command, seconds=seconds)

    def reorder_replies(self, n: int = 2, *, command: str | None = None) -> None:
        """Send the next `n` replies, 2 or more, in reverse order, when the last of them is there.

        It needs requests that are under way at once: where each waits for the reply to the one before, it is the
        retransmission that brings the next reply.
        """
        _least("n", n, 2)
        self._ask("reorder_replies", "reply", n, command)

    def truncate_replies(self, n: int = 1, *, bytes: int, command: str | None = None) -> None:
        """Send only the first `bytes` bytes of each of the next `n` replies, its cookie counted."""
        _least("bytes", bytes, 0)
        self._ask("truncate_replies", "reply", n, command, bytes=bytes)

    def error_replies(self, n: int = 1, *, reason: str, command: str | None = None) -> None:
        """Refuse the next `n` requests with an ``error`` and this `reason`, as ``error-reason``, and do nothing.

        As with any reply, a retransmission gets the same one, and is not counted.
        """
        self._ask("error_replies", "execution", n, command, reason=reason)

    def load_limit(self, n: int = 1) -> None:
        """Refuse the next `n` offers of new calls as an engine that has too much to do.

        The reply is ``load limit`` with the message ``Load limit exceeded`` to a client that says that it
        supports this, as the library's does; to others it is the error ``Parallel session limit reached``.
        Offers of calls that the engine has pass. To have it full with a number of calls, use its `max_sessions`.
        """
        self._ask("load_limit", "load", n, None)

    def lossy(self, share: float = 0.1) -> None:
        """Lose this `share` of all datagrams, of requests and of replies, between 0 and 1, until `recover`.

        Which ones is chosen by the engine's seed: the same datagrams in the same order have the same fate.
        """
        if not 0 <= share <= 1:
            raise UsageError(f"a share between 0 and 1, not {share!r}")
        with self._plan.change():
            self._plan.share = share

    def go_silent(self) -> None:
        """Take no request and send nothing until `recover`: as a host that is gone, or a daemon that hangs.

        What is sent meanwhile is lost. Clients see no error, only their timeout.
        """
        self._become("silent")

    def refuse(self) -> None:
        """Close the port until `recover`: as a daemon that has died on a host that is well.

        The host's ICMP message makes clients fail at once. The engine keeps its calls; see `restart`.
        """
        self._become("refusing")

    def recover(self) -> None:
        """End every fault, those still to come as well; the engine has its calls, and listens on the same port."""
        with self._plan.change():
            self._plan.pending.clear()
            self._plan.share = 0.0
            self._plan.state = "well"

    def restart(self) -> None:
        """Let the engine die and come back at once, on the same port, without its calls and without its replies.

        What it was to send is lost. A retransmission from before is executed, since its cookie is not known any
        more. Faults that are still to come stay; an engine that refuses or is silent goes on to be so.
        """
        with self._plan.change():
            self._plan.restarts += 1

    def _ask(self, name: str, stage: Stage, n: int, command: str | None, **details: Any) -> None:
        _least("n", n, 1)
        with self._plan.change():
            self._plan.pending.append(Fault(name=name, stage=stage, left=n, command=command, details=details))

    def _become(self, state: Literal["well", "silent", "refusing"]) -> None:
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


def _least(name: str, value: float, least: int) -> None:
    if value < least:
        raise UsageError(f"{name} is {least} or more, not {value!r}")
