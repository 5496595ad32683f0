"""`Network`: a bad UDP network between a client and a daemon, in a process of its own.

It loses, doubles, holds back, cuts and spoils datagrams, has a hole for large ones, floods the client, and moves
the daemon to another address. What it does is a value, a `Weather`, which may change at any time. What happens to a
datagram depends on the seed, the number in its cookie, the way it goes and how often it went that way, and on
nothing else. It is another process because a flood would otherwise take turns with the client that it is to flood.

    with Network(daemon.url, seed=7) as network, Client(network.url) as client:
        network.change(Weather(loss=0.3))
"""

from __future__ import annotations

import contextlib
import heapq
import json
import random
import selectors
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Literal, Self

import attrs

ROOT = Path(__file__).parents[2]
HOMES = ("127.0.0.11", "127.0.0.12")
"""The addresses at which the daemon can be."""
BURST = 64
"""How many datagrams of a flood leave at once."""
_UDP_SEGMENT = 103
"""The option of Linux that lets one call send many datagrams (``linux/udp.h``)."""
_BUFFER = 4 * 1024 * 1024


@attrs.frozen(kw_only=True)
class Weather:
    """What a network does to the datagrams in both directions. Shares are between 0 and 1."""

    loss: float = 0.0
    """The share that is lost."""
    doubled: float = 0.0
    """The share that arrives twice."""
    delayed: float = 0.0
    """The share that is held back, so that later ones overtake it."""
    delay: float = 0.0
    """For how long it is held back at most, in seconds."""
    cut: float = 0.0
    """The share that arrives without its end: a reply with a part of its document, a request with a part of its
    first key. Every daemon takes a request that ends between two items for a whole one, and nobody could tell."""
    flipped: float = 0.0
    """The share of replies in whose document one bit is flipped. In a request, or in a cookie, a flipped bit makes
    another lawful message."""
    hole: int = 0
    """Datagrams of more bytes are lost, as where fragments are; 0 for no such hole."""
    flood: bool = False
    """Whether the client is flooded from the daemon's address: noise, replies to others, the last reply again."""

    def __str__(self) -> str:
        changed = attrs.asdict(self, filter=lambda field, value: value != field.default)
        return ", ".join(f"{name}={value}" for name, value in changed.items()) or "calm"


class Network:
    """A network to the daemon at `target`, for the length of a ``with`` block."""

    def __init__(self, target: str, *, seed: int) -> None:
        self._arguments = [*target.removeprefix("udp://").split(":"), str(seed)]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.network", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.port: int = self._heard()["port"]
        """The port, at each of `HOMES`."""
        return self

    def __exit__(self, *_error: object) -> None:
        # It ends with its input, so it outlives nobody.
        self._process.communicate()

    @property
    def url(self) -> str:
        """The URL of the daemon behind the network, where it is at first."""
        return f"udp://{HOMES[0]}:{self.port}"

    def change(self, weather: Weather) -> None:
        """Let the weather be another from now on."""
        self._told(weather=attrs.asdict(weather))

    def move(self, home: str, *, silently: bool) -> None:
        """Let the daemon be at another address; the former one then is silent, or refuses."""
        self._told(home=home, silently=silently)

    def rest(self) -> None:
        """Return when nothing is held back any more."""
        while self.fates["held"]:
            time.sleep(0.02)

    @property
    def fates(self) -> Counter[str]:
        """How many datagrams met each fate, and how many are held back now."""
        return Counter(self._told()["fates"])

    def _told(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        heard: dict[str, Any] = json.loads(self._process.stdout.readline())
        return heard


Way = Literal["there", "back"]


class _Carrier:
    """The other side of a `Network`, in its own process."""

    def __init__(self, host: str, port: int, seed: str) -> None:
        self._target = host, port
        self._seed = seed
        self._weather = Weather()
        self._selector = selectors.DefaultSelector()
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        self._fronts: dict[str, socket.socket] = {}
        self._home = HOMES[0]
        self.port = self._bind(HOMES[0], 0)
        self._backs: dict[Any, socket.socket] = {}
        self._client: Any = None
        self._reply = b"nobody_1 d6:result4:ponge"
        self._seen: Counter[tuple[bytes, str]] = Counter()
        self._held: list[tuple[float, int, Way, Any, bytes]] = []
        self._number = self._bursts = 0
        self._fates: Counter[str] = Counter()

    def _bind(self, host: str, port: int) -> int:
        front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        front.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        front.setblocking(False)
        front.bind((host, port))
        self._fronts[host] = front
        self._selector.register(front, selectors.EVENT_READ, host)
        bound: int = front.getsockname()[1]
        return bound

    def run(self) -> None:
        _say(port=self.port)
        while True:
            now = time.monotonic()
            wait = 0.0 if self._is_flooding else max(0.0, self._held[0][0] - now) if self._held else None
            for key, _ in self._selector.select(wait):
                if key.data is None:
                    line = sys.stdin.readline()
                    if not line:
                        return
                    self._obey(json.loads(line))
                else:
                    self._receive(key.fileobj, key.data)  # type: ignore[arg-type]
            self._let_go(time.monotonic())
            if self._is_flooding:
                self._flood()

    @property
    def _is_flooding(self) -> bool:
        return self._weather.flood and self._client is not None

    def _obey(self, order: dict[str, Any]) -> None:
        if "weather" in order:
            self._weather = Weather(**order["weather"])
        if "home" in order:
            if not order["silently"]:
                former = self._fronts.pop(self._home)
                self._selector.unregister(former)
                former.close()
            self._home = order["home"]
            if self._home not in self._fronts:
                self._bind(self._home, self.port)
        _say(fates=self._fates | {"held": len(self._held)})

    def _receive(self, source: socket.socket, what: Any) -> None:
        for _ in range(BURST):
            try:
                message, sender = source.recvfrom(65_536)
            except OSError:
                return
            if not isinstance(what, str):
                self._carry("back", message, what)
            elif what == self._home:
                self._client = sender
                self._carry("there", message, sender)

    def _carry(self, way: Way, message: bytes, client: Any) -> None:
        weather = self._weather
        number = message.partition(b" ")[0].rpartition(b"_")[2]
        self._seen[number, way] += 1
        chance = random.Random(f"{self._seed} {way} {number!r} {self._seen[number, way]}")
        # Drawn in any case, so that what happens to one share does not depend on the others.
        is_lost, is_doubled = chance.random() < weather.loss, chance.random() < weather.doubled
        if is_lost or (weather.hole and len(message) > weather.hole):
            self._fates[f"lost {way}"] += 1
            return
        self._fates[f"carried {way}"] += 1
        self._fates[f"doubled {way}"] += is_doubled
        for _ in range(1 + is_doubled):
            copy, at = message, time.monotonic()
            if chance.random() < weather.cut:
                copy = _cut(copy, way, chance)
                self._fates[f"cut {way}"] += 1
            if way == "back" and chance.random() < weather.flipped:
                copy = _flipped(copy, chance)
                self._fates["flipped back"] += 1
            if chance.random() < weather.delayed:
                at += chance.random() * weather.delay
                self._fates[f"delayed {way}"] += 1
            self._number += 1
            heapq.heappush(self._held, (at, self._number, way, client, copy))
        if way == "back":
            self._reply = message

    def _let_go(self, now: float) -> None:
        while self._held and self._held[0][0] <= now:
            _, _, way, client, message = heapq.heappop(self._held)
            # A daemon that does not run refuses. Nothing of that is told: the network is silent.
            with contextlib.suppress(OSError):
                if way == "there":
                    self._back(client).send(message)
                elif front := self._fronts.get(self._home):
                    front.sendto(message, client)

    def _back(self, client: Any) -> socket.socket:
        if client not in self._backs:
            back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            back.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            back.setblocking(False)
            back.connect(self._target)
            self._backs[client] = back
            self._selector.register(back, selectors.EVENT_READ, client)
        return self._backs[client]

    def _flood(self) -> None:
        front = self._fronts[self._home]
        self._bursts += 1
        message = (b"x" * 25, b"nobody_1 d6:result4:ponge", self._reply)[self._bursts % 3]
        with contextlib.suppress(OSError):
            if len(message) > 500:
                front.sendto(message, self._client)
                return
            # The kernel cuts it into datagrams of this size, which makes them faster than anybody can read them.
            size = [(socket.IPPROTO_UDP, _UDP_SEGMENT, struct.pack("H", len(message)))]
            front.sendmsg([message * BURST], size, 0, self._client)
            self._fates["flooded"] += BURST


def _cut(message: bytes, way: Way, chance: random.Random) -> bytes:
    cookie, space, document = message.partition(b" ")
    # An empty document is what 26.0 replies to a request that it cannot read.
    least, most = (2, len(b"d7:call-")) if way == "there" else (1, max(1, len(document) - 1))
    return cookie + space + document[: chance.randint(least, most)]


def _flipped(message: bytes, chance: random.Random) -> bytes:
    cookie, space, document = message.partition(b" ")
    if not document:
        return message
    spoilt = bytearray(document)
    spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return cookie + space + spoilt


def _say(**heard: Any) -> None:
    print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    _Carrier(sys.argv[1], int(sys.argv[2]), sys.argv[3]).run()
