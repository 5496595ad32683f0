"""The engines of the tests of routing: an embedded one on both event loops, each real daemon on one of them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rtpe_ng.testing import EmbeddedEngine
from tests.support.bench import Bench
from tests.support.engines import INTERFACES, REAL, in_root, installed

_EMBEDDED = [pytest.param(("12.5", loop), id=f"embedded-{loop}") for loop in ("asyncio", "trio")]
_REAL = [pytest.param((each.values[0], "asyncio"), id=each.id, marks=each.marks) for each in REAL]


@pytest.fixture(scope="session")
def url_of() -> Iterator[Callable[[Any], str]]:
    """Return the URL of an engine, which is started when it is first asked for."""
    urls: dict[Any, str] = {}
    with contextlib.ExitStack() as stack:

        def find(what: str | Path | None) -> str:
            if what not in urls:
                if isinstance(what, str):
                    urls[what] = stack.enter_context(EmbeddedEngine(version=what, interfaces=INTERFACES)).url
                else:
                    start = contextlib.contextmanager(installed if what is None else lambda: in_root(what))
                    urls[what] = stack.enter_context(start()).url
            return urls[what]

        yield find


@pytest.fixture(params=[*_EMBEDDED, *_REAL])
def setting(request: pytest.FixtureRequest) -> tuple[Any, str]:
    """What runs a test: an engine and an event loop."""
    what: tuple[Any, str] = request.param
    return what


@pytest.fixture
def anyio_backend(setting: tuple[Any, str]) -> str:
    return setting[1]


@pytest.fixture
def url(setting: tuple[Any, str], url_of: Callable[[Any], str]) -> str:
    return url_of(setting[0])


@pytest.fixture
async def bench(url: str) -> AsyncIterator[Bench]:
    bench = Bench(url)
    async with bench.client:
        yield bench
        assert await bench.lives() == set()
        assert bench.states == {}
