"""What came back, held against what the flags asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Direction, Flags, Leg, profiles, sdp
from rtpe_ng.call import unmet
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import CAPTURED, KEY, bodies, damaged

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
    (found,) = unmet(Flags(**flags), body)
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
    assert unmet(Flags(**flags), body) == ()


def test_an_answer_follows_the_offerer() -> None:
    """The daemon restores rtcp-mux and ICE from what the offerer had sent: nobody ignored anything."""
    for flags in (
        Flags(rtcp_mux=["demux"]),
        Flags(ice="force"),
        Flags(rtcp_mux=["require"]),
        Flags(generate_mid=True),
    ):
        for body in (BROWSER, PHONE):
            assert unmet(flags, body, answer=True) == ()
    assert unmet(Flags(transport_protocol="RTP/SAVPF"), PHONE, answer=True)
    assert unmet(Flags(ice="remove"), BROWSER, answer=True)


@pytest.mark.parametrize("version", ["10.5", "12.5", "26.0"])
@pytest.mark.parametrize("direction", [Direction.WEB_TO_WEB, Direction.WEB_TO_SIP], ids=str)
def test_what_daemons_make_of_the_modern_flags_is_what_they_ask_for(version: str, direction: Direction) -> None:
    body = CAPTURED[f"rtpengine-{version}-to-{direction.callee}"].decode()
    assert unmet(profiles.MODERN.offer_flags(direction), body) == ()


@given(bodies() | damaged(), st.sampled_from(Direction), st.booleans())
def test_any_body_gives_complaints_without_secrets(body: str, direction: Direction, answer: bool) -> None:
    for profile in (profiles.MODERN, profiles.ARTICLE):
        for flags in (profile.offer_flags(direction), profile.answer_flags(direction)):
            text = "".join(map(str, unmet(flags, body, answer=answer)))
            assert "password" not in text
            assert KEY[7:] not in text
