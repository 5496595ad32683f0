"""Offer and answer in one dialogue (RFC 3264, RFC 6337), as one table of phases and events.

A dialogue is in one of four phases, and five events can happen in it. `MOVES` lists each event that may happen in a
phase, with the phase that it leads to. An event that `MOVES` does not list is out of order, and `REFUSALS` says why
and what to do. A rejected offer leads back to the phase before it, which is not always the same one; so an
unanswered `Negotiation` carries the state before the offer along, as `stable`.

A call has two places, the caller's and the callee's. SIP names the party in a place by a tag, and that tag may
change: one INVITE may be answered by several early dialogues, of which the last one wins, and a transfer puts
another party into a place. The daemon must not see the first kind of change. It would take the winner for one more
party, and give the caller a body without rtcp-mux or with another port. So each place has a second tag, for the
daemon, which is the first SIP tag that was seen there. A transfer changes that one too: the party that leaves may
go on sending for a while, and must not reach the ports of the one that comes.
"""

from __future__ import annotations

import enum
import re
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

_NUMBER = re.compile(r"\+[0-9]+\Z")
_UNANSWERED = (Phase.OFFERED, Phase.EARLY)

CALLER = "caller"
CALLEE = "callee"
OTHER = {CALLER: CALLEE, CALLEE: CALLER}
"""Each place, and the one at the other end."""
LETTERS = {CALLER: "c", CALLEE: "e"}
"""How an exported state writes each place."""
_BOTH = frozenset(OTHER)


@attrs.frozen(kw_only=True, slots=False)
class Negotiation:
    """The state of one dialogue, as a value: each event returns the next state or raises `UsageError`."""

    caller: str
    """The SIP tag of the party in the caller's place."""
    callee: str | None = None
    """The SIP tag of the party in the callee's place; None while it is not known."""
    phase: Phase = Phase.NEW
    """How far the dialogue is."""
    offerer: str | None = None
    """The tag of the party that offered last; None before any offer between these two."""
    caller_ng_tag: str = attrs.Factory(lambda self: self.caller, takes_self=True)
    """The tag that the daemon knows the caller's place by."""
    callee_ng_tag: str | None = attrs.Factory(lambda self: self.callee, takes_self=True)
    """The tag that the daemon knows the callee's place by; None while there was no need of one."""
    undecided: str | None = CALLEE
    """The place, ``caller`` or ``callee``, whose SIP tag may still change, because it has answered nothing but the
    first offer to it; None where both are settled."""
    settled: frozenset[str] = frozenset()
    """The places that have had a final answer. It settles what no re-offer may change, such as DTLS roles."""
    moved: bool = False
    """Whether a place has had more than one SIP tag."""
    transfers: int = 0
    """How often another party has come into a place."""
    is_tangled: bool = False
    """Whether the daemon may have another dialogue of the call than these two tags say: the callee offered first,
    an offer was sent again, taken back, or failed, somebody listens, or the state is older than the call."""
    stable: Negotiation | None = attrs.field(default=None, repr=False)
    """The state before the unanswered offer, to which a rejection leads back; None if no offer is unanswered."""

    def place(self, tag: str | None) -> str | None:
        """Return ``caller`` or ``callee``: the place of the party with this SIP tag, None if it has none."""
        if tag is None:
            return None
        return CALLER if tag == self.caller else CALLEE if tag == self.callee else None

    def ng_tag(self, place: str) -> str | None:
        """Return the tag that the daemon knows a place by; None while there was no need of one."""
        return self.caller_ng_tag if place == CALLER else self.callee_ng_tag

    def other(self, tag: str) -> str | None:
        """Return the SIP tag of the party other than `tag`; None while it is not known."""
        return self.callee if tag == self.caller else self.caller

    @property
    def answerer(self) -> str | None:
        """The SIP tag of the party that is to answer the last offer; None while it is not known."""
        return None if self.offerer is None else self.other(self.offerer)

    def offer(self, by: str) -> Negotiation:
        """Return the state after an offer of the party `by`.

        A party may replace its own unanswered offer (an INVITE that is sent again with credentials). A party that
        is in no place takes the callee's, once there is one. Raises `Glare` while the other party's offer is
        unanswered (RFC 3261, section 14.2; RFC 3264, section 4).
        """
        _check_tag(by)
        unanswered = self.phase in _UNANSWERED
        # An early dialogue of the party that offered offers as well: a late offer in a 183 and in the 200.
        same_place = self.place(self.offerer) == self.undecided and self.place(by) is None
        counter = unanswered and self.offerer != by and not same_place
        move = self._move(Event.COUNTER_OFFER if counter else Event.OFFER, by)
        stable = self.stable if unanswered else self
        if self.place(by) is not None:
            met = self
        elif self.callee is None or unanswered:
            met = self._met(by, self.place(self.offerer) if unanswered else CALLEE)
        else:
            met = self._replaced(CALLEE, by)
        if unanswered or (not self.settled and by != self.caller):
            met = met._with(is_tangled=True)
        undecided = None if met.settled == _BOTH and not unanswered else met.undecided
        return met._with(phase=move.to or self.phase, offerer=by, stable=stable, undecided=undecided)

    def answer(self, by: str | None, *, provisional: bool = False, branch: str | None = None) -> Negotiation:
        """Return the state after an answer of the party `by`; None stands for the party that did not offer.

        A `provisional` answer leaves the offer open for the final one (RFC 6337, section 3.1). The first offer may
        be answered under several tags, of early dialogues; the last one counts. For a provisional answer without
        a tag, the daemon gets one that stands for the callee of the call, or of its `branch`. Raises
        `UsageError` for an answer that is out of order, or by the party that offered.
        """
        move = self._move(Event.PROVISIONAL_ANSWER if provisional else Event.ANSWER, by)
        assert self.offerer is not None  # noqa: S101 - there is no answer to move by without an offer
        answerer = OTHER[self.place(self.offerer) or CALLEE]
        by = self.other(self.offerer) if by is None else by
        met = self
        if by is not None:
            _check_tag(by)
            if by == self.offerer:
                raise UsageError(
                    f"{by!r} answers its own offer: by= is the tag of the party whose SDP this is. Where both have "
                    "the same SIP tag, as in some test scripts, give either of them any other text as its tag"
                )
            if self.place(by) is None:
                known = self.caller if answerer == CALLER else self.callee
                if known is not None and self.undecided != answerer:
                    raise UsageError(
                        f"by={by!r} is neither {self.caller!r} nor {self.callee!r}, between whom this dialogue is: "
                        "call transfer(...) before the offer that another party is to answer; further callees of a "
                        "forked call go through fork(via_branch=...)"
                    )
                met = self._met(by, answerer)
        elif not provisional and met.ng_tag(answerer) is None:
            raise UsageError(
                "who answers? The To tag is not known yet: answer(sdp, by='the To tag'); if the message has none, "
                "any text will do, until one comes"
            )
        if met.ng_tag(answerer) is None:
            met = met._with(callee_ng_tag=f"to-{branch or self.caller_ng_tag}")
        final = move.to not in _UNANSWERED
        return met._with(
            phase=move.to or self.phase,
            stable=None if final else self.stable,
            settled=_BOTH if final else self.settled,
        )

    def rollback(self) -> Negotiation:
        """Return the state before the unanswered offer, which was rejected. Raises `UsageError` without one."""
        self._move(Event.ROLLBACK, None)
        assert self.stable is not None  # noqa: S101 - an unanswered offer came after something
        return self.stable.knowing(self)

    def transfer(self, replaced: str | None, to: str | None) -> Negotiation:
        """Return the state in which the party `to` has the place of `replaced`; None where a tag is not known.

        The next message is an offer, by either party. Raises `UsageError` while an offer is unanswered, before the
        first answer, and for a tag that is not right.
        """
        place = CALLEE if replaced is None and self.callee is None else self.place(replaced)
        if place is None:
            parties = [tag for tag in (self.caller, self.callee) if tag is not None]
            raise UsageError(f"transfer({replaced!r}): the tag of a party expected, of {parties}")
        if to is not None:
            _check_tag(to, "to")
            if self.place(to) is not None:
                raise UsageError(f"transfer({replaced!r}, to={to!r}): {to!r} is a party of the call already")
        if self.phase in _UNANSWERED:
            raise UsageError(
                f"transfer({replaced!r}) while the offer of {self.offerer!r} is unanswered: take its answer first, "
                "or call rollback() if it was rejected"
            )
        if not self.settled:
            raise UsageError(
                "transfer() before any answer: nobody is there to be replaced; give the tags as they are"
            )
        if place == CALLER and to is None:
            raise UsageError(
                f"transfer({replaced!r}): to= is needed where the caller is replaced; any text will do"
            )
        return self._replaced(place, to)._with(phase=Phase.NEW, offerer=None)

    def knowing(self, later: Negotiation) -> Negotiation:
        """Return this state, to which `later` leads back, with what the daemon has, or may have, been told since.

        A tag that it was given for a callee stays that callee's, whatever became of the message that it came with.
        """
        ng_tag = later.callee_ng_tag if self.callee_ng_tag is None else self.callee_ng_tag
        return self._with(
            callee_ng_tag=ng_tag,
            moved=self.moved or later.moved,
            transfers=max(self.transfers, later.transfers),
            is_tangled=True,
        )

    def followed(self, tag: str) -> Negotiation:
        """Return the state in which another dialogue of the first INVITE, with this To tag, is the call.

        Unlike a transfer, it keeps the ng tag of the callee's place: it was offered the same ports. An unanswered
        offer is taken back, and the next message is an offer.
        """
        _check_tag(tag)
        before = self.stable or self
        met = before._met(tag, CALLEE)
        if met is before:
            return before
        settled = met.settled - {CALLEE}
        return met._with(phase=Phase.NEW, offerer=None, settled=settled, undecided=CALLEE, stable=None)

    def established(self, tags: tuple[str, str]) -> Negotiation:
        """Return the state within the dialogue of these two SIP tags, in which the open offer has been answered.

        Raises `UsageError` if this cannot become that dialogue.
        """
        # A tag that is still open may have been that of an early dialogue, which another one has followed.
        place = self.undecided or CALLEE
        fixed = self.callee if place == CALLER else self.caller
        known = [tag for tag in (self.caller, self.callee) if tag is not None]
        are_tags = isinstance(tags, tuple | list) and all(isinstance(tag, str) and tag for tag in tags)
        free = set(tags) - {fixed} if are_tags else set()
        if (
            not are_tags
            or len(set(tags)) != 2
            or fixed not in tags
            or (self.undecided is None and self.callee not in (None, *tags))
        ):
            raise UsageError(f"within={tags!r}: From and To tag of this call expected, of which it knows {known}")
        met = self._met(free.pop(), place)
        offerer = met.callee if self.place(self.offerer) == CALLEE else met.caller
        return met._with(phase=Phase.ANSWERED, offerer=offerer, settled=_BOTH, stable=None, is_tangled=True)

    def _with(self, **changes: Any) -> Negotiation:
        """Return the state with these changes. No field is checked, so it can be copied as it is."""
        changed = object.__new__(Negotiation)
        object.__setattr__(changed, "__dict__", vars(self) | changes)
        return changed

    def _met(self, tag: str, place: str | None) -> Negotiation:
        """Return the state in which a place has this SIP tag, and the ng tag that it had, if it had one."""
        if self.place(tag) is not None:
            return self
        if place == CALLER:
            return self._with(caller=tag, moved=True)
        if self.callee_ng_tag is None:
            return self._with(callee=tag, callee_ng_tag=self._new_ng_tag(tag))
        return self._with(callee=tag, moved=True)

    def _replaced(self, place: str, tag: str | None) -> Negotiation:
        """Return the state in which another party has a place."""
        settled = self.settled - {place}
        if place == CALLER:
            assert tag is not None  # noqa: S101 - transfer() asks for it
            after = self._with(caller=tag, caller_ng_tag=self._new_ng_tag(tag))
        else:
            after = self._with(callee=tag, callee_ng_tag=self._new_ng_tag(tag))
        return after._with(settled=settled, undecided=place, moved=True, transfers=self.transfers + 1)

    def _new_ng_tag(self, tag: str | None) -> str:
        """Return a tag for the daemon that neither place has, nor a party that came without one and has left."""
        if tag is not None and tag not in (self.caller_ng_tag, self.callee_ng_tag):
            return tag
        stem = tag or self.callee_ng_tag or f"to-{self.caller_ng_tag}"
        # No other tag that is made here has the number of this transfer.
        return f"{_NUMBER.sub('', stem)}+{self.transfers + 1}"

    def _move(self, event: Event, by: str | None) -> Move:
        move = MOVES.get((self.phase, event))
        if move is None:
            kind = Glare if event is Event.COUNTER_OFFER else UsageError
            why = REFUSALS[self.phase, event]
            raise kind(why.format(by=by, offerer=self.offerer, caller=self.caller))
        return move


def _check_tag(tag: Any, name: str = "by") -> None:
    if not isinstance(tag, str) or not tag:
        raise UsageError(f"{name}={tag!r}: the tag of a party expected")
