"""The least in Python that can steer a daemon: asyncio's DatagramProtocol, bencode.py, one future for each cookie.

    python -m benchmarks.subjects.bare HOST PORT FOLDER

It has a deadline for each request, the cheapest that asyncio offers, because without one a program would wait for
ever. It does not resend, does not limit what is in flight, leaves all keys and texts as bytes, and does not check
what it receives: a stranger's datagram of twelve bytes hangs it.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import sys
from typing import Any

import bencodepy

from benchmarks.subjects.orders import TIMEOUT, Order, Outcome, Plan, Tally, decoding, read_all, serve


class Bare(asyncio.DatagramProtocol):
    """Sends documents and returns the replies."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.transport: Any = None
        self._waiting: dict[bytes, tuple[asyncio.Future[dict[bytes, Any]], asyncio.TimerHandle]] = {}
        self._numbers = itertools.count()
        self._run = secrets.token_urlsafe(12)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio gives it
        cookie, _, document = data.partition(b" ")
        if waiting := self._waiting.pop(cookie, None):
            future, timer = waiting
            timer.cancel()
            future.set_result(bencodepy.decode(document))

    async def request(self, document: dict[str, Any]) -> dict[bytes, Any]:
        cookie = b"%b_%d" % (self._run.encode(), next(self._numbers))
        future: asyncio.Future[dict[bytes, Any]] = self.loop.create_future()
        self._waiting[cookie] = future, self.loop.call_later(TIMEOUT, self._expire, cookie)
        self.transport.sendto(cookie + b" " + bencodepy.encode(document))
        reply = await future
        if reply[b"result"] not in (b"ok", b"pong"):
            raise RuntimeError(f"the daemon says {reply}")
        return reply

    def _expire(self, cookie: bytes) -> None:
        future, _ = self._waiting.pop(cookie)
        future.set_exception(TimeoutError())


async def measure(order: Order, plan: Plan) -> Outcome:
    documents = plan.unit(order.workload)
    is_read = order.workload == "query"
    loop = asyncio.get_running_loop()
    transport, bare = await loop.create_datagram_endpoint(Bare, remote_addr=(plan.host, plan.port))

    async def unit(number: int) -> None:
        for document in documents:
            if "call-id" in document and document["call-id"] is None:
                document = {**document, "call-id": f"{order.prefix}-{number}"}  # noqa: PLW2901
            reply = await bare.request(document)
            if is_read:
                read_all(reply)

    try:
        tally = Tally(order, len(documents))
        await asyncio.gather(*(tally.work(unit, TimeoutError) for _ in range(order.in_flight)))
        return tally.outcome()
    finally:
        transport.close()


def main(*where: str) -> None:
    plan = Plan(*where)

    def run(order: Order) -> Outcome:
        if order.workload == "decode":
            return decoding(order, plan, bencodepy.decode)
        return asyncio.run(measure(order, plan))

    serve(run)


if __name__ == "__main__":
    main(*sys.argv[1:])
