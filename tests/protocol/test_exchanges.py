"""Many requests in flight: the core is fed bytes and the time, and nothing else happens to it."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import RequestTimeout, TransportError, WireError
from rtpe_ng.protocol import Exchange, Exchanges, Limits, Result
from rtpe_ng.protocol.exchanges import LEAST_TIME, MAX_RENEWALS, MAX_REPEATS
from rtpe_ng.wire import join_message

PING = b"d7:command4:pinge"
PONG = b"d6:result4:ponge"


class Driver:
    """Feeds a core and drains it, with a clock that moves only when told."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.core = Exchanges(peer="engine:2223", limits=limits)
        self.now = 1000.0
        self.sent: list[tuple[float, str]] = []

    def submit(
        self, timeout: float = 10.0, document: bytes = PING, command: str = "ping", call_id: str | None = None
    ) -> Exchange:
        exchange = self.core.submit(command, document, now=self.now, timeout=timeout, call_id=call_id)
        self.drain()
        return exchange

    def drain(self) -> None:
        for _, message in self.core.messages_to_send(self.now):
            self.sent.append((round(self.now - 1000, 6), message.partition(b" ")[0].decode()))

    def reply(self, cookie: str, document: bytes = PONG) -> None:
        self.core.receive(join_message(cookie, document), self.now)
        self.drain()

    def until(self, time: float) -> None:
        """Let the time pass, calling the core exactly when it wants to be called."""
        while (timer := self.core.next_timer()) is not None and timer <= 1000 + time:
            self.now = max(self.now, timer)
            self.core.handle_timer(self.now)
            self.drain()
        self.now = 1000 + time


def test_the_life_of_a_request_that_nobody_answers() -> None:
    driver = Driver()
    exchange = driver.submit(timeout=4.0)
    driver.until(60)
    cookie = exchange.cookie
    assert driver.sent == [(0, cookie), (0.25, cookie), (0.75, cookie), (1.75, cookie), (3.75, cookie)]
    assert exchange.result is Result.TIMEOUT
    assert exchange.seconds == pytest.approx(4.0)
    error = exchange.error
    assert isinstance(error, RequestTimeout)
    assert (error.command, error.attempts) == ("ping", 5)
    assert error.seconds == pytest.approx(4.0)
    assert "unknown" in str(error)
    assert driver.core.finished() == [exchange]
    assert driver.core.next_timer() is None


def test_replies_find_their_request_in_any_order() -> None:
    driver = Driver()
    exchanges = [driver.submit() for _ in range(5)]
    for number in (3, 0, 4, 2, 1):
        driver.reply(exchanges[number].cookie, b"d6:result2:ok1:ni%dee" % number)
    assert [exchange.reply for exchange in exchanges] == [{"result": "ok", "n": n} for n in range(5)]
    assert {exchange.result for exchange in exchanges} == {Result.REPLY}
    assert driver.core.in_flight == 0


def test_the_core_that_was_busy_makes_up_for_no_resend() -> None:
    driver = Driver()
    driver.submit(timeout=10)
    driver.now += 5
    driver.core.handle_timer(driver.now)
    driver.drain()
    assert [time for time, _ in driver.sent] == [0, 5]


def test_late_duplicate_foreign_and_malformed_messages_are_counted() -> None:
    driver = Driver()
    answered, given_up, waiting = driver.submit(), driver.submit(), driver.submit()
    driver.reply(answered.cookie)
    driver.core.cancel(given_up, driver.now)
    for cookie in (answered.cookie, answered.cookie, given_up.cookie, "somebody_1", waiting.cookie + "0"):
        driver.reply(cookie, b"d6:result5:errore")
    for junk in (b"", b" ", b"x", b"x" * 1000):
        driver.core.receive(junk, driver.now)
    strays = driver.core.strays
    assert (strays.duplicate, strays.late, strays.foreign, strays.malformed) == (2, 1, 2, 4)
    assert not waiting.done
    assert answered.reply == {"result": "pong"}


def test_what_is_in_flight_is_bounded_and_the_rest_queues_in_order() -> None:
    driver = Driver(Limits(requests=3, bytes=10_000))
    exchanges = [driver.submit() for _ in range(7)]
    assert (driver.core.in_flight, driver.core.queued) == (3, 4)
    for number in range(7):
        assert [cookie for _, cookie in driver.sent] == [exchange.cookie for exchange in exchanges[: number + 3]]
        driver.reply(exchanges[number].cookie)
    assert (driver.core.in_flight, driver.core.queued) == (0, 0)


def test_bytes_in_flight_are_bounded_and_small_requests_do_not_overtake_large_ones() -> None:
    driver = Driver(Limits(requests=100, bytes=1000, overhead=0))
    first = driver.submit(document=b"x" * 700)
    large = driver.submit(document=b"x" * 700)
    small = driver.submit(document=b"x")
    assert [cookie for _, cookie in driver.sent] == [first.cookie]
    driver.reply(first.cookie)
    assert [cookie for _, cookie in driver.sent] == [first.cookie, large.cookie, small.cookie]


def test_a_request_larger_than_the_bound_goes_alone() -> None:
    driver = Driver(Limits(requests=100, bytes=1000, overhead=0))
    first, huge, last = driver.submit(), driver.submit(document=b"x" * 5000), driver.submit()
    driver.reply(first.cookie)
    assert [cookie for _, cookie in driver.sent] == [first.cookie, huge.cookie]
    driver.reply(huge.cookie)
    assert driver.sent[-1][1] == last.cookie


def test_a_request_that_never_left_the_queue_says_so() -> None:
    driver = Driver(Limits(requests=1))
    driver.submit(timeout=20)
    queued = driver.submit(timeout=2)
    driver.until(3)
    assert isinstance(queued.error, RequestTimeout)
    assert queued.error.attempts == 0
    assert "was not sent" in str(queued.error)


@given(timeouts=st.lists(st.floats(0.01, 5), min_size=1, max_size=12), silent=st.floats(0.01, 5))
def test_nothing_is_sent_first_when_its_time_is_almost_up(timeouts: list[float], silent: float) -> None:
    driver = Driver(Limits(requests=1))
    driver.submit(timeout=silent)
    exchanges = [driver.submit(timeout=timeout) for timeout in timeouts]
    driver.until(12)
    for exchange, timeout in zip(exchanges, timeouts, strict=True):
        assert isinstance(exchange.error, RequestTimeout)
        assert exchange.error.seconds == pytest.approx(timeout)
        if exchange.first_sent is not None:
            assert exchange.deadline - exchange.first_sent >= min(LEAST_TIME, timeout / 2) - 0.001
        assert (exchange.error.attempts == 0) == (exchange.first_sent is None)


def test_a_ping_goes_before_all_that_waits() -> None:
    driver = Driver(Limits(requests=1))
    first = driver.submit(command="offer")
    waiting = [driver.submit(command="offer") for _ in range(5)]
    ping = driver.submit(timeout=10)
    driver.reply(first.cookie)
    assert [cookie for _, cookie in driver.sent] == [first.cookie, ping.cookie]
    driver.reply(ping.cookie)
    assert driver.sent[-1][1] == waiting[0].cookie


COMMANDS = st.tuples(st.sampled_from(["ping", "offer", "delete", "query"]), st.sampled_from("abc"))


@given(st.lists(COMMANDS, max_size=20), st.lists(st.integers(0, 19), max_size=5))
def test_a_delete_goes_before_what_is_about_other_calls(waiting: list[tuple[str, str]], ended: list[int]) -> None:
    driver = Driver(Limits(requests=1))
    flying = driver.submit(command="offer", call_id="z", timeout=20)
    queued = [driver.submit(command=name, call_id=call, timeout=20) for name, call in waiting]
    for number in ended:
        if number < len(queued):
            driver.core.cancel(queued[number], driver.now)
    expected = [exchange for exchange in queued if not exchange.done]
    while not flying.done:
        driver.reply(flying.cookie)
        flying = next((exchange for exchange in expected if exchange.attempts and not exchange.done), flying)
    order = [cookie for _, cookie in driver.sent[1:]]
    at = {exchange: order.index(exchange.cookie) for exchange in expected}
    for earlier, later in itertools.combinations(expected, 2):
        if earlier.call_id == later.call_id and "ping" not in (earlier.command, later.command):
            assert at[earlier] < at[later]
    hurried = [exchange for exchange in expected if exchange.command == "delete"]
    others = [exchange for exchange in expected if exchange.command in ("offer", "query")]
    calls = {call for name, call in waiting if name in ("offer", "query")}
    for delete in hurried:
        if delete.call_id not in calls:
            assert all(at[delete] < at[other] for other in others)


@pytest.mark.parametrize("which", [0, 1])
def test_cancelling_makes_room(which: int) -> None:
    driver = Driver(Limits(requests=1))
    exchanges = [driver.submit() for _ in range(3)]
    driver.core.cancel(exchanges[which], driver.now)
    driver.drain()
    assert exchanges[which].result is Result.CANCELLED
    assert [cookie for _, cookie in driver.sent] == [exchanges[n].cookie for n in ((0, 1) if which == 0 else (0,))]
    driver.core.cancel(exchanges[which], driver.now)
    assert driver.core.finished() == []


POISON = [
    b"d6:result5:error12:error-reason35:Could not decode bencode dictionarye",
    b"d6:result5:error12:error-reason22:Invalid NG data formate",
    b"d6:result5:error12:error-reason25:Invalid data (no payload)e",
    b'd6:result5:error12:error-reason36:Dictionary contains no key "command"e',
]


@pytest.mark.parametrize("poison", POISON)
def test_a_poisoned_cookie_is_never_used_again(poison: bytes) -> None:
    driver = Driver()
    exchange = driver.submit()
    first = exchange.cookie
    driver.reply(first, poison)
    assert not exchange.done
    assert [cookie for _, cookie in driver.sent] == [first, exchange.cookie]
    assert exchange.cookie != first
    driver.reply(first, poison)
    assert driver.core.strays.duplicate == 1
    driver.until(5)
    assert first not in [cookie for _, cookie in driver.sent[1:]]
    driver.reply(exchange.cookie)
    assert exchange.reply == {"result": "pong"}


@pytest.mark.parametrize("poison", POISON)
def test_a_request_that_always_arrives_damaged_ends(poison: bytes) -> None:
    driver = Driver()
    exchange = driver.submit()
    while not exchange.done:
        driver.reply(exchange.cookie, poison)
    assert len(driver.sent) == 5
    assert exchange.reply is not None
    assert exchange.reply["result"] == "error"


def test_an_empty_reply_is_a_damaged_one_first_and_then_a_damaged_request() -> None:
    driver = Driver()
    exchange = driver.submit()
    first = exchange.cookie
    # It may be what is left of a reply, which the daemon has kept.
    driver.reply(first, b"")
    assert [cookie for _, cookie in driver.sent] == [first, first]
    driver.reply(first, b"")
    assert driver.sent[-1][1] == exchange.cookie != first
    driver.reply(exchange.cookie)
    assert exchange.reply == {"result": "pong"}


def test_a_peer_that_has_only_empty_replies_is_left_alone_in_the_end() -> None:
    driver = Driver()
    exchange = driver.submit()
    while not exchange.done:
        driver.reply(exchange.cookie, b"")
    assert len(driver.sent) == 2 * (1 + MAX_RENEWALS)
    assert isinstance(exchange.error, WireError)


def test_an_unreadable_reply_ends_its_own_request_only() -> None:
    driver = Driver()
    hurt, fine = driver.submit(), driver.submit()
    for _ in range(1 + MAX_REPEATS):
        driver.reply(hurt.cookie, b"d1:ai1e-6:e")
    assert isinstance(hurt.error, WireError)
    assert hurt.error.offset == 7
    assert not fine.done
    driver.reply(fine.cookie)
    assert fine.result is Result.REPLY


def test_a_damaged_reply_is_asked_for_again_by_its_cookie() -> None:
    driver = Driver()
    exchange = driver.submit()
    for count in range(1, MAX_REPEATS + 1):
        driver.reply(exchange.cookie, PONG[:-count])
        assert [cookie for _, cookie in driver.sent] == [exchange.cookie] * (1 + count)
    driver.reply(exchange.cookie)
    assert exchange.reply == {"result": "pong"}


def test_a_damaged_reply_is_not_asked_for_when_the_daemon_may_have_forgotten_it() -> None:
    driver = Driver()
    exchange = driver.submit(timeout=29)
    driver.until(25.5)
    before = len(driver.sent)
    driver.reply(exchange.cookie, PONG[:-1])
    assert len(driver.sent) == before
    assert isinstance(exchange.error, WireError)


def test_timers_do_not_grow_with_what_has_ended() -> None:
    driver = Driver()
    waiting = [driver.submit(timeout=20) for _ in range(100)]
    most = 0
    for _ in range(5000):
        driver.reply(driver.submit(timeout=20).cookie)
        most = max(most, driver.core.timers)
    assert most <= 4 * len(waiting)
    driver.until(0.25)
    assert Counter(cookie for _, cookie in driver.sent)[waiting[0].cookie] == 2


def refuse(driver: Driver) -> None:
    driver.core.refused(lambda: TransportError("refused", address="engine:2223"), driver.now)
    driver.drain()


def test_after_a_refusal_there_is_one_more_try_and_then_all_fail() -> None:
    driver = Driver(Limits(requests=2))
    exchanges = [driver.submit() for _ in range(4)]
    for _ in range(3):
        # Several datagrams were refused, but it is one refusal.
        refuse(driver)
    assert not any(exchange.done for exchange in exchanges)
    driver.until(0.2)
    assert [time for time, _ in driver.sent] == [0, 0, 0.2, 0.2]
    refuse(driver)
    errors = [exchange.error for exchange in exchanges]
    assert [type(error) for error in errors] == [TransportError] * 4
    # Each has an error of its own: raising one must not lengthen the traceback of another.
    assert len(set(map(id, errors))) == 4
    assert (driver.core.in_flight, driver.core.queued) == (0, 0)


def test_a_daemon_that_came_back_in_time_is_not_missed() -> None:
    driver = Driver()
    exchange = driver.submit()
    refuse(driver)
    driver.until(0.2)
    driver.reply(exchange.cookie)
    assert exchange.result is Result.REPLY


def test_a_document_does_not_outlive_its_request() -> None:
    driver = Driver()
    exchange = driver.submit(document=b"x" * 1000)
    driver.reply(exchange.cookie)
    assert exchange.document == b""
    assert repr(exchange) == "<Exchange 'ping' reply, sent 1 times>"
