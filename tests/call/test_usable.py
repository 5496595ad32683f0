"""Bodies that end a call, and those that only look as if they did."""

from __future__ import annotations

import pytest

from rtpe_ng import Flags, Leg, profiles, sdp
from rtpe_ng.call.body import CallBody
from rtpe_ng.call.mends import mended_sections
from rtpe_ng.call.review import BodyReturned, BodySent, Offered, Way, incoming
from rtpe_ng.call.sections import OfferedSections
from rtpe_ng.call.usable import Known, unusable
from rtpe_ng.messages import Offer
from rtpe_ng.testing import bodies as examples

PHONE = examples.offer(Leg.SIP)
VIDEO = "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
NONE = Flags()
MAPS = {"0": "PCMU", "8": "PCMA", "13": "CN", "18": "G729", "101": "telephone-event"}


def phone(formats: str) -> str:
    lines = "".join(f"a=rtpmap:{it} {MAPS[it]}/8000\r\n" for it in formats.split())
    return f"{PHONE.partition('m=')[0]}m=audio 40000 RTP/AVP {formats}\r\n{lines}"


def found(answer: str, *, came: str = "", offer_flags: Flags | None = NONE) -> str:
    offer = sdp.parse(PHONE)
    known = Known(sent=sdp.parse(answer), offer=offer, sections=OfferedSections.of(offer), offer_flags=offer_flags)
    return "; ".join(map(str, unusable(came or answer, role="answer", leg=Leg.SIP, known=known)))


@pytest.mark.parametrize("formats", ["101", "13", "18", "18 101"])
def test_an_answer_without_a_codec_of_its_offer(formats: str) -> None:
    assert "offered" in found(phone(formats)) or "of the offer" in found(phone(formats))


def test_an_answer_whose_author_took_no_codec_of_the_offer() -> None:
    assert "its author took no codec" in found(phone("18"), came=phone("8"))
    # The daemon transcodes, or nobody knows what it was asked for.
    for flags in (Flags(codec={"transcode": ["G729"]}), None):
        assert found(phone("18"), came=phone("8"), offer_flags=flags) == ""


@pytest.mark.parametrize("answer", ["8", "0 101", "8 13", "0 8 101", "18 8"])
def test_an_answer_with_a_codec_of_its_offer(answer: str) -> None:
    assert found(phone(answer)) == ""
    assert found(phone("101") + "a=inactive\r\n") == ""


def test_a_data_channel_is_passed_on_to_a_phone() -> None:
    body = PHONE + DATA
    assert unusable(body, role="offer", leg=Leg.SIP, known=Known(sent=sdp.parse(body))) == ()


def test_no_text_of_a_body_is_told() -> None:
    for line in ("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SecretSecret", "a=crypto 1 inline SecretSecret "):
        text = "".join(map(str, unusable(f"{PHONE}{line}\r\n", role="offer", leg=Leg.SIP, known=Known())))
        assert "line 13" in text
        assert "ecret" not in text
        assert "crypto" not in text


def test_a_rejection_has_the_type_and_the_protocol_of_its_offer() -> None:
    for head in ("control 9 TCP/X y", "Video 40010 RTP/AVP 96", "message 9 TCP/MSRP *"):
        kind, _, protocol, form = head.split()
        there = OfferedSections.of(f"{PHONE}m={head}\r\n")
        session, _ = mended_sections(sdp.parse(PHONE), there, is_answer=True)
        assert session.media[1].lines[0] == f"m={kind} 0 {protocol} {form}\r\n"


def test_only_what_a_mend_had_added_goes_from_the_answer() -> None:
    both = PHONE + VIDEO.replace("40010", "0")

    def offered(sent: str) -> Offered:
        command = Offer(sdp=sent, call_id="c", from_tag="a")
        way, back = BodySent(body=CallBody(sent)), BodyReturned(body=CallBody(both))
        made = Offered.of("caller", CallBody(PHONE), sent=way, back=back, command=command)
        assert made is not None
        return made

    # In the first case the daemon has added it.
    assert offered(PHONE).added == ()
    assert offered(both).added == (1,)
    assert Offered.parse(str(offered(both))).added == (1,)
    for profile, number in ((profiles.MODERN, 1), (profiles.ARTICLE, 2), (profiles.MODERN.evolve(mends=()), 2)):
        way = Way(
            role="answer", legs=(Leg.SIP, Leg.SIP), mends=profile.mends, cleans=True, flags=Flags(), added=(1,)
        )
        session = incoming(both, way=way, sent=CallBody(both)).body.session
        assert session is not None
        assert len(session.media) == number
