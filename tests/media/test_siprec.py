"""A recorder for SIPREC gets a copy of what each party sends, and the labels say which section is whose."""

from __future__ import annotations

import asyncio

import pytest

from rtpe_ng import Client, Direction, Flags, sdp
from tests.media.rig.gateway import connect
from tests.media.rig.parties import Parties
from tests.media.rig.party import hear_each_other, hears, hears_nothing
from tests.media.rig.phone import ADDRESS

pytestmark = pytest.mark.anyio


async def test_the_recorder_hears_each_party_under_its_label(client: Client, parties: Parties) -> None:
    alice, bob = await parties.phone(660), await parties.phone(1000)
    ears = [await parties.phone(1400), await parties.phone(1840)]
    speakers = {"alice": alice, "bob": bob}
    async with client.call("siprec", from_tag="alice", direction=Direction.SIP_TO_SIP, delete_delay=0) as call:
        await connect(call, alice, bob, flags=Flags(label="customer"), callee_tag="bob")
        await hear_each_other(alice, bob)
        async with call.subscription(siprec=True, to_tag="srs") as subscription:
            labels = subscription.reply.labels
            assert sorted(it.tag for it in labels.values()) == ["alice", "bob"]
            assert {it.tag: it.party_label for it in labels.values()} == {"alice": "customer", "bob": None}
            assert {(it.index, it.type, it.mode) for it in labels.values()} == {(1, "audio", "sendrecv")}
            offered = sdp.parse(subscription.sdp).media
            assert [media.attribute("label") for media in offered] == list(labels)
            recorder = dict(zip(labels, ears, strict=True))
            ports = [recorder[media.attribute("label") or ""].port for media in offered]
            answer = sdp.answer(subscription.sdp, address=ADDRESS, port=ports)
            assert [media.direction for media in sdp.parse(answer).media] == ["recvonly"] * 2
            await subscription.answer(answer)
            await asyncio.gather(*(hears(recorder[it], speakers[labels[it].tag]) for it in labels))
            await hear_each_other(alice, bob)
            # What the recorder gets is counted, and is no part of what passes between the two.
            reply = await call.query()
            assert set(reply.parties) == {"alice", "bob", "srs"}
            assert reply.parties["srs"].received.packets == 0
        await asyncio.gather(*map(hears_nothing, ears))
        await hear_each_other(alice, bob)
