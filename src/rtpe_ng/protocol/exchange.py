"""One request and its reply: what is known of it from the moment it is submitted to its outcome."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from ..errors import RtpeError
from ..wire import Value

__all__ = ["Exchange", "Result"]


class Result(enum.Enum):
    """How an exchange ended."""

    REPLY = "reply"
    TIMEOUT = "timeout"
    TRANSPORT = "transport error"
    UNREADABLE = "unreadable reply"
    CANCELLED = "cancelled"
    CLOSED = "client closed"


class Exchange:
    """The state of one request; `Exchanges` alone changes it. All times are in seconds.

    `reply` is the daemon's dictionary and `error` what went wrong instead: once `result` is set, exactly one
    of them is there, unless the caller cancelled.
    """

    __slots__ = (
        "attempts",
        "command",
        "cookie",
        "deadline",
        "document",
        "due",
        "error",
        "finished",
        "first_sent",
        "received_bytes",
        "refused_attempts",
        "renewals",
        "reply",
        "resends",
        "result",
        "sent_bytes",
        "submitted",
    )

    def __init__(self, command: str, document: bytes, cookie: str, *, now: float, timeout: float) -> None:
        self.command = command
        self.document = document
        self.cookie = cookie
        self.submitted = now
        self.deadline = now + timeout
        self.due = self.deadline
        self.first_sent: float | None = None
        self.finished: float | None = None
        self.attempts = 0
        self.resends = 0
        self.renewals = 0
        self.refused_attempts = 0
        self.sent_bytes = 0
        self.received_bytes = 0
        self.reply: Mapping[str, Value] | None = None
        self.error: RtpeError | None = None
        self.result: Result | None = None

    @property
    def done(self) -> bool:
        """Whether the outcome is known."""
        return self.result is not None

    @property
    def seconds(self) -> float:
        """How long it took, from being submitted to its outcome; 0 while there is none."""
        return 0.0 if self.finished is None else self.finished - self.submitted

    def __repr__(self) -> str:
        state = self.result.value if self.result else "in flight" if self.attempts else "queued"
        return f"<Exchange {self.command!r} {state}, sent {self.attempts} times>"
