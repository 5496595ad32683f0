"""Many requests in flight: matching, resending, deadlines and the cap, without any I/O.

The contract in one sentence: feed it what happened (`submit`, `receive`, `handle_timer`, `refused`,
`cancel`), then take `messages_to_send` and `finished`, and call `handle_timer` again at `next_timer`.

A request waits in a queue until there is room, is sent, and is in flight until its outcome is known. UDP may lose
it or its reply, so it is sent again on a schedule, under the same cookie: a daemon that has executed it repeats its
reply and does nothing else. A reply that arrived damaged is asked for in the same way. If the request itself
arrived damaged, it was not executed, but the daemon remembers its cookie, so it is sent under a new one.

Timers are a heap of (time, number, exchange). An exchange has one valid timer, the one at `due`; setting another
leaves the old entry in the heap. Nearly all requests have their reply long before they are due, so most of the heap
is such entries: it is built again without them whenever it has doubled.
"""

import enum
import heapq
import itertools
import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping

import attrs

from ..errors import RequestTimeout, RtpeError, UsageError, WireError
from ..wire import Cookies, Value, decode_reply, join_message, split_message
from .schedule import Schedule

UNREADABLE = frozenset(
    {
        "Could not decode bencode dictionary",
        "Invalid NG data format",
        "Invalid data (no payload)",
        "Failed to parse JSON document",
        'Dictionary contains no key "command"',
    }
)
"""The replies to a request that arrived damaged. Instead of the first four, 26.0 replies with an empty document.

All versions take a request that was cut between two of its items for a whole one, which may lack the command.
"""
MAX_RENEWALS = 4
"""How often a request that arrived damaged is sent again under a new cookie."""
MAX_REPEATS = 8
"""How often a reply that arrived damaged is asked for again."""
LEAST_TIME = 0.2
"""With less time than this, in seconds, before its deadline, a request is not sent for the first time: it would be
executed for a caller who has given up."""
RETRY_REFUSED = 0.2
"""The wait, in seconds, before the one retry after the peer's host refused: the daemon may be restarting."""
_FEW_TIMERS = 64
"""Up to this many entries the heap of timers is left as it is."""
_REMEMBERED = 1024
"""How many cookies of requests without a reply are kept, so that a late reply can be told from a foreign one."""


class Result(enum.Enum):
    """How an exchange ended."""

    REPLY = "reply"
    TIMEOUT = "timeout"
    TRANSPORT = "transport error"
    UNREADABLE = "unreadable reply"
    CANCELLED = "cancelled"
    CLOSED = "client closed"


@attrs.define(kw_only=True, eq=False, repr=False)
class Exchange:
    """The state of one request. Only `Exchanges` changes it. All times are in seconds.

    `reply` is the daemon's dictionary; `error` is what went wrong instead. Once `result` is set, exactly one of
    them is set too, unless the caller cancelled.
    """

    command: str
    call_id: str | None = None
    document: bytes
    cookie: str
    cost: int
    """How many bytes it takes of the room in flight."""
    submitted: float
    deadline: float
    due: float | None = None
    """When its timer ends; None until it has one."""
    is_outgoing: bool = False
    """Whether it is among those that are to be sent now."""
    first_sent: float | None = None
    """When its cookie was first sent: the daemon forgets that in time."""
    begun: float | None = None
    """When it was itself first sent, from which its resends are counted."""
    finished: float | None = None
    attempts: int = 0
    resends: int = 0
    renewals: int = 0
    repeats: int = 0
    was_empty: bool = False
    """Whether the last reply under its cookie was an empty document."""
    refused_attempts: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    reply: Mapping[str, Value] | None = None
    error: RtpeError | None = None
    result: Result | None = None

    @property
    def done(self) -> bool:
        """Whether the outcome is known."""
        return self.result is not None

    @property
    def least(self) -> float:
        """The least time before the deadline at which it is first sent; for short timeouts a part of them."""
        return min(LEAST_TIME, (self.deadline - self.submitted) / 2)

    @property
    def seconds(self) -> float:
        """The time from submission to the outcome; 0 while there is none."""
        return 0.0 if self.finished is None else self.finished - self.submitted

    def __repr__(self) -> str:
        state = self.result.value if self.result else "in flight" if self.attempts else "queued"
        return f"<Exchange {self.command!r} {state}, sent {self.attempts} times>"


@attrs.frozen(kw_only=True)
class Limits:
    """How much may be in flight at once. A daemon's socket buffer, of 212,992 bytes, silently drops the rest.

    With the defaults, 32 offers of a browser or 128 pings are in flight at once.
    """

    requests: int = 128
    """How many requests."""
    bytes: int = 131_072
    """How many bytes, overhead included."""
    overhead: int = 900
    """The bytes that a kernel needs for a datagram beside its content."""


@attrs.define(kw_only=True)
class Strays:
    """How many messages answered no request. They were dropped."""

    late: int = 0
    """Replies to a request that had ended without one."""
    duplicate: int = 0
    """More replies to a request that already had one."""
    foreign: int = 0
    """Replies with a cookie that this client never issued."""
    malformed: int = 0
    """Messages without a cookie."""


class Exchanges:
    """All requests of one client to one daemon. `peer` names the daemon in error texts."""

    def __init__(self, *, peer: str, schedule: Schedule | None = None, limits: Limits | None = None) -> None:
        self.strays: Strays = Strays()
        self._peer = peer
        self._schedule = schedule or Schedule()
        self._limits = limits or Limits()
        self._cookies = Cookies()
        # What waits for room, in the order in which it gets it. A ping asks whether the daemon is alive, and must
        # not wait behind thousands of offers. A delete that is not sent in time leaves a call behind, so it goes
        # before what waits about other calls; but never before what waits about its own.
        self._pings: OrderedDict[str, Exchange] = OrderedDict()
        self._deletes: OrderedDict[str, Exchange] = OrderedDict()
        self._others: OrderedDict[str, Exchange] = OrderedDict()
        # How many of the others are about a call.
        self._others_about: Counter[str | None] = Counter()
        # Those that had room too late, and wait for their deadline.
        self._withheld: dict[str, Exchange] = {}
        self._in_flight: dict[str, Exchange] = {}
        self._bytes = 0
        # What is to be sent now. A request with two reasons for it is here once.
        self._outbox: deque[Exchange] = deque()
        self._finished: list[Exchange] = []
        # The numbers break ties between equal times, because exchanges cannot be compared.
        self._timers: list[tuple[float, int, Exchange]] = []
        self._numbers = itertools.count()
        self._most_timers = _FEW_TIMERS
        self._given_up: dict[str, None] = {}
        self.unanswered: float = -math.inf
        """When the latest of the requests that got no reply was first sent; if nothing was heard since, the peer is
        silent. Requests that were cancelled before they were sent again do not count."""
        self.obstacle: str = ""
        """Why nothing can be sent now, for the texts of errors; empty where it can."""
        self.explanation: str = ""
        """Why there may be no reply, for the texts of errors; empty where nobody knows."""

    @property
    def in_flight(self) -> int:
        """How many requests wait for their reply."""
        return len(self._in_flight)

    @property
    def queued(self) -> int:
        """How many requests wait for room."""
        return len(self._pings) + len(self._deletes) + len(self._others) + len(self._withheld)

    @property
    def timers(self) -> int:
        """How many entries the heap of timers has, with those of requests that have ended."""
        return len(self._timers)

    def submit(
        self,
        command: str,
        document: bytes,
        *,
        now: float,
        timeout: float,
        call_id: str | None = None,
        again: Exchange | None = None,
    ) -> Exchange:
        """Accept a request, which ends within `timeout` seconds, the time in the queue included.

        If it is sent `again` that ended without a reply, it goes under the same cookie, for as long as the daemon
        remembers that: the reply is that of the former one, if it was executed.
        """
        exchange = Exchange(
            command=command,
            call_id=call_id,
            document=document,
            cookie=self._cookies.next() if again is None else again.cookie,
            cost=len(document) + self._limits.overhead,
            submitted=now,
            deadline=now + timeout,
        )
        if again is not None:
            exchange.first_sent = again.first_sent
            self._given_up.pop(exchange.cookie, None)
        if not (self._others or self._deletes or self._pings) and self._has_room(exchange):
            self._let_in(exchange)
        else:
            self._enqueue(exchange)
            self._admit()
        return exchange

    def cancel(self, exchange: Exchange, now: float) -> None:
        """Forget a request. The daemon may have executed it; a reply that still comes counts as late."""
        if not exchange.done:
            if exchange.attempts > 1:
                self._note_unanswered(exchange)
            self._finish(exchange, Result.CANCELLED, now)

    def receive(self, message: bytes, now: float) -> None:
        """Accept a message from the peer: it ends a request, or is counted as a stray. Raises nothing."""
        try:
            cookie, document = split_message(message)
        except WireError:
            self.strays.malformed += 1
            return
        exchange = self._in_flight.get(cookie)
        if exchange is None:
            self._count_stray(cookie)
            return
        exchange.received_bytes += len(message)
        try:
            reply = decode_reply(document, exchange.command)
        except WireError as error:
            # 26.0 answers a damaged request with an empty document, and does so again. Any other is damaged itself.
            is_refusal = not document and exchange.was_empty
            exchange.was_empty = not document
            if not (self._renew(exchange) if is_refusal else self._repeat(exchange, now)):
                self._finish(exchange, Result.UNREADABLE, now, error=error)
            return
        reason = reply.get("error-reason")
        if isinstance(reason, str) and reason in UNREADABLE and self._renew(exchange):
            return
        self._finish(exchange, Result.REPLY, now, reply=reply)

    def awaits(self, message: bytes) -> bool:
        """Return whether a message is the reply to a request in flight, whoever sent it."""
        try:
            return split_message(message)[0] in self._in_flight
        except WireError:
            return False

    def refused(self, make_error: Callable[[], RtpeError], now: float, *, hopeful: bool = False) -> None:
        """Give each request one more try after the peer's host refused (ICMP); after a second refusal, fail all.

        ICMP does not say which datagram was refused. A refusal therefore counts for every request that was sent
        after the previous refusal. If the caller is `hopeful`, because it may soon know another address, none fails
        yet.
        """
        sent = [exchange for exchange in self._in_flight.values() if exchange.attempts > exchange.refused_attempts]
        if not hopeful and any(exchange.refused_attempts for exchange in sent):
            self.fail_all(Result.TRANSPORT, make_error, now)
            return
        for exchange in sent:
            exchange.refused_attempts = exchange.attempts
            self._set_timer(exchange, min(now + RETRY_REFUSED, exchange.deadline))

    def send_again(self, now: float, *, also_refused: bool = False) -> None:
        """Send what is in flight again at once, because the peer's address has changed.

        Requests that were refused wait for their own try, unless the new address may be one that has not refused.
        """
        for exchange in self._in_flight.values():
            if exchange.attempts > (0 if also_refused else exchange.refused_attempts):
                self._set_timer(exchange, min(now, exchange.deadline))

    def fail(self, exchange: Exchange, result: Result, error: RtpeError, now: float) -> None:
        """End one request with an error."""
        if not exchange.done:
            self._finish(exchange, result, now, error=error)

    def fail_all(self, result: Result, make_error: Callable[[], RtpeError], now: float) -> None:
        """End every request, in flight or queued, each with an error of its own."""
        # A copy, because ending one changes both dictionaries: there is room for the next in the queue.
        for exchange in (
            *self._in_flight.values(),
            *self._withheld.values(),
            *self._pings.values(),
            *self._deletes.values(),
            *self._others.values(),
        ):
            self.fail(exchange, result, make_error(), now)

    def handle_timer(self, now: float) -> None:
        """Do what is due: end requests at their deadline, and send others again."""
        self._time_outgoing()
        timers = self._timers
        while timers and timers[0][0] <= now:
            due, _, exchange = heapq.heappop(timers)
            # Not the valid timer: the exchange has ended, or was given another one.
            if exchange.done or due != exchange.due:
                continue
            if now >= exchange.deadline:
                self._note_unanswered(exchange)
                self._finish(exchange, Result.TIMEOUT, now, error=self._timeout(exchange, now))
            else:
                exchange.due = None
                self._send(exchange)

    def next_timer(self) -> float | None:
        """Return the time at which to call `handle_timer` next; None if no request is under way."""
        if self._outbox:
            self._time_outgoing()
        # Invalid timers are dropped here too, so that the caller is not woken for nothing.
        timers = self._timers
        while timers and (timers[0][2].done or timers[0][0] != timers[0][2].due):
            heapq.heappop(timers)
        return timers[0][0] if timers else None

    @property
    def has_messages(self) -> bool:
        """Whether there are messages to send."""
        return bool(self._outbox)

    def messages_to_send(self, now: float) -> list[tuple[Exchange, bytes]]:
        """Return the messages to send, each with its request, and count them as sent.

        A request that has waited until there is no time left for a reply stays unsent until its deadline.
        """
        messages: list[tuple[Exchange, bytes]] = []
        outbox = self._outbox
        while outbox:
            exchange = outbox.popleft()
            exchange.is_outgoing = False
            # It may have ended between being put here and being taken.
            if exchange.result is not None:
                continue
            if not exchange.attempts and exchange.deadline - now < exchange.least:
                self._withhold(exchange)
                continue
            if exchange.first_sent is not None and now - exchange.first_sent > self._schedule.last:
                # We were suspended, or stopped. The daemon may forget the cookie before this arrives.
                self._set_timer(exchange, exchange.deadline)
                continue
            message = join_message(exchange.cookie, exchange.document)
            exchange.attempts += 1
            exchange.sent_bytes += len(message)
            self._set_timer(exchange, self._next_send(exchange, now))
            messages.append((exchange, message))
        return messages

    @property
    def has_finished(self) -> bool:
        """Whether requests have ended since the last call of `finished`."""
        return bool(self._finished)

    def finished(self) -> list[Exchange]:
        """Return the requests that have ended since the last call, except cancelled ones."""
        finished, self._finished = self._finished, []
        return finished

    def _admit(self) -> None:
        """Let in what waits and has room now."""
        while queue := self._pings or self._deletes or self._others:
            exchange = next(iter(queue.values()))
            if not self._has_room(exchange):
                return
            self._dequeue(exchange)
            self._let_in(exchange)

    def _enqueue(self, exchange: Exchange) -> None:
        if exchange.command == "ping":
            self._pings[exchange.cookie] = exchange
        elif exchange.command == "delete" and exchange.call_id not in self._others_about:
            self._deletes[exchange.cookie] = exchange
        else:
            self._others[exchange.cookie] = exchange
            self._others_about[exchange.call_id] += 1
        self._set_timer(exchange, exchange.deadline)

    def _dequeue(self, exchange: Exchange) -> None:
        for queue in (self._pings, self._deletes, self._withheld):
            if queue.pop(exchange.cookie, None) is not None:
                return
        if self._others.pop(exchange.cookie, None) is not None:
            self._others_about[exchange.call_id] -= 1
            if not self._others_about[exchange.call_id]:
                del self._others_about[exchange.call_id]

    def _has_room(self, exchange: Exchange) -> bool:
        limits = self._limits
        # A request that is larger than the limit is sent when nothing else is in flight.
        return not self._in_flight or (
            len(self._in_flight) < limits.requests and self._bytes + exchange.cost <= limits.bytes
        )

    def _let_in(self, exchange: Exchange) -> None:
        self._bytes += exchange.cost
        self._in_flight[exchange.cookie] = exchange
        self._send(exchange)

    def _withhold(self, exchange: Exchange) -> None:
        del self._in_flight[exchange.cookie]
        self._bytes -= exchange.cost
        self._withheld[exchange.cookie] = exchange
        self._set_timer(exchange, exchange.deadline)
        self._admit()

    def _send(self, exchange: Exchange) -> None:
        if not exchange.is_outgoing:
            exchange.is_outgoing = True
            self._outbox.append(exchange)

    def _next_send(self, exchange: Exchange, now: float) -> float:
        if exchange.begun is None:
            exchange.begun = now
        if exchange.first_sent is None:
            exchange.first_sent = now
        # Resends that fell due while the caller was busy are skipped, not made up for. The later ones keep their
        # times, even if this message was sent out of turn.
        while exchange.resends < len(self._schedule.times):
            due = exchange.begun + self._schedule.times[exchange.resends]
            if due > now:
                return min(due, exchange.deadline)
            exchange.resends += 1
        return exchange.deadline

    def _set_timer(self, exchange: Exchange, due: float) -> None:
        exchange.due = due
        timers = self._timers
        heapq.heappush(timers, (due, next(self._numbers), exchange))
        if len(timers) > self._most_timers:
            self._timers = timers = [entry for entry in timers if not entry[2].done and entry[0] == entry[2].due]
            heapq.heapify(timers)
            self._most_timers = 2 * len(timers) + _FEW_TIMERS

    def _time_outgoing(self) -> None:
        """Set the timers of requests that could not be sent yet: the caller has no way to the peer."""
        for exchange in self._outbox:
            if exchange.due is None:
                self._set_timer(exchange, exchange.deadline)

    def _repeat(self, exchange: Exchange, now: float) -> bool:
        """Ask again for a reply that arrived damaged: the daemon has kept it by the cookie."""
        # Nothing is sent so late that the daemon may have forgotten it.
        if exchange.repeats >= MAX_REPEATS or now - (exchange.first_sent or now) > self._schedule.last:
            return False
        exchange.repeats += 1
        self._send(exchange)
        return True

    def _renew(self, exchange: Exchange) -> bool:
        """Send a request that arrived damaged again, under a new cookie. It was not executed."""
        if exchange.renewals >= MAX_RENEWALS:
            return False
        exchange.renewals += 1
        exchange.was_empty = False
        # It keeps its place in flight, its deadline and its resends; only the cookie changes.
        del self._in_flight[exchange.cookie]
        exchange.cookie = self._cookies.next()
        self._in_flight[exchange.cookie] = exchange
        self._send(exchange)
        return True

    def _finish(
        self,
        exchange: Exchange,
        result: Result,
        now: float,
        *,
        reply: Mapping[str, Value] | None = None,
        error: RtpeError | None = None,
    ) -> None:
        exchange.result, exchange.reply, exchange.error = result, reply, error
        exchange.finished = now
        if self._in_flight.pop(exchange.cookie, None) is not None:
            self._bytes -= exchange.cost
            # A reply that still comes is late. If the request had its reply, another one is a duplicate.
            if result is not Result.REPLY and exchange.attempts:
                self._give_up(exchange.cookie)
        else:
            self._dequeue(exchange)
        # Old timers keep the exchange alive for a while. They must not keep its SDP body alive.
        exchange.document = b""
        if result is not Result.CANCELLED:
            self._finished.append(exchange)
        self._admit()

    def _note_unanswered(self, exchange: Exchange) -> None:
        if exchange.first_sent is not None:
            self.unanswered = max(self.unanswered, exchange.first_sent)

    def _give_up(self, cookie: str) -> None:
        self._given_up[cookie] = None
        # Bounded: a dead daemon must not fill the memory. A dictionary keeps its order, so the oldest goes.
        if len(self._given_up) > _REMEMBERED:
            del self._given_up[next(iter(self._given_up))]

    def _count_stray(self, cookie: str) -> None:
        # The values of this dictionary are None, so None says that the cookie was in it.
        if self._given_up.pop(cookie, cookie) is None:
            self.strays.late += 1
        elif self._cookies.issued(cookie):
            self.strays.duplicate += 1
        else:
            self.strays.foreign += 1

    def _timeout(self, exchange: Exchange, now: float) -> RequestTimeout:
        seconds = now - exchange.submitted
        if exchange.attempts:
            text = (
                f"no reply to {exchange.command!r} from {self._peer} within {seconds:.3g} s, sent "
                f"{exchange.attempts} times: whether it was executed is unknown"
                + (self.explanation and f"; {self.explanation}")
            )
        elif self.obstacle:
            text = f"{exchange.command!r} was not sent within {seconds:.3g} s: {self.obstacle}"
        else:
            text = (
                f"{exchange.command!r} waited {seconds:.3g} s behind {len(self._in_flight)} requests to "
                f"{self._peer} and was not sent; it may go to another engine"
            )
        return RequestTimeout(text, command=exchange.command, attempts=exchange.attempts, seconds=seconds)


def closed() -> UsageError:
    """Return the error for using a closed client."""
    return UsageError("this client is closed: make another one, Client(url)")
