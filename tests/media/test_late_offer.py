"""An INVITE without a body: the callee offers in its 200, the caller answers in its ACK."""

from __future__ import annotations

import pytest

from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


async def test_the_callee_offers(talk: Talk) -> None:
    await talk.negotiate(talk.callee)
    assert talk.call.to_tag == "b"
    await hear_each_other(talk.caller, talk.callee)
    await talk.negotiate(talk.caller)
    await hear_each_other(talk.caller, talk.callee)
    await talk.negotiate(talk.callee)
    await hear_each_other(talk.caller, talk.callee)
