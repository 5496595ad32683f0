"""`Server`: an engine without socket and clock. Datagrams and the time go in, replies come out.

A datagram is a cookie, a space and a document. The cookie identifies a request, not its content: whatever comes
with a known cookie is a retransmission, and gets the stored reply without being executed again. Replies are stored
as the daemon stores them, in two generations: every 30 seconds the new generation becomes the old one, and the
former old one is dropped. So a reply is remembered for at least 30 and at most 60 seconds.

Errors of commands are replies. An exception that is not a `Refused` is a defect of the simulator; it is logged by
its type, because its text may hold keys, and becomes an error reply as well.
"""

import logging
import math

import attrs

from ..wire import Document
from .commands import COMMANDS
from .documents import Undecodable, read_request, write_reply
from .errors import Refused
from .request import EngineRequest, text_in
from .state import State

__all__ = ["Datagram", "Server"]

KEPT = 30.0
"""For how long a reply is stored, in seconds: at least this long, at most twice as long."""

_log = logging.getLogger(__name__)


@attrs.frozen(kw_only=True, repr=False)
class Datagram:
    """A datagram that was read."""

    cookie: bytes
    """Identifies the request; the reply is stored under it."""
    data: bytes
    """The encoded document."""
    document: Document
    """The decoded document; empty where it could not be decoded."""
    unread: str = ""
    """Why it could not be decoded, in the daemon's words; empty where it was."""

    @property
    def command(self) -> str:
        """The name of the command; empty where there is none."""
        return text_in(self.document, "command") or ""


class Server:
    """An engine without a socket and without a clock.

    Feed `receive` a datagram and the time, in seconds since the epoch; send back what it returns. Time never goes
    back. To look at a request before it is executed, call `read` and then `reply` instead.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self._replies = _StoredReplies()

    def receive(self, datagram: bytes, now: float) -> bytes | None:
        """Return the reply to a datagram; None for one without a cookie, which gets none. Raises nothing."""
        request = self.read(datagram)
        return None if request is None else self.reply(request, now)

    def read(self, datagram: bytes) -> Datagram | None:
        """Read a datagram; return None for one without a cookie, which gets no reply. Raises nothing."""
        cookie, space, data = datagram.partition(b" ")
        if not cookie or not space:
            return None
        try:
            document = read_request(data, self.state.behaviour)
        except Undecodable as error:
            return Datagram(cookie=cookie, data=data, document={}, unread=str(error))
        return Datagram(cookie=cookie, data=data, document=document)

    def knows(self, request: Datagram, now: float) -> bool:
        """Say whether a reply is stored for the cookie, so that the request will not be executed."""
        caches = request.data or self.state.behaviour.caches_empty_datagrams
        return bool(caches) and self._replies.get(request.cookie, now) is not None

    def reply(self, request: Datagram, now: float, *, refusal: Refused | None = None) -> bytes:
        """Execute the request unless a reply is stored for its cookie; return the datagram to send back.

        With a `refusal` it is refused instead of executed. Raises nothing.
        """
        if self.knows(request, now):
            body = self._replies.get(request.cookie, now) or b""
        else:
            self.state.calls.expire(now)
            body = self._execute(request, now, refusal)
            self._replies.store(request.cookie, body)
        return b"%b %b" % (request.cookie, body)

    def _execute(self, request: Datagram, now: float, refusal: Refused | None) -> bytes:
        state = self.state
        if state.tally.began is None:
            state.tally.began = now
        try:
            if request.unread:
                raise Refused(request.unread)
            if refusal is not None:
                raise refusal
            reply = self._run(request, now)
        except Refused as refused:
            reply = refused.reply
            state.tally.errors += reply["result"] == "error"
            if request.unread and not state.behaviour.explains_bad_documents:
                return b""
        return write_reply(reply, is_json=request.data.startswith(b"{"))

    def _run(self, request: Datagram, now: float) -> Document:
        state, command = self.state, request.command
        if text_in(request.document, "command") is None:
            raise Refused('Dictionary contains no key "command"')
        if command not in state.behaviour.commands or command not in COMMANDS:
            raise Refused("Unrecognized command")
        try:
            reply = COMMANDS[command](EngineRequest.from_ng(request.document, state.behaviour), state, now)
        except Refused:
            raise
        except Exception as error:
            # The engine must survive its own defects. The text of an error may hold a secret.
            name = type(error).__name__
            _log.error("the embedded engine failed at %r with %s", command, name)
            _log.debug("where it failed", exc_info=True)
            raise Refused(f"the embedded engine failed with {name}") from error
        finally:
            # A command counts when it has ended, refused or not.
            state.tally.counts[command] += 1
        return reply if "result" in reply else reply | {"result": "ok"}


class _StoredReplies:
    """The replies of the last 30 to 60 seconds by their cookies, in two generations."""

    def __init__(self) -> None:
        self._new: dict[bytes, bytes] = {}
        self._old: dict[bytes, bytes] = {}
        self._swapped = -math.inf

    def get(self, cookie: bytes, now: float) -> bytes | None:
        """Return the stored reply for a cookie; None where there is none."""
        if now - self._swapped >= KEPT:
            self._old, self._new, self._swapped = self._new, {}, now
        reply = self._new.get(cookie)
        return self._old.get(cookie) if reply is None else reply

    def store(self, cookie: bytes, reply: bytes) -> None:
        """Store a reply."""
        self._new[cookie] = reply
        self._old.pop(cookie, None)
