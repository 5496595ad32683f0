"""What a hostile or broken peer sends: the client stays alive, and says what happened to whom."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Iterable, Iterator

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Client, EngineError, RtpeError, WireError
from rtpe_ng.wire import Encoding
from tests.support.examples import examples
from tests.support.loops import LOOPS, run_on
from tests.support.peers import Peer, pong


@pytest.mark.parametrize(
    "reason",
    [
        b"d6:result5:error12:error-reason35:Could not decode bencode dictionarye",
        b"d6:result5:error12:error-reason22:Invalid NG data formate",
        b"d6:result5:error12:error-reason25:Invalid data (no payload)e",
        b"",
    ],
)
@pytest.mark.anyio
async def test_a_request_that_arrived_damaged_is_sent_anew_under_another_cookie(reason: bytes) -> None:
    poisoned: set[str] = set()

    def script(cookie: str, document: bytes) -> Iterable[bytes]:
        # As a daemon does: whatever cookie it once refused, it refuses for good.
        if len(poisoned) < 2 or cookie in poisoned:
            poisoned.add(cookie)
            return [cookie.encode() + b" " + reason]
        return pong(cookie, document)

    with Peer(script) as peer:
        async with Client(peer.url, timeout=20) as client:
            with anyio.fail_after(5):
                await client.ping()
    cookies = [cookie for cookie, _ in peer.received]
    assert len(set(cookies)) == 3
    # An empty document may be what is left of a reply, so it is asked for once more.
    assert len(cookies) == (3 if reason else 5)


@pytest.mark.anyio
async def test_a_request_that_can_never_be_read_ends() -> None:
    with Peer(lambda cookie, _: [f"{cookie} ".encode()]) as peer:
        async with Client(peer.url, timeout=20) as client:
            with anyio.fail_after(5), pytest.raises(WireError, match="empty"):
                await client.ping()
    text = b"d6:result5:error12:error-reason22:Invalid NG data formate"
    with Peer(lambda cookie, _: [cookie.encode() + b" " + text]) as peer:
        async with Client(peer.url, timeout=20) as client:
            with anyio.fail_after(5), pytest.raises(EngineError, match="Invalid NG data format"):
                await client.ping()


@pytest.mark.parametrize("encoding", ["bencode", "json"])
@pytest.mark.anyio
async def test_an_echo_server_is_told_from_a_daemon(encoding: Encoding) -> None:
    with Peer(lambda cookie, document: [cookie.encode() + b" " + document]) as peer:
        async with Client(peer.url, encoding=encoding) as client:
            asks = (client.ping, client.statistics, lambda: client.offer(sdp="v=0", call_id="x", from_tag="a"))
            for ask in asks:
                with pytest.raises(WireError, match="has no 'result': the peer may be no RTPEngine"):
                    await ask()
            # This one returns whatever comes.
            assert await client.request({"command": "ping"}) == {"command": "ping"}


@pytest.mark.anyio
async def test_an_unreadable_reply_is_the_error_of_its_own_request_only() -> None:
    def script(cookie: str, document: bytes) -> Iterable[bytes]:
        # A document that the encoder's own decoder never returns from.
        return [f"{cookie} d1:ai1e-6:e".encode()] if b"query" in document else pong(cookie, document)

    async def ping(client: Client, times: int) -> None:
        for _ in range(times):
            await client.ping()

    with Peer(script) as peer:
        async with Client(peer.url, timeout=20) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(ping, client, 20)
            for _ in range(10):
                with anyio.fail_after(5), pytest.raises(WireError) as error:
                    await client.query(call_id="x")
                assert error.value.offset == 7


@pytest.mark.anyio
async def test_strays_are_counted_and_dropped() -> None:
    def script(cookie: str, document: bytes) -> Iterator[bytes]:
        prefix = cookie.rpartition("_")[0]
        yield b"no-space-at-all"
        yield b" no cookie"
        yield b"somebody-elses_1 d6:result5:errore"
        yield f"{prefix}_999 d6:result5:errore".encode()
        yield from pong(cookie, document)
        yield from pong(cookie, document)
        yield from pong(cookie, document)

    with Peer(script) as peer:
        async with Client(peer.url, timeout=20) as client:
            assert (await client.ping()).raw == {"result": "pong"}
            # What came after the first reply is read by the second request.
            assert (await client.ping()).raw == {"result": "pong"}
            strays = client.strays
    assert (strays.malformed, strays.foreign, strays.late) == (4, 4, 0)
    assert strays.duplicate >= 2


@pytest.mark.anyio
async def test_a_reply_that_comes_too_late_is_nobody_elses() -> None:
    held: list[bytes] = []

    def script(cookie: str, document: bytes) -> Iterable[bytes]:
        if b"query" in document:
            held.append(f"{cookie} d6:result2:ok5:later3:yese".encode())
            return []
        return [*held, *pong(cookie, document)]

    with Peer(script) as peer:
        async with Client(peer.url, timeout=20) as client:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(functools.partial(client.query, call_id="given up"))
                while not held:
                    await anyio.sleep(0.001)
                tasks.cancel_scope.cancel()
            assert (await client.ping()).raw == {"result": "pong"}
            assert client.strays.late == 1


KEY = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"


@pytest.mark.anyio
async def test_no_key_reaches_a_log_an_error_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    secret = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\r\na=ice-pwd:{KEY}\r\n"

    def replies(cookie: str, document: bytes) -> Iterator[bytes]:
        text = f"{len(secret)}:{secret}"
        if b"query" in document:
            yield f"{cookie} d6:result5:error12:error-reason{text}e".encode()
        elif b"delete" in document:
            yield f"{cookie} d6:result2:ok7:warning{text}e".encode()
        elif b"list" in document:
            yield f"{cookie} d6:result2:ok5:calls{text}e".encode()
        elif b"answer" in document:
            yield f"{cookie} d6:result2:ok3:sdp{text}e".encode()
        else:
            yield f"{cookie} d6:result2:ok3:sdp{text}i01ee".encode()

    shown: list[str] = []
    with caplog.at_level(logging.DEBUG, logger="rtpe_ng"), Peer(replies) as peer:
        async with Client(peer.url, trace=lambda trace: shown.append(repr(trace))) as client:
            for ask in (
                lambda: client.query(call_id="x"),
                lambda: client.delete(call_id="x"),
                client.list,
                lambda: client.answer(sdp=secret, call_id="x", from_tag="a", to_tag="b"),
                lambda: client.offer(sdp=secret, call_id="x", from_tag="a"),
            ):
                try:
                    shown.append(repr(await ask()))
                except RtpeError as error:
                    shown += [str(error), repr(error), repr(error.__dict__)]
    assert len(shown) > 10
    everything = caplog.text + "\n".join(shown)
    # No piece of it either.
    assert not [KEY[at : at + 6] for at in range(len(KEY) - 5) if KEY[at : at + 6] in everything]


@pytest.mark.parametrize("loop", LOOPS)
@examples(40)
@given(junk=st.lists(st.binary(max_size=300), max_size=5), wrapped=st.binary(max_size=300))
def test_whatever_a_peer_sends_the_client_lives_on(loop: str, junk: list[bytes], wrapped: bytes) -> None:
    def script(cookie: str, document: bytes) -> Iterator[bytes]:
        yield from junk
        if b"query" in document:
            yield cookie.encode() + b" " + wrapped
        yield from pong(cookie, document)

    async def main() -> None:
        with Peer(script) as peer:
            async with Client(peer.url, timeout=20) as client:
                with anyio.fail_after(10):
                    with contextlib.suppress(RtpeError):
                        await client.query(call_id="x")
                    assert (await client.ping()).raw["result"] == "pong"

    run_on(loop, main)
