"""A daemon that has restarted takes the next offer of each kind of call as if it were the first."""

from __future__ import annotations

import pytest

from rtpe_ng import Call, Client, Direction, TransportError, UnknownCall, sdp
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies

pytestmark = pytest.mark.anyio


async def negotiate(call: Call, *, by: str, version: int) -> tuple[str, str]:
    """Offer and answer, the browser with a new ICE; return what each of the two is sent."""
    caller_offers = by == "a"
    offerer, answerer = (Leg.WEB, Leg.SIP) if caller_offers else (Leg.SIP, Leg.WEB)
    offered = (await call.offer(bodies.offer(offerer, version=version), by=by)).sdp
    answer = bodies.answer(answerer, offered, version=version)
    return offered, (await call.answer(answer, by="b" if caller_offers else "a")).sdp


async def restart(daemon: Rtpengine, client: Client) -> None:
    daemon.kill()
    with pytest.raises(TransportError):
        await client.ping()
    daemon.start()


async def test_calls_of_each_kind_go_on(own_any_daemon: Rtpengine) -> None:
    async with Client(own_any_daemon.url) as client:

        def a_call(call_id: str, pass_id: str | None = None) -> Call:
            return client.call(
                call_id, from_tag="a", direction=Direction.WEB_TO_SIP, delete_delay=0, pass_id=pass_id
            )

        for by in "ab":
            forked, moved = a_call(f"forked {by}"), a_call(f"restored {by}")
            branch = forked.fork(via_branch="z9hG4bK-1")
            calls = [a_call(f"plain {by}"), a_call(f"plain {by}", "2"), branch, moved]
            for call in calls:
                await negotiate(call, by="a", version=1)
            await restart(own_any_daemon, client)
            state = moved.state
            del moved
            calls[-1] = client.restore_call(state, delete_delay=0)
            for call in calls:
                with pytest.raises(UnknownCall):
                    await call.query()
                for version, offerer in ((2, by), (3, "a"), (4, "b")):
                    for body in await negotiate(call, by=offerer, version=version):
                        media = sdp.parse(body).media[0]
                        assert media.port
                        assert media.protocol in ("RTP/AVP", "UDP/TLS/RTP/SAVPF")
                assert set((await call.query()).tags) == {"a", "b"}
            assert len((await client.list()).calls) == 4
            for call in [forked, *calls]:
                await call.delete()
            assert not (await client.list()).calls


async def test_an_answer_to_an_offer_of_before_is_an_unknown_call(own_any_daemon: Rtpengine) -> None:
    async with Client(own_any_daemon.url) as client:
        call = client.call("restarted", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0)
        offered = (await call.offer(bodies.offer(Leg.SIP))).sdp
        await restart(own_any_daemon, client)
        with pytest.raises(UnknownCall):
            await call.answer(bodies.answer(Leg.SIP, offered), by="b")
        # The same party may offer again, and the call is as new.
        offered = (await call.offer(bodies.offer(Leg.SIP))).sdp
        await call.answer(bodies.answer(Leg.SIP, offered), by="b")
        assert set((await call.query()).tags) == {"a", "b"}
        await call.delete()


def test_a_daemon_starts_again_where_it_was(own_daemon: Rtpengine) -> None:
    url = own_daemon.url
    own_daemon.start()  # it runs: nothing happens
    own_daemon.kill()
    own_daemon.start()
    assert own_daemon.url == url
    assert own_daemon.log.count("Startup complete") == 2
