"""`Sender`: one way to send a command. `Controller` builds its methods on it, and a `Call` needs no more than it.

Internal: import `Controller` from `rtpe_ng`.
"""

import abc
import logging
from collections.abc import Mapping
from typing import Any, TypeVar

from .errors import RtpeError, UsageError, redact
from .messages import Command, Raw, Reply
from .messages.replies.base import answering
from .wire import Document, Value

_R = TypeVar("_R", bound=Reply)
_log = logging.getLogger("rtpe_ng")


class Sender(abc.ABC):
    """What executes ng commands: one daemon, or several that look like one."""

    @abc.abstractmethod
    async def exchange(self, command: Command[Reply]) -> tuple[Mapping[str, Value], float]:
        """Send a command; return the reply as plain values, whatever its result, and the seconds that it took."""

    async def send(self, command: Command[_R]) -> _R:
        """Send a typed command and return its typed reply; a ``warning`` in it is logged.

        The reply has the request, and so has an error, except a `UsageError`.
        """
        try:
            document, seconds = await self.exchange(command)
            command.check(document)
            reply = answering(command.sent(), command.read(document, seconds))
        except RtpeError as error:
            if not isinstance(error, UsageError):
                error.request = command.sent()
            raise
        # Looked for in the document, because reading it takes longer, and there is one seldom.
        if document.get("warning") is not None and (warning := reply.warning):
            _log.warning("%r of call %r: the engine warns: %s", command.name, command.call_id, redact(warning))
        return reply

    async def request(self, document: Mapping[str, Any]) -> Document:
        """Send any request as plain values and return the reply as plain values, whatever its ``result``.

        Keys and strings are `str`; bytes that are not UTF-8 stand as surrogates (surrogateescape).
        """
        reply, _ = await self.exchange(Raw(document=document))
        return reply if isinstance(reply, dict) else dict(reply)
