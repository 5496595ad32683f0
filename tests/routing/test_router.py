"""What a router does with the messages of a call, on every engine."""

from __future__ import annotations

import attrs
import pytest

from rtpe_ng import Client, Direction, EngineError, Glare, Leg, RequestTimeout, UntrustedState, UsageError, sdp
from rtpe_ng.routing import ENDED, seal
from rtpe_ng.testing import bodies
from tests.support.bench import S2W, W2S, Bench, answer, place, protocol
from tests.support.peers import Peer, silent
from tests.support.stack import SECRET, invite, response, router_of, within

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("direction", [W2S, S2W], ids=str)
async def test_a_call_by_several_processes(bench: Bench, direction: Direction) -> None:
    """Each message comes to a process that knows nothing; behind the 200 there is only the Route parameter."""
    asked, sent, ok = await bench.begin(direction, branch="")
    states = dict(bench.states)
    early = await router_of(bench.client, states=states).on_reply(asked, attrs.evolve(ok, status=183))
    final = await router_of(bench.client, states=states).on_reply(asked, ok)
    assert place(early) == place(final)
    held = within(sent, "INVITE", tags=("bob", "alice"), body=sdp.hold(bodies.offer(direction.callee, version=2)))
    there = await router_of(bench.client).on_request(held)
    assert place(there)[:2] == place(final)[:2]
    assert sdp.parse(str(there.body)).media[0].direction == "sendonly"
    states = {}
    router = router_of(bench.client, states=states)
    await router.on_request(held)
    assert states
    back = await router.on_reply(held, response(held, 200, body=answer(direction.caller, there, 2)))
    assert place(back)[0] == place(sent)[0]
    await router_of(bench.client).on_request(within(sent, "BYE", tags=("alice", "bob")))
    bench.states.clear()


async def test_a_call_without_a_secret_or_a_branch(bench: Bench) -> None:
    bench.router = router_of(bench.client, states=bench.states, secret=None)
    asked, sent, ok = await bench.begin(branch="")
    assert sent.route == ""
    await bench.router.on_reply(asked, ok)
    again = within(sent, "UPDATE", tags=("bob", "alice"), body=bodies.offer(Leg.SIP, version=2), branch="")
    there = await bench.router.on_request(again)
    await bench.router.on_reply(again, response(again, 200, body=answer(Leg.WEB, there, 2)))
    await bench.router.on_request(within(sent, "BYE", tags=("bob", "alice"), branch=""))
    assert bench.sent == ["offer", "answer", "offer", "answer", "delete"]


EARLY = {
    "another To tag in the 200": [(183, "ringback", False), (200, "agent", False)],
    "a reliable 183": [(183, "ringback", True), (200, "agent", False)],
    "a 183 without a tag": [(183, "", False), (183, "one", False), (183, "two", True), (200, "agent", False)],
    "the 200 repeats": [(183, "agent", True), (200, "agent", False)],
}


@pytest.mark.parametrize("replies", EARLY.values(), ids=EARLY)
async def test_several_to_tags(bench: Bench, replies: list[tuple[int, str, bool]]) -> None:
    asked, sent, _ = await bench.begin()
    got = []
    for number, (status, tag, reliable) in enumerate(replies, 2):
        told = response(asked, status, to_tag=tag, reliable=reliable, body=answer(Leg.SIP, sent, 1, number))
        got.append(await bench.router.on_reply(asked, told))
        # A resent response is no command.
        before = len(bench.sent)
        assert await bench.router.on_reply(asked, told) == got[-1]
        assert len(bench.sent) == before
    assert len({place(message) for message in got}) == 1
    # What has lost says more, and its dialogue is ended: the call goes on.
    for status in (183, 200, 486, 487):
        told = response(asked, status, to_tag="loser", body=answer(Leg.SIP, sent, 1, 99) if status < 300 else "")
        late = await bench.router.on_reply(asked, told)
        assert late.body == (got[-1].body if status < 300 else "")
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "loser")))
    await bench.router.on_request(within(sent, "BYE", tags=("loser", "alice")))
    await bench.router.on_request(attrs.evolve(asked, method="CANCEL", body=""))
    again = within(sent, "INVITE", tags=("agent", "alice"), body=bodies.offer(Leg.SIP, version=2))
    assert place(await bench.router.on_request(again))[:2] == place(got[-1])[:2]
    assert await bench.lives() == {bench.call_id}
    await bench.router.on_request(within(sent, "BYE", tags=("agent", "alice")))


async def test_a_process_that_did_not_send_the_offer_judges_the_answer_by_it(bench: Bench) -> None:
    """The 200 has another codec than the 183: the offer goes again before it, whichever process has it."""
    asked, _, ok = await bench.begin()
    await bench.router.on_reply(asked, attrs.evolve(ok, status=183))
    other = str(ok.body).replace("RTP/AVP 0 101", "RTP/AVP 8 101").replace("rtpmap:0 PCMU", "rtpmap:8 PCMA")
    final = await router_of(bench.client, states=bench.states).on_reply(asked, attrs.evolve(ok, body=other))
    assert bench.sent == ["offer", "answer", "offer", "answer"]
    assert "PCMA" in {codec.name for codec in sdp.parse(str(final.body)).media[0].codecs}
    await bench.router.end(bench.call_id)


@pytest.mark.parametrize("tag", ["ringback", "other"])
@pytest.mark.parametrize("status", [407, 422, 603])
async def test_a_first_invite_that_fails_leaves_nothing_and_may_begin_again(
    bench: Bench, status: int, tag: str
) -> None:
    asked, sent, _ = await bench.begin()
    told = response(asked, 183, to_tag="ringback", reliable=True, body=answer(Leg.SIP, sent))
    await bench.router.on_reply(asked, told)
    await bench.router.on_reply(asked, response(asked, status, to_tag=tag))
    assert await bench.lives() == set()
    # Late messages of the first attempt, and the same INVITE again, bring nothing back.
    assert await bench.router.on_reply(asked, told) == told
    assert await bench.router.on_invite(asked, W2S) == asked
    assert bench.states == {}
    asked, sent, ok = await bench.begin(branch="z9-credentials")
    assert list(bench.states) == [bench.call_id]
    assert sdp.web_problems(str((await bench.router.on_reply(asked, ok)).body)) == ()
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob")))


async def test_a_late_offer_and_its_repeats(bench: Bench) -> None:
    asked, sent, _ = await bench.begin(body="")
    ok = response(asked, 200, to_tag="bob", body=bodies.offer(Leg.SIP))
    offered = await bench.router.on_reply(asked, ok)
    assert protocol(offered) == "UDP/TLS/RTP/SAVPF"
    ack = within(sent, "ACK", tags=("alice", "bob"), body=answer(Leg.WEB, offered))
    acked = await bench.router.on_request(ack)
    assert protocol(acked) == "RTP/AVP"
    before = list(bench.sent)
    assert await bench.router.on_reply(asked, ok) == offered
    assert await bench.router.on_request(ack) == acked
    assert bench.sent == before == ["offer", "answer"]
    await bench.router.on_request(within(sent, "BYE", tags=("bob", "alice")))


async def test_a_late_offer_with_prack(bench: Bench) -> None:
    """The 183 offers, the PRACK answers, and the 200 repeats: that is no offer."""
    asked, sent, _ = await bench.begin(body="")
    told = response(asked, 183, to_tag="bob", reliable=True, body=bodies.offer(Leg.SIP))
    offered = await bench.router.on_reply(asked, told)
    prack = within(sent, "PRACK", tags=("alice", "bob"), body=answer(Leg.WEB, offered))
    assert protocol(await bench.router.on_request(prack)) == "RTP/AVP"
    await bench.router.on_reply(prack, response(prack, 200))
    assert (await bench.router.on_reply(asked, attrs.evolve(told, status=200))).body == offered.body
    update = within(sent, "UPDATE", tags=("alice", "bob"), body=bodies.offer(Leg.WEB, version=2))
    await bench.router.on_request(update)
    await bench.router.on_request(within(sent, "BYE", tags=("bob", "alice")))


@pytest.mark.parametrize("by", ["alice", "bob"])
async def test_an_update_before_the_200(bench: Bench, by: str) -> None:
    """The 200 of the INVITE repeats what its reliable 183 had answered: an answer to nothing by now."""
    asked, sent, ok = await bench.begin()
    early = await bench.router.on_reply(asked, attrs.evolve(ok, status=183, reliable=True))
    prack = within(sent, "PRACK", tags=("alice", "bob"))
    await bench.router.on_request(prack)
    await bench.router.on_reply(prack, response(prack, 200))
    legs = {"alice": Leg.WEB, "bob": Leg.SIP}
    other = "bob" if by == "alice" else "alice"
    update = within(sent, "UPDATE", tags=(by, other), body=bodies.offer(legs[by], version=2))
    there = await bench.router.on_request(update)
    back = await bench.router.on_reply(update, response(update, 200, body=answer(legs[other], there, 2)))
    final = await bench.router.on_reply(asked, ok)
    assert final.body == early.body != back.body
    async with bench.router.locked(bench.call_id) as call:
        assert call.phase == "answered"
    await bench.router.on_request(within(sent, "BYE", tags=("bob", "alice")))


async def test_rejected_and_crossing_offers(bench: Bench) -> None:
    asked, sent, ok = await bench.begin()
    await bench.router.on_reply(asked, ok)
    first = within(sent, "INVITE", tags=("alice", "bob"), body=bodies.offer(Leg.WEB, version=2), branch="z9-1")
    second = within(sent, "INVITE", tags=("bob", "alice"), body=bodies.offer(Leg.SIP, version=2), branch="z9-2")
    await bench.router.on_request(first)
    with pytest.raises(Glare) as error:
        await bench.router.on_request(second)
    # Our own 491 to the second takes nothing back.
    await bench.router.on_reply(second, response(second, error.value.sip_status))
    with pytest.raises(Glare):
        await bench.router.on_request(attrs.evolve(second, branch="z9-3"))
    await bench.router.on_reply(first, response(first, 491))
    await bench.router.on_reply(first, response(first, 491))
    there = await bench.router.on_request(attrs.evolve(second, branch="z9-4"))
    # The 200 of an earlier transaction is not its answer.
    stale = response(first, 200, body=answer(Leg.SIP, sent, 2))
    await bench.router.on_reply(first, stale)
    async with bench.router.locked(bench.call_id) as call:
        assert (call.phase, call.offerer) == ("offered", "bob")
    fourth = attrs.evolve(second, branch="z9-4")
    await bench.router.on_reply(fourth, response(fourth, 200, body=answer(Leg.WEB, there, 2)))
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob")))


async def test_a_2xx_that_says_nothing_of_the_offer(bench: Bench) -> None:
    """Phones that take the SDP of the 183 for the answer; and a re-INVITE that is answered without a body."""
    asked, sent, ok = await bench.begin()
    await bench.router.on_reply(asked, attrs.evolve(ok, status=183, to_tag="ringback"))
    await bench.router.on_reply(asked, attrs.evolve(ok, body=""))
    async with bench.router.locked(bench.call_id) as call:
        assert (call.phase, call.to_tag) == ("answered", "bob")
    for by, leg in (("bob", Leg.SIP), ("alice", Leg.WEB)):
        other = "alice" if by == "bob" else "bob"
        again = within(sent, "INVITE", tags=(by, other), body=bodies.offer(leg, version=2))
        await bench.router.on_request(again)
        await bench.router.on_reply(again, response(again, 200))
    async with bench.router.locked(bench.call_id) as call:
        assert call.phase == "answered"
    ack = within(sent, "ACK", tags=("alice", "bob"), body=bodies.answer(Leg.WEB, str(sent.body)))
    await bench.router.on_request(ack)
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob")))


async def test_what_is_over_stays_over(bench: Bench) -> None:
    asked, sent, ok = await bench.begin()
    await bench.router.on_reply(asked, ok)
    again = within(sent, "INVITE", tags=("bob", "alice"), body=bodies.offer(Leg.SIP, version=2))
    await bench.router.on_request(again)
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob")))
    before = list(bench.sent)
    for message in (
        await bench.router.on_reply(again, response(again, 200, body=answer(Leg.WEB, sent, 2))),
        await bench.router.on_request(attrs.evolve(again, branch="z9-more", body=bodies.offer(Leg.SIP, version=3))),
        await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob"))),
        await bench.router.on_reply(asked, ok),
        await bench.router.on_request(attrs.evolve(asked, method="CANCEL", body="")),
    ):
        assert message.method
    assert bench.sent == before


async def test_a_store_that_says_that_a_call_has_ended(bench: Bench) -> None:
    class Store:
        """One that several processes share: it keeps a mark in the place of what was deleted."""

        def __init__(self) -> None:
            self.rows: dict[str, str] = {}

        async def get(self, key: str, /) -> str | None:
            return self.rows.get(key)

        async def set(self, key: str, state: str, /) -> None:
            self.rows[key] = state

        async def delete(self, key: str, /) -> None:
            self.rows[key] = ENDED

    store = Store()
    routers = [router_of(bench.client, states=store) for _ in range(3)]
    asked = invite(bench.call_id)
    sent = await routers[0].on_invite(asked, W2S)
    await routers[1].on_reply(asked, response(asked, 200, to_tag="bob", body=answer(Leg.SIP, sent)))
    again = within(sent, "INVITE", tags=("bob", "alice"), body=bodies.offer(Leg.SIP, version=2))
    await routers[0].on_request(again)
    await routers[2].on_request(within(sent, "BYE", tags=("alice", "bob")))
    assert store.rows == {bench.call_id: ENDED}
    for router in routers:
        late = attrs.evolve(again, branch="z9-late")
        assert await router.on_request(late) == late
    # The INVITE with credentials comes to the process that began the first, which another process ended.
    again_from_the_start = attrs.evolve(asked, branch="z9-credentials")
    await routers[0].on_invite(again_from_the_start, W2S)
    await routers[1].on_reply(again_from_the_start, response(again_from_the_start, 486, to_tag="bob"))


async def test_an_offer_that_another_process_sent_and_took_back_is_deleted_too(bench: Bench) -> None:
    asked, sent, _ = await bench.begin(body="")
    other = router_of(bench.client, states=bench.states)
    update = within(sent, "UPDATE", tags=("alice", "bob"), body=bodies.offer(Leg.WEB))
    await other.on_request(update)
    await other.on_reply(update, response(update, 488))
    assert await bench.lives() == {bench.call_id}
    await bench.router.on_reply(asked, response(asked, 486, to_tag="bob"))


async def test_cancel_and_early_bye(bench: Bench) -> None:
    asked, sent, ok = await bench.begin()
    await bench.router.on_reply(asked, attrs.evolve(ok, status=183, to_tag="one"))
    # It ends one early dialogue; the INVITE goes on.
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "one")))
    assert await bench.lives() == {bench.call_id}
    cancel = attrs.evolve(asked, method="CANCEL", body="")
    await bench.router.on_request(attrs.evolve(cancel, from_tag="mallory"))
    await bench.router.on_request(attrs.evolve(cancel, branch="z9-of-another"))
    assert await bench.lives() == {bench.call_id}
    await bench.router.on_request(cancel)
    await bench.router.on_reply(cancel, response(cancel, 200))
    # The 200 that crossed it brings nothing back.
    assert await bench.router.on_reply(asked, ok) == ok
    assert bench.sent.count("delete") == 1


async def test_a_spiral(bench: Bench) -> None:
    """Browser A through an application server, which sends the call back here, to browser B."""
    asked, to_server, _ = await bench.begin()
    back = attrs.evolve(to_server, branch="z9-server", route="")
    to_b = await bench.router.on_invite(back, S2W)
    assert await bench.router.on_invite(back, S2W) == to_b
    assert set(bench.states) == {bench.call_id, f"{bench.call_id};pass=z9-server"}
    told = response(back, 200, to_tag="bob", body=bodies.answer(Leg.WEB, str(to_b.body)))
    told = await bench.router.on_reply(back, told)
    final = await bench.router.on_reply(asked, response(asked, 200, to_tag="bob", body=told.body))
    assert sdp.web_problems(str(to_b.body)) == sdp.web_problems(str(final.body)) == ()
    # A hold passes twice, each time with the parameter of its pass.
    hold = within(to_b, "INVITE", tags=("bob", "alice"), body=sdp.hold(bodies.offer(Leg.WEB, version=2)))
    to_server = await router_of(bench.client).on_request(hold)
    assert protocol(to_server) == "RTP/AVP"
    first_route = (await bench.router.on_invite(asked, W2S)).route
    hold = attrs.evolve(hold, body=to_server.body, branch="z9-2", route=first_route)
    assert protocol(await bench.router.on_request(hold)) == "UDP/TLS/RTP/SAVPF"
    assert len(await bench.lives()) == 2
    await bench.router.on_request(within(to_b, "BYE", tags=("alice", "bob")))
    assert await bench.lives() == {bench.call_id}
    await bench.router.on_request(within(to_b, "BYE", tags=("alice", "bob"), route=first_route))


async def test_forks(bench: Bench) -> None:
    asked = invite(bench.call_id)
    forks = {"desk": W2S, "tab": Direction.WEB_TO_WEB, "mobile": W2S}
    sent = {fork: await bench.router.on_invite(asked, way, fork=fork) for fork, way in forks.items()}
    answers = {
        fork: response(asked, 200, to_tag=fork, body=answer(forks[fork].callee, sent[fork], 1, number))
        for number, fork in enumerate(forks, 1)
    }
    early = await bench.router.on_reply(asked, attrs.evolve(answers["desk"], status=183), fork="desk")
    with pytest.raises(UsageError, match="say fork="):
        await bench.router.on_reply(asked, answers["mobile"])
    final = await bench.router.on_reply(asked, answers["mobile"], fork="mobile")
    assert place(early)[2] == place(final)[2] is True
    for loser in ("desk", "tab"):
        await bench.router.on_reply(asked, response(asked, 487, to_tag=loser), fork=loser)
    assert sorted(bench.states) == [bench.call_id, f"{bench.call_id};branch=mobile"]
    again = within(sent["mobile"], "INVITE", tags=("mobile", "alice"), body=bodies.offer(Leg.SIP, version=2))
    assert place(await router_of(bench.client).on_request(again))[:2] == place(final)[:2]
    await bench.router.on_request(attrs.evolve(asked, method="CANCEL", body=""))
    await bench.router.on_reply(asked, response(asked, 486, to_tag="desk"))
    assert await bench.lives() == {bench.call_id}
    await bench.router.on_request(within(sent["mobile"], "BYE", tags=("mobile", "alice"), route=""))


@pytest.mark.parametrize("end", ["all fail", "CANCEL", "the stack gives up"])
async def test_forks_that_fail(bench: Bench, end: str) -> None:
    asked = invite(bench.call_id)
    for fork in ("one", "two"):
        await bench.router.on_invite(asked, W2S, fork=fork)
    if end == "all fail":
        await bench.router.on_reply(asked, response(asked, 486, to_tag="one"), fork="one")
        assert await bench.lives() == {bench.call_id}
        await bench.router.on_reply(asked, response(asked, 480, to_tag="two"), fork="two")
        # Then it tries another one, and gives up.
        await bench.router.on_invite(asked, W2S, fork="three")
        assert await bench.lives() == {bench.call_id}
        await bench.router.on_reply(asked, response(asked, 486, to_tag="one"))
    elif end == "CANCEL":
        await bench.router.on_request(attrs.evolve(asked, method="CANCEL", body=""))
    else:
        await bench.router.end(bench.call_id)


async def test_a_transfer(bench: Bench) -> None:
    asked, sent, ok = await bench.begin()
    before = await bench.router.on_reply(asked, ok)
    await bench.router.transfer(bench.call_id, "bob", to="carol", leg=Leg.SIP)
    comes = within(sent, "INVITE", tags=("carol", "alice"), body=bodies.offer(Leg.SIP).replace("2.1", "2.9"))
    there = await bench.router.on_request(comes)
    assert place(there)[:2] == place(before)[:2]
    await bench.router.on_reply(comes, response(comes, 200, body=answer(Leg.WEB, there, 2)))
    # The party that left hangs up.
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob")))
    assert await bench.lives() == {bench.call_id}
    await bench.router.on_request(within(sent, "BYE", tags=("carol", "alice")))
    with pytest.raises(UsageError, match="has no call"):
        await bench.router.transfer(bench.call_id, "bob")


async def test_no_relay_means_no_command(bench: Bench) -> None:
    asked = invite(bench.call_id, leg=Leg.SIP)
    assert await bench.router.on_invite(asked, None) == asked
    ok = response(asked, 200, to_tag="bob", body=bodies.offer(Leg.SIP))
    assert await bench.router.on_reply(asked, ok) == ok
    for method in ("INVITE", "UPDATE", "INFO", "BYE"):
        message = within(asked, method, tags=("bob", "alice"), body=bodies.offer(Leg.SIP))
        assert await bench.router.on_request(message) == message
    assert bench.sent == []


async def test_an_offer_that_the_engine_refuses_leaves_nothing(bench: Bench) -> None:
    with pytest.raises(EngineError) as error:
        await bench.begin(body="no SDP")
    assert error.value.sip_status == 488
    assert await bench.lives() == set()
    # A re-INVITE that it refuses changes nothing; neither does an answer.
    asked, sent, ok = await bench.begin()
    with pytest.raises(EngineError):
        await bench.router.on_reply(asked, attrs.evolve(ok, body="no SDP"))
    await bench.router.on_reply(asked, ok)
    states = dict(bench.states)
    again = within(sent, "INVITE", tags=("bob", "alice"), body="no SDP")
    with pytest.raises(EngineError):
        await bench.router.on_request(again)
    await bench.router.on_reply(again, response(again, 488))
    assert bench.states == states
    await bench.router.on_request(within(sent, "BYE", tags=("bob", "alice")))


async def test_a_parameter_of_others(bench: Bench) -> None:
    asked, sent, ok = await bench.begin()
    await bench.router.on_reply(asked, ok)
    bye = within(sent, "BYE", tags=("alice", "bob"))
    for forged in (
        attrs.evolve(bye, route=sent.route.replace(".ws.", ".ss.")),
        attrs.evolve(bye, route=seal(bench.states[bench.call_id], secret=b"the secret of others")),
        attrs.evolve(bye, call_id=f"{bench.call_id}-other"),
    ):
        with pytest.raises(UntrustedState) as error:
            await bench.router.on_request(forged)
        assert error.value.sip_status == 403
    # Well signed, but no state.
    with pytest.raises(UsageError, match="no state"):
        await bench.router.on_request(attrs.evolve(bye, route=seal("x", secret=SECRET)))
    await bench.router.on_request(bye)


async def test_messages_that_go_elsewhere(bench: Bench) -> None:
    asked = invite(bench.call_id)
    with pytest.raises(UsageError, match="goes to on_invite"):
        await bench.router.on_request(asked)
    with pytest.raises(UsageError, match="is no INVITE"):
        await bench.router.on_invite(attrs.evolve(asked, method="BYE"), W2S)
    with pytest.raises(UsageError, match="a status expected"):
        await bench.router.on_reply(asked, asked)
    again = attrs.evolve(asked, to_tag="bob")
    assert await bench.router.on_invite(again, W2S) == again


async def test_an_end_that_fails_is_tried_again(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """The engine is away while the BYE comes; it is back when the BYE is resent."""
    asked, sent, ok = await bench.begin()
    await bench.router.on_reply(asked, ok)
    with Peer(silent) as away:
        async with Client(away.url, timeout=0.2) as client:
            router = router_of(client, states=bench.states)
            bye = within(sent, "BYE", tags=("alice", "bob"))
            assert await router.on_request(bye) == bye
            assert "was not deleted" in caplog.text
            assert list(bench.states) == [bench.call_id]
            with pytest.raises(RequestTimeout):
                await router.on_invite(attrs.evolve(asked, branch=""), W2S)
            await router.on_reply(bye, response(bye, 200))
    await bench.router.on_request(bye)
