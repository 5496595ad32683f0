"""A call goes on in another process: its state is a string, and the daemon knows the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from rtpe_ng import Client
from rtpe_ng.testing import Rtpengine
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def another(any_daemon: Rtpengine) -> AsyncIterator[Client]:
    """A client as another process would have one: it shares nothing with the first."""
    async with Client(any_daemon.url) as client:
        yield client


async def test_between_two_requests(client: Client, another: Client, talk: Talk) -> None:
    caller, callee = talk.caller, talk.callee
    async with talk.call:
        await talk.connect()
        await hear_each_other(caller, callee)
        state = talk.call.state
        talk.call.detach()
    await client.aclose()
    async with another.restore_call(state, delete_delay=0) as call:
        await hear_each_other(caller, callee)
        talk = replace(talk, call=call)
        for party in (callee, caller):
            await talk.negotiate(party)
            await hear_each_other(caller, callee)
        await talk.restart_ice(talk.web)
        await hear_each_other(caller, callee)
    assert call.call_id not in (await another.list(limit=500)).calls


async def test_between_an_offer_and_its_answer(another: Client, talk: Talk) -> None:
    caller, callee = talk.caller, talk.callee
    offer = await talk.offer(caller)
    state = talk.call.state
    talk.call.detach()
    async with another.restore_call(state, delete_delay=0) as call:
        talk = replace(talk, call=call)
        await talk.answer(callee, await callee.answer(offer))
        await hear_each_other(caller, callee)
        await talk.negotiate(callee)
        await hear_each_other(caller, callee)


@pytest.mark.parametrize("tags", [("a", "b"), ("b", "a")], ids=["the caller offers", "the callee offers"])
async def test_by_a_record_route(another: Client, talk: Talk, tags: tuple[str, str]) -> None:
    """A Record-Route is of the INVITE: what it carries was true before the answer."""
    caller, callee = talk.caller, talk.callee
    offer = await talk.offer(caller)
    state = talk.call.state
    await talk.answer(callee, await callee.answer(offer))
    await hear_each_other(caller, callee)
    talk.call.detach()
    async with another.restore_call(state, within=tags, delete_delay=0) as call:
        talk = replace(talk, call=call)
        await talk.negotiate(caller if tags[0] == "a" else callee)
        await hear_each_other(caller, callee)
