"""Media in all four directions: each side hears the other through the daemon, and the daemon counts the same."""

from __future__ import annotations

import functools

import pytest

from rtpe_ng import Call, Client, Direction, Flags, Profile, profiles
from rtpe_ng.legs import Leg
from tests.media.rig.browser import Chromium, Codecs
from tests.media.rig.gateway import connect, the_daemon_counts_the_same
from tests.media.rig.parties import Parties
from tests.media.rig.party import Maker, hear_each_other

pytestmark = pytest.mark.anyio

PROFILES = [profiles.MODERN, profiles.ARTICLE]


def call_of(client: Client, direction: Direction, profile: Profile = profiles.MODERN) -> Call:
    return client.call(
        f"{profile.name} {direction}", from_tag="a", direction=direction, profile=profile, delete_delay=0
    )


async def talk(call: Call, web: Maker, phone: Maker) -> None:
    make = {Leg.WEB: web, Leg.SIP: phone}
    caller, callee = await make[call.direction.caller](660), await make[call.direction.callee](1000)
    async with call:
        await connect(call, caller, callee)
        await hear_each_other(caller, callee)
        await the_daemon_counts_the_same(call, caller, callee)


@pytest.mark.parametrize("direction", Direction, ids=str)
@pytest.mark.parametrize("profile", PROFILES, ids=lambda it: it.name)
async def test_chromium(
    client: Client, parties: Parties, chromium: Chromium, profile: Profile, direction: Direction
) -> None:
    browser = functools.partial(parties.browser, chromium)
    await talk(call_of(client, direction, profile), browser, parties.phone)


@pytest.mark.parametrize("direction", [it for it in Direction if it is not Direction.SIP_TO_SIP], ids=str)
@pytest.mark.parametrize("profile", PROFILES, ids=lambda it: it.name)
async def test_aiortc(client: Client, parties: Parties, profile: Profile, direction: Direction) -> None:
    await talk(call_of(client, direction, profile), parties.aiortc, parties.phone)


async def test_a_phone_calls_and_the_browser_gets_opus(
    client: Client, parties: Parties, chromium: Chromium
) -> None:
    phone, browser = await parties.phone(660), await parties.browser(chromium, 1000)
    only_opus = Flags(codec={"mask": ["all"], "transcode": ["opus"]})
    async with call_of(client, Direction.SIP_TO_WEB) as call:
        await connect(call, phone, browser, flags=only_opus)
        await hear_each_other(phone, browser)
        assert await browser.codecs() == Codecs(sent="audio/opus", received="audio/opus")
        await the_daemon_counts_the_same(call, phone, browser)


async def test_a_browser_calls_with_opus_and_the_phone_gets_pcmu(
    client: Client, parties: Parties, chromium: Chromium
) -> None:
    # A browser that offers PCMU as well gets PCMU: the daemon avoids transcoding where it can.
    browser, phone = await parties.browser(chromium, 660, codecs=["opus"]), await parties.phone(1000)
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        await connect(call, browser, phone, flags=Flags(codec={"transcode": ["PCMU"]}))
        await hear_each_other(browser, phone)
        assert await browser.codecs() == Codecs(sent="audio/opus", received="audio/opus")
        await the_daemon_counts_the_same(call, browser, phone)
