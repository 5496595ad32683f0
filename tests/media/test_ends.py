"""How a call ends: nothing is heard any more, and the daemon has forgotten it at once."""

from __future__ import annotations

import asyncio

import pytest

from rtpe_ng import Client
from tests.media.rig.party import hear_each_other, hears_nothing
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


async def is_known(client: Client, talk: Talk) -> bool:
    return talk.call.call_id in (await client.list(limit=500)).calls


async def test_a_bye(client: Client, talk: Talk) -> None:
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    await talk.call.delete()
    assert not await is_known(client, talk)
    await asyncio.gather(hears_nothing(talk.caller), hears_nothing(talk.callee))


async def test_a_cancel_or_a_failure_before_any_answer(client: Client, talk: Talk) -> None:
    await talk.offer(talk.caller)
    assert await is_known(client, talk)
    await talk.call.delete()
    assert not await is_known(client, talk)


async def test_a_failure_after_early_media(client: Client, talk: Talk) -> None:
    caller, callee = talk.caller, talk.callee
    await talk.answer(callee, await callee.answer(await talk.offer(caller)), provisional=True)
    await hear_each_other(caller, callee)
    await talk.call.delete()
    assert not await is_known(client, talk)
    await asyncio.gather(hears_nothing(caller), hears_nothing(callee))


async def test_a_cancelled_fork(client: Client, talk: Talk) -> None:
    body = await talk.caller.offer()
    for number in range(2):
        await talk.call.fork(via_branch=f"z9hG4bK-{number}").offer(body)
    assert await is_known(client, talk)
    await talk.call.delete()
    assert not await is_known(client, talk)


async def test_leaving_the_block_before_any_answer(client: Client, talk: Talk) -> None:
    with pytest.raises(RuntimeError, match="487"):  # noqa: PT012
        async with talk.call:
            await talk.offer(talk.caller)
            assert await is_known(client, talk)
            raise RuntimeError("487")
    assert not await is_known(client, talk)
