"""A call: its parties, the subscriptions between them, and what commands have changed in it.

A call is a graph. Its nodes are parties, which are found by tag, via-branch or label; one tag can name different
parties at different times, and a party can keep former tags. Its edges are subscriptions: what one party sends goes
to another one. An offer and its answer make edges both ways; ``subscribe request``, ``connect`` and injections add
single ones. `topology` decides which edges a message makes; here they are only kept and looked up.
"""

from __future__ import annotations

import attrs

from .sdp.party import EngineParty

__all__ = ["CallControl", "EngineCall", "MediaSubscription"]


@attrs.define(kw_only=True)
class CallControl:
    """What a call is told to do beside connecting its parties."""

    is_recorded: bool = False
    """It is being recorded now."""
    is_forwarded: bool = False
    """The audio of the whole call is being forwarded."""
    forwarded: set[EngineParty] = attrs.field(factory=set)
    """The parties whose audio is being forwarded."""
    has_recording: bool = False
    """There is a recording, which may be paused. Only then does a query mention recording."""
    played_to: set[EngineParty] = attrs.field(factory=set)
    """The parties that something was played to: playing can be stopped for these only."""
    blocked: set[EngineParty] = attrs.field(factory=set)
    """The parties that receive nothing else while something is played to them."""
    talkers: set[EngineParty] = attrs.field(factory=set)
    """The parties that have offered or answered: a subscription to ``all`` is to these."""
    numbers: dict[tuple[EngineParty, int], int] = attrs.field(factory=dict)
    """The numbers of all sections, by party and index, in the order in which the sections came."""
    metadata: str | None = None
    """The metadata of the call."""
    metadata_of: dict[EngineParty, str] = attrs.field(factory=dict)
    """The metadata of single parties."""

    def set_metadata(self, text: str | None, party: EngineParty | None = None) -> None:
        """Set the metadata of the call, and of a party where one is given; None changes nothing."""
        if text is None:
            return
        self.metadata = text
        if party is not None:
            self.metadata_of[party] = text

    def number(self, *parties: EngineParty) -> None:
        """Give numbers to the new sections of these parties: to the first of each, then to the second of each."""
        sections = [(media.index, party) for party in parties for media in party.medias]
        for index, party in sorted(sections, key=lambda section: section[0]):
            self.numbers.setdefault((party, index), len(self.numbers))

    def start(self) -> None:
        """Begin or resume a recording."""
        self.has_recording = True

    def stop(self) -> None:
        """End the recording unless the call or a party is still recorded or forwarded."""
        if not (self.is_recorded or self.is_forwarded or self.forwarded):
            self.has_recording = False


@attrs.frozen(kw_only=True, eq=False)
class MediaSubscription:
    """One direction of media: what the source sends goes to the subscriber."""

    source: EngineParty
    """The party that sends."""
    subscriber: EngineParty
    """The party that receives."""
    source_section: int = 0
    """The section of the source's SDP, counted from 0; always 0 where a version subscribes whole parties."""
    subscriber_section: int = 0
    """The section of the subscriber's SDP, counted from 0."""
    offer_answer: bool = False
    """It came from an offer or answer; else from another command."""

    def joins_same(self, other: MediaSubscription) -> bool:
        """Say whether both join the same sections of the same parties."""
        mine = (self.source, self.subscriber, self.source_section, self.subscriber_section)
        return mine == (other.source, other.subscriber, other.source_section, other.subscriber_section)


@attrs.define(kw_only=True, eq=False, repr=False)
class EngineCall:
    """A call: its parties and the subscriptions between them."""

    call_id: str
    """The SIP Call-ID."""
    created: float
    """When it was created, in seconds since the epoch."""
    last_signal: float
    """When the last offer or answer was taken."""
    last_delete: float | None = None
    """When the last ``delete`` came, even one that named no party of the call: the statistics count until then."""
    deleted_at: float | None = None
    """When the whole call ends, where its deletion is delayed."""
    parties: list[EngineParty] = attrs.field(factory=list)
    """All parties in the order in which they came, including deleted ones."""
    tags: dict[str, EngineParty] = attrs.field(factory=dict)
    """The parties by their tags. A party may have several; its `tag` is the last of them."""
    branches: dict[str, EngineParty] = attrs.field(factory=dict)
    """The parties by their via-branch."""
    labels: dict[str, EngineParty] = attrs.field(factory=dict)
    """The parties by their label."""
    subscriptions: list[MediaSubscription] = attrs.field(factory=list)
    """The edges: first those from offers and answers, newest first, then all others."""
    party_created: dict[EngineParty, float] = attrs.field(factory=dict)
    """When each party was created, in seconds since the epoch."""
    party_deleted_at: dict[EngineParty, float] = attrs.field(factory=dict)
    """When the parties end whose deletion is delayed, in seconds since the epoch."""
    control: CallControl = attrs.field(factory=CallControl)
    """What commands other than offers and answers have changed."""
    finals: set[EngineParty] = attrs.field(factory=set)
    """The parties whose last answer came in a final SIP response."""

    def by_tag(self, tag: str) -> EngineParty | None:
        """Return the party with this tag, or None."""
        return self.tags.get(tag)

    def by_branch(self, via_branch: str) -> EngineParty | None:
        """Return the party with this via-branch, or None."""
        return self.branches.get(via_branch)

    def by_label(self, label: str) -> EngineParty | None:
        """Return the party with this label, or None."""
        return self.labels.get(label)

    def add(self, now: float) -> EngineParty:
        """Return a new party, which has no tag yet."""
        party = EngineParty()
        self.parties.append(party)
        self.party_created[party] = now
        return party

    def set_label(self, party: EngineParty, label: str) -> None:
        """Give a party its label; a party that had the same label is no longer found by it."""
        party.label = label
        self.labels[label] = party

    def subscriptions_of(self, party: EngineParty) -> list[MediaSubscription]:
        """Return the subscriptions through which a party receives, in the order of its sections."""
        edges = (edge for edge in self.subscriptions if edge.subscriber is party)
        return sorted(edges, key=lambda edge: edge.subscriber_section)

    def subscribers_of(self, party: EngineParty) -> list[MediaSubscription]:
        """Return the subscriptions through which a party sends, in the order of its sections."""
        edges = (edge for edge in self.subscriptions if edge.source is party)
        return sorted(edges, key=lambda edge: edge.source_section)

    def sources_of(self, party: EngineParty) -> list[EngineParty]:
        """Return the parties that a party hears, once for each section."""
        return [edge.source for edge in self.subscriptions_of(party)]

    def take(self, other: EngineCall) -> None:
        """Take over the parties and subscriptions of another call."""
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
        self.control.talkers |= other.control.talkers
        for key in other.control.numbers:
            self.control.numbers.setdefault(key, len(self.control.numbers))

    def end(self, party: EngineParty) -> None:
        """Remove a party from the tables by which parties are found."""
        self.tags.pop(party.tag, None)
        if party.via_branch is not None:
            self.branches.pop(party.via_branch, None)
        self.party_deleted_at.pop(party, None)

    def revive(self, now: float) -> None:
        """Note an offer or answer, which also cancels a delayed deletion of the whole call."""
        self.last_signal = now
        self.deleted_at = None

    def __repr__(self) -> str:
        names = " ".join(
            party.tag or (f"branch={party.via_branch}" if party.via_branch else "?") for party in self.parties
        )
        ending = "" if self.deleted_at is None else " deleted"
        return f"<Call {self.call_id!r}: {names}{ending}>"
