"""A browser restarts ICE, because its network changed: the certificate stays, and so must DTLS and the consent."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from rtpe_ng import Call, Client, Direction, Profile, profiles
from rtpe_ng.testing import Rtpengine
from tests.media.rig.browser import BrowserPeer, Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio

DELAY = 0.3
"""For how long a body is under way between the browser and the gateway, in seconds."""
NEAR = profiles.MODERN.evolve(keep_ice=False)
"""The daemon restarts ICE as RFC 8839 says; a browser nearby has the answer before it has checked a path."""


@pytest.fixture
def profile() -> Profile:
    return profiles.MODERN


@pytest.fixture
async def call(
    client: Client, direction: Direction, profile: Profile, request: pytest.FixtureRequest
) -> AsyncIterator[Call]:
    name = request.node.name
    async with client.call(name, from_tag="a", direction=direction, profile=profile, delete_delay=0) as call:
        yield call


@pytest.mark.parametrize("profile", [NEAR], ids=["near"])
async def test_media_goes_on(talk: Talk) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    for _ in range(2):
        await follows(talk, talk.web)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_WEB], ids=str)
@pytest.mark.parametrize("profile", [NEAR], ids=["near"])
async def test_one_browser_after_the_other(talk: Talk) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    for party in (talk.caller, talk.callee):
        assert isinstance(party, BrowserPeer)
        await follows(talk, party)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP], ids=str)
@pytest.mark.parametrize("profile", [profiles.ARTICLE.evolve(keep_dtls=True)], ids=["article"])
async def test_the_article_needs_keep_dtls(talk: Talk) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    await follows(talk, talk.web)


async def follows(talk: Talk, web: BrowserPeer) -> None:
    old = await web.path()
    await talk.restart_ice(web)
    # The 26.0 takes no packet of a browser before it has checked its path: with several, that lasts a while.
    await web.leaves(old)
    await hear_each_other(talk.caller, talk.callee)


async def test_from_afar(call: Call, parties: Parties, chromium: Chromium, any_daemon: Rtpengine) -> None:
    # 10.5 and a browser that a phone has called agree on no role, and a random number decides, unless the browser
    # applies its offer together with the answer.
    late = call.direction is Direction.SIP_TO_WEB and any_daemon.version.startswith("10.")
    talk = await distant(call, parties, chromium)
    for _ in range(2):
        await talk.restart_ice(talk.web, delay=DELAY, late=late)
        await hear_each_other(talk.caller, talk.callee)
    await talk.web.keeps_consent()
    # The credentials that the daemon has kept stay valid in re-INVITEs that restart nothing, whoever sends them.
    for party in (talk.phone, talk.web):
        await talk.negotiate(party)
        await hear_each_other(talk.caller, talk.callee)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP], ids=str)
@pytest.mark.parametrize("profile", [NEAR], ids=["near"])
async def test_from_afar_with_an_offer_that_is_applied_late(
    call: Call, parties: Parties, chromium: Chromium
) -> None:
    talk = await distant(call, parties, chromium)
    await talk.restart_ice(talk.web, delay=DELAY, late=True)
    await talk.web.keeps_consent()
    await hear_each_other(talk.caller, talk.callee)


async def distant(call: Call, parties: Parties, chromium: Chromium) -> Talk:
    """Return the call, taken, with a browser that knows one address of its machine."""
    web, phone = await parties.browser(chromium, 660, one_address=True), await parties.phone(1000)
    talk = Talk(call, web, phone) if call.direction is Direction.WEB_TO_SIP else Talk(call, phone, web)
    await talk.connect()
    await hear_each_other(web, phone)
    return talk
