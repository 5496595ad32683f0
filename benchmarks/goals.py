"""What the library is to reach, each goal as a ratio to another subject of the same run; what a run says of it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
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


@attrs.frozen
class Verdict:
    """One row of the table of goals."""

    what: str
    ours: str
    other: str
    ratio: str
    goal: str
    is_met: bool | None
    """None if it was not measured."""


def verdicts(results: Results, titles: dict[str, str]) -> Iterator[Verdict]:
    """Yield what a run says of each goal; `titles` has the subjects' by their names."""
    for goal in GOALS:
        yield _verdict(goal, results, titles)
    yield _losses(results, titles)
    yield from _memory(results)


def _verdict(goal: Goal, results: Results, titles: dict[str, str]) -> Verdict:
    workloads = {workload.name: workload.title for workload in WORKLOADS}
    pair = (goal.workload, goal.subject), (goal.than_workload, goal.than_subject)
    what = f"{workloads[goal.workload]}: {titles[goal.subject]}"
    sign = "≥" if goal.is_more_better else "≤"
    place = "" if goal.workload == goal.than_workload else f" at {workloads[goal.than_workload]}"
    wanted = f"{sign} {goal.ratio:.2f} x {titles[goal.than_subject]}{place}"
    if not all(key in results.figures for key in pair):
        return Verdict(what, "", "", "", wanted, None)
    ours, other = (_shown(getattr(results.figures[key], goal.figure), goal.figure) for key in pair)
    # Each ratio is of one round, in which both had the same machine.
    mine, theirs = ([_value(it, goal.figure) for it in results.outcomes[key]] for key in pair)
    ratios = [one / two for one, two in zip(mine, theirs, strict=True)]
    ratio = statistics.median(ratios)
    shown = f"{ratio:.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    is_met = ratio >= goal.ratio if goal.is_more_better else ratio <= goal.ratio
    return Verdict(what, ours, other, shown, wanted, is_met)


def _value(outcome: Outcome, figure: str) -> float:
    if figure == "cpu":
        return float(outcome["cpu"] / outcome["requests"])
    return float(outcome["p50"] if figure == "p50" else outcome["requests"] / outcome["wall"])


def _shown(value: float, figure: str) -> str:
    return f"{value:,.0f}/s" if figure == "rate" else f"{value:.1f} µs{' p50' if figure == 'p50' else ''}"


def _losses(results: Results, titles: dict[str, str]) -> Verdict:
    workload, subject = NOTHING_LOST
    title = next(it.title for it in WORKLOADS if it.name == workload)
    others = ", ".join(
        f"{titles[name]} {figures.lost}"
        for (where, name), figures in results.figures.items()
        if where == workload and name != subject and figures.lost
    )
    figures = results.figures.get(NOTHING_LOST)
    lost = "" if figures is None else f"{figures.lost} lost"
    return Verdict(
        f"{title}: {titles[subject]}", lost, others, "", "0 lost", None if figures is None else figures.lost == 0
    )


def _memory(results: Results) -> Iterator[Verdict]:
    most, growth = f"≤ {MOST_MEMORY:.0f} MiB", f"growth ≤ {MOST_GROWTH:.0f} MiB"
    if (memory := results.memory) is None:
        yield Verdict(MEMORY.title, "", "", "", f"{most}, {growth}", None)
        return
    peak, grown = memory["peak"] / 1024, (memory["last"] - memory["first"]) / 1024
    title = f"{memory['requests']:,} requests, timeout=20"
    yield Verdict(f"memory: {title}", f"{peak:.1f} MiB", "", "", most, peak <= MOST_MEMORY)
    shown = f"{grown:+.1f} MiB since the first 1,000"
    yield Verdict(f"memory: {title}", shown, "", "", growth, grown <= MOST_GROWTH)
