"""`Core`: datagrams and the time in, replies out."""

from __future__ import annotations

import json
import math

import attrs

from ...errors import WireError
from ...wire import Document, decode_document, encode_document, split_message
from .behaviour import Behaviour
from .commands import COMMANDS
from .refused import Refused
from .state import State

__all__ = ["Core", "Reply"]

KEPT = 30.0
"""For how long a reply is kept by its cookie, in seconds: at least this long, at most twice as long."""


@attrs.frozen(kw_only=True)
class Reply:
    """What is to be sent back for a datagram."""

    command: str
    """The command that it answers; empty where that was not to be read."""
    data: bytes
    """The whole datagram."""


class Core:
    """An engine without a socket and without a clock."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.state = State(behaviour=behaviour)
        self._cookies = Cookies()

    def receive(self, datagram: bytes, now: float) -> Reply | None:
        """Return the reply to a datagram, and None where the daemon sends none."""
        try:
            cookie, document = split_message(datagram)
        except WireError:
            return None
        if (reply := self._cookies.get(cookie, now)) is None:
            command, body = self._execute(document, now)
            reply = Reply(command=command, data=datagram[: datagram.index(b" ") + 1] + body)
            self._cookies.keep(cookie, reply)
        return reply

    def _execute(self, data: bytes, now: float) -> tuple[str, bytes]:
        encode = _as_json if data[:1] == b"{" else encode_document
        try:
            request = decode_document(data)
        except WireError:
            self.state.tally.errors += 1
            return "", encode({"result": "error", "error-reason": "Could not decode bencode dictionary"})
        command = request.get("command")
        try:
            if not isinstance(command, str):
                raise Refused('Dictionary contains no key "command"')
            if command not in self.state.behaviour.commands or command not in COMMANDS:
                raise Refused("Unrecognized command")
            reply = {"result": "ok"} | self._counted(command, request, now)
        except Refused as refused:
            self.state.tally.errors += 1
            reply = {"result": "error", "error-reason": refused.reason}
        return str(command or ""), encode(reply)

    def _counted(self, command: str, request: Document, now: float) -> Document:
        """Execute a command; it counts when it is over, refused or not."""
        try:
            return COMMANDS[command](request, self.state, now)
        finally:
            self.state.tally.counts[command] += 1


class Cookies:
    """The replies of the last 30 to 60 seconds, by their cookies alone, as the daemon keeps them."""

    def __init__(self) -> None:
        self._young: dict[str, Reply] = {}
        self._old: dict[str, Reply] = {}
        self._swapped = -math.inf

    def get(self, cookie: str, now: float) -> Reply | None:
        """Return the reply that this cookie got before."""
        if now - self._swapped >= KEPT:
            self._old, self._young, self._swapped = self._young, {}, now
        return self._young.get(cookie) or self._old.get(cookie)

    def keep(self, cookie: str, reply: Reply) -> None:
        """Keep a reply."""
        self._young[cookie] = reply


def _as_json(document: Document) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
