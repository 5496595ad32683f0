"""After its end, no call is at the daemon, whatever was under way, cancelled or late."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import anyio
import pytest

from rtpe_ng import Call, Client, Direction, Leg, RequestTimeout, UsageError
from rtpe_ng.call import ending
from rtpe_ng.call.ending import UnderWay
from rtpe_ng.testing import bodies
from tests.support.engines import AnyEngine
from tests.support.loops import every_loop
from tests.support.names import NAME, Names
from tests.support.peers import HoldingProxy, Peer, silent

pytestmark = pytest.mark.anyio
__all__ = ["every_loop"]

OFFER = bodies.offer(Leg.SIP)


class LateNetwork:
    """Carries all to an engine, but no offer while it delays them; the first comes behind the next delete."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("udp://").partition(":")
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.connect((host, int(port)))
        self.delays_offers = False
        self.late: list[bytes] = []
        self.order: list[str] = []

    def __call__(self, cookie: str, document: bytes) -> Iterable[bytes]:
        message = cookie.encode() + b" " + document
        if b"7:command5:offer" in document and self.delays_offers:
            self.late = self.late or [message]
            return []
        self.order.append("delete" if b"7:command6:delete" in document else "other")
        replies = [self._asked(message)]
        if self.order[-1] == "delete":
            while self.late:
                self._asked(self.late.pop())
        return replies

    def close(self) -> None:
        self._socket.close()

    def _asked(self, message: bytes) -> bytes:
        self._socket.send(message)
        return self._socket.recv(65_536)


@pytest.fixture
async def direct(any_engine: AnyEngine) -> AsyncIterator[Client]:
    async with Client(any_engine.url) as client:
        yield client


async def cancelled(call: Call) -> None:
    with anyio.move_on_after(0.05):
        await call.offer(OFFER)


async def timed_out(call: Call) -> None:
    with pytest.raises(RequestTimeout):
        await call.offer(OFFER)


@pytest.mark.parametrize("is_again", [False, True], ids=["first offer", "re-offer"])
@pytest.mark.parametrize("given_up", [cancelled, timed_out])
async def test_an_offer_that_arrives_behind_the_delete_begins_nothing(
    any_engine: AnyEngine, direct: Client, is_again: bool, given_up: Callable[[Call], Awaitable[None]]
) -> None:
    with contextlib.closing(LateNetwork(any_engine.url)) as network, Peer(network) as peer:
        async with Client(peer.url, timeout=1 if given_up is timed_out else 3) as client:
            async with client.call("late", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0) as call:
                if is_again:
                    await call.offer(OFFER)
                    await call.answer(bodies.answer(Leg.SIP, OFFER), by="b")
                network.delays_offers = True
                await given_up(call)
                network.delays_offers = False
            assert call.phase == "deleted"
            assert client.unsettled == ()
    assert not network.late
    assert "delete" in network.order
    assert "late" not in (await direct.list(limit=100)).calls


async def test_a_delete_waits_for_the_offer_that_is_under_way(any_engine: AnyEngine, direct: Client) -> None:
    with HoldingProxy(any_engine.url, holds=["offer"]) as proxy:
        async with Client(proxy.url, timeout=20) as client, anyio.create_task_group() as tasks:
            call = client.call("busy", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0)
            tasks.start_soon(call.offer, OFFER)
            while not proxy.held:
                await anyio.sleep(0.005)
            tasks.start_soon(call.delete)
            await anyio.wait_all_tasks_blocked()
            # Nothing begins any more while the end is under way.
            with pytest.raises(UsageError):
                await call.offer(OFFER, by="b")
            assert "busy" in (await direct.list(limit=100)).calls
            proxy.let_go()
        assert call.phase == "deleted"
    assert "busy" not in (await direct.list(limit=100)).calls


async def test_an_offer_that_outlives_the_delete_ends_the_call_itself(
    any_engine: AnyEngine, direct: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "SETTLE_WITHIN", 0.1)
    with contextlib.closing(LateNetwork(any_engine.url)) as network:

        def lets_offers_through_behind_a_delete(cookie: str, document: bytes) -> Iterable[bytes]:
            if b"7:command5:offer" in document and "delete" not in network.order:
                return []
            return network(cookie, document)

        with Peer(lets_offers_through_behind_a_delete) as peer:
            async with Client(peer.url, timeout=20) as client, anyio.create_task_group() as tasks:
                call = client.call("outlived", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0)
                tasks.start_soon(call.offer, OFFER)
                while not peer.received:
                    await anyio.sleep(0.005)
                await call.delete()
        assert call.phase == "deleted"
    assert network.order[-2:] == ["other", "delete"]
    assert "outlived" not in (await direct.list(limit=100)).calls


async def test_a_dead_daemon_holds_nobody_up_and_the_call_is_unsettled() -> None:
    with Peer(lambda _cookie, _document: []) as peer:
        async with Client(peer.url, timeout=0.2) as client:
            with anyio.fail_after(8):
                async with client.call("gone", from_tag="a", direction=Direction.SIP_TO_SIP) as call:
                    with pytest.raises(RequestTimeout):
                        await call.offer(OFFER)
            assert client.unsettled == ("gone",)
            assert not client.is_settled("gone")
            assert client.is_settled("another")
            # What was never sent needs no settling.
            assert await client.settle("another")
        with pytest.raises(UsageError, match="closed"):
            await client.settle("gone")


async def test_a_delete_that_was_never_sent_leaves_the_call_unsettled() -> None:
    with Names() as names:
        names.hangs = threading.Event()
        async with Client(f"udp://{NAME}", timeout=0.1) as client:
            for ask in (
                lambda: client.offer(sdp=OFFER, call_id="never begun", from_tag="a"),
                lambda: client.delete(call_id="never ended", delete_delay=0),
            ):
                with pytest.raises(RequestTimeout) as timeout:
                    await ask()
                assert timeout.value.attempts == 0
            # An offer that was never sent began nothing.
            assert client.unsettled == ("never ended",)
            assert await client.settle("never ended")
            assert not client.unsettled


FORK = r"""
import os, sys
import anyio
from rtpe_ng import Client, RequestTimeout
client = Client(sys.argv[1], timeout=0.1)
async def lose():
    try:
        await client.delete(call_id="lost")
    except RequestTimeout:
        pass
anyio.run(lose)
child = os.fork()
os.write(1, f"{not child} {client.unsettled}\n".encode())
if not child:
    os.write(1, f"{anyio.run(client.settle, 'lost')} {client.unsettled}\n".encode())
    os._exit(0)
os.waitpid(child, 0)
"""


def test_a_fork_has_lost_nothing() -> None:
    with Peer(silent) as peer:
        command = [sys.executable, "-W", "ignore", "-c", FORK, peer.url]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        # It must not send again under its parent's cookies, either.
        sent = {cookie for cookie, _ in peer.received}
    assert sorted(ran.stdout.splitlines()) == ["False ('lost',)", "True ()", "True ()"]
    assert len(sent) == 1


async def test_a_branch_holds_up_the_end_of_the_call_and_not_the_other_way_round() -> None:
    whole = UnderWay()
    branch, other = UnderWay(whole), UnderWay(whole)
    with branch:
        await other.over()
        with anyio.move_on_after(0.01) as scope:
            await whole.over()
        assert scope.cancelled_caught
        with other.ending():
            with pytest.raises(UsageError), other:
                pass
            with branch:
                pass
    await whole.over()
    with whole.ending(), pytest.raises(UsageError), branch:
        pass
    await branch.over()
