"""Who takes part changes: an early dialogue is followed by another, a party is replaced, a Call-ID passes twice."""

from __future__ import annotations

import pytest

from rtpe_ng import Call, Client, Direction, Leg
from tests.media.rig.browser import Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import Party, hear_each_other, hears, hears_nothing
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio

WEB, SIP = Leg.WEB, Leg.SIP


@pytest.mark.parametrize(
    ("direction", "provisional"),
    [(Direction.WEB_TO_SIP, True), (Direction.WEB_TO_SIP, False), (Direction.SIP_TO_SIP, True)],
    ids=["web→sip, 183", "web→sip, reliable 183", "sip→sip, 183"],
)
async def test_a_183_and_the_200_have_two_to_tags(
    call: Call, direction: Direction, provisional: bool, parties: Parties, chromium: Chromium
) -> None:
    caller = await parties.of(direction.caller, chromium, 660)
    ringback, agent = [await parties.of(direction.callee, chromium, tone) for tone in (1000, 1400)]
    early, final = Talk(call, caller, ringback, "ringback"), Talk(call, caller, agent, "agent")
    offer = await early.offer(caller)
    await early.answer(ringback, await ringback.answer(offer), provisional=provisional)
    await hears(caller, ringback)
    await ringback.close()
    answer = await agent.answer(offer)
    if provisional or direction.caller is SIP:
        await final.answer(agent, answer)
    else:
        # A browser has no pranswer after an answer: the one at the browser's end sends it a re-INVITE instead.
        await call.answer(answer, by="agent")
        await final.negotiate(agent)
    await hear_each_other(caller, agent)
    for party in (agent, caller):
        await final.negotiate(party)
        await hear_each_other(caller, agent)


TRANSFERS = [
    # Who is the caller, who the callee, which of them is replaced, by what, and whether the one that comes offers.
    (WEB, SIP, "callee", SIP, True),
    (WEB, SIP, "callee", SIP, False),
    (WEB, SIP, "callee", WEB, False),
    (SIP, WEB, "caller", SIP, True),
    (WEB, SIP, "caller", WEB, True),
    (SIP, SIP, "callee", SIP, False),
]


@pytest.mark.parametrize(
    ("caller", "callee", "place", "leg", "comer_offers"),
    TRANSFERS,
    ids=[f"{one}→{two}, {leg} for {place}{', offers' * offers}" for one, two, place, leg, offers in TRANSFERS],
)
async def test_a_party_is_replaced(
    client: Client,
    parties: Parties,
    chromium: Chromium,
    request: pytest.FixtureRequest,
    caller: Leg,
    callee: Leg,
    place: str,
    leg: Leg,
    comer_offers: bool,
) -> None:
    direction = Direction.of(caller, callee)
    async with client.call(request.node.name, from_tag="a", direction=direction, delete_delay=0) as call:
        talk = Talk(call, await parties.of(caller, chromium, 660), await parties.of(callee, chromium, 1000))
        await talk.connect()
        await hear_each_other(talk.caller, talk.callee)
        comer = await parties.of(leg, chromium, 1400)
        left, stays = (talk.callee, talk.caller) if place == "callee" else (talk.caller, talk.callee)
        call.transfer(talk.tag(left), to="c", leg=leg)
        after = Talk(call, talk.caller, comer, "c") if place == "callee" else Talk(call, comer, talk.callee)
        await after.negotiate(comer if comer_offers else stays)
        # The daemon still mixes in the one that leaves, if it is a phone, until its BYE.
        await hears_nothing(left)
        await left.close()
        await hear_each_other(stays, comer)
        for party in (stays, comer):
            await after.negotiate(party)
            await hear_each_other(stays, comer)


async def test_a_call_id_passes_twice(
    client: Client, parties: Parties, chromium: Chromium, request: pytest.FixtureRequest
) -> None:
    """A browser calls an application server, which calls another browser under the same Call-ID."""
    async with (
        client.call(request.node.name, from_tag="a", direction=Direction.WEB_TO_SIP, delete_delay=0) as first,
        client.call(
            request.node.name, from_tag="a", direction=Direction.SIP_TO_WEB, delete_delay=0, pass_id="2"
        ) as second,
    ):
        caller, callee = await parties.of(WEB, chromium, 660), await parties.of(WEB, chromium, 1000)

        async def pass_on(offerer: Party, answerer: Party, one: Call, other: Call, tag: str) -> None:
            body = (await one.offer(await offerer.offer(), by=tag)).sdp
            body = (await other.offer(body, by=tag)).sdp
            back = "b" if tag == "a" else "a"
            body = (await other.answer(await answerer.answer(body), by=back)).sdp
            await offerer.accept((await one.answer(body, by=back)).sdp)

        await pass_on(caller, callee, first, second, "a")
        await hear_each_other(caller, callee)
        await pass_on(callee, caller, second, first, "b")
        await hear_each_other(caller, callee)
