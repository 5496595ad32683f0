"""Where the daemon is: names that move, hosts with several addresses, and sockets that no longer lead anywhere."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

import anyio
import anyio.to_thread
import pytest

from rtpe_ng import Client, Direction, RequestTimeout, RtpeError, TransportError, UsageError
from rtpe_ng.legs import Leg
from rtpe_ng.protocol import exchanges
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.testing import daemon as daemon_module
from rtpe_ng.transports import resolver, udp
from tests.support.loops import LOOPS, run_on
from tests.support.names import NAME, Names
from tests.support.peers import Peer, pong, silent

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less than a user would."""
    monkeypatch.setattr(resolver, "LOOK_UP_INTERVAL", 0.5)
    monkeypatch.setattr(resolver, "LOOK_UP_PATIENCE", 0.4)
    monkeypatch.setattr(udp, "NEW_ADDRESS_PATIENCE", 0.3)


@pytest.fixture
def names() -> Iterator[Names]:
    with Names() as names:
        yield names


@pytest.fixture
def port() -> int:
    """A port that is free at each of the addresses of loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("0.0.0.0", 0))
        number: int = probe.getsockname()[1]
        return number


def url(port: int) -> str:
    return f"udp://{NAME}:{port}"


async def ends_well(client: Client, *, tries: int = 40) -> list[RtpeError]:
    """Ping until a pong comes; return the errors before it."""
    errors: list[RtpeError] = []
    for _ in range(tries):
        try:
            await client.ping()
        except RtpeError as error:
            errors.append(error)
            await anyio.sleep(0.1)
        else:
            return errors
    raise AssertionError(f"no pong: {errors[-1]!r}")


async def at_once(work: Callable[[], Awaitable[object]], number: int) -> Counter[str]:
    """Do something so many times at once; count the kinds of the outcomes."""
    outcomes: Counter[str] = Counter()

    async def one() -> None:
        try:
            await work()
        except RtpeError as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes["ok"] += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(number):
            tasks.start_soon(one)
    return outcomes


async def insist_on(outcomes: dict[str, int], work: Callable[[], Awaitable[object]], number: int) -> None:
    """Do something so many times at once, with these outcomes."""
    assert await at_once(work, number) == outcomes


DeadEnd = Callable[[str, int], AbstractContextManager[object]]


@pytest.fixture(params=["refuses", "is silent"])
def dead_end(request: pytest.FixtureRequest) -> DeadEnd:
    """Make an address at which nothing answers: without a socket it refuses, else it is silent."""
    if request.param == "refuses":
        return lambda _host, _port: nullcontext()
    return lambda host, port: Peer(silent, host=host, port=port)


async def test_a_name_that_moves_is_found_again(names: Names, port: int, dead_end: DeadEnd) -> None:
    names.addresses = ["127.0.0.11"]
    async with Client(url(port), timeout=0.6) as client:
        with Peer(pong, host="127.0.0.11", port=port):
            await client.ping()
        with dead_end("127.0.0.11", port), Peer(pong, host="127.0.0.12", port=port) as new:
            names.addresses = ["127.0.0.12"]
            # Where the old address refuses, the look-up ends in time for the request; silence needs a timeout.
            errors = await ends_well(client)
            assert len(errors) <= 1
            assert all(isinstance(error, RequestTimeout) for error in errors)
            await client.ping()
            assert len(new.received) == 2
    assert 2 <= names.asked <= 2 + names.intervals


async def test_requests_in_flight_go_along_under_their_cookies(names: Names, port: int) -> None:
    names.addresses = ["127.0.0.11"]
    with Peer(silent, host="127.0.0.11", port=port) as old, Peer(pong, host="127.0.0.12", port=port) as new:
        async with Client(url(port), timeout=20) as client:
            with anyio.fail_after(10):
                async with anyio.create_task_group() as tasks:
                    for _ in range(5):
                        tasks.start_soon(client.ping)
                    while len(old.received) < 5:
                        await anyio.sleep(0.01)
                    names.addresses = ["127.0.0.12"]
                    # The caller's own deadline tells the same as the client's: sent again, and nothing heard.
                    with anyio.move_on_after(0.5):
                        await client.ping()
        cookies = {cookie for cookie, _ in new.received}
        assert len(cookies) == 5
        assert cookies < {cookie for cookie, _ in old.received}


async def test_all_addresses_are_tried(names: Names, port: int, dead_end: DeadEnd) -> None:
    names.addresses = ["127.0.0.11", "127.0.0.12", "127.0.0.13"]
    with dead_end("127.0.0.11", port), Peer(pong, host="127.0.0.13", port=port) as last:
        async with Client(url(port), timeout=10) as client:
            # The first request gets there, and what follows stays there.
            for _ in range(3):
                await client.ping()
        assert len(last.received) == 3
    assert 1 <= names.asked <= 2 + names.intervals


@pytest.mark.parametrize("order", [("::1", "127.0.0.1"), ("127.0.0.1", "::1")])
async def test_both_families(names: Names, port: int, order: tuple[str, str], dead_end: DeadEnd) -> None:
    names.addresses = list(order)
    with dead_end(order[0], port), Peer(pong, host=order[1], port=port):
        async with Client(url(port), timeout=10) as client:
            await client.ping()


async def test_when_all_refuse_the_error_comes_soon_and_names_an_address(names: Names, port: int) -> None:
    names.addresses = ["127.0.0.11", "127.0.0.12"]
    async with Client(url(port), timeout=20) as client:
        with anyio.fail_after(5):
            for _ in range(3):
                with pytest.raises(TransportError, match=r"engine\.test:\d+ \(127\.0\.0\.1[12]\)") as refused:
                    await client.ping()
                assert refused.value.address == f"{NAME}:{port}"
            outcomes = await at_once(client.ping, 200)
            assert outcomes == {"TransportError": 200}
    # At the beginning, after the first refusal, and then at most once in an interval.
    assert names.asked <= 3 + names.intervals


async def test_an_address_that_has_answered_is_not_left_because_it_is_busy(names: Names, port: int) -> None:
    names.addresses = ["127.0.0.11", "127.0.0.12"]
    busy_until = 0.0

    def script(cookie: str, document: bytes) -> Iterable[bytes]:
        return pong(cookie, document) if time.monotonic() > busy_until else []

    with Peer(script, host="127.0.0.11", port=port), Peer(pong, host="127.0.0.12", port=port) as other:
        async with Client(url(port), timeout=10) as client:
            await client.ping()
            busy_until = time.monotonic() + 0.6
            await client.ping()
        assert not other.received


async def test_a_late_reply_shows_that_the_daemon_is_there(names: Names, port: int) -> None:
    names.addresses = ["127.0.0.11", "127.0.0.12"]
    may_answer = threading.Semaphore(0)

    def script(cookie: str, document: bytes) -> Iterable[bytes]:
        may_answer.acquire(timeout=20)
        return pong(cookie, document)

    with Peer(script, host="127.0.0.11", port=port), Peer(pong, host="127.0.0.12", port=port) as other:
        async with Client(url(port), timeout=0.2) as client:
            for number in range(3):
                with pytest.raises(RequestTimeout):
                    await client.ping()
                if number < 2:
                    may_answer.release()
                    await anyio.sleep(0.1)
            assert client.strays.late == 2
        assert not other.received
        may_answer.release(10)


async def test_a_name_that_does_not_resolve_for_a_while(names: Names, port: int) -> None:
    with Peer(pong, host="127.0.0.11", port=port):
        # Entering asks nobody, so a program can start before its name server does.
        async with Client(url(port), timeout=5) as client:
            with pytest.raises(TransportError, match=rf"{NAME}:{port}: Name or service not known"):
                await client.ping()
            assert await at_once(client.ping, 20) == {"TransportError": 20}
            assert await at_once(client.ping, 20) == {"TransportError": 20}
            before = names.asked
            assert 2 <= before <= 2 + names.intervals
            names.addresses = ["127.0.0.11"]
            assert await ends_well(client)
            assert before < names.asked <= 3 + names.intervals


async def test_known_addresses_outlive_a_resolver_that_fails(names: Names, port: int) -> None:
    names.addresses = ["127.0.0.11"]
    async with Client(url(port), timeout=5) as client:
        with Peer(pong, host="127.0.0.11", port=port):
            await client.ping()
        names.addresses = []
        with pytest.raises(TransportError, match="Connection refused"):
            await client.ping()
        with Peer(pong, host="127.0.0.11", port=port):
            await client.ping()


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".test", "ex\u00e4mple..test"])
async def test_what_is_no_host_name_is_an_error_of_ours(host: str) -> None:
    async with Client(f"udp://{host}", timeout=5) as client:
        with pytest.raises(TransportError, match=r"host name|not known"):
            await client.ping()


async def test_one_look_up_for_all_and_its_hang_costs_nothing_else(names: Names, port: int) -> None:
    names.addresses, names.hangs = ["127.0.0.11"], threading.Event()
    async with Client(url(port), timeout=0.5) as client:
        start = time.monotonic()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(insist_on, {"RequestTimeout": 200}, client.ping, 200)
            for _ in range(40):
                # The threads of the event loop are free.
                await anyio.to_thread.run_sync(time.monotonic)
        assert 0.4 < time.monotonic() - start < 3
        with pytest.raises(RequestTimeout, match=f"the look-up of {NAME} has not ended") as unsent:
            await client.ping()
        assert unsent.value.attempts == 0
        assert names.asked == 1
        names.hangs.set()
        with Peer(pong, host="127.0.0.11", port=port):
            await client.ping()
    assert names.asked == 1


async def test_a_look_up_that_hangs_later_delays_nobody(names: Names, port: int) -> None:
    names.addresses = ["127.0.0.11"]
    async with Client(url(port), timeout=20) as client:
        with Peer(pong, host="127.0.0.11", port=port):
            await client.ping()
        names.hangs = threading.Event()
        with anyio.fail_after(5):
            # For a while, there is hope that the look-up finds another address.
            with pytest.raises(TransportError, match="refused"):
                await client.ping()
            with pytest.raises(TransportError, match="refused"):
                await client.ping()
            with Peer(pong, host="127.0.0.11", port=port):
                await client.ping()
        assert names.asked == 2


@pytest.mark.parametrize("loop", LOOPS)
def test_a_program_can_end_while_a_look_up_hangs(names: Names, loop: str) -> None:
    names.hangs = threading.Event()

    async def main() -> None:
        async with Client(f"udp://{NAME}", timeout=0.05) as client:
            with pytest.raises(RequestTimeout):
                await client.ping()

    start = time.monotonic()
    run_on(loop, main)
    assert time.monotonic() - start < 5


async def test_closing_ends_what_waits_for_a_look_up(names: Names) -> None:
    names.hangs = threading.Event()
    client = Client(f"udp://{NAME}", timeout=20)
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(insist_on, {"UsageError": 3}, client.ping, 3)
            while not names.asked:
                await anyio.sleep(0.005)
            await client.aclose()
    with pytest.raises(UsageError, match="closed"):
        await client.ping()


async def test_cancelling_one_that_waits_for_a_look_up_leaves_the_others(names: Names, port: int) -> None:
    names.addresses, names.hangs = ["127.0.0.11"], threading.Event()
    with Peer(pong, host="127.0.0.11", port=port):
        async with Client(url(port), timeout=20) as client:
            with anyio.fail_after(5):
                async with anyio.create_task_group() as tasks:
                    # The first is the one who waits for all.
                    with anyio.move_on_after(0.05):
                        await client.ping()
                    tasks.start_soon(insist_on, {"ok": 5}, client.ping, 5)
                    with anyio.move_on_after(0.05):
                        await client.ping()
                    names.hangs.set()
    assert names.asked == 1


async def test_a_daemon_that_starts_later_is_found(names: Names, port: int) -> None:
    names.addresses = ["127.0.0.13", "127.0.0.12", "127.0.0.11"]
    for address in ("127.0.0.13", "127.0.0.12"):
        for host in (NAME, address):
            async with Client(f"udp://{host}:{port}", timeout=5) as client:
                with pytest.raises(TransportError):
                    await client.ping()
                with Peer(pong, host=address, port=port):
                    await client.ping()


@pytest.mark.parametrize("host", ["127.0.0.11", NAME])
async def test_a_burst_of_refusals_is_one_refusal(
    names: Names, port: int, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names.addresses = ["127.0.0.11", "127.0.0.12"]
    monkeypatch.setattr(exchanges, "RETRY_REFUSED", 0.6)

    async def start_a_moment_later() -> None:
        await anyio.sleep(0.1)
        with Peer(pong, host="127.0.0.11", port=port):
            await done.wait()

    done = anyio.Event()
    async with Client(f"udp://{host}:{port}", timeout=20) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(start_a_moment_later)
        await insist_on({"ok": 50}, client.ping, 50)
        done.set()


async def test_a_daemon_that_hops_between_addresses_loses_no_request(names: Names, port: int) -> None:
    addresses = [f"127.0.0.{number}" for number in (11, 12, 13)]
    names.addresses = addresses

    async def hop(done: anyio.Event) -> None:
        for address in [*addresses, *reversed(addresses)]:
            with Peer(pong, host=address, port=port):
                await anyio.sleep(0.2)
        with Peer(pong, host=addresses[1], port=port):
            done.set()
            await anyio.sleep(0.6)

    async def ask(client: Client, done: anyio.Event) -> None:
        while not done.is_set():
            await client.ping()
            await anyio.sleep(0.01)

    done = anyio.Event()
    async with Client(url(port), timeout=20) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(hop, done)
        for _ in range(8):
            tasks.start_soon(ask, client, done)


async def test_a_call_through_a_real_daemon_whose_name_has_a_dead_address_too(
    names: Names, daemon: Rtpengine, dead_end: DeadEnd
) -> None:
    port = int(daemon.url.rpartition(":")[2])
    names.addresses = ["127.0.0.11", "127.0.0.1"]
    with dead_end("127.0.0.11", port):
        client = Client(url(port))
        async with client.call("named", from_tag="a", direction=Direction.WEB_TO_SIP, delete_delay=0) as call:
            to_phone = await call.offer(bodies.offer(Leg.WEB))
            await call.answer(bodies.answer(Leg.SIP, to_phone.sdp), by="b")
            assert set((await call.query()).tags) == {"a", "b"}
        await client.aclose()


async def test_where_the_daemon_is_now_stands_in_the_log(
    names: Names, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    names.addresses = ["127.0.0.11"]
    with caplog.at_level(logging.INFO, logger="rtpe_ng"):
        async with Client(url(port), timeout=5) as client:
            for address in ("127.0.0.11", "127.0.0.12"):
                names.addresses = [address]
                with Peer(pong, host=address, port=port):
                    for _ in range(3):
                        await client.ping()
    assert [record.getMessage() for record in caplog.records] == [f"{url(port)}: the daemon is now at 127.0.0.12"]


@pytest.mark.daemon  # later versions answer from the address that they were asked at
async def test_a_daemon_that_answers_from_another_address_is_named(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It listens on all addresses of its host, and the system lets it answer from another one than was asked.
    monkeypatch.setattr(daemon_module, "_free_port", lambda: port)
    with Rtpengine(options=[f"--listen-ng=0.0.0.0:{port}"]):
        async with Client(f"udp://127.0.0.2:{port}", timeout=2) as client:
            with pytest.raises(
                RequestTimeout, match=rf"a reply came from 127\.0\.0\.1:{port}, which was not asked"
            ):
                await client.ping()
        async with Client(f"udp://127.0.0.1:{port}") as client:
            await client.ping()


async def test_what_a_stranger_sends_explains_no_silence() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger,
    ):
        asked.bind(("127.0.0.1", 0))
        stranger.bind(("127.0.0.2", 0))
        asked.setblocking(False)

        async def mislead() -> None:
            while True:
                await anyio.wait_readable(asked)
                _, sender = asked.recvfrom(65_536)
                for message in (b"x", b"nobody_1 d6:result4:ponge"):
                    stranger.sendto(message, sender)

        url = f"udp://127.0.0.1:{asked.getsockname()[1]}"
        async with Client(url, timeout=1.2) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(mislead)
            with pytest.raises(RequestTimeout) as error:
                await client.ping()
            tasks.cancel_scope.cancel()
    assert "which was not asked" not in str(error.value)
