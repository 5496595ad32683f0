"""`Sender`: one way to send a command. `Controller` builds its methods on it, and a `Call` needs no more than it.

`holding` is for commands that another one ends: the end of its block is shielded from cancellation and bounded in
time; what fails in it is logged, not raised. A command that was refused needs no end. One whose outcome is unknown,
as after a timeout or a cancellation, gets one.

Internal: import `Controller` from `rtpe_ng`.
"""

import abc
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

import anyio

from .errors import EngineError, RtpeError, UnknownCall, UsageError, printable, redact
from .messages import Command, Paired, Raw, Reply
from .messages.replies.base import answering
from .wire import Document, Value

_R = TypeVar("_R", bound=Reply)
_log = logging.getLogger("rtpe_ng")

END_WITHIN = 5.0
"""For how long leaving a block may take at most, in seconds, however dead the engine is."""
_ALREADY_ENDED = {"Not currently playing media", "To-tag not found"}
"""Refusals of an end that say that there is nothing to end any more."""


class Sender(abc.ABC):
    """What executes ng commands: one daemon, or several that look like one."""

    @abc.abstractmethod
    async def exchange(self, command: Command[Reply]) -> tuple[Mapping[str, Value], float]:
        """Send a command; return the reply as plain values, whatever its result, and the seconds that it took."""

    @property
    def version(self) -> str | None:
        """The daemon's version, if it is known; None if it is not, or there are several daemons."""
        return None

    def is_settled(self, call_id: str) -> bool:  # noqa: ARG002 - this one does not know
        """Return whether it is known what became of all commands about a call, so that `settle` need not wait."""
        return False

    async def settle(self, call_id: str) -> bool:  # noqa: ARG002 - this one cannot find out
        """Learn what became of the commands about a call that had no reply; return whether that is known now."""
        return False

    async def send(self, command: Command[_R]) -> _R:
        """Send a typed command and return its typed reply; a ``warning`` in it is logged.

        The reply has the request, and so has an error, except a `UsageError`.
        """
        try:
            document, seconds = await self.exchange(command)
            command.check(document, self.version)
            reply = answering(command.sent(), command.read(document, seconds))
        except RtpeError as error:
            if not isinstance(error, UsageError):
                error.request = command.sent()
            raise
        # Looked for in the document, because reading it takes longer, and there is one seldom.
        if document.get("warning") is not None and (warning := reply.warning):
            _log.warning(
                "%r of call %r: the engine warns: %s", command.name, command.call_id, printable(redact(warning))
            )
        return reply

    async def request(self, document: Mapping[str, Any]) -> Document:
        """Send any request as plain values and return the reply as plain values, whatever its ``result``.

        Keys and strings are `str`; bytes that are not UTF-8 stand as surrogates (surrogateescape).
        """
        reply, _ = await self.exchange(Raw(document=document))
        return reply if isinstance(reply, dict) else dict(reply)


@contextlib.asynccontextmanager
async def holding(
    sender: Sender, begin: Paired[Any], held: Callable[[Sender, Any, Any], Any] | None = None
) -> AsyncIterator[Any]:
    """Hold a command and its effect for the length of a block, which gets the reply, or what `held` makes of it."""
    try:
        reply = await sender.send(begin)
    except EngineError:
        raise
    except BaseException:
        # It timed out or was cancelled: the daemon may have done it all the same.
        await _end(sender, begin.end())
        raise
    try:
        yield reply if held is None else held(sender, begin, reply)
    finally:
        await _end(sender, begin.end(reply))


async def _end(sender: Sender, end: Command[Reply] | None) -> None:
    if end is None:
        return
    with anyio.move_on_after(END_WITHIN, shield=True) as scope:
        try:
            await sender.send(end)
        except UnknownCall:
            _log.debug("%r: call %r is over already", end.name, end.call_id)
        except RtpeError as failure:
            if not isinstance(failure, EngineError) or failure.reason not in _ALREADY_ENDED:
                _log.warning("%r of call %r failed: %s", end.name, end.call_id, failure)
    if scope.cancelled_caught:
        _log.warning("%r of call %r was not done within %g s", end.name, end.call_id, END_WITHIN)
