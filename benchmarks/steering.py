"""CPU time per ping and per call, compared with a bare asyncio DatagramProtocol and bencode.py in the same run.

    .venv/bin/python benchmarks/steering.py [URL]

Without a URL it starts a private daemon. The bare client is the least that works: one future for each cookie, no
resends, no deadlines, no cap, and no check of what it receives. Times are CPU time of this process, in
microseconds. Each figure is the best of several rounds, with its ratio to that of the bare client.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import anyio
import bencodepy

from rtpe_ng import Client, Direction, profiles
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.transports import Url

IN_FLIGHT = (1, 16, 64)
PINGS = 6000
CALLS = 400
ROUNDS = 4
WEB, PHONE = bodies.offer(Leg.WEB), bodies.answer(Leg.SIP, bodies.offer(Leg.SIP))
Step = Callable[[], Awaitable[Any]]


class Bare(asyncio.DatagramProtocol):
    """The least that can steer a daemon."""

    def __init__(self) -> None:
        self.waiting: dict[bytes, asyncio.Future[Any]] = {}
        self.numbers = itertools.count()
        self.transport: Any = None
        self.run = f"bare{time.time_ns()}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002
        cookie, _, document = data.partition(b" ")
        self.waiting.pop(cookie).set_result(bencodepy.decode(document))

    async def request(self, document: dict[str, Any]) -> Any:
        cookie = f"{self.run}_{next(self.numbers)}".encode()
        self.waiting[cookie] = future = asyncio.get_running_loop().create_future()
        self.transport.sendto(cookie + b" " + bencodepy.encode(document))
        return await future

    async def ping(self) -> None:
        await self.request({"command": "ping"})

    async def call(self) -> None:
        base = {"call-id": f"{self.run}-{next(self.numbers)}", "from-tag": "a"}
        offer = profiles.MODERN.offer_flags(Direction.WEB_TO_SIP).to_ng()
        answer = profiles.MODERN.answer_flags(Direction.WEB_TO_SIP).to_ng()
        await self.request(base | {"command": "offer", "sdp": WEB} | offer)
        await self.request(base | {"command": "answer", "sdp": PHONE, "to-tag": "b"} | answer)
        await self.request(base | {"command": "delete", "delete-delay": 0})


class Ours:
    """The same commands, sent with the library."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.numbers = itertools.count()
        self.run = f"ours{time.time_ns()}"

    async def ping(self) -> None:
        await self.client.ping()

    async def call(self) -> None:
        name = f"{self.run}-{next(self.numbers)}"
        call = self.client.call(name, from_tag="a", direction=Direction.WEB_TO_SIP, delete_delay=0)
        await call.offer(WEB)
        await call.answer(PHONE, by="b")
        await call.delete()


async def microseconds(step: Step, times: int, in_flight: int) -> float:
    """Return the CPU time of one step, in microseconds, with `in_flight` of them under way at once."""

    async def worker() -> None:
        for _ in range(times // in_flight):
            await step()

    begin = time.process_time()
    async with anyio.create_task_group() as tasks:
        for _ in range(in_flight):
            tasks.start_soon(worker)
    return (time.process_time() - begin) / (times // in_flight * in_flight) * 1e6


async def measure_ours(url: str) -> dict[tuple[str, int], float]:
    async with Client(url, timeout=20) as client:
        return await measure(Ours(client))


async def measure_bare(url: str) -> dict[tuple[str, int], float]:
    where = Url.parse(url)
    loop = asyncio.get_running_loop()
    transport, bare = await loop.create_datagram_endpoint(Bare, remote_addr=(where.host, where.port))
    try:
        return await measure(bare)
    finally:
        transport.close()


async def measure(subject: Ours | Bare) -> dict[tuple[str, int], float]:
    shown = {("ping", n): await microseconds(subject.ping, PINGS, n) for n in IN_FLIGHT}
    # A bare client has no cap: more calls at once would overflow the daemon's buffer.
    return shown | {("call", n): await microseconds(subject.call, CALLS, n) for n in IN_FLIGHT if n <= 16}


def main(url: str | None) -> None:
    with nullcontext() if url else Rtpengine(ports=6000) as daemon:
        where = daemon.url if daemon else str(url)
        best: dict[str, dict[tuple[str, int], float]] = {}
        # They take turns, so that other load on the machine affects all alike.
        for _ in range(ROUNDS):
            for name, measured in (
                ("bare asyncio", anyio.run(measure_bare, where)),
                ("rtpe_ng asyncio", anyio.run(measure_ours, where)),
                ("rtpe_ng trio", anyio.run(measure_ours, where, backend="trio")),
            ):
                kept = best.setdefault(name, measured)
                best[name] = {key: min(kept[key], measured[key]) for key in measured}
    print(f"{'µs of CPU':<18}" + "".join(f"{what + f' x{n}':>16}" for what, n in best["bare asyncio"]))
    for name, measured in best.items():
        ratios = (f"{value:8.0f} {value / best['bare asyncio'][key]:5.2f}x" for key, value in measured.items())
        print(f"{name:<18}" + "".join(f"{ratio:>16}" for ratio in ratios))
    print("a call is offer, answer and delete; xN is how many were under way at once")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
