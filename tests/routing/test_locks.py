"""Messages of one call that are handled at the same time, and messages that are cancelled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import attrs
import pytest

from rtpe_ng import Client, Direction, Glare, Leg, RequestTimeout, UsageError
from rtpe_ng.routing import SipMessage
from rtpe_ng.routing.memory import CallLocks
from rtpe_ng.testing import EmbeddedEngine, bodies
from tests.support.peers import HoldingProxy
from tests.support.stack import invite, response, router_of, within

pytestmark = pytest.mark.anyio

W2S = Direction.WEB_TO_SIP


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
async def engine() -> AsyncIterator[EmbeddedEngine]:
    async with EmbeddedEngine() as engine:
        yield engine


async def until(done: Callable[[], object]) -> None:
    with anyio.fail_after(10):
        while not done():
            await anyio.sleep(0.002)


async def answered(client: Client, states: dict[str, str], *, final: bool = True) -> tuple[SipMessage, SipMessage]:
    """Return the INVITE and the INVITE as it went on, of a call that was answered, or is about to be."""
    router = router_of(client, states=states)
    asked = invite("crossing")
    sent = await router.on_invite(asked, W2S)
    if final:
        body = bodies.answer(Leg.SIP, str(sent.body))
        await router.on_reply(asked, response(asked, 200, to_tag="bob", body=body))
    return asked, sent


async def test_two_offers_at_once_are_glare(engine: EmbeddedEngine) -> None:
    states: dict[str, str] = {}
    outcomes: list[object] = []
    with HoldingProxy(engine.url, holds=["offer"]) as proxy:
        async with Client(engine.url) as direct, Client(proxy.url) as client:
            _, sent = await answered(direct, states)
            router = router_of(client, states=states)

            async def offer(by: str, other: str, leg: Leg) -> None:
                body = bodies.offer(leg, version=2)
                try:
                    outcomes.append(await router.on_request(within(sent, "INVITE", tags=(by, other), body=body)))
                except Glare as error:
                    outcomes.append(error)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(offer, "alice", "bob", Leg.WEB)
                tasks.start_soon(offer, "bob", "alice", Leg.SIP)
                await until(lambda: proxy.held)
                await anyio.sleep(0.05)
                assert outcomes == []
                proxy.let_go()
            kinds = [type(outcome) for outcome in outcomes]
            assert sorted(kinds, key=lambda kind: kind.__name__) == [Glare, SipMessage]
            assert [it.name for it in engine.received].count("offer") == 2
            await router.end("crossing")


async def test_a_cancel_that_crosses_the_200_ends_nothing_that_lives(engine: EmbeddedEngine) -> None:
    """The 200 came first, so the CANCEL has no effect (RFC 3261, section 9.2). The BYE ends the call."""
    states: dict[str, str] = {}
    with HoldingProxy(engine.url, holds=["answer"]) as proxy:
        async with Client(engine.url) as direct, Client(proxy.url) as client:
            asked, sent = await answered(direct, states, final=False)
            router = router_of(client, states=states)
            ok = response(asked, 200, to_tag="bob", body=bodies.answer(Leg.SIP, str(sent.body)))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(router.on_reply, asked, ok)
                await until(lambda: proxy.held)
                tasks.start_soon(router.on_request, attrs.evolve(asked, method="CANCEL", body=""))
                await anyio.sleep(0.05)
                proxy.let_go()
            assert list(states) == ["crossing"]
            await router.on_request(within(sent, "BYE", tags=("alice", "bob")))
            assert states == {}
            assert engine.calls == {}


@pytest.mark.parametrize("method", ["CANCEL", "BYE"])
async def test_what_comes_while_a_call_is_deleted_does_not_bring_it_back(
    engine: EmbeddedEngine, method: str
) -> None:
    states: dict[str, str] = {}
    with HoldingProxy(engine.url, holds=["delete"]) as proxy:
        async with Client(engine.url) as direct, Client(proxy.url) as client:
            asked, sent = await answered(direct, states, final=method == "BYE")
            router = router_of(client, states=states)
            end = attrs.evolve(asked, method="CANCEL", body="")
            if method == "BYE":
                end = within(sent, "BYE", tags=("alice", "bob"))
            ok = response(asked, 200, to_tag="bob", body=bodies.answer(Leg.SIP, str(sent.body)))
            again = within(sent, "INVITE", tags=("bob", "alice"), body=bodies.offer(Leg.SIP, version=2))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(router.on_request, end)
                await until(lambda: proxy.held)
                tasks.start_soon(router.on_reply, asked, ok)
                tasks.start_soon(router.on_request, again)
                await anyio.sleep(0.05)
                proxy.let_go()
            assert states == {}
            assert engine.calls == {}


@pytest.mark.parametrize("how", ["cancelled", "timeout"])
async def test_an_invite_that_is_given_up_leaves_nothing(engine: EmbeddedEngine, how: str) -> None:
    with HoldingProxy(engine.url, holds=["offer"]) as proxy:
        async with Client(proxy.url, timeout=0.3 if how == "timeout" else 3) as client:
            router = router_of(client)
            if how == "timeout":
                with pytest.raises(RequestTimeout):
                    await router.on_invite(invite("given-up"), W2S)
            else:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(router.on_invite, invite("given-up"), W2S)
                    await until(lambda: proxy.held)
                    tasks.cancel_scope.cancel()
            assert engine.calls == {}
            assert router.states == {}
            # The program may try the same INVITE once more.
            proxy.let_go()
            assert (await router.on_invite(invite("given-up"), W2S)).route
            await router.end("given-up")
            assert engine.calls == {}


async def test_a_bye_that_is_cancelled_ends_the_call_all_the_same(engine: EmbeddedEngine) -> None:
    states: dict[str, str] = {}
    with HoldingProxy(engine.url, holds=["delete"]) as proxy:
        async with Client(engine.url) as direct, Client(proxy.url) as client:
            _, sent = await answered(direct, states)
            router = router_of(client, states=states)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(router.on_request, within(sent, "BYE", tags=("alice", "bob")))
                await until(lambda: proxy.held)
                tasks.cancel_scope.cancel()
                proxy.let_go()
            assert states == {}
            assert engine.calls == {}


async def test_a_reoffer_that_is_cancelled_changes_nothing(engine: EmbeddedEngine) -> None:
    states: dict[str, str] = {}
    with HoldingProxy(engine.url, holds=["offer"]) as proxy:
        async with Client(engine.url) as direct, Client(proxy.url) as client:
            _, sent = await answered(direct, states)
            before = dict(states)
            router = router_of(client, states=states)
            again = within(sent, "INVITE", tags=("alice", "bob"), body=bodies.offer(Leg.WEB, version=2))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(router.on_request, again)
                await until(lambda: proxy.held)
                tasks.cancel_scope.cancel()
            assert states == before
            proxy.let_go()
            there = within(sent, "INVITE", tags=("bob", "alice"), body=bodies.offer(Leg.SIP, version=2))
            assert (await router.on_request(there)).body
            await router.end("crossing")


async def test_a_lock_lives_as_long_as_someone_needs_it() -> None:
    locks = CallLocks()
    order: list[int] = []

    async def hold(number: int) -> None:
        async with locks.hold("one"):
            order.append(number)

    async with anyio.create_task_group() as tasks, locks.hold("one"), locks.hold("two"):
        tasks.start_soon(hold, 1)
        async with anyio.create_task_group() as given_up:
            given_up.start_soon(hold, 2)
            await anyio.wait_all_tasks_blocked()
            given_up.cancel_scope.cancel()
        with pytest.raises(UsageError, match="locked by this task"):
            await hold(3)
        assert (len(locks), order) == (2, [])
    assert (len(locks), order) == (0, [1])
