"""Topology as 10.5 keeps it: whole parties are subscribed to each other.

Each party also remembers the tags and branches of its partners. A party ends together with its last known partner,
so that deleting one branch of a fork leaves the caller and the other branches.
"""

from collections.abc import Callable

from ...wire import Document
from ..call import EngineCall
from ..request import PartyNames
from ..sdp.party import EngineParty
from .base import Deletion, Report, Topology, invalid

__all__ = ["PartyTopology"]


class PartyTopology(Topology):
    """The topology of a call whose parties are subscribed to each other as a whole."""

    def __init__(self, call: EngineCall, release: Callable[[EngineParty], None]) -> None:
        super().__init__(call, release)
        self._known_tags: dict[EngineParty, set[str]] = {}
        self._known_branches: dict[EngineParty, set[str]] = {}

    def _continue(self, wanted: PartyNames, receiver: EngineParty, now: float) -> EngineParty:
        """Return the sender; two parties that hear each other and no other party are a dialogue."""
        call = self._call
        sender = call.by_tag(wanted.sender)
        if sender is None or not self._are_a_pair(sender, receiver):
            sender = sender or self._unnamed(receiver, wanted) or call.add(now)
            if sender.tag != wanted.sender or not sender.tag:
                self._tag(sender, wanted.sender)
            self._keep(sender)
            self._keep(receiver)
            self._pair(sender, receiver)
            self._introduce(sender)
        self._keep(sender)
        return sender

    def _are_a_pair(self, one: EngineParty, other: EngineParty) -> bool:
        """Say whether both hear each other and no other party."""
        call = self._call
        return call.sources_of(one) == [other] == self._hearers_of(one) and call.sources_of(other) == [
            one
        ] == self._hearers_of(other)

    def _hearers_of(self, party: EngineParty) -> list[EngineParty]:
        return [edge.subscriber for edge in self._call.subscribers_of(party)]

    def _unnamed(self, receiver: EngineParty, wanted: PartyNames) -> EngineParty | None:
        """Return the party that was created for the branch, or the one for the dialogue if it has no tag yet."""
        call = self._call
        branch = call.by_branch(wanted.via_branch) if wanted.via_branch is not None else None
        source = next(iter(call.sources_of(receiver)), None)
        return branch or (source if source is not None and not source.tag else None)

    def _begin(self, wanted: PartyNames, now: float) -> tuple[EngineParty, EngineParty]:
        """Return the parties of an offer that begins a dialogue, or another branch of one."""
        call = self._call
        receiver: EngineParty | None = None
        sender = call.by_tag(wanted.sender)
        if sender is None:
            sender = call.add(now)
            self._tag(sender, wanted.sender)
            is_branch = True
        else:
            self._keep_sources(sender)
            hearer = next((edge.subscriber for edge in call.subscribers_of(sender) if edge.offer_answer), None)
            # An unknown tag belongs to a new branch, too.
            is_branch = hearer is not None and wanted.receiver not in (None, hearer.tag)
            if not is_branch and wanted.via_branch is not None and not self._has_branch(sender, wanted.via_branch):
                receiver = call.by_branch(wanted.via_branch)
                is_branch = receiver is None
                if receiver is not None:
                    self._call.party_deleted_at.pop(receiver, None)
                    self._pair(sender, receiver)
        if is_branch:
            receiver = call.add(now)
            self._pair(sender, receiver)
            self._set_branch(receiver, wanted.via_branch)
        edges = (edge for edge in call.subscriptions if edge.subscriber is sender and edge.offer_answer)
        source = next((edge.source for edge in edges), None)
        if source is None:
            # A daemon of this version crashes here. This is the reply of newer ones.
            raise invalid()
        if wanted.receiver is not None and not source.tag:
            self._tag(source, wanted.receiver)
            self._introduce(sender)
        return sender, receiver or source

    def _has_branch(self, sender: EngineParty, via_branch: str) -> bool:
        """Say whether a party that hears the sender is of this branch; one without a branch gets it."""
        for hearer in self._hearers_of(sender):
            if hearer.via_branch is None:
                self._set_branch(hearer, via_branch)
                return True
            if hearer.via_branch == via_branch:
                return True
        return False

    def _set_branch(self, party: EngineParty, via_branch: str | None) -> None:
        if not via_branch:
            return
        call = self._call
        if party.via_branch is not None:
            call.branches.pop(party.via_branch, None)
            for hearer in self._hearers_of(party):
                self._known_branches.get(hearer, set()).discard(party.via_branch)
        party.via_branch = via_branch
        call.branches[via_branch] = party
        for hearer in self._hearers_of(party):
            self._known_branches.setdefault(hearer, set()).add(via_branch)

    def _introduce(self, party: EngineParty) -> None:
        """Let a party and the parties that hear it know each other's tags."""
        for hearer in self._hearers_of(party) if party.tag else ():
            self._known_tags.setdefault(party, set()).add(hearer.tag)
            self._known_tags.setdefault(hearer, set()).add(party.tag)

    def _keep(self, party: EngineParty) -> None:
        """Cancel the delayed deletion of a party and of its partners."""
        for kept in (party, *self._call.sources_of(party), *self._hearers_of(party)):
            self._call.party_deleted_at.pop(kept, None)

    def _keep_sources(self, party: EngineParty) -> None:
        for kept in (party, *self._call.sources_of(party)):
            self._call.party_deleted_at.pop(kept, None)

    def _pair(self, one: EngineParty, other: EngineParty) -> None:
        """Connect both parties; those that heard either of them through an offer or answer hear it no longer."""
        subscriptions = self._call.subscriptions
        subscriptions[:] = [
            edge for edge in subscriptions if not (edge.offer_answer and edge.source in (one, other))
        ]
        self._subscribe(other, one)
        self._subscribe(one, other)

    def connect(self, sender: EngineParty, receiver: EngineParty, sections: int, *, is_offer: bool) -> None:
        """Do nothing: finding the parties has connected them."""

    def delete(self, deletion: Deletion, report: Report) -> tuple[Document, bool]:
        """Delete a party and those that knew no other party, or the whole call, whose reply is empty."""
        reply: Document = {}
        if deletion.from_tag:
            party = self._party_to_delete(deletion)
            reply = report(deletion.from_tag, deletion.to_tag)
            if deletion.delay > 0:
                self._call.party_deleted_at[party] = deletion.now + deletion.delay
                return reply, False
            if not self.expire(party):
                return reply, False
        if deletion.delay > 0:
            self._call.deleted_at = deletion.now + deletion.delay
        return reply, deletion.delay <= 0

    def expire(self, party: EngineParty) -> bool:
        """Delete a party and those that knew no other party; the call ends with fewer than two tags."""
        self._end(party, with_partners=True)
        return len(self._call.tags) < 2 and not self._call.branches

    def _end(self, party: EngineParty, *, with_partners: bool) -> None:
        self._call.end(party)
        for other in self._call.parties:
            if other is not party and self._knew(other, party):
                tags = self._known_tags.setdefault(other, set())
                branches = self._known_branches.setdefault(other, set())
                tags.discard(party.tag)
                branches.discard(party.via_branch or "")
                if with_partners and not tags and not branches:
                    self._end(other, with_partners=False)
        self._release(party)

    def _knew(self, other: EngineParty, party: EngineParty) -> bool:
        """Say whether `other` has known a party that ends, and must forget it."""
        if party.tag and other.tag and party.tag not in self._known_tags.get(other, ()):
            return False
        if party.via_branch and not party.tag and party.via_branch not in self._known_branches.get(other, ()):
            return False
        return not (
            not other.tag and other.via_branch and other.via_branch not in self._known_branches.get(party, ())
        )
