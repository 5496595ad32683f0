"""Topology as 10.5 keeps it: whole parties are subscribed to each other, and know others by their names."""

from __future__ import annotations

from collections.abc import Callable

from ...wire import Document
from ..call import EngineCall
from ..request import PartyNames
from ..sdp.party import EngineParty
from .base import Deletion, Report, Topology, invalid

__all__ = ["PartyTopology"]


class PartyTopology(Topology):
    """The dialogues of a call whose parties are subscribed to each other."""

    def __init__(self, call: EngineCall, release: Callable[[EngineParty], None]) -> None:
        super().__init__(call, release)
        self._known_tags: dict[EngineParty, set[str]] = {}
        self._known_branches: dict[EngineParty, set[str]] = {}

    def find(self, wanted: PartyNames, now: float) -> tuple[EngineParty, EngineParty]:
        """Return the parties; two that hear each other and nobody else are a dialogue."""
        call = self._call
        receiver = call.by_tag(wanted.receiver) if wanted.receiver is not None else None
        if receiver is None:
            return self._begin(wanted, now)
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
        return sender, receiver

    def _are_a_pair(self, one: EngineParty, other: EngineParty) -> bool:
        """Say whether both hear each other and nobody else."""
        call = self._call
        return call.sources_of(one) == [other] == self._hearers_of(one) and call.sources_of(other) == [
            one
        ] == self._hearers_of(other)

    def _hearers_of(self, party: EngineParty) -> list[EngineParty]:
        return [it.subscriber for it in self._call.subscribers_of(party)]

    def _unnamed(self, receiver: EngineParty, wanted: PartyNames) -> EngineParty | None:
        """Return the party that was made for the branch, whatever its tag, or for the dialogue and has no tag."""
        call = self._call
        branch = call.by_branch(wanted.via_branch) if wanted.via_branch is not None else None
        heard = next(iter(call.sources_of(receiver)), None)
        return branch or (heard if heard is not None and not heard.tag else None)

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
            self._keep_heard(sender)
            hearer = next((it.subscriber for it in call.subscribers_of(sender) if it.offer_answer), None)
            # A tag that nobody has is of a new branch as well.
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
        heard = next((it.source for it in call.subscriptions if it.subscriber is sender and it.offer_answer), None)
        if heard is None:
            # The daemon crashes here; the newer ones say this.
            raise invalid()
        if wanted.receiver is not None and not heard.tag:
            self._tag(heard, wanted.receiver)
            self._introduce(sender)
        return sender, receiver or heard

    def _has_branch(self, sender: EngineParty, via_branch: str) -> bool:
        """Say whether somebody who hears the sender is of this branch; who is of none yet becomes it."""
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
        """Let a party and those who hear it know each other's tags."""
        for hearer in self._hearers_of(party) if party.tag else ():
            self._known_tags.setdefault(party, set()).add(hearer.tag)
            self._known_tags.setdefault(hearer, set()).add(party.tag)

    def _keep(self, party: EngineParty) -> None:
        """Take back the deletion of a party and of all who talk to it."""
        for kept in (party, *self._call.sources_of(party), *self._hearers_of(party)):
            self._call.party_deleted_at.pop(kept, None)

    def _keep_heard(self, party: EngineParty) -> None:
        for kept in (party, *self._call.sources_of(party)):
            self._call.party_deleted_at.pop(kept, None)

    def _pair(self, one: EngineParty, other: EngineParty) -> None:
        """Let both hear each other; who heard them through an offer or answer hears them no more."""
        subscriptions = self._call.subscriptions
        subscriptions[:] = [it for it in subscriptions if not (it.offer_answer and it.source in (one, other))]
        self._subscribe(other, one)
        self._subscribe(one, other)

    def connect(self, sender: EngineParty, receiver: EngineParty, sections: int, *, is_offer: bool) -> None:
        """Do nothing: they are connected when they are found."""

    def delete(self, deletion: Deletion, report: Report) -> tuple[Document, bool]:
        """Delete a party and those who knew nobody else, or the whole call, of which nothing is replied then."""
        said: Document = {}
        if deletion.from_tag:
            party = self._meant(deletion)
            said = report(deletion.from_tag, deletion.to_tag)
            if deletion.delay > 0:
                self._call.party_deleted_at[party] = deletion.now + deletion.delay
                return said, False
            if not self.expire(party):
                return said, False
        if deletion.delay > 0:
            self._call.deleted_at = deletion.now + deletion.delay
        return said, deletion.delay <= 0

    def expire(self, party: EngineParty) -> bool:
        """Delete a party and those who knew nobody else; the call ends when fewer than two tags are left."""
        self._end(party, takes_along=True)
        return len(self._call.tags) < 2 and not self._call.branches

    def _end(self, party: EngineParty, *, takes_along: bool) -> None:
        self._call.end(party)
        for other in self._call.parties:
            if other is not party and self._knew(other, party):
                tags = self._known_tags.setdefault(other, set())
                branches = self._known_branches.setdefault(other, set())
                tags.discard(party.tag)
                branches.discard(party.via_branch or "")
                if takes_along and not tags and not branches:
                    self._end(other, takes_along=False)
        self._release(party)

    def _knew(self, other: EngineParty, party: EngineParty) -> bool:
        """Say whether `other` is to forget a party that ends."""
        if party.tag and other.tag and party.tag not in self._known_tags.get(other, ()):
            return False
        if party.via_branch and not party.tag and party.via_branch not in self._known_branches.get(other, ()):
            return False
        return not (
            not other.tag and other.via_branch and other.via_branch not in self._known_branches.get(party, ())
        )
