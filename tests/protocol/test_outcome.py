"""What came back, held against what the flags asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from descriptions import CAPTURED, HASH, KEY, bodies, damaged
from rtpe_ng import Direction, Flags, Leg, UsageError, profiles, sdp
from rtpe_ng.protocol import check_role, ignored, kept, made_passive, settled
from rtpe_ng.testing import bodies as examples

BROWSER = examples.offer(Leg.WEB)
PHONE = examples.offer(Leg.SIP)
SRTP = examples.offer(Leg.SIP, protocol="RTP/SAVP")


@pytest.mark.parametrize(
    ("flags", "body", "said"),
    [
        (
            {"transport_protocol": "RTP/AVP"},
            BROWSER,
            "audio 0: the daemon ignored transport_protocol='RTP/AVP', known since 10.5: UDP/TLS/RTP/SAVPF came",
        ),
        ({"ice": "remove"}, BROWSER, "ignored ice='remove', known since 10.5: ICE credentials came back"),
        ({"ice": "force"}, PHONE, "ignored ice='force', known since 10.5: no ICE came back"),
        ({"sdes": ["off"]}, SRTP, "ignored sdes=['off'], known since 10.5: an SDES key came back"),
        (
            {"dtls": "off"},
            BROWSER.replace("UDP/TLS/RTP/SAVPF", "RTP/SAVPF"),
            "ignored dtls='off', known since 10.5: a DTLS fingerprint came back",
        ),
        ({"strip_extmap": True}, BROWSER, "ignored strip_extmap=True, known since 10.5: a=extmap came back"),
        ({"rtcp_mux": ["demux"]}, BROWSER, "ignored rtcp_mux=['demux'], known since 10.5: a=rtcp-mux came back"),
        (
            {"rtcp_mux": ["offer", "require"]},
            PHONE,
            "ignored rtcp_mux=['offer', 'require'], known since 10.5: no a=rtcp-mux came back",
        ),
        ({"generate_mid": True}, PHONE, "ignored generate_mid=True, known since 10.5: no a=mid came back"),
        (
            {"no_rtcp_attribute": True},
            BROWSER,
            "ignored no_rtcp_attribute=True, known since 10.5: a=rtcp came back",
        ),
        (
            {"trickle_ice": True},
            sdp.set_trickle(BROWSER, False),
            "ignored trickle_ice=True, known since 10.5: no ice-options:trickle came back",
        ),
        (
            {"codec": {"transcode": ["PCMU", "EVS"]}},
            PHONE,
            "ignored codec={'transcode': ['EVS']}, known since 10.5: no EVS came back; rtpengine --codecs lists",
        ),
        (
            {"codec": {"strip": ["pcmu"]}},
            PHONE,
            "ignored codec={'strip': ['pcmu']}, known since 10.5: pcmu came back",
        ),
        (
            {"extra": {"flags": ["WebRTC"]}},
            PHONE,
            "ignored extra={'flags': ['WebRTC']}, known since 12.5: RTP/AVP came back; spell it out",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_cure(flags: dict[str, Any], body: str, said: str) -> None:
    (found,) = ignored(Flags(**flags), body)
    assert said in str(found)


@pytest.mark.parametrize(
    ("flags", "body"),
    [
        ({}, PHONE),
        ({"transport_protocol": "accept"}, BROWSER),
        ({"codec": {"transcode": ["pcmu"], "strip": ["all"], "mask": ["G722"]}}, PHONE),
        # What was masked may be added again; one of two codecs of a name is not the other.
        ({"codec": {"mask": ["PCMU"], "transcode": ["PCMU"]}}, PHONE),
        ({"codec": {"strip": ["telephone-event/16000"]}}, PHONE),
        ({"extra": {"flags": ["WebRTC"]}}, BROWSER),
        # Rejected sections, and what is no RTP, take no part.
        ({"transport_protocol": "RTP/SAVP"}, sdp.reject_media(PHONE, media=0)),
        ({"transport_protocol": "RTP/SAVP"}, PHONE.replace("RTP/AVP 0 8 101", "udptl t38")),
        ({"ice": "force"}, "what is no SDP tells nothing"),
    ],
)
def test_what_is_there_is_not_complained_of(flags: dict[str, Any], body: str) -> None:
    assert ignored(Flags(**flags), body) == ()


def test_an_answer_follows_the_offerer() -> None:
    """The daemon restores rtcp-mux and ICE from what the offerer had sent: nobody ignored anything."""
    for flags in (
        Flags(rtcp_mux=["demux"]),
        Flags(ice="force"),
        Flags(rtcp_mux=["require"]),
        Flags(generate_mid=True),
    ):
        for body in (BROWSER, PHONE):
            assert ignored(flags, body, answer=True) == ()
    assert ignored(Flags(transport_protocol="RTP/SAVPF"), PHONE, answer=True)
    assert ignored(Flags(ice="remove"), BROWSER, answer=True)


@pytest.mark.parametrize("version", ["10.5", "12.5", "26.0"])
@pytest.mark.parametrize("direction", [Direction.WEB_TO_WEB, Direction.WEB_TO_SIP], ids=str)
def test_what_daemons_make_of_the_modern_flags_is_what_they_ask_for(version: str, direction: Direction) -> None:
    body = CAPTURED[f"rtpengine-{version}-to-{direction.callee}"].decode()
    assert ignored(profiles.MODERN.offer_flags(direction), body) == ()


@given(bodies() | damaged(), st.sampled_from(Direction), st.booleans())
def test_any_body_gives_complaints_without_secrets(body: str, direction: Direction, answer: bool) -> None:
    for profile in (profiles.MODERN, profiles.ARTICLE):
        for flags in (profile.offer_flags(direction), profile.answer_flags(direction)):
            text = "".join(map(str, ignored(flags, body, answer=answer)))
            assert "password" not in text
            assert KEY[7:] not in text


# DTLS.


def test_a_party_keeps_its_association() -> None:
    first, second = (kept(BROWSER.replace("1 IN IP4", f"{n} IN IP4"), call_id="x", tag="a") for n in (1, 2))
    assert sdp.parse(first).media[0].tls_id == sdp.parse(second).media[0].tls_id
    other = kept(BROWSER, call_id="x", tag="b")
    assert sdp.parse(other).media[0].tls_id != sdp.parse(first).media[0].tls_id
    assert sdp.parse(kept(BROWSER, call_id="y", tag="a")).media[0].tls_id != sdp.parse(first).media[0].tls_id


def test_what_needs_no_association_stays_as_it_is() -> None:
    its_own = BROWSER.replace("a=setup", "a=tls-id:itsownitsownitsownitsown\r\na=setup")
    for body in (PHONE, its_own, "what is no SDP"):
        assert kept(body, call_id="x", tag="\udcff") == body


@given(bodies() | damaged())
def test_only_the_tls_id_is_added(body: str) -> None:
    with_it = kept(body, call_id="x", tag="a")
    assert with_it == body or sdp.parse(body).media
    without = [line for line in with_it.split("\n") if not line.startswith("a=tls-id")]
    assert [line.rstrip("\r") for line in without] == [
        line.rstrip("\r") for line in body.split("\n") if not line.startswith("a=tls-id")
    ]


@pytest.mark.parametrize(
    ("flags", "passive"),
    [
        ({}, set()),
        ({"dtls": "passive"}, {"receiver"}),
        ({"dtls_reverse": "passive"}, {"sender"}),
        ({"dtls": "active", "dtls_reverse": "passive"}, {"sender"}),
        ({"dtls": "passive", "dtls_reverse": "passive"}, {"sender", "receiver"}),
    ],
)
def test_toward_whom_the_daemon_is_the_server(flags: dict[str, Any], passive: set[str]) -> None:
    assert made_passive(Flags(**flags), sender="sender", receiver="receiver") == passive


@pytest.mark.parametrize(
    ("answer", "before", "after"),
    [
        ("a=setup:active\r\n", set(), {"callee"}),
        ("m=audio 9 RTP/AVP 0\na=setup:active\n", {"caller"}, {"caller", "callee"}),
        ("a=setup:passive\r\n", {"caller", "callee"}, {"caller"}),
        ("a=setup:actpass\r\n", {"callee"}, {"callee"}),
        ("v=0\r\n\udcff", {"callee"}, {"callee"}),
    ],
)
def test_who_answers_active_makes_the_daemon_the_server(answer: str, before: set[str], after: set[str]) -> None:
    assert settled(frozenset(before), answer, sender="callee") == after


def test_a_passive_role_that_comes_too_late_is_refused() -> None:
    with pytest.raises(UsageError, match=r"an answer to a browser comes too late.*dtls_reverse='passive' in the"):
        check_role("passive", is_passive=False, answer=True)
    with pytest.raises(UsageError, match="a re-offer to or by a browser changes one that is settled"):
        check_role("passive", is_passive=False, answer=False)
    for role, is_passive in (("passive", True), ("active", False), (None, False)):
        check_role(role, is_passive=is_passive, answer=True)
        check_role(role, is_passive=is_passive, answer=False)


def test_keys_of_ones_own_stay() -> None:
    assert HASH in kept(BROWSER + f"a=fingerprint:{HASH}\r\n", call_id="x", tag="a")
