"""A browser restarts ICE, because its network changed: the certificate stays, and so must DTLS."""

from __future__ import annotations

import pytest

from rtpe_ng import Direction
from tests.media.rig.browser import BrowserPeer
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


async def test_media_goes_on(talk: Talk) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    for _ in range(2):
        # The 26.0 takes no packet of a browser before it has checked its path: with several, that lasts a while.
        await talk.restart_ice(talk.web)
        await hear_each_other(talk.caller, talk.callee)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_WEB], ids=str)
async def test_one_browser_after_the_other(talk: Talk) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    for party in (talk.caller, talk.callee):
        assert isinstance(party, BrowserPeer)
        await talk.restart_ice(party)
        await hear_each_other(talk.caller, talk.callee)
