"""Templates: what is left of a body without the values that differ from call to call."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Leg, SdpError, sdp
from rtpe_ng.sdp.template import Plan, template_of
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import bodies, damaged
from tests.support.examples import examples as tries
from tests.support.values import with_other_values
from tools.mutants import Base, bases, mutated

BROWSER, PHONE = examples.offer(Leg.WEB), examples.offer(Leg.SIP, protocol="RTP/SAVP")


def readable(body: str) -> sdp.Session | None:
    try:
        return sdp.parse(body)
    except SdpError:
        return None


@st.composite
def mutants(draw: st.DrawFn) -> str:
    return mutated(draw(st.sampled_from(bases())), random.Random(draw(st.integers(0, 2**32))))[0]


BODIES = bodies() | damaged() | mutants() | st.sampled_from([base.body for base in bases()])


def test_a_template_says_what_kind_of_body_it_is_and_not_which() -> None:
    assert template_of(PHONE) == (
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
        "m=audio 20000 RTP/SAVP 0 8 101\r\n"
        "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
        f"a=ptime:20\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{'k' * 40}\r\na=sendrecv\r\n"
    )


def test_most_bodies_of_real_endpoints_have_one() -> None:
    assert sum(template_of(base.body) is not None for base in bases()) > 0.9 * len(bases())


@given(base=st.sampled_from(bases()), seed=st.integers(0, 2**32))
def test_two_calls_of_one_endpoint_have_the_same_one(base: Base, seed: int) -> None:
    assert template_of(with_other_values(base.body, random.Random(seed))) == template_of(base.body)


@given(body=BODIES)
@tries(200)
def test_a_template_has_the_lines_of_its_body(body: str) -> None:
    template = template_of(body)
    if template is None:
        return
    assert template_of(template) == template
    lines, others = body.split("\n"), template.split("\n")
    assert len(lines) == len(others)
    about = re.compile(r"(?:\w=[\w-]*:?)?")
    for line, made_up in zip(lines, others, strict=True):
        # What a line is about, and how it ends, stays.
        if not line.startswith(("o=", "s=")):
            assert about.findall(line)[0] == about.findall(made_up)[0]
        assert line.endswith("\r") == made_up.endswith("\r")
    session, other = readable(body), readable(template)
    assert (session is None) == (other is None)
    if session is not None and other is not None:
        assert [len(media.lines) for media in session.media] == [len(media.lines) for media in other.media]


@pytest.mark.parametrize(
    "line",
    [
        "a=ssrc:1",
        "a=ssrc:1 fmtp:0 x",
        "a=ssrc:01 cname:x",
        "a=msid:x",
        "m=audio 4000/2 RTP/AVP 0",
        "m=audio  4000 RTP/AVP 0",
    ],
)
def test_a_body_with_another_way_to_write_what_is_compared_has_none(line: str) -> None:
    assert template_of(f"{PHONE}{line}\r\n") is None


def test_equal_values_stay_equal_and_others_stay_apart() -> None:
    second = PHONE[PHONE.index("m=") :]
    same, other = template_of(PHONE + second), template_of(PHONE + second.replace("40000", "40002"))
    assert same != other
    assert [media.port for media in sdp.parse(str(same)).media] == [20000, 20000]
    assert [media.port for media in sdp.parse(str(other)).media] == [20000, 20001]


def test_nothing_secret_is_left() -> None:
    template = str(template_of(BROWSER)) + str(template_of(PHONE))
    for secret in (*re.findall(r"ice-(?:pwd|ufrag):(\S+)", BROWSER), *re.findall(r"inline:(\S+)", PHONE)):
        assert secret not in template


@given(body=BODIES, seed=st.integers(0, 2**32))
@tries(150)
def test_what_a_helper_does_to_the_template_it_does_to_each_body(body: str, seed: int) -> None:
    """The plan that is made of a template is right for each body of this template."""
    template, new = template_of(body), "c" * 24
    if template is None or (before := readable(template)) is None:
        return

    def with_tls_id(session: sdp.Session) -> sdp.Session:
        return sdp.set_tls_id(session, new)

    helpers: list[Callable[[sdp.Session], sdp.Session]] = [sdp.clean_for_sip, sdp.remove_ice, with_tls_id]
    plans = [(helper, Plan.of(before, helper(before), new=f"a=tls-id:{new}")) for helper in helpers]
    for text in (body, with_other_values(body, random.Random(seed))):
        if template_of(text) == template:
            for helper, plan in plans:
                if plan is not None:
                    want = str(helper(sdp.parse(text)))
                    assert plan.apply(text, new=f"a=tls-id:{new}") == want
                    assert plan.is_empty == (want == text)


def test_there_is_no_plan_for_what_changes_lines() -> None:
    session = sdp.parse(BROWSER)
    assert Plan.of(session, sdp.set_port(session, 4000, media=0)) is None
    unended = sdp.parse(BROWSER.removesuffix("\r\n"))
    assert Plan.of(unended, sdp.clean_for_sip(unended)) is None
