"""What real daemons refuse, beside what `sdp.problems` says of it.

Each mutant is offered in a call of its own, without a flag. A daemon refuses it with an error, or with an ``ok``
that brings no body.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import anyio

from rtpe_ng import Client, RequestTimeout, TransportError, sdp
from rtpe_ng.testing import Rtpengine

from ..mutants import Mutant
from .comparison import Comparison, Judged

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


def ours(mutant: Mutant, engine: str) -> tuple[str, ...]:
    """Return why the library says that a daemon of this version refuses a mutant; empty where it takes it."""
    return tuple(str(it) for it in sdp.problems(mutant.body, engine=engine) if it.effect == "refused")


def compared(engine: str, mutants: Iterable[Mutant]) -> Comparison:
    """Return both verdicts on each of the mutants."""
    chosen = list(mutants)
    with daemon_of(engine) as daemon:
        said = refusals(daemon, [mutant.body for mutant in chosen])
    return Comparison(
        judged=[
            Judged(mutant=mutant, ours=ours(mutant, engine), theirs=words or None)
            for mutant, words in zip(chosen, said, strict=True)
        ]
    )
