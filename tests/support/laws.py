"""The laws of the fault tests, and what was seen in a trial that they are held against.

A law is about what must not happen, whatever the luck: none says how many requests may be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import attrs

LATE = 0.5
"""How late a request may end, in seconds, beside the time in which this process got no turn."""
HOGGED = 0.5
"""For how long, in seconds of its own CPU time, the client may keep other tasks from their turn."""

SWAMPED = 10_000
"""How many strays may be taken between two turns of a task that waits for 5 ms each time."""


@attrs.frozen(kw_only=True)
class Seen:
    """What was seen in a trial. Counts are by the names of commands."""

    asked: Mapping[str, int]
    """How many requests were sent, each counted once, however often it was sent."""
    answered: Mapping[str, int]
    """How many of them ended in the daemon's reply."""
    executed: tuple[Mapping[str, int], ...]
    """How many commands the daemon executed in each of its lives, by its own count."""
    outcomes: Mapping[str, int] = attrs.field(factory=dict)
    """How often each step ended how; for people."""
    foreign: tuple[str, ...] = ()
    """The exceptions that are none of ours."""
    mistaken: tuple[str, ...] = ()
    """The replies that were another request's."""
    late: float = 0.0
    """How much later than its timeout a request ended at most, in seconds."""
    stalled: float = 0.0
    """The longest time, in seconds, for which another task had no turn."""
    hogged: float = 0.0
    """The longest time, in seconds of CPU, for which another task had no turn."""
    swamped: int = 0
    """How many strays were taken at most while another task had no turn."""
    left: tuple[str, ...] = ()
    """The calls at the daemon whose blocks have ended, and which the client does not call unsettled."""
    unsettled: tuple[str, ...] = ()
    """The calls that were unsettled, and stayed at the daemon although they were then settled and deleted."""
    recovered: bool = True
    """Whether the same client reached the daemon when all was well again."""
    remains: Mapping[str, int] = attrs.field(factory=dict)
    """How many descriptors, tasks, timers and transports there are more than before."""


def broken(seen: Seen) -> list[str]:
    """Return the laws that a trial broke, each in a sentence."""
    return [sentence for law in LAWS for sentence in law(seen)]


def each_request_ends_in_time(seen: Seen) -> Iterator[str]:
    if seen.late > LATE + seen.stalled:
        yield f"a request ended {seen.late:.2f} s after its timeout"


def each_request_ends_in_its_own_reply_or_an_error_of_ours(seen: Seen) -> Iterator[str]:
    yield from (f"another request's reply: {reply}" for reply in seen.mistaken)
    yield from (f"a foreign exception: {error}" for error in seen.foreign)


def nothing_is_executed_twice(seen: Seen) -> Iterator[str]:
    for executed in seen.executed:
        for command, number in executed.items():
            if number > seen.asked.get(command, 0):
                yield f"{command!r} was executed {number} times and asked {seen.asked.get(command, 0)} times"


def what_was_answered_was_executed(seen: Seen) -> Iterator[str]:
    # A life that was ended by force has told nothing of its last moments.
    if len(seen.executed) == 1:
        for command, number in seen.answered.items():
            if number > (executed := seen.executed[0].get(command, number)):
                yield f"{command!r} was answered {number} times and executed {executed} times"


def no_call_is_left(seen: Seen) -> Iterator[str]:
    yield from (f"call {call!r} is left at the daemon" for call in seen.left)


def what_is_unsettled_can_be_settled(seen: Seen) -> Iterator[str]:
    yield from (f"call {call!r} was settled and deleted, and is at the daemon" for call in seen.unsettled)


def nobody_starves(seen: Seen) -> Iterator[str]:
    if seen.hogged > HOGGED:
        yield f"other tasks had no turn while the loop worked for {seen.hogged:.2f} s"
    if seen.swamped > SWAMPED:
        yield f"other tasks had no turn while {seen.swamped} strays were taken"


def the_client_stays_usable(seen: Seen) -> Iterator[str]:
    if not seen.recovered:
        yield "the client did not reach the daemon again"


def nothing_remains(seen: Seen) -> Iterator[str]:
    yield from (f"{number} more {what} than before" for what, number in seen.remains.items() if number > 0)


LAWS: tuple[Callable[[Seen], Iterator[str]], ...] = (
    each_request_ends_in_time,
    each_request_ends_in_its_own_reply_or_an_error_of_ours,
    nothing_is_executed_twice,
    what_was_answered_was_executed,
    no_call_is_left,
    what_is_unsettled_can_be_settled,
    nobody_starves,
    the_client_stays_usable,
    nothing_remains,
)
