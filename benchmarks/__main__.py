"""How much CPU time the client takes for a request, beside other clients, in one run on one private daemon.

    .venv/bin/pip install --editable '.[benchmark]'
    .venv/bin/python -m benchmarks

The other clients are npm's rtpengine-client, Perl's NGCP::Rtpengine, a bare asyncio protocol with bencode.py, and a
program in C. They are made when they are missing, in ~/.cache/rtpe-ng/benchmark; one that cannot be made is named,
and left out. docs/explanation/performance.md says what is measured, and has the figures of one run.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks import plot, report
from benchmarks.goals import ALSO_NEW
from benchmarks.parts import ROOT, subjects
from benchmarks.plan import MEMORY, WORKLOADS
from benchmarks.rounds import play

PICTURE = ROOT / "docs/pictures/performance.svg"
ROUNDS, QUICK = 5, 0.1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how many rounds ({ROUNDS})")
    parser.add_argument(
        "--only",
        metavar="WORKLOAD/SUBJECT",
        action="append",
        default=[],
        help="this alone, and others that are given; either side may be empty, as in ping/ or /node; workloads: "
        f"{', '.join(it.name for it in (*WORKLOADS, MEMORY))}; subjects: {', '.join(it.name for it in subjects())}",
    )
    parser.add_argument("--quick", action="store_true", help="one round of a tenth: to see that it works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the picture, as SVG")
    parser.add_argument("--docs", action="store_true", help="write figures and picture into the documentation")
    given = parser.parse_args()
    names = {it.name for it in (*WORKLOADS, MEMORY)}, {it.name for it in subjects()}
    for only in given.only:
        for name, known in zip(only.partition("/")[::2], names, strict=True):
            if name and name not in known:
                parser.error(f"--only {only}: {name!r} is none of {', '.join(sorted(known))}")
    if given.rounds < 1:
        parser.error("--rounds: 1 or more expected")
    return given


def main() -> None:
    given = arguments()
    chosen = [only.partition("/")[::2] for only in given.only]

    def wanted(workload: str, subject: str) -> bool:
        return not chosen or any(one in ("", workload) and two in ("", subject) for one, two in chosen)

    everything = subjects()
    results = play(
        everything,
        wanted,
        also_new=ALSO_NEW,
        rounds=1 if given.quick else given.rounds,
        share=QUICK if given.quick else 1.0,
        progress=lambda line: print(line, file=sys.stderr, flush=True),
    )
    shown = report.text(results, everything)
    print(shown)
    if given.json:
        given.json.write_text(json.dumps(report.as_json(results, everything), indent=1) + "\n", "utf-8")
    for path in filter(None, (given.plot, PICTURE if given.docs else None)):
        path.write_text(plot.draw(results, everything), "utf-8")
    if given.docs:
        report.write_into(report.PAGE, shown)


if __name__ == "__main__":
    main()
