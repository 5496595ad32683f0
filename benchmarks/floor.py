"""Where the time of a request goes: the library's own work, beside what no client in Python can do without.

    .venv/bin/python -m benchmarks.floor

Four figures for each unit, in microseconds of CPU time for a request, all of one process and one private daemon:

- own: everything that the library does for a request, from the method to the typed reply, with no socket and no
  event loop: the reply is there at once. So the processor has nothing else in its caches.
- bare: a non-blocking socket in the same event loop, one future (on trio one event) for each request and nothing
  else. It sends bytes that were made beforehand and does not look at the reply.
- whole: the library on the daemon.
- waking: the rest of "whole". The process sleeps while the daemon works, so it begins after each wake-up with the
  caches and the predictions of something else, and what takes longest by itself loses most.

Each is the least of several rounds, which take turns.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import anyio
import trio

from benchmarks.subjects.orders import read_all
from rtpe_ng import Client, Direction, Leg, profiles
from rtpe_ng.controller import Controller
from rtpe_ng.messages import Command
from rtpe_ng.protocol import Exchanges
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.transports import Url
from rtpe_ng.wire import Encoding, Value, as_json, decode_document, encode_document, split_message

ROUNDS, IN_FLIGHT, UNITS = 5, 16, 1600
SIP, CHROME = Direction.SIP_TO_SIP, Direction.WEB_TO_SIP
PLACE = "<the number>"
ASKED = "asked"
Unit = Callable[[int], Awaitable[object]]
Write = Callable[[bytes], bytes]
"""What makes a request of a bencoded document."""
_numbers = itertools.count()


class Recorded(Controller):
    """Has the reply to each command at once, without a socket."""

    def __init__(self, replies: Mapping[str, bytes], write: Write) -> None:
        self._replies = replies
        self._write = write
        self._exchanges = Exchanges(peer="nobody")

    async def exchange(self, command: Command[Any]) -> tuple[Mapping[str, Value], float]:
        now = time.monotonic()
        exchanges = self._exchanges
        document = self._write(command.encode())
        exchange = exchanges.submit(command.name, document, now=now, timeout=3.0, call_id=command.call_id)
        exchanges.messages_to_send(now)
        exchanges.receive(f"{exchange.cookie} ".encode() + self._replies[command.name], now)
        exchanges.finished()
        assert exchange.reply is not None
        return exchange.reply, exchange.seconds


class Recorder(Controller):
    """Asks a daemon, one request after the other, and keeps the last reply to each command as it came."""

    def __init__(self, url: str, write: Write) -> None:
        where = Url.parse(url)
        self._write = write
        self.replies: dict[str, bytes] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect((where.host, where.port))

    async def exchange(self, command: Command[Any]) -> tuple[Mapping[str, Value], float]:
        self._socket.send(f"recorder{time.time_ns()} ".encode() + self._write(command.encode()))
        self.replies[command.name] = reply = split_message(self._socket.recv(65_536))[1]
        return decode_document(reply), 0.0

    def close(self) -> None:
        self._socket.close()


class Bare:
    """A socket, an event loop, and one future or event for each request."""

    def __init__(self, url: str) -> None:
        where = Url.parse(url)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.connect((where.host, where.port))
        self._waiting: dict[str, Callable[[], object]] = {}

    async def send(self, documents: list[bytes], number: int) -> None:
        """Send the documents, each when the one before has its reply, on asyncio."""
        for document in documents:
            future = asyncio.get_running_loop().create_future()
            self._send(document, number, functools.partial(future.set_result, None))
            await future

    async def send_on_trio(self, documents: list[bytes], number: int) -> None:
        """Send the documents, each when the one before has its reply, on trio."""
        for document in documents:
            event = trio.Event()
            self._send(document, number, event.set)
            await event.wait()

    def _send(self, document: bytes, number: int, wake: Callable[[], object]) -> None:
        cookie = f"bare{number}_{next(_numbers)}"
        self._waiting[cookie] = wake
        self._socket.send(cookie.encode() + b" " + document.replace(PLACE.encode(), b"%012d" % number))

    def _receive(self) -> None:
        while True:
            try:
                message = self._socket.recv(65_536)
            except BlockingIOError:
                return
            self._waiting.pop(split_message(message)[0])()

    async def _read(self) -> None:
        while True:
            await trio.lowlevel.wait_readable(self._socket)
            self._receive()

    @contextlib.asynccontextmanager
    async def reading(self, *, on_trio: bool) -> AsyncIterator[Bare]:
        """Read for the length of the block."""
        async with anyio.create_task_group() as tasks:
            if on_trio:
                tasks.start_soon(self._read)
            else:
                asyncio.get_running_loop().add_reader(self._socket, self._receive)
            yield self
            if not on_trio:
                asyncio.get_running_loop().remove_reader(self._socket)
            tasks.cancel_scope.cancel()
        self._socket.close()


def bodies_of(direction: Direction) -> tuple[str, str]:
    offer = bodies.offer(direction.caller)
    return offer, bodies.answer(direction.callee, bodies.offer(Leg.SIP))


def units_of(sender: Controller) -> dict[str, Unit]:
    """Return what is measured, done with this sender."""

    async def ping(_number: int) -> None:
        await sender.ping()

    def commands(direction: Direction) -> Unit:
        offer, answer = bodies_of(direction)
        offer_flags, answer_flags = profiles.MODERN.offer_flags(direction), profiles.MODERN.answer_flags(direction)

        async def unit(number: int) -> None:
            name = f"{number:012d}"
            await sender.offer(sdp=offer, call_id=name, from_tag="a", flags=offer_flags)
            await sender.answer(sdp=answer, call_id=name, from_tag="a", to_tag="b", flags=answer_flags)
            await sender.delete(call_id=name, from_tag="a", delete_delay=0)

        return unit

    def call(direction: Direction) -> Unit:
        offer, answer = bodies_of(direction)

        async def unit(number: int) -> None:
            call = sender.call(f"{number:012d}", from_tag="a", direction=direction, delete_delay=0)
            await call.offer(offer)
            await call.answer(answer, by="b")
            await call.delete()

        return unit

    async def query(_number: int) -> None:
        read_all((await sender.query(call_id=ASKED)).raw)

    return {
        "ping": ping,
        "SIP cycle": commands(SIP),
        "SIP cycle through Call": call(SIP),
        "browser's cycle": commands(CHROME),
        "browser's cycle through Call": call(CHROME),
        "query, read": query,
    }


def documents_of(unit: str) -> list[bytes]:
    """Return the requests of a unit as bytes, with `PLACE` where the number of the call belongs."""
    if unit == "ping":
        return [encode_document({"command": "ping"})]
    if unit == "query, read":
        return [encode_document({"command": "query", "call-id": ASKED})]
    direction = SIP if unit.startswith("SIP") else CHROME
    offer, answer = bodies_of(direction)
    base = {"call-id": "%(number)b....", "from-tag": "a"}
    documents = [
        base | {"command": "offer", "sdp": offer} | profiles.MODERN.offer_flags(direction).to_ng(),
        base
        | {"command": "answer", "sdp": answer, "to-tag": "b"}
        | profiles.MODERN.answer_flags(direction).to_ng(),
        base | {"command": "delete", "delete-delay": 0},
    ]
    # The place takes ten bytes, as the text of its length says: twelve digits and four dots are sixteen.
    return [encode_document(document).replace(b"14:%(number)b....", b"16:%(number)b....") for document in documents]


async def microseconds(unit: Unit, requests: int) -> float:
    """Return the CPU time of one request, with several units under way at once."""

    async def worker(count: int) -> None:
        for _ in range(count):
            await unit(next(_numbers))

    count = UNITS // IN_FLIGHT
    begin = time.process_time()
    async with anyio.create_task_group() as tasks:
        for _ in range(IN_FLIGHT):
            tasks.start_soon(worker, count)
    return (time.process_time() - begin) / (count * IN_FLIGHT * requests) * 1e6


async def measure(url: str, backend: str, encoding: Encoding, names: Sequence[str]) -> None:
    """Print a row for each of these units."""
    write: Write = as_json if encoding == "json" else bytes
    recorder = Recorder(url, write)
    offer, answer = bodies_of(SIP)
    async with Client(url, encoding=encoding) as client:
        for name in names:
            # What is asked for later. A daemon forgets a call without media after a minute.
            await recorder.offer(sdp=offer, call_id=ASKED, from_tag="a")
            await recorder.answer(sdp=answer, call_id=ASKED, from_tag="a", to_tag="b")
            await units_of(recorder)[name](next(_numbers))
            documents = [write(document) for document in documents_of(name)]
            async with Bare(url).reading(on_trio=backend == "trio") as bare:
                send = bare.send_on_trio if backend == "trio" else bare.send
                units: dict[str, Unit] = {
                    "own": units_of(Recorded(dict(recorder.replies), write))[name],
                    "bare": functools.partial(send, documents),
                    "whole": units_of(client)[name],
                }
                rounds = [
                    {kind: await microseconds(unit, len(documents)) for kind, unit in units.items()}
                    for _ in range(ROUNDS)
                ]
            own, floor, all_of_it = (min(figures[kind] for figures in rounds) for kind in units)
            title = name + (" on trio" if backend == "trio" else "") + (", JSON" if encoding == "json" else "")
            print(f"{title:30}{own:8.1f}{floor:8.1f}{all_of_it:8.1f}{all_of_it - own - floor:8.1f}")
    recorder.close()


def main() -> None:
    print(f"{'us of CPU a request':30}{'own':>8}{'bare':>8}{'whole':>8}{'waking':>8}")
    with Rtpengine() as daemon:
        *units, query = units_of(Recorded({}, bytes))
        anyio.run(measure, daemon.url, "asyncio", "bencode", [*units, query])
        anyio.run(measure, daemon.url, "asyncio", "json", [query])
        anyio.run(measure, daemon.url, "trio", "bencode", units[:1], backend="trio")


if __name__ == "__main__":
    main()
