"""This library, on asyncio, trio or uvloop, as a program would use it: one client, flags made once, typed methods.

    python -m benchmarks.subjects.ours BACKEND HOST PORT FOLDER

Resends, deadlines, the limit of what is in flight and the strict decoder are on, as they always are; with a `Call`
also all that it does by itself: it mends bodies, follows the negotiation, and checks each body that comes back.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio

from benchmarks.subjects.orders import (
    TIMEOUT,
    Order,
    Outcome,
    Plan,
    SkippedError,
    Tally,
    decoding,
    memory,
    read_all,
    serve,
)
from rtpe_ng import Client, Direction, Leg, RequestTimeout, profiles
from rtpe_ng.wire import decode_document

Unit = Callable[[int], Awaitable[object]]

MEMORY_TIMEOUT = 20.0
"""With which `timeout` the growth of the memory is measured: what is kept for as long as that would be seen."""
FIRST_REQUESTS = 1000
"""After how many requests the memory is measured for the first time."""
DIRECTIONS = {"sip": Direction.of(Leg.SIP, Leg.SIP), "chrome": Direction.WEB_TO_SIP}


class Work:
    """The units of each workload, done with one client."""

    def __init__(self, client: Client, plan: Plan, prefix: str) -> None:
        self.client = client
        self.plan = plan
        self.prefix = prefix

    def unit(self, workload: str) -> tuple[Unit, int]:
        """Return how one unit is done, and how many requests it has."""
        client, prefix = self.client, self.prefix
        kind = workload.partition("-")[0]
        documents = self.plan.unit(kind)
        bodies = [document.get("sdp", "") for document in documents]
        asked = str(documents[-1].get("call-id"))

        async def ping(_number: int) -> None:
            await client.ping()

        async def commands(number: int) -> None:
            call_id = f"{prefix}-{number}"
            await client.offer(sdp=bodies[0], call_id=call_id, from_tag="a", flags=offer_flags)
            await client.answer(sdp=bodies[1], call_id=call_id, from_tag="a", to_tag="b", flags=answer_flags)
            await client.delete(call_id=call_id, from_tag="a", delete_delay=0)

        async def call(number: int) -> None:
            whole = client.call(f"{prefix}-{number}", from_tag="a", direction=direction, delete_delay=0)
            await whole.offer(bodies[0])
            await whole.answer(bodies[1], by="b")
            await whole.delete()

        async def offer(number: int) -> None:
            await client.offer(sdp=bodies[0], call_id=f"{prefix}-{number}", from_tag="a", flags=offer_flags)

        async def query(_number: int) -> None:
            read_all((await client.query(call_id=asked)).raw)

        async def unread(number: int) -> None:
            call_id = f"{prefix}-{number}"
            await client.query(call_id=call_id)
            await client.statistics()
            await client.delete(call_id=call_id, from_tag="a", delete_delay=0)

        async def growth(number: int) -> None:
            for _ in range(4):
                await client.ping()
            await query(number)

        direction = DIRECTIONS.get(kind, Direction.WEB_TO_SIP)
        offer_flags = profiles.MODERN.offer_flags(direction)
        answer_flags = profiles.MODERN.answer_flags(direction)
        units: Mapping[str, Unit] = {
            "ping": ping,
            "sip": commands,
            "sip-call": call,
            "chrome": commands,
            "chrome-call": call,
            "offers": offer,
            "query": query,
            "query-json": query,
            "unread": unread,
            "memory": growth,
        }
        if workload not in units:
            raise SkippedError("not of this subject")
        return units[workload], len(documents)


def client_of(order: Order, plan: Plan) -> Client:
    options: dict[str, Any] = {"timeout": MEMORY_TIMEOUT if order.workload == "memory" else TIMEOUT}
    if order.workload == "query-json":
        if "encoding" not in inspect.signature(Client).parameters:
            raise SkippedError("this version of the library sends no JSON")
        options["encoding"] = "json"
    return Client(f"udp://{plan.host}:{plan.port}", **options)


async def measure(order: Order, plan: Plan) -> Outcome:
    async with client_of(order, plan) as client:
        # A socket and an address are there before the clock runs, as they are for all subjects.
        await client.ping()
        unit, requests = Work(client, plan, order.prefix).unit(order.workload)
        if order.workload == "memory":
            return await measure_memory(order, unit, requests)
        tally = Tally(order, requests)
        async with anyio.create_task_group() as tasks:
            for _ in range(order.in_flight):
                tasks.start_soon(tally.work, unit, RequestTimeout)
        return tally.outcome()


async def measure_memory(order: Order, unit: Unit, requests: int) -> Outcome:
    """Return the memory after the first requests, and after all."""
    first = FIRST_REQUESTS // requests

    async def worker(numbers: range) -> None:
        for number in numbers:
            await unit(number)

    resident = []
    for units in (range(first), range(first, order.units)):
        async with anyio.create_task_group() as tasks:
            for place in range(order.in_flight):
                tasks.start_soon(worker, units[place :: order.in_flight])
        resident.append(memory("VmRSS"))
    return {"first": resident[0], "last": resident[1], "peak": memory("VmHWM"), "requests": order.units * requests}


def main(backend: str, *where: str) -> None:
    plan = Plan(*where)
    options: dict[str, Any] = {"backend": backend}
    if backend == "uvloop":
        options = {"backend": "asyncio", "backend_options": {"use_uvloop": True}}

    def run(order: Order) -> Outcome:
        if order.workload == "decode":
            return decoding(order, plan, decode_document)
        return anyio.run(measure, order, plan, **options)

    serve(run)


if __name__ == "__main__":
    main(*sys.argv[1:])
