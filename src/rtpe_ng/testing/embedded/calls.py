"""The call table: calls, and their parties by tag and via-branch."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from .parties import Party
from .steering import Steering
from .subscriptions import Subscriptions

__all__ = ["Call", "Calls", "Party"]


@attrs.define(kw_only=True, eq=False)
class Call:
    """A call and its parties."""

    call_id: str
    created: float
    parties: list[Party] = attrs.field(factory=list)
    subscriptions: Subscriptions = attrs.field(factory=Subscriptions)
    """Who hears whom."""
    steering: Steering = attrs.field(factory=Steering)
    """What other commands than offers and answers have changed."""
    _labels: dict[str, Party] = attrs.field(factory=dict)

    def by_tag(self, tag: str) -> Party | None:
        """Return the party with this tag."""
        return next((party for party in self.parties if party.tag == tag), None)

    def by_label(self, label: str) -> Party | None:
        """Return the party that was last given this label, be it that it has another by now."""
        return self._labels.get(label)

    def set_label(self, party: Party, label: str) -> None:
        """Give a party a label."""
        party.label = label
        self._labels[label] = party

    def add(self, tag: str = "", via_branch: str | None = None) -> Party:
        """Return a new party."""
        party = Party(tag=tag, via_branch=via_branch)
        self.parties.append(party)
        return party


class Calls:
    """All calls, by their Call-ID."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}

    def get(self, call_id: str) -> Call | None:
        """Return the call, or None."""
        return self._calls.get(call_id)

    def create(self, call_id: str, now: float) -> Call:
        """Return a new call."""
        call = self._calls[call_id] = Call(call_id=call_id, created=now)
        return call

    def remove(self, call: Call) -> None:
        """Forget a call."""
        del self._calls[call.call_id]

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls.values())

    def __len__(self) -> int:
        return len(self._calls)
