"""What a diff says, in the words of the field."""

from __future__ import annotations

import pytest

from rtpe_ng import Leg, sdp
from rtpe_ng.testing import bodies
from tests.support.descriptions import HASH, KEY

BROWSER = bodies.offer(Leg.WEB)
PHONE = bodies.offer(Leg.SIP)
ONE_DTMF = sdp.drop_codecs(BROWSER, ["110"])
VIDEO = "m=video 50006 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n"


def said(after: str, before: str = BROWSER) -> str:
    return str(sdp.diff(before, after))


def test_a_browsers_offer_made_fit_for_a_phone() -> None:
    session = sdp.parse(BROWSER).pipe(sdp.remove_ice).pipe(sdp.set_rtcp_mux, "demux")
    assert said(str(session.pipe(sdp.set_profile, "RTP/AVP"))) == (
        "audio: UDP/TLS/RTP/SAVPF -> RTP/AVP, ICE removed, rtcp-mux removed, 2 candidates gone, "
        "DTLS removed, rtcp removed, rtcp-fb removed, rtcp-rsize removed"
    )


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (BROWSER, "nothing changed"),
        (sdp.set_ice_credentials(BROWSER, ufrag="ours", pwd="p" * 22), "audio: ICE credentials changed"),
        (sdp.drop_candidates(BROWSER, transport="tcp"), "audio: 2 candidates -> 1"),
        (sdp.set_candidates(BROWSER, []), "audio: 2 candidates gone"),
        (sdp.set_fingerprint(BROWSER, HASH), "audio: DTLS fingerprint changed"),
        (sdp.set_setup(BROWSER, "passive"), "audio: setup actpass -> passive"),
        (sdp.set_direction(BROWSER, "sendonly"), "audio: direction sendrecv -> sendonly"),
        (
            sdp.reject_media(BROWSER, media=0),
            "session: BUNDLE removed\naudio: rejected, connection 127.0.1.1 port 50004 -> 127.0.1.1 port 0",
        ),
        (sdp.set_rtcp_mux(BROWSER, "require"), "audio: rtcp 9 IN IP4 0.0.0.0 -> 50004, rtcp-mux-only added"),
        (sdp.drop_codecs(BROWSER, ["opus", "G722"]), "audio: opus G722 gone, rtcp-fb removed"),
        (sdp.remove_bundle(BROWSER), "session: BUNDLE removed"),
        (BROWSER.replace("m=audio", "b=AS:64\r\nm=audio", 1), "session: b= added"),
        (BROWSER + VIDEO, "video: section added"),
        (BROWSER.replace("minptime=10", "minptime=20"), "audio: codec parameters changed"),
        (BROWSER.replace("a=mid:0\r\n", ""), "audio: mid removed"),
        (BROWSER.replace("1 IN IP4 127", "2 IN IP4 127", 1), "session: session version 1 -> 2"),
    ],
)
def test_what_is_said(after: str, words: str) -> None:
    assert said(after) == words


def test_codecs_of_one_name_are_told_apart() -> None:
    assert said(sdp.drop_codecs(BROWSER, ["telephone-event/48000"])) == "audio: telephone-event/48000 gone"
    assert said(sdp.drop_codecs(BROWSER, ["telephone-event/48000", "CN"])) == (
        "audio: CN telephone-event/48000 gone"
    )


def test_an_order_of_preference() -> None:
    assert said(sdp.order_codecs(ONE_DTMF, ["PCMU"]), ONE_DTMF) == (
        "audio: codecs opus G722 PCMU PCMA CN telephone-event -> PCMU opus G722 PCMA CN telephone-event"
    )


def test_where_a_thing_is_written_makes_no_difference() -> None:
    line = next(f"{line}\r\n" for line in BROWSER.split("\r\n") if "fingerprint" in line)
    above = BROWSER.replace(line, "").replace("t=0 0\r\n", f"t=0 0\r\n{line}")
    assert said(above) == "nothing changed"


def test_a_diff_is_its_changes() -> None:
    found = sdp.diff(BROWSER, sdp.remove_ice(sdp.set_direction(BROWSER, "inactive")))
    assert [(it.media, it.what, it.before, it.after) for it in found] == [
        ("audio", "ICE", "yes", ""),
        ("audio", "candidates", "2", ""),
        ("audio", "direction", "sendrecv", "inactive"),
    ]
    assert len(found) == 3
    assert repr(found) == f"<Diff {found}>"
    assert repr(next(iter(found))) == "<Change audio: ICE removed>"
    assert not sdp.diff(BROWSER, BROWSER)


def test_sections_of_one_kind_are_told_apart() -> None:
    two = BROWSER + VIDEO + VIDEO
    assert said(sdp.reject_media(two, media=2), two).startswith("video 2: rejected")
    assert said(two) == "video 1: section added\nvideo 2: section added"
    assert said(BROWSER, two) == "video 1: section removed\nvideo 2: section removed"


def test_no_key_is_shown() -> None:
    before = PHONE.replace("RTP/AVP", "RTP/SAVP") + f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}\r\n"
    after = before.replace("k" * 40, "q" * 40)
    assert said(after, before) == "audio: SDES keys changed"
    assert said(PHONE, before) == "audio: RTP/SAVP -> RTP/AVP, SDES removed"
    added = sdp.diff(PHONE, before)
    assert "kkk" not in str(added) + repr(added) + repr(list(added))
