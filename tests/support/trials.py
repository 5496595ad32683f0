"""A trial: calls are taken on one event loop while a scenario happens, and what is seen is held against the laws.

The callers run in the event loop that is tested. What happens to the network and the daemon comes from a thread,
the `_Director`, which needs nothing of that loop. Afterwards all is well again: the weather is calm, what was held
back has arrived, the daemon runs. Only then the trial looks at what is left.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import re
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync as _in_thread

from rtpe_ng import Call, Client, Direction, RtpeError, Trace
from rtpe_ng.messages import SdpReply
from rtpe_ng.protocol import Result, Strays
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.transports import Transport
from rtpe_ng.wire import Document, decode_document, encode_document, join_message, split_message
from tests.support.laws import Seen
from tests.support.loops import run_on
from tests.support.names import NAME, Names
from tests.support.network import HOMES, Network, Weather
from tests.support.scenarios import MOVES, Act, Scenario

_T = TypeVar("_T")

RECOVERY = 20.0
"""How long the client may take to reach the daemon when all is well again, in seconds."""
_NO_REPLY = {result.value for result in Result}


def trial(scenario: Scenario, *, loop: str, daemon: Rtpengine) -> Seen:
    """Let a scenario happen to calls through a daemon, which runs afterwards; return what was seen."""
    with contextlib.ExitStack() as stack:
        network = None if scenario.is_direct else stack.enter_context(Network(daemon.url, seed=scenario.seed))
        url = daemon.url if network is None else network.url
        names = None
        if scenario.acts & MOVES:
            assert network is not None
            names = stack.enter_context(Names(HOMES[0]))
            url = f"udp://{NAME}:{network.port}"
        director = _Director(scenario, daemon, network, names)
        return run_on(loop, _Trial(scenario, director, url).run)


class _Director(threading.Thread):
    """Lets the events of a scenario happen, and knows what the daemon has executed."""

    def __init__(self, scenario: Scenario, daemon: Rtpengine, network: Network | None, names: Names | None) -> None:
        super().__init__(daemon=True)
        self._events = list(scenario.events)
        self._daemon, self._network, self._names = daemon, network, names
        self._homes = [*reversed(HOMES)]
        self._over = threading.Event()
        self._error: Exception | None = None
        self._runs = True
        self._base = _counts(daemon)
        self._lives: list[Mapping[str, int]] = []
        while self._events and not self._events[0].at:
            self._happen(self._events.pop(0).what)

    def run(self) -> None:
        begun = time.monotonic()
        try:
            for event in self._events:
                if self._over.wait(max(0.0, event.at - (time.monotonic() - begun))):
                    return
                self._happen(event.what)
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits for the end
            self._error = error

    def end(self) -> None:
        """Let nothing more happen, and all be well again."""
        self._over.set()
        self.join()
        if self._error is not None:
            raise self._error
        for act in (Act.CONTINUE, Act.START):
            self._happen(act)
        if self._network is not None:
            self._network.change(Weather())
            self._network.rest()
        # The datagrams that came last have been read when the daemon has answered what comes behind them.
        for _ in range(3):
            asked(self._daemon, "ping")

    def executed(self) -> tuple[Mapping[str, int], ...]:
        """Return what the daemon has executed in each of its lives."""
        return *self._lives, self._life()

    def _life(self) -> Mapping[str, int]:
        return {name: number - self._base.get(name, 0) for name, number in _counts(self._daemon).items()}

    def _happen(self, what: Weather | Act) -> None:
        match what:
            case Weather():
                assert self._network is not None
                self._network.change(what)
            case Act.KILL if self._runs:
                self._signal(signal.SIGCONT)
                self._lives.append(self._life())
                self._daemon.kill()
                self._runs, self._base = False, {}
            case Act.START:
                self._daemon.start()
                self._runs = True
            case Act.STOP if self._runs:
                self._signal(signal.SIGSTOP)
            case Act.CONTINUE if self._runs:
                self._signal(signal.SIGCONT)
            case Act.MOVE | Act.MOVE_SILENTLY:
                assert self._network is not None
                assert self._names is not None
                self._homes.reverse()
                home = self._homes[1]
                self._network.move(home, silently=what is Act.MOVE_SILENTLY)
                self._names.addresses = [home]

    def _signal(self, number: signal.Signals) -> None:
        assert self._daemon._process is not None
        self._daemon._process.send_signal(number)

    def calls(self) -> set[str]:
        """Return the Call-IDs that the daemon knows."""
        calls = asked(self._daemon, "list", limit=10_000)["calls"]
        assert isinstance(calls, list)
        return set(map(str, calls))


class _Trial:
    """The callers of a trial, in the event loop, and what they see."""

    def __init__(self, scenario: Scenario, director: _Director, url: str) -> None:
        self._scenario, self._director, self._url = scenario, director, url
        self._asked: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._foreign: list[str] = []
        self._mistaken: list[str] = []
        self._calls: set[str] = set()
        self._late = self._stalled = self._hogged = 0.0
        self._swamped = 0

    async def run(self) -> Seen:
        before = _standing()
        with contextlib.suppress(RuntimeError):
            # Such as an exception in a callback, or in a task that nobody awaits.
            asyncio.get_running_loop().set_exception_handler(lambda _, context: self._foreign.append(str(context)))
        # Closed by hand, because a trial that fails must not hide why.
        client = Client(self._url, timeout=self._scenario.timeout, trace=self._note)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._tick, client)
            self._director.start()
            async with anyio.create_task_group() as callers:
                for number in range(self._scenario.callers):
                    callers.start_soon(self._caller, client, number)
            await _in_thread(self._director.end)
            recovered = await self._recover(client)
            executed = await _in_thread(self._director.executed)
            asked, answered = dict(self._asked), dict(self._answered)
            unsettled = set(client.unsettled)
            left = (await _in_thread(self._director.calls) & self._calls) - unsettled
            stayed = await self._settled(client, unsettled)
            tasks.cancel_scope.cancel()
        await client.aclose()
        after = _standing()
        # Nothing may hold what was the client's, either.
        del client
        after["transports"] = _standing()["transports"]
        return Seen(
            asked=asked,
            answered=answered,
            executed=executed,
            outcomes=dict(self._outcomes),
            foreign=tuple(self._foreign),
            mistaken=tuple(self._mistaken),
            late=self._late,
            stalled=self._stalled,
            hogged=self._hogged,
            swamped=self._swamped,
            left=tuple(sorted(left)),
            unsettled=tuple(sorted(stayed)),
            recovered=recovered,
            remains={what: number - before[what] for what, number in after.items()},
        )

    async def _tick(self, client: Client) -> None:
        """Be the other task, which is to have its turn."""
        wall, cpu, strays = time.monotonic(), time.thread_time(), _number(client.strays)
        while True:
            await anyio.sleep(0.005)
            self._stalled = max(self._stalled, time.monotonic() - wall)
            self._hogged = max(self._hogged, time.thread_time() - cpu)
            self._swamped = max(self._swamped, _number(client.strays) - strays)
            wall, cpu, strays = time.monotonic(), time.thread_time(), _number(client.strays)

    def _note(self, trace: Trace) -> None:
        self._asked[trace.command] += bool(trace.attempts)
        self._answered[trace.command] += trace.result not in _NO_REPLY
        self._late = max(self._late, trace.seconds - self._scenario.timeout)

    async def _recover(self, client: Client) -> bool:
        with anyio.move_on_after(RECOVERY):
            while await self._step(client.ping) is None:
                await anyio.sleep(0.05)
            return True
        return False

    async def _settled(self, client: Client, calls: set[str]) -> set[str]:
        """Settle and delete calls, as a program does with those that are unsettled; return which stayed."""
        for call_id in calls:
            await client.settle(call_id)
            await self._step(lambda call_id=call_id: client.delete(call_id=call_id, delete_delay=0))  # type: ignore[misc]
        return await _in_thread(self._director.calls) & calls

    async def _caller(self, client: Client, number: int) -> None:
        scenario = self._scenario
        ends = time.monotonic() + scenario.seconds
        count = 0
        while time.monotonic() < ends:
            count += 1
            call_id = f"{scenario.kind}-{scenario.seed}-{number}-{count}"
            chance = random.Random(call_id)
            self._calls.add(call_id)
            direction = chance.choice((Direction.SIP_TO_SIP, Direction.SIP_TO_SIP, Direction.WEB_TO_SIP))
            try:
                async with client.call(call_id, from_tag="a", direction=direction, delete_delay=0) as call:
                    await chance.choice((self._whole, self._whole, self._given_up, self._raced))(call, chance)
                if chance.random() < 0.3:
                    await self._step(client.ping)
            except Exception as error:  # noqa: BLE001 - whatever it is, no law allows it
                self._foreign.append(f"{type(error).__name__}: {error}")
            # The laws need no load, and where all fails at once, a caller does not try again at once.
            await anyio.sleep(0.05)

    async def _whole(self, call: Call, chance: random.Random) -> None:
        """Take a call from its offer to a hold, as far as it comes."""
        for version in range(1, chance.choice((2, 3))):
            sent = bodies.offer(call.direction.caller, version=version)
            offered = await self._step(lambda sent=sent: call.offer(_marked(sent, call)))  # type: ignore[misc]
            if offered is None:
                return
            self._is_own(offered.sdp, call)
            answered = await self._step(lambda to=offered.sdp: self._answer(call, to))  # type: ignore[misc]
            if answered is None:
                return
            self._is_own(answered.sdp, call)
            tags = await self._step(lambda: self._tags(call))
            if tags is not None and not tags <= {"a", "b"}:
                self._mistake(f"the tags {sorted(tags)} of {call.call_id!r}")

    async def _tags(self, call: Call) -> set[str]:
        # Within the step, because a long reply is decoded when it is read.
        return set((await call.query()).tags)

    async def _answer(self, call: Call, offered: str) -> SdpReply:
        callee = call.direction.callee
        # A body with flipped bits may be none that can be answered.
        body = bodies.answer(callee, bodies.offer(callee) if self._scenario.spoils else offered)
        return await call.answer(_marked(body, call), by="b")

    async def _given_up(self, call: Call, chance: random.Random) -> None:
        """Cancel an offer or a re-offer, and leave the block."""
        body = bodies.offer(call.direction.caller)
        if chance.random() < 0.5:
            await self._step(lambda: call.offer(body))
        with anyio.move_on_after(0.05 * chance.random() ** 2):
            await self._step(lambda: call.offer(body))

    async def _raced(self, call: Call, chance: random.Random) -> None:
        """Delete a call while its offer is under way in another task, as for a CANCEL."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._step, lambda: call.offer(bodies.offer(call.direction.caller)))
            await anyio.sleep(0.01 * chance.random() ** 2)
            tasks.start_soon(self._step, call.delete)

    async def _step(self, work: Callable[[], Awaitable[_T]]) -> _T | None:
        """Do something; return None if it ended in one of our errors."""
        try:
            done = await work()
        except RtpeError as error:
            self._outcomes[type(error).__name__] += 1
            return None
        self._outcomes["ok"] += 1
        return done

    def _is_own(self, body: str, call: Call) -> None:
        if f"s={call.call_id}\r\n" not in body:
            self._mistake(f"a body without the name {call.call_id!r}")

    def _mistake(self, reply: str) -> None:
        if not self._scenario.spoils:
            self._mistaken.append(reply)


def _number(strays: Strays) -> int:
    return strays.late + strays.duplicate + strays.foreign + strays.malformed


def _marked(body: str, call: Call) -> str:
    """Return a body with a session name that the daemon carries through: it tells whose reply one got."""
    return re.sub(r"^s=.*?(?=\r\n)", f"s={call.call_id}", body, count=1, flags=re.MULTILINE)


def asked(daemon: Rtpengine, command: str, **more: object) -> Document:
    """Ask a daemon by a bare socket of its own, again and again until it answers."""
    host, _, port = daemon.url.removeprefix("udp://").partition(":")
    message = join_message(os.urandom(12).hex(), encode_document({"command": command, **more}))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.5)
        line.connect((host, int(port)))
        for _ in range(20):
            with contextlib.suppress(TimeoutError):
                line.send(message)
                return decode_document(split_message(line.recv(65_536))[1])
    raise AssertionError(f"the daemon does not answer {command!r}")


def _counts(daemon: Rtpengine) -> Mapping[str, int]:
    statistics: object = asked(daemon, "statistics")
    for key in ("statistics", "controlstatistics"):
        assert isinstance(statistics, dict)
        statistics = statistics[key]
    assert isinstance(statistics, dict)
    return {
        name: int(statistics[f"total{name}count"])
        for name in ("offer", "answer", "query", "delete")
        if f"total{name}count" in statistics
    }


def _standing() -> Counter[str]:
    """Count what a client may leave behind."""
    gc.collect()
    return Counter(
        {
            "descriptors": len([*Path("/proc/self/fd").iterdir()]),
            "tasks": len(anyio.get_running_tasks()),
            "timers": sum(1 for _ in _timers()),
            "transports": sum(issubclass(type(it), Transport) for it in gc.get_objects()),
        }
    )


def _timers() -> Iterator[object]:
    """Yield the timers of the running loop, where it can be asked for them: asyncio's own alone can."""
    with contextlib.suppress(RuntimeError):
        yield from (it for it in getattr(asyncio.get_running_loop(), "_scheduled", ()) if not it.cancelled())
