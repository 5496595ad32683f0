"""Parties for media tests. What they are made of is of asyncio, so these tests are."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from rtpe_ng import Call, Client, Direction
from rtpe_ng.testing import Rtpengine
from tests.media.rig.browser import Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.talk import Talk
from tests.support.engines import missing


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


# Not of the session: the event loop lives as long as this does, and the tests that follow want theirs.
@pytest.fixture(scope="package")
async def chromium(anyio_backend: str) -> AsyncIterator[Chromium]:
    """One browser for all tests of this folder."""
    path = Chromium.find()
    if path is None:
        missing("Chromium", "apt-get install --no-install-recommends chromium")
    assert path is not None
    async with Chromium.start(path) as running:
        yield running


@pytest.fixture
async def client(any_daemon: Rtpengine) -> AsyncIterator[Client]:
    async with Client(any_daemon.url) as client:
        yield client


@pytest.fixture
async def parties() -> AsyncIterator[Parties]:
    async with Parties() as parties:
        yield parties


@pytest.fixture(params=[Direction.WEB_TO_SIP, Direction.SIP_TO_WEB], ids=str)
def direction(request: pytest.FixtureRequest) -> Direction:
    """The directions in which a call has a browser at one end and a phone at the other."""
    direction: Direction = request.param
    return direction


@pytest.fixture
async def call(client: Client, direction: Direction, request: pytest.FixtureRequest) -> AsyncIterator[Call]:
    """A call of that direction, not begun yet."""
    async with client.call(request.node.name, from_tag="a", direction=direction, delete_delay=0) as call:
        yield call


@pytest.fixture
async def talk(call: Call, parties: Parties, chromium: Chromium) -> Talk:
    """A call and its two parties, not connected yet."""
    caller = await parties.of(call.direction.caller, chromium, 660)
    return Talk(call, caller, await parties.of(call.direction.callee, chromium, 1000))
