"""What a block begins ends with it: on daemons and embedded engines, on peers that refuse or are silent."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio
import pytest

from rtpe_ng import Client, EngineError, Flags, Leg, Participant, RequestTimeout, Trace
from rtpe_ng.messages import is_older
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.wire import decode_document
from tests.support.engines import AnyEngine, missing
from tests.support.exercise import RECEIVES, SENDS, sound
from tests.support.peers import Peer, silent

pytestmark = pytest.mark.anyio
A = Participant.tag("a")


class Traced(Client):
    """A client that remembers the commands that it sent, with their outcomes."""

    def __init__(self, url: str, **options: Any) -> None:
        self.sent: list[tuple[str, str]] = []
        super().__init__(url, trace=self.remember, **options)

    def remember(self, trace: Trace) -> None:
        self.sent.append((trace.command, trace.result))


@pytest.fixture
async def client(any_engine: AnyEngine) -> AsyncIterator[Traced]:
    async with Traced(any_engine.url) as client:
        await establish(client)
        client.sent.clear()
        yield client
        await client.delete(call_id="pair", delete_delay=0)


async def establish(client: Client, call_id: str = "pair", tag: str = "a") -> None:
    sent = await client.offer(sdp=bodies.offer(Leg.SIP), call_id=call_id, from_tag=tag)
    await client.answer(sdp=bodies.answer(Leg.SIP, sent.sdp), call_id=call_id, from_tag=tag, to_tag=f"{tag}-2")


Make = Callable[[Client], AbstractAsyncContextManager[Any]]
PAIRS: list[tuple[str, str, Make]] = [
    ("start recording", "stop recording", lambda it: it.recording(call_id="pair")),
    ("start forwarding", "stop forwarding", lambda it: it.forwarding(call_id="pair", participant=A)),
    ("block media", "unblock media", lambda it: it.blocked(call_id="pair", participant=A)),
    ("block media", "unblock media", lambda it: it.blocked(call_id="pair", participant=A, flows="flows")),
    ("block DTMF", "unblock DTMF", lambda it: it.dtmf_blocked(call_id="pair", dtmf_security="silence")),
    ("silence media", "unsilence media", lambda it: it.silenced(call_id="pair")),
    ("play media", "stop media", lambda it: it.playing(call_id="pair", participant=A, blob=sound())),
    ("subscribe request", "unsubscribe", lambda it: it.subscription(call_id="pair", participant=A)),
    ("publish", "delete", lambda it: it.published(sdp=SENDS, call_id="published", from_tag="p")),
]


@pytest.mark.parametrize(("begin", "end", "make"), PAIRS)
async def test_a_block_begins_and_ends(client: Traced, begin: str, end: str, make: Make) -> None:
    async with make(client):
        assert client.sent == [(begin, "ok")]
    assert client.sent == [(begin, "ok"), (end, "ok")]


@pytest.mark.parametrize(("begin", "end", "make"), PAIRS)
async def test_a_block_ends_though_it_is_cancelled(client: Traced, begin: str, end: str, make: Make) -> None:
    with anyio.CancelScope() as scope:
        async with make(client):
            scope.cancel()
            await anyio.sleep(60)
    assert scope.cancelled_caught
    assert client.sent == [(begin, "ok"), (end, "ok")]


async def test_an_injection(any_engine: AnyEngine, client: Traced) -> None:
    await establish(client, "other", "x")
    client.sent.clear()
    injected = client.injection(call_id="pair", to_tag="a", source_tag="x", source_call_id="other")
    if is_older(any_engine.version, "26.0"):
        with pytest.raises(EngineError, match=r"known since 26\.0"):
            await injected.__aenter__()
        # What was refused has no end.
        assert client.sent == [("inject start", "error")]
        await client.delete(call_id="other", delete_delay=0)
    else:
        async with injected:
            pass
        assert client.sent == [("inject start", "ok"), ("inject stop", "ok")]


async def test_a_subscription_has_all_that_a_listener_needs(client: Traced) -> None:
    async with client.subscription(call_id="pair", participant=A, to_tag="ear") as subscription:
        assert "a=sendonly" in subscription.sdp
        assert (subscription.to_tag, subscription.from_tags) == ("ear", ("a",))
        await subscription.answer(RECEIVES, allow_transcoding=True)
        tags = (await client.query(call_id="pair")).tags
        assert ("ear", "pub/sub") in [(peer.tag, peer.type) for peer in tags["a"].subscribers]
        assert repr(subscription) == "<Subscription of 'ear' to ['a'] in call 'pair'>"
    tags = (await client.query(call_id="pair")).tags
    assert "ear" not in [peer.tag for peer in tags["a"].subscribers]


async def test_a_call_that_is_over_needs_no_end(client: Traced, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        async with client.blocked(call_id="pair"):
            await client.delete(call_id="pair", delete_delay=0)
        assert client.sent[-1] == ("unblock media", "error")
    assert caplog.text == ""
    await establish(client)


async def test_a_recording_is_made(tmp_path: Path) -> None:
    if Rtpengine.find() is None:
        missing("the rtpengine daemon", "apt-get install --no-install-recommends rtpengine-daemon")
    with Rtpengine(options=["--recording-method=pcap", f"--recording-dir={tmp_path}"]) as daemon:
        async with Client(daemon.url) as client:
            await establish(client)
            async with client.recording(call_id="pair", flags=Flags(metadata="what it is about")):
                assert len(list(tmp_path.glob("pcaps/pair-*.pcap"))) == 1
            await client.delete(call_id="pair", delete_delay=0)
        (text,) = (file.read_text() for file in tmp_path.glob("metadata/*.txt"))
        assert "what it is about" in text


async def test_an_unknown_outcome_gets_an_end() -> None:
    with Peer(silent) as peer:
        async with Client(peer.url, timeout=0.3) as client:
            with pytest.raises(RequestTimeout):
                async with client.blocked(call_id="c"):
                    raise AssertionError("never here")
        sent = [decode_document(document)["command"] for _, document in peer.received]
    assert list(dict.fromkeys(sent)) == ["block media", "unblock media"]


async def test_a_silent_engine_at_the_end_is_left_in_bounded_time(caplog: pytest.LogCaptureFixture) -> None:
    alive = True

    def script(cookie: str, _: bytes) -> list[bytes]:
        return [f"{cookie} d6:result2:oke".encode()] if alive else []

    with Peer(script) as peer:
        async with Client(peer.url, timeout=25) as client:
            with anyio.fail_after(10):
                async with client.silenced(call_id="c"):
                    alive = False
    assert "'unsilence media' of call 'c' was not done within 5 s" in caplog.text


async def test_what_fails_at_the_end_is_logged_and_hides_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def script(cookie: str, document: bytes) -> list[bytes]:
        bad = b"unblock" in document
        return [f"{cookie} ".encode() + (b"d6:result5:error12:error-reason4:odd!e" if bad else b"d6:result2:oke")]

    with Peer(script) as peer:
        async with Client(peer.url) as client:
            with pytest.raises(RuntimeError, match="mine"):
                async with client.dtmf_blocked(call_id="c"):
                    raise RuntimeError("mine")
    assert "'unblock DTMF' of call 'c' failed: the engine refused" in caplog.text
