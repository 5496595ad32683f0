"""Offers and answers of one's own: what is lawful in every one, and what each argument says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Leg, SdpError, UsageError, sdp
from rtpe_ng.testing import bodies as endpoints
from tests.support.descriptions import CAPTURED, HASH, bodies
from tests.support.examples import examples

ADDRESS = "192.0.2.7"
ICE = sdp.IceCredentials(ufrag="ears", pwd="notAnybodysPasswordReally")
CANDIDATE = "1 1 udp 2130706431 192.0.2.7 5000 typ host"
KEYS = [f"{tag} {suite} inline:{'k' * 40}" for tag in range(1, 9) for suite in ("AES_CM_128_HMAC_SHA1_80",)]
HAVE: dict[str, Any] = {"address": ADDRESS, "fingerprint": HASH, "ice": ICE, "crypto": KEYS, "sctp_port": 5000}
PLAIN = sdp.offer(address="192.0.2.1", port=4000)
BOTH = sdp.offer(added_to=PLAIN, type="video", codecs=["VP8"], port=4002)
WEB = endpoints.offer(Leg.WEB)


def ports(body: str | bytes) -> list[int]:
    return [5000 + 2 * index for index in range(len(sdp.parse(body).media))]


def is_lawful(offer: sdp.Session, answer: sdp.Session) -> None:
    """Hold an answer against what every answer keeps to (RFC 3264, section 6; RFC 8829, section 5.3.1)."""
    assert sdp.problems(answer) == ()
    assert [section.type for section in answer.media] == [section.type for section in offer.media]
    assert [str(it) for it in answer.timings] == ([str(it) for it in offer.timings] or ["0 0"])
    mids = [section.mid for section in answer.media if not section.is_rejected]
    assert set(answer.bundle) <= set(mids)
    for asked, section in zip(offer.media, answer.media, strict=True):
        assert section.protocol == (asked.protocol or "RTP/AVP")
        assert (section.mid or "") == (asked.mid or "")
        assert set(section.formats) <= {str(int(it)) if it.isdecimal() else it for it in (*asked.formats, *FILLED)}
        if section.is_rejected:
            continue
        assert not asked.is_rejected
        theirs = {codec.payload_type: codec for codec in asked.codecs}
        for codec in section.codecs:
            same = theirs[codec.payload_type]
            assert (codec.name, codec.clock_rate, codec.channels) == (same.name, same.clock_rate, same.channels)
        if section.is_rtp:
            assert section.codecs
            can_send, can_receive = "send" in section.direction, section.direction in ("sendrecv", "recvonly")
            assert not can_send or asked.direction in ("sendrecv", "recvonly")
            assert not can_receive or "send" in asked.direction
        assert not section.rtcp_mux or asked.rtcp_mux
        assert section.ice_ufrag is None or asked.ice_ufrag is not None
        roles = {"actpass": ("active", "passive"), "active": ("passive",), "passive": ("active",)}
        if section.setup is not None:
            assert section.setup in roles.get(asked.setup or "actpass", ())
        for crypto in section.cryptos:
            assert (crypto.tag, crypto.suite) in {(it.tag, it.suite) for it in asked.cryptos}
        if "SAVP" in section.protocol.upper():
            assert section.fingerprints or section.cryptos
        for name in ("extmap", "rid", "simulcast", "ssrc", "msid", "rtcp-fb", "rtcp-rsize"):
            assert not section.has(name)


def answered(offer: sdp.Session, **options: Any) -> sdp.Session | str:
    try:
        return sdp.answer(offer, **HAVE, **options)
    except UsageError as error:
        return str(error)


FILLED = ("0", "t38", "webrtc-datachannel", "*")
"""What stands where an offer has no format."""


@examples(200)
@given(text=bodies(sections=1), direction=st.sampled_from([None, "inactive"]), bundle=st.booleans())
def test_every_answer_is_lawful(text: str, direction: str | None, bundle: bool) -> None:
    offer = sdp.parse(text)
    first, again = (answered(offer, port=ports(text), direction=direction, bundle=bundle) for _ in range(2))
    assert first == again
    # What cannot be accepted can always be rejected, and the error says so.
    cures = ("reject=", "bundle=False")
    assert isinstance(first, sdp.Session) or any(cure in first for cure in cures)
    answer = sdp.answer(offer, reject=True) if isinstance(first, str) else first
    is_lawful(offer, answer)
    assert sdp.parse(str(answer)) == answer


@pytest.mark.parametrize("name", CAPTURED)
@pytest.mark.parametrize("bundle", [True, False])
def test_real_bodies_are_answered(name: str, bundle: bool) -> None:
    session = sdp.parse(CAPTURED[name])
    port: Any = 5000 if bundle and session.bundle else ports(CAPTURED[name])
    answer = sdp.answer(session, **HAVE, port=port, bundle=bundle)
    is_lawful(session, answer)
    assert any(not section.is_rejected for section in answer.media)
    if all(section.fingerprints for section in session.media):
        assert sdp.web_problems(answer, role="answer") == ()


@examples(60)
@given(
    direction=st.sampled_from(["sendrecv", "sendonly", "recvonly", "inactive"]),
    codecs=st.lists(
        st.sampled_from(["PCMU", "G722", "opus", "L16/16000", "telephone-event"]), min_size=1, unique=True
    ),
    web=st.booleans(),
    more=st.integers(0, 2),
)
def test_every_offer_is_lawful_and_answered(direction: str, codecs: list[str], web: bool, more: int) -> None:
    keys: dict[str, Any] = {"ice": ICE, "fingerprint": HASH, "candidates": [CANDIDATE]} if web else {}
    offer = sdp.offer(address=ADDRESS, port=4000, codecs=codecs, direction=direction, **keys)
    for number in range(more):
        port = 4002 + 2 * number
        offer = sdp.offer(added_to=offer, type="video", codecs=["VP8", "H264"], port=port, **keys)
    assert sdp.problems(offer) == ()
    session = sdp.parse(offer)
    if web:
        assert sdp.web_problems(sdp.set_bundle(offer), role="offer") == ()
        numbers = [codec.payload_type for media in session.media for codec in media.codecs]
        assert len(numbers) == len(set(numbers))
    else:
        assert sdp.phone_problems(offer) == () or codecs == ["telephone-event"]
    assert all(section.direction == direction for section in session.media[:1])
    answer = sdp.answer(session, **HAVE, port=ports(offer))
    is_lawful(session, answer)
    assert not any(section.is_rejected for section in answer.media)


def test_text_bytes_and_session_come_back_as_they_came() -> None:
    text = sdp.answer(PLAIN, address=ADDRESS, port=5000)
    assert text == str(sdp.answer(sdp.parse(PLAIN), address=ADDRESS, port=5000))
    assert text.encode() == sdp.answer(PLAIN.encode(), address=ADDRESS, port=5000)


def test_an_announcement_and_a_listener() -> None:
    heard = sdp.parse(sdp.answer(PLAIN, address=ADDRESS, port=5000, direction="sendonly", codecs=["PCMU"]))
    assert (heard.media[0].direction, heard.media[0].formats) == ("sendonly", ("0",))
    listener = sdp.answer(sdp.set_direction(PLAIN, "sendonly"), address="2001:db8::7", port=5000)
    assert sdp.parse(listener).media[0].direction == "recvonly"
    assert "c=IN IP6 2001:db8::7\r\n" in listener


def test_codecs_are_taken_in_the_order_of_the_answerer_and_dtmf_with_its_rate() -> None:
    offer = sdp.offer(address=ADDRESS, port=4000, codecs=["opus", "PCMU", "PCMA", "telephone-event"])
    section = sdp.parse(
        sdp.answer(offer, address=ADDRESS, port=5000, codecs=["telephone-event", "PCMA", "PCMU"])
    ).media[0]
    assert [str(codec) for codec in section.codecs] == ["telephone-event/8000", "PCMA/8000", "PCMU/8000"]
    only = sdp.parse(sdp.answer(offer, address=ADDRESS, port=5000, codecs="opus")).media[0]
    assert [str(codec) for codec in only.codecs] == ["opus/48000/2"]


def test_repair_goes_with_what_it_repairs() -> None:
    rtx = sdp.RtpCodec(payload_type=97, name="rtx", clock_rate=90000, parameters="apt=96")
    vp8 = sdp.RtpCodec(payload_type=96, name="VP8", clock_rate=90000, feedback=("nack pli",))
    offer = sdp.offer(
        address=ADDRESS, port=4000, type="video", codecs=[vp8, rtx, "H264"], crypto=KEYS[0], protocol="RTP/SAVPF"
    )
    offer += "a=rtcp-fb:96 nack\r\na=rtcp-rsize\r\n"
    have: dict[str, Any] = {"address": ADDRESS, "port": 5000, "crypto": KEYS[0]}
    assert sdp.parse(sdp.answer(offer, **have, codecs=["rtx", "H264"])).media[0].formats == ("98",)
    assert sdp.parse(sdp.answer(offer, **have)).media[0].formats == ("96", "97", "98")
    section = sdp.parse(sdp.answer(offer, **have, feedback=True)).media[0]
    assert (section.attributes("rtcp-fb"), section.has("rtcp-rsize")) == (("96 nack",), True)


def test_sections_are_rejected_by_type_by_index_by_port_or_for_want_of_a_codec() -> None:
    have: dict[str, Any] = {"address": ADDRESS, "port": 5000}
    bodies_ = [
        sdp.answer(BOTH, **have, reject="video"),
        sdp.answer(BOTH, **have, reject=[1]),
        sdp.answer(BOTH, address=ADDRESS, port=[5000, 0]),
        sdp.answer(BOTH, **have, codecs=["PCMU", "PCMA", "telephone-event"]),
    ]
    assert [media.is_rejected for media in sdp.parse(bodies_[0]).media] == [False, True]
    assert len(set(bodies_)) == 1
    fax = PLAIN.replace("m=audio 4000 RTP/AVP 0 8 101", "m=image 4000 udptl t38")
    with pytest.raises(UsageError, match="udptl is not answered here; say reject=True"):
        sdp.answer(fax, **have)
    assert "m=image 0 udptl t38\r\n" in sdp.answer(fax, reject=True)


def test_bundled_sections_share_a_port_and_keep_their_mids() -> None:
    offer = CAPTURED["chromium-audio-video-data"]
    session = sdp.parse(sdp.answer(offer, ice=ICE, fingerprint=HASH, candidates=CANDIDATE, sctp_port=5000))
    assert session.bundle == tuple(media.mid for media in session.media)
    assert {media.port for media in session.media} == {5000}
    assert [len(media.candidates) for media in session.media] == [1, 0, 0]
    assert session.media[2].attribute("sctp-port") == "5000"
    without = sdp.parse(sdp.answer(offer, ice=ICE, fingerprint=HASH))
    assert [media.is_rejected for media in without.media] == [False, False, True]
    assert without.bundle == session.bundle[:2]


def test_a_re_answer_goes_on_with_the_last_one() -> None:
    have: dict[str, Any] = {"ice": ICE, "fingerprint": HASH}
    first = sdp.answer(WEB, **have, setup="passive")
    assert sdp.answer(WEB, **have, previous=first) == first
    held = sdp.answer(sdp.hold(WEB), **have, previous=first)
    old, new = sdp.parse(first), sdp.parse(held)
    assert old.origin
    assert new.origin
    assert (new.origin.session_id, new.origin.session_version) == (old.origin.session_id, "2")
    assert (new.media[0].direction, new.media[0].setup) == ("recvonly", "passive")
    again = sdp.offer(address=ADDRESS, port=4004, previous=PLAIN)
    assert sdp.diff(PLAIN, again)
    assert again.partition(" 2 IN")[0] == PLAIN.partition(" 1 IN")[0]
    assert sdp.offer(address="192.0.2.1", port=4000, previous=PLAIN) == PLAIN


def test_a_key_answers_its_suite_with_the_tag_of_the_offer_and_only_once() -> None:
    offers = [sdp.Crypto.generate("AES_256_CM_HMAC_SHA1_80", tag=1), sdp.Crypto.generate(tag=2)]
    one = sdp.offer(address=ADDRESS, port=4000, crypto=offers)
    own = sdp.Crypto.generate(tag=7)
    section = sdp.parse(sdp.answer(one, address=ADDRESS, port=5000, crypto=own)).media[0]
    assert [(it.tag, it.suite, it.key_params) for it in section.cryptos] == [(2, own.suite, own.key_params)]
    two = sdp.offer(added_to=one, port=4002, crypto=sdp.Crypto.generate())
    with pytest.raises(UsageError, match="audio 1: it needs a key of its own for one of AES_CM_128"):
        sdp.answer(two, address=ADDRESS, port=[5000, 5002], crypto=own)
    # A side that wants RTCP in clear must say so itself.
    clear = sdp.offer(address=ADDRESS, port=4000, crypto=f"{KEYS[0]} UNENCRYPTED_SRTCP")
    with pytest.raises(UsageError, match="UNENCRYPTED_SRTCP"):
        sdp.answer(clear, address=ADDRESS, port=5000, crypto=own)


HERE: dict[str, Any] = {"address": ADDRESS, "port": 5000}
NO_FINGERPRINT = sdp.remove_dtls(WEB)
MULTICAST = PLAIN.replace("192.0.2.1\r\nt=", "224.2.1.1/127\r\nt=")


@pytest.mark.parametrize(
    ("offer", "options", "cure"),
    [
        (PLAIN, {"port": 5000}, "address= is missing"),
        (PLAIN, {"address": ADDRESS}, "port= is missing"),
        (PLAIN, {"ice": ICE}, "address= and port= is missing"),
        (PLAIN, {**HERE, "port": 70000}, "1 to 65535 expected"),
        (PLAIN, {**HERE, "address": "phone.example"}, "no IP address"),
        (PLAIN, {**HERE, "address": "224.0.0.1"}, "no IP address of one host"),
        (PLAIN, {**HERE, "port": [5000, 5002]}, "2 ports for 1 sections"),
        (PLAIN, {**HERE, "codecs": ["opus"]}, "no common codec; it has PCMU/8000"),
        (PLAIN, {**HERE, "codecs": ["telephone-event"]}, "no common codec"),
        (PLAIN, {**HERE, "reject": ["video"]}, "no such section; the offer has audio 0"),
        (PLAIN, {**HERE, "direction": "sendrcv"}, "no direction"),
        (PLAIN, {**HERE, "ptime": 0}, "milliseconds"),
        (sdp.set_direction(PLAIN, "sendonly"), {**HERE, "direction": "sendrecv"}, "recvonly or inactive can"),
        (BOTH, HERE, "audio 0 and video 1 need a port each"),
        (MULTICAST, HERE, "224.2.1.1 is a multicast address"),
        (endpoints.offer(Leg.SIP, protocol="RTP/SAVP"), HERE, "say crypto="),
        (endpoints.offer(Leg.SIP, protocol="RTP/SAVP").replace("a=crypto", "a=x"), HERE, "without a key"),
        (WEB, {"ice": ICE}, "say fingerprint="),
        (WEB, {**HERE, "fingerprint": HASH}, "say ice="),
        (NO_FINGERPRINT, HAVE, "without a fingerprint"),
        (sdp.set_setup(WEB, "passive"), {**HAVE, "setup": "passive"}, "cannot answer passive; active can"),
        (sdp.set_setup(WEB, "holdconn"), HAVE, "no place in an offer"),
        (sdp.set_rtcp_mux(WEB, "require"), {**HAVE, "rtcp_mux": False}, "say rtcp_mux=True"),
        (CAPTURED["chromium-audio-video-data"], {**HAVE, "rtcp_mux": False}, "say bundle=False"),
        (CAPTURED["chromium-audio-video-data"], {**HAVE, "port": [5000, 5002, 5004]}, "say bundle=False"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said_with_its_cure(
    offer: str, options: dict[str, Any], cure: str
) -> None:
    with pytest.raises(UsageError, match=cure):
        sdp.answer(offer, **options)


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        ({}, "address= and port= is missing"),
        ({**HERE, "codecs": []}, "a section needs one"),
        ({**HERE, "codecs": ["L16"]}, "'L16' needs its clock rate in Hz"),
        ({**HERE, "codecs": ["a b"]}, "needs its clock rate|no name of a codec"),
        ({**HERE, "codecs": ["0/8000/x/\r\n"]}, "no name of a codec|line break"),
        ({**HERE, "type": "video"}, "say which codecs="),
        ({**HERE, "type": "a b", "codecs": "PCMU"}, "one word expected"),
        ({**HERE, "mid": "0\r\nm=audio"}, "one word expected"),
        ({**HERE, "protocol": "RTP/SAVP"}, "needs a key"),
        ({**HERE, "protocol": "UDP/TLS/RTP/SAVPF"}, "say fingerprint="),
        ({**HERE, "protocol": "RTP/FOO"}, "no RTP protocol"),
        ({**HERE, "setup": "holdconn", "fingerprint": HASH}, "no DTLS role of an offer"),
        ({**HERE, "previous": BOTH}, "of one section"),
    ],
)
def test_an_offer_says_what_it_lacks(options: dict[str, Any], cure: str) -> None:
    with pytest.raises(UsageError, match=cure):
        sdp.offer(**options)


def test_secrets_are_new_and_hidden() -> None:
    first, second = sdp.IceCredentials.generate(), sdp.IceCredentials.generate()
    assert first != second
    assert first.pwd not in repr(first)
    for suite, size in (("AES_CM_128_HMAC_SHA1_80", 40), ("AEAD_AES_256_GCM", 60)):
        key, other = sdp.Crypto.generate(suite), sdp.Crypto.generate(suite)
        assert key.key_params != other.key_params
        assert len(key.key_params) == len("inline:") + size
        assert sdp.Crypto.parse(str(key)) == key
    with pytest.raises(UsageError, match="no crypto suite: 'AES'"):
        sdp.Crypto.generate("AES")
    with pytest.raises(UsageError) as caught:
        sdp.IceCredentials(ufrag="abcd", pwd="short*secret")
    assert "short" not in str(caught.value)
    # The number in o= is shown to everybody: two keys give the same one.
    offers = [sdp.offer(address=ADDRESS, port=4000, crypto=f"1 X inline:{key * 40}") for key in "ab"]
    assert offers[0].splitlines()[1] == offers[1].splitlines()[1]
    assert str(sdp.Fingerprint.of(b"")).startswith("sha-256 E3:B0:C4:42:98:FC:1C:14")


def test_no_sdp_is_said_as_everywhere() -> None:
    with pytest.raises(SdpError):
        sdp.answer("INVITE", address=ADDRESS, port=5000)
    with pytest.raises(SdpError):
        sdp.answer(WEB, ice=ICE, fingerprint="sha-256 AB")
