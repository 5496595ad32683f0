"""`State`: all that an engine keeps between two commands: its calls and its counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import attrs

from .call import EngineCall
from .request import Context, Request
from .resources import Resources
from .sdp.party import EngineParty
from .topology import Topology, topology_of
from .versions import Behaviour

__all__ = ["CallTable", "State", "Tally"]


@attrs.define(kw_only=True)
class Tally:
    """What the figures are made of."""

    began: float | None = None
    """When the first request came."""
    counts: Counter[str] = attrs.field(factory=Counter)
    """How often each command was executed, refusals included."""
    errors: int = 0
    """How often the reply was an error."""
    rejected: int = 0
    """How many calls were refused, because the engine was full."""
    durations: list[float] = attrs.field(factory=list)
    """How long the calls lasted that ended, in seconds."""


class CallTable:
    """All calls, by their Call-ID.

    `release` is told of each party that ends, `ended` of each call, and for how many seconds it lasted.
    """

    def __init__(
        self, behaviour: Behaviour, release: Callable[[EngineParty], None], ended: Callable[[float], None]
    ) -> None:
        self._behaviour = behaviour
        self._release = release
        self._ended = ended
        self._calls: dict[str, EngineCall] = {}
        self._topologies: dict[EngineCall, Topology] = {}

    def get(self, call_id: str) -> EngineCall | None:
        """Return the call, or None."""
        return self._calls.get(call_id)

    def create(self, call_id: str, now: float) -> EngineCall:
        """Return a new call."""
        call = self._calls[call_id] = EngineCall(call_id=call_id, created=now, last_signal=now)
        self._topologies[call] = topology_of(call, self._behaviour, self._release)
        return call

    def topology(self, call: EngineCall) -> Topology:
        """Return who talks to whom in a call."""
        return self._topologies[call]

    def remove(self, call: EngineCall, now: float) -> None:
        """End a call."""
        for name in [name for name, it in self._calls.items() if it is call]:
            del self._calls[name]
        del self._topologies[call]
        for party in call.parties:
            self._release(party)
        self._ended((now if call.last_delete is None else call.last_delete) - call.created)

    def named(self) -> Mapping[str, EngineCall]:
        """Return the calls by all their names: of two calls that became one, that one has both."""
        return self._calls

    def merge(self, call: EngineCall, other: EngineCall) -> None:
        """Let another call, which has none of its tags, be a part of this one."""
        if call is other:
            return
        call.take(other)
        self._topologies[call].take(self._topologies.pop(other))
        self._calls.update({name: call for name, it in self._calls.items() if it is other})

    def expire(self, now: float) -> None:
        """End the parties and calls whose delay of deletion is over."""
        for call in [it for it in self if it.deleted_at is not None or it.party_deleted_at]:
            if call.deleted_at is not None and now >= call.deleted_at:
                self.remove(call, now)
                continue
            due = [party for party in call.parties if call.party_deleted_at.get(party, now + 1) <= now]
            if any(self.topology(call).expire(party) for party in due):
                self.remove(call, now)

    def __iter__(self) -> Iterator[EngineCall]:
        return iter(dict.fromkeys(self._calls.values()))

    def __len__(self) -> int:
        return len(self._topologies)

    def __repr__(self) -> str:
        return f"<Calls {list(self)}>"


@attrs.define(kw_only=True)
class State:
    """What commands read and change."""

    behaviour: Behaviour
    """How the version does it."""
    resources: Resources = attrs.field(factory=Resources)
    """What it gives to calls: addresses, ports, names and keys."""
    delete_delay: float = 30.0
    """For how long a call goes on after its ``delete``, in seconds, where that does not say it."""
    max_sessions: int | None = None
    """How many calls there may be; None for any number."""
    has_no_room: Callable[[], bool] = bool
    """Asked before each new call whether the engine has too much to do already."""
    records: bool = False
    """It does as a daemon that has a folder for recordings: a query tells of them."""
    tally: Tally = attrs.field(factory=Tally)
    """What is counted."""
    calls: CallTable = attrs.field(init=False)
    """The call table."""

    def __attrs_post_init__(self) -> None:
        self.calls = CallTable(self.behaviour, self.release, self.tally.durations.append)

    def context(self, request: Request) -> Context:
        """Return what a request is handled with."""
        return Context.of(request.document, self.resources, self.behaviour)

    def release(self, party: EngineParty) -> None:
        """Take back what a party was given."""
        for media in party.medias:
            for ports in media.maps:
                self.resources.free(ports.port)
