"""Many requests at once, several clients, and a network that loses, doubles and delays."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from rtpe_ng import Client, Direction, Flags, Trace
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.wire import decode_document
from tests.support.network import Network, Weather
from tests.support.peers import Peer

pytestmark = pytest.mark.anyio


def marked(body: str, mark: str) -> str:
    """Return the body with a session name that the daemon carries through: it tells whose reply one got."""
    return body.replace("s=call", f"s={mark}")


async def counts(client: Client) -> dict[str, int]:
    return {name: (await client.statistics()).commands[name] for name in ("offer", "answer", "query", "delete")}


def dropped(daemon: Rtpengine) -> int:
    """Return how many datagrams the system has thrown away because the daemon's socket was full."""
    # Others may use the port at another address of loopback.
    place = f"0100007F:{int(daemon.url.rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]]
    (drops,) = [int(row[-1]) for row in rows if row[1] == place]
    return drops


class Resends:
    """Counts what a client sends again.

    What is in flight at once fits the daemon's buffer. A daemon that gets no time to run is sent things again, and
    at worst, so many datagrams are thrown away.
    """

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, trace: Trace) -> None:
        self.number += max(0, trace.attempts - 1)


async def take_a_call(client: Client, call_id: str) -> None:
    """Take one call, and insist that every reply is this call's own."""
    name = f"s={call_id}\r\n"
    sent = await client.offer(sdp=marked(bodies.offer(Leg.SIP), call_id), call_id=call_id, from_tag="a")
    assert name in sent.sdp
    back = marked(bodies.answer(Leg.SIP, sent.sdp), call_id)
    assert name in (await client.answer(sdp=back, call_id=call_id, from_tag="a", to_tag="b")).sdp
    assert set((await client.query(call_id=call_id)).tags) == {"a", "b"}
    assert (await client.delete(call_id=call_id, from_tag="a", delete_delay=0)).warning is None


async def test_two_clients_with_the_same_counter_never_get_each_others_reply(daemon: Rtpengine) -> None:
    async with Client(daemon.url) as one, Client(daemon.url) as other:
        async with anyio.create_task_group() as tasks:
            for number in range(40):
                tasks.start_soon(take_a_call, one, f"one-{number}")
                tasks.start_soon(take_a_call, other, f"other-{number}")
        for client in (one, other):
            assert (client.strays.foreign, client.strays.late, client.strays.malformed) == (0, 0, 0)


async def test_two_hundred_calls_at_once_are_each_answered_and_executed_once(daemon: Rtpengine) -> None:
    lost = dropped(daemon)
    resends = Resends()
    async with Client(daemon.url, timeout=25, trace=resends) as client:
        before = await counts(client)
        async with anyio.create_task_group() as tasks:
            for number in range(200):
                tasks.start_soon(take_a_call, client, f"crowd-{number}")
        after = await counts(client)
    assert {name: after[name] - before[name] for name in after} == dict.fromkeys(before, 200)
    assert dropped(daemon) - lost <= resends.number


async def test_browser_offers_in_bulk_do_not_overflow_the_daemon(daemon: Rtpengine) -> None:
    lost = dropped(daemon)
    body = bodies.offer(Leg.WEB) + "".join(f"a=ssrc:1 x{n}:{'y' * 60}\r\n" for n in range(25))
    resends = Resends()
    async with Client(daemon.url, timeout=25, trace=resends) as client:

        async def offer(call_id: str) -> None:
            await client.offer(sdp=body, call_id=call_id, from_tag="a", flags=Flags(ice="remove"))
            await client.delete(call_id=call_id, from_tag="a", delete_delay=0)

        async with anyio.create_task_group() as tasks:
            for number in range(256):
                tasks.start_soon(offer, f"bulk-{number}")
    assert dropped(daemon) - lost <= resends.number


@pytest.mark.parametrize("seed", [1, 2])
async def test_through_a_lossy_network_every_request_ends_in_its_own_reply_and_is_executed_once(
    daemon: Rtpengine, seed: int
) -> None:
    async with Client(daemon.url) as direct:
        before = await counts(direct)
        with Network(daemon.url, seed=seed) as network:
            network.change(Weather(loss=0.1, doubled=0.1, delayed=0.1, delay=0.05))
            async with Client(network.url, timeout=25) as client:
                async with anyio.create_task_group() as tasks:
                    for number in range(60):
                        tasks.start_soon(take_a_call, client, f"lossy-{seed}-{number}")
                assert client.strays.foreign == 0
                assert client.strays.malformed == 0
                assert client.strays.duplicate > 0
            fates = network.fates
        after = await counts(direct)
    assert {name: after[name] - before[name] for name in after} == dict.fromkeys(before, 60)
    assert all(fates[f"{fate} {way}"] > 5 for fate in ("lost", "doubled", "delayed") for way in ("there", "back"))


async def test_a_thousand_requests_at_once_are_each_sent_under_one_cookie() -> None:
    with Peer(lambda cookie, _: [f"{cookie} d6:result2:oke".encode()]) as peer:
        async with Client(peer.url, timeout=25) as client, anyio.create_task_group() as tasks:
            for number in range(1000):
                tasks.start_soon(client.request, {"command": "x", "number": number})
    # On a busy machine some are sent again, under the same cookie.
    numbers = {cookie: decode_document(document)["number"] for cookie, document in peer.received}
    assert sorted(map(int, map(str, numbers.values()))) == list(range(1000))


async def test_calls_in_all_directions_at_once(daemon: Rtpengine) -> None:
    async def take(client: Client, direction: Direction, number: int) -> None:
        async with client.call(
            f"mixed-{direction}-{number}", from_tag="a", direction=direction, delete_delay=0
        ) as call:
            sent = await call.offer(bodies.offer(direction.caller))
            await call.answer(bodies.answer(direction.callee, sent.sdp), by="b")
            back = await call.offer(bodies.offer(direction.callee, version=2), by="b")
            await call.answer(bodies.answer(direction.caller, back.sdp, version=2, setup="passive"))

    async with Client(daemon.url, timeout=25) as client:
        async with anyio.create_task_group() as tasks:
            for number in range(10):
                for direction in Direction:
                    tasks.start_soon(take, client, direction, number)
        assert not [name for name in (await client.list(limit=500)).calls if name.startswith("mixed")]
