"""`Outbox`: what a bad network does to replies on their way to the socket, without I/O and without a clock."""

from __future__ import annotations

import heapq
import itertools
from typing import Any

import attrs

from .plan import Fault, Plan

__all__ = ["Outbox", "Outgoing"]

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

    def __init__(self, plan: Plan) -> None:
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
