"""`Call`: the life of one call between two legs, from its first offer to its delete.

A call is four values and a sender. `CallSettings` never change. `Negotiation` says which party offered last and
what may follow; `DtlsRoles` says toward which party the daemon is the DTLS server. Each message computes the next
values first, which refuses messages that are out of order before anything is sent. The next `Negotiation` holds
while the request is under way, so that glare shows at once, and the former one is restored if the request fails.
`DtlsRoles` change after the reply, and so does `Offered`, what the call remembers of the last offer: by it, bodies
are mended on their way to the daemon and judged on their way back (`rtpe_ng.call.review`).

The daemon sees no SIP tags but tags of the call's own choice, which mostly are the same; `Negotiation` says why. It
sees no Call-ID but the call's `ng_call_id`, because a Call-ID that passes twice is two calls to it.

A request that ended without a reply may still be executed later, even after a delete that was sent behind it. A
call remembers such a request, and repeats a delete that found nothing.
"""

from __future__ import annotations

import logging
import weakref
from typing import Self

import anyio
import attrs

from ..errors import EngineError, RtpeError, UsageError
from ..flags import Flags, Profile
from ..legs import Direction, Leg
from ..messages import (
    Answer,
    Command,
    Delete,
    DeleteReply,
    Offer,
    Query,
    QueryReply,
    Reply,
    SdpReply,
    SubscribeRequest,
)
from ..messages.commands.fields import as_text
from ..sender import Sender
from . import live
from .body import CallBody, Codecs
from .call_methods import CallMethods
from .dtls import NO_ROLES, with_tls_id
from .ending import UnderWay, delete_until_gone, once_more, settled, twice
from .handle import CallNames
from .history import CallLog, History, RecordedSender, recorded, recorded_now
from .ice import restart_fragment
from .mends import OFFERED_AGAIN, has_others
from .negotiation import CALLEE, CALLER, OTHER, Negotiation, Phase
from .party import Party
from .review import BodySent, Offered, Way, incoming, judged, outgoing
from .settings import CallSettings, merge
from .state import CallState

_log = CallLog(logging.getLogger("rtpe_ng"))

DELETE_WITHIN = 5.0
"""How long leaving a call's block may take at most, in seconds, even if the engine is dead."""


class Call(CallMethods):
    """One call through a daemon. It knows which party offered last, where a body goes, and which flags to send.

    ``client.call(...)`` makes it. It works across handlers and prompt lines; with ``async with``, leaving the block
    deletes it. Tags are those of SIP: `from_tag` is the caller's; the callee's is learnt when the callee first
    answers or offers. Every method that sends raises `RequestTimeout`, `TransportError`, `EngineError` or
    `WireError` as its engine does, and `UsageError` for a message that is out of order, in which case nothing was
    sent.
    """

    def __init__(
        self,
        sender: Sender,
        settings: CallSettings,
        *,
        parent: Call | None = None,
        state: CallState | None = None,
    ) -> None:
        self._client = sender
        self._settings = settings
        self._parent = parent
        self._history: History = History(above=parent._history if parent else None)
        self._sender = RecordedSender(sender, self._history, branch=settings.via_branch)
        self._negotiation = state.negotiation if state else Negotiation(caller=settings.from_tag)
        self._roles = state.roles if state else NO_ROLES
        # The last offer, and the one that holds if that is rejected. After a restore only the sections are known.
        self._offered: Offered | None = state.offered if state else None
        self._held: Offered | None = None
        # The codecs of the last answer since the last offer, of this call or any branch of it: what 10.5 and 12.5
        # have not forgotten. None if there was no answer since, or if it is not known.
        self._accepted: Codecs | None = None
        self._began = self._is_restored = state is not None
        self._branches: weakref.WeakSet[Call] = weakref.WeakSet()
        # Whether a command ended without a reply, so that it may still be executed.
        self._is_uncertain = False
        self._under_way: UnderWay = UnderWay(parent._under_way if parent else None)
        # Whether somebody listens, or has listened.
        self._has_listener = False
        self._detached = False
        self._deleted = False
        self._last: DeleteReply | None = None
        self._calls = live.calls_at(sender)
        if self._is_restored and parent is None:
            live.begun(self._calls, self)
        else:
            live.refuse_a_second(self._calls, self._root)

    @property
    def call_id(self) -> str:
        """The SIP Call-ID."""
        return self._settings.call_id

    @property
    def pass_id(self) -> str | None:
        """What tells this pass of a spiral from the first one; None for the first one."""
        return self._settings.pass_id

    @property
    def ng_call_id(self) -> str:
        """The call-id that the daemon knows this call by. It is the Call-ID, unless there is a `pass_id`."""
        return self._settings.ng_call_id

    @property
    def from_tag(self) -> str:
        """The SIP tag of the party in the caller's place."""
        return self._negotiation.caller

    @property
    def to_tag(self) -> str | None:
        """The SIP tag of the party in the callee's place; None while it is not known."""
        return self._negotiation.callee

    def ng_tag(self, tag: str) -> str:
        """Return the tag that the daemon knows a party by, for commands that you send beside the call.

        It is the party's SIP tag, unless several To tags answered one INVITE; then it is the first of these. Raises
        `UsageError` for a tag that is neither party's.
        """
        return self._names().tag(tag)

    @property
    def offerer(self) -> str | None:
        """The tag of the party that offered last; None before any offer."""
        return self._negotiation.offerer

    @property
    def direction(self) -> Direction:
        """The legs of the caller and the callee, whichever of them offers."""
        return self._settings.direction

    @property
    def profile(self) -> Profile:
        """The profile that the flags come from."""
        return self._settings.profile

    @property
    def via_branch(self) -> str | None:
        """The branch of a forked call; None for the call itself."""
        return self._settings.via_branch

    @property
    def history(self) -> History:
        """The last 50 messages of the call, what was sent for each, and what became of it: for a post-mortem.

        A refused or cancelled one is among them, and so is what needs no request, such as a rollback. It holds no
        SDP and no key. A restored call begins with an empty one.
        """
        return self._history

    @property
    def phase(self) -> str:
        """How far the call is: ``new``, ``offered``, ``early``, ``answered`` or ``deleted``."""
        return "deleted" if self._is_deleted else self._negotiation.phase.value

    @recorded
    async def offer(
        self,
        sdp: str | bytes,
        *,
        by: str | None = None,
        flags: Flags | None = None,
        received_from: str | None = None,
    ) -> SdpReply:
        """Send an offer through the daemon and return its reply, whose `sdp` goes on to the other party.

        `by` is the tag of the party whose SDP this is; the default is the caller. For an offer of the callee (a
        re-INVITE, or an offer in a 200), tags, flags and interfaces swap by themselves. In an answered call, a tag
        that is neither party's takes the callee's place, with a warning: say `transfer` first. `flags` are merged
        over the profile's. `received_from` is the address that the SIP message came from. Raises `Glare` while the
        other party's offer is open, `UsageError` for a ``dtls='passive'`` that would end the media and for a
        Call-ID that another live call of this client has, `FlagsIgnored` and `UnusableReply` if the call is strict,
        `SdpError` for a body in which the daemon sees no description. (RFC 3264, sections 5 and 8; RFC 3261,
        section 14.)
        """
        self._check_alive("offer")
        by = self.from_tag if by is None else by
        before, after = self._negotiation, self._negotiation.offer(by)
        place, roles = after.place(by) or CALLEE, self._roles
        if before.callee is not None and before.callee_ng_tag != after.callee_ng_tag:
            roles = roles.replaced(CALLEE)
            _log.warning(
                "'offer' of call %r: %r takes the place of %r; if that is meant, call transfer(%r, to=%r) first",
                *(self.call_id, by, before.callee, before.callee, by),
            )
        path = self._settings.path(place)
        merged = self._offer_flags(place, after, flags)
        merged = roles.offering(merged, sender=place, path=path, settled=after.settled)
        other = OTHER[place]
        held = self._offered if before.phase is Phase.ANSWERED else self._held
        # A party that has just come has seen no sections yet, so it misses none.
        seen = held if held is not None and other in after.settled else None
        there = seen.known_to(place) if seen is not None else None
        sent = outgoing(sdp, profile=self.profile, role="offer", to=path.callee, whose=place, there=there)
        command = self._offer(sent, place, after, merged, received_from)
        live.refuse_a_second(self._calls, self._root)
        # From here on the daemon may know the call, whatever the outcome.
        self._begin()
        with self._under_way:
            self._negotiation = after  # at once, so that glare shows
            try:
                if place in before.settled:
                    await self._keep_ice(command, path.caller)
                reply = await self._sender.send(command)
            except BaseException as error:
                self._failed(error, before, after)
                raise
        if self._is_deleted:
            await once_more(lambda: (self._root if self._root._deleted else self)._end(None))
        # Only now: if the request failed, the daemon's roles are those from before.
        self._roles = roles.offered(merged, sender=place)
        kept = None if seen is None or seen.is_outdated else seen.known_to(other)
        legs, is_first = (path.caller, path.callee), not after.settled
        way = Way.of(self.profile, role="offer", legs=legs, flags=merged, sections=kept, is_first=is_first)
        back = incoming(reply.sdp, way=way, sent=sent.body)
        written = CallBody(as_text(sdp)) if sent.repairs else sent.body
        self._root._accepted = None
        self._held, self._offered = held, Offered.of(place, written, sent=sent, back=back, command=command)
        return judged(reply, sent, back, name="offer", call_id=self.call_id, strict=self._settings.strict)

    @recorded
    async def answer(
        self,
        sdp: str | bytes,
        *,
        by: str | None = None,
        provisional: bool = False,
        flags: Flags | None = None,
        received_from: str | None = None,
        offer: str | bytes | None = None,
    ) -> SdpReply:
        """Send an answer through the daemon and return its reply, whose `sdp` goes back to the offerer.

        `by` is the tag of the party whose SDP this is; the default is the party that did not offer. A `provisional`
        answer (in a 183 that is not reliable) leaves the offer open, and more may follow until the final one; a
        final one may be repeated (183 with PRACK, then 200). The first offer may be answered under several To tags,
        one after the other: the last one is the callee's. `flags` and `received_from` are as for `offer`.

        `offer` is the body that it answers, as its sender wrote it, for a call that was restored since: only by it
        can all of the answer be judged, and sent so that 10.5 and 12.5 take other codecs than those of an earlier
        answer. A call that has sent the offer itself does not need it. Raises `UsageError` before any offer and for
        a ``dtls='passive'`` that would end the media; `FlagsIgnored` and `UnusableReply` if the call is strict.
        (RFC 3264, section 6; RFC 6337, section 3.1.)
        """
        self._check_alive("answer")
        after = self._negotiation.answer(by, provisional=provisional, branch=self.via_branch)
        place = after.place(after.offerer) or CALLER
        other = OTHER[place]
        path = self._settings.path(place)
        merged = merge(self.profile.answer_flags(path), _keeping(after), flags)
        merged = self._roles.answering(merged, offerer=place, leg=path.caller)
        from_tag, to_tag = after.ng_tag(place), after.ng_tag(other)
        assert from_tag is not None and to_tag is not None  # noqa: S101, PT018 - the negotiation has seen to it
        offered = self._answered_offer(offer, place, after)
        there = offered.handed if offered is not None else None
        sent = outgoing(sdp, profile=self.profile, role="answer", to=path.caller, whose=other, there=there)
        command = Answer(
            sdp=self._with_tls_id(sent.body, path.callee, after.answerer or to_tag),
            call_id=self.ng_call_id,
            from_tag=from_tag,
            to_tag=to_tag,
            via_branch=self.via_branch,
            received_from=received_from,
            flags=merged,
        )
        before, accepted = self._negotiation, self._root._accepted
        was_answered = before.phase in (Phase.EARLY, Phase.ANSWERED)
        again = offered.command if offered is not None and (was_answered or accepted is not None) else None
        with self._under_way:
            self._negotiation = after
            try:
                if again is not None and "codecs" in self.profile.mends and has_others(sent.body.codecs, accepted):
                    # The daemon takes it for a repetition only if it has the tags that the daemon knows.
                    await self._sender.send(attrs.evolve(again, to_tag=to_tag if was_answered else again.to_tag))
                    sent = sent._replace(repairs=(*sent.repairs, OFFERED_AGAIN))
                reply = await self._sender.send(command)
            except BaseException as error:
                self._failed(error, before, after)
                raise
        roles = self._roles.answered(command.sdp, sender=other, leg=path.callee)
        self._roles = roles.told(reply.sdp, receiver=place, leg=path.caller)
        way = Way.of(self.profile, role="answer", legs=(path.callee, path.caller), flags=merged)
        if offered is not None:
            way = way._replace(offer_flags=offered.flags, sections=offered.written, added=offered.added)
        back = incoming(reply.sdp, way=way, sent=sent.body, offer=offered.body if offered is not None else None)
        self._root._accepted = sent.body.codecs
        return judged(reply, sent, back, name="answer", call_id=self.call_id, strict=self._settings.strict)

    @recorded_now
    def transfer(self, replaced: str | None, *, to: str | None = None, leg: Leg | None = None) -> None:
        """Put another party into the place of `replaced`; the next message is an offer, by either party.

        `replaced` is the tag of the party that leaves: the callee's or the caller's. `to` is the tag of the party
        that comes. Either is None for a callee whose tag is not known yet: its INVITE is still to be sent, or was
        rejected. `leg` is the kind of leg of the party that comes, if it is another kind. Nothing is sent.

        The party that stays keeps its port, its ICE and its DTLS association, and the one that comes gets ports of
        its own. This is for attended and blind transfers (REFER and Replaces; RFC 5589, RFC 3891), and for a B2BUA
        that moves one of its dialogues. Raises `UsageError` while an offer is unanswered, and before the first
        answer.
        """
        self._check_alive("transfer")
        after = self._negotiation.transfer(replaced, to)
        place = self._negotiation.place(replaced) or CALLEE
        if leg is not None and not isinstance(leg, Leg):
            raise UsageError(f"leg={leg!r}: Leg.WEB or Leg.SIP expected")
        if leg is not None:
            legs = {CALLER: self.direction.caller, CALLEE: self.direction.callee, place: leg}
            self._settings = attrs.evolve(self._settings, direction=Direction.of(legs[CALLER], legs[CALLEE]))
        self._negotiation, self._roles = after, self._roles.replaced(place)

    @property
    def state(self) -> str:
        """The facts of the call as a short string, which ``client.restore_call(...)`` turns into a call again.

        It consists of letters, digits, ``-``, ``.`` and ``~``, so you can keep it in a parameter of a SIP URI, such
        as that of a Record-Route, or in a store. It holds the tags, the Call-ID, the legs, the phase of the
        negotiation, and the types and mids of the sections that were offered last. It holds no secret; but anyone
        who can change it can change the legs of the call. A Record-Route stays as it was in the INVITE for the
        whole dialogue: give ``within=`` when you restore from it. Raises `UsageError` for a deleted call.
        """
        self._check_alive("state")
        return str(
            CallState(
                call_id=self.call_id,
                pass_id=self.pass_id,
                direction=self.direction,
                profile=self.profile.name,
                negotiation=self._known_negotiation,
                via_branch=self.via_branch,
                roles=self._roles,
                offered=self._offered and self._offered.for_state,
            )
        )

    @recorded_now
    def rollback(self) -> None:
        """Take back the unanswered offer, which was rejected (488, 491): the call is as it was before that offer.

        Nothing is sent; the next offer brings the daemon up to date. Raises `UsageError` if no offer is unanswered.
        (RFC 3261, section 14.1.)
        """
        self._check_alive("rollback")
        before, self._negotiation = self._negotiation, self._negotiation.rollback()
        self._offered, self._held = self._held, None
        place = before.place(before.offerer)
        if place is not None and OTHER[place] in self._negotiation.settled:
            self._roles = self._roles.rejected(offerer=place)

    @recorded_now
    def fork(self, *, via_branch: str, direction: Direction | None = None) -> Call:
        """Return a branch of this call: one of several callees, with its own offer, answer and delete.

        `via_branch` is the branch of the topmost Via of the INVITE that goes to this callee. Each message of the
        branch has it, because the daemon distinguishes callees by it. `direction` is that of the branch, if it is
        not the call's: a phone and a browser may ring together. Deleting a branch leaves the others; deleting the
        call ends them all. Raises `UsageError` for a branch of a branch.
        """
        self._check_alive("fork")
        if self.via_branch is not None:
            raise UsageError("a branch cannot be forked: call fork() of the call itself")
        if not isinstance(via_branch, str) or not via_branch:
            raise UsageError(f"via_branch={via_branch!r}: the branch parameter of the topmost Via expected")
        # The branch has a negotiation of its own: each callee answers the same offer for itself.
        direction = direction or self.direction
        settings = attrs.evolve(self._settings, from_tag=self.from_tag, via_branch=via_branch, direction=direction)
        branch = Call(self._client, settings, parent=self)
        self._branches.add(branch)
        return branch

    def party(self, tag: str) -> Party:
        """Return a handle for one party, by its SIP tag: ``await call.party("bob").play_media(file="hello.wav")``.

        It has the commands about a party, without the Call-ID and the participant. Raises `UsageError` for a tag
        that the call does not know; the callee's is known when the callee has first answered or offered.
        """
        sender = RecordedSender(self._client, self._history, by=tag, branch=self.via_branch)
        return Party(sender, tag, self._names, self._before)

    @recorded
    async def query(self) -> QueryReply:
        """Return what the daemon knows of the call. Raises `UnknownCall` if the daemon does not know it.

        ``reply.parties["bob"]`` is what passed between the daemon and the party with that SIP tag.
        """
        return await self._send(Query(call_id=self.ng_call_id))

    @recorded
    async def delete(self, *, delay: int | None = None) -> DeleteReply | None:
        """End the call, or this branch of it, and return its final statistics; None if it never began.

        `delay` is for how many seconds the daemon keeps the call, 0 for not at all. The default is the
        `delete_delay` of the call or, if that is None, the daemon's own setting (30 s). Deleting twice is harmless:
        the second time sends nothing and returns the same reply.
        """
        if self._is_deleted:
            return self._last
        is_second = live.is_second(self._calls, self._root)
        if self._began and is_second:
            _log.warning("call %r is not deleted: another one with its Call-ID goes on", self.call_id)
        elif self._began:
            with self._under_way.ending():
                self._last = await self._end(delay)
        self._deleted = True
        if self._parent is None and not is_second:
            live.ended(self._calls, self)
        return self._last

    async def _end(self, delay: int | None) -> DeleteReply:
        is_certain = await settled(self._client, self.ng_call_id, self._under_way) or not self._is_uncertain
        # With both tags, the daemon deletes only that dialogue, which is what a branch wants. Where the daemon
        # may have several dialogues of a call, only a delete without tags ends them all; but 10.5 tells the
        # last figures only to one with a tag.
        state = self._known_negotiation
        is_branch = self.via_branch is not None and not state.transfers
        is_plain = CALLER in state.settled and not (state.moved or state.is_tangled)
        command = Delete(
            call_id=self.ng_call_id,
            from_tag=state.caller_ng_tag if is_branch or is_plain else None,
            to_tag=state.callee_ng_tag if is_branch else None,
            via_branch=self.via_branch if is_branch else None,
            delete_delay=self._settings.delete_delay if delay is None else delay,
        )
        if is_certain:
            return await self._send(command)
        _log.warning("call %r may stay at the daemon: an offer had no reply", self.call_id)
        return await delete_until_gone(lambda: self._send(command))

    def detach(self) -> None:
        """Keep the call when its ``async with`` block ends: it is not deleted, and can still be used."""
        self._detached = True

    async def __aenter__(self) -> Self:
        self._check_alive("async with")
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Delete the call, shielded from cancellation, within 5 seconds; failures are logged, not raised."""
        if self._detached or self._is_deleted:
            return
        with anyio.move_on_after(DELETE_WITHIN, shield=True) as scope:
            try:
                await twice(self.delete)
            except RtpeError as failure:
                _log.warning("call %r was not deleted: %s", self.call_id, failure)
                # Nobody goes on with it, although the error may hold on to it for a while.
                live.ended(self._calls, self._root)
        if scope.cancelled_caught:
            _log.warning("call %r was not deleted within %g s", self.call_id, DELETE_WITHIN)

    def _names(self) -> CallNames:
        state = self._negotiation
        named = ((state.caller, state.caller_ng_tag), (state.callee, state.callee_ng_tag))
        tags = {tag: ng_tag for tag, ng_tag in named if tag is not None and ng_tag is not None}
        return CallNames(call_id=self.ng_call_id, tags=tags)

    @property
    def _known_negotiation(self) -> Negotiation:
        """The state of the negotiation, with what the daemon has beside it."""
        state = self._negotiation
        return attrs.evolve(state, is_tangled=True) if self._has_listener else state

    @property
    def _root(self) -> Call:
        """The call itself, also for a branch of it."""
        return self if self._parent is None else self._parent

    @property
    def _is_deleted(self) -> bool:
        return self._deleted or (self._parent is not None and self._parent._is_deleted)

    @property
    def _goes_on(self) -> bool:
        """Whether there is, or may be, something at the daemon."""
        if self._is_deleted:
            return False
        has_offered = self._negotiation.offerer is not None or bool(self._negotiation.settled)
        return has_offered or any(branch._goes_on for branch in self._branches)

    def _failed(self, error: BaseException, before: Negotiation, after: Negotiation) -> None:
        """Restore the state from before a request that has failed, and note whether it may still be executed."""
        # If another message has changed the state in the meantime, that state counts.
        if self._negotiation is after:
            self._negotiation = before.knowing(after)
        # An EngineError is a reply, so the command is no longer pending. All else leaves that open.
        if not isinstance(error, EngineError):
            self._is_uncertain = True
            if self._parent is not None:
                self._parent._is_uncertain = True

    def _begin(self) -> None:
        # The daemon knows the call through its branch, so a delete of the call must be sent as well.
        self._began = True
        if self._parent is not None:
            self._parent._begin()
        else:
            live.begun(self._calls, self)

    def _check_alive(self, action: str) -> None:
        if self._is_deleted:
            raise UsageError(
                f"{action} on call {self.call_id!r}, which was deleted: begin another with client.call(...)"
            )

    def _before(self, command: Command[Reply]) -> None:
        # The daemon may keep a call for a while after its delete, and tells of it until then.
        if not isinstance(command, Query | Delete):
            self._check_alive(command.name)
        # 10.5 keeps a listener, and with it the call, when it is told to delete the caller's dialogue.
        self._has_listener |= isinstance(command, SubscribeRequest)

    def _with_tls_id(self, body: CallBody, leg: Leg, tag: str | None) -> str:
        """Return the body of the party with this tag; it has a constant tls-id if the party is a browser."""
        if leg is Leg.SIP or not self.profile.keep_dtls:
            return body.text
        return with_tls_id(body, call_id=self.call_id, tag=tag or "")

    async def _keep_ice(self, offer: Offer, leg: Leg) -> None:
        """Tell the daemon ahead of a browser's re-offer that ICE restarts there, so that its own half does not."""
        fragment = restart_fragment(offer.sdp) if leg is Leg.WEB and self.profile.keep_ice else None
        if fragment is None:
            return
        # As plain values: there is no body in the reply, which is what an `Offer` expects.
        ahead = attrs.evolve(offer, sdp=fragment, received_from=None, flags=Flags(fragment=True))
        reply = await self._sender.request(ahead.to_ng())
        if reply.get("result") != "ok":
            # A daemon without an ICE agent there has nothing to keep; the offer itself brings it up to date.
            _log.info("'offer' of call %r: the daemon takes no word of an ICE restart ahead of it", self.call_id)

    def _offer_flags(self, place: str, after: Negotiation, flags: Flags | None = None) -> Flags:
        path, names = self._settings.path(place), self._settings.interface_flags(place)
        return merge(self.profile.offer_flags(path), names, _keeping(after), flags)

    def _offer(
        self, sent: BodySent, place: str, after: Negotiation, flags: Flags, received_from: str | None
    ) -> Offer:
        """Return the command for an offer of the party in a place."""
        by = after.caller if place == CALLER else after.callee
        to_tag = after.ng_tag(OTHER[place])
        return Offer(
            sdp=self._with_tls_id(sent.body, self._settings.path(place).caller, by or to_tag),
            call_id=self.ng_call_id,
            from_tag=after.ng_tag(place) or by or "",
            to_tag=to_tag,
            via_branch=self.via_branch,
            received_from=received_from,
            flags=flags,
        )

    def _answered_offer(self, body: str | bytes | None, place: str, after: Negotiation) -> Offered | None:
        """Return what is known of the offer that is answered: by this call itself, or from its `body`."""
        own = self._offered
        if body is None or (own is not None and own.body is not None):
            return own if own is not None and not own.is_outdated else None
        path = self._settings.path(place)
        sent = outgoing(body, profile=self.profile, role="offer", to=path.callee, whose=place, there=None)
        flags = self._offer_flags(place, after)
        command = self._offer(sent, place, after, flags, None)
        written = CallBody(as_text(body)) if sent.repairs else sent.body
        return Offered.restored(place, written, sent=sent, command=command, own=own)

    def __repr__(self) -> str:
        branch = f" branch {self.via_branch!r}" if self.via_branch else ""
        return f"<Call {self.call_id!r}{branch} {self.direction} {self.phase}>"


def negotiation_of(call: Call) -> Negotiation:
    """Return how far a call is, for what leads calls by their messages."""
    return call._negotiation


def _keeping(negotiation: Negotiation) -> Flags | None:
    """Return the flags that keep the ports of each party where another party, or early dialogue, has come."""
    # Without them, the daemon takes a new port toward a phone when the address at the other end changes.
    return _LATCHING if negotiation.moved else None


_LATCHING = Flags(port_latching=True)
