"""The call table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .call import Call, Subscription
from .dialogues import Dialogues, dialogues_of
from .rewriting import Party
from .versions import Behaviour

__all__ = ["Call", "Calls", "Party", "Subscription"]


class Calls:
    """All calls, by their Call-ID.

    `release` is told of each party that ends, `ended` of each call, and for how many seconds it lasted.
    """

    def __init__(
        self, behaviour: Behaviour, release: Callable[[Party], None], ended: Callable[[float], None]
    ) -> None:
        self._behaviour = behaviour
        self._release = release
        self._ended = ended
        self._calls: dict[str, Call] = {}
        self._dialogues: dict[Call, Dialogues] = {}

    def get(self, call_id: str) -> Call | None:
        """Return the call, or None."""
        return self._calls.get(call_id)

    def create(self, call_id: str, now: float) -> Call:
        """Return a new call."""
        call = self._calls[call_id] = Call(call_id=call_id, created=now, last_signal=now)
        self._dialogues[call] = dialogues_of(call, self._behaviour, self._release)
        return call

    def dialogues(self, call: Call) -> Dialogues:
        """Return who talks to whom in a call."""
        return self._dialogues[call]

    def remove(self, call: Call, now: float) -> None:
        """End a call."""
        for name in [name for name, it in self._calls.items() if it is call]:
            del self._calls[name]
        del self._dialogues[call]
        for party in call.parties:
            self._release(party)
        self._ended((now if call.last_delete is None else call.last_delete) - call.created)

    def named(self) -> Mapping[str, Call]:
        """Return the calls by all their names: of two calls that became one, that one has both."""
        return self._calls

    def merge(self, call: Call, other: Call) -> None:
        """Let another call, which has none of its tags, be a part of this one."""
        if call is other:
            return
        call.take(other)
        self._dialogues[call].take(self._dialogues.pop(other))
        self._calls.update({name: call for name, it in self._calls.items() if it is other})

    def expire(self, now: float) -> None:
        """End the parties and calls whose delay of deletion is over."""
        for call in [it for it in self if it.deleted_at is not None or it.party_deleted_at]:
            if call.deleted_at is not None and now >= call.deleted_at:
                self.remove(call, now)
                continue
            due = [party for party in call.parties if call.party_deleted_at.get(party, now + 1) <= now]
            if any(self.dialogues(call).expire(party) for party in due):
                self.remove(call, now)

    def __iter__(self) -> Iterator[Call]:
        return iter(dict.fromkeys(self._calls.values()))

    def __len__(self) -> int:
        return len(self._dialogues)

    def __repr__(self) -> str:
        return f"<Calls {list(self)}>"
