"""One test body on the embedded engine and on the real daemon of the same version: both hold what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from rtpe_ng import (
    Call,
    Client,
    Direction,
    EngineError,
    Flags,
    Leg,
    Participant,
    UnknownCall,
    sdp,
)
from rtpe_ng.messages import COMMANDS, is_older
from rtpe_ng.testing import EmbeddedEngine, Rtpengine, bodies
from tests.support.engines import INTERFACES

pytestmark = pytest.mark.anyio

A = Participant.tag("a")


@pytest.fixture(params=["embedded", "real"])
async def client(request: pytest.FixtureRequest, own_any_daemon: Rtpengine) -> AsyncIterator[Client]:
    """A client of a daemon that does as its version does: the test cannot tell which of the two it is."""
    if request.param == "real":
        async with Client(own_any_daemon.url) as client:
            yield client
    else:
        async with (
            EmbeddedEngine(version=own_any_daemon.version, interfaces=INTERFACES) as engine,
            Client(engine.url) as client,
        ):
            yield client


def media(body: str) -> sdp.Media:
    (found,) = sdp.parse(body).media
    return found


def suits(body: str, leg: Leg) -> bool:
    """Tell whether a body is for this kind of endpoint."""
    found = media(body)
    if leg is Leg.WEB:
        return sdp.is_webrtc(body) and found.protocol == "UDP/TLS/RTP/SAVPF" and found.rtcp_mux
    return found.protocol == "RTP/AVP" and not any(map(found.has, ("ice-ufrag", "fingerprint", "rtcp-mux")))


@pytest.mark.parametrize("direction", list(Direction), ids=str)
async def test_a_call_in_each_direction(client: Client, direction: Direction) -> None:
    caller, callee = direction.caller, direction.callee
    call_id = f"same {direction}"
    async with client.call(call_id, from_tag="a", direction=direction, delete_delay=0) as call:
        offer = await call.offer(bodies.offer(caller))
        answer = await call.answer(bodies.answer(callee, offer.sdp), by="b")
        reoffer = await call.offer(bodies.offer(callee, version=2), by="b")
        reanswer = await call.answer(bodies.answer(caller, reoffer.sdp, version=2, setup="passive"))
        assert suits(offer.sdp, callee)
        assert suits(answer.sdp, caller)
        assert suits(reoffer.sdp, caller)
        assert suits(reanswer.sdp, callee)
        # Who is asked again hears of the port that it knows.
        assert media(reoffer.sdp).port == media(answer.sdp).port
        assert media(reanswer.sdp).port == media(offer.sdp).port
        await check_query(call, caller, callee)
        assert call_id in (await client.list(limit=500)).calls
    assert call_id not in (await client.list(limit=500)).calls
    with pytest.raises(UnknownCall):
        await client.query(call_id=call_id)


async def check_query(call: Call, caller: Leg, callee: Leg) -> None:
    reply = await call.query()
    assert list(reply.tags) == ["a", "b"]
    assert reply.totals.rtp.packets == 0
    for tag, other, leg in (("a", "b", caller), ("b", "a", callee)):
        party = reply.tags[tag]
        assert party.in_dialogue_with == other
        (section,) = party.medias
        assert (section.index, section.type) == (1, "audio")
        assert section.protocol == ("UDP/TLS/RTP/SAVPF" if leg is Leg.WEB else "RTP/AVP")
        assert {"initialized", "send", "recv"} <= set(section.flags)
        web_words = {"rtcp-mux", "DTLS-SRTP", "ICE"}
        assert web_words & set(section.flags) == (web_words if leg is Leg.WEB else set())
        endpoint = section.streams[0].endpoint
        assert endpoint is not None
        assert endpoint.address == (bodies.WEB_ADDRESS if leg is Leg.WEB else bodies.SIP_ADDRESS)
        assert section.streams[0].local_address == "127.0.0.1"
        assert section.streams[0].stats.packets == 0


async def establish(client: Client, call_id: str) -> None:
    sent = await client.offer(
        sdp=bodies.offer(Leg.SIP),
        call_id=call_id,
        from_tag="a",
        flags=Flags(label="caller", direction=["pub", "priv"]),
    )
    body = bodies.answer(Leg.SIP, sent.sdp)
    await client.answer(sdp=body, call_id=call_id, from_tag="a", to_tag="b", flags=Flags(label="callee"))


async def reason(client: Client, command: str, **more: object) -> str | None:
    document = {"command": command} | {key.replace("_", "-"): value for key, value in more.items()}
    reply = await client.request(document)
    return str(reply["error-reason"]) if reply["result"] == "error" else None


async def test_what_is_refused_and_why(client: Client) -> None:
    body = bodies.offer(Leg.SIP)
    assert await reason(client, "offer") == "No SDP body in message"
    assert await reason(client, "offer", sdp=body) == "No call-id in message"
    assert await reason(client, "offer", sdp=body, call_id="x") == "No from-tag in message"
    assert await reason(client, "answer", sdp=body, call_id="x", from_tag="a") == "No to-tag in message"
    assert await reason(client, "answer", sdp=body, call_id="x", from_tag="a", to_tag="b") == "Unknown call-id"
    assert await reason(client, "query", call_id="x") == "Unknown call-id"
    assert await reason(client, "start recording", call_id="x") == "Unknown call-id"
    assert await reason(client, "block media", call_id="x") == "Unknown call-ID"
    assert await reason(client, "no such command") == "Unrecognized command"
    await establish(client, "refused")
    assert await reason(client, "play media", call_id="refused") == "No participant party specified"
    assert await reason(client, "play media", call_id="refused", from_tag="a") == "No media file specified"
    assert (
        await reason(client, "block DTMF", call_id="refused", label="x") == "No monologue matching the given label"
    )
    await client.delete(call_id="refused", delete_delay=0)


async def test_what_it_knows(client: Client, own_any_daemon: Rtpengine) -> None:
    version = own_any_daemon.version
    known = {name for name, kind in COMMANDS.items() if not is_older(version, kind.since)}
    assert (await client.capabilities()).commands == known
    before = (await client.statistics()).sessions
    await establish(client, "counted")
    reply = await client.statistics()
    assert reply.sessions == before + 1
    assert [(it.name, it.address) for it in reply.interfaces] == list(INTERFACES.items())
    await client.delete(call_id="counted", delete_delay=0)


async def test_an_end_now_later_and_of_nothing(client: Client) -> None:
    unknown = await client.delete(call_id="never", from_tag="a")
    assert unknown.warning == "Call-ID not found or tags didn't match"
    with pytest.raises(EngineError, match="tags didn't match"):
        await client.delete(call_id="never", fatal=True)
    await establish(client, "ends")
    late = await client.delete(call_id="ends", from_tag="a", delete_delay=30)
    assert set(late.tags) == {"a", "b"}
    # Until then it lives.
    assert set((await client.query(call_id="ends")).tags) == {"a", "b"}
    assert "ends" in (await client.list(limit=500)).calls
    await client.delete(call_id="ends", delete_delay=0)
    assert "ends" not in (await client.list(limit=500)).calls


async def test_two_interfaces(client: Client) -> None:
    await establish(client, "interfaces")
    tags = (await client.query(call_id="interfaces")).tags
    assert {tag: it.medias[0].streams[0].local_address for tag, it in tags.items()} == {
        "a": "127.0.0.1",
        "b": "127.0.0.2",
    }
    assert {tag: it.label for tag, it in tags.items()} == {"a": "caller", "b": "callee"}
    await client.delete(call_id="interfaces", delete_delay=0)


async def test_what_begins_in_a_block_ends_with_it(client: Client) -> None:
    await establish(client, "blocks")
    async with (
        client.recording(call_id="blocks"),
        client.forwarding(call_id="blocks", participant=A),
        client.blocked(call_id="blocks", participant=A),
        client.silenced(call_id="blocks"),
    ):
        pass
    await client.delete(call_id="blocks", delete_delay=0)
