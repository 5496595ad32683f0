"""The daemon restarts in the middle of a call: it knows no call, and has another certificate."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from rtpe_ng import Client, Direction, TransportError, UnknownCall, sdp
from rtpe_ng.testing import Rtpengine
from tests.media.rig.browser import BrowserPeer
from tests.media.rig.party import Party, Refused, hear_each_other, hears_nothing
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio

PHONES = pytest.mark.parametrize("direction", [Direction.SIP_TO_SIP], ids=str)
SOON = 10.0
"""Within how many seconds media is back. It takes less than one."""


@pytest.fixture
async def client(own_any_daemon: Rtpengine) -> AsyncIterator[Client]:
    async with Client(own_any_daemon.url) as client:
        yield client


async def restart(daemon: Rtpengine, talk: Talk, client: Client) -> None:
    """Restart the daemon, and see it as a program does."""
    daemon.kill()
    with pytest.raises(TransportError):
        await client.ping()
    daemon.start()
    await client.ping()
    with pytest.raises(UnknownCall):
        await talk.call.query()


async def begin_again(talk: Talk, party: Party) -> None:
    """Let a party offer so that the call goes on at the new daemon."""
    if isinstance(party, BrowserPeer):
        # With candidates in it, the browser stays with the path to the old daemon for seconds.
        body = sdp.drop_candidates(await party.offer(ice_restart=True), transport=["udp", "tcp"])
        await talk.negotiate(party, body)
    else:
        await talk.negotiate(party)


@PHONES
@pytest.mark.parametrize("offerer", ["caller", "callee"])
async def test_between_phones_any_offer_heals(
    own_any_daemon: Rtpengine, client: Client, talk: Talk, offerer: str
) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    await restart(own_any_daemon, talk, client)
    await hears_nothing(talk.caller)
    await hears_nothing(talk.callee)
    await begin_again(talk, talk.caller if offerer == "caller" else talk.callee)
    await hear_each_other(talk.caller, talk.callee, within=SOON)
    assert set((await talk.call.query()).tags) == {"a", "b"}


async def test_a_browser_restarts_ice(own_any_daemon: Rtpengine, client: Client, talk: Talk) -> None:
    web, phone = talk.web, talk.phone
    await talk.connect()
    await hear_each_other(web, phone)
    await restart(own_any_daemon, talk, client)
    await begin_again(talk, web)
    await hear_each_other(web, phone, within=SOON)
    # The DTLS roles are those of a new association, and the call knows it. Otherwise the browser refuses what it is
    # answered after an offer that it rejected.
    await talk.offer(phone)
    talk.call.rollback()
    for party in (web, phone):
        await talk.negotiate(party)
        await hear_each_other(web, phone)
    await talk.restart_ice(web)
    await hear_each_other(web, phone)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_WEB], ids=str)
async def test_between_browsers_the_callee_offers(own_any_daemon: Rtpengine, client: Client, talk: Talk) -> None:
    if own_any_daemon.version.startswith("10."):
        pytest.skip("on a busy machine the DTLS handshake of 10.5 with the caller may end at the daemon alone")
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    await restart(own_any_daemon, talk, client)
    await begin_again(talk, talk.callee)
    await hear_each_other(talk.caller, talk.callee, within=SOON)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP], ids=str)
async def test_a_browser_may_refuse_a_phone_that_offers_first(
    own_any_daemon: Rtpengine, client: Client, talk: Talk
) -> None:
    web, phone = talk.web, talk.phone
    await talk.connect()
    await restart(own_any_daemon, talk, client)
    # The daemon has made up a mid of its own, because the phone has none and it does not know the browser's.
    with pytest.raises(Refused, match="order of m-lines"):
        await web.answer(await talk.offer(phone))
    talk.call.rollback()
    await begin_again(talk, web)
    await hear_each_other(web, phone, within=SOON)
    await talk.negotiate(phone)
    await hear_each_other(web, phone)


@pytest.mark.parametrize("direction", [Direction.SIP_TO_SIP, Direction.SIP_TO_WEB], ids=str)
async def test_between_the_offer_of_a_phone_and_its_answer(
    own_any_daemon: Rtpengine, client: Client, talk: Talk
) -> None:
    caller, callee = talk.caller, talk.callee
    body = await caller.offer()
    answer = await callee.answer(await talk.offer(caller, body))
    await restart(own_any_daemon, talk, client)
    with pytest.raises(UnknownCall):
        await talk.answer(callee, answer)
    # The INVITE's offer once more; to the callee it is a re-INVITE.
    await talk.negotiate(caller, body)
    await hear_each_other(caller, callee, within=SOON)
