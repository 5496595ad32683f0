"""How a subject of the benchmark is told what to do, and how it measures: the part that those in Python share.

Each subject, in whatever language, is called as ``SUBJECT HOST PORT FOLDER``. The folder has `plan.json`: for each
workload the documents that one unit of it sends, one after the other. A unit is a ping, a query, or a whole call. A
document with the key ``call-id`` and the value null gets a Call-ID of its own for each unit.

Then it reads lines, `run WORKLOAD COUNT IN_FLIGHT PREFIX`, and does COUNT units of that workload, IN_FLIGHT of them
at once. Their Call-IDs are the prefix, a hyphen and a number from 0. To each line it answers with one line of JSON:
`wall` and `cpu` in seconds, `requests` and `lost` as numbers, `p50` in microseconds for a unit, `peak` in KiB; or
else `skipped` or `error` with the reason. It ends with its input.
"""

from __future__ import annotations

import gc
import json
import re
import resource
import sys
import time
from array import array
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

TIMEOUT = 3.0
"""For how many seconds each subject waits for a reply: the default of `Client`."""

Outcome = dict[str, Any]


class SkippedError(Exception):
    """The subject does not know this workload."""


class Order(NamedTuple):
    """One line that a subject is sent."""

    workload: str
    units: int
    in_flight: int
    prefix: str

    @classmethod
    def parse(cls, line: str) -> Order:
        run, workload, count, in_flight, prefix = line.split()
        if run != "run":
            raise ValueError(f"no order: {line!r}")
        return cls(workload, int(count), int(in_flight), prefix)

    def __str__(self) -> str:
        return f"run {self.workload} {self.units} {self.in_flight} {self.prefix}"


class Plan:
    """What is in the folder, and where the daemon is: the command line of a subject."""

    def __init__(self, host: str, port: str, folder: str) -> None:
        self.host, self.port, self.folder = host, int(port), Path(folder)
        self._units: dict[str, list[dict[str, Any]]] = json.loads((self.folder / "plan.json").read_text("utf-8"))

    def unit(self, workload: str) -> list[dict[str, Any]]:
        if workload not in self._units:
            raise SkippedError("not of this subject")
        return self._units[workload]

    def replies(self) -> list[bytes]:
        """Return real replies of a daemon to queries, for what is measured without a daemon."""
        return [path.read_bytes() for path in sorted(self.folder.glob("reply.*"))]


class Tally:
    """Measures one run."""

    def __init__(self, order: Order, requests: int) -> None:
        self._order = order
        self._requests_of_a_unit = requests
        self._numbers = iter(range(order.units))
        # An array of plain numbers, because the memory of the process is measured too.
        self._times = array("d")
        self._lost = 0
        gc.collect()
        self._begun = time.perf_counter(), _cpu()

    async def work(self, unit: Callable[[int], Awaitable[object]], lost: type[Exception]) -> None:
        """Do one unit after the other until there are no more. All that run at once share the units."""
        clock, add = time.perf_counter, self._times.append
        for number in self._numbers:
            begun = clock()
            try:
                await unit(number)
            except lost:
                self._lost += 1
            else:
                add(clock() - begun)

    def outcome(self) -> Outcome:
        wall, cpu = self._begun
        measured = {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu}
        times = sorted(self._times)
        return measured | {
            "requests": len(times) * self._requests_of_a_unit + self._lost,
            "lost": self._lost,
            "p50": times[len(times) // 2] * 1e6 if times else 0.0,
            "peak": memory("VmHWM"),
        }


def decoding(order: Order, plan: Plan, decode: Callable[[bytes], object]) -> Outcome:
    """Measure the decoding of query replies; a request is one reply."""
    replies = plan.replies()
    begun, cpu = time.perf_counter(), _cpu()
    for _ in range(order.units):
        for reply in replies:
            decode(reply)
    wall, cpu = time.perf_counter() - begun, _cpu() - cpu
    number = order.units * len(replies)
    measured = {"wall": wall, "cpu": cpu, "requests": number, "lost": 0}
    return measured | {"p50": wall / number * 1e6, "peak": memory("VmHWM")}


def read_all(value: Any) -> None:
    """Look at every value of a reply, as a program that stores it all would."""
    for inner in value if isinstance(value, list) else value.values():
        if not isinstance(inner, (str, int, bytes)):
            read_all(inner)


def memory(field: str) -> int:
    """Return a figure of this process in KiB: ``VmRSS``, its memory now, or ``VmHWM``, the most that it had.

    The most that `getrusage` tells is also that of the program that this one was started by.
    """
    found = re.search(rf"^{field}:\s+(\d+) kB$", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1])


def serve(run: Callable[[Order], Outcome]) -> None:
    """Answer each order that comes, until there are no more."""
    for outcome in _outcomes(run):
        print(json.dumps(outcome), flush=True)


def _outcomes(run: Callable[[Order], Outcome]) -> Iterator[Outcome]:
    for line in sys.stdin:
        try:
            yield run(Order.parse(line))
        except SkippedError as why:
            yield {"skipped": str(why)}
        except Exception as error:  # noqa: BLE001 - the benchmark goes on, and shows it
            yield {"error": f"{type(error).__name__}: {error}"}


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
