"""The rig itself: parties that talk to each other with no daemon between them, to know that it tells the truth."""

from __future__ import annotations

import asyncio
import random
import re
from array import array

import pytest

from rtpe_ng import sdp
from rtpe_ng.legs import Leg
from rtpe_ng.testing import bodies
from tests.media.rig.browser import Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import Party, Refused, hear_each_other, hears, hears_nothing
from tests.media.rig.tones import RATE, TONES, pcmu_decode, pcmu_encode, pcmu_second_of, second_of, tones_in

pytestmark = pytest.mark.anyio


def test_pcmu_is_that_of_the_standard() -> None:
    assert pcmu_decode(bytes([0xFF, 0x80, 0x00, 0xFE, 0xF0, 0x8F])) == [0, 32124, -32124, 8, 120, 16764]
    codes = bytes(code for code in range(256) if code != 0x7F)  # which is a second zero
    assert pcmu_encode(pcmu_decode(codes)) == codes
    assert pcmu_encode([32767, -32768, 3, 5]) == bytes([0x80, 0x00, 0xFF, 0xFE])


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_is_told_from_the_others(tone: int) -> None:
    moment = pcmu_decode(pcmu_second_of(tone)[100:740])
    assert tones_in(moment, RATE) == {tone}
    assert tones_in(second_of(tone, 48_000)[:2048], 48_000) == {tone}


def test_two_tones_are_two_and_noise_is_none() -> None:
    both = [one + other for one, other in zip(second_of(440)[:640], second_of(1400)[:640], strict=True)]
    assert tones_in(both, RATE) == {440, 1400}
    chance = random.Random(1)
    assert tones_in([chance.randrange(-3000, 3000) for _ in range(640)], RATE) == frozenset()
    assert tones_in(array("h", bytes(1280)), RATE) == frozenset()
    assert tones_in(second_of(440)[:100], RATE) == frozenset()


async def connect(caller: Party, callee: Party) -> None:
    await caller.accept(await callee.answer(await caller.offer()))


@pytest.fixture(params=["phones", "browsers", "aiortc", "a browser and aiortc"])
async def pair(request: pytest.FixtureRequest, parties: Parties, chromium: Chromium) -> tuple[Party, Party]:
    """Two parties of a kind, and two of different kinds, not connected yet."""
    match request.param:
        case "phones":
            return await parties.phone(660), await parties.phone(1000)
        case "browsers":
            return await parties.browser(chromium, 660), await parties.browser(chromium, 1000)
        case "aiortc":
            return await parties.aiortc(660), await parties.aiortc(1000)
    return await parties.browser(chromium, 660), await parties.aiortc(1000)


async def test_hold_and_resume(pair: tuple[Party, Party]) -> None:
    one, other = pair
    await connect(one, other)
    await hear_each_other(one, other)
    await one.direct("sendonly")
    await connect(one, other)
    await asyncio.gather(hears(other, one), hears_nothing(one))
    await one.direct("inactive")
    await connect(one, other)
    await asyncio.gather(hears_nothing(other), hears_nothing(one))
    await one.direct("sendrecv")
    await connect(one, other)
    await hear_each_other(one, other)
    # Who answers may hold, too.
    await other.direct("inactive")
    await connect(one, other)
    await asyncio.gather(hears_nothing(other), hears_nothing(one))


async def test_the_counters_belong_together(pair: tuple[Party, Party]) -> None:
    one, other = pair
    await connect(one, other)
    await hear_each_other(one, other, packets=25)
    for speaker, listener in (pair, pair[::-1]):
        received = (await listener.packets()).received
        after = await speaker.packets()
        assert 25 <= received <= after.sent <= after.sent_in_all


async def test_what_is_not_so_is_not_heard(parties: Parties) -> None:
    one, other, third = [await parties.phone(tone) for tone in (440, 660, 1000)]
    await connect(one, other)
    await hear_each_other(one, other)
    with pytest.raises(AssertionError, match=r"<Phone 440 Hz> should hear <Phone 1000 Hz> .*frozenset\(\{660\}\)"):
        await hears(one, third, packets=1, within=0.3)
    with pytest.raises(AssertionError, match="should hear nothing"):
        await hears_nothing(one, within=0.5)
    with pytest.raises(AssertionError, match="packets=0"):
        await hears(third, one, within=0.1)


async def test_a_phone_offers_late_moves_and_counts_its_versions(parties: Parties) -> None:
    one, other = await parties.phone(440), await parties.phone(660)
    offer = await one.offer()
    early = await other.answer(offer)
    await one.accept(early)
    await hear_each_other(one, other)
    assert await other.answer(offer) == early
    await other.move()
    final = await other.answer(offer)
    before, after = sdp.parse(early), sdp.parse(final)
    assert before.media[0].port != after.media[0].port
    assert before.origin is not None
    assert after.origin is not None
    assert int(after.origin.session_version) == int(before.origin.session_version) + 1
    # Not told yet, the caller sends to where nobody is.
    await hears_nothing(other)
    await one.accept(final)
    await hear_each_other(one, other)


async def test_a_phone_answers_what_it_is_offered(parties: Parties) -> None:
    phone = await parties.phone(440)
    await phone.direct("recvonly")
    answer = sdp.parse(await phone.answer(bodies.offer(Leg.SIP).replace("101", "96"))).media[0]
    assert (answer.formats, answer.direction) == (("0", "96"), "recvonly")
    with pytest.raises(Refused, match="PCMU"):
        await phone.answer(bodies.offer(Leg.SIP).replace("RTP/AVP 0 8", "RTP/AVP 8"))
    with pytest.raises(Refused, match="PCMU"):
        await phone.accept(bodies.offer(Leg.SIP).replace("RTP/AVP 0 8", "RTP/AVP 8"))
    with pytest.raises(Refused, match="audio"):
        await phone.answer(bodies.offer(Leg.SIP).replace("m=audio", "m=video"))


async def test_a_browser_restarts_ice(parties: Parties, chromium: Chromium) -> None:
    one, other = await parties.browser(chromium, 660), await parties.browser(chromium, 1000)
    first = await one.offer()
    await one.accept(await other.answer(first))
    await hear_each_other(one, other)
    assert await one.state() == "connected"
    again, restarted = await one.offer(), await one.offer(ice_restart=True)
    ufrags = [sdp.parse(body).media[0].ice_ufrag for body in (first, again, restarted)]
    assert ufrags[0] == ufrags[1] != ufrags[2]
    assert "127.0.0.1" in {candidate.address for candidate in sdp.parse(restarted).media[0].candidates}
    await one.accept(await other.answer(restarted))
    await hear_each_other(one, other)


async def test_a_browser_takes_early_media_and_rolls_back(parties: Parties, chromium: Chromium) -> None:
    one, other = await parties.browser(chromium, 660), await parties.browser(chromium, 1000)
    answer = await other.answer(await one.offer())
    await one.accept(answer, provisional=True)
    await hear_each_other(one, other)
    await one.accept(answer)
    await hear_each_other(one, other)
    await one.offer()
    await one.rollback()
    with pytest.raises(Refused, match=r"InvalidStateError: .*wrong state: stable"):
        await one.accept(answer)
    await connect(other, one)
    await hear_each_other(one, other)


async def test_a_browser_says_what_it_refuses(parties: Parties, chromium: Chromium) -> None:
    offer = await (await parties.browser(chromium, 660)).offer()
    assert await chromium.accepts(offer) is None
    refusal = await chromium.accepts(offer.replace("a=rtcp-mux\r\n", ""))
    assert refusal is not None
    assert refusal.startswith("InvalidAccessError: Failed to execute 'setRemoteDescription'")
    assert "rtcp-mux must be enabled" in refusal
    party = await parties.browser(chromium, 1000)
    with pytest.raises(Refused, match="Called with SDP without DTLS fingerprint"):
        await party.answer(re.sub("a=fingerprint:.*\r\n", "", offer))

    async def answered(offer: str) -> str:
        return await party.answer(offer)

    async def answered_without_ice(offer: str) -> str:
        other = await parties.browser(chromium, 1000)
        return sdp.remove_ice(await other.answer(offer))

    assert await chromium.accepts_answer(answered) is None
    assert "ice-ufrag" in str(await chromium.accepts_answer(answered_without_ice))


@pytest.mark.parametrize(
    ("line", "text"), [("a=rtcp-mux\r\n", "RTCP mux is not enabled"), ("a=ice-pwd:", "ICE username fragment")]
)
async def test_aiortc_says_what_it_refuses(parties: Parties, line: str, text: str) -> None:
    one, other = await parties.aiortc(660), await parties.aiortc(1000)
    with pytest.raises(Refused, match=text):
        await other.answer((await one.offer()).replace(line, "" if line.endswith("\n") else "a=x:"))
