"""What all tests share: both event loops, real daemons, and embedded engines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from rtpe_ng.testing import EmbeddedEngine, Rtpengine
from tests.support.engines import EMBEDDED, INTERFACES, REAL, AnyEngine, in_root, installed
from tests.support.examples import BRIEF

# A busy machine is no reason to fail, and new counterexamples are searched for at a desk, not by a gate.
settings.register_profile("suite", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.register_profile(BRIEF, settings.get_profile("suite"), max_examples=10, derandomize=True)
settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a real daemon, wherever they get it from."""
    for item in items:
        if {"daemon", "own_daemon", "any_daemon", "own_any_daemon"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("daemon")


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="session")
def daemon() -> Iterator[Rtpengine]:
    """A private daemon of the version that is installed."""
    yield from installed()


@pytest.fixture
def own_daemon() -> Iterator[Rtpengine]:
    """A daemon of the installed version that no other test has used: what it counts is this test's."""
    yield from installed()


@pytest.fixture(params=REAL)
def own_any_daemon(request: pytest.FixtureRequest) -> Iterator[Rtpengine]:
    """A daemon of each version that no other test has used."""
    yield from installed() if request.param is None else in_root(request.param)


@pytest.fixture(scope="session", params=REAL)
def any_daemon(request: pytest.FixtureRequest) -> Iterator[Rtpengine]:
    """A private daemon of each version: the installed one, and those of newer Debian releases."""
    root: Path | None = request.param
    yield from installed() if root is None else in_root(root)


@pytest.fixture(scope="session", params=[*EMBEDDED, *REAL])
def any_engine(request: pytest.FixtureRequest) -> Iterator[AnyEngine]:
    """The embedded engine as each version, and a private daemon of each."""
    what: str | Path | None = request.param
    if isinstance(what, str):
        with EmbeddedEngine(version=what, interfaces=INTERFACES) as engine:
            yield AnyEngine(url=engine.url, version=engine.version)
    else:
        for daemon in installed() if what is None else in_root(what):
            yield AnyEngine(url=daemon.url, version=daemon.version)
