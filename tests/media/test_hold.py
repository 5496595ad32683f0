"""Hold and resume, by each side."""

from __future__ import annotations

import asyncio

import pytest

from rtpe_ng import Direction
from tests.media.rig.party import hear_each_other, hears, hears_nothing
from tests.media.rig.phone import ADDRESS
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP, Direction.SIP_TO_WEB, Direction.WEB_TO_WEB], ids=str)
@pytest.mark.parametrize("side", ["caller", "callee"])
async def test_one_side_holds_and_resumes(talk: Talk, side: str) -> None:
    holder = talk.caller if side == "caller" else talk.callee
    held = talk.other(holder)
    await talk.connect()
    await hear_each_other(holder, held)
    await holder.direct("sendonly")
    await talk.negotiate(holder)
    await asyncio.gather(hears(held, holder), hears_nothing(holder))
    await holder.direct("inactive")
    await talk.negotiate(holder)
    await asyncio.gather(hears_nothing(held), hears_nothing(holder))
    await holder.direct("sendrecv")
    await talk.negotiate(holder)
    await hear_each_other(holder, held)


async def test_both_hold_and_one_resumes_after_the_other(talk: Talk) -> None:
    one, other = talk.caller, talk.callee
    await talk.connect()
    await one.direct("sendonly")
    await talk.negotiate(one)
    await asyncio.gather(hears(other, one), hears_nothing(one))
    await other.direct("sendonly")
    await talk.negotiate(other)
    await asyncio.gather(hears_nothing(other), hears_nothing(one))
    await one.direct("sendrecv")
    await talk.negotiate(one)
    await asyncio.gather(hears_nothing(other), hears(one, other))
    await other.direct("sendrecv")
    await talk.negotiate(other)
    await hear_each_other(one, other)


async def test_an_old_phone_holds_by_its_address(talk: Talk) -> None:
    """``c=IN IP4 0.0.0.0`` (RFC 2543, appendix B.5): the daemon makes ``sendonly`` of it."""
    phone, web = talk.phone, talk.web
    await talk.connect()
    await hear_each_other(phone, web)
    phone.says_address = "0.0.0.0"
    to_web = await talk.offer(phone)
    assert "a=sendonly" in to_web
    await talk.answer(web, await web.answer(to_web))
    await asyncio.gather(hears(web, phone), hears_nothing(phone))
    phone.says_address = ADDRESS
    await talk.negotiate(phone)
    await hear_each_other(phone, web)
