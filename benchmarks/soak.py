"""Two million requests of mixed calls, 16 in flight, on one private daemon: is any lost, does anything grow?

    .venv/bin/python -m benchmarks.soak
    .venv/bin/python -m benchmarks.soak --requests 100000 --backend trio

Calls take all four directions. Most are answered and end; some are offered again, asked about, or cancelled before
their answer. Between them go pings. At 20 marks the memory of this process is printed. At the end come the figures
and a verdict on each promise; the status is 1 if one is broken. The seed is printed, and `--seed` plays it again.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import anyio
import attrs

from benchmarks.subjects.orders import memory
from rtpe_ng import Client, Direction, Leg, RtpeError, Trace
from rtpe_ng.testing import Rtpengine, bodies

REQUESTS, IN_FLIGHT, MARKS = 2_000_000, 16, 20
MOST_GROWTH = 1024
"""From the middle to the end, in KiB: an allocator needs some room."""
OFTEN, SELDOM = 0.3, 0.1
LEGS = (Leg.WEB, Leg.SIP)
OFFERS = {(leg, version): bodies.offer(leg, version=version) for leg in LEGS for version in (1, 2)}


@attrs.frozen
class Held:
    """What a process holds that it must give back."""

    descriptors: int
    tasks: int
    timers: int

    @classmethod
    def now(cls, backend: str) -> Held:
        gc.collect()
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        if backend == "trio":
            import trio  # noqa: PLC0415 - the other loops do without it

            statistics = trio.lowlevel.current_statistics()
            # It counts no deadlines, but tells whether there is one.
            return cls(
                descriptors, statistics.tasks_living, int(statistics.seconds_to_next_deadline < float("inf"))
            )
        # Neither asyncio nor uvloop shows its timers.
        timers = [it for it in gc.get_objects() if type(it).__name__ == "TimerHandle" and not it.cancelled()]
        return cls(descriptors, len(asyncio.all_tasks()), len(timers))


class Warnings(logging.Handler):
    """Counts what the library warns of, such as a body that cannot be used."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.number = 0
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.number += 1
        self.first = self.first or record.getMessage()


class Soak:
    """Counts what the client tells of each request, and does calls until there were enough."""

    def __init__(self, requests: int, seed: int) -> None:
        self.requests = requests
        self.warnings = Warnings()
        self.outcomes: Counter[str] = Counter()
        self.commands: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.ended = 0
        self.resends = 0
        self.marks: list[int] = []
        self._random = random.Random(seed)
        self._numbers = count()
        self._run = secrets.token_hex(4)

    def note(self, trace: Trace) -> None:
        self.ended += 1
        self.outcomes[trace.result] += 1
        self.commands[trace.command] += 1
        self.resends += max(0, trace.attempts - 1)
        if self.ended * MARKS >= self.requests * (len(self.marks) + 1) and len(self.marks) < MARKS:
            self.marks.append(memory("VmRSS"))
            print(f"{self.ended:>10,} requests: {self.marks[-1] / 1024:.2f} MiB", flush=True)

    async def work(self, client: Client) -> None:
        while self.ended < self.requests:
            try:
                await self._unit(client)
            except RtpeError as error:
                self.failures[f"{type(error).__name__}: {error}"] += 1

    async def _unit(self, client: Client) -> None:
        chance = self._random.random
        if chance() < OFTEN:
            await client.ping()
            return
        direction = Direction.of(self._random.choice(LEGS), self._random.choice(LEGS))
        name = f"soak-{self._run}-{next(self._numbers)}"
        async with client.call(name, from_tag="a", direction=direction, delete_delay=0) as call:
            to_callee = await call.offer(OFFERS[direction.caller, 1])
            if chance() < SELDOM:
                # As a CANCEL; leaving the block, or a delete of one's own.
                if chance() < 0.5:
                    await call.delete()
                return
            await call.answer(bodies.answer(direction.callee, to_callee.sdp), by="b")
            if chance() < OFTEN:
                await call.query()
            if chance() < OFTEN:
                to_callee = await call.offer(OFFERS[direction.caller, 2], by="a")
                await call.answer(bodies.answer(direction.callee, to_callee.sdp, version=2), by="b")


async def soak(url: str, backend: str, requests: int, seed: int) -> list[tuple[bool, str]]:
    """Return each promise, and whether it was kept."""
    run = Soak(requests, seed)
    logging.getLogger("rtpe_ng").addHandler(run.warnings)
    before = Held.now(backend)
    begun, cpu = time.monotonic(), time.process_time()
    async with Client(url, trace=run.note) as client:
        async with anyio.create_task_group() as tasks:
            for _ in range(IN_FLIGHT):
                tasks.start_soon(run.work, client)
        wall, cpu = time.monotonic() - begun, time.process_time() - cpu
        async with Client(url) as another:
            left = (await another.list(limit=500)).calls
        strays, unsettled = client.strays, client.unsettled
    after = Held.now(backend)
    print(
        f"{run.ended:,} requests in {wall:.0f} s, {run.ended / wall:,.0f}/s, {cpu / run.ended * 1e6:.0f} us of CPU "
        f"each; {run.resends} resent; {strays}"
    )
    print(", ".join(f"{number:,} x {name}" for name, number in run.commands.most_common()))
    return list(verdict(run, before, after, left, unsettled))


def verdict(
    run: Soak, before: Held, after: Held, left: Sequence[str], unsettled: Sequence[str]
) -> Iterator[tuple[bool, str]]:
    """Yield each promise, and whether it was kept."""
    replied = run.outcomes["ok"] + run.outcomes["pong"]
    yield (
        replied == run.ended >= run.requests,
        f"{replied:,} of {run.ended:,} had their reply: {dict(run.outcomes)}",
    )
    yield not run.failures, f"errors: {dict(run.failures.most_common(3)) or 'none'}"
    yield not run.warnings.number, f"warnings: {run.warnings.number} {run.warnings.first}"
    yield not left, f"the daemon's list has {len(left)} calls at the end"
    yield not unsettled, f"the client is unsure of {len(unsettled)} calls"
    growth = run.marks[-1] - run.marks[len(run.marks) // 2 - 1]
    yield growth <= MOST_GROWTH, f"memory grew by {growth} KiB over the second half; at most {max(run.marks)} KiB"
    yield before == after, f"held before: {before}; after: {after}"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--requests", type=int, default=REQUESTS, help=f"how many, at least ({REQUESTS:,})")
    parser.add_argument("--backend", choices=["asyncio", "trio", "uvloop"], default="asyncio")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    given = parser.parse_args()
    options: dict[str, Any] = {"backend": given.backend}
    if given.backend == "uvloop":
        options = {"backend": "asyncio", "backend_options": {"use_uvloop": True}}
    print(f"--requests {given.requests} --backend {given.backend} --seed {given.seed}", flush=True)
    # Quiet, because the daemon's log of as many calls would fill a disk.
    with Rtpengine(ports=8000, options=["--log-level=1"]) as daemon:
        promises = anyio.run(soak, daemon.url, given.backend, given.requests, given.seed, **options)
    for is_kept, what in promises:
        print(f"{'kept  ' if is_kept else 'BROKEN'} {what}")
    sys.exit(not all(is_kept for is_kept, _ in promises))


if __name__ == "__main__":
    main()
