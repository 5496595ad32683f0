"""Topology as the versions since 12.5 keep it: each media section is subscribed to a section of the other party.

Beside the subscriptions, which say where media goes, each party remembers its partners: all parties that it has
ever exchanged offers and answers with. A party ends when its last partner has ended.
"""

from collections.abc import Callable

from ...wire import Document
from ..call import EngineCall
from ..request import PartyNames
from ..sdp.party import EngineParty
from ..versions import Behaviour
from .base import Deletion, Report, Topology, invalid

__all__ = ["SectionTopology"]


class SectionTopology(Topology):
    """The topology of a call whose media sections are subscribed to each other."""

    def __init__(self, call: EngineCall, release: Callable[[EngineParty], None], behaviour: Behaviour) -> None:
        super().__init__(call, release)
        self._behaviour = behaviour
        self._partners: dict[EngineParty, list[EngineParty]] = {}

    def take(self, other: Topology) -> None:
        """Take over the partners of the parties of another call."""
        if isinstance(other, SectionTopology):
            self._partners |= other._partners

    def _continue(self, wanted: PartyNames, receiver: EngineParty, now: float) -> EngineParty:
        """Return the sender; parties that hear each other in any section are a dialogue."""
        call = self._call
        sender = call.by_tag(wanted.sender)
        if sender is None or receiver not in call.sources_of(sender):
            sender = sender or self._unnamed(receiver, wanted) or call.add(now)
            if sender is receiver:
                raise invalid()
            self._tag(sender, wanted.sender)
        self._associate(sender, receiver)
        return sender

    def _unnamed(self, receiver: EngineParty, wanted: PartyNames) -> EngineParty | None:
        """Return the party that was created for the branch or for the dialogue, if it may take this tag."""
        call = self._call
        party = call.by_branch(wanted.via_branch) if wanted.via_branch is not None else None
        if party is None:
            edges = call.subscriptions_of(receiver)
            if not self._behaviour.keeps_branches_connected:
                edges = [edge for edge in edges if edge.subscriber_section == 0]
            party = edges[0].source if edges else None
        may_take = party is not None and (not party.tag or self._may_rename(party, wanted))
        return party if may_take else None

    def _may_rename(self, party: EngineParty, wanted: PartyNames) -> bool:
        if not self._behaviour.keeps_former_tags or not wanted.is_answer or wanted.is_new_branch:
            return False
        return wanted.is_provisional or party not in self._call.finals

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
            if wanted.receiver is None and wanted.via_branch is not None:
                receiver = call.by_branch(wanted.via_branch)
            # An unknown tag belongs to a new branch, too.
            is_branch = wanted.receiver is not None or (wanted.via_branch is not None and receiver is None)
        if is_branch:
            receiver = call.add(now)
            if wanted.via_branch:
                receiver.via_branch = wanted.via_branch
                call.branches[wanted.via_branch] = receiver
        if not (is_branch and self._behaviour.keeps_branches_connected):
            receiver = self._first_source(sender, wanted.receiver, receiver)
        if receiver is None:
            raise invalid()
        self._associate(sender, receiver)
        return sender, receiver

    def _first_source(
        self, sender: EngineParty, tag: str | None, receiver: EngineParty | None
    ) -> EngineParty | None:
        """Give the receiver's tag to the party that the sender hears in its first section.

        Return that party, or the receiver where there is one already.
        """
        edges = [edge for edge in self._call.subscriptions_of(sender) if edge.offer_answer]
        if not edges:
            return receiver
        first = edges[0].source
        if tag is not None and (not first.tag or self._behaviour.keeps_former_tags):
            self._tag(first, tag)
        return receiver or first

    def _tag(self, party: EngineParty, tag: str) -> None:
        former = party.tag
        super()._tag(party, tag)
        if former and self._behaviour.keeps_former_tags:
            self._call.tags[former] = party

    def _associate(self, one: EngineParty, other: EngineParty) -> None:
        for party, partner in ((one, other), (other, one)):
            self._call.party_deleted_at.pop(party, None)
            partners = self._partners.setdefault(party, [])
            if partner not in partners:
                partners.append(partner)

    def connect(self, sender: EngineParty, receiver: EngineParty, sections: int, *, is_offer: bool) -> None:
        """Subscribe each section of one to the same section of the other."""
        keeps_branches = self._behaviour.keeps_branches_connected
        for section in range(sections):
            if not keeps_branches and self._hear_each_other(sender, receiver, section):
                continue
            if not (is_offer and keeps_branches):
                self._disconnect(sender, section)
            self._disconnect(receiver, section)
            self._subscribe(sender, receiver, section)
            self._subscribe(receiver, sender, section)

    def _hear_each_other(self, one: EngineParty, other: EngineParty, section: int) -> bool:
        return any(
            {edge.source, edge.subscriber} == {one, other} and edge.source_section == section
            for edge in self._call.subscriptions
        )

    def _disconnect(self, party: EngineParty, section: int) -> None:
        """Remove the subscriptions of a section that offers and answers made, in both directions."""
        mine = (party, section)
        subscriptions = self._call.subscriptions
        others = {
            (edge.subscriber, edge.subscriber_section)
            for edge in subscriptions
            if (edge.source, edge.source_section) == mine and edge.offer_answer
        }
        for edge in list(subscriptions):
            source, subscriber = (edge.source, edge.source_section), (edge.subscriber, edge.subscriber_section)
            if (source == mine and subscriber in others) or (subscriber == mine and source in others):
                subscriptions.remove(edge)

    def delete(self, deletion: Deletion, report: Report) -> tuple[Document, bool]:
        """Delete a party and those whose last partner it was, or the whole call when no partners remain."""
        if deletion.from_tag:
            self._end(self._party_to_delete(deletion), deletion)
            if any(self._partners.values()):
                return report(deletion.from_tag, deletion.to_tag), False
        if self._behaviour.reports_whole_call_when_deleted:
            reply = report(None, None)
        else:
            reply = report(deletion.from_tag, deletion.to_tag)
        if deletion.delay > 0:
            self._call.deleted_at = deletion.now + deletion.delay
        return reply, deletion.delay <= 0

    def _end(self, party: EngineParty, deletion: Deletion) -> None:
        """End a party, and those whose last partner it was."""
        lonely = []
        for partner in self._partners.pop(party, []):
            self._partners[partner].remove(party)
            if not self._partners[partner]:
                lonely.append(partner)
        for ending in (party, *lonely):
            if deletion.delay > 0:
                self._call.party_deleted_at[ending] = deletion.now + deletion.delay
            else:
                self.expire(ending)

    def forget(self, party: EngineParty) -> None:
        """Forget the partners of a party."""
        for partner in self._partners.pop(party, []):
            self._partners[partner].remove(party)

    def expire(self, party: EngineParty) -> bool:
        """Delete a party; the call ends by its own delay."""
        self.forget(party)
        self._call.end(party)
        self._release(party)
        return False
