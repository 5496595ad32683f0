# pyright: strict
"""Commands are values: what a reader builds, sends, and takes apart."""

from typing import assert_type

from rtpe_ng import Client, Flags, Participant
from rtpe_ng.messages import Answer, Create, CreateMedia, Delete, DeleteReply, Offer, PlayMedia, Query, SdpReply

offer = Offer(sdp=b"v=0", call_id="c", from_tag="a", flags=Flags(ice="remove"))
assert_type(offer.sdp, str)
assert_type(offer.call_id, str)
assert_type(offer.to_tag, str | None)
assert_type(offer.flags, Flags)
assert_type(Answer(sdp="v=0", call_id="c", from_tag="a", to_tag="b").to_tag, str)
assert_type(Query(call_id="c", from_tag="a").from_tag, str | None)
create = Create(medias=[CreateMedia(type="audio", codecs=["G722"])])
play = PlayMedia(call_id="c", participant=Participant.tag("a"), blob=b"RIFF", repeat_times=3)
assert_type(play.repeat_times, int | None)


async def send(client: Client) -> None:
    assert_type(await client.send(offer), SdpReply)
    assert_type(await client.send(Delete(call_id="c", fatal=True)), DeleteReply)
