"""A call: its parties by tag, via-branch and label, and who hears whom."""

from __future__ import annotations

import attrs

from .rewriting import Party
from .steering import Steering

__all__ = ["Call", "Subscription"]


@attrs.frozen(kw_only=True, eq=False)
class Subscription:
    """That what a party sends goes to another one."""

    source: Party
    """Who sends."""
    subscriber: Party
    """Who receives."""
    source_section: int = 0
    """Which section of the sender's SDP, counted from 0; always 0 where versions subscribe parties as a whole."""
    subscriber_section: int = 0
    """Which section of the receiver's SDP."""
    offer_answer: bool = False
    """It came from an offer or answer; else from another command."""

    def joins_same(self, other: Subscription) -> bool:
        """Say whether both are of the same sections of the same parties."""
        mine = (self.source, self.subscriber, self.source_section, self.subscriber_section)
        return mine == (other.source, other.subscriber, other.source_section, other.subscriber_section)


@attrs.define(kw_only=True, eq=False, repr=False)
class Call:
    """A call, which is a graph: parties, and subscriptions between them."""

    call_id: str
    created: float
    """When, in seconds since the epoch."""
    last_signal: float
    """When the last offer or answer was taken."""
    last_delete: float | None = None
    """When the last ``delete`` was taken, be it of nobody: until then the call counts as having lasted."""
    deleted_at: float | None = None
    """When the whole call ends, after the delay of its deletion."""
    parties: list[Party] = attrs.field(factory=list)
    """In the order in which they came, with those that are deleted."""
    tags: dict[str, Party] = attrs.field(factory=dict)
    """The parties by their tags; a party may have more than one, of which its `tag` is the last."""
    branches: dict[str, Party] = attrs.field(factory=dict)
    """The parties by their via-branch."""
    labels: dict[str, Party] = attrs.field(factory=dict)
    """The parties by their label."""
    subscriptions: list[Subscription] = attrs.field(factory=list)
    """Who hears whom; those from offers and answers first, of these the last one first."""
    party_created: dict[Party, float] = attrs.field(factory=dict)
    """When each party came."""
    party_deleted_at: dict[Party, float] = attrs.field(factory=dict)
    """When those parties end whose deletion is delayed."""
    steering: Steering = attrs.field(factory=Steering)
    """What other commands than offers and answers have changed."""
    finals: set[Party] = attrs.field(factory=set)
    """The parties whose last answer was said to be a final response."""

    def by_tag(self, tag: str) -> Party | None:
        """Return the party with this tag, or None."""
        return self.tags.get(tag)

    def by_branch(self, via_branch: str) -> Party | None:
        """Return the party with this via-branch, or None."""
        return self.branches.get(via_branch)

    def by_label(self, label: str) -> Party | None:
        """Return the party with this label, or None."""
        return self.labels.get(label)

    def add(self, now: float) -> Party:
        """Return a new party, which has no tag yet."""
        party = Party()
        self.parties.append(party)
        self.party_created[party] = now
        return party

    def set_label(self, party: Party, label: str) -> None:
        """Give a party its label; another one that had it is no longer found by it."""
        party.label = label
        self.labels[label] = party

    def subscriptions_of(self, party: Party) -> list[Subscription]:
        """Return to whom a party is subscribed, by its sections."""
        mine = (it for it in self.subscriptions if it.subscriber is party)
        return sorted(mine, key=lambda it: it.subscriber_section)

    def subscribers_of(self, party: Party) -> list[Subscription]:
        """Return who is subscribed to a party, by its sections."""
        mine = (it for it in self.subscriptions if it.source is party)
        return sorted(mine, key=lambda it: it.source_section)

    def sources_of(self, party: Party) -> list[Party]:
        """Return whom a party hears, each once for each of its sections."""
        return [it.source for it in self.subscriptions_of(party)]

    def take(self, other: Call) -> None:
        """Take over all that another call has."""
        self.parties += other.parties
        for mine, theirs in (
            (self.tags, other.tags),
            (self.branches, other.branches),
            (self.labels, other.labels),
        ):
            mine.update(theirs)
        self.subscriptions += other.subscriptions
        self.party_created |= other.party_created
        self.party_deleted_at |= other.party_deleted_at
        self.finals |= other.finals
        self.steering.talkers |= other.steering.talkers
        for key in other.steering.numbers:
            self.steering.numbers.setdefault(key, len(self.steering.numbers))

    def end(self, party: Party) -> None:
        """Let a party be found no more."""
        self.tags.pop(party.tag, None)
        if party.via_branch is not None:
            self.branches.pop(party.via_branch, None)
        self.party_deleted_at.pop(party, None)

    def revive(self, now: float) -> None:
        """Note an offer or answer, which also takes back the deletion of the whole call."""
        self.last_signal = now
        self.deleted_at = None

    def __repr__(self) -> str:
        names = " ".join(it.tag or (f"branch={it.via_branch}" if it.via_branch else "?") for it in self.parties)
        ending = "" if self.deleted_at is None else " deleted"
        return f"<Call {self.call_id!r}: {names}{ending}>"
