"""`Plan`: the faults that are still to come to an embedded engine, and which of them befalls what."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

import attrs

__all__ = ["Fault", "Plan", "Stage"]

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


class Plan:
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
