"""`Faults`: what goes wrong with an embedded engine, on demand: lost replies, refusals, a crash."""

from __future__ import annotations

from typing import Any, Literal

from ..errors import UsageError
from .plan import Fault, Plan, Stage

__all__ = ["Faults"]


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

    def __init__(self, plan: Plan) -> None:
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
