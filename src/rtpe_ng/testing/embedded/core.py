"""`Core`: datagrams and the time in, replies out."""

from __future__ import annotations

import json
import logging
import math

import attrs

from ...wire import Document, encode_document
from .commands import COMMANDS
from .refused import Refused
from .requests import Undecodable, read_request
from .state import State

__all__ = ["Core", "Exchange"]

_log = logging.getLogger(__name__)

KEPT = 30.0
"""For how long a reply is kept by its cookie, in seconds: at least this long, at most twice as long."""


@attrs.frozen(kw_only=True)
class Exchange:
    """What came in one datagram, and what goes back."""

    cookie: bytes
    """By which the reply is kept."""
    document: Document | None
    """The request; None where it is none."""
    is_repeated: bool
    """The cookie was known: nothing was executed."""
    reply: bytes
    """The whole datagram to send back."""

    @property
    def command(self) -> str:
        """The name of the command; empty where there is none."""
        command = (self.document or {}).get("command")
        return command if isinstance(command, str) else ""


class Core:
    """An engine without a socket and without a clock: feed it a datagram and the time, send what it returns.

    The time is in seconds since the epoch, and never goes back.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self._cookies = _Cookies()

    def receive(self, datagram: bytes, now: float) -> Exchange | None:
        """Return what a datagram and its reply are; None for one without a cookie, which gets no reply."""
        cookie, space, data = datagram.partition(b" ")
        if not cookie or not space:
            return None
        behaviour = self.state.behaviour
        document: Document | None = None
        is_json = data.startswith(b"{")
        try:
            document = read_request(data, behaviour)
            unread = ""
        except Undecodable as error:
            unread = str(error)
        kept = self._cookies.get(cookie, now)
        if kept is not None and (data or behaviour.caches_empty_datagrams):
            return Exchange(cookie=cookie, document=document, is_repeated=True, reply=kept)
        self.state.calls.expire(now)
        if document is not None:
            body = _encoded(self._execute(document, now), is_json=is_json)
        else:
            self.state.tally.errors += 1
            body = _encoded(Refused(unread).reply, is_json=is_json) if behaviour.explains_bad_documents else b""
        reply = b"%b %b" % (cookie, body)
        self._cookies.keep(cookie, reply)
        return Exchange(cookie=cookie, document=document, is_repeated=False, reply=reply)

    def _execute(self, request: Document, now: float) -> Document:
        tally = self.state.tally
        command = request.get("command")
        try:
            if not isinstance(command, str):
                raise Refused('Dictionary contains no key "command"')
            if command not in self.state.behaviour.commands or command not in COMMANDS:
                raise Refused("Unrecognized command")
            try:
                reply = COMMANDS[command](request, self.state, now)
            except Exception as error:
                if isinstance(error, Refused):
                    raise
                # Whatever is wrong here, the next request finds an engine; the text of an error may hold a secret.
                _log.error("%r made the embedded engine fail with %s", command, type(error).__name__)
                _log.debug("where it failed", exc_info=True)
                raise Refused(f"the embedded engine failed with {type(error).__name__}") from error
            finally:
                # It counts when it is over, refused or not.
                tally.counts[command] += 1
        except Refused as refused:
            tally.errors += refused.reply["result"] == "error"
            return refused.reply
        return reply if "result" in reply else reply | {"result": "ok"}


class _Cookies:
    """The replies of the last 30 to 60 seconds, by their cookies alone, as the daemon keeps them."""

    def __init__(self) -> None:
        self._young: dict[bytes, bytes] = {}
        self._old: dict[bytes, bytes] = {}
        self._swapped = -math.inf

    def get(self, cookie: bytes, now: float) -> bytes | None:
        """Return the reply that this cookie got before."""
        if now - self._swapped >= KEPT:
            self._old, self._young, self._swapped = self._young, {}, now
        return self._young.get(cookie) or self._old.get(cookie)

    def keep(self, cookie: bytes, reply: bytes) -> None:
        """Keep a reply."""
        self._young[cookie] = reply
        self._old.pop(cookie, None)


def _encoded(document: Document, *, is_json: bool) -> bytes:
    if not is_json:
        return encode_document(document)
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return text.replace("\x7f", "\\u007f").encode("utf-8", "surrogateescape")
