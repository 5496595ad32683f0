"""Offer and answer in one dialogue (RFC 3264): who has offered, who is to answer, and what is out of order."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from ..errors import UsageError

__all__ = ["Negotiation", "Phase"]


class Phase(enum.Enum):
    """How far the negotiation of a dialogue is."""

    NEW = "new"
    """Nothing was offered yet."""
    OFFERED = "offered"
    """An offer waits for its answer."""
    ANSWERED = "answered"
    """The last offer was answered; the answer may come again, and either party may offer anew."""


@attrs.frozen(kw_only=True)
class Negotiation:
    """The state of one dialogue, as a value: each event returns the next state or raises `UsageError`.

    `caller` is the tag of the party that began the dialogue; `callee` that of the other one, None while it is
    not known; `offerer` the tag of who offered last; `stable` the state that a rejected offer goes back to.
    """

    caller: str
    callee: str | None = None
    phase: Phase = Phase.NEW
    offerer: str | None = None
    stable: Negotiation | None = attrs.field(default=None, repr=False)

    def other(self, tag: str) -> str | None:
        """Return the tag of the party that `tag` is not; None while it is not known."""
        return self.callee if tag == self.caller else self.caller

    @property
    def answerer(self) -> str | None:
        """The tag of the party that is to answer the last offer; None while it is not known."""
        return None if self.offerer is None else self.other(self.offerer)

    def offer(self, by: str) -> Negotiation:
        """Return the state after an offer of the party `by`.

        A party may replace its own unanswered offer (an INVITE that is sent again with credentials). An offer
        while the other party's is unanswered is glare (RFC 3261, section 14.2; RFC 3264, section 4).
        """
        met = self._meet(by)
        if self.phase is Phase.OFFERED and self.offerer != by:
            raise UsageError(
                f"{by!r} offers while the offer of {self.offerer!r} is unanswered: this is glare; reject it with "
                "491 (Request Pending), or call rollback() if the other offer was rejected"
            )
        stable = self.stable if self.phase is Phase.OFFERED else self
        return attrs.evolve(met, phase=Phase.OFFERED, offerer=by, stable=stable)

    def answer(self, by: str | None) -> Negotiation:
        """Return the state after an answer of the party `by`; None stands for the one that did not offer."""
        if self.offerer is None:
            raise UsageError("an answer before any offer: call offer(...) with the offerer's SDP first")
        by = self.answerer if by is None else by
        if by is None:
            raise UsageError("who answers? The To tag is not known yet: answer(sdp, by='the To tag')")
        if by == self.offerer:
            raise UsageError(f"{by!r} answers its own offer: by= is the tag of the party whose SDP this is")
        return attrs.evolve(self._meet(by), phase=Phase.ANSWERED, stable=None)

    def rollback(self) -> Negotiation:
        """Return the state before the unanswered offer, which was rejected."""
        if self.phase is not Phase.OFFERED or self.stable is None:
            raise UsageError("rollback() takes back an unanswered offer, and there is none")
        return self.stable

    def _meet(self, tag: Any) -> Negotiation:
        """Return the state in which the party `tag` is known."""
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
