"""A client's life, its raw door, its typed methods and its errors, against a real daemon."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from typing import Any

import anyio
import pytest

from rtpe_ng import (
    Client,
    Direction,
    EngineError,
    LoadLimit,
    RequestTimeout,
    RtpeError,
    Trace,
    TransportError,
    UnknownCall,
    UsageError,
    WireError,
    profiles,
)
from rtpe_ng.call import CallState, Negotiation
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies
from tests.support.peers import Peer, pong, silent

pytestmark = pytest.mark.anyio

PHONE = bodies.offer(Leg.SIP)


async def test_it_opens_on_first_use_and_closes_once_and_for_all(daemon: Rtpengine) -> None:
    client = Client(daemon.url)
    assert repr(client) == f"<Client {daemon.url} not open yet>"
    assert (await client.ping()).seconds > 0
    assert repr(client) == f"<Client {daemon.url} open>"
    await client.aclose()
    await client.aclose()
    # There is nothing left that another thread could disturb.
    await anyio.to_thread.run_sync(lambda: anyio.run(client.aclose))
    assert repr(client) == f"<Client {daemon.url} closed>"
    with pytest.raises(UsageError, match="closed"):
        await client.ping()
    with pytest.raises(UsageError, match="closed"):
        async with client:
            pass


async def test_a_client_that_was_never_used_can_be_closed() -> None:
    await Client("udp://127.0.0.1:9").aclose()


async def test_the_block_closes_it(daemon: Rtpengine) -> None:
    async with Client(daemon.url) as client:
        await client.ping()
    with pytest.raises(UsageError):
        await client.list()


async def test_closing_ends_what_is_under_way() -> None:
    errors: list[RtpeError] = []

    async def ping(client: Client) -> None:
        try:
            await client.ping()
        except RtpeError as error:
            errors.append(error)

    with Peer(silent) as peer:
        client = Client(peer.url, timeout=20)
        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                for _ in range(3):
                    tasks.start_soon(ping, client)
                while len(peer.received) < 3:
                    await anyio.sleep(0.005)
                await client.aclose()
    assert [type(error) for error in errors] == [UsageError] * 3


async def test_the_raw_door_returns_whatever_the_result_is(daemon: Rtpengine) -> None:
    async with Client(daemon.url) as client:
        assert await client.request({"command": "ping"}) == {"result": "pong"}
        refused = await client.request({"command": "no such thing"})
        assert refused == {"result": "error", "error-reason": "Unrecognized command"}
        with pytest.raises(UsageError, match="command"):
            await client.request({"comand": "ping"})
        with pytest.raises(UsageError, match=r"flags\[1\].*float"):
            await client.request({"command": "offer", "flags": ["a", 1.5]})


async def test_every_byte_survives_both_ways(daemon: Rtpengine) -> None:
    call_id = b"odd-\xff\xfe-\xc3\xa9-\xe2\x82".decode("utf-8", "surrogateescape")
    async with Client(daemon.url) as client:
        await client.offer(sdp=PHONE, call_id=call_id, from_tag="a")
        assert call_id in (await client.list(limit=1000)).calls
        await client.delete(call_id=call_id, from_tag="a", delete_delay=0)
        assert call_id not in (await client.list(limit=1000)).calls


async def test_typed_methods_raise_what_the_daemon_refuses(daemon: Rtpengine) -> None:
    async with Client(daemon.url) as client:
        with pytest.raises(UnknownCall) as unknown:
            await client.query(call_id="nobody")
        assert (unknown.value.command, unknown.value.call_id) == ("query", "nobody")
        assert "begin with an offer" in unknown.value.hint
        with pytest.raises(EngineError) as refused:
            await client.offer(sdp="v=0\r\n", call_id="no-media", from_tag="a")
        assert refused.value.reason == "Error rewriting SDP"
        await client.delete(call_id="no-media", from_tag="a", delete_delay=0)


async def test_a_warning_is_on_the_reply_and_in_the_log(
    daemon: Rtpengine, caplog: pytest.LogCaptureFixture
) -> None:
    async with Client(daemon.url) as client:
        with caplog.at_level(logging.WARNING, logger="rtpe_ng"):
            reply = await client.delete(call_id="nobody", from_tag="a")
        assert reply.warning == "Call-ID not found or tags didn't match"
        assert reply.warning in caplog.text
        assert {record.name for record in caplog.records} == {"rtpe_ng"}
        with pytest.raises(EngineError):
            await client.delete(call_id="nobody", from_tag="a", fatal=True)


async def test_a_full_daemon_is_a_load_limit(daemon: Rtpengine) -> None:
    with Rtpengine(options=["--max-sessions=1"]) as small:
        async with Client(small.url) as client:
            await client.offer(sdp=PHONE, call_id="first", from_tag="a")
            with pytest.raises(LoadLimit) as full:
                await client.offer(sdp=PHONE, call_id="second", from_tag="a")
            assert full.value.call_id == "second"
            assert full.value.reason == "Parallel session limit reached"


async def test_figures_of_a_call_and_of_the_daemon(own_daemon: Rtpengine) -> None:
    async with Client(own_daemon.url) as client:
        before = await client.statistics()
        sent = await client.offer(sdp=PHONE, call_id="figures", from_tag="a")
        await client.answer(sdp=bodies.answer(Leg.SIP, sent.sdp), call_id="figures", from_tag="a", to_tag="b")
        found = await client.query(call_id="figures")
        assert set(found.tags) == {"a", "b"}
        audio = found.tags["a"].medias[0]
        assert (audio.index, audio.type, audio.protocol) == (1, "audio", "RTP/AVP")
        assert [str(stream.endpoint) for stream in audio.streams] == ["127.0.2.1:40000", "127.0.2.1:40001"]
        assert found.totals.rtp.packets == 0
        assert found.last_signal >= found.created > 1_700_000_000
        after = await client.statistics()
        assert after.commands["offer"] == before.commands["offer"] + 1
        assert after.sessions == before.sessions + 1
        gone = await client.delete(call_id="figures", from_tag="a", delete_delay=0)
        assert gone.totals.rtcp.bytes == 0


async def test_a_trace_tells_of_each_exchange(daemon: Rtpengine) -> None:
    traces: list[Trace] = []
    async with Client(daemon.url, trace=traces.append) as client:
        await client.ping()
        await client.request({"command": "query", "call-id": "nobody"})
        await client.offer(sdp=bodies.offer(Leg.WEB), call_id="traced", from_tag="a")
        await client.delete(call_id="traced", from_tag="a", delete_delay=0)
    assert [(t.command, t.call_id, t.result, t.attempts) for t in traces] == [
        ("ping", None, "pong", 1),
        ("query", "nobody", "error", 1),
        ("offer", "traced", "ok", 1),
        ("delete", "traced", "ok", 1),
    ]
    assert len({t.cookie for t in traces}) == 4
    ping = traces[0]
    assert ping.sent_bytes == len(ping.cookie) + len(" d7:command4:pinge")
    assert ping.received_bytes == len(ping.cookie) + len(" d6:result4:ponge")
    assert all(0 < t.seconds < 3 for t in traces)


async def test_a_trace_callable_that_raises_harms_nobody(
    daemon: Rtpengine, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Trace) -> None:
        raise RuntimeError("mine")

    async with Client(daemon.url, trace=broken) as client:
        await client.ping()
    assert "the trace callable raised" in caplog.text


async def test_traces_of_what_went_wrong() -> None:
    traces: list[Trace] = []
    with Peer(silent) as peer:
        async with Client(peer.url, timeout=0.05, trace=traces.append) as client:
            with pytest.raises(RequestTimeout):
                await client.ping()
        async with Client(peer.url, timeout=20, trace=traces.append) as client:
            with anyio.move_on_after(0.01):
                await client.ping()
    with Peer(lambda cookie, _: [f"{cookie} xyz".encode()]) as peer:
        async with Client(peer.url, trace=traces.append) as client:
            with pytest.raises(WireError):
                await client.ping()
    assert [t.result for t in traces] == ["timeout", "cancelled", "unreadable reply"]


async def test_silence_is_a_timeout_that_tells_how_often_it_was_sent() -> None:
    with Peer(silent) as peer:
        # It is sent after 0, 0.25 and 0.75 seconds, and would be after 1.75.
        async with Client(peer.url, timeout=1.3) as client:
            with pytest.raises(RequestTimeout) as silence:
                await client.ping()
        assert silence.value.command == "ping"
        assert silence.value.attempts == 3
        assert silence.value.seconds >= 1.3
        assert len({cookie for cookie, _ in peer.received}) == 1
        assert len(peer.received) == 3


async def test_a_refusal_fails_at_once_and_the_client_lives_on() -> None:
    with Peer(pong) as peer:
        client = Client(peer.url, timeout=20)
        await client.ping()
    with anyio.fail_after(5):
        with pytest.raises(TransportError, match=rf"127\.0\.0\.1:{peer.port}") as refused:
            await client.ping()
        assert isinstance(refused.value.__cause__, ConnectionRefusedError)
        with Peer(pong, port=peer.port):
            await client.ping()
    await client.aclose()


async def test_a_refusal_fails_all_that_wait() -> None:
    with Peer(silent) as peer:
        pass
    failed = 0

    async def ping(client: Client) -> None:
        nonlocal failed
        try:
            await client.ping()
        except TransportError:
            failed += 1

    async with Client(peer.url, timeout=20) as client:
        with anyio.fail_after(5):
            async with anyio.create_task_group() as tasks:
                for _ in range(300):
                    tasks.start_soon(ping, client)
    assert failed == 300


async def test_a_daemon_that_restarts_within_the_retry_is_not_missed() -> None:
    with Peer(pong) as peer:
        client = Client(peer.url, timeout=20)
        await client.ping()
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.ping)
            # One turn of the loop: the first datagram is refused before the peer is back.
            await anyio.sleep(0)
            with Peer(pong, port=peer.port) as again:
                while not again.received:
                    await anyio.sleep(0.01)
    await client.aclose()


async def test_ipv6_and_host_names(daemon: Rtpengine) -> None:
    with Peer(pong, host="::1") as peer:
        async with Client(peer.url) as client:
            await client.ping()
    async with Client(daemon.url.replace("127.0.0.1", "localhost")) as client:
        await client.ping()
    with pytest.raises(TransportError, match=r"no-such-host\.invalid:2223"):
        await Client("udp://no-such-host.invalid").ping()


@pytest.mark.parametrize("order", [("::1", "127.0.0.1"), ("127.0.0.1", "::1")])
async def test_of_a_name_with_several_addresses_the_one_that_answers_is_used(
    order: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(_host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        families = {"::1": socket.AF_INET6, "127.0.0.1": socket.AF_INET}
        return [(families[address], socket.SOCK_DGRAM, 17, "", (address, port)) for address in order]

    monkeypatch.setattr(anyio, "getaddrinfo", resolve)
    for host in order:
        with Peer(pong, host=host) as peer:
            async with Client(f"udp://engine.test:{peer.port}", timeout=20) as client:
                with anyio.fail_after(5):
                    await client.ping()
    async with Client("udp://engine.test:9", timeout=20) as client:
        with anyio.fail_after(5), pytest.raises(TransportError, match=r"engine\.test:9"):
            await client.ping()


async def test_a_datagram_that_is_too_large_is_refused_before_it_is_lost(daemon: Rtpengine) -> None:
    async with Client(daemon.url) as client:
        with pytest.raises(TransportError, match="65,507"):
            await client.offer(sdp=PHONE + "a=x:" + "y" * 65_507, call_id="large", from_tag="a")
        await client.ping()


async def test_flags_that_are_no_flags_are_the_same_mistake_everywhere() -> None:
    flags: Any = {"ICE": "force"}
    client = Client("udp://127.0.0.1:9")
    call = client.call("c", from_tag="a", direction=Direction.WEB_TO_SIP, interfaces={Leg.WEB: "w", Leg.SIP: "s"})
    answered = CallState(
        call_id="c",
        direction=Direction.WEB_TO_SIP,
        profile=profiles.MODERN.name,
        negotiation=Negotiation(caller="a").offer("a").answer("b"),
    )
    for send in (
        lambda: client.offer(sdp=PHONE, call_id="c", from_tag="a", flags=flags),
        lambda: client.delete(call_id="c", flags=flags),
        lambda: call.offer(PHONE, flags=flags),
        lambda: client.restore_call(str(answered)).answer(PHONE, flags=flags),
    ):
        with pytest.raises(UsageError, match=r"^flags: Flags\(\.\.\.\) expected, not dict$"):
            await send()
    await client.aclose()


@pytest.mark.parametrize("timeout", [0, -1, 30, 1000, "3", None])
async def test_a_timeout_must_lie_within_the_memory_of_the_daemon(timeout: float) -> None:
    with pytest.raises(UsageError, match="timeout"):
        Client("udp://127.0.0.1:9", timeout=timeout)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "127.0.0.1",
            "tcp://127.0.0.1",
            "udp://",
            "udp://h:0",
            "udp://h:99999",
            "udp://h/p",
            "udp://u:p@h",
            7,
        ),
        *("udp://[::1]27517", "udp://[::1]x:1", "udp://h\x1b[31m", "udp://[va.[]", "udp://\u202eh"),
    ],
)
async def test_a_url_that_makes_no_sense_is_refused_with_a_good_one(url: str) -> None:
    with pytest.raises(UsageError, match=r"udp://127\.0\.0\.1:2223"):
        Client(url)


@pytest.mark.parametrize(
    "url",
    ["udp://[::1]", "udp://[::1]:7", "udp://[fe80::1%eth0]:7", "udp://exämple.com", "udp://a_b.local", "udp://h."],
)
async def test_a_url_that_makes_sense_is_taken(url: str) -> None:
    assert Client(url).url.startswith(url)


async def test_no_password_of_a_url_is_shown() -> None:
    with pytest.raises(UsageError) as refused:
        Client("udp://me:hunter2@host")
    assert "hunter2" not in str(refused.value)


FORK = """
import os, sys, anyio
from rtpe_ng import Client
seen = []
client = Client(sys.argv[1], trace=lambda trace: seen.append(trace.cookie))
async def main():
    for _ in range(20):
        await client.ping()
anyio.run(main)
child = os.fork()
anyio.run(main)
os.write(1, (" ".join(seen) + chr(10)).encode())
anyio.run(client.aclose)
if child:
    sys.exit(os.waitpid(child, 0)[1])
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_after_a_fork_each_process_has_its_own_socket_and_cookies(daemon: Rtpengine, host: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORK, daemon.url.replace("127.0.0.1", host)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stderr == ""
    one, other = (set(line.split()) for line in shown.stdout.splitlines())
    assert (len(one), len(other), len(one & other)) == (40, 40, 20)


SCRIPT = """
import sys, anyio
from rtpe_ng import Client, Direction, TransportError
from rtpe_ng.legs import Leg
from rtpe_ng.testing import bodies
async def main(url):
    client = Client(url)
    async with client.call("dev", from_tag="a", direction=Direction.SIP_TO_SIP, delete_delay=0) as call:
        await call.offer(bodies.offer(Leg.SIP))
    with anyio.move_on_after(0):
        await client.ping()
    await client.aclose()
    try:
        async with Client("udp://127.0.0.1:9") as dead:
            await dead.ping()
    except TransportError:
        print("done")
for backend in ("asyncio", "trio"):
    anyio.run(main, sys.argv[1], backend=backend)
"""


def test_nothing_is_left_behind(daemon: Rtpengine) -> None:
    shown = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", SCRIPT, daemon.url],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (shown.stdout, shown.stderr) == ("done\ndone\n", "")
