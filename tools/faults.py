"""Take calls while everything goes wrong: ``python -m tools.faults --minutes 30``.

Faults of the network and of a real daemon happen by a schedule that a seed decides, on each event loop, and what is
seen is held against the laws of `tests/support/laws.py`. Each trial prints its seed and its schedule. Where a law
is broken, it prints the command that repeats the trial, and ends with status 1. Repeating gives the same schedule
and the same fate of each datagram; which of several processes comes first is left to the system.

`tests/faults` runs each kind for a moment by this same command.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import random
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import attrs

from rtpe_ng.testing import Rtpengine
from tests.support.laws import Seen, broken
from tests.support.loops import LOOPS
from tests.support.scenarios import KINDS, Scenario, scenario
from tests.support.trials import trial


@attrs.frozen(kw_only=True)
class Verdict:
    """What came of a trial."""

    kind: str
    loop: str
    seed: int
    schedule: str
    broken: tuple[str, ...]
    """The laws that were broken, each in a sentence."""
    figures: str
    repeat: str
    """The command that repeats the trial."""

    def __str__(self) -> str:
        lines = [f"{self.loop}, seed {self.seed}, {self.schedule}", f"    {self.figures}"]
        if self.broken:
            lines += [f"    BROKEN: {law}" for law in self.broken] + [f"    repeat: {self.repeat}"]
        return "\n".join(lines)


def judged(chosen: Scenario, loop: str, daemon: Rtpengine, given: argparse.Namespace) -> Verdict:
    """Run one trial."""
    began = time.monotonic()
    figures, laws = "", []
    try:
        seen = trial(chosen, loop=loop, daemon=daemon)
    except Exception as error:  # noqa: BLE001 - a trial that cannot be ended is a finding, too
        laws.append("the trial has failed: " + "".join(traceback.format_exception(error)))
    else:
        figures, laws = _figures(seen), broken(seen)
    options = [f"--seed {chosen.seed} --only {chosen.kind} --backend {loop} --seconds {given.seconds:g}"]
    options += [f"--timeout {given.timeout:g}"] if given.timeout else []
    options += [f"--root {given.root}"] if given.root else []
    return Verdict(
        kind=chosen.kind,
        loop=loop,
        seed=chosen.seed,
        schedule=str(chosen),
        broken=tuple(laws),
        figures=f"{time.monotonic() - began:.1f} s; {figures}",
        repeat=f".venv/bin/python -m tools.faults {' '.join(options)}",
    )


def _figures(seen: Seen) -> str:
    outcomes = ", ".join(f"{number} {name}" for name, number in sorted(seen.outcomes.items()))
    executed = " + ".join(str(sum(life.values())) for life in seen.executed)
    return (
        f"steps: {outcomes}; {sum(seen.asked.values())} requests, executed {executed}; at most {seen.late:.2f} s "
        f"late; others waited {seen.stalled:.2f} s, for {seen.hogged:.2f} s of CPU and {seen.swamped} strays"
    )


def verdicts(given: argparse.Namespace, seed: int) -> Iterator[Verdict]:
    """Run one trial after the other, until the time is over."""
    ends = time.monotonic() + 60 * given.minutes
    loops = list(LOOPS) if given.backend == "all" else [given.backend]
    command = ["chroot", str(given.root), "rtpengine"] if given.root else None
    with contextlib.ExitStack() as stack:
        daemon = stack.enter_context(Rtpengine(command=command))
        while True:
            for kind in given.only or KINDS:
                for loop in loops:
                    chosen = scenario(kind, seed, seconds=given.seconds, timeout=given.timeout)
                    verdict = judged(chosen, loop, daemon, given)
                    yield verdict
                    if verdict.broken:
                        # In whatever state it is.
                        stack.close()
                        daemon = stack.enter_context(Rtpengine(command=command))
                    if given.minutes and time.monotonic() > ends:
                        return
            if not given.minutes:
                return
            seed += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, help="of the first round; the next ones count on from it")
    parser.add_argument("--minutes", type=float, default=0, help="for how long; without, each kind once")
    parser.add_argument("--only", choices=KINDS, action="append", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--backend", choices=[*LOOPS, "all"], default="all")
    parser.add_argument("--seconds", type=float, default=6, help="for how long calls begin in each trial")
    parser.add_argument("--timeout", type=float, help="of the client, in seconds; without, the seed decides")
    parser.add_argument("--root", type=Path, help="a root of another Debian release, with its daemon")
    parser.add_argument("--json", action="store_true", help="print each verdict as a line of JSON, for the tests")
    parser.add_argument("--log", action="store_true", help="show what the library logs")
    given = parser.parse_args()
    if not given.log:
        for name in ("rtpe_ng", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    seed = random.randrange(10**6) if given.seed is None else given.seed
    failed = 0
    for verdict in verdicts(given, seed):
        print(json.dumps(attrs.asdict(verdict)) if given.json else verdict, flush=True)
        failed += bool(verdict.broken)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
