"""Where two things happen at once, and where a peer says what no daemon does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import RequestTimeout, RtpeError, TransportError, UsageError
from rtpe_ng.protocol import Exchange, Exchanges, Limits, Result
from rtpe_ng.protocol.exchanges import RETRY_REFUSED
from rtpe_ng.wire import encode_document, join_message

PING = b"d7:command4:pinge"
PONG = b"d6:result4:ponge"
POISON = b"d6:result5:error12:error-reason22:Invalid NG data formate"

SHAPES: st.SearchStrategy[Any] = st.recursive(
    st.integers(-3, 3) | st.text("ok", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("a", max_size=1), inner, max_size=2),
    max_leaves=4,
)


def a_core(limits: Limits | None = None) -> Exchanges:
    return Exchanges(peer="engine:2223", limits=limits)


def submit(core: Exchanges, *, now: float = 0.0, timeout: float = 10.0, document: bytes = PING) -> Exchange:
    return core.submit("ping", document, now=now, timeout=timeout)


def sent(core: Exchanges, now: float) -> list[Exchange]:
    return [exchange for exchange, _ in core.messages_to_send(now)]


def refusal() -> RtpeError:
    return TransportError("refused")


@given(st.dictionaries(st.sampled_from(["result", "error-reason", "sdp"]), SHAPES, max_size=3))
def test_a_reply_of_any_shape_is_a_reply(reply: dict[str, Any]) -> None:
    core = a_core()
    exchange = submit(core)
    sent(core, 0)
    core.receive(join_message(exchange.cookie, encode_document(reply)), 0.1)
    assert exchange.result is Result.REPLY
    assert exchange.reply == reply


@given(st.binary(max_size=60))
def test_whatever_follows_a_cookie_ends_that_request_or_sends_it_again(document: bytes) -> None:
    core = a_core()
    exchange, other = submit(core), submit(core)
    sent(core, 0)
    core.receive(join_message(exchange.cookie, document), 0.1)
    assert sent(core, 0.1) == ([] if exchange.done else [exchange])
    assert not other.done
    assert core.in_flight == (1 if exchange.done else 2)


@pytest.mark.parametrize(
    "event",
    [
        # Its timer is due already when it is to be sent for another reason as well.
        lambda core, exchange: core.receive(join_message(exchange.cookie, POISON), 0.25),
        lambda core, _: core.send_again(0.25),
        lambda core, _: [core.send_again(0.25), core.send_again(0.25)],
        # Refused at 0.05, so that its one retry falls on the time of its resend.
        lambda core, _: core.refused(refusal, 0.05),
    ],
    ids=["poisoned", "another address", "two addresses", "refused"],
)
def test_two_reasons_to_send_are_one_datagram(event: Callable[[Exchanges, Exchange], object]) -> None:
    core = a_core()
    exchange = submit(core)
    sent(core, 0)
    event(core, exchange)
    core.handle_timer(0.25)
    assert sent(core, 0.25) == [exchange]
    core.handle_timer(0.25)
    assert sent(core, 0.25) == []
    assert exchange.attempts == 2


def test_a_send_out_of_turn_takes_no_resend_away() -> None:
    core = a_core()
    exchange = submit(core)
    sent(core, 0)
    for _ in range(3):
        core.receive(join_message(exchange.cookie, POISON), 0.01)
        assert sent(core, 0.01) == [exchange]
    # Four cookies later, what is lost now is sent again as soon as it would have been.
    assert core.next_timer() == 0.25


def test_another_address_gets_all_that_was_sent_and_only_that() -> None:
    core = a_core(Limits(requests=2))
    exchanges = [submit(core) for _ in range(3)]
    assert sent(core, 0) == exchanges[:2]
    core.send_again(0.1)
    assert core.next_timer() == 0.1
    core.handle_timer(0.1)
    assert sent(core, 0.1) == exchanges[:2]


def test_a_refusal_of_what_was_sent_since_fails_nothing_yet() -> None:
    core = a_core()
    first = submit(core)
    sent(core, 0)
    core.refused(refusal, 0.001)
    second = submit(core, now=0.1)
    sent(core, 0.1)
    # This one is new, so that it has a try left: neither fails.
    core.refused(refusal, 0.101)
    assert not first.done
    assert not second.done
    core.handle_timer(0.201)
    assert sent(core, 0.201) == [first]
    core.refused(refusal, 0.202)
    assert (first.result, second.result) == (Result.TRANSPORT, Result.TRANSPORT)


def test_a_refusal_never_moves_a_deadline() -> None:
    core = a_core()
    exchange = submit(core, timeout=0.1)
    sent(core, 0)
    core.refused(refusal, 0.05)
    assert core.next_timer() == 0.1
    core.handle_timer(0.1)
    assert isinstance(exchange.error, RequestTimeout)


def test_a_timeout_lets_the_next_one_go() -> None:
    core = a_core(Limits(requests=1))
    first, second = submit(core, timeout=1), submit(core, timeout=5)
    assert sent(core, 0) == [first]
    core.handle_timer(1)
    assert sent(core, 1) == [second]
    assert core.next_timer() == 1.25


def test_a_reply_that_is_read_after_the_deadline_but_before_the_timer_counts() -> None:
    core = a_core()
    exchange = submit(core, timeout=1)
    sent(core, 0)
    core.receive(join_message(exchange.cookie, PONG), 1.5)
    core.handle_timer(1.5)
    assert exchange.result is Result.REPLY
    assert exchange.seconds == 1.5
    assert core.finished() == [exchange]


def test_a_reply_after_the_timeout_is_late_once_and_then_a_duplicate() -> None:
    core = a_core()
    exchange = submit(core, timeout=1)
    sent(core, 0)
    core.handle_timer(1)
    for _ in range(3):
        core.receive(join_message(exchange.cookie, PONG), 2)
    assert (core.strays.late, core.strays.duplicate) == (1, 2)
    assert exchange.result is Result.TIMEOUT


def test_closing_ends_everything_once_and_each_with_its_own_error() -> None:
    core = a_core(Limits(requests=1))
    exchanges = [submit(core) for _ in range(3)]
    sent(core, 0)
    core.fail_all(Result.CLOSED, lambda: UsageError("closed"), 0.5)
    core.fail_all(Result.CLOSED, lambda: UsageError("again"), 0.6)
    assert core.finished() == exchanges
    assert core.finished() == []
    assert {str(exchange.error) for exchange in exchanges} == {"closed"}
    assert len({id(exchange.error) for exchange in exchanges}) == 3
    core.cancel(exchanges[0], 0.7)
    assert exchanges[0].result is Result.CLOSED
    assert exchanges[0].seconds == 0.5
    assert sent(core, 0.7) == []
    assert core.next_timer() is None


def test_what_was_sent_and_received_is_counted() -> None:
    core = a_core()
    exchange = submit(core)
    length = len(exchange.cookie) + 1 + len(PING)
    sent(core, 0)
    assert (exchange.attempts, exchange.sent_bytes, exchange.seconds) == (1, length, 0.0)
    core.handle_timer(0.25)
    sent(core, 0.25)
    reply = join_message(exchange.cookie, PONG)
    core.receive(reply, 0.3)
    assert (exchange.attempts, exchange.sent_bytes, exchange.received_bytes) == (2, 2 * length, len(reply))


@given(st.lists(st.integers(0, 1200), min_size=1, max_size=30), st.data())
def test_room_is_given_back_however_a_request_ends(sizes: list[int], data: st.DataObject) -> None:
    core = a_core(Limits(requests=5, bytes=2000, overhead=100))
    waiting = [submit(core, document=b"x" * size) for size in sizes]
    order = list(waiting)
    first_sent: list[Exchange] = []
    while waiting:
        first_sent += sent(core, 0)
        flying = [exchange for exchange in waiting if exchange.attempts]
        assert 1 <= len(flying) == core.in_flight <= 5
        cost = sum(len(exchange.document) + 100 for exchange in flying)
        assert cost <= 2000 or len(flying) == 1
        # Whoever is next in the queue is there only because it does not fit.
        if queued := [exchange for exchange in waiting if not exchange.attempts]:
            assert len(flying) == 5 or cost + len(queued[0].document) + 100 > 2000
        gone = flying[data.draw(st.integers(0, len(flying) - 1))]
        waiting.remove(gone)
        how = data.draw(st.sampled_from(["reply", "cancel", "fail", "unreadable"]))
        if how == "cancel":
            core.cancel(gone, 0)
        elif how == "fail":
            core.fail(gone, Result.TRANSPORT, refusal(), 0)
        else:
            while not gone.done:
                core.receive(join_message(gone.cookie, PONG if how == "reply" else b"x"), 0)
        assert gone.done
    assert first_sent == order
    assert (core.in_flight, core.queued) == (0, 0)


def test_who_was_refused_waits_for_the_next_try_unless_the_address_is_a_new_one() -> None:
    core = a_core()
    exchange = submit(core)
    sent(core, 0)
    core.refused(refusal, 0.01)
    core.send_again(0.02)
    assert core.next_timer() == 0.01 + RETRY_REFUSED
    core.send_again(0.03, also_refused=True)
    core.handle_timer(0.03)
    assert sent(core, 0.03) == [exchange]


def test_nobody_fails_while_there_is_hope_for_another_address() -> None:
    core = a_core()
    exchange = submit(core)
    for number in range(5):
        now = number * 0.25
        core.handle_timer(now)
        assert sent(core, now) == [exchange]
        core.refused(refusal, now + 0.01, hopeful=True)
    core.handle_timer(1.3)
    sent(core, 1.3)
    core.refused(refusal, 1.31)
    assert exchange.result is Result.TRANSPORT


def test_a_peer_is_silent_when_a_request_ends_without_a_reply() -> None:
    core = a_core()
    assert core.unanswered < 0
    first = submit(core, now=1, timeout=1)
    sent(core, 1.125)
    core.handle_timer(2)
    assert (first.result, core.unanswered) == (Result.TIMEOUT, 1.125)
    # A caller that lost interest at once tells nothing; one that saw a resend does.
    hasty, patient, queued = submit(core, now=3), submit(core, now=3), submit(core, now=3, timeout=0.5)
    sent(core, 3)
    core.cancel(hasty, 3.1)
    assert core.unanswered == 1.125
    core.handle_timer(3.25)
    sent(core, 3.25)
    core.cancel(patient, 3.3)
    assert core.unanswered == 3
    assert not queued.done


def test_what_could_not_be_sent_says_why() -> None:
    core = a_core()
    exchange = submit(core, timeout=1)
    core.obstacle = "the look-up has not ended"
    core.handle_timer(1)
    assert isinstance(exchange.error, RequestTimeout)
    assert exchange.error.attempts == 0
    assert str(exchange.error) == "'ping' was not sent within 1 s: the look-up has not ended"
