"""What a run of the benchmark prints, as Markdown for the docs: the figures and the goals; and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from benchmarks.goals import verdicts
from benchmarks.parts import ROOT, MissingError, Subject, machine
from benchmarks.plan import WORKLOADS
from benchmarks.rounds import Figures, Results

PAGE = ROOT / "docs/explanation/performance.md"
BEGIN, END = "<!-- written by: python -m benchmarks --docs -->", "<!-- to here -->"


def titles(subjects: Sequence[Subject]) -> dict[str, str]:
    return {subject.name: subject.title for subject in subjects}


def versions(results: Results, subjects: Sequence[Subject]) -> dict[str, str]:
    """Return what was measured with what."""
    found = {"machine": machine(), "daemon": f"RTPEngine {results.daemon}"}
    for subject in subjects:
        if subject.name in results.peaks:
            try:
                found[subject.title] = subject.version()
            except MissingError as why:
                found[subject.title] = f"unknown ({why})"
    return found


def text(results: Results, subjects: Sequence[Subject]) -> str:
    """Return the report of a run as Markdown."""
    return "\n".join(_lines(results, subjects))


def _lines(results: Results, subjects: Sequence[Subject]) -> Iterator[str]:
    found = versions(results, subjects)
    yield f"{_today()}, {results.way}. {'; '.join(found.values())}."
    yield ""
    yield "CPU time of the client for a request in µs · requests/s · p50 of a unit in µs; processes that live long:"
    yield ""
    there = [subject for subject in subjects if subject.name in results.peaks]
    yield from _table(["", *(subject.title for subject in there)], _figures(results, there))
    yield ""
    rows = (
        [it.what, it.goal, *(str(found or "") for found in (it.found, it.new))]
        if it.found or it.new
        else [it.what, it.goal, "not measured", ""]
        for it in verdicts(results, titles(subjects))
    )
    yield "Ratios, and whether they meet the goals of this library:"
    yield ""
    yield from _table(["", "goal", "in a process that lives long", "in a new process"], rows)
    if results.remarks:
        yield ""
        yield from (f"- {what}: {why}" for what, why in results.remarks.items())


def _figures(results: Results, subjects: Sequence[Subject]) -> Iterator[list[str]]:
    for workload in WORKLOADS:
        cells = [results.figures.get((workload.name, subject.name)) for subject in subjects]
        if any(cells):
            yield [workload.title, *(_cell(figures) for figures in cells)]
    yield ["most memory, MiB", *(f"{results.peaks[subject.name] / 1024:.0f}" for subject in subjects)]


def _cell(figures: Figures | None) -> str:
    if figures is None:
        return ""
    lost = f" · **{figures.lost} of {figures.requests:,} lost**" if figures.lost else ""
    return f"**{figures.cpu:.1f}** · {figures.rate:,.0f} · {figures.p50:,.0f}{lost}"


def _table(head: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def as_json(results: Results, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Return everything that a run has found, each round by itself."""
    return {
        "date": _today(),
        "versions": versions(results, subjects),
        "rounds": results.rounds,
        "figures": {"/".join(key): attrs.asdict(figures) for key, figures in results.figures.items()},
        "outcomes": {"/".join(key): outcomes for key, outcomes in results.outcomes.items()},
        "first": {"/".join(key): outcomes for key, outcomes in results.first.items()},
        "peaks": results.peaks,
        "memory": results.memory,
        "goals": [attrs.asdict(verdict) for verdict in verdicts(results, titles(subjects))],
        "remarks": results.remarks,
    }


def write_into(page: Path, report: str) -> None:
    """Put a report into a page, in place of the one before."""
    before, mark, rest = page.read_text("utf-8").partition(BEGIN)
    former, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{page} has no place for figures: {BEGIN} and {END}")
    del former
    page.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}", "utf-8")
