"""The traffic of a browser and a phone: what the daemon tells of it is what the two have counted."""

from __future__ import annotations

import pytest

from rtpe_ng import Direction
from rtpe_ng.testing import Rtpengine
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP], ids=str)
async def test_packets_are_those_that_were_sent(any_daemon: Rtpengine, talk: Talk) -> None:
    await talk.connect()
    await hear_each_other(talk.web, talk.phone)
    for speaker, listener in ((talk.web, talk.phone), (talk.phone, talk.web)):
        least = (await listener.packets()).received
        party = (await talk.call.query()).parties[talk.tag(speaker)]
        sent = await speaker.packets()
        # ICE, DTLS and, from the browser, RTCP came on the same port. 10.5 counts all that it sends on.
        most = sent.sent_in_all if any_daemon.version.startswith("10.") else sent.sent
        assert least <= (party.received.packets or 0) <= most
        assert party.medias[0].received == party.received
