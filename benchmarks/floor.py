"""Where the time of a request goes: the library's own work, beside what no client in Python can do without.

    .venv/bin/python -m benchmarks.floor

Four figures for each unit, in microseconds of CPU time for a request, all of one process and one private daemon:

- own: everything that the library does for a request, from the method to the typed reply, with no socket and no
  event loop: the reply is there at once. So the processor has nothing else in its caches.
- bare: a non-blocking socket in the same event loop, one future for each request and nothing else. It sends bytes
  that were made beforehand and does not look at the reply.
- whole: the library on the daemon.
- waking: the rest of "whole". The process sleeps while the daemon works, so it begins after each wake-up with the
  caches and the predictions of something else, and what takes longest by itself loses most.

Each is the least of several rounds, which take turns.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self

from rtpe_ng import Client, Direction, Leg, profiles
from rtpe_ng.controller import Controller
from rtpe_ng.messages import Command
from rtpe_ng.protocol import Exchanges
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.transports import Url
from rtpe_ng.wire import Value, decode_document, encode_document, split_message

ROUNDS, IN_FLIGHT, UNITS = 5, 16, 1600
SIP, CHROME = Direction.SIP_TO_SIP, Direction.WEB_TO_SIP
PLACE = "<the number>"
Unit = Callable[[int], Awaitable[object]]
_numbers = itertools.count()


class Recorded(Controller):
    """Has the reply to each command at once, without a socket."""

    def __init__(self, replies: Mapping[str, bytes]) -> None:
        self._replies = replies
        self._exchanges = Exchanges(peer="nobody")

    async def exchange(self, command: Command[Any]) -> tuple[Mapping[str, Value], float]:
        now = time.monotonic()
        exchanges = self._exchanges
        exchange = exchanges.submit(command.name, command.encode(), now=now, timeout=3.0, call_id=command.call_id)
        exchanges.messages_to_send(now)
        exchanges.receive(f"{exchange.cookie} ".encode() + self._replies[command.name], now)
        exchanges.finished()
        assert exchange.reply is not None
        return exchange.reply, exchange.seconds


class Recorder(Controller):
    """Asks a daemon, one request after the other, and keeps the last reply to each command as it came."""

    def __init__(self, url: str) -> None:
        where = Url.parse(url)
        self.replies: dict[str, bytes] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect((where.host, where.port))

    async def exchange(self, command: Command[Any]) -> tuple[Mapping[str, Value], float]:
        self._socket.send(f"recorder{time.time_ns()} ".encode() + command.encode())
        self.replies[command.name] = reply = split_message(self._socket.recv(65_536))[1]
        return decode_document(reply), 0.0

    def close(self) -> None:
        self._socket.close()


class Bare:
    """A socket, an event loop, and one future for each request."""

    def __init__(self, url: str) -> None:
        where = Url.parse(url)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.connect((where.host, where.port))
        self._waiting: dict[str, asyncio.Future[None]] = {}

    async def send(self, documents: list[bytes], number: int) -> None:
        for document in documents:
            cookie = f"bare{number}_{next(_numbers)}"
            self._waiting[cookie] = future = asyncio.get_running_loop().create_future()
            self._socket.send(cookie.encode() + b" " + document.replace(PLACE.encode(), b"%012d" % number))
            await future

    def receive(self) -> None:
        while True:
            try:
                message = self._socket.recv(65_536)
            except BlockingIOError:
                return
            self._waiting.pop(split_message(message)[0]).set_result(None)

    def __enter__(self) -> Self:
        asyncio.get_running_loop().add_reader(self._socket, self.receive)
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
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

    return {
        "ping": ping,
        "SIP cycle": commands(SIP),
        "SIP cycle through Call": call(SIP),
        "browser's cycle": commands(CHROME),
        "browser's cycle through Call": call(CHROME),
    }


def documents_of(unit: str) -> list[bytes]:
    """Return the requests of a unit as bytes, with `PLACE` where the number of the call belongs."""
    if unit == "ping":
        return [encode_document({"command": "ping"})]
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
    await asyncio.gather(*(worker(count) for _ in range(IN_FLIGHT)))
    return (time.process_time() - begin) / (count * IN_FLIGHT * requests) * 1e6


async def measure(url: str) -> None:
    print(f"{'us of CPU a request':30}{'own':>8}{'bare':>8}{'whole':>8}{'waking':>8}")
    recorder = Recorder(url)
    async with Client(url) as client:
        for name, whole in units_of(client).items():
            await units_of(recorder)[name](next(_numbers))
            documents = documents_of(name)
            with Bare(url) as bare:
                units: dict[str, Unit] = {
                    "own": units_of(Recorded(dict(recorder.replies)))[name],
                    "bare": functools.partial(bare.send, documents),
                    "whole": whole,
                }
                rounds = [
                    {kind: await microseconds(unit, len(documents)) for kind, unit in units.items()}
                    for _ in range(ROUNDS)
                ]
            own, floor, all_of_it = (min(figures[kind] for figures in rounds) for kind in units)
            print(f"{name:30}{own:8.1f}{floor:8.1f}{all_of_it:8.1f}{all_of_it - own - floor:8.1f}")
    recorder.close()


def main() -> None:
    with Rtpengine() as daemon:
        asyncio.run(measure(daemon.url))


if __name__ == "__main__":
    main()
