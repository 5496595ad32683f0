"""What both ways of the versions to keep dialogues have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self, TypeAlias

import attrs

from ...wire import Document
from ..call import EngineCall, MediaSubscription
from ..errors import Refused
from ..request import PartyNames
from ..sdp.party import EngineParty

__all__ = ["Deletion", "NobodyMeant", "Report", "Topology", "invalid"]

Report: TypeAlias = Callable[[str | None, str | None], Document]
"""Takes the tags of offerer and answerer, returns what a query says at this moment."""


@attrs.frozen(kw_only=True)
class Deletion:
    """Whom a ``delete`` means, and when."""

    from_tag: str | None
    """The tag of the party that offered."""
    to_tag: str | None
    """The tag of the party to delete."""
    via_branch: str | None
    """The branch to delete."""
    delay: float
    """For how long all goes on, in seconds."""
    now: float
    """When it came."""


class NobodyMeant(Exception):
    """A ``delete`` means nobody who is there."""


class Topology(ABC):
    """Who talks to whom in a call: finds and makes the parties of an offer or answer, and deletes them.

    `release` is told of each party that ends.
    """

    def __init__(self, call: EngineCall, release: Callable[[EngineParty], None]) -> None:
        self._call = call
        self._release = release

    @abstractmethod
    def find(self, wanted: PartyNames, now: float) -> tuple[EngineParty, EngineParty]:
        """Return the parties of an offer or answer, new ones where none fit: who sent it, and who receives it.

        Raises `Refused` where the tags make no dialogue.
        """

    @abstractmethod
    def connect(self, sender: EngineParty, receiver: EngineParty, sections: int, *, is_offer: bool) -> None:
        """Let both hear each other, in as many sections as the SDP has."""

    @abstractmethod
    def delete(self, deletion: Deletion, report: Report) -> tuple[Document, bool]:
        """Delete a branch or the whole call; return what is replied, and whether the call has ended now.

        `report` is asked at the moment that the version reports of. Raises `NobodyMeant` where nobody is found.
        """

    @abstractmethod
    def expire(self, party: EngineParty) -> bool:
        """Delete a party whose delay is over; return whether the call has ended with it."""

    def take(self, other: Self) -> None:  # noqa: B027
        """Take over what is remembered of the dialogues of another call."""

    def forget(self, party: EngineParty) -> None:  # noqa: B027
        """Forget whom a party talked to."""

    def _meant(self, deletion: Deletion) -> EngineParty:
        """Return the party to delete. Raises `NobodyMeant` where there is none."""
        call = self._call
        branch = call.by_branch(deletion.via_branch) if deletion.via_branch else None
        if not deletion.to_tag and branch is not None:
            return branch
        if (party := call.by_tag(deletion.to_tag or deletion.from_tag or "")) is not None:
            return party
        if branch is not None:
            return branch
        # Who was offered a call and has not answered has no tag yet: the caller's stands for both.
        caller = call.by_tag(deletion.from_tag or "") if deletion.to_tag else None
        if caller is not None:
            heard = set(call.sources_of(caller))
            if len(heard) == 1 and not heard.pop().tag:
                return caller
        raise NobodyMeant

    def _tag(self, party: EngineParty, tag: str) -> None:
        """Give a party its tag, in place of the one that it had."""
        if party.tag:
            self._call.tags.pop(party.tag, None)
        party.tag = tag
        self._call.tags[tag] = party

    def _subscribe(self, source: EngineParty, subscriber: EngineParty, section: int = 0) -> None:
        """Subscribe one to the other through an offer or answer, unless it is already."""
        fresh = MediaSubscription(
            source=source,
            subscriber=subscriber,
            source_section=section,
            subscriber_section=section,
            offer_answer=True,
        )
        if not any(it.joins_same(fresh) for it in self._call.subscriptions):
            self._call.subscriptions.insert(0, fresh)


def invalid() -> Refused:
    """Return the refusal of tags that make no dialogue."""
    return Refused("Invalid dialogue association")
