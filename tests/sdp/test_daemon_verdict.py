"""The daemon's verdict without a daemon: its form, its laws, and the lines that it names.

What it says is held against real daemons in ``tests/interop/test_daemon_verdict.py``.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import EngineError, Leg, SdpError, UsageError, sdp
from rtpe_ng.messages import Offer
from rtpe_ng.sdp.daemon.numbers import address_family, number_at, signed, small, unsigned, words_in, wrapped
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import CAPTURED, bodies, damaged

ENGINES = ("10.5", "12.5", "26.0")
PHONE = examples.offer(Leg.SIP)
engines = st.sampled_from(ENGINES)


def refused(body: str, engine: str) -> list[sdp.SdpProblem]:
    return [it for it in sdp.problems(body, engine=engine) if it.effect == "refused"]


@given(damaged() | st.text() | st.text(alphabet="vosmac=0 19\r\n/IPR\x00+-"), engines)
def test_any_text_has_a_verdict_or_our_error(text: str, engine: str) -> None:
    try:
        found = sdp.problems(text, engine=engine)
    except SdpError:
        return
    lines = text.split("\n")
    for problem in found:
        assert problem.reason
        assert 1 <= problem.line <= len(lines)
        assert problem.rule == f"RTPEngine {engine}"
        assert str(problem).count("\n") == 0
    # Refusals first, so that the daemon's own error is about the first of them.
    effects = [problem.effect for problem in found]
    assert effects == sorted(effects, key=["refused", "misread"].index)


@given(bodies(), engines)
def test_text_bytes_and_session_have_the_same_verdict(text: str, engine: str) -> None:
    found = sdp.problems(text, engine=engine)
    assert sdp.problems(text.encode(), engine=engine) == found
    assert sdp.problems(sdp.parse(text), engine=engine) == found


@given(damaged(), engines)
def test_what_a_daemon_takes_the_library_reads(text: str, engine: str) -> None:
    try:
        is_taken = not refused(text, engine)
    except SdpError:
        return
    if is_taken:
        assert str(sdp.parse(text)) == text


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CAPTURED)
def test_no_daemon_refuses_or_misreads_what_browsers_and_daemons_write(name: str, engine: str) -> None:
    assert sdp.problems(CAPTURED[name], engine=engine) == ()


@pytest.mark.parametrize(
    ("version", "judged"),
    [
        ("9.5", "10.5"),
        ("10.5.3.5", "10.5"),
        ("mr11.5.1", "10.5"),
        ("12.5", "12.5"),
        ("13.2", "12.5"),
        ("26.1", "26.0"),
    ],
)
def test_a_version_in_between_is_judged_as_the_older_one(version: str, judged: str) -> None:
    (problem,) = sdp.problems("v=0", engine=version)
    assert problem.rule == f"RTPEngine {judged}"


@pytest.mark.parametrize("version", ["", "new", "26", 26.0])
def test_what_is_no_version_is_the_caller_s_mistake(version: str) -> None:
    with pytest.raises(UsageError):
        sdp.problems(PHONE, engine=version)


def test_no_secret_shows() -> None:
    key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
    for line in (f"a=crypto:1 odd {key}", f"a=crypto :1 odd inline:{key}", f"A=crypto:1 x {key}", f"k=odd {key}"):
        body = PHONE + f"{line}\r\n"
        shown = "".join(str(sdp.problems(body, engine=engine)) for engine in ENGINES)
        assert key not in shown, line
    assert key not in str(sdp.problems(f"{PHONE}a=crypto:1 odd {key}\r\n"))


@pytest.mark.parametrize(
    "hostile",
    [
        PHONE + "a=" + " " * 200_000 + "\r\n",
        PHONE.replace("RTP/AVP 0", "RTP/AVP" + " " * 200_000 + "0"),
        "v=0\r\nm=audio 0 x\r\n" * 5_000,
        PHONE + "a=rtpmap:0 PCMU/8000\r\n" * 4_000,
        PHONE + "m=audio 0 x\r\n" * 6_000,
        PHONE + "a=sendonly\r\nc=x\r\n" * 4_000,
        PHONE.replace("40000", "9" * 200_000),
        PHONE + "a=rtpmap:" + "9" * 200_000 + " x/" + "8" * 10_000 + "\r\n",
        PHONE + "c=IN IP4 " + "1" * 200_000 + "\r\n",
        PHONE + "a=fingerprint:sha-256 " + "AA:" * 60_000 + "\r\n",
        PHONE.replace("t=0 0", "t=0 0\r\na=recvonly:" + "x" * 200_000) + "m=audio 1 x\r\n" * 2_000,
    ],
    ids=range(11),
)
def test_time_grows_with_the_length_of_a_hostile_body(hostile: str) -> None:
    begin = time.process_time()
    for engine in ENGINES:
        sdp.problems(hostile, engine=engine)
    assert time.process_time() - begin < 6
    with pytest.raises(SdpError):
        sdp.problems(hostile + "a=x\r\n" * 100_000, engine="26.0")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" \t12x", 12),
        ("+5", 5),
        ("-5", -5),
        ("0x10", 0),
        ("- 5", None),
        ("", None),
        ("x", None),
        ("0" * 5000 + "7", 7),
        ("9" * 5000, 2**64),
    ],
)
def test_numbers_are_those_of_c(text: str, number: int | None) -> None:
    assert number_at(text) == number


@given(st.integers(-(2**65), 2**65))
def test_numbers_are_cut_off_or_wrap_as_in_c(number: int) -> None:
    assert -(2**63) <= signed(number) < 2**63
    assert 0 <= wrapped(number) < 2**32
    if abs(number) < 2**63:
        assert signed(number) == number
        assert (unsigned(number) - number) % 2**64 == 0
    assert small(str(number)) == (number if -(2**31) <= number < 2**31 else None)
    assert small(f"{number}x", bare=True) is None


@given(st.text(alphabet="a "), st.integers(1, 4))
def test_words_and_their_rest_are_the_value(value: str, count: int) -> None:
    words = words_in(value, count)
    assert " ".join(words) == (value if len(words) > count else value.removesuffix(" ") if value else "")
    assert all(" " not in word for word in words[:count])


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("192.0.2.1", "IP4"),
        ("2001:db8::1", "IP6"),
        ("[2001:db8::1]", "IP6"),
        ("192.0.2.01", ""),
        ("fe80::1%eth0", ""),
        ("[192.0.2.1]", ""),
        ("host.example", ""),
        ("192.0.2.1/127", ""),
        ("", ""),
        ("1" * 100, ""),
    ],
)
def test_addresses_are_read_strictly(text: str, family: str) -> None:
    assert address_family(text) == family


@pytest.mark.parametrize(("version", "shown"), [(None, "26.0"), ("10.5", "10.5"), ("12.5.1.31", "12.5")])
def test_an_error_reply_gets_the_line_that_this_version_refuses(version: str | None, shown: str) -> None:
    offer = Offer(sdp=PHONE.replace("c=IN IP4", "c=IN IP6"), call_id="x", from_tag="a")
    with pytest.raises(EngineError) as error:
        offer.check({"result": "error", "error-reason": "Failed to parse SDP"}, version)
    assert error.value.hint.startswith("session, line 4: an IP6 address expected")
    assert f"RTPEngine {shown}" in str(error.value)


def test_an_error_for_another_reason_names_no_line() -> None:
    for reason, body in (("Error rewriting SDP", PHONE), ("Unknown thing", "v=1"), ("Failed to parse SDP", PHONE)):
        with pytest.raises(EngineError) as error:
            Offer(sdp=body, call_id="x", from_tag="a").check({"result": "error", "error-reason": reason})
        assert "line" not in error.value.hint.replace("each line", "")
