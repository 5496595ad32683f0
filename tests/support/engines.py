"""The engines that tests talk to: real daemons, each in its place, and what to say where one is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from rtpe_ng.testing import Rtpengine

INTERFACES = {"pub": "127.0.0.1", "priv": "127.0.0.2"}
SUITES = ("trixie", "sid")
"""The Debian releases whose daemons are tested besides the installed one: 12.5 and 26.0."""


def missing(part: str, cure: str) -> None:
    """Say that a real part is missing: a failure where everything must be there, else a skip."""
    text = f"{part} is missing: {cure}"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)


def _daemon(command: list[str] | None) -> Iterator[Rtpengine]:
    with Rtpengine(command=command, interfaces=INTERFACES) as running:
        yield running


def installed() -> Iterator[Rtpengine]:
    """Yield a private daemon of the version that is installed."""
    if Rtpengine.find() is None:
        missing("the rtpengine daemon", "apt-get install --no-install-recommends rtpengine-daemon")
    yield from _daemon(None)


def in_root(root: Path) -> Iterator[Rtpengine]:
    """Yield a private daemon of the version in a root of a newer Debian release."""
    if not Path(root, "usr/bin/rtpengine").exists():
        missing(
            f"the root {root} with its rtpengine daemon",
            f"as root: debootstrap --variant=minbase --include=rtpengine-daemon,python3 {root.name} {root}",
        )
    if os.geteuid() != 0:
        missing("the right to run a daemon in a root of its own", "run the tests as root")
    yield from _daemon(["chroot", str(root), "rtpengine"])


def roots() -> list[Path]:
    """Return the roots to test in, there or not: what the environment says, else where tests/run builds them."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "rtpe-ng", "roots")
    given = os.environ.get("RTPE_NG_ROOTS")
    if given is None:
        return [cache / suite for suite in SUITES]
    roots = [Path(root) for root in filter(None, given.split(":"))]
    if os.environ.get("CI") == "true":
        # Fewer versions than there should be are a failure, not a smaller test.
        roots += [cache / suite for suite in SUITES if suite not in {root.name for root in roots}]
    return roots


REAL = [
    pytest.param(root, id=root.name if root else "installed", marks=pytest.mark.daemon) for root in (None, *roots())
]
EMBEDDED = [pytest.param(version, id=f"embedded-{version}") for version in ("10.5", "12.5", "26.0")]


@attrs.frozen(kw_only=True)
class AnyEngine:
    """A real daemon or an embedded engine: a test cannot tell which."""

    url: str
    version: str
