# pyright: strict
"""A call: its bodies, its branches, and what ends it."""

from typing import assert_type

from rtpe_ng import (
    Call,
    Client,
    Direction,
    EngineError,
    Flags,
    Leg,
    Participant,
    RequestTimeout,
    RtpeError,
    UsageError,
    profiles,
)
from rtpe_ng.messages import DeleteReply, Done, PlayMediaReply, QueryReply, SdpReply


async def steer(client: Client, invite: str, ringing: bytes, ok: bytes) -> str:
    call = client.call(
        "c",
        from_tag="a",
        direction=Direction.of(Leg.WEB, Leg.SIP),
        profile=profiles.MODERN,
        interfaces={Leg.WEB: "pub", Leg.SIP: "priv"},
        strict=True,
    )
    assert_type(call, Call)
    offered = await call.offer(invite, flags=Flags(record_call="yes"), received_from="198.51.100.7")
    assert_type(offered, SdpReply)
    await call.answer(ringing, by="b", provisional=True)
    assert_type((await call.answer(ok, by="b")).sdp, str)
    assert_type(call.to_tag, str | None)
    assert_type(call.direction, Direction)
    assert_type(call.direction.reversed, Direction)
    branch = call.fork(via_branch="z9hG4bK-1")
    assert_type(branch, Call)
    query = await call.query()
    assert_type(query, QueryReply)
    assert_type(query.totals.rtp.packets, int)
    assert_type(query.parties["b"].received.packets, int | None)
    assert_type(query.parties["b"].medias[0].sent.mos, float | None)
    call.rollback()
    assert_type(await call.delete(delay=0), DeleteReply | None)
    return call.state


async def change_parties(client: Client, body: str) -> None:
    call = client.call(
        "c", from_tag="a", direction=Direction.SIP_TO_SIP, interfaces=("net-a", "net-b"), pass_id="z9hG4bK2"
    )
    await call.answer(body, provisional=True)
    call.transfer("b", to="c", leg=Leg.WEB)
    call.transfer("c")
    call.transfer(None, to="b")
    assert_type(call.ng_call_id, str)
    assert_type(call.pass_id, str | None)
    assert_type(call.ng_tag("b"), str)


async def restore(client: Client, state: str) -> None:
    async with client.restore_call(state, within=("a", "b")) as call:
        assert_type(call, Call)
        call.detach()


async def handles(call: Call) -> None:
    bob = call.party("b")
    assert_type(bob.tag, str)
    assert_type(await bob.play_media(file="hello.wav", repeat_times=2), PlayMediaReply)
    assert_type(await bob.block_media(toward=Participant.tag("a"), flows=None, flags=Flags()), Done)
    assert_type(await bob.play_dtmf(code=5, duration=200), Done)
    assert_type(await bob.query(), QueryReply)
    async with bob.playing(blob=b"RIFF") as played, call.recording(recording_file="/x.wav") as done:
        assert_type(played, PlayMediaReply)
        assert_type(done, Done)
    async with call.subscription(siprec=True) as subscription:
        assert_type(await subscription.answer("v=0"), Done)
        assert_type(subscription.reply.labels["0"].tag, str)
        assert_type(subscription.reply.tag_medias["a"][0].label, str | None)


async def errors(call: Call) -> str:
    try:
        await call.query()
    except UsageError as error:
        return str(error)
    except RequestTimeout as timeout:
        return f"{timeout.command} {timeout.attempts} {timeout.seconds:.1f}"
    except EngineError as error:
        return f"{error.command} {error.reason} {error.hint}"
    except RtpeError:
        return "another of ours"
    return ""
