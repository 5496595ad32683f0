"""A phone goes on from another port in the middle of the call, in an offer of its own and in an answer."""

from __future__ import annotations

import pytest

from rtpe_ng import Direction
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP, Direction.SIP_TO_WEB, Direction.SIP_TO_SIP], ids=str)
async def test_media_follows(talk: Talk) -> None:
    phone = talk.phone
    other = talk.other(phone)
    await talk.connect()
    await hear_each_other(phone, other)
    await phone.move()
    await talk.negotiate(phone)
    await hear_each_other(phone, other)
    await phone.move()
    await talk.negotiate(other)
    await hear_each_other(phone, other)
