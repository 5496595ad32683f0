"""Plays the workloads: all subjects take turns on one private daemon, round after round.

So whatever else the machine does falls on all alike, and a ratio within one run means something where a single
figure does not. Between two turns the daemon's calls are deleted.

Each subject is one process for the whole run, and has done a whole round before it is measured: that is how a
program fares that lives long, and gives a compiler such as node's the time that it needs. What goals are about is
measured in new processes too, from their first request on, in which such a compiler has not done its work yet.
Python has none, so its two figures are nearly the same, and those of node may differ by a factor of two.
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import attrs

from benchmarks import plan
from benchmarks.parts import ROOT, MissingError, Subject
from benchmarks.plan import Workload
from benchmarks.subjects.orders import Order, Outcome
from rtpe_ng import Client
from rtpe_ng.testing import Rtpengine
from rtpe_ng.transports import Url
from rtpe_ng.wire import encode_document

Progress = Callable[[str], None]


@attrs.frozen
class Figures:
    """The medians of all rounds of one subject with one workload, and the spread of its CPU time."""

    cpu: float
    """The CPU time of the client for one request, user and system, in microseconds."""
    low: float
    """The least of the rounds."""
    high: float
    """The most of the rounds."""
    rate: float
    """Requests in a second."""
    p50: float
    """The median of the time that one unit takes, in microseconds."""
    lost: int
    """How many requests had no reply, in all rounds."""
    requests: int
    """How many requests there were, in all rounds."""

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Figures:
        cpus = [it["cpu"] / it["requests"] * 1e6 for it in outcomes]
        return cls(
            cpu=statistics.median(cpus),
            low=min(cpus),
            high=max(cpus),
            rate=statistics.median(it["requests"] / it["wall"] for it in outcomes),
            p50=statistics.median(it["p50"] for it in outcomes),
            lost=sum(it["lost"] for it in outcomes),
            requests=sum(it["requests"] for it in outcomes),
        )


@attrs.define
class Results:
    """What one run of the benchmark has found."""

    daemon: str
    rounds: int
    figures: dict[tuple[str, str], Figures] = attrs.field(factory=dict)
    """By the names of workload and subject."""
    outcomes: dict[tuple[str, str], list[Outcome]] = attrs.field(factory=dict)
    """Of each round, in processes that had done one before."""
    first: dict[tuple[str, str], list[Outcome]] = attrs.field(factory=dict)
    """Of each round, in new processes."""
    peaks: dict[str, int] = attrs.field(factory=dict)
    """The most memory that each subject had, in KiB."""
    memory: Outcome | None = None
    """What `MEMORY` measured."""
    remarks: dict[str, str] = attrs.field(factory=dict)
    """Why something is missing, by subject or by workload and subject."""

    @property
    def way(self) -> str:
        """What the figures are, in words."""
        return "one round" if self.rounds == 1 else f"medians of {self.rounds} rounds in one run"


class Child:
    """A subject that runs."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, order: Order) -> Outcome:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            print(order, file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        outcome: Outcome = json.loads(line) if line else {"error": "it has ended; what it said is above"}
        return outcome

    def wait(self) -> None:
        """Wait until it has ended by itself."""
        self._process.wait()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Stage:
    """One private daemon, its calls, and the folder that the subjects read."""

    def __init__(self, daemon: Rtpengine, folder: Path) -> None:
        self._daemon = daemon
        self._where = Url.parse(daemon.url)
        self.url = daemon.url
        self.folder = folder
        self._calls = plan.calls()
        plan.write(folder, anyio.run(self._replies))

    @property
    def arguments(self) -> list[str]:
        """What follows the command of a subject."""
        return [self._where.host, str(self._where.port), str(self.folder)]

    def play(self, child: Child, workload: Workload, count: int) -> Outcome:
        """Let a subject do `count` units of a workload."""
        prefix = f"b{secrets.token_hex(6)}"
        names = {"one": [plan.STANDING], "each": [f"{prefix}-{number}" for number in range(count)]}
        anyio.run(self._begin, names.get(workload.calls, []))
        try:
            with self._apart(child) if workload.is_apart else nullcontext():
                return child.ask(Order(workload.order, count, workload.in_flight, prefix))
        finally:
            anyio.run(self._sweep)

    @contextmanager
    def _apart(self, child: Child) -> Iterator[None]:
        """Keep a subject and the daemon on cores of their own.

        With one request in flight they wait for each other, and a busy system may put both on one core, where each
        wakes the other sooner: the median then has two values, and chance decides which.
        """
        cores = sorted(os.sched_getaffinity(0))
        assert self._daemon._process is not None
        daemon = self._daemon._process.pid
        if len(cores) > 1:
            keep_on(daemon, cores[:-1])
            keep_on(child.pid, cores[-1:])
        try:
            yield
        finally:
            keep_on(daemon, cores)
            keep_on(child.pid, cores)

    def play_new(self, command: Sequence[str], workload: Workload, count: int) -> Outcome:
        """Let a new process do `count` units of a workload."""
        child = Child(command)
        try:
            return self.play(child, workload, count)
        finally:
            child.close()

    async def _begin(self, names: list[str]) -> None:
        async with Client(self.url) as client, anyio.create_task_group() as tasks:
            for name in names:
                tasks.start_soon(self._begin_call, client, name)

    async def _begin_call(self, client: Client, name: str) -> None:
        for document in self._calls["sip"][:2]:
            await client.request(document | {"call-id": name})

    async def _sweep(self) -> None:
        """Delete every call: those that the workload leaves, and those that a subject has lost."""
        async with Client(self.url) as client:
            while names := (await client.list(limit=500)).calls:
                async with anyio.create_task_group() as tasks:
                    for name in names:
                        tasks.start_soon(partial(client.delete, call_id=name, delete_delay=0))

    async def _replies(self) -> list[bytes]:
        """Return what the daemon says of a call between phones, and of one from Chromium to a phone."""
        async with Client(self.url) as client:
            replies = []
            for name, documents in self._calls.items():
                for document in documents[:2]:
                    await client.request(document | {"call-id": name})
                replies.append(encode_document(await client.request({"command": "query", "call-id": name})))
        await self._sweep()
        return replies


@contextmanager
def stage(ports: int = 16_000) -> Iterator[tuple[Rtpengine, Stage]]:
    """Start a private daemon, quiet, because its log would be the slowest part of it."""
    with (
        Rtpengine(ports=ports, options=["--log-level=1"]) as daemon,
        TemporaryDirectory(prefix="rtpe-ng-") as folder,
    ):
        yield daemon, Stage(daemon, Path(folder))


def play(
    subjects: Sequence[Subject],
    wanted: Callable[[str, str], bool],
    *,
    also_new: Collection[tuple[str, str]] = (),
    rounds: int,
    share: float = 1.0,
    progress: Progress = print,
) -> Results:
    """Return the results of a run: of each workload and subject that is `wanted`, with a `share` of its units.

    Those of `also_new` are measured in new processes too.
    """
    with ExitStack() as stack:
        daemon, where = stack.enter_context(stage())
        results = Results(daemon.version, rounds)
        commands: dict[str, list[str]] = {}
        for subject in subjects:
            try:
                commands[subject.name] = [*subject.command(), *where.arguments]
            except MissingError as why:
                results.remarks[subject.title] = str(why)
                progress(f"without {subject.title}: {why}")
        turns = [
            (workload, subject)
            for workload in plan.WORKLOADS
            for subject in subjects
            if subject.name in commands
            and (workload.subjects is None or subject.name in workload.subjects)
            and wanted(workload.name, subject.name)
        ]
        children = {name: Child(commands[name]) for name in {subject.name for _, subject in turns}}
        for child in children.values():
            stack.callback(child.close)
        given_up: set[tuple[str, str]] = set()
        for round_ in range(rounds + 1):
            for workload, subject in turns:
                key = workload.name, subject.name
                if key in given_up:
                    continue
                units = max(1, round(workload.count * share))
                outcome = where.play(children[subject.name], workload, units)
                label = (
                    f"{f'round {round_}/{rounds}' if round_ else 'warming up'}: {workload.title}, {subject.title}"
                )
                if reason := outcome.get("skipped") or outcome.get("error"):
                    given_up.add(key)
                    results.remarks[f"{workload.title}, {subject.title}"] = reason
                    progress(f"{label}: {reason}")
                    continue
                progress(f"{label}: {said(outcome)}")
                if round_:
                    results.outcomes.setdefault(key, []).append(outcome)
                    results.peaks[subject.name] = max(results.peaks.get(subject.name, 0), outcome["peak"])
                if round_ and key in also_new:
                    outcome = where.play_new(commands[subject.name], workload, units)
                    results.first.setdefault(key, []).append(outcome)
                    progress(f"{label}, new: {said(outcome)}")
        # A subject that failed once may have failed for a reason that spoils its other rounds too.
        results.figures = {
            key: Figures.of(outcomes) for key, outcomes in results.outcomes.items() if key not in given_up
        }
        if wanted(plan.MEMORY.name, "asyncio") and "asyncio" in commands:
            units = max(1000, round(plan.MEMORY.count * share))
            results.memory = where.play_new(commands["asyncio"], plan.MEMORY, units)
            progress(f"{plan.MEMORY.title}: {json.dumps(results.memory)}")
        return results


def keep_on(pid: int, cores: Sequence[int]) -> None:
    """Let a process use these cores only, with all its threads."""
    with suppress(FileNotFoundError, ProcessLookupError):  # it, or a thread, has ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), cores)


def said(outcome: dict[str, Any]) -> str:
    """Return the figures of one round in a few words."""
    if "error" in outcome:
        return str(outcome["error"])
    cpu = outcome["cpu"] / outcome["requests"] * 1e6
    rate = outcome["requests"] / outcome["wall"]
    lost = f", {outcome['lost']} lost" if outcome["lost"] else ""
    return f"{cpu:.1f} us of CPU a request, {rate:,.0f} requests/s, p50 {outcome['p50']:.0f} us{lost}"
