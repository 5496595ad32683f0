"""A call's life on real daemons and embedded engines: early media, rollback, forks, the end, out of order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest
from anyio.lowlevel import checkpoint

from rtpe_ng import (
    Call,
    Client,
    Direction,
    EngineError,
    Flags,
    Trace,
    TransportError,
    UnknownCall,
    UsageError,
    sdp,
)
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.wire import decode_document
from tests.support.engines import AnyEngine
from tests.support.peers import Peer, silent

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(any_engine: AnyEngine) -> AsyncIterator[Client]:
    async with Client(any_engine.url) as client:
        yield client


def web_to_sip(client: Client, call_id: str) -> Call:
    return client.call(call_id, from_tag="a", direction=Direction.WEB_TO_SIP, delete_delay=0)


async def runs(client: Client, call_id: str) -> bool:
    return call_id in (await client.list(limit=500)).calls


async def test_an_answer_may_be_repeated(client: Client) -> None:
    async with web_to_sip(client, "early") as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        body = bodies.answer(Leg.SIP, sent.sdp)
        early = await call.answer(body, by="b")
        final = await call.answer(body, by="b")
        assert early.sdp == final.sdp
        assert (call.to_tag, call.phase) == ("b", "answered")


async def test_an_answer_before_any_offer_says_what_to_do(client: Client) -> None:
    call = web_to_sip(client, "too-early")
    with pytest.raises(UsageError, match=r"call offer\(\.\.\.\)"):
        await call.answer(bodies.offer(Leg.SIP), by="b")
    assert call.phase == "new"


async def test_who_answers_must_be_known_the_first_time(client: Client) -> None:
    async with web_to_sip(client, "who") as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        with pytest.raises(UsageError, match="by="):
            await call.answer(bodies.answer(Leg.SIP, sent.sdp))
        with pytest.raises(UsageError, match="its own offer"):
            await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="a")


async def test_glare_and_rollback(client: Client) -> None:
    async with web_to_sip(client, "glare") as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        with pytest.raises(UsageError, match="491"):
            await call.offer(bodies.offer(Leg.SIP), by="b")
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        with pytest.raises(UsageError, match="rollback"):
            call.rollback()
        await call.offer(bodies.offer(Leg.SIP, version=2), by="b")
        call.rollback()
        assert call.phase == "answered"
        again = await call.offer(bodies.offer(Leg.WEB, version=2))
        reply = await call.answer(bodies.answer(Leg.SIP, again.sdp, version=2))
        assert sdp.parse(reply.sdp).media[0].protocol == "UDP/TLS/RTP/SAVPF"


async def test_the_callee_may_offer_first(client: Client) -> None:
    """An INVITE without a body: the offer is in the 200, the answer in the ACK (RFC 3261, section 13.2.1)."""
    async with web_to_sip(client, "late") as call:
        sent = await call.offer(bodies.offer(Leg.SIP), by="b")
        assert sdp.parse(sent.sdp).media[0].protocol == "UDP/TLS/RTP/SAVPF"
        back = await call.answer(bodies.answer(Leg.WEB, sent.sdp))
        assert sdp.parse(back.sdp).media[0].protocol == "RTP/AVP"
        assert call.to_tag == "b"
    assert not await runs(client, "late")


async def test_flags_and_source_of_one_message_are_merged_over_the_profile() -> None:
    with Peer(lambda cookie, _: [f"{cookie} d6:result2:ok3:sdp1:xe".encode()]) as peer:
        async with Client(peer.url) as client:
            call = client.call(
                "merged",
                from_tag="a",
                direction=Direction.WEB_TO_SIP,
                interfaces={Leg.WEB: "pub", Leg.SIP: "priv"},
            )
            await call.offer("v=0", flags=Flags(record_call="yes", ice="force"), received_from="198.51.100.7")
            await call.answer("v=0", by="b", flags=Flags(replace=["username"]), received_from="2001:db8::1")
            await call.offer("v=0", by="b")
    offer, answer, reoffer = (decode_document(document) for _, document in peer.received)
    assert offer == {
        "command": "offer",
        "sdp": "v=0",
        "call-id": "merged",
        "from-tag": "a",
        "received-from": ["IP4", "198.51.100.7"],
        "supports": ["load limit"],
        "transport-protocol": "RTP/AVP",
        "ICE": "force",
        "DTLS": "off",
        "SDES": ["off"],
        "rtcp-mux": ["demux"],
        "replace": ["origin"],
        "direction": ["pub", "priv"],
        "record-call": "yes",
        "flags": ["strip-extmap"],
    }
    assert answer == {
        "command": "answer",
        "sdp": "v=0",
        "call-id": "merged",
        "from-tag": "a",
        "to-tag": "b",
        "received-from": ["IP6", "2001:db8::1"],
        "replace": ["origin", "username"],
    }
    assert (reoffer["from-tag"], reoffer["to-tag"], reoffer["direction"]) == ("b", "a", ["priv", "pub"])
    assert reoffer["ICE"] == "force"
    assert "record-call" not in reoffer


async def test_a_refused_offer_changes_nothing_but_is_cleaned_up(client: Client) -> None:
    async with web_to_sip(client, "refused") as call:
        with pytest.raises(EngineError):
            await call.offer("v=0\r\n")
        assert call.phase == "new"
    assert not await runs(client, "refused")


async def test_leaving_the_block_deletes(client: Client) -> None:
    with pytest.raises(RuntimeError, match="mine"):  # noqa: PT012
        async with web_to_sip(client, "leaving") as call:
            await call.offer(bodies.offer(Leg.WEB))
            assert await runs(client, "leaving")
            raise RuntimeError("mine")
    assert not await runs(client, "leaving")
    assert repr(call) == "<Call 'leaving' web→sip deleted>"
    with pytest.raises(UsageError, match="deleted"):
        await call.offer(bodies.offer(Leg.WEB))


async def test_leaving_the_block_deletes_though_it_is_cancelled(client: Client) -> None:
    with anyio.CancelScope() as scope:
        async with web_to_sip(client, "cancelled") as call:
            await call.offer(bodies.offer(Leg.WEB))
            scope.cancel()
            await anyio.sleep(60)
    assert scope.cancelled_caught
    assert not await runs(client, "cancelled")


async def test_an_offer_that_was_cancelled_on_its_way_is_deleted_too(client: Client) -> None:
    with anyio.CancelScope() as scope:
        async with web_to_sip(client, "under way") as call, anyio.create_task_group() as tasks:
            tasks.start_soon(call.offer, bodies.offer(Leg.WEB))
            await checkpoint()
            scope.cancel()
    assert not await runs(client, "under way")


async def test_a_call_that_never_began_sends_nothing() -> None:
    with Peer(silent) as peer:
        async with Client(peer.url) as client, web_to_sip(client, "never") as call:
            assert await call.delete() is None
    assert peer.received == []


async def test_deleting_twice_sends_once(any_engine: AnyEngine) -> None:
    traces: list[Trace] = []
    async with Client(any_engine.url, trace=traces.append) as client:
        call = web_to_sip(client, "twice")
        await call.offer(bodies.offer(Leg.WEB))
        first = await call.delete()
        assert first is not None
        assert await call.delete() is first
    assert [trace.command for trace in traces] == ["offer", "delete"]


async def test_the_delay_is_the_daemons_unless_given(client: Client) -> None:
    call = client.call("delayed", from_tag="a", direction=Direction.WEB_TO_SIP)
    await call.offer(bodies.offer(Leg.WEB))
    await call.delete()
    assert await runs(client, "delayed")
    await client.delete(call_id="delayed", from_tag="a", delete_delay=0)
    call = client.call("delayed-2", from_tag="a", direction=Direction.WEB_TO_SIP)
    await call.offer(bodies.offer(Leg.WEB))
    await call.delete(delay=0)
    assert not await runs(client, "delayed-2")


async def test_a_detached_call_outlives_its_block(client: Client) -> None:
    async with web_to_sip(client, "detached") as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        call.detach()
    assert await runs(client, "detached")
    await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
    await call.delete()
    assert not await runs(client, "detached")


async def test_a_dead_engine_at_the_end_does_not_hide_the_callers_own_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Rtpengine() as daemon:
        async with Client(daemon.url, timeout=2) as client:
            with anyio.fail_after(15), pytest.raises(RuntimeError, match="mine"):  # noqa: PT012
                async with web_to_sip(client, "dead") as call:
                    await call.offer(bodies.offer(Leg.WEB))
                    daemon.kill()
                    raise RuntimeError("mine")
            with pytest.raises(TransportError):
                await call.query()
    assert "call 'dead' was not deleted" in caplog.text


async def test_a_silent_engine_at_the_end_is_left_in_bounded_time(caplog: pytest.LogCaptureFixture) -> None:
    alive = True

    def script(cookie: str, _: bytes) -> list[bytes]:
        return [f"{cookie} d6:result2:ok3:sdp1:xe".encode()] if alive else []

    with Peer(script) as peer:
        async with Client(peer.url, timeout=25) as client:
            with anyio.fail_after(10):
                async with web_to_sip(client, "silent") as call:
                    await call.offer("v=0")
                    alive = False
            assert "call 'silent' was not deleted within 5 s" in caplog.text


async def fork_two(call: Call) -> tuple[Call, Call]:
    first, second = call.fork(via_branch="z9hG4bK-1"), call.fork(via_branch="z9hG4bK-2")
    for branch in (first, second):
        await branch.offer(bodies.offer(Leg.WEB))
    return first, second


async def test_branches_negotiate_each_for_itself_and_the_loser_goes_alone(client: Client) -> None:
    async with web_to_sip(client, "forked") as call:
        first, second = await fork_two(call)
        answers = []
        for branch, tag in ((first, "b1"), (second, "b2")):
            reply = await branch.answer(bodies.answer(Leg.SIP, bodies.offer(Leg.SIP)), by=tag)
            media = sdp.parse(reply.sdp).media[0]
            # A browser refuses a second answer without rtcp-mux: that is what the branches are for.
            assert media.attribute("rtcp-mux") == ""
            answers.append((media.port, media.attribute("ice-ufrag")))
        assert answers[0] == answers[1]
        await first.delete()
        assert (first.phase, second.phase) == ("deleted", "answered")
        assert "b2" in (await call.query()).tags
        reply = await second.offer(bodies.offer(Leg.SIP, version=2), by="b2")
        assert sdp.parse(reply.sdp).media[0].protocol == "UDP/TLS/RTP/SAVPF"
    assert not await runs(client, "forked")
    assert second.phase == "deleted"


async def test_a_branch_that_never_answered_goes_alone(client: Client) -> None:
    async with web_to_sip(client, "ringing") as call:
        first, second = await fork_two(call)
        await second.delete()
        await first.answer(bodies.answer(Leg.SIP, bodies.offer(Leg.SIP)), by="b1")
        assert "b1" in (await call.query()).tags
    assert not await runs(client, "ringing")


async def test_a_phone_and_a_browser_ring_together(client: Client) -> None:
    async with client.call("mixed", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0) as call:
        phone = call.fork(via_branch="z9hG4bK-1")
        browser = call.fork(via_branch="z9hG4bK-2", direction=Direction.SIP_TO_WEB)
        to_phone = await phone.offer(bodies.offer(Leg.SIP))
        to_browser = await browser.offer(bodies.offer(Leg.SIP))
        assert sdp.parse(to_phone.sdp).media[0].protocol == "RTP/AVP"
        assert sdp.parse(to_browser.sdp).media[0].protocol == "UDP/TLS/RTP/SAVPF"
        assert repr(browser) == "<Call 'mixed' branch 'z9hG4bK-2' sip→web offered>"


async def test_a_branch_has_no_branches(client: Client) -> None:
    branch = web_to_sip(client, "x").fork(via_branch="z9hG4bK-1")
    with pytest.raises(UsageError, match="branch"):
        branch.fork(via_branch="z9hG4bK-2")
    with pytest.raises(UsageError, match="via_branch"):
        web_to_sip(client, "x").fork(via_branch="")


async def test_a_call_that_the_daemon_forgot(client: Client) -> None:
    async with web_to_sip(client, "forgotten") as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        await client.delete(call_id="forgotten", from_tag="a", delete_delay=0)
        with pytest.raises(UnknownCall, match="begin with an offer"):
            await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        assert call.phase == "offered"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"from_tag": ""}, "from_tag"),
        ({"direction": "web-sip"}, "Direction.WEB_TO_SIP"),
        ({"profile": "MODERN"}, "profiles.MODERN"),
        ({"interfaces": {Leg.WEB: "pub"}}, "Leg.SIP"),
    ],
)
async def test_terms_that_make_no_sense_are_refused(options: dict[str, object], text: str) -> None:
    client = Client("udp://127.0.0.1:9")
    with pytest.raises(UsageError, match=text.replace(".", r"\.")):
        client.call("x", **({"from_tag": "a", "direction": Direction.WEB_TO_SIP} | options))  # type: ignore[arg-type]
