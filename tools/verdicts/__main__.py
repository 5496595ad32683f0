"""Compare verdicts of the library on mutants of real bodies with those of the real readers.

    python -m tools.verdicts [chromium | 10.5 | 12.5 | 26.0 ...] [--seed 1] [--count 2000] [--most 20] [--bodies]

Prints for each reader, by default for all, the agreement, the seed, and the mutants about which they differ. The
exit status is 1 if one of them agrees on less than 99.5 %.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.media.rig.browser import Chromium

from ..mutants import mutants
from . import chromium, daemon
from .comparison import Comparison

READERS = ("chromium", *daemon.ENGINES)


async def _with_chromium(seed: int, count: int) -> Comparison:
    async with Chromium.start(str(Chromium.find())) as browser:
        return await chromium.compared(browser, mutants(seed, count, only=lambda base: base.before is not None))


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.verdicts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("readers", nargs="*", metavar="READER", help=f"any of {', '.join(READERS)}; all by default")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same mutants")
    parser.add_argument("--count", type=int, default=2000, help="how many mutants")
    parser.add_argument("--most", type=int, default=20, help="how many of those that differ are shown")
    parser.add_argument("--bodies", action="store_true", help="show their bodies too")
    given = parser.parse_args()
    for reader in given.readers:
        if reader not in READERS:
            parser.error(f"no such reader: {reader}")
    agree = True
    for reader in given.readers or READERS:
        if reader == "chromium":
            comparison = asyncio.run(_with_chromium(given.seed, given.count))
        else:
            comparison = daemon.compared(reader, mutants(given.seed, given.count))
        print(comparison.report(reader, given.seed, most=given.most, bodies=given.bodies), flush=True)
        agree &= comparison.agreement >= 0.995
    return int(not agree)


if __name__ == "__main__":
    sys.exit(main())
