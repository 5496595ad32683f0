"""Bodies as SIP peers really write them, and what a call makes of them, on embedded engines and real daemons."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from rtpe_ng import (
    Call,
    Client,
    Direction,
    EngineError,
    Flags,
    FlagsIgnored,
    Leg,
    Profile,
    SdpError,
    UnusableReply,
    profiles,
    sdp,
)
from rtpe_ng.testing import bodies
from rtpe_ng.versions import is_older
from tests.support.engines import AnyEngine

# These say nothing about event loops.
pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

KEY = "inline:" + "A" * 40
RTPMAPS = {"8": "PCMA/8000", "0": "PCMU/8000", "18": "G729/8000", "101": "telephone-event/8000"}
VIDEO = "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
UNMENDED = profiles.MODERN.evolve(mends=())


@pytest.fixture
async def client(any_engine: AnyEngine) -> AsyncIterator[Client]:
    async with Client(any_engine.url) as client:
        yield client


def phone(formats: str = "8 18 101", *, port: int = 40000, version: int = 1, more: str = "") -> str:
    lines = [
        *("v=0", f"o=gw 7 {version} IN IP4 127.0.2.1", "s=-", "c=IN IP4 127.0.2.1", "t=0 0"),
        f"m=audio {port} RTP/AVP {formats}",
        *(f"a=rtpmap:{payload} {RTPMAPS[payload]}" for payload in formats.split()),
    ]
    return "".join(f"{line}\r\n" for line in lines) + more


def call(client: Client, name: str, direction: Direction, *, profile: Profile = profiles.MODERN) -> Call:
    return client.call(name, from_tag="a", direction=direction, profile=profile, strict=True, delete_delay=0)


def names(body: str) -> list[str]:
    return [codec.name for codec in sdp.parse(body).media[0].codecs]


@pytest.mark.parametrize("provisional", [True, False])
@pytest.mark.parametrize(
    ("early", "final"), [("8 101", "18 101"), ("8 101", "18 8 101"), ("8", "8 101"), ("18 101", "8 101")]
)
async def test_a_later_answer_has_other_codecs(client: Client, provisional: bool, early: str, final: str) -> None:
    async with call(client, f"codecs-{provisional}-{early}-{final}", Direction.SIP_TO_SIP) as it:
        sent = await it.offer(phone())
        first = await it.answer(phone(early, port=41000), by="b", provisional=provisional)
        second = await it.answer(phone(final, port=41000, version=2), by="b")
        assert names(second.sdp) == names(phone(final))
        assert [repair.mend for repair in second.repairs] == ["codecs"]
        assert (first.repairs, sent.repairs) == ((), ())
        assert sdp.parse(first.sdp).media[0].port == sdp.parse(second.sdp).media[0].port
        again = await it.answer(phone(final, port=41000, version=2), by="b")
        assert again.repairs == ()


async def test_a_later_answer_in_another_process(client: Client) -> None:
    """Only with the offer can it be sent again; without it, what comes back is judged."""
    async with call(client, "codecs-elsewhere", Direction.SIP_TO_SIP) as it:
        await it.offer(phone())
        await it.answer(phone("8 101", port=41000), by="b", provisional=True)
        restored = client.restore_call(it.state, strict=True, delete_delay=0)
        reply = await restored.answer(phone("18 101", port=41000, version=2), by="b", offer=phone())
        assert names(reply.sdp) == ["G729", "telephone-event"]


async def test_without_the_mend_the_lost_codec_is_told(client: Client, any_engine: AnyEngine) -> None:
    async with call(client, "codecs-unmended", Direction.SIP_TO_SIP, profile=UNMENDED) as it:
        await it.offer(phone())
        await it.answer(phone("8 101", port=41000), by="b", provisional=True)
        answer = phone("18 101", port=41000, version=2)
        if not is_older(any_engine.version, "26.0"):
            assert names((await it.answer(answer, by="b")).sdp) == ["G729", "telephone-event"]
            return
        with pytest.raises(UnusableReply, match="no codec is left, only telephone-event") as raised:
            await it.answer(answer, by="b")
        assert raised.value.problems[0].section == "audio 0"
        assert "send the offer again" in raised.value.problems[0].cure
        assert names(raised.value.reply.sdp) == ["telephone-event"]
        assert it.phase == "answered"


@pytest.mark.parametrize("restored", [False, True])
async def test_a_phone_answers_fewer_sections(client: Client, restored: bool) -> None:
    async with call(client, f"fewer-{restored}", Direction.SIP_TO_SIP) as it:
        await it.offer(phone(more=VIDEO))
        here = client.restore_call(it.state, strict=True, delete_delay=0) if restored else it
        reply = await here.answer(phone("8 101", port=41000), by="b")
        assert [(media.type, media.is_rejected) for media in sdp.parse(reply.sdp).media] == [
            ("audio", False),
            ("video", True),
        ]
        assert [repair.mend for repair in reply.repairs] == ["sections"]
        # The phone does not know of the section that it left out, so its own offer lacks it again.
        again = client.restore_call(here.state, strict=True, delete_delay=0) if restored else here
        offer = await again.offer(phone("8 101", port=41000, version=2), by="b")
        assert [media.is_rejected for media in sdp.parse(offer.sdp).media] == [False, True]
        answer = await again.answer(phone("8 101", version=2, more=VIDEO.replace("40010", "0")))
        assert len(sdp.parse(answer.sdp).media) == 1


async def test_a_phone_answers_fewer_sections_and_nothing_is_mended(client: Client, any_engine: AnyEngine) -> None:
    async with call(client, "fewer-unmended", Direction.SIP_TO_SIP, profile=UNMENDED) as it:
        await it.offer(phone(more=VIDEO))
        if is_older(any_engine.version, "26.0"):
            with pytest.raises(UnusableReply, match="1 sections answer an offer of 2"):
                await it.answer(phone("8 101", port=41000), by="b")


async def test_a_fax_to_a_browser_is_refused_and_the_call_goes_on(client: Client) -> None:
    async with call(client, "fax", Direction.SIP_TO_WEB) as it:
        sent = await it.offer(bodies.offer(Leg.SIP))
        await it.answer(bodies.answer(Leg.WEB, sent.sdp), by="b")
        fax = phone(version=2).partition("m=")[0] + "m=image 40004 udptl t38\r\n"
        with pytest.raises(UnusableReply, match="image takes the place of audio") as raised:
            await it.offer(fax)
        assert "488" in str(raised.value)
        it.rollback()
        again = await it.offer(bodies.offer(Leg.SIP, version=3))
        assert sdp.web_problems(again.sdp, role="offer") == ()


async def test_one_stream_with_and_without_srtp(client: Client, any_engine: AnyEngine) -> None:
    secure = f"m=audio 40000 RTP/SAVP 8\r\na=rtpmap:8 PCMA/8000\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}\r\n"
    async with call(client, "osrtp", Direction.SIP_TO_WEB) as it:
        with pytest.raises(UnusableReply, match="two sections stand for one stream") as raised:
            await it.offer(phone("8", more=secure))
        assert "accept-legacy" in str(raised.value)
        assert KEY not in str(raised.value)
    async with call(client, "osrtp-2", Direction.SIP_TO_WEB) as it:
        flags = Flags(osrtp=["accept-legacy"])
        if is_older(any_engine.version, "11.3"):
            with pytest.raises(UnusableReply, match=r"before 11\.3 ignore osrtp"):
                await it.offer(phone("8", more=secure), flags=flags)
        else:
            assert len(sdp.parse((await it.offer(phone("8", more=secure), flags=flags)).sdp).media) == 1


async def test_codecs_are_stripped_by_their_clock_rate_or_it_is_told(client: Client) -> None:
    """`opus/48000` is never opus for a daemon, which compares the channels too; DTMF depends on the version."""
    for number, unwanted in enumerate(["opus/48000", "telephone-event/48000"]):
        async with call(client, f"strip-{number}", Direction.WEB_TO_SIP) as it:
            told = ""
            try:
                body = (await it.offer(bodies.offer(Leg.WEB), flags=Flags(codec={"strip": [unwanted]}))).sdp
            except FlagsIgnored as error:
                told, body = str(error), sdp.drop_codecs(error.reply.sdp, [unwanted])
            assert not told or "sdp.drop_codecs" in told
            assert not any(codec.matches(unwanted) for codec in sdp.parse(body).media[0].codecs)


async def test_a_body_with_an_empty_first_line(client: Client) -> None:
    body = "\r\n" + bodies.offer(Leg.SIP)
    async with call(client, "blank", Direction.SIP_TO_WEB) as it:
        reply = await it.offer(body)
        assert sdp.web_problems(reply.sdp) == ()
    with pytest.raises((SdpError, EngineError)) as raised:
        await client.offer(sdp=body, call_id="blank-2", from_tag="a")
    # 10.5 and 12.5 say "ok" and return no body; the others refuse it.
    assert "empty line" in str(raised.value) or "SDP" in str(raised.value)
    assert "reply" not in str(raised.value)


async def test_between_two_phones_nothing_is_cleaned(client: Client) -> None:
    lines = ["a=rtcp-fb:96 nack pli", "a=rtcp-fb:* trr-int 1000", "a=mid:v", "a=ssrc:4711 cname:x", "a=x-own:kept"]
    video = VIDEO.replace("RTP/AVP", "RTP/AVPF") + "".join(f"{line}\r\n" for line in lines)
    async with call(client, "feedback", Direction.SIP_TO_SIP) as it:
        to_callee = (await it.offer(phone("8", more=video))).sdp
        assert set(lines) <= set(to_callee.splitlines())
        answer = phone("8", port=41000, more=video)
        assert set(lines) <= set((await it.answer(answer, by="b")).sdp.splitlines())


async def test_a_browser_s_feedback_stays_where_the_phone_s_profile_has_it(client: Client) -> None:
    for transport, stays in (("RTP/AVPF", True), ("RTP/AVP", False)):
        profile = profiles.MODERN.evolve(sip_transport=transport)  # type: ignore[arg-type]
        async with call(client, f"feedback-{stays}", Direction.WEB_TO_SIP, profile=profile) as it:
            media = sdp.parse((await it.offer(bodies.offer(Leg.WEB))).sdp).media[0]
            assert media.has("rtcp-fb") is stays
            assert not media.has("mid")
