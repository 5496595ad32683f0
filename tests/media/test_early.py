"""Answers before the 200: early media of a 183, and what a reliable 183 makes possible."""

from __future__ import annotations

import pytest

from rtpe_ng import Direction
from tests.media.rig.party import hear_each_other
from tests.media.rig.phone import Phone
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP, Direction.SIP_TO_WEB, Direction.WEB_TO_WEB], ids=str)
async def test_several_183_and_a_200(talk: Talk) -> None:
    caller, callee = talk.caller, talk.callee
    body = await callee.answer(await talk.offer(caller))
    for _ in range(2):
        await talk.answer(callee, body, provisional=True)
        await hear_each_other(caller, callee)
    await talk.answer(callee, body)
    await hear_each_other(caller, callee)
    await talk.negotiate(callee)
    await hear_each_other(caller, callee)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP, Direction.SIP_TO_SIP], ids=str)
async def test_the_200_comes_from_another_port(talk: Talk) -> None:
    """An announcement first, then the phone itself: two machines behind one To tag."""
    caller, phone = talk.caller, talk.callee
    assert isinstance(phone, Phone)
    offer = await talk.offer(caller)
    await talk.answer(phone, await phone.answer(offer), provisional=True)
    await hear_each_other(caller, phone)
    await phone.move()
    await talk.answer(phone, await phone.answer(offer))
    await hear_each_other(caller, phone)


async def test_an_update_before_the_200(talk: Talk) -> None:
    """A 183 that is sent reliably (RFC 3262) answers for good, so either may offer before the 200 (RFC 3311)."""
    caller, callee = talk.caller, talk.callee
    await talk.connect()
    await hear_each_other(caller, callee)
    if callee is talk.phone:
        await talk.phone.move()
    await talk.negotiate(callee)
    await hear_each_other(caller, callee)
    await talk.negotiate(caller)
    await hear_each_other(caller, callee)
