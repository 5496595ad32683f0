"""Handles of parties whose SIP tags are not those of the daemon: commands reach the right one on every engine."""

from __future__ import annotations

import pytest

from rtpe_ng import Client, Direction, Leg, UsageError
from rtpe_ng.testing import bodies
from tests.support.engines import AnyEngine

pytestmark = pytest.mark.anyio


async def test_a_party_is_found_under_its_last_tag_and_after_a_transfer(any_engine: AnyEngine) -> None:
    async with (
        Client(any_engine.url) as client,
        client.call(
            "second", from_tag="alice", direction=Direction.SIP_TO_SIP, delete_delay=0, pass_id="2"
        ) as call,
    ):
        sent = await call.offer(bodies.offer(Leg.SIP))
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="early", provisional=True)
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="bob")
        bob = call.party("bob")
        with pytest.raises(UsageError, match="'early' is no party of the call; it knows 'alice' and 'bob'"):
            call.party("early")
        # An unknown tag would be an error of each of these.
        await bob.block_media(flows="offer-answer")
        await bob.unblock_media(flows="offer-answer")
        async with bob.silenced(), bob.dtmf_blocked(), bob.forwarding(), call.recording(), call.blocked():
            assert set((await call.query()).parties) == {"alice", "bob"}
        assert set((await bob.query()).parties) == {"alice", "bob"}
        async with bob.subscription(siprec=True, to_tag="srs") as subscription:
            assert subscription.from_tags == ("bob",)
            assert {media.tag for media in subscription.reply.labels.values()} == {"bob"}

        call.transfer("bob", to="carol")
        sent = await call.offer(bodies.offer(Leg.SIP, version=2), by="carol")
        await call.answer(bodies.answer(Leg.SIP, sent.sdp, version=2))
        with pytest.raises(UsageError, match="'bob' is no party of the call; it knows 'alice' and 'carol'"):
            await bob.block_media()
        await call.party("carol").block_media()
        assert {"alice", "carol"} <= set((await call.query()).parties)


async def test_the_end_of_a_call_tells_its_parties(any_engine: AnyEngine) -> None:
    async with Client(any_engine.url) as client:
        call = client.call("last", from_tag="alice", direction=Direction.SIP_TO_SIP)
        sent = await call.offer(bodies.offer(Leg.SIP))
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="early", provisional=True)
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="bob")
        last = await call.delete(delay=30)
        await client.delete(call_id="last", delete_delay=0)
    assert last is not None
    # 10.5 tells the end of a call whose parties have changed to nobody.
    assert set(last.parties) == (set() if any_engine.version.startswith("10.") else {"alice", "bob"})
