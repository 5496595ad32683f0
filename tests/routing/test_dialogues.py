"""Which dialogue of an INVITE is the call, and what its bodies are, where several dialogues speak."""

from __future__ import annotations

import attrs
import pytest

from rtpe_ng import Direction, EngineError, Leg, UsageError, sdp
from rtpe_ng.routing import SipMessage
from rtpe_ng.testing import bodies
from tests.support.bench import S2W, W2S, Bench, answer, place, protocol
from tests.support.stack import invite, response, router_of, within

pytestmark = pytest.mark.anyio


async def acknowledged(bench: Bench, sent: SipMessage, tag: str) -> None:
    prack = within(sent, "PRACK", tags=("alice", tag))
    await bench.router.on_request(prack)
    await bench.router.on_reply(prack, response(prack, 200))


async def goes_on(bench: Bench, sent: SipMessage, tag: str) -> None:
    """A re-INVITE of the callee passes, and its BYE ends the call."""
    again = within(sent, "INVITE", tags=(tag, "alice"), body=bodies.offer(Leg.SIP, version=3))
    there = await bench.router.on_request(again)
    assert protocol(there) == "UDP/TLS/RTP/SAVPF"
    back = await bench.router.on_reply(again, response(again, 200, body=answer(Leg.WEB, there, 3)))
    assert protocol(back) == "RTP/AVP"
    await bench.router.on_request(within(sent, "BYE", tags=("alice", tag)))


async def test_a_late_offer_under_two_to_tags(bench: Bench) -> None:
    asked, sent, _ = await bench.begin(body="")
    early = response(asked, 183, to_tag="one", reliable=True, body=bodies.offer(Leg.SIP))
    offered = await bench.router.on_reply(asked, early)
    prack = within(sent, "PRACK", tags=("alice", "one"), body=answer(Leg.WEB, offered))
    await bench.router.on_request(prack)
    await bench.router.on_reply(prack, response(prack, 200))
    ok = response(asked, 200, to_tag="two", body=bodies.offer(Leg.SIP).replace("127.0.2.1", "127.0.2.8"))
    final = await bench.router.on_reply(asked, ok)
    assert sdp.web_problems(str(final.body)) == ()
    ack = within(sent, "ACK", tags=("alice", "two"), body=answer(Leg.WEB, final))
    assert protocol(await bench.router.on_request(ack)) == "RTP/AVP"
    assert await bench.router.on_reply(asked, ok) == final
    await goes_on(bench, sent, "two")


@pytest.mark.parametrize("end", ["answered", "open", "rejected", "by the callee"])
async def test_another_dialogue_answers_after_an_update(bench: Bench, end: str) -> None:
    asked, sent, ok = await bench.begin()
    early = await bench.router.on_reply(asked, attrs.evolve(ok, to_tag="one", status=183, reliable=True))
    await acknowledged(bench, sent, "one")
    by, leg = ("one", Leg.SIP) if end == "by the callee" else ("alice", Leg.WEB)
    other = "alice" if by == "one" else "one"
    update = within(sent, "UPDATE", tags=(by, other), body=bodies.offer(leg, version=2))
    there = await bench.router.on_request(update)
    if end == "answered":
        await bench.router.on_reply(update, response(update, 200, body=answer(Leg.SIP, there, 2)))
    elif end == "rejected":
        await bench.router.on_reply(update, response(update, 488))
    told = attrs.evolve(ok, to_tag="two", body=answer(Leg.SIP, sent, 1, 9))
    final = await bench.router.on_reply(asked, told)
    assert protocol(final) == "UDP/TLS/RTP/SAVPF"
    assert place(final)[:2] == place(early)[:2]
    # The other one had been offered these ports, and its media go there.
    async with bench.router.locked(bench.call_id) as call:
        assert (call.to_tag, call.ng_tag("two")) == ("two", "one")
    assert await bench.router.on_reply(asked, told) == final
    await goes_on(bench, sent, "two")


@pytest.mark.parametrize("early", ["one", "one two", "one two UPDATE"])
async def test_a_2xx_without_a_body_says_which_dialogue_it_is(bench: Bench, early: str) -> None:
    asked, sent, _ = await bench.begin()
    got = {}
    for number, tag in enumerate(early.removesuffix(" UPDATE").split(), 2):
        body = answer(Leg.SIP, sent, 1, number)
        told = response(asked, 183, to_tag=tag, reliable=True, body=body)
        got[tag] = await bench.router.on_reply(asked, told)
        await acknowledged(bench, sent, tag)
    if early.endswith("UPDATE"):
        update = within(sent, "UPDATE", tags=("alice", "two"), body=bodies.offer(Leg.WEB, version=2))
        there = await bench.router.on_request(update)
        await bench.router.on_reply(update, response(update, 200, body=answer(Leg.SIP, there, 2)))
    winner = "two" if early == "one" else "one"
    await bench.router.on_reply(asked, response(asked, 200, to_tag=winner))
    async with bench.router.locked(bench.call_id) as call:
        assert (call.phase, call.to_tag) == ("answered", winner)
        known = await bench.client.request({"command": "query", "call-id": call.ng_call_id})
        assert early == "one" or "127.0.2.2" in str(known)
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "two" if winner == "one" else "one")))
    assert await bench.lives() == {bench.call_id}
    await goes_on(bench, sent, winner)


async def test_a_2xx_that_the_engine_refuses_is_still_the_dialogue(bench: Bench) -> None:
    asked, sent, ok = await bench.begin()
    await bench.router.on_reply(asked, attrs.evolve(ok, status=183, to_tag="one"))
    with pytest.raises(EngineError) as error:
        await bench.router.on_reply(asked, attrs.evolve(ok, body="no SDP"))
    assert error.value.sip_status == 488
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob")))


async def test_the_200_of_a_late_offer_repeats_it_after_an_update(bench: Bench) -> None:
    asked, sent, _ = await bench.begin(body="")
    told = response(asked, 183, to_tag="bob", reliable=True, body=bodies.offer(Leg.SIP))
    offered = await bench.router.on_reply(asked, told)
    prack = within(sent, "PRACK", tags=("alice", "bob"), body=answer(Leg.WEB, offered))
    await bench.router.on_request(prack)
    update = within(sent, "UPDATE", tags=("alice", "bob"), body=bodies.offer(Leg.WEB, version=2))
    there = await bench.router.on_request(update)
    await bench.router.on_reply(update, response(update, 200, body=answer(Leg.SIP, there, 2)))
    assert (await bench.router.on_reply(asked, attrs.evolve(told, status=200))).body == offered.body
    await goes_on(bench, sent, "bob")


async def test_an_ack_without_the_answer_takes_the_offer_back(bench: Bench) -> None:
    asked, sent, _ = await bench.begin(body="")
    await bench.router.on_reply(asked, response(asked, 200, to_tag="bob", body=bodies.offer(Leg.SIP)))
    await bench.router.on_request(within(sent, "ACK", tags=("alice", "bob")))
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "loser")))
    for version, branch in ((1, "z9-1"), (2, "z9-2")):
        again = within(
            sent, "INVITE", tags=("alice", "bob"), body=bodies.offer(Leg.WEB, version=version), branch=branch
        )
        there = await bench.router.on_request(again)
        assert protocol(there) == "RTP/AVP"
        await bench.router.on_reply(again, response(again, 200, body=answer(Leg.SIP, there, version)))
        empty = within(sent, "INVITE", tags=("alice", "bob"), branch=f"{branch}-empty")
        await bench.router.on_request(empty)
        await bench.router.on_reply(empty, response(empty, 200, body=bodies.offer(Leg.SIP, version=version + 1)))
        await bench.router.on_request(within(sent, "ACK", tags=("alice", "bob")))
    # The ACK of one offer takes no other one back.
    update = within(sent, "UPDATE", tags=("bob", "alice"), body=bodies.offer(Leg.SIP, version=5))
    await bench.router.on_request(update)
    await bench.router.on_request(within(sent, "ACK", tags=("alice", "bob")))
    async with bench.router.locked(bench.call_id) as call:
        assert (call.phase, call.offerer) == ("offered", "bob")
    await bench.router.on_request(within(sent, "BYE", tags=("alice", "bob")))


async def test_the_next_callee_after_a_failure(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """Voicemail after a 486: the same INVITE, to another callee."""
    asked, sent, _ = await bench.begin()
    await bench.router.on_reply(asked, response(asked, 486, to_tag="bob"))
    assert await bench.router.on_invite(asked, W2S) == asked
    assert "was resent after its end" in caplog.text
    sent = await bench.router.on_invite(asked, Direction.WEB_TO_WEB)
    ok = response(asked, 200, to_tag="mailbox", body=answer(Leg.WEB, sent))
    assert sdp.web_problems(str((await bench.router.on_reply(asked, ok)).body)) == ()
    await bench.router.on_request(within(sent, "BYE", tags=("mailbox", "alice")))
    # A call that was ended otherwise does not begin again.
    assert await bench.router.on_invite(asked, S2W) == asked


async def test_a_spiral_without_a_secret_is_an_error(bench: Bench) -> None:
    bench.router = router_of(bench.client, states=bench.states, secret=None)
    asked, to_server, _ = await bench.begin()
    back = attrs.evolve(to_server, branch="z9-server")
    to_b = await bench.router.on_invite(back, S2W)
    told = await bench.router.on_reply(back, response(back, 200, to_tag="bob", body=answer(Leg.WEB, to_b)))
    final = await bench.router.on_reply(asked, response(asked, 200, to_tag="bob", body=told.body))
    assert sdp.web_problems(str(final.body)) == ()
    hold = within(asked, "INVITE", tags=("alice", "bob"), body=bodies.offer(Leg.WEB, version=2))
    with pytest.raises(UsageError, match="passed here 2 times") as error:
        await bench.router.on_request(hold)
    await bench.router.on_reply(hold, response(hold, error.value.sip_status))
    for branch in ("z9-bye", "z9-bye-2"):
        await bench.router.on_request(within(asked, "BYE", tags=("alice", "bob"), branch=branch))


class Failing(dict[str, str]):
    """A store that is away at times."""

    away: str = ""

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        if self.away == "get":
            raise ConnectionError("redis://user:hunter2@store is away")
        return super().get(key, default)

    def pop(self, key: str, *default: object) -> object:  # type: ignore[override]
        if self.away:
            raise ConnectionError("the store is away")
        return super().pop(key, *default)


@pytest.mark.parametrize("away", ["get", "pop"])
@pytest.mark.parametrize("end", ["BYE", "BYE without a route", "CANCEL", "486"])
async def test_a_store_that_fails_leaves_nothing_at_the_engine(
    bench: Bench, caplog: pytest.LogCaptureFixture, end: str, away: str
) -> None:
    states = Failing()
    router = router_of(bench.client, states=states)
    asked = invite(bench.call_id)
    sent = await router.on_invite(asked, W2S)
    if end.startswith("BYE"):
        await router.on_reply(asked, response(asked, 200, to_tag="bob", body=answer(Leg.SIP, sent)))
    bye = within(sent, "BYE", tags=("alice", "bob"))
    last = {"BYE": bye, "BYE without a route": attrs.evolve(bye, route="")}
    cancel = attrs.evolve(asked, method="CANCEL", body="")
    states.away = away
    for _ in range(2):
        if end == "486":
            await router.on_reply(asked, response(asked, 486, to_tag="bob"))
        else:
            await router.on_request(last.get(end, cancel))
        assert await bench.lives() == set()
    assert "the store failed" in caplog.text
    assert "hunter2" not in caplog.text
    # Once it is back, the next message removes what it has.
    states.away = ""
    await router.on_request(last.get(end, cancel))
    assert states == {}
