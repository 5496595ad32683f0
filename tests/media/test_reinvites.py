"""Calls that change: the callee holds and resumes, and an INVITE without a body."""

from __future__ import annotations

import asyncio

import pytest

from rig.browser import Chromium
from rig.gateway import connect, reinvite
from rig.parties import Parties
from rig.party import hear_each_other, hears, hears_nothing
from rtpe_ng import Client, Direction

pytestmark = pytest.mark.anyio


async def test_a_phone_holds_the_browser_that_called_it(
    client: Client, parties: Parties, chromium: Chromium
) -> None:
    browser, phone = await parties.browser(chromium, 660), await parties.phone(1000)
    async with client.call("hold", from_tag="a", direction=Direction.WEB_TO_SIP, delete_delay=0) as call:
        await connect(call, browser, phone)
        await hear_each_other(browser, phone)
        await phone.direct("sendonly")
        await reinvite(call, phone, browser, by="b")
        await asyncio.gather(hears(browser, phone), hears_nothing(phone))
        await phone.direct("inactive")
        await reinvite(call, phone, browser, by="b")
        await asyncio.gather(hears_nothing(browser), hears_nothing(phone))
        await phone.direct("sendrecv")
        await reinvite(call, phone, browser, by="b")
        await hear_each_other(browser, phone)


async def test_a_phone_offers_in_its_200(client: Client, parties: Parties, chromium: Chromium) -> None:
    browser, phone = await parties.browser(chromium, 660), await parties.phone(1000)
    async with client.call("late", from_tag="a", direction=Direction.WEB_TO_SIP, delete_delay=0) as call:
        await reinvite(call, phone, browser, by="b")
        assert call.to_tag == "b"
        await hear_each_other(browser, phone)
