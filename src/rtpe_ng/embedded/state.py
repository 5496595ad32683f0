"""`State`: everything that an engine keeps from one command to the next: its calls, counters and settings."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import attrs

from .call import EngineCall
from .request import Context, EngineRequest
from .resources import Resources
from .sdp.party import EngineParty
from .sdp.ports import free_ports
from .topology import Topology, topology_of
from .versions import Behaviour

__all__ = ["CallTable", "State", "Tally"]


@attrs.define(kw_only=True)
class Tally:
    """The counters behind ``statistics``."""

    began: float | None = None
    """When the first request came, in seconds since the epoch."""
    counts: Counter[str] = attrs.field(factory=Counter)
    """How often each command was executed, refusals included."""
    errors: int = 0
    """How many replies were errors."""
    rejected: int = 0
    """How many calls were refused because of `State.max_sessions`."""
    durations: list[float] = attrs.field(factory=list)
    """The durations of all calls that have ended, in seconds."""


class CallTable:
    """All calls by their Call-ID, each with its topology.

    `release` is called with each party that ends, `ended` with the duration of each call that ends, in seconds.
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
        """Return the topology of a call."""
        return self._topologies[call]

    def remove(self, call: EngineCall, now: float) -> None:
        """End a call."""
        for name in [name for name, named in self._calls.items() if named is call]:
            del self._calls[name]
        del self._topologies[call]
        for party in call.parties:
            self._release(party)
        self._ended((now if call.last_delete is None else call.last_delete) - call.created)

    def named(self) -> Mapping[str, EngineCall]:
        """Return the calls by all of their Call-IDs: two calls that were merged are one call with two Call-IDs."""
        return self._calls

    def merge(self, call: EngineCall, other: EngineCall) -> None:
        """Merge another call into `call`; the two must have no tag in common."""
        if call is other:
            return
        call.take(other)
        self._topologies[call].take(self._topologies.pop(other))
        self._calls.update({name: call for name, named in self._calls.items() if named is other})

    def expire(self, now: float) -> None:
        """End the parties and calls whose delayed deletion is due."""
        for call in [call for call in self if call.deleted_at is not None or call.party_deleted_at]:
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
    """Called before each new call: whether the engine is overloaded."""
    records: bool = False
    """It acts as a daemon that has a folder for recordings: a query mentions recordings."""
    tally: Tally = attrs.field(factory=Tally)
    """The counters."""
    calls: CallTable = attrs.field(init=False)
    """The call table."""

    def __attrs_post_init__(self) -> None:
        self.calls = CallTable(self.behaviour, self.release, self.tally.durations.append)

    def context(self, request: EngineRequest) -> Context:
        """Return what a request is handled with."""
        return Context.of(request.document, self.resources, self.behaviour)

    def release(self, party: EngineParty) -> None:
        """Free the ports of a party."""
        for media in party.medias:
            free_ports(media, self.resources)
