"""Who takes part in a call: several To tags, a transfer, a Call-ID that passes twice, on every engine."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from rtpe_ng import Call, Client, Direction, EngineError, Leg, UnknownCall, UsageError, sdp
from rtpe_ng.testing import bodies
from tests.support.engines import AnyEngine

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """One event loop: what a call makes of its parties does not depend on it, and other modules try both."""
    return "asyncio"


@pytest.fixture
async def client(any_engine: AnyEngine) -> AsyncIterator[Client]:
    async with Client(any_engine.url) as client:
        yield client


async def runs(client: Client, call_id: str) -> bool:
    return call_id in (await client.list(limit=500)).calls


def call_of(client: Client, direction: Direction, name: str = "parties", **options: object) -> Call:
    return client.call(name, from_tag="alice", direction=direction, delete_delay=0, **options)  # type: ignore[arg-type]


def place(body: str) -> tuple[int, str | None, bool]:
    """Return what must stay toward a party that stays: the port, the ICE username and rtcp-mux."""
    media = sdp.parse(body).media[0]
    return media.port, media.ice_ufrag, media.rtcp_mux


def elsewhere(body: str, number: int) -> str:
    return body.replace("127.0.2.1", f"127.0.2.{number}").replace("127.0.1.1", f"127.0.1.{number}")


EARLY = {
    "a 183 and the 200": [("ringback", True), ("agent", False)],
    "a reliable 183 and the 200": [("ringback", False), ("agent", False)],
    "three early dialogues": [("one", True), ("two", True), ("three", False), ("agent", False)],
    "a 183 without a tag": [(None, True), ("agent", False)],
    "a 183 without a tag, then one with": [(None, True), ("ringback", True), ("agent", False)],
    "back to the first": [("agent", True), ("ringback", True), ("agent", False)],
}


@pytest.mark.parametrize(
    ("direction", "answers"),
    [
        *(pytest.param(Direction.WEB_TO_SIP, answers, id=f"web→sip, {name}") for name, answers in EARLY.items()),
        *(
            pytest.param(way, EARLY["a 183 and the 200"], id=str(way))
            for way in Direction
            if way.name != "WEB_TO_SIP"
        ),
    ],
)
async def test_the_last_of_several_to_tags_is_the_callee(
    client: Client, direction: Direction, answers: list[tuple[str | None, bool]]
) -> None:
    async with call_of(client, direction) as begun:
        call = begun
        offered = await call.offer(bodies.offer(direction.caller))
        replies = []
        for number, (tag, provisional) in enumerate(answers, 2):
            # Every other message is another process's.
            if number % 2:
                call = client.restore_call(call.state)
            body = elsewhere(bodies.answer(direction.callee, offered.sdp), number)
            replies.append(await call.answer(body, by=tag, provisional=provisional))
        assert len({place(reply.sdp) for reply in replies}) == 1
        assert call.to_tag == "agent"
        # The winner goes on, in either direction.
        offer = elsewhere(bodies.offer(direction.callee, version=2), len(answers) + 1)
        sent = await call.offer(offer, by="agent")
        await call.answer(bodies.answer(direction.caller, sent.sdp, version=2, setup="passive"))
        assert place(sent.sdp)[:2] == place(replies[-1].sdp)[:2]
        sent = await call.offer(bodies.offer(direction.caller, version=3))
        back = await call.answer(elsewhere(bodies.answer(direction.callee, sent.sdp), len(answers) + 1))
        assert place(back.sdp) == place(replies[-1].sdp)
    assert not await runs(client, "parties")


async def test_a_dialogue_of_the_winner_comes_back_from_the_state_of_the_invite(client: Client) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.WEB))
        route = call.state
        await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="ringback", provisional=True)
        ringing = call.state
        first = await call.answer(elsewhere(bodies.answer(Leg.SIP, offered.sdp), 2), by="agent")
        for state in (route, ringing):
            restored = client.restore_call(state, within=("agent", "alice"))
            sent = await restored.offer(elsewhere(bodies.offer(Leg.SIP, version=2), 2), by="agent")
            assert place(sent.sdp) == place(first.sdp)
            await restored.answer(bodies.answer(Leg.WEB, sent.sdp, setup="passive"))


async def test_a_branch_has_its_own_early_dialogues(client: Client) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        branches = [call.fork(via_branch=f"z9hG4bK-{number}") for number in (1, 2)]
        offered = [await branch.offer(bodies.offer(Leg.WEB)) for branch in branches]
        early = [
            await branch.answer(elsewhere(bodies.answer(Leg.SIP, offer.sdp), number), provisional=True)
            for number, (branch, offer) in enumerate(zip(branches, offered, strict=True), 2)
        ]
        won = branches[1]
        final = await won.answer(elsewhere(bodies.answer(Leg.SIP, offered[1].sdp), 9), by="agent")
        assert place(final.sdp) == place(early[1].sdp)
        await branches[0].delete()
        sent = await won.offer(elsewhere(bodies.offer(Leg.SIP, version=2), 9), by="agent")
        assert place(sent.sdp) == place(final.sdp)
    assert not await runs(client, "parties")


@pytest.mark.parametrize("first", ["who comes offers", "who stays offers", "who comes has no tag yet"])
@pytest.mark.parametrize("direction", list(Direction), ids=str)
async def test_the_callee_is_replaced(
    client: Client, direction: Direction, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    other = Leg.SIP if direction.callee is Leg.WEB else Leg.WEB
    async with call_of(client, direction) as begun:
        call = begun
        offered = await call.offer(bodies.offer(direction.caller))
        before = await call.answer(bodies.answer(direction.callee, offered.sdp), by="bob")
        # First another of the same kind, then one of the other kind.
        for version, (left, came, leg) in enumerate(
            (("bob", "carol", direction.callee), ("carol", "dave", other)), 2
        ):
            call.transfer(left, to=None if first == "who comes has no tag yet" else came, leg=leg)
            if left == "carol":
                call = client.restore_call(call.state)
            if first == "who comes offers":
                sent = await call.offer(elsewhere(bodies.offer(leg), version), by=came)
                answer = bodies.answer(direction.caller, sent.sdp, version=version, setup="passive")
                await call.answer(answer)
                assert place(sent.sdp)[:2] == place(before.sdp)[:2]
            else:
                sent = await call.offer(bodies.offer(direction.caller, version=version))
                back = await call.answer(elsewhere(bodies.answer(leg, sent.sdp), version), by=came)
                assert place(back.sdp) == place(before.sdp)
                assert place(sent.sdp)[0] != place(offered.sdp)[0]
            assert (call.to_tag, call.direction) == (came, Direction.of(direction.caller, leg))
    assert not await runs(client, "parties")
    assert not [it for it in caplog.records if it.name == "rtpe_ng" and it.levelno >= logging.WARNING]


@pytest.mark.parametrize("first", ["who comes offers", "who stays offers"])
@pytest.mark.parametrize("direction", list(Direction), ids=str)
async def test_the_caller_is_replaced_and_then_the_callee(client: Client, direction: Direction, first: str) -> None:
    async with call_of(client, direction) as call:
        offered = await call.offer(bodies.offer(direction.caller))
        await call.answer(bodies.answer(direction.callee, offered.sdp), by="bob")
        call.transfer("alice", to="carol")
        if first == "who comes offers":
            sent = await call.offer(elsewhere(bodies.offer(direction.caller), 2), by="carol")
            await call.answer(bodies.answer(direction.callee, sent.sdp, version=2))
            assert place(sent.sdp)[:2] == place(offered.sdp)[:2]
        else:
            sent = await call.offer(bodies.offer(direction.callee, version=2), by="bob")
            back = await call.answer(elsewhere(bodies.answer(direction.caller, sent.sdp), 2))
            assert place(back.sdp)[:2] == place(offered.sdp)[:2]
        assert (call.from_tag, call.to_tag) == ("carol", "bob")
        call.transfer("bob", to="dave")
        sent = await call.offer(elsewhere(bodies.offer(direction.callee), 3), by="dave")
        await call.answer(bodies.answer(direction.caller, sent.sdp, version=3, setup="passive"))
    # One delete ends all that the daemon made for the four of them.
    assert not await runs(client, "parties")


async def test_a_transfer_that_nobody_announced_is_told_of(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.WEB))
        before = await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="bob")
        sent = await call.offer(elsewhere(bodies.offer(Leg.SIP), 2), by="carol")
        assert (
            "'carol' takes the place of 'bob'; if that is meant, call transfer('bob', to='carol') first"
            in caplog.text
        )
        assert place(sent.sdp) == place(before.sdp)
        assert call.to_tag == "carol"
        # The browser rejects it: bob has his place again.
        call.rollback()
        assert (call.to_tag, call.phase) == ("bob", "answered")
        await call.offer(bodies.offer(Leg.SIP, version=2), by="bob")


async def test_who_comes_instead_of_the_announced_one_is_told_of(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    async with call_of(client, Direction.SIP_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.SIP))
        await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="bob")
        call.transfer("bob", to="carol")
        await call.offer(bodies.offer(Leg.SIP), by="dave")
        assert "'dave' takes the place of 'carol'" in caplog.text
        assert call.to_tag == "dave"


async def test_who_was_called_in_vain_leaves_again(client: Client) -> None:
    """A blind transfer whose target is busy: the one who was there before goes on."""
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.WEB))
        before = await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="bob")
        call.transfer("bob")
        await call.offer(bodies.offer(Leg.WEB, version=2))
        call.rollback()
        call.transfer(None, to="bob")
        sent = await call.offer(bodies.offer(Leg.SIP, version=2), by="bob")
        assert place(sent.sdp) == place(before.sdp)


async def test_one_call_id_that_passes_twice(client: Client) -> None:
    """Browser A to an application server and through it to browser B, under one Call-ID."""
    async with (
        call_of(client, Direction.WEB_TO_SIP, "spiral", strict=True) as first,
        call_of(client, Direction.SIP_TO_WEB, "spiral", strict=True, pass_id="z9hG4bK9") as second,
    ):
        to_server = await first.offer(bodies.offer(Leg.WEB))
        to_b = await second.offer(to_server.sdp)
        to_server = await second.answer(bodies.answer(Leg.WEB, to_b.sdp), by="bob")
        to_a = await first.answer(to_server.sdp, by="bob")
        assert sdp.web_problems(to_b.sdp) == sdp.web_problems(to_a.sdp) == ()
        assert (first.call_id, second.call_id) == ("spiral", "spiral")
        assert first.ng_call_id != second.ng_call_id
        restored = client.restore_call(second.state)
        assert (restored.pass_id, restored.ng_call_id) == (second.pass_id, second.ng_call_id)
        assert set((await restored.query()).tags) == {"alice", "bob"}
        await first.delete()
        assert set((await restored.query()).tags) == {"alice", "bob"}
    with pytest.raises(UnknownCall):
        await restored.query()


async def test_two_calls_of_one_id_are_refused(client: Client) -> None:
    never = call_of(client, Direction.WEB_TO_SIP)
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        await call.offer(bodies.offer(Leg.WEB))
        with pytest.raises(UsageError, match="pass_id='2'"):
            call_of(client, Direction.SIP_TO_WEB)
        # It was made before the other one began.
        with pytest.raises(UsageError, match="goes on already on this client"):
            await never.offer(bodies.offer(Leg.WEB))
        with pytest.raises(UsageError, match="goes on already on this client"):
            await never.fork(via_branch="z9").offer(bodies.offer(Leg.WEB))
        # Branches, other passes and other names are other calls, and so is the same name at another client.
        await call.fork(via_branch="z9").offer(bodies.offer(Leg.WEB))
        call_of(client, Direction.WEB_TO_SIP, pass_id="2")
        call_of(client, Direction.WEB_TO_SIP, "another")
        call_of(Client(client.url), Direction.WEB_TO_SIP)
    # What is over is no obstacle, nor what never began or was rejected.
    async with call_of(client, Direction.WEB_TO_SIP) as again:
        await again.offer(bodies.offer(Leg.WEB))
        again.rollback()
        call_of(client, Direction.WEB_TO_SIP)


async def test_what_failed_to_begin_does_not_take_over_later(client: Client) -> None:
    first, second = call_of(client, Direction.SIP_TO_SIP), call_of(client, Direction.SIP_TO_SIP)
    await first.offer(bodies.offer(Leg.SIP))
    first.rollback()
    sent = await second.offer(bodies.offer(Leg.SIP))
    with pytest.raises(UsageError, match="goes on already"):
        await first.offer(bodies.offer(Leg.SIP))
    # Its end does not end the other one.
    assert await first.delete() is None
    await second.answer(bodies.answer(Leg.SIP, sent.sdp), by="bob")
    await second.delete()
    assert not await runs(client, "parties")


async def test_a_transferred_branch_ends_all_that_it_was(client: Client) -> None:
    async with call_of(client, Direction.SIP_TO_SIP) as call:
        branch = call.fork(via_branch="z9hG4bK-1")
        offered = await branch.offer(bodies.offer(Leg.SIP))
        await branch.answer(bodies.answer(Leg.SIP, offered.sdp), by="bob")
        branch.transfer("bob", to="carol")
        sent = await branch.offer(elsewhere(bodies.offer(Leg.SIP), 2), by="carol")
        await branch.answer(bodies.answer(Leg.SIP, sent.sdp, version=2))
        await client.restore_call(branch.state, delete_delay=0).delete()
        assert not await runs(client, "parties")


async def test_who_comes_has_ports_that_nobody_had_before(client: Client) -> None:
    """Each party that has come so far had another port, but for the one that came back."""
    async with call_of(client, Direction.SIP_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.SIP))
        await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="bob")
        ports = {"bob": place(offered.sdp)[0]}
        for version, (left, came, to) in enumerate(
            (("bob", "dave", None), ("dave", "bob", "bob"), ("bob", "erin", None)), 2
        ):
            call.transfer(left, to=to)
            sent = await call.offer(bodies.offer(Leg.SIP, version=version))
            await call.answer(elsewhere(bodies.answer(Leg.SIP, sent.sdp), version), by=came)
            assert ports.setdefault(came, place(sent.sdp)[0]) == place(sent.sdp)[0]
        assert len(set(ports.values())) == 3


async def test_a_lost_early_dialogue_that_offers_is_told_of(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    async with call_of(client, Direction.SIP_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.SIP))
        for tag, provisional in (("ringback", True), ("agent", False)):
            await call.answer(bodies.answer(Leg.SIP, offered.sdp), by=tag, provisional=provisional)
        await call.offer(bodies.offer(Leg.SIP, version=2), by="ringback")
        assert "'ringback' takes the place of 'agent'" in caplog.text
        assert call.ng_tag("ringback") != "ringback"


@pytest.mark.parametrize(
    ("options", "why"), [({"delete_delay": -5}, "delete_delay"), ({"delete_delay": "x"}, "delete_delay")]
)
async def test_settings_that_would_fail_at_the_end_fail_at_once(
    client: Client, options: dict[str, object], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        client.call("parties", from_tag="alice", direction=Direction.SIP_TO_SIP, **options)  # type: ignore[arg-type]


async def test_a_transfer_to_a_leg_that_is_none(client: Client) -> None:
    async with call_of(client, Direction.SIP_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.SIP))
        await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="bob")
        with pytest.raises(UsageError, match=r"Leg\.WEB or Leg\.SIP"):
            call.transfer("bob", to="carol", leg="web")  # type: ignore[arg-type]


async def test_two_networks_of_phones(client: Client) -> None:
    """Both legs are SIP, so the interfaces go by place."""
    async with call_of(client, Direction.SIP_TO_SIP, interfaces=("pub", "priv")) as call:
        for by, away, back in (("alice", "127.0.0.2", "127.0.0.1"), ("bob", "127.0.0.1", "127.0.0.2")):
            sent = await call.offer(bodies.offer(Leg.SIP), by=by)
            reply = await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="bob" if by == "alice" else "alice")
            connections = [sdp.parse(each.sdp).media[0].connection for each in (sent, reply)]
            addresses = [each and each.address for each in connections]
            assert addresses == [away, back]


@pytest.mark.parametrize("names", [("pub",), ("pub", ""), ("pub", 7), "pub", ["pub", "priv"]])
async def test_interfaces_that_are_none(client: Client, names: object) -> None:
    with pytest.raises(UsageError, match="interfaces"):
        call_of(client, Direction.SIP_TO_SIP, interfaces=names)


@pytest.mark.parametrize("pass_id", ["", 7])
async def test_a_pass_is_named_by_text(client: Client, pass_id: object) -> None:
    with pytest.raises(UsageError, match="pass_id"):
        call_of(client, Direction.SIP_TO_SIP, pass_id=pass_id)


async def test_both_tags_are_the_same(client: Client) -> None:
    """As in some test scripts: any other text will do, because the daemon sees tags of the call's own."""
    async with call_of(client, Direction.SIP_TO_SIP) as call:
        sent = await call.offer(bodies.offer(Leg.SIP))
        with pytest.raises(UsageError, match="any other text"):
            await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="alice")
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="alice-2")


async def test_the_daemon_refuses_equal_tags_with_a_cure(client: Client, any_engine: AnyEngine) -> None:
    await client.offer(sdp=bodies.offer(Leg.SIP), call_id="equal", from_tag="a")
    if any_engine.version.startswith("10."):
        await client.answer(
            sdp=bodies.answer(Leg.SIP, bodies.offer(Leg.SIP)), call_id="equal", from_tag="a", to_tag="a"
        )
    else:
        with pytest.raises(EngineError, match="each party needs a tag of its own"):
            await client.answer(
                sdp=bodies.answer(Leg.SIP, bodies.offer(Leg.SIP)), call_id="equal", from_tag="a", to_tag="a"
            )
    await client.delete(call_id="equal", delete_delay=0)
