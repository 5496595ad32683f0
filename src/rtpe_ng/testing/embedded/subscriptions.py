"""`Subscriptions`: who of a call hears whom."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from .parties import Party

__all__ = ["Subscription", "Subscriptions"]


@attrs.frozen(kw_only=True, eq=False)
class Subscription:
    """One party hears another."""

    listener: Party
    """Who hears."""
    source: Party
    """Who is heard."""
    is_offer_answer: bool
    """It came about by an offer and its answer, not by a request to subscribe."""


class Subscriptions:
    """All subscriptions of a call, in the order in which they came about."""

    def __init__(self) -> None:
        self._all: list[Subscription] = []

    def add(self, listener: Party, source: Party, *, is_offer_answer: bool) -> None:
        """Let `listener` hear `source` from now on; a subscription of the two that there was is replaced."""
        kept = [it for it in self._all if (it.listener, it.source) != (listener, source)]
        self._all = [*kept, Subscription(listener=listener, source=source, is_offer_answer=is_offer_answer)]

    def connect(self, one: Party, other: Party) -> None:
        """Let two parties hear each other, as after an offer, and nobody else through an offer."""
        for party, peer in ((one, other), (other, one)):
            self._all = [it for it in self._all if it.listener is not party or it.source is peer]
            self.add(party, peer, is_offer_answer=True)

    def forget(self, party: Party) -> None:
        """End all of a party's, in both directions."""
        self._all = [it for it in self._all if party not in (it.listener, it.source)]

    def unsubscribe(self, listener: Party) -> None:
        """Let `listener` hear nobody."""
        self._all = [it for it in self._all if it.listener is not listener]

    def of_listener(self, listener: Party) -> list[Subscription]:
        """Return whom a party hears."""
        return [it for it in self._all if it.listener is listener]

    def of_source(self, source: Party) -> list[Subscription]:
        """Return who hears a party."""
        return [it for it in self._all if it.source is source]

    def hears(self, listener: Party, source: Party) -> bool:
        """Tell whether a party hears another."""
        return any(it.source is source for it in self.of_listener(listener))

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._all)
