"""What all tests share: both event loops, real daemons, and embedded engines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import settings

from rtpe_ng.testing import EmbeddedEngine, Rtpengine

# A busy machine is no reason to fail, and what is new to be found is found at a desk, not by a gate.
settings.register_profile("suite", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("suite")

INTERFACES = {"pub": "127.0.0.1", "priv": "127.0.0.2"}
SUITES = ("trixie", "sid")
"""The Debian releases whose daemons are tested besides the installed one: 12.5 and 26.0."""


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


def missing(part: str, cure: str) -> None:
    """Say that a real part is missing: a failure where everything must be there, else a skip."""
    text = f"{part} is missing: {cure}"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)


def _daemon(command: list[str] | None) -> Iterator[Rtpengine]:
    with Rtpengine(command=command, interfaces=INTERFACES) as running:
        yield running


def _installed() -> Iterator[Rtpengine]:
    if Rtpengine.find() is None:
        missing("the rtpengine daemon", "apt-get install --no-install-recommends rtpengine-daemon")
    yield from _daemon(None)


def _in_root(root: Path) -> Iterator[Rtpengine]:
    if not Path(root, "usr/bin/rtpengine").exists():
        missing(
            f"the root {root} with its rtpengine daemon",
            f"as root: debootstrap --variant=minbase --include=rtpengine-daemon {root.name} {root}",
        )
    if os.geteuid() != 0:
        missing("the right to run a daemon in a root of its own", "run the tests as root")
    yield from _daemon(["chroot", str(root), "rtpengine"])


def _roots() -> list[Path]:
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


@pytest.fixture(scope="session")
def daemon() -> Iterator[Rtpengine]:
    """A private daemon of the version that is installed."""
    yield from _installed()


REAL = [pytest.param(None, id="installed"), *(pytest.param(root, id=root.name) for root in _roots())]


@pytest.fixture
def own_daemon() -> Iterator[Rtpengine]:
    """A daemon of the installed version that no other test has used: what it counts is this test's."""
    yield from _installed()


@pytest.fixture(params=REAL)
def own_any_daemon(request: pytest.FixtureRequest) -> Iterator[Rtpengine]:
    """A daemon of each version that no other test has used."""
    yield from _installed() if request.param is None else _in_root(request.param)


EMBEDDED = [pytest.param(version, id=f"embedded-{version}") for version in ("10.5", "12.5", "26.0")]


@pytest.fixture(scope="session", params=REAL)
def any_daemon(request: pytest.FixtureRequest) -> Iterator[Rtpengine]:
    """A private daemon of each version: the installed one, and those of newer Debian releases."""
    root: Path | None = request.param
    yield from _installed() if root is None else _in_root(root)


@attrs.frozen(kw_only=True)
class AnyEngine:
    """A real daemon or an embedded engine: a test cannot tell which."""

    url: str
    version: str


@pytest.fixture(scope="session", params=[*EMBEDDED, *REAL])
def any_engine(request: pytest.FixtureRequest) -> Iterator[AnyEngine]:
    """The embedded engine as each version, and a private daemon of each."""
    what: str | Path | None = request.param
    if isinstance(what, str):
        with EmbeddedEngine(version=what, interfaces=INTERFACES) as engine:
            yield AnyEngine(url=engine.url, version=engine.version)
    else:
        for daemon in _installed() if what is None else _in_root(what):
            yield AnyEngine(url=daemon.url, version=daemon.version)
