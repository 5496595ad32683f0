"""Cancelling a request, at whatever await it is, leaves the client usable and nobody waiting in vain."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Client
from rtpe_ng.testing import Rtpengine
from tests.support.examples import examples
from tests.support.loops import LOOPS, run_on
from tests.support.peers import Peer, silent


class Stutter:
    """Answers all but every fifth request, so that some are cancelled while they wait for a resend."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, cookie: str, _: bytes) -> Iterator[bytes]:
        self.count += 1
        if self.count % 5:
            yield f"{cookie} d6:result4:ponge".encode()


@pytest.mark.parametrize("loop", LOOPS)
@examples(40)
@given(
    # For each of some requests: after how many turns of the loop it is cancelled, or never.
    turns=st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=6),
    opened=st.booleans(),
)
def test_a_client_survives_cancellation_at_any_await(loop: str, turns: list[int | None], opened: bool) -> None:
    ended: list[str] = []

    async def ask(client: Client, scope: anyio.CancelScope) -> None:
        with scope:
            await client.ping()
        ended.append("cancelled" if scope.cancelled_caught else "answered")

    async def cancel(scope: anyio.CancelScope, after: int | None) -> None:
        if after is not None:
            for _ in range(after):
                await checkpoint()
            scope.cancel()

    async def main() -> None:
        with Peer(Stutter()) as peer:
            # "localhost" adds the wait for the resolver to the points at which it can happen.
            async with Client(peer.url.replace("127.0.0.1", "localhost"), timeout=20) as warm:
                client = warm if opened else Client(peer.url.replace("127.0.0.1", "localhost"), timeout=20)
                with anyio.fail_after(15):
                    async with anyio.create_task_group() as tasks:
                        for after in turns:
                            scope = anyio.CancelScope()
                            tasks.start_soon(ask, client, scope)
                            tasks.start_soon(cancel, scope, after)
                    for _ in range(2):
                        await client.ping()
                await client.aclose()

    run_on(loop, main)
    assert len(ended) == len(turns)
    assert ended.count("answered") >= turns.count(None)


@pytest.mark.anyio
async def test_when_the_one_who_reads_for_all_is_cancelled_another_takes_over(daemon: Rtpengine) -> None:
    async with Client(daemon.url) as client:
        for reader in range(4):
            scopes = [anyio.CancelScope() for _ in range(4)]
            pongs: list[float] = []

            async def ping(scope: anyio.CancelScope, pongs: list[float] = pongs) -> None:
                with scope:
                    pongs.append((await client.ping()).seconds)

            with anyio.fail_after(2):
                async with anyio.create_task_group() as tasks:
                    for scope in scopes:
                        tasks.start_soon(ping, scope)
                    await checkpoint()
                    scopes[reader].cancel()
            assert len(pongs) >= 3
            assert all(seconds < 1 for seconds in pongs)


@pytest.mark.anyio
async def test_a_cancelled_request_makes_room_for_those_that_queue() -> None:
    with Peer(silent) as peer:
        async with Client(peer.url, timeout=20) as client, anyio.create_task_group() as tasks:
            scopes = []
            for _ in range(400):
                scope = anyio.CancelScope()
                scopes.append(scope)

                async def ping(scope: anyio.CancelScope = scope) -> None:
                    with scope:
                        await client.ping()

                tasks.start_soon(ping)
            while len(peer.received) < 100:
                await anyio.sleep(0.005)
            # Not all were sent at once; as the first ones leave, the others follow.
            assert len({cookie for cookie, _ in peer.received}) < 400
            for scope in scopes[:300]:
                scope.cancel()
            with anyio.fail_after(5):
                while len({cookie for cookie, _ in peer.received}) < 228:
                    await anyio.sleep(0.005)
            tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_a_callers_own_deadline_works(daemon: Rtpengine) -> None:
    with Peer(silent) as peer:
        async with Client(peer.url, timeout=20) as client:
            with pytest.raises(TimeoutError):
                with anyio.fail_after(0.05):
                    await client.ping()
