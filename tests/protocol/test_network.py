"""Random traffic over a bad network to a model daemon: each request ends once, in its own reply."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from rtpe_ng.protocol import Exchange, Exchanges, Limits, Result
from rtpe_ng.wire import decode_document, encode_document, join_message, split_message

LIMITS = Limits(requests=4, bytes=10_000)
POISON = b"d6:result5:error12:error-reason22:Invalid NG data formate"


class Network(RuleBasedStateMachine):
    """A client core, datagrams under way, and a model of what daemons do."""

    wire: Bundle[bytes] = Bundle("wire")
    back: Bundle[bytes] = Bundle("back")
    requests: Bundle[Exchange] = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self.core = Exchanges(peer="engine", limits=LIMITS)
        self.now = 0.0
        self.numbers: dict[Exchange, int] = {}
        self.executed: dict[int, int] = {}
        self.cache: dict[str, bytes] = {}
        self.outcomes: dict[Exchange, Result] = {}
        self.under_way: list[bytes] = []

    def drain(self) -> None:
        self.under_way += [message for _, message in self.core.messages_to_send(self.now)]
        for exchange in self.core.finished():
            assert exchange not in self.outcomes
            assert exchange.result is not None
            self.outcomes[exchange] = exchange.result

    @rule(target=requests, timeout=st.floats(0.1, 29))
    def submit(self, timeout: float) -> Exchange:
        number = len(self.numbers)
        document = encode_document({"command": "x", "number": number})
        exchange = self.core.submit("x", document, now=self.now, timeout=timeout)
        self.numbers[exchange] = number
        self.drain()
        return exchange

    @rule(
        at=st.integers(0, 10**6), fate=st.sampled_from(["arrives", "is lost", "arrives twice", "arrives damaged"])
    )
    def carry(self, at: int, fate: str) -> None:
        if not self.under_way:
            return
        message = self.under_way.pop(at % len(self.under_way))
        if fate == "is lost":
            return
        if fate == "arrives damaged":
            message = message[:-3]
        for _ in range(2 if fate == "arrives twice" else 1):
            self.core.receive(self.daemon(message), self.now)
            self.drain()

    def daemon(self, message: bytes) -> bytes:
        cookie, document = split_message(message)
        if cookie not in self.cache:
            try:
                number = decode_document(document)["number"]
            except Exception:  # noqa: BLE001 - the model's daemon does not care what is wrong
                self.cache[cookie] = POISON
            else:
                assert isinstance(number, int)
                self.executed[number] = self.executed.get(number, 0) + 1
                self.cache[cookie] = encode_document({"result": "ok", "number": number})
        return join_message(cookie, self.cache[cookie])

    @rule(seconds=st.floats(0, 3))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
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
    def the_limits_hold(self) -> None:
        assert self.core.in_flight <= LIMITS.requests

    @invariant()
    def somebody_will_call_as_long_as_anything_is_under_way(self) -> None:
        waiting = [exchange for exchange in self.numbers if not exchange.done]
        assert len(waiting) == self.core.in_flight + self.core.queued
        if waiting:
            timer = self.core.next_timer()
            assert timer is not None
            assert timer <= min(exchange.deadline for exchange in waiting) + 1e-9

    def teardown(self) -> None:
        # However it went: when the time is over, every request has ended.
        self.now += 30
        self.core.handle_timer(self.now)
        self.drain()
        for exchange in self.numbers:
            assert exchange.done
            assert (exchange.reply is None) == (exchange.result is not Result.REPLY)
        assert self.core.next_timer() is None


TestNetwork = Network.TestCase
TestNetwork.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
