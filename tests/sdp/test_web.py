"""`sdp.web_problems`, rule by rule. Whether Chromium agrees is asked in tests/media/test_web_problems.py."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Leg, SdpError, UsageError, sdp
from rtpe_ng.testing import bodies
from tests.support.descriptions import damaged
from tests.support.web_rules import BASES, RULES, Rule
from tools.mutants import Role, bases

BROWSER = bodies.offer(Leg.WEB)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reason)
def test_a_rule(rule: Rule) -> None:
    base = rule.sound
    assert sdp.web_problems(base.body, role=base.role, answering=base.answering, after=base.after) == ()
    found = sdp.web_problems(rule.body, role=base.role, answering=base.answering, after=base.after)
    problem = next((it for it in found if rule.reason in it.reason), None)
    assert problem is not None, [str(it) for it in found]
    assert problem.effect == "refused"
    assert problem.rule
    if problem.line:
        assert rule.body.split("\n")[problem.line - 1].startswith(problem.text.removesuffix("..."))


def test_without_a_role_only_what_both_refuse_is_said() -> None:
    passive = BROWSER.replace("actpass", "holdconn")
    assert sdp.web_problems(passive) == sdp.web_problems(passive, role="offer") == ()
    assert len(sdp.web_problems(passive, role="answer")) == 1
    for base in bases():
        if base.answering is None and base.after is None:
            both = set(sdp.web_problems(base.body, role="offer")) & set(sdp.web_problems(base.body, role="answer"))
            assert set(sdp.web_problems(base.body)) <= both, base.name


def test_what_is_no_session_for_us_is_judged_too() -> None:
    odd = BROWSER.replace("v=0", "v=1")
    with pytest.raises(SdpError):
        sdp.parse(odd)
    assert sdp.web_problems(odd, role="offer") == ()
    assert sdp.web_problems("")[0].reason == "no v= line"
    assert sdp.web_problems(BROWSER.encode()) == sdp.web_problems(sdp.parse(BROWSER)) == ()


def test_wrong_uses() -> None:
    with pytest.raises(UsageError):
        sdp.web_problems(BROWSER, role="re-offer")  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        sdp.web_problems(BROWSER, after=BROWSER)
    with pytest.raises(UsageError):
        sdp.web_problems(None)  # type: ignore[arg-type]
    with pytest.raises(SdpError):
        sdp.web_problems("a" * 1_000_000)


def test_no_secret_is_shown() -> None:
    for line in ("a=ice-pwd :SECRET", "a=ice-pwd:SECRET", "a =ice-pwd:SECRET", "a= crypto:1 X inline:SECRET"):
        body = BROWSER.replace("a=ice-pwd:madeUpButLongEnough1234x", line)
        found = sdp.web_problems(body, role="offer")
        assert found
        assert "SECRET" not in "".join(map(str, found)) + repr(found)


@given(damaged() | st.text(), st.sampled_from(["offer", "answer"]), st.sampled_from(sorted(BASES)))
def test_nothing_else_is_raised(text: str, role: Role, key: tuple[str, Role]) -> None:
    for found in (
        sdp.web_problems(text, role=role),
        sdp.web_problems(text, role=role, answering=BASES[key].body, after=text),
        sdp.web_problems(text, role=role, answering=text, after=BASES[key].body),
    ):
        assert all(problem.reason and str(problem) for problem in found)


@pytest.mark.parametrize(
    "line",
    [
        "a=ssrc:{} cname:x",
        "a=rtpmap:111 x{}/1",
        "a=extmap:1 u{}",
        "m=audio 9 RTP/AVP {}",
        "a=group:BUNDLE {}",
        "x",
        "",
    ],
)
def test_time_is_linear(line: str) -> None:
    def seconds(count: int) -> float:
        text = BROWSER + "".join(f"{line}\r\n".format(number) for number in range(count))
        began = time.process_time()
        sdp.web_problems(text, role="answer", answering=text, after=text)
        return time.process_time() - began

    few = min(seconds(500) for _ in range(3))
    assert min(seconds(4000) for _ in range(3)) < 30 * few + 0.05
