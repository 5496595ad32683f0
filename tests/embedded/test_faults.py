"""Faults on demand, as the library's own client survives them, and as a bare socket sees them."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rtpe_ng import Client, EngineError, Leg, LoadLimit, RequestTimeout, TransportError, UsageError
from rtpe_ng.embedded.faults import FaultPlan, Outbox, Outgoing
from rtpe_ng.testing import EmbeddedEngine, Faults, bodies

pytestmark = pytest.mark.anyio
SDP = bodies.offer(Leg.SIP)
PING = b"d7:command4:pinge"


class Line:
    """A bare socket to an engine. What is sent and answered goes over it in order."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(10)
        self._socket.connect(("127.0.0.1", int(engine.url.rpartition(":")[2])))
        self._numbers = itertools.count()
        self.close = self._socket.close

    def send(self, cookie: str, document: bytes = PING) -> None:
        self._socket.send(cookie.encode() + b" " + document)

    def heard(self) -> list[str]:
        """Return what has come: all that stands before the reply to a command that no fault befalls."""
        mark = f"mark{next(self._numbers)}"
        self.send(mark, b"d7:command4:liste")
        heard = []
        while not (message := self._socket.recv(65_536).decode()).startswith(mark):
            heard.append(message)
        return heard


@contextmanager
def line(engine: EmbeddedEngine) -> Iterator[Line]:
    opened = Line(engine)
    try:
        yield opened
    finally:
        opened.close()


async def test_a_lost_reply_is_asked_for_again_and_nothing_is_executed_twice() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        engine.faults.drop_replies(2, command="offer")
        await client.ping()
        assert repr(engine.faults) == "<Faults drop_replies(2, command='offer')>"
        await client.offer(sdp=SDP, call_id="1", from_tag="a")
        assert repr(engine.faults) == "<Faults none>"
        assert [it.name for it in engine.received] == ["ping", "offer"]
        statistics = await client.statistics()
        assert statistics.commands["offer"] == 1


async def test_a_lost_request_was_never_there() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        engine.faults.drop_requests(1)
        await client.ping()
        assert [it.name for it in engine.received] == ["ping"]
        assert repr(engine.faults) == "<Faults none>"


async def test_a_repeated_reply_is_a_stray_to_the_client() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        engine.faults.repeat_replies(1, times=3)
        await client.ping()
        await client.ping()
        await client.ping()
        assert client.strays.duplicate == 2


def test_replies_repeated_truncated_and_reversed_as_a_socket_sees_them() -> None:
    with EmbeddedEngine() as engine, line(engine) as wire:
        engine.faults.repeat_replies(1, command="ping")
        engine.faults.truncate_replies(1, bytes=6, command="ping")
        engine.faults.reorder_replies(3, command="ping")
        for cookie in "abcdef":
            wire.send(cookie)
        whole = {cookie: f"{cookie} d6:result4:ponge" for cookie in "abcdef"}
        assert wire.heard() == [whole["a"], whole["a"], "b d6:r", *(whole[it] for it in "edcf")]


def test_a_delayed_reply_is_overtaken_and_comes_when_it_is_due() -> None:
    plan = FaultPlan()
    outbox = Outbox(plan)
    Faults(plan).delay_replies(1, seconds=2.5)
    for cookie in (b"late", b"soon"):
        outbox.put(Outgoing(data=cookie, address=None), "ping", 100.0)
    assert [it.data for it in outbox.due(100.0)] == [b"soon"]
    assert outbox.wakes_at == 102.5
    assert outbox.due(102.4) == []
    assert [it.data for it in outbox.due(102.5)] == [b"late"]
    assert outbox.wakes_at is None


def test_a_delayed_reply_arrives() -> None:
    with EmbeddedEngine() as engine, line(engine) as wire:
        engine.faults.delay_replies(1, seconds=0.01, command="ping")
        wire.send("late")
        while not (heard := wire.heard()):
            pass
        assert heard == ["late d6:result4:ponge"]


def test_recovery_lets_go_what_was_held_back() -> None:
    with EmbeddedEngine() as engine, line(engine) as wire:
        engine.faults.reorder_replies(9, command="ping")
        wire.send("held")
        assert wire.heard() == []
        engine.faults.recover()
        assert [it.split()[0] for it in wire.heard()] == ["held"]


async def test_an_engine_that_refuses_fails_fast_and_comes_back_on_the_same_port_with_its_calls() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        await client.offer(sdp=SDP, call_id="1", from_tag="a")
        url = engine.url
        engine.faults.refuse()
        assert repr(engine.faults) == "<Faults refusing>"
        with pytest.raises(TransportError):
            await client.ping()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thief, pytest.raises(OSError, match="in use"):
            thief.bind(("127.0.0.1", int(url.rpartition(":")[2])))
        engine.faults.recover()
        assert engine.url == url
        assert (await client.list()).calls == ("1",)


async def test_a_silent_engine_costs_the_whole_timeout_and_takes_nothing() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url, timeout=0.2) as client:
        engine.faults.go_silent()
        with pytest.raises(RequestTimeout):
            await client.offer(sdp=SDP, call_id="1", from_tag="a")
        engine.faults.recover()
        await client.ping()
        assert [it.name for it in engine.received] == ["ping"]
        assert engine.calls == {}


async def test_a_restarted_engine_has_lost_its_calls_and_its_cookies() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        with line(engine) as wire:
            await client.offer(sdp=SDP, call_id="1", from_tag="a")
            wire.send("same", b"d7:command5:query7:call-id1:1e")
            before = wire.heard()
            engine.faults.restart()
            assert engine.calls == {}
            wire.send("same")
            assert wire.heard() == ["same d6:result4:ponge"]
            assert before != wire.heard()


async def test_errors_and_load_limits_come_instead_of_the_execution() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        engine.faults.error_replies(1, reason="Ran out of ports", command="offer")
        with pytest.raises(EngineError, match="Ran out of ports"):
            await client.offer(sdp=SDP, call_id="1", from_tag="a")
        assert engine.calls == {}
        engine.faults.load_limit(1)
        with pytest.raises(LoadLimit, match="Load limit exceeded"):
            await client.offer(sdp=SDP, call_id="1", from_tag="a")
        await client.offer(sdp=SDP, call_id="1", from_tag="a")
        engine.faults.load_limit(1)
        await client.offer(sdp=SDP, call_id="1", from_tag="a")
        assert repr(engine.faults) == "<Faults load_limit(1)>"


def survivors(seed: int) -> list[str]:
    """Return which of forty pings get a reply where half of all datagrams are lost."""
    with EmbeddedEngine(seed=seed) as engine, line(engine) as wire:
        engine.faults.lossy(0.5)
        assert repr(engine.faults) == "<Faults lossy(0.5)>"
        for number in range(40):
            wire.send(f"c{number}")
        # What stands in its socket is taken before it follows.
        engine.faults.lossy(0)
        return [it.split()[0] for it in wire.heard()]


def test_losses_depend_on_the_seed_alone() -> None:
    assert survivors(1) == survivors(1) != survivors(2)
    assert 2 < len(survivors(1)) < 20


async def test_a_lossy_network_is_survived() -> None:
    async with EmbeddedEngine(seed=3) as engine, Client(engine.url) as client:
        engine.faults.lossy(0.2)
        for _ in range(20):
            await client.ping()
        assert len(engine.received) == 20


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("drop_replies", {"n": 0}),
        ("repeat_replies", {"times": 1}),
        ("reorder_replies", {"n": 1}),
        ("delay_replies", {"seconds": -1}),
        ("truncate_replies", {"bytes": -1}),
        ("lossy", {"share": 1.1}),
    ],
)
def test_numbers_without_sense_are_refused(method: str, arguments: dict[str, float]) -> None:
    faults = EmbeddedEngine().faults
    with pytest.raises(UsageError):
        getattr(faults, method)(**arguments)
    assert repr(faults) == "<Faults none>"
