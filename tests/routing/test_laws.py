"""Messages in any order: only documented errors, and nothing that stays at the engine when the call is over."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import anyio
import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Client, Direction, EngineError, Leg, UsageError
from rtpe_ng.routing import SipMessage
from rtpe_ng.testing import EmbeddedEngine, bodies
from tests.support.examples import examples
from tests.support.stack import invite, response, router_of, within

LEGS = {"alice": Leg.WEB, "one": Leg.SIP, "two": Leg.SIP}
BODIES = {
    (tag, version): bodies.offer(leg, version=version).replace("127.0.2.1", f"127.0.2.{len(tag)}")
    for tag, leg in LEGS.items()
    for version in (1, 2)
}
"""As answers as well: the engine takes any description for one."""

tags = st.sampled_from(["one", "two"])
branches = st.sampled_from(["z9-1", "z9-2", ""])
dialogues = st.sampled_from([("alice", "one"), ("one", "alice"), ("alice", "two"), ("two", "alice")])
versions = st.sampled_from([1, 2])
methods = st.sampled_from(["INVITE", "UPDATE", "PRACK", "ACK", "INFO", "BYE"])
begins = st.tuples(st.just("invite"), branches, st.booleans())
replies = st.tuples(
    st.just("reply"),
    branches,
    st.booleans(),
    st.sampled_from([100, 183, 200, 407, 486]),
    tags | st.just(""),
    versions,
)
requests = st.tuples(st.just("request"), dialogues, methods, versions, st.booleans())
answers = st.tuples(st.just("answer"), dialogues, methods, st.sampled_from([183, 200, 488]), versions)
cancels = st.tuples(st.just("cancel"), branches)
orders = st.lists(st.tuples(st.integers(0, 1), begins | replies | requests | answers | cancels), max_size=14)


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine() as engine:
        yield engine


class Story:
    """One Call-ID in two processes that share their states."""

    def __init__(self, client: Client) -> None:
        self.states: dict[str, str] = {}
        self.routers = [router_of(client, states=self.states) for _ in range(2)]
        self.routes = [""]

    def asked(self, branch: str, *, is_late: bool) -> SipMessage:
        return invite("story", branch=branch, body="" if is_late else BODIES["alice", 1])

    async def tell(self, process: int, what: tuple[Any, ...]) -> None:
        """Give a router what happens. Raises what the router raises."""
        router = self.routers[process]
        match what:
            case ("invite", branch, is_late):
                sent = await router.on_invite(self.asked(branch, is_late=is_late), Direction.WEB_TO_SIP)
                self.routes.append(sent.route)
            case ("reply", branch, is_late, status, tag, version):
                asked = self.asked(branch, is_late=is_late)
                body = BODIES[tag or "one", version] if 100 < status < 300 else ""
                told = response(asked, status, to_tag=tag, body=body, reliable=version == 2)
                await router.on_reply(asked, told)
            case ("request", dialogue, method, version, has_route):
                body = "" if method == "BYE" else BODIES[dialogue[0], version]
                route = self.routes[-1] if has_route else ""
                await router.on_request(within(invite("story"), method, tags=dialogue, body=body, route=route))
            case ("answer", dialogue, method, status, version):
                request = within(invite("story"), method, tags=dialogue, body=BODIES[dialogue[0], version])
                told = response(request, status, body=BODIES[dialogue[1], version] if status < 300 else "")
                await router.on_reply(request, told)
            case ("cancel", branch):
                await router.on_request(attrs.evolve(invite("story"), method="CANCEL", branch=branch, body=""))

    async def finish(self) -> None:
        """Give each INVITE its last response, and each dialogue its BYE."""
        for branch in ("z9-1", "z9-2", ""):
            for router in self.routers:
                asked = self.asked(branch, is_late=False)
                await router.on_reply(asked, response(asked, 487, to_tag="one"))
        for route in self.routes:
            for dialogue in (("alice", "one"), ("two", "alice")):
                for router in self.routers:
                    await router.on_request(within(invite("story"), "BYE", tags=dialogue, route=route))
        for router in self.routers:
            await router.on_reply(asked, response(asked, 487))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@given(is_late=st.booleans(), order=orders)
@examples(40)
def test_no_order_of_messages_leaves_a_call_behind(
    engine: EmbeddedEngine, backend: str, is_late: bool, order: list[tuple[int, tuple[Any, ...]]]
) -> None:
    order = [(0, ("invite", "z9-1", is_late)), *order]

    async def play() -> None:
        async with Client(engine.url) as client:
            story = Story(client)
            for process, what in order:
                with contextlib.suppress(UsageError, EngineError):
                    await story.tell(process, what)
                assert not any(len(router._ledger.locks) for router in story.routers)
            await story.finish()
            assert story.states == {}
            assert not engine.calls

    anyio.run(play, backend=backend)


@given(order=st.lists(requests | answers | cancels, max_size=8))
@examples(30)
def test_nothing_brings_a_call_back(engine: EmbeddedEngine, order: list[tuple[Any, ...]]) -> None:
    async def play() -> None:
        async with Client(engine.url) as client:
            story = Story(client)
            await story.tell(0, ("invite", "z9-1", False))
            await story.tell(0, ("reply", "z9-1", False, 200, "one", 1))
            await story.tell(0, ("request", ("one", "alice"), "BYE", 1, True))
            before = len(engine.received)
            for what in order:
                await story.tell(0, what)
            assert len(engine.received) == before
            assert story.states == {}
            assert not engine.calls

    anyio.run(play)
