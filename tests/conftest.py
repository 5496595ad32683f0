"""What all tests share: both event loops, and real daemons."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from rtpe_ng.testing import Rtpengine

# A busy machine is no reason to fail, and what is new to be found is found at a desk, not by a gate.
settings.register_profile("suite", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("suite")

INTERFACES = {"pub": "127.0.0.1", "priv": "127.0.0.2"}


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
    if command is None and Rtpengine.find() is None:
        missing("the rtpengine daemon", "apt-get install --no-install-recommends rtpengine-daemon")
    with Rtpengine(command=command, interfaces=INTERFACES) as running:
        yield running


@pytest.fixture(scope="session")
def daemon() -> Iterator[Rtpengine]:
    """A private daemon of the version that is installed."""
    yield from _daemon(None)


def _commands() -> Iterator[Any]:
    yield pytest.param(None, id="installed")
    # Roots of other Debian releases, for whoever has them: debootstrap --include=rtpengine-daemon trixie ROOT.
    for root in filter(None, os.environ.get("RTPE_NG_ROOTS", "").split(":")):
        yield pytest.param(["chroot", root, "rtpengine"], id=Path(root).name)


@pytest.fixture(scope="session", params=_commands())
def any_daemon(request: pytest.FixtureRequest) -> Iterator[Rtpengine]:
    """A private daemon of each version at hand."""
    yield from _daemon(request.param)
