"""`History`: what a call was told and what it sent, for a post-mortem.

The methods of a call that concern its life are decorated: `recorded` for those that wait for the daemon,
`recorded_now` for the others. All else that a call and its parties send goes through a `RecordedSender`. A context
variable says which message is under way in a task, because several may wait at once: what is sent and logged in the
meantime belongs to it. So the methods themselves know nothing of a history.

No item holds a body or a key: its request is a `Request`, and its texts come from errors and from the log.
"""

from __future__ import annotations

import functools
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, overload

import attrs

from ..errors import redact
from ..messages import Command, Reply, Request
from ..sender import Sender
from ..wire import Value

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Reply = TypeVar("_Reply", bound=Reply)

LONGEST = 50
"""How many items a history keeps: the last ones."""
_ABOUT = re.compile(r"'[a-z ]+' of call '[^']*': ")
"""How a line of the log begins that is about a message of a call."""


@attrs.frozen(kw_only=True, repr=False)
class HistoryItem:
    """One message of a call, and what became of it. `str` returns it as one line."""

    when: datetime
    """When the method was called, in UTC."""
    message: str
    """Which method it was: ``offer``, ``answer``, ``rollback``, ``transfer``, ``fork``, ``query``, ``delete``, or
    the name of another command, such as ``play media``."""
    by: str | None
    """The tag of the party whose message it was, or that the command was about; None for those of no party."""
    branch: str | None
    """The `via_branch`, where it is a message of a branch."""
    request: Request | None
    """What was sent, without SDP and keys; None where nothing was sent."""
    outcome: str
    """``ok``, ``under way``, ``cancelled``, or the text of the error."""
    seconds: float
    """How long it took, in seconds."""
    said: tuple[str, ...]
    """What was said of it: repairs, warnings of the daemon and of the library, and what else was sent for it."""

    def __str__(self) -> str:
        by = "" if self.by is None else f" by {self.by!r}"
        branch = "" if self.branch is None else f" in branch {self.branch!r}"
        parts = [f"{self.outcome} ({self.seconds * 1000:.1f} ms)", self._sent(), *self.said]
        return f"{self.when:%F %T}.{self.when.microsecond // 1000:03}Z {self.message}{by}{branch}: " + "; ".join(
            part for part in parts if part
        )

    def __repr__(self) -> str:
        return f"<HistoryItem {self}>"

    def _sent(self) -> str:
        return "" if self.request is None else str(self.request)

    def _row(self) -> tuple[str, ...]:
        is_known = self.outcome in ("ok", "under way", "cancelled")
        by = "" if self.by is None else self.by
        return (
            f"{self.when:%T}.{self.when.microsecond // 1000:03}",
            by if self.branch is None else f"{by} in {self.branch}",
            self.message,
            self.outcome if is_known else "failed",
            f"{self.seconds * 1000:.1f}",
            self._sent(),
            *([] if is_known else [self.outcome]),
            *self.said,
        )


class History(Sequence[HistoryItem]):
    """The last 50 messages of a call, the oldest first. At a prompt it shows as a table.

    What happens in a branch is in the history of the branch and in that of its call.
    """

    def __init__(self, *, above: History | None = None) -> None:
        self._above = above
        self._messages: deque[HistoryEntry] = deque(maxlen=LONGEST)

    @overload
    def __getitem__(self, index: int) -> HistoryItem: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[HistoryItem]: ...
    def __getitem__(self, index: int | slice) -> HistoryItem | Sequence[HistoryItem]:
        return tuple(self)[index]

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[HistoryItem]:
        # A copy, because another message may come while somebody goes through it.
        return iter([message.item() for message in self._messages])

    def add(self, message: HistoryEntry) -> None:
        """Add a message, here and in the history above."""
        self._messages.append(message)
        if self._above is not None:
            self._above.add(message)

    def __repr__(self) -> str:
        rows = [("time (UTC)", "by", "message", "outcome", "ms", "sent"), *(item._row() for item in self)]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = []
        for row in rows:
            *cells, sent = row[:6]
            shown = [cell.ljust(width) for cell, width in zip(cells[:4], widths, strict=False)]
            lines.append("  ".join([*shown, cells[4].rjust(widths[4]), sent]).rstrip())
            lines += [f"    {said}" for said in row[6:]]
        return "\n".join(lines) if self._messages else "<History: nothing yet>"


class Recorded(Protocol):
    """What has a history: a call."""

    @property
    def history(self) -> History:
        """Its history."""
        ...

    @property
    def via_branch(self) -> str | None:
        """The branch, if it is one."""
        ...

    @property
    def from_tag(self) -> str:
        """The caller's tag."""
        ...

    @property
    def to_tag(self) -> str | None:
        """The callee's tag."""
        ...

    @property
    def offerer(self) -> str | None:
        """The tag of the party that offered last."""
        ...


_R = TypeVar("_R", bound=Recorded)


class HistoryEntry:
    """A message of a call, and what is sent and said in the block that it is: while its method runs.

    It is in the history from the beginning of the block. A block within another one is no message of its own: what
    is sent and said there belongs to the outer one. The block gives its reply to it, as `reply`.
    """

    __slots__ = (
        *("_begun", "_branch", "_by", "_history", "_is_noted", "_name", "_outcome", "_pending", "_seconds"),
        *("_sends", "_when", "notes", "reply"),
    )

    def __init__(self, history: History, name: str, *, by: Any, branch: Any, said: Sequence[str] = ()) -> None:
        # The tags are as they were given: nobody has checked them yet.
        self._history = history
        self._name = name
        self._by = by
        self._branch = branch
        self._outcome = ""
        self._seconds = 0.0
        self._sends: list[Request] = []
        self._pending: Command[Reply] | None = None
        self._is_noted = False
        self.notes: list[str] = [*said]
        self.reply: object = None

    def __enter__(self) -> Self:
        if _RUNNING.get() is None:
            self._when, self._begun = time.time(), time.monotonic()
            self._history.add(self)
            # The history has it now; two objects that hold each other would wait for the garbage collector.
            del self._history
            _RUNNING.set(self)
            self._is_noted = True
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if not self._is_noted:
            return
        self._seconds = time.monotonic() - self._begun
        if error is None:
            if isinstance(self.reply, Reply) and (warning := self.reply.warning):
                self.notes.append(f"the engine warns: {_line(warning)}")
            self._outcome = "ok"
        elif isinstance(error, Exception):
            self._outcome = _line(str(error)) or type(error).__name__
        else:
            self._outcome = "cancelled"
        # No item holds a body, and so it holds no command.
        if self._pending is not None:
            self._sends, self._pending = self._requests(), None
        # A method that is thrown away half-way may end in another context.
        if _RUNNING.get() is self:
            _RUNNING.set(None)

    def send(self, command: Command[Reply]) -> None:
        """Take a command that is sent now. Of several, the last one is the message itself."""
        if self._pending is not None:
            self._sends = self._requests()
        self._pending = command

    def sent(self, command: Command[Reply], request: Request) -> None:
        """Take the request that a command was, when it has a reply: it is made already."""
        if self._pending is command:
            self._sends.append(request)
            self._pending = None

    def _requests(self) -> list[Request]:
        return self._sends if self._pending is None else [*self._sends, self._pending.sent()]

    def item(self) -> HistoryItem:
        """Return what is known of it now."""
        # Made when somebody looks, which few do.
        requests = self._requests()
        ahead = [f"also sent: {request!r}" for request in requests[:-1]]
        return HistoryItem(
            when=datetime.fromtimestamp(self._when, UTC),
            message=self._name,
            by=_given(self._by),
            branch=_given(self._branch),
            request=requests[-1] if requests else None,
            outcome=self._outcome or "under way",
            seconds=self._seconds,
            said=(*ahead, *self.notes) if self._outcome else (),
        )


_RUNNING: ContextVar[HistoryEntry | None] = ContextVar("_RUNNING", default=None)
"""The message whose method runs in this task; None where none does."""


class CallLog(logging.LoggerAdapter[logging.Logger]):
    """A logger that notes in the history what it logs about the message under way, from INFO up."""

    def log(self, level: int, msg: object, *args: object, **options: Any) -> None:
        """Log a line, whatever it is about, and note it."""
        running = _RUNNING.get()
        if running is not None and level >= logging.INFO:
            running.notes.append(_line(_ABOUT.sub("", str(msg) % args if args else str(msg), count=1)))
        # The line of the log is that of the caller, not of this one.
        self.logger.log(level, msg, *args, stacklevel=2, **options)


class RecordedSender(Sender):
    """Sends what a call or one of its parties sends, and puts it into the history.

    `by` is the tag of the party that its commands are about, `branch` that of the call. What a recorded method
    sends belongs to the item of that method; any other command has an item of its own.
    """

    def __init__(
        self, sender: Sender, history: History, *, by: str | None = None, branch: str | None = None
    ) -> None:
        self._sender = sender
        self._history = history
        self._by = by
        self._branch = branch

    @property
    def version(self) -> str | None:
        """The daemon's version, if it is known."""
        return self._sender.version

    async def exchange(self, command: Command[Reply]) -> tuple[Mapping[str, Value], float]:
        """Send a command; return the reply as plain values, and the seconds that it took."""
        running = _RUNNING.get()
        if running is not None:
            running.send(command)
        return await self._sender.exchange(command)

    async def send(self, command: Command[_Reply]) -> _Reply:
        """Send a typed command and return its typed reply."""
        if (running := _RUNNING.get()) is not None:
            reply = await super().send(command)
            running.sent(command, reply.request)
            return reply
        with HistoryEntry(self._history, command.name, by=self._by, branch=self._branch) as running:
            running.reply = reply = await super().send(command)
            running.sent(command, reply.request)
        return reply


def recorded(
    method: Callable[Concatenate[_R, _P], Coroutine[Any, Any, _T]],
) -> Callable[Concatenate[_R, _P], Coroutine[Any, Any, _T]]:
    """Let a method that waits for the daemon be in the history of its call."""

    @functools.wraps(method)
    async def wrapper(call: _R, /, *args: _P.args, **options: _P.kwargs) -> _T:
        with _message(call, method.__name__, args, options) as running:
            running.reply = result = await method(call, *args, **options)
        return result

    return wrapper


def recorded_now(method: Callable[Concatenate[_R, _P], _T]) -> Callable[Concatenate[_R, _P], _T]:
    """Let a method that sends nothing be in the history of its call."""

    @functools.wraps(method)
    def wrapper(call: _R, /, *args: _P.args, **options: _P.kwargs) -> _T:
        with _message(call, method.__name__, args, options):
            return method(call, *args, **options)

    return wrapper


def _message(call: Recorded, name: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> HistoryEntry:
    """Return the message that a method of a call is, with what its arguments say that no request does."""
    said = ["provisional"] if options.get("provisional") else []
    if name == "transfer":
        to = args[1] if len(args) > 1 else options.get("to")
        said = [f"to={_given(to)!r}", *([f"leg={leg!r}"] if (leg := options.get("leg")) is not None else [])]
    by, branch = _party(call, name, args, options), options.get("via_branch", call.via_branch)
    return HistoryEntry(call.history, name, by=by, branch=branch, said=said)


def _party(call: Recorded, message: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Return the tag of the party whose message it is, as it was given: nobody has checked it yet."""
    by = options.get("by")
    if message == "offer":
        return call.from_tag if by is None else by
    if message == "answer":
        return by if by is not None else call.to_tag if call.offerer == call.from_tag else call.from_tag
    if message == "rollback":
        return call.offerer
    if message == "transfer":
        return args[0] if args else options.get("replaced")
    return by


def _given(tag: Any) -> str | None:
    """Return a tag as an item has it: anything but a text, which is refused, by its repr."""
    return None if tag is None else _line(tag if isinstance(tag, str) else repr(tag))


def _line(text: str) -> str:
    """Return a text on one line, without secrets."""
    # A text without a colon, an equals sign or a blank, as most tags are, names no secret and is one line.
    return text if _WORD.fullmatch(text) else " ".join(redact(text).split())


_WORD = re.compile(r"[\w.+*-]+", re.ASCII)
