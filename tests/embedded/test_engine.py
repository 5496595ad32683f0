"""The engine on its socket: what the library's own client sees of it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import socket
import threading
import warnings

import anyio
import pytest

from rtpe_ng import Client, Leg, UsageError
from rtpe_ng.messages import Delete, Offer, Ping, Raw
from rtpe_ng.testing import EmbeddedEngine, bodies
from rtpe_ng.wire import decode_document, encode_document, join_message, split_message

pytestmark = pytest.mark.anyio
OFFER = {"command": "offer", "call-id": "1", "from-tag": "a", "sdp": bodies.offer(Leg.SIP)}


def ask(url: str, message: bytes) -> bytes:
    """Send a datagram and return the one that comes back."""
    host, _, port = url.removeprefix("udp://").partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(10)
        asking.connect((host, int(port)))
        asking.send(message)
        return asking.recv(65_536)


async def test_a_call_from_offer_to_delete() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        await client.ping()
        ids = {"call-id": "1", "from-tag": "a"}
        offered = await client.request(OFFER)
        assert "c=IN IP4 127.0.0.1" in str(offered["sdp"])
        assert (await client.request({"command": "list"}))["calls"] == ["1"]
        await client.request({**OFFER, "command": "answer", "to-tag": "b"})
        assert [party.tag for party in engine.calls["1"].parties] == ["a", "b"]
        await client.request({"command": "delete", "delete-delay": 0, **ids})
        assert engine.calls == {}


async def test_what_was_asked_is_there_typed_and_once() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        await client.ping()
        engine.faults.drop_replies(1)
        await client.request(OFFER)
        await client.delete(call_id="1", from_tag="a")
        await client.request({"command": "ping", "of-its-own": 5})
        ping, offer, delete, raw = engine.received
        assert isinstance(ping.command, Ping)
        assert isinstance(offer.command, Offer)
        assert offer.command.sdp == OFFER["sdp"]
        assert offer.document["call-id"] == offer.call_id == "1"
        assert isinstance(delete.command, Delete)
        assert isinstance(raw.command, Raw)
        assert raw.name == "ping"
        assert offer.source == ping.source
        assert offer.cookie != ping.cookie
        assert repr(offer) == f"<Received offer of call '1' from 127.0.0.1:{offer.source[1]}>"


async def test_a_deletion_takes_effect_when_the_delay_is_over() -> None:
    async with EmbeddedEngine(delete_delay=12) as engine, Client(engine.url) as client:
        await client.request(OFFER)
        await client.delete(call_id="1")
        engine.advance(11)
        assert list(engine.calls) == ["1"]
        engine.advance(1.01)
        assert list(engine.calls) == []
        with pytest.raises(UsageError, match="never goes back"):
            engine.advance(-1)


async def test_its_block_ends_with_nothing_left_behind() -> None:
    threads = threading.active_count()
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        async with EmbeddedEngine() as engine:
            assert threading.active_count() == threads + 1
        with EmbeddedEngine() as other:
            assert other.url != engine.url
        gc.collect()
    assert threading.active_count() == threads
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", int(engine.url.rpartition(":")[2])))


async def test_cancellation_and_errors_end_it_and_pass_through() -> None:
    with anyio.move_on_after(0.01) as scope:
        async with EmbeddedEngine() as engine:
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    with pytest.raises(KeyError, match="of the test"):
        async with EmbeddedEngine():
            raise KeyError("of the test")
    assert repr(engine) == "<EmbeddedEngine 26.0.1.26 stopped, 0 calls>"


def test_it_may_begin_in_one_task_and_end_in_another() -> None:
    """As the fixtures of some plugins do."""
    engine = EmbeddedEngine()
    with asyncio.Runner() as runner:
        runner.run(engine.__aenter__())
        assert b"pong" in ask(engine.url, b"c d7:command4:pinge")
        runner.run(engine.__aexit__(None, None, None))


def test_it_serves_without_any_event_loop_and_again_after_its_end() -> None:
    engine = EmbeddedEngine(version="12.5")
    with pytest.raises(UsageError, match="does not run yet"):
        _ = engine.url
    for _ in range(2):
        with engine:
            assert engine.calls == {}
            ask(engine.url, join_message("c", encode_document(OFFER)))
            assert list(engine.calls) == ["1"]
            assert repr(engine) == f"<EmbeddedEngine 12.5.1.31 at {engine.url}, 1 calls>"
            with pytest.raises(UsageError, match="runs already"):
                engine.__enter__()


def test_a_version_that_was_not_measured_is_refused() -> None:
    with pytest.raises(UsageError, match=r"11\.5.*10\.5.*12\.5.*26\.0"):
        EmbeddedEngine(version="11.5")
    assert EmbeddedEngine(version="26.0.1.26").version == "26.0.1.26"


def test_it_is_full_with_max_sessions_and_under_load() -> None:
    def refused(engine: EmbeddedEngine, call_id: str, **more: object) -> dict[str, object]:
        message = join_message(f"{call_id}{len(more)}", encode_document({**OFFER, "call-id": call_id, **more}))
        return dict(decode_document(split_message(ask(engine.url, message))[1]))

    with EmbeddedEngine(max_sessions=1) as engine:
        assert refused(engine, "1")["result"] == "ok"
        assert refused(engine, "1", supports=["load limit"])["result"] == "ok"
        assert refused(engine, "2") == {"result": "error", "error-reason": "Parallel session limit reached"}
        limit = {"result": "load limit", "message": "Parallel session limit reached"}
        assert refused(engine, "2", supports=["load limit"]) == limit
    with EmbeddedEngine(load_limit=True) as engine:
        limit = {"result": "load limit", "message": "Load limit exceeded"}
        assert refused(engine, "1", supports=["load limit"]) == limit
        assert refused(engine, "1") == {"result": "error", "error-reason": "Parallel session limit reached"}
        assert engine.calls == {}


def test_hostile_datagrams_leave_it_alive() -> None:
    chance = random.Random(5)
    with EmbeddedEngine() as engine:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.connect(("127.0.0.1", int(engine.url.rpartition(":")[2])))
            for size in [0, 1, 2, 65_507, *range(3, 300, 7)]:
                asking.send(chance.randbytes(size))
                asking.send((b"c%d d" % size + b"1:ad" * size)[:65_507])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.connect(("127.0.0.1", int(engine.url.rpartition(":")[2])))
            asking.settimeout(0.2)
            # What comes while its socket is still full is lost, as anywhere.
            for _ in range(100):
                asking.send(b"alive d7:command4:pinge")
                with contextlib.suppress(TimeoutError):
                    assert b"pong" in asking.recv(65_536)
                    break
            else:
                pytest.fail("it should answer")


def test_a_reply_that_is_too_long_for_a_datagram_never_arrives() -> None:
    with EmbeddedEngine() as engine:
        for number in range(300):
            call_id = f"{number:0250}"
            ask(engine.url, join_message(f"c{number}", encode_document(OFFER | {"call-id": call_id})))
        message = join_message("long", encode_document({"command": "list", "limit": 300}))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(10)
            asking.connect(("127.0.0.1", int(engine.url.rpartition(":")[2])))
            asking.send(message)
            asking.send(b"next d7:command4:pinge")
            assert asking.recv(65_536).startswith(b"next ")
        assert engine.received[-2].name == "list"
