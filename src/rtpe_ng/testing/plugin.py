"""What stands behind the fixtures of the pytest plugin: an engine for a test, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NoReturn

import anyio
import pytest

from ..client import Client
from ..embedded import EmbeddedEngine
from ..errors import UsageError
from .daemon import Rtpengine

__all__ = ["RealEngine", "client_of", "engine_for"]


_ARGUMENTS = {"max_sessions": "--max-sessions={}", "delete_delay": "--delete-delay={:g}"}
"""What a real daemon is told on its command line, by the names that `EmbeddedEngine` has for it."""


class RealEngine:
    """A real daemon in the place of an embedded engine: a test that asks for what only that has is skipped."""

    def __init__(self, url: str, version: str) -> None:
        self.url = url
        """Where it listens for ng commands over UDP."""
        self.version = version
        """Its version; empty for a daemon that somebody else runs, because no daemon tells."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_") or not hasattr(EmbeddedEngine, name):
            raise AttributeError(f"neither a real daemon nor the embedded engine has {name!r}")
        pytest.skip(f"only the embedded engine has {name!r}: run this test with --rtpengine=embedded")

    def __repr__(self) -> str:
        return f"<RealEngine {self.version or 'of an unknown version'} at {self.url}>"


@contextmanager
def engine_for(request: pytest.FixtureRequest, chosen: str, configured: str) -> Iterator[Any]:
    """Yield the engine for a test: an `EmbeddedEngine`, or a `RealEngine` where the one `chosen` is not embedded.

    Its version is the fixture's parameter, else that of the marker ``rtpengine``, else the one `configured`, if
    any. Raises `UsageError` for a version that was not measured, and where the installed daemon has not the one
    that is configured.
    """
    marker = request.node.get_closest_marker("rtpengine")
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    if (version := getattr(request, "param", None)) is not None:
        options["version"] = version
    if chosen == "embedded":
        if configured:
            options.setdefault("version", configured)
        with EmbeddedEngine(**options) as embedded:
            yield embedded
    elif chosen == "real":
        arguments = [text.format(options.pop(name)) for name, text in _ARGUMENTS.items() if name in options]
        with Rtpengine(interfaces=options.pop("interfaces", None), options=arguments) as daemon:
            version = daemon.version
            if not _is(version, configured):
                raise UsageError(
                    f"rtpengine {configured} is configured and {version} is installed: install the other, or leave "
                    "out --rtpengine-version"
                )
            yield _fit(RealEngine(daemon.url, version), options)
    else:
        yield _fit(RealEngine(chosen, configured), options)


@contextmanager
def client_of(url: str) -> Iterator[Client]:
    """Yield a client, and close it.

    It opens when it is used first, in whatever event loop, and is closed in a thread with a loop of its own: by
    then, that of the test may have ended.
    """
    client = Client(url)
    try:
        yield client
    finally:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(anyio.run, client.aclose).result()


def _fit(engine: RealEngine, options: dict[str, Any]) -> RealEngine:
    """Return the engine, or skip a test that asks for another version or for what a real daemon does not take."""
    for name, value in options.items():
        if name == "version" and engine.version and not _is(engine.version, str(value)):
            pytest.skip(f"this test is for rtpengine {value}, and the daemon is {engine.version}")
        if name not in ("version", "seed"):
            pytest.skip(f"only the embedded engine takes {name}={value!r}: run this test with --rtpengine=embedded")
    return engine


def _is(version: str, wanted: str) -> bool:
    """Say whether a version is the one that is wanted, of which the last numbers may be missing."""
    numbers = wanted.split(".") if wanted else []
    return version.split(".")[: len(numbers)] == numbers
