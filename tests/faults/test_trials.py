"""Calls through a bad network and a bad daemon, on each event loop: no law is broken, whatever the luck.

The trials are those of `python -m tools.faults`, short. Several processes run them side by side, because they
mostly wait, and each runs one after the other, so that what a trial leaves behind is its own.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rtpe_ng.testing import Rtpengine
from tests.support.engines import missing
from tests.support.loops import LOOPS
from tests.support.scenarios import KINDS

ROOT = Path(__file__).parents[2]
COMMAND = [
    *(sys.executable, "-W", "error", "-m", "tools.faults"),
    *("--seed", "1", "--seconds", "0.8", "--timeout", "1", "--json"),
]
SHORT = [kind for kind in KINDS if kind != "mixed"]
"""The kinds that show something within a second."""
AT_ONCE = 2
"""How many processes each loop has."""


class Trials:
    """The trials of one loop, which are run in the order in which they were chosen."""

    def __init__(self, loop: str, kinds: list[str]) -> None:
        chosen = [f"--only={kind}" for kind in kinds]
        self._process = subprocess.Popen(
            [*COMMAND, "--backend", loop, *chosen],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._verdicts: dict[str, Any] = {}

    def verdict(self, kind: str) -> Any:
        assert self._process.stdout is not None
        while kind not in self._verdicts:
            line = self._process.stdout.readline()
            assert line, "the trials have ended early"
            verdict = json.loads(line)
            self._verdicts[verdict["kind"]] = verdict
        return self._verdicts[kind]

    def end(self) -> None:
        self._process.terminate()
        self._process.communicate()


Chosen = tuple[str, str]


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[Chosen, Trials]]:
    """Begin the trials, by loop and kind, that this run of the tests has chosen."""
    if Rtpengine.find() is None:
        missing("the rtpengine daemon", "apt-get install --no-install-recommends rtpengine-daemon")
    chosen: dict[str, list[str]] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.originalname == test_no_law_is_broken.__name__:
            chosen.setdefault(str(item.callspec.params["loop"]), []).append(str(item.callspec.params["kind"]))
    begun: dict[Chosen, Trials] = {}
    with contextlib.ExitStack() as stack:
        for loop, kinds in chosen.items():
            for first in range(AT_ONCE):
                if some := kinds[first::AT_ONCE]:
                    each = Trials(loop, some)
                    stack.callback(each.end)
                    begun |= {(loop, kind): each for kind in some}
        yield begun


@pytest.mark.daemon
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("kind", SHORT)
def test_no_law_is_broken(trials: dict[Chosen, Trials], kind: str, loop: str) -> None:
    verdict = trials[loop, kind].verdict(kind)
    assert verdict["broken"] == [], f"{verdict['schedule']}\n{verdict['figures']}\n{verdict['repeat']}"
