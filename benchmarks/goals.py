"""What the library is to reach, each goal as a ratio to another subject of the same run; what a run says of it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from benchmarks.plan import MEMORY, WORKLOADS
from benchmarks.rounds import Results
from benchmarks.subjects.orders import Outcome

MOST_MEMORY = 40.0
"""In MiB."""
MOST_GROWTH = 2.0
"""From the first thousand requests to the last of many, in MiB: what an allocator's own ways may come to."""


@attrs.frozen
class Goal:
    """One figure of ours is to be at most, or at least, so many times another subject's."""

    workload: str
    subject: str
    than_workload: str
    than_subject: str
    ratio: float
    figure: Literal["cpu", "p50", "rate"] = "cpu"

    @property
    def is_more_better(self) -> bool:
        return self.figure == "rate"


GOALS = (
    Goal("ping", "asyncio", "ping", "node", 0.60),
    Goal("ping", "asyncio", "ping", "bare", 0.42),
    Goal("ping", "trio", "ping", "node", 0.90),
    Goal("ping-alone", "asyncio", "ping-alone", "bare", 0.75, "p50"),
    Goal("sip", "asyncio", "sip", "node", 0.30),
    Goal("sip", "asyncio", "sip", "bare", 0.30),
    Goal("sip-call", "asyncio", "sip", "node", 0.42),
    Goal("chrome-call", "asyncio", "chrome", "node", 0.85),
    Goal("offers", "asyncio", "offers-32", "c", 0.85, "rate"),
    Goal("query", "asyncio", "query", "node", 1.2),
    Goal("decode", "asyncio", "decode", "bare", 0.48),
    Goal("query-json", "asyncio", "query", "node", 0.50),
    Goal("unread", "asyncio", "unread", "node", 0.30),
)
NOTHING_LOST = ("offers", "asyncio")
ALSO_NEW = {
    key
    for goal in GOALS
    if goal.figure != "rate"
    for key in ((goal.workload, goal.subject), (goal.than_workload, goal.than_subject))
}
"""What is measured in new processes too. A rate is that of the daemon, which is the same for all."""


@attrs.frozen
class Finding:
    """What was found of one goal."""

    text: str
    is_met: bool

    def __str__(self) -> str:
        return f"{self.text}: {'met' if self.is_met else '**missed**'}"


@attrs.frozen
class Verdict:
    """One row of the table of goals. None stands for what was not measured."""

    what: str
    goal: str
    found: Finding | None
    """In processes that live long."""
    new: Finding | None = None
    """In new processes."""


def verdicts(results: Results, titles: dict[str, str]) -> Iterator[Verdict]:
    """Yield what a run says of each goal; `titles` has the subjects' by their names."""
    for goal in GOALS:
        yield _verdict(goal, results, titles)
    yield _losses(results, titles)
    yield from _memory(results)


def _verdict(goal: Goal, results: Results, titles: dict[str, str]) -> Verdict:
    workloads = {workload.name: workload.title for workload in WORKLOADS}
    sign = "≥" if goal.is_more_better else "≤"
    place = "" if goal.workload == goal.than_workload else f" at {workloads[goal.than_workload]}"
    return Verdict(
        f"{workloads[goal.workload]}: {titles[goal.subject]}",
        f"{sign} {goal.ratio:.2f} x {titles[goal.than_subject]}{place}",
        _finding(goal, results.outcomes),
        _finding(goal, results.first),
    )


def _finding(goal: Goal, outcomes: Mapping[tuple[str, str], Sequence[Outcome]]) -> Finding | None:
    rounds = [
        [_value(it, goal.figure) for it in outcomes.get(key, ()) if "error" not in it]
        for key in ((goal.workload, goal.subject), (goal.than_workload, goal.than_subject))
    ]
    mine, theirs = rounds
    if not mine or len(mine) != len(theirs):
        return None
    # Each ratio is of one round, in which both had the same machine.
    ratios = [one / two for one, two in zip(mine, theirs, strict=True)]
    ratio = statistics.median(ratios)
    ours, other = (_shown(statistics.median(values), goal.figure) for values in rounds)
    return Finding(
        f"{ratio:.2f} ({min(ratios):.2f}-{max(ratios):.2f}), {ours} beside {other}",
        ratio >= goal.ratio if goal.is_more_better else ratio <= goal.ratio,
    )


def _value(outcome: Outcome, figure: str) -> float:
    if figure == "cpu":
        return float(outcome["cpu"] / outcome["requests"] * 1e6)
    return float(outcome["p50"] if figure == "p50" else outcome["requests"] / outcome["wall"])


def _shown(value: float, figure: str) -> str:
    return f"{value:,.0f}/s" if figure == "rate" else f"{value:.1f} µs{' p50' if figure == 'p50' else ''}"


def _losses(results: Results, titles: dict[str, str]) -> Verdict:
    workload, subject = NOTHING_LOST
    title = next(it.title for it in WORKLOADS if it.name == workload)
    losses = [
        f"{titles[name]} {figures.lost}"
        for (where, name), figures in results.figures.items()
        if where == workload and name != subject and figures.lost
    ]
    finding = None
    if figures := results.figures.get(NOTHING_LOST):
        beside = f" beside {', '.join(losses)}" if losses else ""
        finding = Finding(f"{figures.lost} lost{beside}", figures.lost == 0)
    return Verdict(f"{title}: {titles[subject]}", "0 lost", finding)


def _memory(results: Results) -> Iterator[Verdict]:
    peak, grown, title = None, None, MEMORY.title
    if (memory := results.memory) and "error" not in memory:
        most, growth = memory["peak"] / 1024, (memory["last"] - memory["first"]) / 1024
        title = f"{memory['requests']:,} requests, timeout=20"
        peak = Finding(f"{most:.1f} MiB", most <= MOST_MEMORY)
        grown = Finding(f"{growth:+.1f} MiB", growth <= MOST_GROWTH)
    yield Verdict(f"memory after {title}", f"≤ {MOST_MEMORY:.0f} MiB", new=peak, found=None)
    goal = f"≤ {MOST_GROWTH:+.0f} MiB since the first 1,000"
    yield Verdict(f"memory after {title}", goal, new=grown, found=None)
