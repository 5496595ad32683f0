"""`Server`: requests and the time in, replies out."""

from __future__ import annotations

import logging
import math

import attrs

from ..wire import Document
from .commands import COMMANDS
from .documents import Undecodable, read_request, write_reply
from .errors import Refused
from .request import Request, text_in
from .state import State

__all__ = ["Datagram", "Server"]

KEPT = 30.0
"""For how long a reply is kept by its cookie, in seconds: at least this long, at most twice as long."""

_log = logging.getLogger(__name__)


@attrs.frozen(kw_only=True, repr=False)
class Datagram:
    """What a datagram says."""

    cookie: bytes
    """By which the reply is kept."""
    data: bytes
    """The encoded document."""
    document: Document
    """The document; empty where there is none."""
    unread: str = ""
    """Why there is no document, in the daemon's words."""

    @property
    def command(self) -> str:
        """The name of the command; empty where there is none."""
        return text_in(self.document, "command") or ""


class Server:
    """An engine without a socket and without a clock.

    Feed `receive` a datagram and the time, in seconds since the epoch; send back what it returns. Time never goes
    back. Who wants to know what was asked before it is executed calls `read` and `reply` instead.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self._cookies = _StoredReplies()

    def receive(self, datagram: bytes, now: float) -> bytes | None:
        """Return the reply to a datagram; None for one without a cookie, which gets none. Raises nothing."""
        request = self.read(datagram)
        return None if request is None else self.reply(request, now)

    def read(self, datagram: bytes) -> Datagram | None:
        """Return what a datagram says; None for one without a cookie, which gets no reply. Raises nothing."""
        cookie, space, data = datagram.partition(b" ")
        if not cookie or not space:
            return None
        try:
            document = read_request(data, self.state.behaviour)
        except Undecodable as error:
            return Datagram(cookie=cookie, data=data, document={}, unread=str(error))
        return Datagram(cookie=cookie, data=data, document=document)

    def knows(self, request: Datagram, now: float) -> bool:
        """Say whether the request's cookie has a reply already, which is sent instead of executing it."""
        caches = request.data or self.state.behaviour.caches_empty_datagrams
        return bool(caches) and self._cookies.get(request.cookie, now) is not None

    def reply(self, request: Datagram, now: float, *, refusal: Refused | None = None) -> bytes:
        """Return the datagram to send back, after executing the request unless its cookie has a reply already.

        With a `refusal` it is not executed either. Raises nothing.
        """
        if self.knows(request, now):
            body = self._cookies.get(request.cookie, now) or b""
        else:
            self.state.calls.expire(now)
            body = self._execute(request, now, refusal)
            self._cookies.keep(request.cookie, body)
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
            reply = COMMANDS[command](Request.from_ng(request.document, state.behaviour), state, now)
        except Refused:
            raise
        except Exception as error:
            # Whatever is wrong here, the next request finds an engine. The text of an error may hold a secret.
            name = type(error).__name__
            _log.error("the embedded engine failed at %r with %s", command, name)
            _log.debug("where it failed", exc_info=True)
            raise Refused(f"the embedded engine failed with {name}") from error
        finally:
            # It counts when it is over, refused or not.
            state.tally.counts[command] += 1
        return reply if "result" in reply else reply | {"result": "ok"}


class _StoredReplies:
    """The replies of the last 30 to 60 seconds, by their cookies alone, as the daemon keeps them."""

    def __init__(self) -> None:
        self._young: dict[bytes, bytes] = {}
        self._old: dict[bytes, bytes] = {}
        self._swapped = -math.inf

    def get(self, cookie: bytes, now: float) -> bytes | None:
        """Return the reply that this cookie got before."""
        if now - self._swapped >= KEPT:
            self._old, self._young, self._swapped = self._young, {}, now
        reply = self._young.get(cookie)
        return self._old.get(cookie) if reply is None else reply

    def keep(self, cookie: bytes, reply: bytes) -> None:
        """Keep a reply."""
        self._young[cookie] = reply
        self._old.pop(cookie, None)
