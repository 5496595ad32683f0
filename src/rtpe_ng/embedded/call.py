"""A call: its parties by tag, via-branch and label, who hears whom, and what commands changed in it."""

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
    """There is a recording, be it paused: a query tells of it only then."""
    played_to: set[EngineParty] = attrs.field(factory=set)
    """The parties to whom something was played once: only these can be told to stop."""
    blocked: set[EngineParty] = attrs.field(factory=set)
    """The parties that nothing else goes to while something is played."""
    talkers: set[EngineParty] = attrs.field(factory=set)
    """The parties that have offered or answered: these are meant by ``all`` who are listened to."""
    numbers: dict[tuple[EngineParty, int], int] = attrs.field(factory=dict)
    """The sections of all parties, in the order in which they came."""
    metadata: str | None = None
    """What the proxy said of the call."""
    metadata_of: dict[EngineParty, str] = attrs.field(factory=dict)
    """What the proxy said of a party."""

    def set_metadata(self, text: str | None, party: EngineParty | None = None) -> None:
        """Remember what is said of a party, and so of the call, or of the call alone."""
        if text is None:
            return
        self.metadata = text
        if party is not None:
            self.metadata_of[party] = text

    def number(self, *parties: EngineParty) -> None:
        """Give the next numbers to sections that are new, first to the first one of each party."""
        sections = [(media.index, party) for party in parties for media in party.medias]
        for index, party in sorted(sections, key=lambda it: it[0]):
            self.numbers.setdefault((party, index), len(self.numbers))

    def start(self) -> None:
        """Begin a recording, or go on with it."""
        self.has_recording = True

    def stop(self) -> None:
        """End the recording unless something of it is still wanted."""
        if not (self.is_recorded or self.is_forwarded or self.forwarded):
            self.has_recording = False


@attrs.frozen(kw_only=True, eq=False)
class MediaSubscription:
    """That what a party sends goes to another one."""

    source: EngineParty
    """Who sends."""
    subscriber: EngineParty
    """Who receives."""
    source_section: int = 0
    """Which section of the sender's SDP, counted from 0; always 0 where versions subscribe parties as a whole."""
    subscriber_section: int = 0
    """Which section of the receiver's SDP."""
    offer_answer: bool = False
    """It came from an offer or answer; else from another command."""

    def joins_same(self, other: MediaSubscription) -> bool:
        """Say whether both are of the same sections of the same parties."""
        mine = (self.source, self.subscriber, self.source_section, self.subscriber_section)
        return mine == (other.source, other.subscriber, other.source_section, other.subscriber_section)


@attrs.define(kw_only=True, eq=False, repr=False)
class EngineCall:
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
    parties: list[EngineParty] = attrs.field(factory=list)
    """In the order in which they came, with those that are deleted."""
    tags: dict[str, EngineParty] = attrs.field(factory=dict)
    """The parties by their tags; a party may have more than one, of which its `tag` is the last."""
    branches: dict[str, EngineParty] = attrs.field(factory=dict)
    """The parties by their via-branch."""
    labels: dict[str, EngineParty] = attrs.field(factory=dict)
    """The parties by their label."""
    subscriptions: list[MediaSubscription] = attrs.field(factory=list)
    """Who hears whom; those from offers and answers first, of these the last one first."""
    party_created: dict[EngineParty, float] = attrs.field(factory=dict)
    """When each party came."""
    party_deleted_at: dict[EngineParty, float] = attrs.field(factory=dict)
    """When those parties end whose deletion is delayed."""
    control: CallControl = attrs.field(factory=CallControl)
    """What other commands than offers and answers have changed."""
    finals: set[EngineParty] = attrs.field(factory=set)
    """The parties whose last answer was said to be a final response."""

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
        """Give a party its label; another one that had it is no longer found by it."""
        party.label = label
        self.labels[label] = party

    def subscriptions_of(self, party: EngineParty) -> list[MediaSubscription]:
        """Return to whom a party is subscribed, by its sections."""
        mine = (it for it in self.subscriptions if it.subscriber is party)
        return sorted(mine, key=lambda it: it.subscriber_section)

    def subscribers_of(self, party: EngineParty) -> list[MediaSubscription]:
        """Return who is subscribed to a party, by its sections."""
        mine = (it for it in self.subscriptions if it.source is party)
        return sorted(mine, key=lambda it: it.source_section)

    def sources_of(self, party: EngineParty) -> list[EngineParty]:
        """Return whom a party hears, each once for each of its sections."""
        return [it.source for it in self.subscriptions_of(party)]

    def take(self, other: EngineCall) -> None:
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
        self.control.talkers |= other.control.talkers
        for key in other.control.numbers:
            self.control.numbers.setdefault(key, len(self.control.numbers))

    def end(self, party: EngineParty) -> None:
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
