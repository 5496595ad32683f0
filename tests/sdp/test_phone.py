"""What a phone without ICE and DTLS cannot use, and that it is fine once it is mended."""

from __future__ import annotations

import pytest

from rtpe_ng import Leg, sdp
from rtpe_ng.testing import bodies
from tests.support.descriptions import CAPTURED, HASH

PHONE = bodies.offer(Leg.SIP)
TWO = sdp.offer(added_to=PHONE, type="video", codecs=["VP8"], port=40002)


@pytest.mark.parametrize(
    ("body", "line", "reason", "mended"),
    [
        (sdp.set_profile(PHONE, "UDP/TLS/RTP/SAVP", fingerprint=HASH, setup="actpass"), "m=", "DTLS", PHONE),
        (sdp.set_profile(PHONE, "RTP/SAVP"), "m=", "no key", bodies.offer(Leg.SIP, protocol="RTP/SAVP")),
        (sdp.set_profile(PHONE, "RTP/AVPF"), "m=", "feedback", PHONE),
        (sdp.keep_codecs(PHONE, ["telephone-event"]), "m=", "no codec", sdp.keep_codecs(PHONE, ["PCMA"])),
        (PHONE.replace("c=IN IP4 127.0.2.1\r\n", ""), "m=", "no c=", PHONE),
        (sdp.set_rtcp_mux(PHONE, "require"), "a=rtcp-mux-only", "RTCP", sdp.set_rtcp_mux(PHONE, "offer")),
        (TWO.replace("video 40002", "video 40000"), "m=video", "the port of audio 0", TWO),
        (TWO.replace("video 40002", "video 0") + "a=bundle-only\r\n", "m=video", "rejects it", TWO),
        (
            sdp.set_connection(PHONE, "0.0.0.0").replace("audio 40000", "audio 9"),
            "m=",
            "comes by ICE",
            sdp.set_connection(PHONE, "0.0.0.0"),
        ),
    ],
)
def test_a_problem_has_its_line_and_is_gone_when_it_is_mended(
    body: str, line: str, reason: str, mended: str
) -> None:
    (problem,) = sdp.phone_problems(body)
    assert reason in problem.reason
    assert problem.text.startswith(line)
    assert body.splitlines()[problem.line - 1] == problem.text
    assert sdp.phone_problems(mended) == ()


@pytest.mark.parametrize("name", [name for name in CAPTURED if name.endswith("to-sip")])
def test_what_a_daemon_made_for_a_phone_is_fit_for_one(name: str) -> None:
    assert sdp.phone_problems(CAPTURED[name]) == ()


def test_a_rejected_section_is_no_problem_unless_it_is_the_only_one() -> None:
    assert sdp.phone_problems(sdp.reject_media(TWO, media=1)) == ()
    (problem,) = sdp.phone_problems(sdp.reject_media(PHONE, media=0))
    assert problem.reason == "no RTP section is in use"
