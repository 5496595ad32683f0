"""The fault tests themselves: each law can be broken, and what a seed decides is decided."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from tests.support import laws
from tests.support.laws import LAWS, Seen, broken
from tests.support.network import HOMES, Network, Weather
from tests.support.peers import Peer, pong
from tests.support.scenarios import KINDS, scenario

SOUND = Seen(
    asked={"offer": 5, "delete": 5}, answered={"offer": 3, "delete": 5}, executed=({"offer": 4, "delete": 5},)
)


def test_a_sound_trial_breaks_none() -> None:
    assert broken(SOUND) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"late": 0.8, "stalled": 0.2}, "a request ended 0.80 s after its timeout"),
        ({"foreign": ("KeyError: 1",)}, "a foreign exception: KeyError: 1"),
        ({"mistaken": ("the body of 'x'",)}, "another request's reply: the body of 'x'"),
        ({"executed": ({"offer": 6},)}, "'offer' was executed 6 times and asked 5 times"),
        ({"executed": ({"offer": 1}, {"offer": 6})}, "'offer' was executed 6 times and asked 5 times"),
        ({"executed": ({"offer": 2},)}, "'offer' was answered 3 times and executed 2 times"),
        ({"left": ("c",)}, "call 'c' is left at the daemon"),
        ({"unsettled": ("c",)}, "call 'c' was settled and deleted, and is at the daemon"),
        ({"hogged": 1.5}, "other tasks had no turn while the loop worked for 1.50 s"),
        ({"swamped": 30_000}, "other tasks had no turn while 30000 strays were taken"),
        ({"recovered": False}, "the client did not reach the daemon again"),
        ({"remains": {"descriptors": 1, "tasks": 0}}, "1 more descriptors than before"),
    ],
)
def test_each_law_can_be_broken(change: dict[str, Any], sentence: str) -> None:
    assert broken(attrs.evolve(SOUND, **change)) == [sentence]


def test_every_law_counts() -> None:
    assert {law.__name__ for law in LAWS} == {
        name
        for name, thing in vars(laws).items()
        if getattr(thing, "__annotations__", {}).get("return") == "Iterator[str]"
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_decides_a_scenario(kind: str) -> None:
    one = scenario(kind, 7, seconds=20)
    assert one == scenario(kind, 7, seconds=20)
    assert str(one.events[0]) in str(one)
    assert [event.at for event in one.events] == sorted(event.at for event in one.events)
    if kind == "mixed":
        assert one != scenario(kind, 8, seconds=20)


def all_went(fates: Mapping[str, int], number: int) -> bool:
    """Return whether so many datagrams went there, and what was answered of them has come back."""
    met = Counter(fates)
    arrived = met["carried there"] + met["doubled there"]
    return met["lost there"] + met["carried there"] == number and met["lost back"] + met["carried back"] == arrived


def carried(weather: Weather, *, seed: int = 7, number: int = 100) -> list[bytes]:
    """Return what comes back of so many datagrams that are answered one by one."""
    with Peer(pong) as peer, Network(peer.url, seed=seed) as network:
        network.change(weather)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.connect((HOMES[0], network.port))
            line.settimeout(10)
            for count in range(number):
                line.send(b"somebody_%d d7:command4:pinge" % count)
            while (fates := network.fates)["held"] or not all_went(fates, number):
                time.sleep(0.01)
            back = [line.recv(65_536) for _ in range(fates["carried back"] + fates["doubled back"])]
    return back


@pytest.mark.parametrize(
    "weather",
    [
        Weather(loss=0.3),
        Weather(doubled=0.3),
        Weather(cut=0.3),
        Weather(flipped=0.3),
        Weather(delayed=0.3, delay=0.1),
    ],
    ids=str,
)
def test_a_seed_decides_what_happens_to_a_datagram(weather: Weather) -> None:
    calm = carried(Weather())
    assert len(calm) == 100
    bad = carried(weather)
    assert sorted(bad) == sorted(carried(weather))
    assert bad != calm
    if not weather.delayed:
        assert sorted(bad) != sorted(carried(weather, seed=8))


def test_a_hole_takes_what_is_large() -> None:
    assert carried(Weather(hole=20), number=5) == []
    assert len(carried(Weather(hole=60), number=5)) == 5


def test_a_flood_comes_from_the_daemons_address() -> None:
    others = {b"x" * 25, b"nobody_1 d6:result4:ponge", b"me_1 d6:result4:ponge"}
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with line, Peer(pong) as peer, Network(peer.url, seed=1) as network:
        line.connect((HOMES[0], network.port))
        line.settimeout(10)
        line.send(b"me_1 d7:command4:pinge")
        assert line.recv(99) == b"me_1 d6:result4:ponge"
        network.change(Weather(flood=True))
        assert {line.recv(99) for _ in range(300)} == others


@pytest.mark.parametrize("silently", [False, True])
def test_a_daemon_moves(silently: bool) -> None:
    with Peer(pong) as peer, Network(peer.url, seed=1) as network:
        network.move(HOMES[1], silently=silently)
        for home in HOMES:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
                line.settimeout(0.2 if home == HOMES[0] else 10)
                line.connect((home, network.port))
                line.send(b"me_1 d7:command4:pinge")
                if home == HOMES[1]:
                    assert line.recv(99) == b"me_1 d6:result4:ponge"
                else:
                    with pytest.raises(TimeoutError if silently else ConnectionRefusedError):
                        line.recv(99)
