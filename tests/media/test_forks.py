"""Several callees ring: each is a branch of the call, one wins, and it is heard when the others are gone."""

from __future__ import annotations

import asyncio

import pytest

from rtpe_ng import Call, Client, Direction
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine
from tests.media.rig.browser import BrowserPeer, Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import hear_each_other, hears, hears_nothing
from tests.media.rig.phone import Phone
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio

WEB, SIP = Leg.WEB, Leg.SIP
FORKS = [(WEB, SIP, SIP), (WEB, WEB, WEB), (WEB, SIP, WEB), (SIP, WEB, WEB), (SIP, SIP, WEB)]
LEGS = pytest.mark.parametrize("legs", FORKS, ids=lambda legs: "{}→{}+{}".format(*legs))
WINNER = pytest.mark.parametrize("winner", [0, 1], ids=["the first wins", "the second wins"])


@pytest.fixture
def direction(legs: tuple[Leg, Leg, Leg]) -> Direction:
    return Direction.of(legs[0], legs[1])


@pytest.fixture
async def branches(
    call: Call, legs: tuple[Leg, Leg, Leg], parties: Parties, chromium: Chromium
) -> tuple[Talk, Talk]:
    """A caller and two callees, none of whom has said anything yet."""
    caller = await parties.of(legs[0], chromium, 660)
    first, second = [
        Talk(
            call.fork(via_branch=f"z9hG4bK-{number}", direction=Direction.of(legs[0], leg)),
            caller,
            await parties.of(leg, chromium, tone),
            f"b{number}",
        )
        for number, leg, tone in ((1, legs[1], 1000), (2, legs[2], 1400))
    ]
    return first, second


# Not a phone that wins against one who was early after it, at a browser: once Chromium has heard a second source
# that no SDP names, it drops the packets of the first, for good. Phones are such sources, as they say no a=ssrc; on
# 10.5 a browser that was early after a phone is one, too. Whoever forks to phones lets only one of them be early.
@pytest.mark.parametrize(
    ("legs", "winner"),
    [(legs, winner) for legs in FORKS for winner in (0, 1) if (*legs[:2], winner) != (WEB, SIP, 0)],
    ids=lambda it: "{}→{}+{}".format(*it) if isinstance(it, tuple) else f"{it + 1} wins",
)
async def test_both_are_early(any_daemon: Rtpengine, branches: tuple[Talk, Talk], winner: int) -> None:
    won, lost = branches[winner], branches[1 - winner]
    caller, callee = won.caller, won.callee
    body = await caller.offer()
    offers = [await branch.offer(caller, body) for branch in branches]
    answers = []
    for branch, offer in zip(branches, offers, strict=True):
        answers.append(await branch.callee.answer(offer))
        await branch.answer(branch.callee, answers[-1], provisional=True)
        if branch is branches[0]:
            await hears(caller, branch.callee)
    await won.answer(callee, answers[winner])
    await lost.call.delete()
    if any_daemon.version.startswith("10.") and isinstance(callee, BrowserPeer) and isinstance(lost.callee, Phone):
        # It goes on with the codec of the phone that was early, and garbles the browser's; a re-INVITE helps.
        await won.negotiate(callee)
    await asyncio.gather(hear_each_other(caller, callee), hears_nothing(lost.callee))
    for party in (callee, caller):
        await won.negotiate(party)
        await hear_each_other(caller, callee)


@LEGS
@WINNER
async def test_one_picks_up_while_the_other_rings(branches: tuple[Talk, Talk], winner: int) -> None:
    won, lost = branches[winner], branches[1 - winner]
    caller, callee = won.caller, won.callee
    body = await caller.offer()
    offers = [await branch.offer(caller, body) for branch in branches]
    await won.answer(callee, await callee.answer(offers[winner]))
    await hear_each_other(caller, callee)
    await lost.call.delete()
    await hear_each_other(caller, callee)
    await won.negotiate(callee)
    await hear_each_other(caller, callee)


@pytest.mark.parametrize("legs", [(WEB, SIP, SIP), (SIP, WEB, WEB)], ids=lambda legs: "{}→{}+{}".format(*legs))
async def test_the_end_of_the_winner_is_the_end(client: Client, call: Call, branches: tuple[Talk, Talk]) -> None:
    won, lost = branches
    body = await won.caller.offer()
    offer, _ = [await branch.offer(won.caller, body) for branch in branches]
    await lost.call.delete()
    await won.answer(won.callee, await won.callee.answer(offer))
    await hear_each_other(won.caller, won.callee)
    await call.delete()
    assert call.call_id not in (await client.list(limit=500)).calls
    await asyncio.gather(hears_nothing(won.caller), hears_nothing(won.callee))
