"""The end of a call at the daemon, so that nothing that is still under way begins another.

A delete is one datagram among others. An offer that was sent before it may arrive after it: the daemon then has a
new call, of which nobody knows, and its ports are taken until the daemon's own timeout. So a delete waits for the
commands that are under way in other tasks, and for what became of those that ended without a reply
(`Sender.settle`). Both are bounded in time, because the daemon may be dead. Where that was not enough, the delete
is repeated for a while if it found nothing; and an offer that is answered after all deletes the call itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Self

import anyio

from ..errors import RequestTimeout, RtpeError, UsageError
from ..messages import DeleteReply
from ..sender import END_WITHIN, Sender

SETTLE_WITHIN = 3.5
"""For how long, in seconds, a delete waits for what was sent before it."""
DELETE_RETRIES = (0.02, 0.1, 0.4)
"""The waits, in seconds, before a delete that found nothing is sent again, if the call may have begun after it."""


class UnderWay:
    """How many commands of a call are under way. Each holds it for its length, as a context manager.

    A branch has its own, and counts for the whole call too, which is `above`. Nothing can begin once the end has.
    """

    def __init__(self, above: UnderWay | None = None) -> None:
        self._above = above
        self._count = 0
        self._ends = 0
        self._over: anyio.Event | None = None

    def __enter__(self) -> Self:
        if self._ends:
            raise UsageError("the call is being deleted")
        if self._above is not None:
            self._above.__enter__()
        self._count += 1
        return self

    def __exit__(self, *_error: object) -> None:
        if self._above is not None:
            self._above.__exit__()
        self._count -= 1
        if not self._count and self._over is not None:
            self._over.set()
            self._over = None

    def __bool__(self) -> bool:
        return self._count > 0

    @contextlib.contextmanager
    def ending(self) -> Iterator[None]:
        """Let nothing begin for the length of the block."""
        self._ends += 1
        try:
            yield
        finally:
            self._ends -= 1

    async def over(self) -> None:
        """Return when none is under way."""
        while self._count:
            if self._over is None:
                self._over = anyio.Event()
            await self._over.wait()


async def settled(sender: Sender, call_id: str, under_way: UnderWay) -> bool:
    """Wait for what was sent about a call; return whether nothing of it can arrive any more."""
    if sender.is_settled(call_id) and not under_way:
        return True
    with anyio.move_on_after(SETTLE_WITHIN):
        await under_way.over()
        return await sender.settle(call_id)
    return False


async def delete_until_gone(send: Callable[[], Awaitable[DeleteReply]]) -> DeleteReply:
    """Delete a call that may begin after a delete, a few times if need be; return the last reply."""
    reply = await send()
    for pause in DELETE_RETRIES:
        if not reply.warning:
            break
        await anyio.sleep(pause)
        reply = await send()
    return reply


async def once_more(delete: Callable[[], Awaitable[object]]) -> None:
    """Delete a call that an offer has begun after its end. Raises nothing: a failure leaves the call unsettled."""
    with anyio.move_on_after(END_WITHIN, shield=True), contextlib.suppress(RtpeError):
        await delete()


async def twice(delete: Callable[[], Awaitable[object]]) -> None:
    """Delete a call, and once more if there was no reply. Raises what the second one raises."""
    try:
        await delete()
    except RequestTimeout:
        await delete()
