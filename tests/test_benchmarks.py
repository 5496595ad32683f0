"""The benchmark does what it says: each subject sends what the plan has; the verdicts follow from the rounds."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import anyio
import attrs
import pytest

from benchmarks import plot, report
from benchmarks.goals import GOALS, Finding, Verdict, verdicts
from benchmarks.parts import ROOT, MissingError, subjects
from benchmarks.plan import MEMORY, WORKLOADS, Workload
from benchmarks.rounds import Child, Figures, Results, Stage
from benchmarks.soak import Held, Soak, verdict
from benchmarks.subjects.orders import Order, Outcome
from rtpe_ng import Client
from rtpe_ng.testing import Rtpengine
from tests.support.engines import missing

SUBJECTS = {subject.name: subject for subject in subjects()}
TITLES = report.titles(subjects())
HERE = ("asyncio", "trio", "uvloop", "bare", "c")
"""The subjects that need nothing but Python and a compiler."""


def workload(name: str) -> Workload:
    return next(it for it in (*WORKLOADS, MEMORY) if it.name == name)


@pytest.mark.parametrize("name", HERE)
def test_a_subject_does_what_it_is_told(own_daemon: Rtpengine, tmp_path: Path, name: str) -> None:
    try:
        command = SUBJECTS[name].command()
    except MissingError as why:
        missing(TITLES[name], str(why))
    stage = Stage(own_daemon, tmp_path)
    before = counts(own_daemon.url)
    child = Child([*command, *stage.arguments])
    try:
        for row, units, requests in (("ping", 40, 40), ("sip", 4, 12), ("chrome", 4, 12), ("offers", 40, 40)):
            outcome = stage.play(child, workload(row), units)
            assert outcome == outcome | {"requests": requests, "lost": 0}, row
            assert min(outcome[key] for key in ("wall", "cpu", "p50", "peak")) > 0, row
        # The daemon has the last word: 40 pings, 48 offers, 8 answers.
        after = counts(own_daemon.url)
        assert {command: after[command] - before[command] for command in after} == {"offer": 48, "answer": 8}
        for row, units in (("query", 40), ("unread", 4)):
            assert "error" not in stage.play(child, workload(row), units), row
        assert "skipped" in stage.play(child, attrs.evolve(workload("ping"), order="nonsense"), 1)
    finally:
        child.close()


def counts(url: str) -> dict[str, int]:
    async def ask() -> dict[str, int]:
        async with Client(url) as client:
            commands = (await client.statistics()).commands
            return {name: commands[name] for name in ("offer", "answer")}

    return anyio.run(ask)


@pytest.mark.parametrize("name", ["asyncio", "trio"])
def test_ours_has_the_calls_too(own_daemon: Rtpengine, tmp_path: Path, name: str) -> None:
    stage = Stage(own_daemon, tmp_path)
    child = Child([*SUBJECTS[name].command(), *stage.arguments])
    try:
        for row in ("sip-call", "chrome-call"):
            outcome = stage.play(child, workload(row), 4)
            assert outcome == outcome | {"requests": 12, "lost": 0}, row
        grown = stage.play(child, MEMORY, 400)
        assert grown["requests"] == 2000
        assert 0 < grown["first"] <= grown["peak"]
        assert 0 < grown["last"] <= grown["peak"]
    finally:
        child.close()


def test_a_subject_that_ends_is_told_of(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", "import sys; sys.exit(3)"])
    child.wait()
    assert "error" in child.ask(Order("ping", 1, 1, "x"))
    child.close()


def outcome(cpu: float, *, p50: float = 100.0, wall: float = 1.0, lost: int = 0) -> Outcome:
    return {"cpu": cpu, "wall": wall, "requests": 1000, "lost": lost, "p50": p50, "peak": 30_000}


def results(**rounds: list[Outcome]) -> Results:
    """Return the results of the rounds of each ``WORKLOAD__SUBJECT``."""
    outcomes = {(key.split("__")[0].replace("_", "-"), key.split("__")[1]): them for key, them in rounds.items()}
    return Results(
        "10.5.3.5",
        len(next(iter(outcomes.values()))),
        figures={key: Figures.of(them) for key, them in outcomes.items()},
        outcomes=outcomes,
        peaks={subject: 30_000 for _, subject in outcomes},
    )


def of_goal(found: Results, row: int) -> Verdict:
    return list(verdicts(found, TITLES))[row]


def test_a_ratio_is_the_median_of_the_ratios_of_the_rounds() -> None:
    # The third round had a machine that was three times as slow, for both.
    found = results(
        ping__asyncio=[outcome(0.010), outcome(0.012), outcome(0.030)],
        ping__node=[outcome(0.020), outcome(0.020), outcome(0.060)],
    )
    assert of_goal(found, 0).found == Finding("0.50 (0.50-0.60), 12.0 µs beside 20.0 µs", is_met=True)
    assert of_goal(found, 0).new is None
    found.first = found.outcomes | {("ping", "node"): 3 * [outcome(0.010)]}
    assert of_goal(found, 0).new == Finding("1.20 (1.00-3.00), 12.0 µs beside 10.0 µs", is_met=False)


def is_kept(finding: Finding | None) -> bool:
    assert finding is not None
    return finding.is_met


@pytest.mark.parametrize(("cpu", "is_met"), [(0.012, True), (0.0121, False)])
def test_a_goal_is_met_up_to_its_limit(cpu: float, is_met: bool) -> None:
    found = results(ping__asyncio=[outcome(cpu)], ping__node=[outcome(0.02)])
    assert GOALS[0].ratio == 0.60
    assert is_kept(of_goal(found, 0).found) is is_met


@pytest.mark.parametrize(("wall", "is_met"), [(1.1, True), (1.2, False)])
def test_more_requests_a_second_are_better(wall: float, is_met: bool) -> None:
    row = next(row for row, goal in enumerate(GOALS) if goal.is_more_better)
    found = results(offers__asyncio=[outcome(0.1, wall=wall)], offers_32__c=[outcome(0.1)])
    assert is_kept(of_goal(found, row).found) is is_met


def test_one_lost_request_breaks_the_promise_and_what_others_lose_is_shown() -> None:
    for lost in (0, 1):
        found = results(offers__asyncio=[outcome(0.1, lost=lost)], offers__node=[outcome(0.1, lost=7)])
        shown = of_goal(found, len(GOALS))
        assert shown.found == Finding(f"{lost} lost beside {TITLES['node']} 7", is_met=not lost)


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    found = results(ping__asyncio=[outcome(0.01)])
    assert {it.found or it.new for it in verdicts(found, TITLES)} == {None}
    shown = report.text(found, subjects())
    assert shown.count("| not measured |") == len(GOALS) + 3
    assert ": met |" not in shown
    assert "missed" not in shown


@pytest.mark.parametrize(
    ("memory", "met"),
    [((35, 36, 40), [True, True]), ((35, 38, 39), [True, False]), ((35, 36, 41), [False, True])],
)
def test_memory_has_a_ceiling_and_stays_flat(memory: tuple[int, int, int], met: list[bool]) -> None:
    found = results(ping__asyncio=[outcome(0.01)])
    first, last, peak = (1024 * each for each in memory)
    found.memory = {"first": first, "last": last, "peak": peak, "requests": 200_000}
    assert [is_kept(it.new) for it in list(verdicts(found, TITLES))[-2:]] == met


def test_the_report_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    for shown in ("new", "newer"):
        report.write_into(page, shown)
        assert page.read_text() == f"before\n{report.BEGIN}\n\n{shown}\n\n{report.END}\nafter\n"
    page.write_text("a page without a place")
    with pytest.raises(ValueError, match="no place"):
        report.write_into(page, "new")


def test_the_page_has_a_place_for_the_figures_and_the_picture_is_svg() -> None:
    text = report.PAGE.read_text("utf-8")
    assert text.count(report.BEGIN) == text.count(report.END) == 1
    drawn = plot.draw(results(ping__asyncio=[outcome(0.01)], ping__node=[outcome(0.02)]), subjects())
    names = {element.text for element in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")}
    assert {TITLES["asyncio"], TITLES["node"], "10.0", "20.0"} <= names


@pytest.mark.daemon
@pytest.mark.parametrize("backend", ["asyncio", "trio", "uvloop"])
def test_a_short_soak_keeps_its_promises(daemon: Rtpengine, backend: str) -> None:  # it starts a daemon of its own
    command = [sys.executable, "-m", "benchmarks.soak", "--requests", "600", "--backend", backend, "--seed", "1"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    promises = [line for line in shown.stdout.splitlines() if line.startswith(("kept", "BROKEN"))]
    assert len(promises) == 7, shown.stderr
    # So few requests are not enough to tell growth from a beginning.
    assert [line for line in promises if line.startswith("BROKEN") and "memory grew" not in line] == []


def soaked() -> Soak:
    run = Soak(requests=100, seed=1)
    run.ended, run.outcomes["ok"], run.outcomes["pong"] = 100, 60, 40
    run.marks = [30_000, 31_000, *18 * [31_500]]
    return run


NOTHING = Held(descriptors=5, tasks=1, timers=0)


def broken(
    run: Soak, after: Held = NOTHING, left: tuple[str, ...] = (), unsettled: tuple[str, ...] = ()
) -> list[int]:
    return [row for row, (is_kept, _) in enumerate(verdict(run, NOTHING, after, left, unsettled)) if not is_kept]


def test_each_promise_of_the_soak_can_be_broken() -> None:
    assert broken(soaked()) == []
    lost, failed, warned, grown = soaked(), soaked(), soaked(), soaked()
    lost.outcomes = Counter(ok=60, pong=39, timeout=1)
    failed.failures["RequestTimeout: ..."] += 1
    grown.marks[-1] = grown.marks[9] + 1025
    warned.warnings.handle(logging.makeLogRecord({"levelno": logging.WARNING, "msg": "audio 0: no codec"}))
    assert [broken(lost), broken(failed), broken(warned), broken(grown)] == [[0], [1], [2], [5]]
    assert broken(soaked(), left=("a",)) == [3]
    assert broken(soaked(), unsettled=("a",)) == [4]
    for more in ({"descriptors": 6}, {"tasks": 2}, {"timers": 1}):
        assert broken(soaked(), after=attrs.evolve(NOTHING, **more)) == [6]


@pytest.mark.anyio
async def test_what_a_process_holds_is_seen(anyio_backend: str) -> None:
    async with anyio.create_task_group() as tasks:
        before = Held.now(anyio_backend)
        with socket.socket():
            tasks.start_soon(anyio.sleep, 60)
            await anyio.wait_all_tasks_blocked()
            during = Held.now(anyio_backend)
        tasks.cancel_scope.cancel()
    assert (during.descriptors, during.tasks) == (before.descriptors + 1, before.tasks + 1)
    assert during.timers > before.timers
