"""`Client`: the commands of a `Controller`, sent to one daemon at a URL.

Internal: import its names from `rtpe_ng`.
"""

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any, Self, get_args

import attrs

from .controller import Controller
from .errors import UsageError, redact
from .messages import Capabilities, Command, Request, is_older, version_of
from .protocol import Exchange, Result, Strays
from .protocol.schedule import COOKIE_LIFETIME
from .transports import Url, clock, connect
from .wire import Encoding, as_json

_log = logging.getLogger("rtpe_ng")

_DECISIVE = frozenset({"offer", "publish", "delete"})
"""The commands that decide whether a daemon has a call."""
_REMEMBERED = 1024
"""Of how many calls the client remembers that a command ended without a reply."""


@attrs.frozen(kw_only=True)
class Trace:
    """What happened to one request; `Client(trace=...)` is called with it. It holds no SDP, key or password."""

    command: str
    """The ng command."""
    call_id: str | None
    """The Call-ID, if the command is about a call."""
    cookie: str
    """The cookie of the last attempt."""
    attempts: int
    """How often it was sent; 0 if it never left the queue."""
    seconds: float
    """The time from the call of the method to the outcome, in seconds."""
    result: str
    """The daemon's ``result``, such as ``ok``, ``error`` or ``pong``; or, if there was no reply, ``timeout``,
    ``transport error``, ``unreadable reply``, ``cancelled`` or ``client closed``."""
    sent_bytes: int
    """How many bytes were sent, including resends."""
    received_bytes: int
    """How many bytes were received in reply."""
    request: Request = attrs.field(default=Request())
    """What was sent: the flags, and the ng dictionary without SDP and keys."""


class Client(Controller):
    """Steers one daemon at a URL such as ``udp://127.0.0.1:2223``.

    It opens on first use, so it needs no ``async with``; close it with ``async with`` or ``await client.aclose()``.
    Many requests may be under way at once, on asyncio or trio. Each ends within `timeout` seconds (more than 0,
    less than 30); until then it is sent again under the same cookie, so the daemon executes it only once. `trace`
    is called with a `Trace` after each request. `version` is the daemon's version, such as ``"12.5"``, if you know
    it: commands that this version does not know are then refused before they are sent, with the same `EngineError`
    as the daemon's. With the `encoding` ``json``, requests and replies are JSON; text in it must be Unicode.

    Raises `UsageError` for a malformed URL or version, a timeout out of range, or an unknown encoding.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 3.0,
        trace: Callable[[Trace], object] | None = None,
        version: str | None = None,
        encoding: Encoding = "bencode",
    ) -> None:
        if not isinstance(timeout, int | float) or not 0 < timeout < COOKIE_LIFETIME:
            raise UsageError(
                f"timeout={timeout!r}: more than 0 and less than {COOKIE_LIFETIME:g} seconds expected, because the "
                "daemon may execute a request again that is resent later than that"
            )
        if trace is not None and not callable(trace):
            raise UsageError(f"trace={trace!r}: a callable expected, which is given a Trace")
        if version is not None:
            version_of(version)
        if encoding not in get_args(Encoding):
            raise UsageError(f"encoding={encoding!r}: 'bencode' or 'json' expected")
        self._url = Url.parse(url)
        self._timeout = float(timeout)
        self._trace = trace
        self._version = version
        self._encoding = encoding
        self._transport = connect(self._url)
        self._state = "not open yet"
        self._process = 0
        # By Call-ID what ended without a reply: what was to be sent, and how. It is that of one process: a fork has
        # lost nothing, and must not send again under the cookies of its parent.
        self._losses: dict[str, list[tuple[bytes, Exchange]]] = {}
        self._losses_of = os.getpid()

    @property
    def url(self) -> str:
        """The URL of the daemon."""
        return str(self._url)

    @property
    def timeout(self) -> float:
        """The time, in seconds, within which each request ends."""
        return self._timeout

    @property
    def version(self) -> str | None:
        """The daemon's version, if it was given."""
        return self._version

    async def capabilities(self) -> Capabilities:
        """Return the commands that the daemon knows: by its `version` if that was given, or else by asking it."""
        return await super().capabilities() if self._version is None else Capabilities.of_version(self._version)

    @property
    def strays(self) -> Strays:
        """How many messages arrived that answered no request, by kind. They were dropped."""
        return self._transport.strays

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The Call-IDs, as the daemon knows them, of which an offer, a publication or a delete had no reply.

        The daemon may have such a call although nobody goes on with it. The end of a `Call` settles it. What is
        still here then may be at the daemon: delete it later. A delete that was never sent counts, too; other
        commands that were not do not. The last 1,024 are remembered.
        """
        return tuple(self._lost)

    def is_settled(self, call_id: str) -> bool:
        """Return whether no command about a call that was sent so far may still be executed."""
        return call_id not in self._lost

    @property
    def _lost(self) -> dict[str, list[tuple[bytes, Exchange]]]:
        if self._losses_of != os.getpid():
            self._losses, self._losses_of = {}, os.getpid()
        return self._losses

    async def settle(self, call_id: str) -> bool:
        """Learn what became of what the daemon was told of a call and did not answer; return whether that is known.

        Each is sent again under its cookie. A daemon that has executed it repeats its reply; one that has not does
        so now, and ignores the former one if that arrives later. So nothing is under way any more that could begin
        another call of this id. Takes the client's `timeout` at most for each. Raises `UsageError` on a closed
        client.
        """
        while lost := self._lost.get(call_id):
            document, former = lost.pop(0)
            if former.first_sent is not None and clock() - former.first_sent < COOKIE_LIFETIME:
                reply = None
                try:
                    exchange = self._transport.submit(
                        former.command, document, self._timeout, call_id=call_id, again=former
                    )
                    await self._transport.wait(exchange)
                    reply = exchange.reply
                finally:
                    if reply is None:
                        self._lost.setdefault(call_id, lost).insert(0, (document, former))
                if reply is None:
                    return False
        self._lost.pop(call_id, None)
        return True

    async def exchange(self, command: Command[Any]) -> tuple[Mapping[str, Any], float]:
        """Send a command; return the reply as plain values, whatever its result, and how many seconds it took.

        Raises `RequestTimeout`, `TransportError` or `WireError` if there is no reply, `UsageError` on a closed
        client.
        """
        if self._version is not None and command.since and is_older(self._version, command.since):
            raise command.refused(self._version)
        document = command.encode() if self._encoding == "bencode" else as_json(command.encode())
        # After a fork, the child must not use the parent's socket.
        if self._state != "open" or self._process != os.getpid():
            self._begin()
        exchange = self._transport.submit(command.name, document, self._timeout, call_id=command.call_id)
        try:
            await self._transport.wait(exchange)
        finally:
            if exchange.reply is None and command.name in _DECISIVE and command.call_id:
                self._lose(command.call_id, document, exchange)
            if self._trace is not None or _log.isEnabledFor(logging.DEBUG):
                self._report(command, exchange)
        if exchange.reply is None:
            assert exchange.error is not None  # noqa: S101 - wait returns only with an outcome
            raise exchange.error
        return exchange.reply, exchange.seconds

    async def aclose(self) -> None:
        """Close. Requests under way, and any later ones, end with a `UsageError`. Closing twice is harmless.

        Raises `UsageError`, and closes nothing, while another event loop runs in which the client is used.
        """
        await self._transport.aclose()
        self._state = "closed"

    async def __aenter__(self) -> Self:
        self._begin()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.aclose()

    def _lose(self, call_id: str, document: bytes, exchange: Exchange) -> None:
        """Remember what ended without a reply, unless it leaves the daemon as it was meant to be."""
        if exchange.attempts or exchange.command == "delete":
            self._lost.setdefault(call_id, []).append((document, exchange))
            if len(self._lost) > _REMEMBERED:
                del self._lost[next(iter(self._lost))]

    def _begin(self) -> None:
        self._transport.begin()
        self._state, self._process = "open", os.getpid()

    def _report(self, command: Command[Any], exchange: Exchange) -> None:
        outcome = exchange.result or Result.CANCELLED
        trace = Trace(
            command=command.name,
            call_id=command.call_id,
            cookie=exchange.cookie,
            attempts=exchange.attempts,
            seconds=exchange.seconds,
            result=outcome.value if exchange.reply is None else redact(str(exchange.reply.get("result"))),
            sent_bytes=exchange.sent_bytes,
            received_bytes=exchange.received_bytes,
            request=command.sent(),
        )
        _log.debug("%s", trace)
        if self._trace is not None:
            try:
                self._trace(trace)
            except Exception:  # noqa: BLE001
                # An error in the callable must not fail the request.
                _log.exception("the trace callable raised")

    def __repr__(self) -> str:
        # A traceback shows it while it is made, too.
        return f"<Client {getattr(self, '_url', '(of a malformed URL)')} {getattr(self, '_state', 'not made')}>"
