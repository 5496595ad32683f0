"""Offer and answer (RFC 3264): what is in order, what is not, and what is said then."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import UsageError
from rtpe_ng.call import Negotiation
from rtpe_ng.call.negotiation import MOVES, REFUSALS, Event, Phase

NEW = Negotiation(caller="a")


def run(state: Negotiation, steps: str) -> Negotiation:
    """Apply steps such as "oa eb ab": an offer by a, a provisional answer by b, and the final one.

    "r" is a rollback, "a-" the answer of whoever is to give it.
    """
    for step in steps.split():
        who = step[1:]
        if step == "r":
            state = state.rollback()
        else:
            state = (
                state.offer(who)
                if step[0] == "o"
                else state.answer(None if who == "-" else who, provisional=step[0] == "e")
            )
    return state


@pytest.mark.parametrize(
    ("steps", "phase", "offerer", "callee"),
    [
        ("", "new", None, None),
        ("oa", "offered", "a", None),
        ("oa ab", "answered", "a", "b"),
        ("oa ab ab", "answered", "a", "b"),
        ("oa ab a-", "answered", "a", "b"),
        ("oa oa", "offered", "a", None),
        ("oa ab ob", "offered", "b", "b"),
        ("oa ab ob a-", "answered", "b", "b"),
        ("oa ab oa a- ob a-", "answered", "b", "b"),
        ("ob a-", "answered", "b", "b"),
        ("oa r", "new", None, None),
        ("oa oa r", "new", None, None),
        ("oa ab ob r", "answered", "a", "b"),
        ("oa ab ob ob r", "answered", "a", "b"),
        ("oa ab ob r oa a-", "answered", "a", "b"),
        ("oa ab ob r ab", "answered", "a", "b"),
        # 183, 183, 200; and with credentials asked for, or a failure, in between.
        ("oa eb", "early", "a", "b"),
        ("oa eb eb ab", "answered", "a", "b"),
        ("oa eb e-", "early", "a", "b"),
        ("oa eb oa", "offered", "a", "b"),
        ("oa eb r", "new", None, None),
        ("oa eb oa r", "new", None, None),
        ("oa ab ob ea", "early", "b", "b"),
        ("oa ab ob ea r", "answered", "a", "b"),
        ("oa ab eb", "answered", "a", "b"),
    ],
)
def test_what_is_in_order(steps: str, phase: str, offerer: str | None, callee: str | None) -> None:
    state = run(NEW, steps)
    assert (state.phase.value, state.offerer, state.callee) == (phase, offerer, callee)


@pytest.mark.parametrize(
    ("before", "step", "why"),
    [
        ("", "ab", "before any offer"),
        ("", "a-", "before any offer"),
        ("", "r", "there is none"),
        ("oa", "a-", "To tag"),
        ("oa", "aa", "its own offer"),
        ("oa", "ob", "glare"),
        ("oa ab ob", "oa", "glare"),
        ("oa eb", "ob", "glare.*'a', who began the call, may offer again after 2.1 to 4 s"),
        ("", "eb", "before any offer"),
        ("oa", "e-", "To tag"),
        ("oa eb", "ac", "fork"),
        ("oa ab", "r", "there is none"),
        ("oa ab", "oc", "fork"),
        ("oa ab", "ac", "fork"),
        ("oa ab", "aa", "its own offer"),
        ("oa ab ob", "ab", "its own offer"),
        # An empty tag is a To tag that somebody failed to find, not the wish for the default.
        ("oa ab", "a", "tag"),
        ("oa ab", "o", "tag"),
    ],
)
def test_what_is_not_in_order_says_what_to_do(before: str, step: str, why: str) -> None:
    state = run(NEW, before)
    with pytest.raises(UsageError, match=why):
        run(state, step)


def test_a_tag_is_text() -> None:
    with pytest.raises(UsageError, match="tag"):
        NEW.offer(7)  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(["oa", "ob", "oc", "aa", "ab", "ac", "a-", "ea", "eb", "r"]), max_size=12))
def test_whatever_happens_the_state_makes_sense(steps: list[str]) -> None:
    state = NEW
    for step in steps:
        with contextlib.suppress(UsageError):
            state = run(state, step)
        assert state.caller == "a"
        assert state.callee != "a"
        assert state.offerer in (None, "a", state.callee)
        assert (state.offerer is None) == (state.phase.value == "new")
        assert (state.stable is not None) == (state.phase.value in ("offered", "early"))
        assert state.answerer != state.offerer or state.offerer is None


def test_each_phase_and_event_is_in_the_table_once() -> None:
    """`MOVES` and `REFUSALS` are the whole of it; an unanswered offer is what makes an offer a counter-offer."""
    impossible = {(phase, Event.COUNTER_OFFER) for phase in (Phase.NEW, Phase.ANSWERED)}
    assert not MOVES.keys() & REFUSALS.keys()
    assert MOVES.keys() | REFUSALS.keys() == set(itertools.product(Phase, Event)) - impossible
