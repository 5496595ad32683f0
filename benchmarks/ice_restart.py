"""Does the media survive an ICE restart by Chromium? The table of docs/explanation/ice-restart.md.

    .venv/bin/python -m benchmarks.ice_restart [10.5 12.5 26.0]

A browser and a phone talk through a private daemon of each version. The browser offers an ICE restart; its offer is
under way for the first delay until the daemon has it, the answer for the second one until the browser has it. The
call survives if a check of the path in use is answered within eight seconds after that, and both parties hear each
other's tone. A cell says so for a call of the browser and for a call of the phone.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rtpe_ng import Client, Direction, Profile, profiles
from rtpe_ng.testing import Rtpengine
from tests.media.rig.browser import Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk
from tests.support.engines import roots

DELAYS = ((0.1, 0.0), (0.3, 0.0), (1.0, 0.0), (0.0, 0.3))
"""How long the offer and the answer are under way, in seconds."""
DIRECTIONS = (Direction.WEB_TO_SIP, Direction.SIP_TO_WEB)
WITHIN = 8.0
"""For how long to wait for an answered check, in seconds: longer than a browser sends without."""
AT_ONCE = 2


@dataclass(frozen=True)
class Way:
    """A way to restart ICE."""

    name: str
    profile: Profile
    late: bool = False
    one_address: bool = True


_RESTARTS = profiles.MODERN.evolve(keep_ice=False)
WAYS = (
    Way("`keep_ice=False`", _RESTARTS),
    Way("the same, two local addresses", _RESTARTS, one_address=False),
    Way("the same, the browser applies its offer late", _RESTARTS, late=True),
    Way("MODERN: `keep_ice=True`", profiles.MODERN),
)


async def survives(
    client: Client, chromium: Chromium, way: Way, direction: Direction, delays: tuple[float, float]
) -> bool:
    """Take a call, restart ICE, and tell whether the call goes on."""
    name = f"{way.name} {direction} {delays}"
    async with (
        Parties() as parties,
        client.call(name, from_tag="a", direction=direction, profile=way.profile, delete_delay=0) as call,
    ):
        web = await parties.browser(chromium, 660, one_address=way.one_address)
        phone = await parties.phone(1000)
        talk = Talk(call, web, phone) if direction is Direction.WEB_TO_SIP else Talk(call, phone, web)
        await talk.connect()
        await hear_each_other(web, phone)
        await asyncio.sleep(0.5)
        await talk.restart_ice(web, delay=delays[0], back=delays[1], late=way.late)
        try:
            await web.keeps_consent(within=WITHIN)
            await hear_each_other(web, phone)
        except AssertionError:
            return False
    return True


async def main(versions: Sequence[str]) -> None:
    """Print the table, a column for each daemon."""
    columns: dict[str, list[bool]] = {}
    path = Chromium.find()
    assert path is not None
    async with Chromium.start(path) as chromium:
        for root in (None, *roots()):
            daemon = Rtpengine(command=None if root is None else ["chroot", str(root), "rtpengine"])
            if versions and not daemon.version.startswith(tuple(versions)):
                continue
            with daemon:
                async with Client(daemon.url) as client:
                    columns[daemon.version] = await _column(client, chromium)
    print("| | offer | answer | " + " | ".join(columns) + " |")
    print("|---|---|---|" + "---|" * len(columns))
    for index, (way, delays) in enumerate(itertools.product(WAYS, DELAYS)):
        cells = [column[2 * index : 2 * index + 2] for column in columns.values()]
        shown = " | ".join(", ".join("yes" if each else "no" for each in cell) for cell in cells)
        print(f"| {way.name} | {delays[0]:g} s | {delays[1]:g} s | {shown} |")


async def _column(client: Client, chromium: Chromium) -> list[bool]:
    free = asyncio.Semaphore(AT_ONCE)

    async def one(way: Way, delays: tuple[float, float], direction: Direction) -> bool:
        async with free:
            return await survives(client, chromium, way, direction, delays)

    return await asyncio.gather(*(one(*each) for each in itertools.product(WAYS, DELAYS, DIRECTIONS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
