"""Random traffic over a bad network to a model daemon: each request ends once, in its own reply."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from rtpe_ng import TransportError
from rtpe_ng.protocol import Exchange, Exchanges, Limits, Result
from rtpe_ng.wire import decode_document, encode_document, join_message, split_message
from tests.support.examples import examples

LIMITS = Limits(requests=4, bytes=3000, overhead=100)
POISON = b"d6:result5:error12:error-reason22:Invalid NG data formate"
SOME = st.integers(0, 10**6)


class Network(RuleBasedStateMachine):
    """A client core, datagrams under way in both directions, and a model of what daemons do."""

    requests: Bundle[Exchange] = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self.core = Exchanges(peer="engine", limits=LIMITS)
        self.now = 0.0
        self.poison = POISON
        self.numbers: dict[Exchange, int] = {}
        self.costs: dict[Exchange, int] = {}
        self.executed: dict[int, int] = {}
        self.cache: dict[str, bytes] = {}
        self.emptied: set[str] = set()
        self.burnt: set[str] = set()
        self.first_sent: list[int] = []
        self.outcomes: dict[Exchange, Result] = {}
        self.going: list[bytes] = []
        self.coming: list[bytes] = []
        self.was_refused = False

    @initialize(poison=st.sampled_from([POISON, b""]))
    def choose_a_version(self, poison: bytes) -> None:
        self.poison = poison

    def drain(self) -> None:
        for exchange, message in self.core.messages_to_send(self.now):
            assert split_message(message)[0] not in self.burnt
            if exchange.attempts == 1:
                self.first_sent.append(self.numbers[exchange])
            self.going.append(message)
        for exchange in self.core.finished():
            assert exchange not in self.outcomes
            assert exchange.result is not None
            self.outcomes[exchange] = exchange.result
            assert exchange.result is not Result.TIMEOUT or self.now >= exchange.deadline
            assert exchange.result is not Result.TRANSPORT or self.was_refused

    @rule(target=requests, timeout=st.floats(0.1, 29), size=st.sampled_from([0, 0, 500, 1500, 5000]))
    def submit(self, timeout: float, size: int) -> Exchange:
        number = len(self.numbers)
        document = encode_document({"command": "x", "number": number, "sdp": "x" * size})
        exchange = self.core.submit("x", document, now=self.now, timeout=timeout)
        self.numbers[exchange] = number
        self.costs[exchange] = len(document) + LIMITS.overhead
        self.drain()
        return exchange

    @rule(at=SOME, fate=st.sampled_from(["arrives", "arrives", "is lost", "arrives twice", "arrives damaged"]))
    def carry_a_request(self, at: int, fate: str) -> None:
        if self.going:
            message = self.going.pop(at % len(self.going))
            if fate == "arrives twice":
                self.going.append(message)
            if fate != "is lost":
                self.coming.append(self.daemon(message[:-3] if fate == "arrives damaged" else message))

    def daemon(self, message: bytes) -> bytes:
        cookie, document = split_message(message)
        if cookie not in self.cache:
            try:
                number = decode_document(document)["number"]
            except Exception:  # noqa: BLE001 - the model's daemon does not care what is wrong
                self.cache[cookie] = self.poison
            else:
                assert isinstance(number, int)
                self.executed[number] = self.executed.get(number, 0) + 1
                self.cache[cookie] = encode_document({"result": "ok", "number": number})
        return join_message(cookie, self.cache[cookie])

    @rule(at=SOME, fate=st.sampled_from(["arrives", "arrives", "is lost", "arrives twice", "loses its document"]))
    def carry_a_reply(self, at: int, fate: str) -> None:
        if self.coming:
            message = self.coming.pop(at % len(self.coming))
            if fate == "arrives twice":
                self.coming.append(message)
            if fate != "is lost":
                cookie, document = split_message(message)
                if fate == "loses its document" and cookie not in self.emptied:
                    message, document = join_message(cookie, b""), b""
                # Once an empty document may be what is left of a reply; twice it is what 26.0 says.
                if document == self.poison and (document or cookie in self.emptied):
                    self.burnt.add(cookie)
                if not document:
                    self.emptied.add(cookie)
                self.core.receive(message, self.now)
                self.drain()

    @rule(seconds=st.floats(0, 3))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.core.handle_timer(self.now)
        self.drain()

    @rule()
    def the_timer_rings(self) -> None:
        timer = self.core.next_timer()
        if timer is not None:
            self.now = max(self.now, timer)
            self.core.handle_timer(self.now)
            self.drain()

    @rule(exchange=consumes(requests))
    def cancel(self, exchange: Exchange) -> None:
        was = exchange.result
        self.core.cancel(exchange, self.now)
        assert exchange.result is (was or Result.CANCELLED)
        self.drain()

    @rule(junk=st.binary(max_size=30))
    def somebody_sends(self, junk: bytes) -> None:
        self.core.receive(junk, self.now)
        self.drain()

    @rule()
    def the_host_refuses(self) -> None:
        self.was_refused = True
        self.core.refused(lambda: TransportError("refused"), self.now)
        self.drain()

    @rule()
    def the_daemon_moves(self) -> None:
        self.core.send_again(self.now)
        self.drain()

    @invariant()
    def nothing_is_executed_twice(self) -> None:
        assert set(self.executed.values()) <= {1}

    @invariant()
    def every_reply_is_its_own(self) -> None:
        for exchange, number in self.numbers.items():
            if exchange.reply is not None and exchange.reply["result"] == "ok":
                assert exchange.reply["number"] == number
                assert self.executed[number] == 1

    @invariant()
    def the_limits_hold_and_nobody_is_overtaken(self) -> None:
        flying = [exchange for exchange in self.numbers if exchange.attempts and not exchange.done]
        assert len(flying) == self.core.in_flight <= LIMITS.requests
        assert sum(self.costs[exchange] for exchange in flying) <= LIMITS.bytes or len(flying) == 1
        assert self.first_sent == sorted(set(self.first_sent))

    @invariant()
    def somebody_will_call_as_long_as_anything_is_under_way(self) -> None:
        waiting = [exchange for exchange in self.numbers if not exchange.done]
        assert len(waiting) == self.core.in_flight + self.core.queued
        timer = self.core.next_timer()
        assert (timer is not None) == bool(waiting)
        if timer is not None:
            assert timer <= min(exchange.deadline for exchange in waiting)

    def teardown(self) -> None:
        # However it went: whoever calls when asked to sees every request end, once, at its deadline at the latest.
        while (timer := self.core.next_timer()) is not None:
            self.now = max(self.now, timer)
            self.core.handle_timer(self.now)
            self.drain()
        for exchange in self.numbers:
            assert exchange.result is not None
            assert (exchange.reply is None) == (exchange.result is not Result.REPLY)
            assert (exchange in self.outcomes) == (exchange.result is not Result.CANCELLED)


TestNetwork = Network.TestCase
TestNetwork.settings = settings(examples(150), stateful_step_count=50)
