"""One client, one event loop at a time; a flood, a suspended host, and requests whose time is up."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable

import anyio
import pytest

from rtpe_ng import Client, UsageError
from rtpe_ng.transports import base, udp
from tests.support.loops import LOOPS, run_on
from tests.support.peers import Peer, pong, silent


async def pings(client: Client, count: int) -> None:
    for _ in range(count):
        await client.ping()


def test_one_loop_after_the_other() -> None:
    with Peer(pong) as peer:
        client = Client(peer.url)
        for loop in (*LOOPS, "asyncio"):
            run_on(loop, pings, client, 2)
        thread = threading.Thread(target=lambda: anyio.run(pings, client, 2))
        thread.start()
        thread.join()
        anyio.run(client.aclose)
    assert len(peer.received) == 2 * len(LOOPS) + 4


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("method", [Client.ping, Client.aclose])
@pytest.mark.parametrize("is_busy", [True, False])
def test_another_thread_is_refused_while_the_loop_of_a_client_runs(
    method: Callable[[Client], Awaitable[object]], loop: str, is_busy: bool
) -> None:
    errors: list[BaseException] = []

    async def ask(client: Client) -> None:
        try:
            await method(client)
        except UsageError as error:
            errors.append(error)

    async def main() -> None:
        async with Client(peer.url, timeout=20) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(pings, client, 1)
            while not peer.received:
                await anyio.sleep(0.001)
            if not is_busy:
                tasks.cancel_scope.cancel()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(lambda: anyio.run(ask, client))
            assert "open" in repr(client)
            tasks.cancel_scope.cancel()

    with Peer(silent) as peer:
        run_on(loop, main)
    assert len(errors) == 1
    assert "make a client for each" in str(errors[0])


@pytest.mark.parametrize("loop", LOOPS)
def test_threads_that_share_a_client_are_refused_or_served(loop: str) -> None:
    outcomes: Counter[str] = Counter()
    begin = threading.Barrier(4)

    async def ask() -> None:
        for _ in range(50):
            try:
                await client.ping()
            except UsageError:
                outcomes["refused"] += 1
            else:
                outcomes["served"] += 1

    def work() -> None:
        begin.wait()
        run_on(loop, ask)

    with Peer(pong) as peer:
        client = Client(peer.url)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        run_on(loop, client.aclose)
    assert outcomes.total() == 200
    assert outcomes["served"] >= 50


LEFT_BEHIND = """
import asyncio, sys
from rtpe_ng import Client
client, kept = Client(sys.argv[1], timeout=20), []
async def leave():
    kept.extend(asyncio.ensure_future(client.list()) for _ in range(5))
    await asyncio.sleep(0.01)
loop = asyncio.new_event_loop()
loop.run_until_complete(leave())
loop.close()
for _ in range(3):
    asyncio.run(asyncio.wait_for(client.ping(), 5))
asyncio.run(client.aclose())
print("alive", sum(task.done() for task in kept))
"""


def test_a_loop_that_was_closed_with_requests_under_way_spoils_nothing() -> None:
    def some(cookie: str, document: bytes) -> list[bytes]:
        return pong(cookie, document) if b"ping" in document else []

    with Peer(some) as peer:
        shown = subprocess.run(
            [sys.executable, "-c", LEFT_BEHIND, peer.url], capture_output=True, text=True, check=True, timeout=60
        )
    assert shown.stdout == "alive 0\n"


@pytest.mark.anyio
async def test_a_flood_leaves_others_their_turn() -> None:
    flooding = threading.Event()

    def flood(cookie: str, _document: bytes) -> list[bytes]:
        flooding.set()
        return [b"nobody_1 d6:result4:ponge"] * 20_000

    turns = 0
    with Peer(flood) as peer:
        async with Client(peer.url, timeout=1) as client:
            with anyio.move_on_after(20), anyio.CancelScope() as scope:
                async with anyio.create_task_group() as tasks:

                    async def tick() -> None:
                        nonlocal turns
                        while True:
                            await anyio.sleep(0)
                            turns += 1

                    tasks.start_soon(tick)
                    with pytest.raises(TimeoutError):
                        await client.ping()
                    scope.cancel()
            strays = client.strays.foreign
    assert flooding.is_set()
    assert strays > udp.MOST_AT_ONCE
    # Before the first turn of the other task, and after its last one, the client may have had one more.
    assert turns >= strays / udp.MOST_AT_ONCE - 2


@pytest.mark.anyio
async def test_a_request_ends_when_the_host_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    real = base.clock
    slept = 0.0
    monkeypatch.setattr(udp, "clock", lambda: real() + slept)
    with Peer(silent) as peer:
        async with Client(peer.url, timeout=29) as client, anyio.create_task_group() as tasks:

            async def ask() -> None:
                with pytest.raises(TimeoutError):
                    await client.ping()

            tasks.start_soon(ask)
            while not peer.received:
                await anyio.sleep(0.001)
            slept = 65.0
        # What was due meanwhile is not sent: the daemon no longer knows the cookie.
        assert len({cookie for cookie, _ in peer.received}) == 1
        assert len(peer.received) <= 2
