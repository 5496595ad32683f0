"""Compare `sdp.problems` with what real daemons refuse.

    python -m tools.verdicts daemon [--engine 10.5] [--seed 7] [--count 1000] [--show 5]

Each mutant of `tools.mutants` is offered in a call of its own, without a flag. A daemon refuses it with an error,
or with an ``ok`` that brings no body. What it says and what the library says are compared; the mutants about which
they differ are shown, with the daemon's own words. Without ``--engine`` all three daemons are asked.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import anyio
import attrs

from rtpe_ng import Client, RequestTimeout, TransportError, sdp
from rtpe_ng.testing import Rtpengine
from tools.mutants import mutants

ENGINES = {"10.5": None, "12.5": "trixie", "26.0": "sid"}
"""The versions, and the Debian release in whose root each of them is; None for the one that is installed."""
IN_FLIGHT = 16
GONE = "the daemon ended"
"""The verdict of a daemon that a body has killed."""


def daemon_of(engine: str) -> Rtpengine:
    """Return a private daemon of a version, not yet started."""
    suite = ENGINES[engine]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "rtpe-ng", "roots")
    roots = [Path(root) for root in os.environ.get("RTPE_NG_ROOTS", "").split(":") if root]
    root = next((it for it in roots if it.name == suite), cache / (suite or ""))
    # Its log of thousands of bodies would fill the disk.
    options = ["--log-level=2"]
    return Rtpengine(command=["chroot", str(root), "rtpengine"] if suite else None, ports=8000, options=options)


def refusals(daemon: Rtpengine, bodies: Sequence[str]) -> list[str]:
    """Return for each body why a running daemon refuses it, in its own words; an empty text where it takes it.

    A daemon may end under many requests at once, or by a single body. It is started again, and those that got no
    reply are asked about in smaller groups, at last each by itself.
    """
    found: list[str | None] = [None] * len(bodies)
    for in_flight in (IN_FLIGHT, IN_FLIGHT, 1):
        left = [index for index, words in enumerate(found) if words is None]
        daemon.start()
        said = anyio.run(_ask, daemon.url, [bodies[index] for index in left], in_flight)
        for index, words in zip(left, said, strict=True):
            found[index] = words
    for index in [index for index, words in enumerate(found) if words is None]:
        daemon.start()
        (found[index],) = anyio.run(_ask, daemon.url, [bodies[index]], 1)
    daemon.start()
    return [GONE if words is None else words for words in found]


async def _ask(url: str, bodies: Sequence[str], in_flight: int) -> list[str | None]:
    found: list[str | None] = [None] * len(bodies)
    waiting = iter(range(len(bodies)))
    run = os.urandom(6).hex()

    async def work(client: Client) -> None:
        for index in waiting:
            call = {"call-id": f"{run}-{index}"}
            try:
                reply = await client.request({"command": "offer", "from-tag": "a", "sdp": bodies[index]} | call)
                await client.request({"command": "delete", "delete-delay": 0} | call)
            except (TransportError, RequestTimeout):
                continue
            words = str(reply.get("error-reason") or "it sends no body back")
            found[index] = words if reply["result"] != "ok" or not reply.get("sdp") else ""

    async with Client(url, timeout=5) as client, anyio.create_task_group() as group:
        for _ in range(in_flight):
            group.start_soon(work, client)
    return found


@attrs.frozen(kw_only=True)
class Difference:
    """A body about which the library and a daemon do not agree."""

    engine: str
    how: str
    """What was done to a sound body."""
    said: str
    """The daemon's words; empty if it took the body."""
    ours: tuple[sdp.SdpProblem, ...]
    """The library's refusals; empty if it found none."""
    body: str


def differences(engine: str, seed: int, count: int) -> list[Difference]:
    """Return where `sdp.problems` and a daemon of a version differ about the mutants of a seed."""
    chosen = list(mutants(seed, count))
    with daemon_of(engine) as daemon:
        said = refusals(daemon, [mutant.body for mutant in chosen])
    different = []
    for mutant, words in zip(chosen, said, strict=True):
        ours = tuple(it for it in sdp.problems(mutant.body, engine=engine) if it.effect == "refused")
        if bool(words) != bool(ours):
            different.append(Difference(engine=engine, how=mutant.how, said=words, ours=ours, body=mutant.body))
    return different


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how often the library and the daemons agree, and where they do not. Return 1 below 99.5 percent."""
    parser = argparse.ArgumentParser(prog="tools.verdicts daemon", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--show", type=int, default=5, help="how many differences to show for each daemon")
    parser.add_argument("--bodies", action="store_true", help="show their bodies too")
    chosen = parser.parse_args(arguments)
    good = True
    for engine in chosen.engine or ENGINES:
        different = differences(engine, chosen.seed, chosen.count)
        missed = sum(not it.ours for it in different)
        share = 1 - len(different) / chosen.count
        good &= share >= 0.995
        print(
            f"{engine}: {share:.2%} of {chosen.count} mutants of seed {chosen.seed} agree; "
            f"{missed} refusals missed, {len(different) - missed} false alarms"
        )
        for it in different[: chosen.show]:
            print(f"\n  {it.how}\n  the daemon says: {it.said or 'ok'}")
            for problem in it.ours or ["nothing"]:
                print(f"  the library says: {problem}")
            if chosen.bodies:
                print("".join(f"    {line}\n" for line in it.body.split("\n")))
    return 0 if good else 1
