"""What both topologies have in common: the interface, finding the party to delete, tags and subscriptions.

An offer names its sender by ``from-tag``, its receiver by ``to-tag`` where that is known, and a branch of the
callee by ``via-branch``. A party exists before its tag is known: the receiver of the first offer has none until it
answers. Finding the parties of a message therefore means to find the party that has the tag, or the one that was
made for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

import attrs

from ...wire import Document
from ..call import EngineCall, MediaSubscription
from ..errors import Refused
from ..request import PartyNames
from ..sdp.party import EngineParty

__all__ = ["Deletion", "NoSuchParty", "Report", "Topology", "invalid"]

Report: TypeAlias = Callable[[str | None, str | None], Document]
"""Takes the tags of offerer and answerer, returns what a ``query`` would reply now."""


@attrs.frozen(kw_only=True)
class Deletion:
    """What a ``delete`` names, and when it takes effect."""

    from_tag: str | None
    """The tag of the party that offered."""
    to_tag: str | None
    """The tag of the party to delete."""
    via_branch: str | None
    """The branch to delete."""
    delay: float
    """After how many seconds it takes effect."""
    now: float
    """When the command came, in seconds since the epoch."""


class NoSuchParty(Exception):
    """A ``delete`` names no party of a call."""


class Topology(ABC):
    """The parties of a call: finds or creates those of an offer or answer, connects them, and deletes them.

    `release` is called with each party that ends.
    """

    def __init__(self, call: EngineCall, release: Callable[[EngineParty], None]) -> None:
        self._call = call
        self._release = release

    def find(self, wanted: PartyNames, now: float) -> tuple[EngineParty, EngineParty]:
        """Return the sender and the receiver of an offer or answer, new parties where none fit.

        Raises `Refused` where the tags make no dialogue.
        """
        receiver = self._call.by_tag(wanted.receiver) if wanted.receiver is not None else None
        if receiver is None:
            return self._begin(wanted, now)
        return self._continue(wanted, receiver, now), receiver

    @abstractmethod
    def _begin(self, wanted: PartyNames, now: float) -> tuple[EngineParty, EngineParty]:
        """Return the parties of an offer that begins a dialogue, or another branch of one."""

    @abstractmethod
    def _continue(self, wanted: PartyNames, receiver: EngineParty, now: float) -> EngineParty:
        """Return the sender of a message to a receiver that is known by its tag."""

    @abstractmethod
    def connect(self, sender: EngineParty, receiver: EngineParty, sections: int, *, is_offer: bool) -> None:
        """Connect both parties with each other, in as many sections as the SDP has."""

    @abstractmethod
    def delete(self, deletion: Deletion, report: Report) -> tuple[Document, bool]:
        """Delete a branch or the whole call; return the reply, and whether the call has ended now.

        `report` is called at the moment that the version reports. Raises `NoSuchParty` where no party is found.
        """

    @abstractmethod
    def expire(self, party: EngineParty) -> bool:
        """Delete a party whose delay is over; return whether the call ends with it."""

    def take(self, other: Topology) -> None:  # noqa: B027
        """Take over the dialogues of another call."""

    def forget(self, party: EngineParty) -> None:  # noqa: B027
        """Forget the partners of a party."""

    def _party_to_delete(self, deletion: Deletion) -> EngineParty:
        """Return the party to delete. Raises `NoSuchParty` where there is none."""
        call = self._call
        branch = call.by_branch(deletion.via_branch) if deletion.via_branch else None
        if not deletion.to_tag and branch is not None:
            return branch
        if (party := call.by_tag(deletion.to_tag or deletion.from_tag or "")) is not None:
            return party
        if branch is not None:
            return branch
        # A callee that has not answered has no tag yet: the tag of the caller stands for both.
        caller = call.by_tag(deletion.from_tag or "") if deletion.to_tag else None
        if caller is not None:
            callees = set(call.sources_of(caller))
            if len(callees) == 1 and not callees.pop().tag:
                return caller
        raise NoSuchParty

    def _tag(self, party: EngineParty, tag: str) -> None:
        """Give a party its tag in the place of a former one."""
        if party.tag:
            self._call.tags.pop(party.tag, None)
        party.tag = tag
        self._call.tags[tag] = party

    def _subscribe(self, source: EngineParty, subscriber: EngineParty, section: int = 0) -> None:
        """Subscribe one party to the other through an offer or answer, unless it is subscribed already."""
        added = MediaSubscription(
            source=source,
            subscriber=subscriber,
            source_section=section,
            subscriber_section=section,
            offer_answer=True,
        )
        if not any(edge.joins_same(added) for edge in self._call.subscriptions):
            self._call.subscriptions.insert(0, added)


def invalid() -> Refused:
    """Return the refusal of tags that make no dialogue."""
    return Refused("Invalid dialogue association")
