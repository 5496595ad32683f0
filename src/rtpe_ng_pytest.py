"""The pytest plugin of rtpe_ng: options, a marker and two fixtures.

pytest loads it in every run on a machine that has the library. So it stands outside the package, and imports the
package only when a test uses a fixture: other test runs lose no time, and coverage sees every import of the
package.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rtpe_ng import Client
    from rtpe_ng.testing import EmbeddedEngine

_ENGINE = "the engine of the tests: embedded (the default), real (a private daemon), or the URL of one that runs"
_VERSION = "the version that the embedded engine behaves as, such as 26.0, or that the real daemon must have"
_MARKER = (
    "rtpengine(version=..., **options): the arguments of EmbeddedEngine for this test; "
    "on a real daemon of another version, or with options that none has, the test is skipped"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare ``--rtpengine`` and ``--rtpengine-version``, and the same for the configuration file."""
    group = parser.getgroup("rtpengine")
    group.addoption("--rtpengine", metavar="embedded|real|URL", help=_ENGINE)
    group.addoption("--rtpengine-version", metavar="VERSION", help=_VERSION)
    parser.addini("rtpengine", _ENGINE, default="embedded")
    parser.addini("rtpengine_version", _VERSION, default="")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker ``rtpengine``. Raises `pytest.UsageError` for an unknown engine."""
    config.addinivalue_line("markers", _MARKER)
    chosen = _chosen(config)
    if chosen not in ("embedded", "real") and "://" not in chosen:
        raise pytest.UsageError(
            f"--rtpengine={chosen}: embedded, real, or a URL such as udp://127.0.0.1:2223 expected"
        )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Name the engine of the tests, unless it is the embedded one."""
    chosen = _chosen(config)
    return None if chosen == "embedded" else f"rtpengine: {chosen}"


@pytest.fixture
def rtpengine(request: pytest.FixtureRequest) -> Iterator[EmbeddedEngine]:
    """Give a test an engine of its own, at ``rtpengine.url``: the embedded one, or the one of ``--rtpengine``."""
    from rtpe_ng.testing.plugin import engine_for

    config = request.config
    version = config.getoption("rtpengine_version") or config.getini("rtpengine_version")
    with engine_for(request, _chosen(config), str(version)) as engine:
        yield engine


@pytest.fixture
def rtpengine_client(rtpengine: EmbeddedEngine) -> Iterator[Client]:
    """Give a test on asyncio or trio a `Client` of the fixture ``rtpengine``; it is closed after the test."""
    from rtpe_ng.testing.plugin import client_of

    with client_of(rtpengine.url) as client:
        yield client


def _chosen(config: pytest.Config) -> str:
    return str(config.getoption("rtpengine") or config.getini("rtpengine"))
