"""Offer and answer in one dialogue (RFC 3264, RFC 6337), as one table of phases and events.

A dialogue is in one of four phases, and five events can happen in it. `MOVES` lists each event that may happen in a
phase, with the phase that it leads to. An event that `MOVES` does not list is out of order, and `REFUSALS` says why
and what to do. A rejected offer leads back to the phase before it, which is not always the same one; so an
unanswered `Negotiation` carries the state before the offer along, as `stable`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, NamedTuple

import attrs

from ..errors import Glare, UsageError


class Phase(enum.Enum):
    """How far the negotiation of a dialogue is."""

    NEW = "new"
    """There was no offer yet."""
    OFFERED = "offered"
    """An offer waits for its answer."""
    EARLY = "early"
    """A provisional answer came; the offer still waits for its final answer."""
    ANSWERED = "answered"
    """The last offer was answered. The answer may be repeated, and either party may offer again."""


class Event(enum.Enum):
    """What happens in a dialogue."""

    OFFER = "offer"
    """An offer; while an offer is unanswered, another one of the same party."""
    COUNTER_OFFER = "counter-offer"
    """An offer of the other party while an offer is unanswered."""
    PROVISIONAL_ANSWER = "provisional answer"
    """An answer that a later one may replace."""
    ANSWER = "answer"
    """The answer."""
    ROLLBACK = "rollback"
    """The unanswered offer was rejected."""


class Move(NamedTuple):
    """What an event leads to."""

    to: Phase | None
    """The next phase; None for the phase before the offer."""
    sip: str
    """The SIP messages that cause the event."""


MOVES: Mapping[tuple[Phase, Event], Move] = {
    (Phase.NEW, Event.OFFER): Move(Phase.OFFERED, "INVITE, or 200 to an INVITE without a body"),
    (Phase.OFFERED, Event.OFFER): Move(Phase.OFFERED, "INVITE, or a late offer, again"),
    (Phase.OFFERED, Event.PROVISIONAL_ANSWER): Move(Phase.EARLY, "183 that nobody acknowledges"),
    (Phase.OFFERED, Event.ANSWER): Move(Phase.ANSWERED, "200, 183 with PRACK, or ACK to a late offer"),
    (Phase.OFFERED, Event.ROLLBACK): Move(None, "488, 491 or another failure, CANCEL"),
    (Phase.EARLY, Event.OFFER): Move(Phase.OFFERED, "INVITE again, with credentials"),
    (Phase.EARLY, Event.PROVISIONAL_ANSWER): Move(Phase.EARLY, "another 183"),
    (Phase.EARLY, Event.ANSWER): Move(Phase.ANSWERED, "200, or 183 with PRACK"),
    (Phase.EARLY, Event.ROLLBACK): Move(None, "a failure, CANCEL"),
    (Phase.ANSWERED, Event.OFFER): Move(Phase.OFFERED, "re-INVITE or UPDATE by either party"),
    (Phase.ANSWERED, Event.PROVISIONAL_ANSWER): Move(Phase.ANSWERED, "18x that repeats the answer"),
    (Phase.ANSWERED, Event.ANSWER): Move(Phase.ANSWERED, "200 that repeats the answer"),
}
"""Which events may follow in which phase (RFC 3264, sections 4 to 8; RFC 6337, section 3)."""

_NO_OFFER = "an answer before any offer: call offer(...) with the offerer's SDP first"
_NOTHING_TO_ROLL_BACK = "rollback() takes back an unanswered offer, and there is none"
# RFC 3261, section 14.1: the party that chose the Call-ID waits longer, so that they do not collide again.
_GLARE = (
    "{by!r} offers while the offer of {offerer!r} is unanswered: this is glare. Reject it with 491 (Request "
    "Pending); then {caller!r}, who began the call, may offer again after 2.1 to 4 s, the other party after 0 to "
    "2 s. If the other offer was rejected, call rollback() first"
)

REFUSALS: Mapping[tuple[Phase, Event], str] = {
    (Phase.NEW, Event.PROVISIONAL_ANSWER): _NO_OFFER,
    (Phase.NEW, Event.ANSWER): _NO_OFFER,
    (Phase.NEW, Event.ROLLBACK): _NOTHING_TO_ROLL_BACK,
    (Phase.ANSWERED, Event.ROLLBACK): _NOTHING_TO_ROLL_BACK,
    (Phase.OFFERED, Event.COUNTER_OFFER): _GLARE,
    (Phase.EARLY, Event.COUNTER_OFFER): _GLARE,
}
"""The texts for events that are out of order. `Event.COUNTER_OFFER` happens only while an offer is unanswered."""

_UNANSWERED = (Phase.OFFERED, Phase.EARLY)


@attrs.frozen(kw_only=True)
class Negotiation:
    """The state of one dialogue, as a value: each event returns the next state or raises `UsageError`."""

    caller: str
    """The tag of the party that began the dialogue."""
    callee: str | None = None
    """The tag of the other party; None while it is not known."""
    phase: Phase = Phase.NEW
    """How far the dialogue is."""
    offerer: str | None = None
    """The tag of the party that offered last; None before any offer."""
    stable: Negotiation | None = attrs.field(default=None, repr=False)
    """The state before the unanswered offer, to which a rejection leads back; None if no offer is unanswered."""

    def other(self, tag: str) -> str | None:
        """Return the tag of the party other than `tag`; None while it is not known."""
        return self.callee if tag == self.caller else self.caller

    @property
    def answerer(self) -> str | None:
        """The tag of the party that is to answer the last offer; None while it is not known."""
        return None if self.offerer is None else self.other(self.offerer)

    @property
    def is_settled(self) -> bool:
        """Whether an offer had its final answer. That settles what no re-offer may change, such as DTLS roles."""
        return self.phase is Phase.ANSWERED or (self.stable is not None and self.stable.is_settled)

    def offer(self, by: str) -> Negotiation:
        """Return the state after an offer of the party `by`.

        A party may replace its own unanswered offer (an INVITE that is sent again with credentials). Raises `Glare`
        while the other party's offer is unanswered (RFC 3261, section 14.2; RFC 3264, section 4).
        """
        acquainted = self._with_party(by)
        unanswered = self.phase in _UNANSWERED
        counter = unanswered and self.offerer != by
        move = self._move(Event.COUNTER_OFFER if counter else Event.OFFER, by)
        stable = self.stable if unanswered else self
        return attrs.evolve(acquainted, phase=move.to or self.phase, offerer=by, stable=stable)

    def answer(self, by: str | None, *, provisional: bool = False) -> Negotiation:
        """Return the state after an answer of the party `by`; None stands for the party that did not offer.

        A `provisional` answer leaves the offer open for the final one (RFC 6337, section 3.1). Raises `UsageError`
        for an answer that is out of order, or by the party that offered.
        """
        move = self._move(Event.PROVISIONAL_ANSWER if provisional else Event.ANSWER, by)
        by = self.answerer if by is None else by
        if by is None:
            raise UsageError("who answers? The To tag is not known yet: answer(sdp, by='the To tag')")
        if by == self.offerer:
            raise UsageError(f"{by!r} answers its own offer: by= is the tag of the party whose SDP this is")
        stable = self.stable if move.to in _UNANSWERED else None
        return attrs.evolve(self._with_party(by), phase=move.to or self.phase, stable=stable)

    def rollback(self) -> Negotiation:
        """Return the state before the unanswered offer, which was rejected. Raises `UsageError` without one."""
        self._move(Event.ROLLBACK, None)
        assert self.stable is not None  # noqa: S101 - an unanswered offer came after something
        return self.stable

    def _move(self, event: Event, by: str | None) -> Move:
        move = MOVES.get((self.phase, event))
        if move is None:
            kind = Glare if event is Event.COUNTER_OFFER else UsageError
            why = REFUSALS[self.phase, event]
            raise kind(why.format(by=by, offerer=self.offerer, caller=self.caller))
        return move

    def _with_party(self, tag: Any) -> Negotiation:
        """Return the state in which `tag` is one of the two parties."""
        if not isinstance(tag, str) or not tag:
            raise UsageError(f"by={tag!r}: the tag of a party expected")
        if tag in (self.caller, self.callee):
            return self
        if self.callee is not None:
            raise UsageError(
                f"by={tag!r} is neither {self.caller!r} nor {self.callee!r}, between whom this dialogue is: "
                "further callees of a forked call go through fork(via_branch=...)"
            )
        return attrs.evolve(self, callee=tag)
