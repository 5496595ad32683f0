"""Every daemon takes the offers and answers that the library builds, in each direction."""

from __future__ import annotations

from typing import Any

import pytest

from rtpe_ng import Client, Direction, Leg, sdp
from tests.support.descriptions import HASH
from tests.support.engines import AnyEngine

pytestmark = pytest.mark.anyio

ICE = {leg: sdp.IceCredentials.generate() for leg in Leg}
CODECS = ["opus", "PCMU", "telephone-event"]
VIDEO: dict[str, Any] = {"type": "video", "codecs": ["VP8"]}


def own(leg: Leg, address: str, port: int) -> dict[str, Any]:
    """Return what an endpoint of this leg has."""
    place: dict[str, Any] = {"address": address, "port": port}
    if leg is Leg.SIP:
        return place
    candidate = f"1 1 udp 2130706431 {address} {port} typ host"
    return {**place, "fingerprint": HASH, "ice": ICE[leg], "candidates": [candidate]}


@pytest.mark.parametrize("direction", Direction, ids=str)
async def test_a_call_of_built_bodies(any_engine: AnyEngine, direction: Direction) -> None:
    async with (
        Client(any_engine.url) as client,
        client.call("built", from_tag="a", direction=direction, delete_delay=0, strict=True) as call,
    ):
        caller, callee = own(direction.caller, "127.0.4.1", 41000), own(direction.callee, "127.0.4.2", 42000)
        invite = sdp.offer(**caller, codecs=CODECS)
        there = await call.offer(invite)
        assert not there.repairs
        ok = sdp.answer(there.sdp, **callee)
        back = await call.answer(ok, by="b")
        assert not back.repairs
        assert sdp.parse(back.sdp).media[0].codecs[0].name == "opus"
        # An announcement by the callee, as a re-answer to the caller's re-offer with video, which is rejected.
        caller["port"] += 2
        more = sdp.offer(added_to=invite, **caller, **VIDEO)
        there = await call.offer(more)
        played = sdp.answer(there.sdp, **callee, codecs=["PCMU"], direction="sendonly", previous=ok)
        back = await call.answer(played)
        sections = sdp.parse(back.sdp).media
        assert [media.is_rejected for media in sections] == [False, True]
        assert (sections[0].direction, [it.name for it in sections[0].codecs]) == ("sendonly", ["PCMU"])


async def test_a_listener_and_a_publisher(any_engine: AnyEngine) -> None:
    async with (
        Client(any_engine.url) as client,
        client.call("heard", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0, strict=True) as call,
    ):
        there = await call.offer(sdp.offer(address="127.0.4.1", port=41000))
        await call.answer(sdp.answer(there.sdp, address="127.0.4.2", port=42000, codecs=["PCMA"]), by="b")
        async with call.subscription() as subscription:
            answer = sdp.answer(subscription.sdp, address="127.0.4.3", port=[43000, 43002])
            assert [media.direction for media in sdp.parse(answer).media] == ["recvonly"] * 2
            await subscription.answer(answer)
            assert subscription.to_tag in (await call.query()).tags
        stage = sdp.offer(address="127.0.4.4", port=44000, direction="sendonly")
        async with client.published(sdp=stage, call_id="stage", from_tag="stage") as published:
            assert sdp.parse(published.sdp).media[0].direction == "recvonly"


async def test_srtp_with_keys_of_ones_own(any_engine: AnyEngine) -> None:
    async with (
        Client(any_engine.url) as client,
        client.call("sdes", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0, strict=True) as call,
    ):
        suites = ["AES_256_CM_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_80"]
        keys = [sdp.Crypto.generate(suite, tag=tag) for tag, suite in enumerate(suites, start=1)]
        there = await call.offer(sdp.offer(address="127.0.4.1", port=41000, crypto=keys))
        ok = sdp.answer(there.sdp, address="127.0.4.2", port=42000, crypto=sdp.Crypto.generate())
        back = await call.answer(ok, by="b")
        (crypto,) = sdp.parse(back.sdp).media[0].cryptos
        assert crypto.suite in suites
