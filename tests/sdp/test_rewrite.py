"""What each rewriting helper makes of bodies that gateways meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from rtpe_ng import Leg, SdpError, UsageError, sdp
from rtpe_ng.testing import bodies
from tests.support.descriptions import HASH, KEY

BROWSER = bodies.offer(Leg.WEB)
PHONE = bodies.offer(Leg.SIP)
SRTP_PHONE = bodies.offer(Leg.SIP, protocol="RTP/SAVP")
OTHER_HASH = HASH.replace("1F", "FF")
TOP = "v=0\r\no=- 1 2 IN IP4 198.51.100.7\r\ns=-\r\n"
TWO = (
    TOP
    + "t=0 0\r\na=group:BUNDLE a v\r\na=group:LS a v\r\na=ice-ufrag:sess\r\na=ice-pwd:sessionpasswordsession\r\n"
    f"a=ice-options:trickle\r\na=fingerprint:{HASH}\r\na=setup:actpass\r\n"
    "m=audio 4000 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 198.51.100.7\r\na=mid:a\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=rtcp-mux\r\na=rtcp:4000\r\n"
    "m=video 4002 UDP/TLS/RTP/SAVPF 96 97 98\r\nc=IN IP4 198.51.100.7\r\na=mid:v\r\na=rtpmap:96 VP8/90000\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 H264/90000\r\na=rtcp-fb:96 nack pli\r\n"
    "a=rtcp-fb:* ccm fir\r\na=rtcp-mux\r\na=sendonly\r\n"
)


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that are gone and those that are new."""
    old, new = before.split("\r\n"), after.split("\r\n")
    return [it for it in old if it not in new], [it for it in new if it not in old]


def lines(body: str, media: int) -> list[str]:
    return [line.rstrip("\r\n") for line in sdp.parse(body).media[media].lines]


# ICE.


def test_remove_ice() -> None:
    gone, new = changed(BROWSER, sdp.remove_ice(BROWSER))
    assert [line.partition(":")[0] for line in gone] == [
        "a=candidate",
        "a=candidate",
        "a=ice-ufrag",
        "a=ice-pwd",
        "a=ice-options",
    ]
    assert new == []
    assert sdp.remove_ice(PHONE) == PHONE


def test_remove_ice_from_one_section_moves_what_the_session_says_to_the_other() -> None:
    body = sdp.remove_ice(TWO, media=1)
    assert "a=ice-ufrag:sess" in lines(body, 0)
    assert not [line for line in lines(body, 1) if "ice" in line]
    assert not [line for line in sdp.parse(body).lines if "ice" in line]


def test_credentials_go_where_the_old_ones_stood() -> None:
    body = sdp.set_ice_credentials(BROWSER, ufrag="ours", pwd="ourpasswordourpassword")
    gone, new = changed(BROWSER, body)
    assert new == ["a=ice-ufrag:ours", "a=ice-pwd:ourpasswordourpassword"]
    assert gone == ["a=ice-ufrag:Wk7e", "a=ice-pwd:madeUpButLongEnough1234x"]
    assert body.index("a=ice-ufrag") == BROWSER.index("a=ice-ufrag")
    assert [it.ice_ufrag for it in sdp.parse(sdp.set_ice_credentials(TWO, ufrag="ours", pwd="p" * 22)).media] == [
        "ours",
        "ours",
    ]


@pytest.mark.parametrize(
    ("ufrag", "pwd"), [("abc", "p" * 22), ("abcd", "p" * 21), ("ab:d", "p" * 22), ("abcd", "é" * 22)]
)
def test_credentials_that_no_agent_takes(ufrag: str, pwd: str) -> None:
    with pytest.raises(UsageError, match="letters, digits") as caught:
        sdp.set_ice_credentials(BROWSER, ufrag=ufrag, pwd=pwd)
    assert pwd not in str(caught.value)


def test_candidates_are_set_and_dropped() -> None:
    ours = "1 1 udp 2130706431 203.0.113.9 5000 typ host"
    body = sdp.set_candidates(BROWSER, [ours])
    assert [str(it) for it in sdp.parse(body).media[0].candidates] == [ours]
    (first, second) = sdp.parse(BROWSER).media[0].candidates
    assert sdp.parse(sdp.set_candidates(BROWSER, [second, first])).media[0].candidates == (second, first)
    assert sdp.set_candidates(PHONE, [ours]) == PHONE, "a section without ICE gets none"
    with pytest.raises(SdpError, match="foundation"):
        sdp.set_candidates(BROWSER, ["host"])


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"transport": "tcp"}, ["udp"]),
        ({"transport": ["udp", "tcp"]}, []),
        ({"type": "host"}, []),
        ({"type": "relay"}, ["udp", "tcp"]),
        ({"component": 2}, ["udp", "tcp"]),
        ({"address": "loopback", "transport": "udp"}, ["tcp"]),
        ({"address": "public"}, ["udp", "tcp"]),
        ({"address": ["public", "ipv4"]}, []),
    ],
)
def test_candidates_are_dropped_by_what_they_are(options: dict[str, object], left: list[str]) -> None:
    drop: Callable[..., str] = sdp.drop_candidates
    assert [it.transport for it in sdp.parse(drop(BROWSER, **options)).media[0].candidates] == left


def test_what_candidates_cannot_be_dropped_by() -> None:
    with pytest.raises(UsageError, match="say which"):
        sdp.drop_candidates(BROWSER)
    with pytest.raises(UsageError, match="'local'; there are private, public"):
        sdp.drop_candidates(BROWSER, address="local")


def test_lite_trickle_and_the_end() -> None:
    assert changed(BROWSER, sdp.set_ice_lite(BROWSER)) == ([], ["a=ice-lite"])
    assert changed(BROWSER, sdp.set_end_of_candidates(BROWSER)) == ([], ["a=end-of-candidates"])
    assert changed(BROWSER, sdp.set_trickle(BROWSER, False)) == (["a=ice-options:trickle"], [])
    assert sdp.set_trickle(sdp.set_trickle(BROWSER, False)).endswith("a=ice-options:trickle\r\n")
    kept = sdp.set_trickle(BROWSER.replace("ice-options:trickle", "ice-options:ice2 trickle"), False)
    assert "a=ice-options:ice2\r\n" in kept
    assert sdp.set_trickle(PHONE) == sdp.set_end_of_candidates(PHONE) == PHONE


# rtcp-mux.


@pytest.mark.parametrize(
    ("mode", "gone", "new"),
    [
        ("offer", [], ["a=rtcp-mux"]),
        ("require", ["a=rtcp:4001"], ["a=rtcp:4000", "a=rtcp-mux", "a=rtcp-mux-only"]),
        ("accept", ["a=rtcp:4001"], ["a=rtcp:4000", "a=rtcp-mux"]),
        ("demux", [], []),
        ("reject", [], []),
    ],
)
def test_rtcp_mux_without_it(mode: str, gone: list[str], new: list[str]) -> None:
    body = TOP + "t=0 0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 198.51.100.7\r\na=rtcp:4001\r\n"
    assert changed(body, sdp.set_rtcp_mux(body, mode)) == (gone, new)


@pytest.mark.parametrize(
    ("mode", "gone", "new"),
    [
        ("offer", [], []),
        ("require", [], ["a=rtcp-mux-only"]),
        ("accept", [], []),
        ("demux", ["a=rtcp:4000", "a=rtcp-mux"], []),
        ("reject", ["a=rtcp:4000", "a=rtcp-mux"], []),
    ],
)
def test_rtcp_mux_with_it(mode: str, gone: list[str], new: list[str]) -> None:
    body = TOP + "t=0 0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 198.51.100.7\r\na=rtcp:4000\r\na=rtcp-mux\r\n"
    assert changed(body, sdp.set_rtcp_mux(body, mode)) == (gone, new)


def test_demux_keeps_an_rtcp_port_of_its_own() -> None:
    body = TOP + "t=0 0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 198.51.100.7\r\na=rtcp:4711\r\na=rtcp-mux\r\n"
    assert changed(body, sdp.set_rtcp_mux(body, "demux")) == (["a=rtcp-mux"], [])


def test_an_unknown_mode_of_rtcp_mux() -> None:
    with pytest.raises(UsageError, match="'off'; there are offer, require, demux, accept, reject"):
        sdp.set_rtcp_mux(BROWSER, "off")


# Profile.


def test_from_a_browser_to_plain_rtp() -> None:
    gone, new = changed(BROWSER, sdp.set_profile(BROWSER, "RTP/AVP"))
    assert new == ["m=audio 50004 RTP/AVP 111 9 0 8 13 110 126"]
    assert [line.partition(":")[0] for line in gone] == [
        "m=audio 50004 UDP/TLS/RTP/SAVPF 111 9 0 8 13 110 126",
        "a=fingerprint",
        "a=setup",
        "a=rtcp-rsize",
        "a=rtcp-fb",
    ]
    kept = sdp.set_profile(BROWSER, "RTP/AVP", keep_feedback=True)
    assert "a=rtcp-fb:111 transport-cc" in kept
    assert "a=rtcp-fb:111 transport-cc" in sdp.set_profile(BROWSER, "RTP/AVPF")


def test_from_a_phone_to_dtls() -> None:
    body = sdp.set_profile(SRTP_PHONE, "UDP/TLS/RTP/SAVPF", fingerprint=HASH, setup="actpass")
    gone, new = changed(SRTP_PHONE, body)
    assert new == ["m=audio 40000 UDP/TLS/RTP/SAVPF 0 8 101", f"a=fingerprint:{HASH}", "a=setup:actpass"]
    assert [line[:9] for line in gone] == ["m=audio 4", "a=crypto:"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "audio 0: it has no fingerprint, which DTLS needs: say fingerprint="),
        ({"fingerprint": HASH}, "audio 0: it has no DTLS role, which DTLS needs: say setup="),
        ({"fingerprint": HASH, "setup": "client"}, "no DTLS role: 'client'; there are actpass, active"),
    ],
)
def test_dtls_needs_a_fingerprint_and_a_role(options: dict[str, str], text: str) -> None:
    with pytest.raises(UsageError, match=text):
        sdp.set_profile(PHONE, "UDP/TLS/RTP/SAVP", **options)  # type: ignore[arg-type]


def test_one_that_has_both_keeps_them() -> None:
    assert sdp.set_profile(BROWSER, "UDP/TLS/RTP/SAVPF", fingerprint=OTHER_HASH, setup="active") == BROWSER
    assert sdp.set_profile(BROWSER, "UDP/TLS/RTP/SAVPF") == BROWSER


def test_what_is_no_rtp_keeps_its_protocol_and_its_dtls() -> None:
    data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n"
    body = sdp.set_profile(TWO + data, "RTP/AVP")
    assert lines(body, 2) == [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=sctp-port:5000",
        f"a=fingerprint:{HASH}",
        "a=setup:actpass",
    ]
    assert not sdp.parse(body).media[0].fingerprints
    assert "a=fingerprint" not in sdp.set_profile(TWO, "RTP/AVP")


@pytest.mark.parametrize("profile", ["RTP/AVP", "UDP/TLS/RTP/SAVPF"])
def test_keys_that_the_session_has_for_all_go_too(profile: str) -> None:
    body = TWO.replace("t=0 0\r\n", "t=0 0\r\na=key-mgmt:mikey AQAFgM0X\r\n")
    assert "key-mgmt" not in sdp.set_profile(body, profile)
    assert "key-mgmt" in sdp.set_profile(body, "RTP/SAVPF")
    one = sdp.parse(sdp.set_profile(body, profile, media=0))
    assert [it.has("key-mgmt") for it in one.media] == [False, True]


def test_an_unknown_profile() -> None:
    with pytest.raises(UsageError, match="no RTP profile: 'RTP/SAVPX'"):
        sdp.set_profile(PHONE, "RTP/SAVPX")


# DTLS and SDES.


def test_ones_own_certificate() -> None:
    gone, new = changed(BROWSER, sdp.set_fingerprint(BROWSER, HASH, setup="passive"))
    assert new == [f"a=fingerprint:{HASH}", "a=setup:passive"]
    assert gone[1:] == ["a=setup:actpass"]
    body = sdp.set_fingerprint(TWO, OTHER_HASH)
    assert [str(it.fingerprints[0]) for it in sdp.parse(body).media] == [OTHER_HASH] * 2
    assert body.count("a=fingerprint") == 2
    assert sdp.set_fingerprint(PHONE, HASH) == PHONE
    with pytest.raises(SdpError, match="32 hexadecimal bytes"):
        sdp.set_fingerprint(BROWSER, "sha-256 AB")


def test_the_identity_of_an_association() -> None:
    name = "callaaaaaaaaaaaaaaaaa"
    assert changed(BROWSER, sdp.set_tls_id(BROWSER, name)) == ([], [f"a=tls-id:{name}"])
    for wrong in ("short", "a" * 256, "a" * 20 + "é", "a b" * 10):
        with pytest.raises(UsageError, match="20 to 255"):
            sdp.set_tls_id(BROWSER, wrong)


def test_sdes_keys() -> None:
    key = f"1 AES_CM_128_HMAC_SHA1_32 {KEY}"
    body = sdp.set_crypto(SRTP_PHONE, [key])
    assert changed(SRTP_PHONE, body)[1] == [f"a=crypto:{key}"]
    assert body.count("a=crypto") == 1
    assert sdp.set_crypto(PHONE, [key]) == PHONE, "RTP/AVP has no keys"
    assert "crypto" not in sdp.remove_sdes(SRTP_PHONE)
    with pytest.raises(SdpError) as caught:
        sdp.set_crypto(SRTP_PHONE, ["1 inline:topsecret"])
    assert "topsecret" not in str(caught.value)


def test_dtls_is_removed_from_one_section() -> None:
    body = sdp.remove_dtls(TWO, media=0)
    assert f"a=fingerprint:{HASH}" in lines(body, 1)
    assert not sdp.parse(body).media[0].fingerprints


# BUNDLE and mid.


def test_mids_are_given_where_there_are_none() -> None:
    body = TOP + "t=0 0\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\na=mid:0\r\nm=video 9 RTP/AVP 96\r\n"
    assert [it.mid for it in sdp.parse(sdp.set_mids(body)).media] == ["1", "0", "2"]


def test_sections_are_bundled_and_unbundled() -> None:
    assert "a=group:BUNDLE v\r\na=group:LS a v" in sdp.set_bundle(TWO, ["v"])
    assert changed(TWO, sdp.remove_bundle(TWO)) == (["a=group:BUNDLE a v"], [])
    assert sdp.set_bundle(sdp.remove_bundle(TWO)).count("a=group:BUNDLE a v") == 1
    with pytest.raises(UsageError, match="no section has the mid 'x'; there are a, v"):
        sdp.set_bundle(TWO, ["x"])
    with pytest.raises(UsageError, match="section 0 of those to bundle has no mid; set_mids"):
        sdp.set_bundle(PHONE)


# Direction.


@pytest.mark.parametrize(
    ("before", "held"),
    [("sendrecv", "sendonly"), ("recvonly", "inactive"), ("sendonly", "sendonly"), ("inactive", "inactive")],
)
def test_hold_stops_listening_and_resume_starts_again(before: str, held: str) -> None:
    body = PHONE.replace("a=sendrecv", f"a={before}")
    assert sdp.parse(sdp.hold(body)).media[0].direction == held
    assert sdp.hold(body) == PHONE.replace("a=sendrecv", f"a={held}")
    back = {"sendonly": "sendrecv", "inactive": "recvonly"}[held]
    assert sdp.resume(sdp.hold(body)) == PHONE.replace("a=sendrecv", f"a={back}")


def test_one_section_on_hold_where_the_session_speaks_for_all() -> None:
    body = TOP + "t=0 0\r\na=sendrecv\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\n"
    held = sdp.parse(sdp.hold(body, media=1))
    assert [it.direction for it in held.media] == ["sendrecv", "sendonly"]
    with pytest.raises(UsageError, match="no direction: 'both'"):
        sdp.set_direction(body, "both")


# Address.


def test_the_address_of_the_session_and_of_sections() -> None:
    assert changed(PHONE, sdp.set_connection(PHONE, "203.0.113.9")) == (
        ["c=IN IP4 127.0.2.1"],
        ["c=IN IP4 203.0.113.9"],
    )
    alone = TOP + "t=0 0\r\nm=audio 9 RTP/AVP 0\r\ni=x\r\nb=AS:64\r\na=ptime:20\r\n"
    assert "i=x\r\nc=IN IP6 2001:db8::1\r\nb=AS:64" in sdp.set_connection(alone, "2001:db8::1")
    assert sdp.set_connection(TWO, "203.0.113.9", media=0).count("203.0.113.9") == 1
    with pytest.raises(UsageError, match=r"no IP address: 'pbx\.example'"):
        sdp.set_connection(PHONE, "pbx.example")


def test_a_port_and_the_rtcp_port_beside_it() -> None:
    body = TOP + "t=0 0\r\nm=audio 4000/2 RTP/AVP 0\r\na=rtcp:4001 IN IP4 192.0.2.1\r\n"
    assert changed(body, sdp.set_port(body, 6000, media=0)) == (
        ["m=audio 4000/2 RTP/AVP 0", "a=rtcp:4001 IN IP4 192.0.2.1"],
        ["m=audio 6000/2 RTP/AVP 0", "a=rtcp:6001 IN IP4 192.0.2.1"],
    )
    apart = body.replace("4001", "4711")
    assert changed(apart, sdp.set_port(apart, 6000, media=0))[1] == ["m=audio 6000/2 RTP/AVP 0"]
    for port in (0, 65536, -1):
        with pytest.raises(UsageError, match="1 to 65535"):
            sdp.set_port(body, port, media=0)


def test_a_rejected_section_keeps_its_place_and_leaves_its_bundle() -> None:
    body = sdp.reject_media(TWO, media=0)
    assert changed(TWO, body) == (
        ["a=group:BUNDLE a v", "m=audio 4000 UDP/TLS/RTP/SAVPF 111 0"],
        ["a=group:BUNDLE v", "m=audio 0 UDP/TLS/RTP/SAVPF 111 0"],
    )
    assert "BUNDLE" not in sdp.reject_media(body, media=1)


# Codecs.


def test_codecs_are_kept_with_what_belongs_to_them() -> None:
    gone, new = changed(BROWSER, sdp.keep_codecs(BROWSER, ["pcmu", "telephone-event/8000"]))
    assert new == ["m=audio 50004 UDP/TLS/RTP/SAVPF 0 126"]
    assert [line for line in gone if not line.startswith("a=rtpmap")] == [
        "m=audio 50004 UDP/TLS/RTP/SAVPF 111 9 0 8 13 110 126",
        "a=rtcp-fb:111 transport-cc",
        "a=fmtp:111 minptime=10;useinbandfec=1",
    ]


def test_static_payload_types_need_no_rtpmap_to_be_found() -> None:
    body = TOP + "t=0 0\r\nm=audio 9 RTP/AVP 8 0 18\r\n"
    assert "RTP/AVP 8 18\r\n" in sdp.drop_codecs(body, ["PCMU"])
    assert "RTP/AVP 18\r\n" in sdp.keep_codecs(body, ["G729/8000"])
    assert "RTP/AVP 0 8 18\r\n" in sdp.order_codecs(body, ["PCMU"])


def test_retransmission_goes_with_what_it_repairs() -> None:
    body = sdp.drop_codecs(TWO, ["VP8"], media=1)
    assert lines(body, 1)[0] == "m=video 4002 UDP/TLS/RTP/SAVPF 98"
    assert "apt=96" not in body
    assert "a=rtcp-fb:96" not in body
    assert "a=rtcp-fb:* ccm fir" in body


def test_a_section_must_keep_a_codec() -> None:
    with pytest.raises(UsageError, match=r"video 1: no codec would be left; .*reject_media"):
        sdp.keep_codecs(TWO, ["opus"])
    assert sdp.keep_codecs(TWO, ["opus"], media=0).count("rtpmap:111") == 1
    assert sdp.keep_codecs(PHONE, "0") == sdp.keep_codecs(PHONE, ["PCMU"])


# Version.


def test_the_version_of_a_re_offer() -> None:
    assert changed(PHONE, sdp.set_session_version(PHONE, 2)) == (
        ["o=phone 2890844526 1 IN IP4 127.0.2.1"],
        ["o=phone 2890844526 2 IN IP4 127.0.2.1"],
    )
    for version in (-1, 2**63, "2"):
        with pytest.raises(UsageError, match="no version"):
            sdp.set_session_version(PHONE, version)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no o= line"):
        sdp.set_session_version("v=0\r\ns=-\r\n", 2)


# Values that would do harm.


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_value_cannot_bring_a_line_of_its_own(end: str) -> None:
    host = sdp.Candidate.parse("1 1 udp 1 198.51.100.7 4000 typ host")
    evil = attrs.evolve(host, address=f"198.51.100.7{end}a=evil")
    key = sdp.Crypto(tag=1, suite="X", key_params=f"inline:topsecret{end}m=video 9 x 1")
    hashed = sdp.Fingerprint(hash_function="sha-1", value=f"AB{end}a=evil")
    calls: list[Callable[[], str]] = [
        lambda: sdp.set_candidates(BROWSER, [evil]),
        lambda: sdp.set_crypto(SRTP_PHONE, [key]),
        lambda: sdp.set_fingerprint(BROWSER, hashed),
        lambda: sdp.set_profile(PHONE, "UDP/TLS/RTP/SAVP", fingerprint=hashed, setup="actpass"),
    ]
    for call in calls:
        with pytest.raises(UsageError, match="a line break within a value") as caught:
            call()
        assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize("line", ["a=x:1\r", "a=sendrecv\r\r\n", "i=a\rb\r\n"])
def test_a_carriage_return_that_the_body_has_is_no_new_line(line: str) -> None:
    body = f"v=0\r\nm=audio 9 RTP/AVP 0\r\nc=IN IP4 198.51.100.7\r\n{line}"
    assert sdp.set_connection(body, "203.0.113.9") == body.replace("198.51.100.7", "203.0.113.9")
    media = "v=0\r\nm=audio 9 RTP/AVP 0\ra\r\n"
    assert sdp.set_profile(media, "RTP/SAVP") == media.replace("AVP", "SAVP")


def test_a_foundation_cannot_hide_the_name_of_the_attribute() -> None:
    with pytest.raises(SdpError, match="a foundation of letters"):
        sdp.Candidate.parse("a=candidate:candidate:1 1 udp 1 198.51.100.7 4000 typ host")


@pytest.mark.parametrize(
    "options", [{"port": 65536}, {"port": -1}, {"port": "4000"}, {"component": 2**31}, {"priority": 2**32}]
)
def test_a_value_is_checked_when_it_is_built(options: dict[str, Any]) -> None:
    host = sdp.Candidate.parse("1 1 udp 1 198.51.100.7 4000 typ host")
    with pytest.raises(SdpError, match="an integer of 0 to"):
        attrs.evolve(host, **options)


def test_one_value_stands_for_a_list_of_one() -> None:
    host = "1 1 udp 1 198.51.100.7 4000 typ host"
    assert sdp.set_candidates(BROWSER, host) == sdp.set_candidates(BROWSER, [host])
    assert sdp.set_candidates(BROWSER, sdp.Candidate.parse(host)) == sdp.set_candidates(BROWSER, [host])
    key = f"1 AES_CM_128_HMAC_SHA1_32 {KEY}"
    assert sdp.set_crypto(SRTP_PHONE, key) == sdp.set_crypto(SRTP_PHONE, [key])
    assert sdp.set_bundle(TWO, "v") == sdp.set_bundle(TWO, ["v"])
    with pytest.raises(UsageError, match="no section has the mid 'av'"):
        sdp.set_bundle(TWO, "av")


def test_values_of_the_wrong_type() -> None:
    with pytest.raises(UsageError, match="no port: '5000'"):
        sdp.set_port(PHONE, "5000", media=0)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="ufrag must have"):
        sdp.set_ice_credentials(BROWSER, ufrag=None, pwd="p" * 22)  # type: ignore[arg-type]


def test_a_session_does_not_grow_without_bound() -> None:
    many = TOP + "t=0 0\r\n" + f"a=fingerprint:{HASH}\r\n" * 20 + "m=audio 9 RTP/SAVP 0\r\n" * 200
    with pytest.raises(SdpError, match="makes over 262144 characters"):
        sdp.remove_dtls(many, media=0)


# Cleaning, and a chain.


def test_what_the_daemon_lets_through_to_a_phone_goes() -> None:
    let_through = sdp.parse(BROWSER).pipe(sdp.remove_ice).pipe(sdp.set_profile, "RTP/AVP", keep_feedback=True)
    body = str(let_through.pipe(sdp.set_rtcp_mux, "demux").pipe(sdp.clean_for_sip))
    assert [line for line in body.split("\r\n") if line.startswith("a=")] == [
        "a=sendrecv",
        "a=rtpmap:111 opus/48000/2",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:13 CN/8000",
        "a=rtpmap:110 telephone-event/48000",
        "a=rtpmap:126 telephone-event/8000",
    ]
    assert sdp.clean_for_sip(PHONE) == PHONE


def test_a_mid_that_another_group_names_stays() -> None:
    body = sdp.clean_for_sip(TWO)
    assert "a=group:LS a v" in body
    assert "a=mid:a" in body
    assert "BUNDLE" not in body


def test_what_a_browser_would_refuse() -> None:
    assert sdp.clean_for_web(BROWSER) == BROWSER
    assert "crypto" not in sdp.clean_for_web(BROWSER + f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}\r\n")
    with pytest.raises(SdpError) as caught:
        sdp.clean_for_web(PHONE)
    told = str(caught.value)
    assert told.startswith(
        "a browser would refuse this: audio 0, line 6: no DTLS fingerprint, and the protocol is RTP/AVP"
    )
    for cure in ("transport_protocol='UDP/TLS/RTP/SAVPF'", "ice='force'", "rtcp_mux=['offer', 'require']"):
        assert cure in told


def test_helpers_chain_in_the_order_in_which_they_act() -> None:
    session = sdp.parse(BROWSER)
    piped = session.pipe(sdp.remove_ice).pipe(sdp.set_rtcp_mux, "demux").pipe(sdp.set_profile, "RTP/AVP")
    assert piped == sdp.set_profile(sdp.set_rtcp_mux(sdp.remove_ice(session), "demux"), "RTP/AVP")
    assert session == sdp.parse(BROWSER), "a description is a value"


def test_what_is_no_body_is_refused() -> None:
    with pytest.raises(UsageError, match="text, bytes or a Session, not NoneType"):
        sdp.remove_ice(None)  # type: ignore[type-var]
    with pytest.raises(SdpError, match="begins with v=0"):
        sdp.remove_ice("")
