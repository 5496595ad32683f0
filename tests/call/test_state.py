"""What is remembered of a call comes back as it was, and nothing else is taken for it."""

from __future__ import annotations

import re

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Direction, UsageError
from rtpe_ng.call import CallState, DtlsRoles, Negotiation

TAGS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.sampled_from(
    ["a", "as7f~41", "1.2", "-", "\udcff\udc80", "tag with spaces"]
)
STEPS = st.lists(
    st.sampled_from(
        ["offer", "counter", "early", "answer", "another", "nameless", "rollback", "transfer", "moved"]
    ),
    max_size=8,
)


def reached(caller: str, callee: str, steps: list[str]) -> Negotiation:
    """Return the state after these steps; those that are out of order are left out."""
    state = Negotiation(caller=caller)
    for step in steps:
        try:
            if step == "offer":
                state = state.offer(caller)
            elif step == "counter":
                state = state.offer(callee)
            elif step == "rollback":
                state = state.rollback()
            elif step == "transfer":
                state = state.transfer(state.callee, callee + "2" if state.callee == callee else None)
            elif step == "moved":
                state = state.transfer(state.caller, caller + "2")
            elif step == "nameless":
                state = state.answer(None, provisional=True)
            elif step == "another":
                state = state.answer(callee + "1")
            else:
                other = callee if state.offerer == state.caller else state.caller
                state = state.answer(other, provisional=step == "early")
        except UsageError:
            continue
    return state


@given(
    st.builds(
        lambda call_id, tags, steps, direction, branch, passed, profile, passive, rejected: CallState(
            call_id=call_id,
            pass_id=passed,
            direction=direction,
            profile=profile,
            negotiation=reached(tags[0], tags[1], steps),
            via_branch=branch,
            roles=DtlsRoles(passive=passive, forgotten=passive & rejected),
        ),
        TAGS,
        st.tuples(TAGS, TAGS).filter(lambda it: it[0] != it[1]),
        STEPS,
        st.sampled_from(Direction),
        st.none() | TAGS,
        st.none() | TAGS,
        TAGS,
        st.frozensets(st.sampled_from(["caller", "callee"])),
        st.frozensets(st.sampled_from(["caller", "callee"])),
    )
)
def test_what_is_remembered_comes_back_as_it_was(memory: CallState) -> None:
    text = str(memory)
    assert CallState.parse(text) == memory
    # Safe in a parameter of a SIP URI, in a header, a cookie, a file name.
    assert re.fullmatch(r"[A-Za-z0-9.~-]+", text)


EXAMPLE = CallState(
    call_id="call-1@host",
    direction=Direction.WEB_TO_SIP,
    profile="MODERN",
    negotiation=Negotiation(caller="a").offer("a").answer("b").offer("b"),
    roles=DtlsRoles(passive=frozenset({"caller"})),
)


def test_an_example() -> None:
    assert str(EXAMPLE) == "2.ws.MODERN.call-1~40host...a..b..oe.nb.a..b..ac.eb.c"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "1.ws.MODERN.call-1.a.b..oe.ac.",
        *(
            f"2.{text}"
            for text in (
                "ws.MODERN.call-1...a..b..ac.eb",
                "ws.MODERN.call-1...a..b..ac.eb..",
                "wx.MODERN.call-1...a..b..ac.eb.",
                "w.MODERN.call-1...a..b..ac.eb.",
                "ws.MODERN....a..b..ac.eb.",
                "ws.MODERN.call-1.....b..ac.eb.",
                "ws.MODERN.call-1...a..a..ac.eb.",
                "ws.MODERN.call-1...a....ac.eb.",
                "ws.MODERN.call-1...a..b..oe.eb.",
                "ws.MODERN.call-1...a..b..ac.eb.a..b..ac.eb.",
                "ws.MODERN.call-1...a..b..o.eb.a..b..ac.eb.",
                "ws.MODERN.call-1...a..b..oe.eb.a..b..oc.eb.",
                "ws.MODERN.call-1...a..b..xc.eb.",
                "ws.MODERN.call-1...a..b..ac.xb.",
                "ws.MODERN.call-1...a..b..ac.ex.",
                "ws.MODERN.call-1...a..b..ac.e.",
                "ws.MODERN.call-1...a..b..ac..",
                "ws.MODERN.call-1...a..b..ac.eb.x",
                "ws.MODERN.call-1...a..b..ac.eb.cc",
                "ws.MODERN.call-1...a.a.b..ac.eb.",
                "ws.MODERN.call-1...a..b.b.ac.eb.",
                "ws.MODERN.call~4...a..b..ac.eb.",
                "ws.MODERN.call 1...a..b..ac.eb.",
                "ws.MODERN.call~zz1...a..b..ac.eb.",
                "ws.MODERN.call~2d1...a..b..ac.eb.",
                "ws.MODERN.call-1...a..b..nc.eb.",
                "ws.MODERN." + "x" * 3000 + "...a..b..ac.eb.",
            )
        ),
    ],
)
def test_what_is_no_state_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no state of a call"):
        CallState.parse(text)


@given(st.text() | st.text(alphabet="2ws.~MODERNcallab-0oen", max_size=60))
def test_any_text_gives_a_state_or_our_error(text: str) -> None:
    try:
        memory = CallState.parse(text)
    except UsageError:
        return
    assert CallState.parse(str(memory)) == memory


@given(st.integers(0, 56), st.characters(codec="ascii"))
def test_a_changed_state_is_a_state_or_refused(at: int, letter: str) -> None:
    text = str(EXAMPLE)
    try:
        memory = CallState.parse(text[:at] + letter + text[at + 1 :])
    except UsageError:
        return
    assert attrs.asdict(memory).keys() == attrs.asdict(EXAMPLE).keys()


@pytest.mark.parametrize(
    ("steps", "offerer"),
    [([], "a"), (["offer"], "a"), (["offer", "early"], "a"), (["offer", "answer"], "a"), (["counter"], "b")],
)
@pytest.mark.parametrize("tags", [("a", "b"), ("b", "a")])
def test_within_its_dialogue_what_was_open_is_answered(
    steps: list[str], offerer: str, tags: tuple[str, str]
) -> None:
    taken = attrs.evolve(EXAMPLE, negotiation=reached("a", "b", steps))
    now = taken.established(tags)
    answered = Negotiation(caller="a").offer(offerer).answer("b" if offerer == "a" else "a")
    assert now.negotiation == attrs.evolve(answered, is_tangled=True)
    assert attrs.evolve(now, negotiation=taken.negotiation) == taken


@pytest.mark.parametrize("tags", [("a", ""), ("a", "a"), ("b", "c"), ("a", "c"), 3, ("a", 5), ("a",), "ab"])
def test_another_dialogue_is_refused(tags: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="From and To tag of this call expected"):
        EXAMPLE.established(tags)
