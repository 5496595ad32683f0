"""Compare verdicts of the library on mutants of real bodies with those of a real reader.

    python -m tools.verdicts chromium [--seed 1] [--count 2000] [--most 20]
    python -m tools.verdicts daemon [--engine 10.5] [--seed 1] [--count 1000] [--show 5] [--bodies]

Prints the agreement, the false alarms and the misses. The exit status is 1 if they agree on less than 99.5 %.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.media.rig.browser import Chromium

from ..mutants import mutants
from . import daemon
from .chromium import compared
from .comparison import Comparison


async def _with_chromium(seed: int, count: int) -> Comparison:
    async with Chromium.start(str(Chromium.find())) as chromium:
        return await compared(chromium, mutants(seed, count, only=lambda base: base.before is not None))


def main() -> int:
    """Run the command."""
    if sys.argv[1:2] == ["daemon"]:
        return daemon.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m tools.verdicts")
    parser.add_argument("reader", choices=["chromium", "daemon"])
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same mutants")
    parser.add_argument("--count", type=int, default=2000, help="how many mutants")
    parser.add_argument("--most", type=int, default=20, help="how many of those that differ are shown")
    given = parser.parse_args()
    comparison = asyncio.run(_with_chromium(given.seed, given.count))
    print(comparison.report(given.reader, given.seed, most=given.most))
    return int(comparison.agreement < 0.995)


if __name__ == "__main__":
    sys.exit(main())
