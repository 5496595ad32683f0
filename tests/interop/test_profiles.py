"""The flag sets on real daemons and embedded engines: what comes out in each direction, offer, answer, re-offer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from rtpe_ng import Call, Client, Direction, Profile, profiles, sdp
from rtpe_ng.legs import Leg
from rtpe_ng.testing import bodies
from tests.support.engines import AnyEngine

pytestmark = pytest.mark.anyio

MODERN, ARTICLE = profiles.MODERN, profiles.ARTICLE
SRTP_PHONES = MODERN.evolve(sip_transport="RTP/SAVP")
DIRECTIONS = list(Direction)


@pytest.fixture
async def client(any_engine: AnyEngine) -> AsyncIterator[Client]:
    async with Client(any_engine.url) as client:
        yield client


def audio(body: str) -> sdp.Media:
    (media,) = sdp.parse(body).media
    assert media.type == "audio"
    return media


def address(media: sdp.Media) -> str | None:
    return media.connection.address if media.connection else None


def is_for_web(body: str, *, protocol: str, setup: set[str]) -> None:
    """Insist on what a browser insists on (RFC 8829), and that nothing of the other side is in it."""
    media = audio(body)
    assert media.protocol == protocol
    assert len(media.ice_pwd or "") >= 22
    assert media.candidates
    assert {candidate.address for candidate in media.candidates} == {"127.0.0.1"}
    assert media.rtcp_mux
    assert [it.hash_function for it in media.fingerprints] == ["sha-256"]
    assert media.setup in setup
    assert "crypto" not in body
    assert address(media) == "127.0.0.1"
    assert sdp.web_problems(body) == ()
    assert sdp.is_webrtc(body)
    assert media.port > 0


def is_for_phone(body: str, *, protocol: str = "RTP/AVP") -> None:
    """Insist that no ICE, DTLS or rtcp-mux is left, and that SDES is there exactly if the protocol wants it."""
    media = audio(body)
    assert media.protocol == protocol
    for name in ("ice-ufrag", "ice-pwd", "candidate", "rtcp-mux", "fingerprint", "setup"):
        assert not media.effective(name), name
    assert ("crypto" in body) == (protocol == "RTP/SAVP")
    assert address(media) == "127.0.0.1"
    assert media.port > 0


async def take(client: Client, profile: Profile, direction: Direction) -> dict[str, str]:
    """Take a call as a gateway would; return what each message became."""
    name = f"{profile.name} {direction}"
    async with client.call(name, from_tag="a", direction=direction, profile=profile, delete_delay=0) as call:
        offer = await call.offer(bodies.offer(direction.caller))
        answer = await call.answer(bodies.answer(direction.callee, offer.sdp), by="b")
        reoffer = await call.offer(bodies.offer(direction.callee, version=2), by="b")
        reanswer = await call.answer(bodies.answer(direction.caller, reoffer.sdp, version=2, setup="passive"))
        assert set((await call.query()).tags) == {"a", "b"}
    assert name not in (await client.list(limit=500)).calls
    return {"offer": offer.sdp, "answer": answer.sdp, "re-offer": reoffer.sdp, "re-answer": reanswer.sdp}


@pytest.mark.parametrize("direction", DIRECTIONS, ids=str)
async def test_modern_gives_each_leg_what_it_needs(client: Client, direction: Direction) -> None:
    became = await take(client, MODERN, direction)
    for message, leg in (
        ("offer", direction.callee),
        ("answer", direction.caller),
        ("re-offer", direction.caller),
        ("re-answer", direction.callee),
    ):
        if leg is Leg.WEB:
            roles = {"actpass"} if message.endswith("offer") else {"active", "passive"}
            is_for_web(became[message], protocol="UDP/TLS/RTP/SAVPF", setup=roles)
            assert audio(became[message]).attribute("mid") is not None
        else:
            is_for_phone(became[message])
            assert "a=extmap:" not in became[message]


# What the article's sets make of the protocol of each message that goes to a browser.
ARTICLE_PROTOCOLS = {
    (Direction.WEB_TO_WEB, "offer"): "UDP/TLS/RTP/SAVPF",
    (Direction.WEB_TO_WEB, "answer"): "UDP/TLS/RTP/SAVPF",
    (Direction.WEB_TO_WEB, "re-offer"): "UDP/TLS/RTP/SAVPF",
    (Direction.WEB_TO_WEB, "re-answer"): "UDP/TLS/RTP/SAVPF",
    (Direction.WEB_TO_SIP, "answer"): "RTP/SAVPF",
    (Direction.WEB_TO_SIP, "re-offer"): "UDP/TLS/RTP/SAVP",
    (Direction.SIP_TO_WEB, "offer"): "UDP/TLS/RTP/SAVP",
    (Direction.SIP_TO_WEB, "re-answer"): "RTP/SAVPF",
}


@pytest.mark.parametrize("direction", DIRECTIONS, ids=str)
async def test_the_article_gives_each_leg_what_it_says(client: Client, direction: Direction) -> None:
    for message, body in (await take(client, ARTICLE, direction)).items():
        if protocol := ARTICLE_PROTOCOLS.get((direction, message)):
            roles = {"actpass"} if message.endswith("offer") else {"active", "passive"}
            is_for_web(body, protocol=protocol, setup=roles)
        else:
            is_for_phone(body)


async def test_the_article_adds_codecs_toward_the_web(client: Client) -> None:
    became = await take(client, ARTICLE, Direction.SIP_TO_WEB)
    assert "G722/8000" in became["offer"]


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP, Direction.SIP_TO_WEB], ids=str)
async def test_srtp_phones_get_sdes_and_browsers_dtls(client: Client, direction: Direction) -> None:
    became = await take(client, SRTP_PHONES, direction)
    if direction is Direction.WEB_TO_SIP:
        is_for_phone(became["offer"], protocol="RTP/SAVP")
        is_for_web(became["answer"], protocol="UDP/TLS/RTP/SAVPF", setup={"active"})
    else:
        is_for_web(became["offer"], protocol="UDP/TLS/RTP/SAVPF", setup={"actpass"})
        is_for_phone(became["re-offer"], protocol="RTP/SAVP")


async def test_two_srtp_phones_keep_their_srtp(client: Client) -> None:
    async with client.call("srtp", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0) as call:
        sent = await call.offer(bodies.offer(Leg.SIP, protocol="RTP/SAVP"))
        assert (audio(sent.sdp).protocol, "a=crypto:1 " in sent.sdp) == ("RTP/SAVP", True)
        back = await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        is_for_phone(back.sdp, protocol="RTP/SAVP")


async def test_the_reversed_direction_is_what_makes_the_re_offer_right(client: Client) -> None:
    """The mistake that costs days: the flags of the call's own direction on the callee's re-INVITE."""
    direction = Direction.WEB_TO_SIP
    async with client.call("wrong", from_tag="a", direction=direction, delete_delay=0) as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        wrong = await client.offer(
            sdp=bodies.offer(Leg.SIP, version=2),
            call_id="wrong",
            from_tag="b",
            to_tag="a",
            flags=MODERN.offer_flags(direction),
        )
        assert audio(wrong.sdp).protocol == "RTP/AVP"
        right = await call.offer(bodies.offer(Leg.SIP, version=3), by="b")
        is_for_web(right.sdp, protocol="UDP/TLS/RTP/SAVPF", setup={"actpass"})


def interface(call: Call, body: str) -> str:
    return {"127.0.0.1": "pub", "127.0.0.2": "priv"}[str(address(audio(body)))]


async def test_interfaces_swap_with_the_direction(client: Client) -> None:
    async with client.call(
        "interfaces",
        from_tag="a",
        direction=Direction.WEB_TO_SIP,
        interfaces={Leg.WEB: "pub", Leg.SIP: "priv"},
        delete_delay=0,
    ) as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        back = await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        again = await call.offer(bodies.offer(Leg.SIP, version=2), by="b")
        held = await call.answer(bodies.answer(Leg.WEB, again.sdp, version=2, setup="passive"))
        shown = [interface(call, reply.sdp) for reply in (sent, back, again, held)]
    assert shown == ["priv", "pub", "pub", "priv"]
