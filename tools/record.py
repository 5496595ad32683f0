"""Record what a real daemon makes of bodies, in the shape of the goldens.

    python -m tools.record --version 26.0 --bodies FOLDER --to FILE [--sets golden MODERN ARTICLE codecs]

Each body is offered with each flag set of these tables, and answered as a callee would. The daemon runs in a
network namespace of its own with the address 203.0.113.1, so this needs root.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import attrs

from rtpe_ng import Client, SdpError
from rtpe_ng.embedded.versions import behaviour_of
from rtpe_ng.testing import Rtpengine
from tools.callees import answer
from tools.flag_sets import TABLES, FlagSet

Record = dict[str, Any]

ADDRESS = "203.0.113.1"
_ROOTS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "rtpe-ng", "roots")
COMMANDS = {
    "10.5": ["rtpengine"],
    "12.5": ["chroot", str(_ROOTS / "trixie"), "rtpengine"],
    "26.0": ["chroot", str(_ROOTS / "sid"), "rtpengine"],
}
_INSIDE = "RTPE_NG_INSIDE"


def inside_namespace() -> None:
    """Go on in a network namespace that has `ADDRESS`."""
    if os.environ.get(_INSIDE) != "yes":
        setup = f'ip link set lo up && ip addr add {ADDRESS} dev lo && exec "$0" "$@"'
        command = ["unshare", "-n", "sh", "-c", setup, sys.executable, *sys.orig_argv[1:]]
        sys.exit(subprocess.run(command, env=os.environ | {_INSIDE: "yes"}, check=False).returncode)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


@attrs.frozen
class Recorder:
    """Sends bodies to a daemon, and keeps what it asked and what it was told."""

    client: Client
    engine: str
    records: list[Record] = attrs.field(factory=list)

    async def call(self, name: str, body: str, title: str, flags: FlagSet) -> None:
        """Record an offer and, where it was taken, the answer of a callee."""
        names = (name, title)
        call = {"call-id": " ".join(names), "from-tag": "a"}
        offer = await self._ask(names, "offer", body, flags.offer, call)
        if offer["result"] == "ok" and (answered := _answered(offer["output"], flags)):
            record = await self._ask(names, "answer", answered, flags.answer, call | {"to-tag": "b"})
            record |= {"offer_input": body, "offer_output": offer["output"]}
        await self.client.request({"command": "delete", "delete-delay": 0} | call)

    async def _ask(
        self, names: tuple[str, str], command: str, body: str, flags: dict[str, Any], call: dict[str, str]
    ) -> Record:
        reply = await self.client.request({"command": command, "sdp": body} | call | flags)
        record = {
            "sdp_name": names[0],
            "direction": names[1],
            "op": command,
            "engine": self.engine,
            "flags": flags,
            "input": body,
            "result": reply.get("result"),
            "error": reply.get("error-reason"),
            "warning": reply.get("warning"),
            "output": reply.get("sdp"),
        }
        self.records.append(record)
        return record


def _answered(offer: str | None, flags: FlagSet) -> str | None:
    """Return what a callee answers; None to what it cannot read: some bodies come back broken."""
    try:
        return answer(offer, flags.callee) if offer else None
    except SdpError:
        return None


async def record(url: str, engine: str, bodies: dict[str, str], sets: dict[str, FlagSet]) -> list[Record]:
    """Return the records of all calls, each answer behind its offer."""
    async with Client(url) as client:
        recorder = Recorder(client, engine)
        for name, body in bodies.items():
            for title, flags in sets.items():
                await recorder.call(name, body, title, flags)
    return recorder.records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True, choices=COMMANDS)
    parser.add_argument("--bodies", required=True, nargs="+", type=Path)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--sets", nargs="+", default=["golden"], choices=TABLES)
    arguments = parser.parse_args()
    inside_namespace()
    bodies = {path.stem: _read(path) for folder in arguments.bodies for path in sorted(folder.glob("*.sdp"))}
    sets = {name: flags for table in arguments.sets for name, flags in TABLES[table].items()}
    daemon = Rtpengine(command=COMMANDS[arguments.version], interfaces={"default": ADDRESS}, ports=20000)
    with daemon, arguments.to.open("w", encoding="ascii") as file:
        for made in anyio.run(record, daemon.url, behaviour_of(arguments.version).version, bodies, sets):
            file.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()
