"""Scenarios: what happens to a network and a daemon while calls are taken, as values that a seed decides.

`KINDS` has a scenario for each kind of fault, and "mixed" for all of them in any order. The tests run each kind for
a second, `python -m tools.faults` for as long as you like.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Callable, Iterator
from typing import TypeAlias

import attrs

from tests.support.network import Weather


class Act(enum.Enum):
    """What befalls the daemon, or the name by which it is found."""

    KILL = "the daemon is killed"
    START = "the daemon starts"
    STOP = "the daemon is stopped"
    CONTINUE = "the daemon goes on"
    MOVE = "the name moves, and the former address refuses"
    MOVE_SILENTLY = "the name moves, and the former address is silent"


MOVES = {Act.MOVE, Act.MOVE_SILENTLY}


@attrs.frozen(kw_only=True)
class Event:
    """Something that happens `at` so many seconds after the first call begins; at 0, before it."""

    at: float
    what: Weather | Act

    def __str__(self) -> str:
        return f"{self.at:.2f} s: {self.what.value if isinstance(self.what, Act) else self.what}"


@attrs.frozen(kw_only=True)
class Scenario:
    """What happens, and how many calls are taken meanwhile."""

    kind: str
    seed: int
    events: tuple[Event, ...]
    seconds: float
    """For how long new calls begin."""
    timeout: float
    """The timeout of the client, in seconds."""
    callers: int = 6
    """How many calls there are at once."""

    @property
    def acts(self) -> frozenset[Act]:
        """What befalls the daemon."""
        return frozenset(event.what for event in self.events if isinstance(event.what, Act))

    @property
    def is_direct(self) -> bool:
        """Whether nothing happens to the network, so that the client meets the daemon's host itself."""
        return all(isinstance(event.what, Act) and event.what not in MOVES for event in self.events)

    @property
    def spoils(self) -> bool:
        """Whether bits are flipped, so that a reply may say what nobody wrote."""
        return any(isinstance(event.what, Weather) and event.what.flipped for event in self.events)

    def __str__(self) -> str:
        return f"{self.kind}, timeout {self.timeout:g} s: " + "; ".join(map(str, self.events))


Events: TypeAlias = tuple[Event, ...]
Kind: TypeAlias = Callable[[random.Random, float], Events]
"""What makes the events of a scenario that lasts so many seconds, by lot."""


def _throughout(weather: Weather) -> Kind:
    return lambda _chance, _seconds: (Event(at=0, what=weather),)


def _flood(chance: random.Random, seconds: float) -> Events:
    return (
        Event(at=seconds * chance.uniform(0.05, 0.2), what=Weather(flood=True)),
        Event(at=seconds * chance.uniform(0.8, 0.9), what=Weather()),
    )


def _outage(begins: Act, ends: Act, longest: float = 1.0) -> Kind:
    def events(chance: random.Random, seconds: float) -> Events:
        at = seconds * chance.uniform(0.1, 0.4)
        return Event(at=at, what=begins), Event(at=at + longest * chance.random(), what=ends)

    return events


def _late_start(chance: random.Random, seconds: float) -> Events:
    return Event(at=0, what=Act.KILL), Event(at=seconds * chance.uniform(0.3, 0.9), what=Act.START)


def _moves(act: Act) -> Kind:
    return lambda chance, seconds: (Event(at=seconds * chance.uniform(0.1, 0.4), what=act),)


def _weather(chance: random.Random) -> Weather:
    """Return a mixture of some faults of the network."""
    possible: dict[str, Callable[[], dict[str, object]]] = {
        "loss": lambda: {"loss": chance.choice((0.02, 0.1, 0.3, 0.5))},
        "doubled": lambda: {"doubled": chance.choice((0.1, 0.5))},
        "delayed": lambda: {"delayed": chance.random(), "delay": chance.choice((0.02, 0.3, 2.0))},
        "cut": lambda: {"cut": chance.choice((0.05, 0.3))},
        "flipped": lambda: {"flipped": chance.choice((0.05, 0.3))},
        "hole": lambda: {"hole": 1200},
        "flood": lambda: {"flood": True},
    }
    chosen = chance.sample(sorted(possible), chance.choice((0, 1, 1, 2, 3)))
    return Weather(**{name: value for key in chosen for name, value in possible[key]().items()})  # type: ignore[arg-type]


def _mixed(chance: random.Random, seconds: float) -> Events:
    def events() -> Iterator[Event]:
        at = 0.0
        yield Event(at=0, what=_weather(chance))
        while (at := at + chance.uniform(0.1, 2.0)) < seconds:
            what = chance.choice(("weather", "weather", "outage", "outage", "move"))
            if what == "weather":
                yield Event(at=at, what=_weather(chance))
            elif what == "move":
                yield Event(at=at, what=chance.choice((Act.MOVE, Act.MOVE_SILENTLY)))
            else:
                begins, ends = chance.choice(((Act.KILL, Act.START), (Act.STOP, Act.CONTINUE)))
                yield Event(at=at, what=begins)
                yield Event(at=(at := at + chance.choice((0.0, 0.3, 1.0, 3.0)) * chance.random()), what=ends)

    return tuple(events())


KINDS: dict[str, Kind] = {
    "loss-10": _throughout(Weather(loss=0.1)),
    "loss-30": _throughout(Weather(loss=0.3)),
    "loss-50": _throughout(Weather(loss=0.5)),
    "doubled": _throughout(Weather(doubled=0.5)),
    "reordered": _throughout(Weather(delayed=0.5, delay=0.05)),
    "delayed": _throughout(Weather(delayed=0.3, delay=2.0)),
    "cut": _throughout(Weather(cut=0.2)),
    "flipped": _throughout(Weather(flipped=0.2)),
    "hole": _throughout(Weather(hole=1200)),
    "flood": _flood,
    "kill": _outage(Act.KILL, Act.START),
    "restart": _outage(Act.KILL, Act.START, longest=0.0),
    "stop": _outage(Act.STOP, Act.CONTINUE),
    "late-start": _late_start,
    "move": _moves(Act.MOVE),
    "move-silently": _moves(Act.MOVE_SILENTLY),
    "mixed": _mixed,
}


def scenario(kind: str, seed: int, *, seconds: float, timeout: float | None = None) -> Scenario:
    """Return the scenario of a kind that a seed decides, the timeout included if it is not given."""
    chance = random.Random(f"{kind} {seed}")
    drawn = chance.choice((1.0, 2.0, 3.0, 8.0))
    events = KINDS[kind](chance, seconds)
    return Scenario(kind=kind, seed=seed, events=events, seconds=seconds, timeout=timeout or drawn)
