"""The browser's page is reloaded: same dialogue, same tag, but another certificate and another connection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rtpe_ng import Direction
from tests.media.rig.browser import Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP, Direction.SIP_TO_WEB, Direction.WEB_TO_WEB], ids=str)
async def test_media_goes_on(talk: Talk, parties: Parties, chromium: Chromium) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    left = talk.web
    await left.close()
    web = await parties.browser(chromium, 1400)
    talk = replace(talk, caller=web) if left is talk.caller else replace(talk, callee=web)
    await talk.negotiate(web)
    await hear_each_other(talk.caller, talk.callee)
