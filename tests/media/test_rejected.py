"""Offers within a call that come to nothing: rejected ones, and two at once."""

from __future__ import annotations

import pytest

from rtpe_ng import UsageError
from tests.media.rig.browser import BrowserPeer
from tests.media.rig.party import Party, hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio

SIDE = pytest.mark.parametrize("side", ["caller", "callee"])


async def connect(talk: Talk) -> None:
    """Take the call, and negotiate once more: a browser that only answered does not survive its own rollback."""
    await talk.connect()
    await talk.negotiate(talk.caller)
    await hear_each_other(talk.caller, talk.callee)


async def take_back(party: Party) -> None:
    if isinstance(party, BrowserPeer):
        await party.rollback()


@SIDE
async def test_a_reinvite_is_rejected(talk: Talk, side: str) -> None:
    offerer = talk.caller if side == "caller" else talk.callee
    other = talk.other(offerer)
    await connect(talk)
    await talk.offer(offerer)
    talk.call.rollback()
    await take_back(offerer)
    await hear_each_other(offerer, other)
    for party in (offerer, other):
        await talk.negotiate(party)
        await hear_each_other(offerer, other)


@SIDE
async def test_who_rejected_offers_next(talk: Talk, side: str) -> None:
    """The daemon forgets the DTLS roles with the rejected offer, and has to be told them."""
    offerer = talk.caller if side == "caller" else talk.callee
    await connect(talk)
    await talk.offer(offerer)
    talk.call.rollback()
    await take_back(offerer)
    await talk.negotiate(talk.other(offerer))
    await hear_each_other(talk.caller, talk.callee)


@SIDE
async def test_a_rejected_hold_lasts_until_the_next_offer(talk: Talk, side: str) -> None:
    """The daemon goes by what was offered, at once, and nothing tells it of a rejection."""
    offerer = talk.caller if side == "caller" else talk.callee
    await connect(talk)
    await offerer.direct("inactive")
    await talk.offer(offerer)
    talk.call.rollback()
    await take_back(offerer)
    await offerer.direct("sendrecv")
    await talk.negotiate(offerer)
    await hear_each_other(talk.caller, talk.callee)


async def test_both_offer_at_once(talk: Talk) -> None:
    caller, callee = talk.caller, talk.callee
    await connect(talk)
    offer = await talk.offer(caller)
    with pytest.raises(UsageError, match="491"):
        await talk.offer(callee)
    await take_back(callee)
    await hear_each_other(caller, callee)
    await talk.answer(callee, await callee.answer(offer))
    await hear_each_other(caller, callee)
    await talk.negotiate(callee)
    await hear_each_other(caller, callee)


async def test_both_offer_at_once_and_both_give_way(talk: Talk) -> None:
    caller, callee = talk.caller, talk.callee
    await connect(talk)
    await talk.offer(callee)
    with pytest.raises(UsageError, match="491"):
        await talk.offer(caller)
    talk.call.rollback()
    for party in (caller, callee):
        await take_back(party)
    await hear_each_other(caller, callee)
    # The one that owns the Call-ID waits longer (RFC 3261, section 14.1).
    await talk.negotiate(callee)
    await hear_each_other(caller, callee)
