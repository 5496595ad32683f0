"""Topology as the versions since 12.5 keep it: the sections of the SDPs are subscribed to each other.

Beside the subscriptions, which say where media goes, each party remembers whom it ever talked to: a party that
has nobody left ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from ...wire import Document
from ..call import EngineCall
from ..request import PartyNames
from ..sdp.party import EngineParty
from ..versions import Behaviour
from .base import Deletion, Report, Topology, invalid

__all__ = ["SectionTopology"]


class SectionTopology(Topology):
    """The dialogues of a call whose sections are subscribed to each other."""

    def __init__(self, call: EngineCall, release: Callable[[EngineParty], None], behaviour: Behaviour) -> None:
        super().__init__(call, release)
        self._behaviour = behaviour
        self._partners: dict[EngineParty, list[EngineParty]] = {}

    def take(self, other: Self) -> None:
        """Take over whom the parties of another call talked to."""
        self._partners |= other._partners

    def find(self, wanted: PartyNames, now: float) -> tuple[EngineParty, EngineParty]:
        """Return the parties; who is heard in a section belongs to the dialogue."""
        call = self._call
        receiver = call.by_tag(wanted.receiver) if wanted.receiver is not None else None
        if receiver is None:
            return self._begin(wanted, now)
        sender = call.by_tag(wanted.sender)
        if sender is None or receiver not in call.sources_of(sender):
            sender = sender or self._unnamed(receiver, wanted) or call.add(now)
            if sender is receiver:
                raise invalid()
            self._tag(sender, wanted.sender)
        self._associate(sender, receiver)
        return sender, receiver

    def _unnamed(self, receiver: EngineParty, wanted: PartyNames) -> EngineParty | None:
        """Return the party that was made for the branch or for the dialogue, and may take a tag."""
        call = self._call
        party = call.by_branch(wanted.via_branch) if wanted.via_branch is not None else None
        if party is None:
            heard = [it for it in call.subscriptions if it.subscriber is receiver]
            if not self._behaviour.keeps_branches_connected:
                heard = [it for it in heard if it.subscriber_section == 0]
            party = min(heard, key=lambda it: it.subscriber_section).source if heard else None
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
            # A tag that nobody has is of a new branch as well.
            is_branch = wanted.receiver is not None or (wanted.via_branch is not None and receiver is None)
        if is_branch:
            receiver = call.add(now)
            if wanted.via_branch:
                receiver.via_branch = wanted.via_branch
                call.branches[wanted.via_branch] = receiver
        if not (is_branch and self._behaviour.keeps_branches_connected):
            receiver = self._heard_first(sender, wanted.receiver, receiver)
        if receiver is None:
            raise invalid()
        self._associate(sender, receiver)
        return sender, receiver

    def _heard_first(
        self, sender: EngineParty, tag: str | None, receiver: EngineParty | None
    ) -> EngineParty | None:
        """Give whom the sender hears first the receiver's tag; return it unless there is a receiver."""
        heard = [it for it in self._call.subscriptions if it.subscriber is sender and it.offer_answer]
        if not heard:
            return receiver
        first = min(heard, key=lambda it: it.subscriber_section).source
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
            {it.source, it.subscriber} == {one, other} and it.source_section == section
            for it in self._call.subscriptions
        )

    def _disconnect(self, party: EngineParty, section: int) -> None:
        """End what a section has from offers and answers, both ways."""
        mine = (party, section)
        subscriptions = self._call.subscriptions
        others = {
            (it.subscriber, it.subscriber_section)
            for it in subscriptions
            if (it.source, it.source_section) == mine and it.offer_answer
        }
        subscriptions[:] = [
            it
            for it in subscriptions
            if not ((it.source, it.source_section) == mine and (it.subscriber, it.subscriber_section) in others)
            and not ((it.subscriber, it.subscriber_section) == mine and (it.source, it.source_section) in others)
        ]

    def delete(self, deletion: Deletion, report: Report) -> tuple[Document, bool]:
        """Delete a party and whoever then has nobody left, or all when nobody is left at all."""
        if deletion.from_tag:
            self._end(self._meant(deletion), deletion)
            if any(self._partners.values()):
                return report(deletion.from_tag, deletion.to_tag), False
        if self._behaviour.reports_whole_call_when_deleted:
            said = report(None, None)
        else:
            said = report(deletion.from_tag, deletion.to_tag)
        if deletion.delay > 0:
            self._call.deleted_at = deletion.now + deletion.delay
        return said, deletion.delay <= 0

    def _end(self, party: EngineParty, deletion: Deletion) -> None:
        """End a party, and whoever then has nobody left to talk to."""
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
        """Forget whom a party talked to."""
        for partner in self._partners.pop(party, []):
            self._partners[partner].remove(party)

    def expire(self, party: EngineParty) -> bool:
        """Delete a party; the call ends by its own delay."""
        self.forget(party)
        self._call.end(party)
        self._release(party)
        return False
