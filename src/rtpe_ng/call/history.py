"""`History`: what a call was told and what it sent, for a post-mortem.

The methods of a call that concern its life are decorated: `recorded` for those that wait for the daemon,
`recorded_now` for the others. What a method returns or raises has the request in it, so nothing is said twice, and
the methods themselves know nothing of a history. While a method runs, what `CallLog` logs is noted with it too; a
context variable says which method that is, because several may wait at once.

No item holds a body or a key: its request is a `Request`, and its texts come from errors and from the log.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, overload

import attrs

from ..errors import redact
from ..messages import Reply, Request

_P = ParamSpec("_P")
_T = TypeVar("_T")

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
    another one that sends a command, such as ``play_media``."""
    by: str | None
    """The tag of the party whose message it was, or that the command was about; None for those of no party."""
    branch: str | None
    """The `via_branch`, where it is a message of a branch."""
    request: Request | None
    """What was sent, without SDP and keys; None where nothing was sent, or nobody knows."""
    outcome: str
    """``ok``, ``under way``, ``cancelled``, or the text of the error."""
    seconds: float
    """How long it took, in seconds."""
    said: tuple[str, ...]
    """What was said of it: repairs, and warnings of the daemon and of the library."""

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
        self._items: dict[object, HistoryItem] = {}

    @overload
    def __getitem__(self, index: int) -> HistoryItem: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[HistoryItem]: ...
    def __getitem__(self, index: int | slice) -> HistoryItem | Sequence[HistoryItem]:
        return tuple(self._items.values())[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[HistoryItem]:
        # A copy, because another message may come while somebody goes through it.
        return iter(tuple(self._items.values()))

    def add(self, key: object, item: HistoryItem) -> None:
        """Add an item under a key of its own, here and in the history above."""
        self._items[key] = item
        if len(self._items) > LONGEST:
            del self._items[next(iter(self._items))]
        if self._above is not None:
            self._above.add(key, item)

    def change(self, key: object, **changes: Any) -> None:
        """Change an item, unless it has left already."""
        if key in self._items:
            self._items[key] = attrs.evolve(self._items[key], **changes)
        if self._above is not None:
            self._above.change(key, **changes)

    def __repr__(self) -> str:
        rows = [("time (UTC)", "by", "message", "outcome", "ms", "sent"), *(item._row() for item in self)]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = []
        for row in rows:
            *cells, sent = row[:6]
            shown = [cell.ljust(width) for cell, width in zip(cells[:4], widths, strict=False)]
            lines.append("  ".join([*shown, cells[4].rjust(widths[4]), sent]).rstrip())
            lines += [f"    {said}" for said in row[6:]]
        return "\n".join(lines) if self._items else "<History: nothing yet>"


class Recorded(Protocol):
    """What has a history: a call."""

    @property
    def history(self) -> History:
        """Its history."""

    @property
    def via_branch(self) -> str | None:
        """The branch, if it is one."""

    @property
    def from_tag(self) -> str:
        """The caller's tag."""

    @property
    def to_tag(self) -> str | None:
        """The callee's tag."""

    @property
    def offerer(self) -> str | None:
        """The tag of the party that offered last."""


_R = TypeVar("_R", bound=Recorded)
_NOTES: ContextVar[list[str] | None] = ContextVar("_NOTES", default=None)
"""The notes about the method that runs; None where none does."""


class CallLog(logging.LoggerAdapter[logging.Logger]):
    """A logger that notes in the history what it logs about the message under way, from INFO up."""

    def log(self, level: int, msg: object, *args: object, **options: Any) -> None:
        """Log a line, whatever it is about, and note it."""
        notes = _NOTES.get()
        if notes is not None and level >= logging.INFO:
            notes.append(_line(_ABOUT.sub("", str(msg) % args if args else str(msg), count=1)))
        # The line of the log is that of the caller, not of this one.
        self.logger.log(level, msg, *args, stacklevel=2, **options)


def recorded(
    method: Callable[Concatenate[_R, _P], Coroutine[Any, Any, _T]],
) -> Callable[Concatenate[_R, _P], Coroutine[Any, Any, _T]]:
    """Let a method that waits for the daemon be in the history of its call."""

    @functools.wraps(method)
    async def wrapper(call: _R, /, *args: _P.args, **options: _P.kwargs) -> _T:
        with recording(call, method.__name__, *args, **options) as replied:
            result = await method(call, *args, **options)
            replied(result)
            return result

    return wrapper


def recorded_now(method: Callable[Concatenate[_R, _P], _T]) -> Callable[Concatenate[_R, _P], _T]:
    """Let a method that sends nothing be in the history of its call."""

    @functools.wraps(method)
    def wrapper(call: _R, /, *args: _P.args, **options: _P.kwargs) -> _T:
        with recording(call, method.__name__, *args, **options):
            return method(call, *args, **options)

    return wrapper


@contextlib.contextmanager
def recording(call: Recorded, message: str, *args: Any, **options: Any) -> Iterator[Callable[[object], None]]:
    """Put what happens in the block into the history of a call, as one item.

    `message` is its name; `args` and `options` are those of the method of that name. The block is given a function
    to tell the reply to. A block within another one for the same task is no item of its own.
    """
    if _NOTES.get() is not None:
        yield _nothing
        return
    key, notes, begun = object(), _first_notes(message, args, options), time.monotonic()
    token = _NOTES.set(notes)
    call.history.add(
        key,
        HistoryItem(
            when=datetime.now(UTC),
            message=message,
            by=_party(call, message, args, options),
            branch=options.get("via_branch", call.via_branch),
            request=None,
            outcome="under way",
            seconds=0.0,
            said=(),
        ),
    )

    def end(outcome: str, request: Request | None) -> None:
        seconds = time.monotonic() - begun
        call.history.change(key, outcome=outcome, request=request, seconds=seconds, said=tuple(notes))

    reply: object = None

    def replied(it: object) -> None:
        nonlocal reply
        reply = it

    try:
        yield replied
    except BaseException as error:
        is_told = isinstance(error, Exception)
        end(_line(str(error)) or type(error).__name__ if is_told else "cancelled", getattr(error, "request", None))
        raise
    else:
        if isinstance(reply, Reply) and (warning := reply.warning):
            notes.append(f"the engine warns: {_line(warning)}")
        end("ok", reply.request if isinstance(reply, Reply) else None)
    finally:
        # A method that is thrown away half-way may end in another context.
        with contextlib.suppress(ValueError):
            _NOTES.reset(token)


def _nothing(reply: object) -> None:
    """Take a reply of which the method around has the item."""


def _party(call: Recorded, message: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> str | None:
    """Return the tag of the party whose message it is."""
    by: str | None = options.get("by")
    if message == "offer":
        return call.from_tag if by is None else by
    if message == "answer":
        return by if by is not None else call.to_tag if call.offerer == call.from_tag else call.from_tag
    if message == "rollback":
        return call.offerer
    if message == "transfer":
        return args[0] if args else options.get("replaced")
    return by


def _first_notes(message: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> list[str]:
    """Return what the arguments of a method say that no request and no party does."""
    if message == "transfer":
        to = args[1] if len(args) > 1 else options.get("to")
        return [f"to={to!r}"] + ([f"leg={options['leg']!r}"] if options.get("leg") is not None else [])
    return ["provisional"] if options.get("provisional") else []


def _line(text: str) -> str:
    """Return a text on one line, without secrets."""
    return " ".join(redact(text).split())
