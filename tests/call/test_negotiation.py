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

    "r" is a rollback, "a-" the answer of whoever is to give it, "tb>c" a transfer from b to c, where a tag that
    is not known is left out.
    """
    for step in steps.split():
        who = step[1:]
        if step == "r":
            state = state.rollback()
        elif step[0] == "t":
            replaced, to = who.split(">")
            state = state.transfer(replaced or None, to or None)
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
        # Several To tags in one call: the last one counts, whether the answers are reliable or not.
        ("oa eb ac", "answered", "a", "c"),
        ("oa ab ac", "answered", "a", "c"),
        ("oa eb ec ed ac", "answered", "a", "c"),
        ("oa eb ac oc a-", "answered", "c", "c"),
        ("oa ab ac oa a-", "answered", "a", "c"),
        # A 183 without a tag.
        ("oa e-", "early", "a", None),
        ("oa e- ab", "answered", "a", "b"),
        ("oa e- a-", "answered", "a", None),
        ("oa e- a- ob a-", "answered", "b", "b"),
        ("oa e- a- oa ab", "answered", "a", "b"),
        # A late offer, in a 183 and in the 200 of another tag.
        ("ob oc a-", "answered", "c", "c"),
        # Another party comes, announced or not.
        ("oa ab tb>c", "new", None, "c"),
        ("oa ab tb>c oc a-", "answered", "c", "c"),
        ("oa ab tb>c oa a-", "answered", "a", "c"),
        ("oa ab tb> oa ec ad", "answered", "a", "d"),
        ("oa ab tb> oa r t>b ob a-", "answered", "b", "b"),
        ("oa ab oc", "offered", "c", "c"),
        ("oa ab oc r", "answered", "a", "b"),
        ("oa ab tb>c oc r", "new", None, "c"),
        ("oa ab tb>c tc>b oa a-", "answered", "a", "b"),
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
        ("oa ab", "r", "there is none"),
        ("oa ab oa a-", "ac", "fork"),
        ("oa ab oa", "ac", "transfer"),
        ("oa ab ob", "ac", "transfer"),
        ("oa eb", "oc", "glare"),
        ("oa", "tb>c", "the tag of a party expected, of .'a'."),
        ("oa eb", "tb>c", "while the offer of 'a' is unanswered"),
        ("oa ab ob", "tb>c", "while the offer of 'b' is unanswered"),
        ("", "ta>c", "before any answer"),
        ("oa ab", "tc>d", "the tag of a party expected, of .'a', 'b'."),
        ("oa ab", "tb>a", "'a' is a party of the call already"),
        ("oa ab", "tb>b", "'b' is a party of the call already"),
        ("oa ab", "ta>", "to= is needed"),
        ("oa ab tb>c", "ac", "before any offer"),
        ("oa ab tb>c", "r", "there is none"),
        ("oa ab", "t>c", "the tag of a party expected, of .'a', 'b'."),
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


STEPS = st.lists(
    st.sampled_from(
        ["oa", "ob", "oc", "aa", "ab", "ac", "a-", "ea", "eb", "ec", "e-", "r", "tb>c", "tb>", "ta>c", "tc>a"]
    ),
    max_size=14,
)


@given(STEPS)
def test_whatever_happens_the_state_makes_sense(steps: list[str]) -> None:
    state = NEW
    for step in steps:
        before = state
        with contextlib.suppress(UsageError):
            state = run(state, step)
        assert state.caller != state.callee
        assert state.caller_ng_tag != state.callee_ng_tag
        assert state.offerer in (None, state.caller, state.callee)
        assert (state.offerer is None) == (state.phase.value == "new")
        assert (state.stable is not None) == (state.phase.value in ("offered", "early"))
        assert state.answerer != state.offerer or state.offerer is None
        # What the daemon was told of a place stays, unless another party has come, and that one is not settled.
        for place in ("caller", "callee"):
            if step != "r" and before.ng_tag(place) not in (None, state.ng_tag(place)):
                assert place not in state.settled


@given(st.lists(st.sampled_from(["eb", "ec", "ed", "e-", "ab", "ac"]), min_size=1, max_size=8))
def test_the_daemon_sees_one_callee_however_many_to_tags_answer_the_first_offer(answers: list[str]) -> None:
    tags = {run(NEW, " ".join(["oa", *answers[: number + 1]])).callee_ng_tag for number in range(len(answers))}
    assert len(tags) == 1
    final = run(NEW, " ".join(["oa", *answers, "ae", "oe", "a-", "oa", "a-"]))
    assert {final.callee_ng_tag} == tags
    assert final.callee == "e"


def test_branches_without_a_to_tag_are_not_one_callee() -> None:
    tags = {
        NEW.offer("a").answer(None, provisional=True, branch=branch).callee_ng_tag
        for branch in ("z9-1", "z9-2", None)
    }
    assert len(tags) == 3


def test_who_comes_has_a_name_of_its_own_toward_the_daemon() -> None:
    names = [run(NEW, steps).callee_ng_tag for steps in ("oa ab", "oa ab tb>", "oa ab tb> oa ac tc>", "oa ab tb>c")]
    assert names == ["b", "b+1", "b+2", "c"]
    assert run(NEW, "oa eb ac tc>b").callee_ng_tag == "b+1"
    assert run(NEW, "oa ab ta>c").caller_ng_tag == "c"


def test_each_phase_and_event_is_in_the_table_once() -> None:
    """`MOVES` and `REFUSALS` are the whole of it; an unanswered offer is what makes an offer a counter-offer."""
    impossible = {(phase, Event.COUNTER_OFFER) for phase in (Phase.NEW, Phase.ANSWERED)}
    assert not MOVES.keys() & REFUSALS.keys()
    assert MOVES.keys() | REFUSALS.keys() == set(itertools.product(Phase, Event)) - impossible
