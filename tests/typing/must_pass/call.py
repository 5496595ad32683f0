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
    RequestTimeout,
    RtpeError,
    UsageError,
    profiles,
)
from rtpe_ng.messages import DeleteReply, QueryReply, SdpReply


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
