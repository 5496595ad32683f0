# pyright: strict
"""A client: each command's reply has its own type."""

from collections.abc import Mapping
from typing import Any, assert_type

from rtpe_ng import Client, Flags, Participant, Trace
from rtpe_ng.messages import (
    Capabilities,
    CliReply,
    DeleteReply,
    Done,
    ListReply,
    PartyReply,
    PlayMediaReply,
    Pong,
    QueryReply,
    SdpReply,
    StatisticsReply,
    StopMediaReply,
    SubscribeReply,
)
from rtpe_ng.wire import Document


def record(trace: Trace) -> None:
    print(trace.command, trace.call_id, trace.attempts, f"{trace.seconds:.3f}")


async def commands(client: Client) -> None:
    assert_type(await client.ping(), Pong)
    offer = await client.offer(sdp=b"v=0", call_id="c", from_tag="a", flags=Flags(ice="remove"))
    assert_type(offer, SdpReply)
    assert_type(offer.sdp, str)
    assert_type(offer.seconds, float)
    assert_type(await client.answer(sdp=offer.sdp, call_id="c", from_tag="a", to_tag="b"), SdpReply)
    assert_type(await client.query(call_id="c"), QueryReply)
    assert_type(await client.list(limit=5), ListReply)
    assert_type(await client.statistics(), StatisticsReply)
    assert_type(await client.cli("list numsessions"), CliReply)
    assert_type(await client.capabilities(), Capabilities)
    assert_type(await client.start_recording(call_id="c"), Done)
    assert_type(await client.delete(call_id="c", delete_delay=0), DeleteReply)


async def media(client: Client) -> None:
    caller = Participant.tag("a")
    played = await client.play_media(call_id="c", participant=caller, file="hello.wav", repeat_times=2)
    assert_type(played, PlayMediaReply)
    assert_type(await client.stop_media(call_id="c", participant=caller), StopMediaReply)
    assert_type(await client.play_dtmf(call_id="c", participant=caller, code=5), Done)
    assert_type(await client.block_media(call_id="c", participant=caller), Done)
    assert_type(await client.publish(sdp="v=0", call_id="c", from_tag="a"), PartyReply)
    assert_type(await client.subscribe_request(call_id="c", participant=caller), SubscribeReply)


async def blocks(client: Client) -> None:
    caller = Participant.label("caller")
    async with client.playing(call_id="c", participant=caller, file="hello.wav", start_pos=10) as played:
        assert_type(played, PlayMediaReply)
    async with client.blocked(call_id="c", participant=caller) as done:
        assert_type(done, Done)


async def raw(client: Client) -> None:
    assert_type(await client.request({"command": "ping"}), Document)


async def main() -> None:
    async with Client("udp://127.0.0.1:2223", timeout=3.0, trace=record, version="26.0") as client:
        await commands(client)
        statistics = await client.statistics()
        raw: Mapping[str, Any] = statistics.raw
        print(raw, client.url, client.strays)
