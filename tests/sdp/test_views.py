"""What the views see, and that each typed value gives its line back."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Leg, SdpError, sdp
from rtpe_ng.sdp import (
    Bandwidth,
    Candidate,
    Connection,
    Crypto,
    ExtMap,
    Fingerprint,
    Group,
    Msid,
    Origin,
    Rtcp,
    RtpCodec,
    Ssrc,
    SsrcGroup,
    Timing,
    Track,
)
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import HASH, KEY, bodies

BROWSER = sdp.parse(examples.offer(Leg.WEB))
PHONE = sdp.parse(examples.offer(Leg.SIP))
HEAD = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n"


def media(*lines: str, head: str = HEAD, m: str = "m=audio 4000 RTP/AVP 0") -> sdp.Media:
    return sdp.parse(head + "".join(f"{line}\r\n" for line in (m, *lines))).media[0]


def test_the_session() -> None:
    session = sdp.parse(
        "v=0\r\no=alice 28 29 IN IP6 2001:db8::1\r\ns=a call\r\nc=IN IP4 224.2.1.1/127/3\r\nb=CT:128\r\n"
        "t=1 2\r\nt=3 4\r\na=group:BUNDLE 0 1\r\na=group:LS 0 1\r\na=ice-lite\r\n"
    )
    assert session.origin == Origin(
        username="alice", session_id="28", session_version="29", address_type="IP6", address="2001:db8::1"
    )
    assert session.name == "a call"
    assert session.connection == Connection(address="224.2.1.1", multicast="127/3")
    assert session.bandwidths == (Bandwidth(type="CT", value=128),)
    assert session.timings == (Timing(start=1, stop=2), Timing(start=3, stop=4))
    assert session.groups == (Group(semantics="BUNDLE", mids=("0", "1")), Group(semantics="LS", mids=("0", "1")))
    assert session.bundle == ("0", "1")
    assert session.ice_lite
    assert session.media == ()
    assert session.tracks == ()
    assert not BROWSER.ice_lite


def test_a_browsers_section() -> None:
    (audio,) = BROWSER.media
    assert (audio.type, audio.port, audio.port_count, audio.protocol) == ("audio", 50004, 1, "UDP/TLS/RTP/SAVPF")
    assert audio.formats == ("111", "9", "0", "8", "13", "110", "126")
    assert (audio.ice_ufrag, audio.ice_pwd, audio.ice_options) == ("Wk7e", "madeUpButLongEnough1234x", ("trickle",))
    assert (audio.setup, audio.mid, audio.direction, audio.rtcp_mux) == ("actpass", "0", "sendrecv", True)
    assert [str(it) for it in audio.codecs[:3]] == ["opus/48000/2", "G722/8000", "PCMU/8000"]
    assert audio.codecs[0] == RtpCodec(
        payload_type=111,
        name="opus",
        clock_rate=48000,
        channels=2,
        parameters="minptime=10;useinbandfec=1",
        feedback=("transport-cc",),
    )
    assert audio.rtcp == Rtcp(port=9, address="0.0.0.0")
    assert [it.transport for it in audio.candidates] == ["udp", "tcp"]
    assert [it.tcp_type for it in audio.candidates] == [None, "active"]
    assert audio.candidates[0].extensions == (("generation", "0"), ("network-id", "1"))
    assert [it.hash_function for it in audio.fingerprints] == ["sha-256"]
    assert [it.uri.rpartition(":")[2] for it in audio.extmaps] == ["ssrc-audio-level", "mid"]
    assert audio.tracks == (
        Track(stream="5e0b2c1e-8a41", id="b8f8a2d5-track", ssrcs=(1370212341,), cname="9Yh1kTs4n0aQbLzE"),
    )
    assert BROWSER.tracks == audio.tracks


def test_a_phones_section() -> None:
    (audio,) = PHONE.media
    assert audio.connection == Connection(address="127.0.2.1")
    assert audio.ptime == 20
    assert audio.maxptime is None
    assert [str(it) for it in audio.codecs] == ["PCMU/8000", "PCMA/8000", "telephone-event/8000"]
    assert (audio.ice_ufrag, audio.rtcp, audio.mid, audio.setup, audio.tls_id) == (None,) * 5
    assert not audio.candidates + audio.fingerprints + audio.cryptos + audio.ssrcs + audio.msids + audio.ssrc_groups


def test_a_section_inherits_from_the_session_and_overrides_it() -> None:
    head = f"{HEAD}a=sendonly\r\na=ice-ufrag:sess\r\na=fingerprint:{HASH}\r\na=setup:active\r\n"
    inherits, overrides = media(head=head), media("a=recvonly", "a=ice-ufrag:own", "c=IN IP4 192.0.2.1", head=head)
    assert (inherits.direction, inherits.ice_ufrag, inherits.setup) == ("sendonly", "sess", "active")
    assert str(inherits.fingerprints[0]) == HASH
    assert inherits.connection == Connection(address="198.51.100.7")
    assert (overrides.direction, overrides.ice_ufrag, overrides.setup) == ("recvonly", "own", "active")
    assert overrides.connection == Connection(address="192.0.2.1")


def test_a_section_moved_to_another_session_inherits_from_that_one() -> None:
    session = attrs.evolve(sdp.parse(HEAD + "a=inactive\r\n"), media=PHONE.media)
    assert session.media[0].direction == "sendrecv"
    assert attrs.evolve(session, media=(media(),)).media[0].direction == "inactive"


def test_static_payload_types_need_no_rtpmap() -> None:
    codecs = media(m="m=audio 4000 RTP/AVP 0 3 8 9 18 96 13", head=HEAD).codecs
    assert [str(it) for it in codecs] == [
        "PCMU/8000", "GSM/8000", "PCMA/8000", "G722/8000", "G729/8000", "96", "CN/8000",
    ]  # fmt: skip
    assert codecs[5] == RtpCodec(payload_type=96, name="", clock_rate=None)


def test_codecs_of_odd_lines() -> None:
    section = media(
        "a=rtpmap:98 iLBC",
        "a=rtpmap:0 PCMA/8000/1",
        "a=rtpmap:x y/1",
        "a=rtcp-fb:* nack",
        "a=rtcp-fb:98 ccm fir",
        "a=fmtp:98 mode=20",
        "a=fmtp:98 x=1",
        m="m=video 9 UDP/TLS/RTP/SAVPF 98 0 98 999999 x",
    )
    assert section.codecs == (
        RtpCodec(
            payload_type=98, name="iLBC", clock_rate=None, parameters="mode=20;x=1", feedback=("ccm fir", "nack")
        ),
        RtpCodec(payload_type=0, name="PCMA", clock_rate=8000, feedback=("nack",)),
    )
    assert media(m="m=image 4000 udptl t38").codecs == ()


@pytest.mark.parametrize(
    ("name", "parameters", "refers"),
    [
        ("rtx", "apt=96;rtx-time=3000", (96,)),
        ("rtx", "rtx-time=3000; apt=96", (96,)),
        ("rtx", "apt=1234", ()),
        ("red", "111/111", (111, 111)),
        ("opus", "minptime=10", ()),
        ("H264", "packetization-mode=1", ()),
    ],
)
def test_which_codec_serves_which(name: str, parameters: str, refers: tuple[int, ...]) -> None:
    codec = RtpCodec(payload_type=97, name=name, clock_rate=90000, parameters=parameters)
    assert codec.refers_to == refers


def test_plan_b_has_several_tracks_in_a_section() -> None:
    section = media(
        "a=ssrc:1 cname:c", "a=ssrc:1 msid:s a", "a=ssrc:2 msid:s b", "a=ssrc:3 msid:s a", "a=ssrc:x msid:s c"
    )
    assert section.tracks == (
        Track(stream="s", id="a", ssrcs=(1, 3), cname="c"),
        Track(stream="s", id="b", ssrcs=(2,)),
    )


def test_a_track_without_sources_and_sources_without_a_track() -> None:
    assert media("a=msid:- t").tracks == (Track(stream="-", id="t"),)
    assert media("a=ssrc:7 cname:c").tracks == (Track(stream="", id="", ssrcs=(7,), cname="c"),)


def test_non_rtp_sections_are_left_intact() -> None:
    session = sdp.parse(
        HEAD + "m=image 4000 udptl t38\r\na=T38FaxVersion:0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
        "a=sctp-port:5000\r\n"
    )
    assert [it.is_rtp for it in session.media] == [False, False]
    assert session.media[0].attribute("T38FaxVersion") == "0"
    assert session.media[1].attribute("sctp-port") == "5000"
    assert session.media[1].formats == ("webrtc-datachannel",)


@pytest.mark.parametrize(
    ("line", "rejected"),
    [("m=audio 0 RTP/AVP 0", True), ("m=audio 9 RTP/AVP 0", False), ("m=audio 0/2 RTP/AVP 0", True)],
)
def test_a_rejected_section(line: str, rejected: bool) -> None:
    assert media(m=line).is_rejected is rejected
    assert not media("a=bundle-only", m=line).is_rejected


VALUES: list[tuple[Callable[[str], object], str]] = [
    (Origin.parse, "- 1 2 IN IP4 198.51.100.7"),
    (Connection.parse, "IN IP6 2001:db8::1"),
    (Connection.parse, "IN IP4 224.2.1.1/127/3"),
    (Timing.parse, "0 0"),
    (Bandwidth.parse, "TIAS:64000"),
    (Group.parse, "BUNDLE audio video"),
    (Rtcp.parse, "4001"),
    (Rtcp.parse, "9 IN IP4 0.0.0.0"),
    (Rtcp.parse, "9 IN IP6 ::"),
    (ExtMap.parse, "1 urn:x"),
    (ExtMap.parse, "4096/sendonly urn:x a=1 b"),
    (Candidate.parse, "1 1 udp 2130706431 198.51.100.7 4000 typ host"),
    (Candidate.parse, "a/+ 2 TCP 1 ::1 9 typ srflx raddr 10.0.0.1 rport 9 tcptype so generation 0 ufrag x"),
    (Candidate.parse, "1 1 udp 2130706431 4f1c-x.local 4000 typ host"),
    (Fingerprint.parse, HASH),
    (Crypto.parse, f"1 AES_CM_128_HMAC_SHA1_80 {KEY}|2^20|1:4 UNENCRYPTED_SRTCP KDR=1"),
    (Msid.parse, "stream track"),
    (Msid.parse, "-"),
    (Ssrc.parse, "1 cname:a b"),
    (Ssrc.parse, "4294967295 x"),
    (SsrcGroup.parse, "FID 1 2"),
]


@pytest.mark.parametrize(("parse", "value"), VALUES, ids=lambda it: it if isinstance(it, str) else "")
def test_a_value_gives_its_line_back(parse: Callable[[str], object], value: str) -> None:
    assert str(parse(value)) == value
    assert parse(str(parse(value))) == parse(value)


@pytest.mark.parametrize("parse", list(dict.fromkeys(parse for parse, _ in VALUES)))
@given(st.text(max_size=60) | st.text(alphabet="0123456789 /:.;=aINP-", max_size=60))
def test_any_text_gives_a_value_or_our_error(parse: Callable[[str], object], text: str) -> None:
    try:
        value = parse(text)
    except SdpError:
        return
    assert parse(str(value)) == value


MALFORMED: list[tuple[Callable[[str], object], str]] = [
    (Origin.parse, "- 1 2 IN IP4"),
    (Connection.parse, "IN IP4 "),
    (Connection.parse, "IN IP4 /127"),
    (Connection.parse, "  /"),
    (Timing.parse, "0"),
    (Timing.parse, "0 -1"),
    (Bandwidth.parse, "AS 64"),
    (Bandwidth.parse, "AS:x"),
    (Group.parse, ""),
    (Rtcp.parse, "65536"),
    (Rtcp.parse, "4000 IN"),
    (ExtMap.parse, "1"),
    (ExtMap.parse, "5000 urn:x"),
    (Candidate.parse, "1 1 udp 1 198.51.100.7 4000 host"),
    (Candidate.parse, "1 1 udp 1 198.51.100.7 65536 typ host"),
    (Candidate.parse, "1 1 udp 1 198.51.100.7 4000 typ host generation"),
    (Fingerprint.parse, "sha-256 AB:CD"),
    (Fingerprint.parse, "sha-999 AB"),
    (Fingerprint.parse, HASH.replace(":", "-")),
    (Crypto.parse, "1 AES_CM_128_HMAC_SHA1_80"),
    (Crypto.parse, "x AES_CM_128_HMAC_SHA1_80 inline:k"),
    (Msid.parse, " "),
    (Ssrc.parse, "x cname:y"),
    (SsrcGroup.parse, ""),
    (SsrcGroup.parse, "FID x"),
]


@pytest.mark.parametrize(("parse", "value"), MALFORMED, ids=lambda it: it if isinstance(it, str) else "")
def test_what_is_malformed_is_refused(parse: Callable[[str], object], value: str) -> None:
    with pytest.raises(SdpError):
        parse(value)


def test_a_malformed_line_is_missing_from_the_view_and_named_as_a_problem() -> None:
    lines = "a=candidate:x", "a=rtpmap:98 iLBC", "a=setup:maybe", f"a=crypto:1 AES {KEY[7:]} x", "a=crypto:1 short"
    section = media(*lines)
    assert section.candidates == ()
    session = sdp.parse(HEAD + str(section))
    found = sdp.problems(session)
    assert [error.line for error in found] == [7, 8, 9, 11]
    assert [error.text for error in found] == [*lines[:3], "a=crypto:..."]
    assert "short" not in "".join(map(str, found))
    assert sdp.problems(BROWSER) == sdp.problems(PHONE) == ()


@pytest.mark.parametrize("line", ["a=sendonly ", "a= inactive", "a=rtcp-mux\t", "a=crypto :1 AES inline:secret"])
def test_a_space_beside_a_name_is_a_problem(line: str) -> None:
    (found,) = sdp.problems(HEAD + str(media(line)))
    name = line.partition(":")[0]
    assert (found.line, found.text) == (7, name)
    assert f"RTPEngine knows no attribute {name[2:]!r}" in str(found)
    assert "secret" not in str(found)


@given(bodies())
def test_a_repr_shows_state_and_no_secret(text: str) -> None:
    session = sdp.parse(text)
    shown = repr(session) + repr(session.media) + repr([it.cryptos for it in session.media])
    for secret in (KEY[7:], "mediapassword", "sessionpassword"):
        assert secret not in shown


def test_reprs_read_well() -> None:
    assert repr(PHONE) == f"<Session {len(str(PHONE))} bytes: audio RTP/AVP>"
    assert repr(sdp.parse("v=0")) == "<Session 3 bytes: no media>"
    assert repr(PHONE.media[0]) == (
        "<Media audio 40000 RTP/AVP sendrecv: PCMU/8000 PCMA/8000 telephone-event/8000>"
    )
    assert repr(BROWSER.media[0]).startswith(
        "<Media audio 50004 UDP/TLS/RTP/SAVPF sendrecv, ICE with 2 candidates: opus/48000/2 G722/8000"
    )
    crypto = Crypto.parse(f"1 AES_CM_128_HMAC_SHA1_80 {KEY}")
    assert repr(crypto) == "<Crypto 1 AES_CM_128_HMAC_SHA1_80 47 characters of key>"
    assert str(BROWSER.media[0].candidates[0]) in repr(BROWSER.media[0].candidates[0])
