"""The fixtures of the pytest plugin: an engine for a test, and a client of it."""

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

_ARGUMENTS = {"max_sessions": "--max-sessions={}", "delete_delay": "--delete-delay={:g}"}
"""The arguments of `EmbeddedEngine` that a real daemon takes on its command line."""


class RealEngine:
    """A real daemon in place of an embedded engine. A test that uses a feature of the latter only is skipped."""

    def __init__(self, url: str, version: str) -> None:
        self.url = url
        """The URL of its ng port, over UDP."""
        self.version = version
        """Its version; empty for a daemon that was running before, because daemons do not tell their version."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_") or not hasattr(EmbeddedEngine, name):
            raise AttributeError(f"neither a real daemon nor the embedded engine has {name!r}")
        pytest.skip(f"only the embedded engine has {name!r}: run this test with --rtpengine=embedded")

    def __repr__(self) -> str:
        return f"<RealEngine {self.version or 'of an unknown version'} at {self.url}>"


@contextmanager
def engine_for(request: pytest.FixtureRequest, chosen: str, configured: str) -> Iterator[Any]:
    """Yield the engine for a test: an `EmbeddedEngine` if `chosen` is ``embedded``, or else a `RealEngine`.

    Its version is the fixture's parameter, or that of the marker ``rtpengine``, or the one `configured`. Raises
    `UsageError` for a version that the embedded engine does not know, and if the installed daemon has another
    version than the configured one.
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
            if not _matches(version, configured):
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

    It opens on first use, in the event loop of the test. It is closed in a thread with another loop, because that
    of the test may have ended by then.
    """
    client = Client(url)
    try:
        yield client
    finally:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(anyio.run, client.aclose).result()


def _fit(engine: RealEngine, options: dict[str, Any]) -> RealEngine:
    """Return the engine, or skip a test that asks for another version or for an option that real daemons lack."""
    for name, value in options.items():
        if name == "version" and engine.version and not _matches(engine.version, str(value)):
            pytest.skip(f"this test is for rtpengine {value}, and the daemon is {engine.version}")
        if name not in ("version", "seed"):
            pytest.skip(f"only the embedded engine takes {name}={value!r}: run this test with --rtpengine=embedded")
    return engine


def _matches(version: str, wanted: str) -> bool:
    """Return whether `version` begins with the numbers of `wanted`."""
    numbers = wanted.split(".") if wanted else []
    return version.split(".")[: len(numbers)] == numbers
