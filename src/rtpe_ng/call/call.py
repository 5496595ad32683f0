"""`Call`: the life of one call between two legs, from its first offer to its delete.

A call is three values and a sender. `CallSettings` never change. `Negotiation` says which party offered last and
what may follow; `DtlsRoles` says toward which party the daemon is the DTLS server. Each message computes the next
values first, which refuses messages that are out of order before anything is sent. The next `Negotiation` holds
while the request is under way, so that glare shows at once, and the former one is restored if the request fails.
`DtlsRoles` change after the reply.

A request that ended without a reply may still be executed later, even after a delete that was sent behind it. A
call remembers such a request, and repeats a delete that found nothing.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping
from typing import Self, TypeVar

import anyio
import attrs

from ..errors import EngineError, FlagsIgnored, RtpeError, UnusableReply, UsageError
from ..flags import Flags, Profile
from ..legs import Direction, Leg
from ..messages import Answer, Delete, DeleteReply, Offer, Query, QueryReply, SdpReply
from ..messages.commands.fields import as_flags, as_text
from ..sender import Sender
from .dtls import DtlsRoles, with_tls_id
from .negotiation import Negotiation, Phase
from .mends import OFFERED_AGAIN, accepted_codecs, readable
from .review import BodyReturned, Offered, BodySent, incoming, needs_offer_again, outgoing
from .sections import OfferedSections
from .state import CallState
from .usable import Known, Role

_Body = TypeVar("_Body", Offer, Answer)
_log = logging.getLogger("rtpe_ng")

DELETE_RETRIES = (0.02, 0.1, 0.4)
"""The waits, in seconds, before a delete that found nothing is sent again, if the call may have begun after it."""
DELETE_WITHIN = 5.0
"""How long leaving a call's block may take at most, in seconds, even if the engine is dead."""


@attrs.frozen(kw_only=True)
class CallSettings:
    """What stays the same during a call. Raises `UsageError` for values of the wrong kind."""

    call_id: str
    """The SIP Call-ID."""
    from_tag: str
    """The caller's tag."""
    direction: Direction
    """The legs of the caller and the callee."""
    profile: Profile
    """Gives the flags of each message."""
    interfaces: Mapping[Leg, str]
    """The name of the engine's logical interface for each leg; empty for the engine's choice."""
    delete_delay: int | None
    """For how many seconds the daemon keeps a deleted call; None for its own setting."""
    strict: bool = False
    """Whether ignored flags raise `FlagsIgnored` instead of being logged."""
    via_branch: str | None = None
    """The branch of a forked call; None for the call itself."""

    def __attrs_post_init__(self) -> None:
        for name in ("call_id", "from_tag"):
            if not isinstance(value := getattr(self, name), str) or not value:
                raise UsageError(f"{name}={value!r}: a string that is not empty expected")
        if not isinstance(self.direction, Direction):
            raise UsageError(f"direction={self.direction!r}: one such as Direction.WEB_TO_SIP expected")
        if not isinstance(self.profile, Profile):
            raise UsageError(f"profile={self.profile!r}: one such as profiles.MODERN expected")
        legs = {self.direction.caller, self.direction.callee}
        if self.interfaces and not legs <= self.interfaces.keys():
            raise UsageError(
                f"interfaces={dict(self.interfaces)!r}: a name for each of {sorted(map(repr, legs))} expected"
            )


class Call:
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
        self._sender = sender
        self._settings = settings
        self._parent = parent
        self._negotiation = state.negotiation if state else Negotiation(caller=settings.from_tag)
        self._roles = state.roles if state else DtlsRoles()
        # The last offer, and the one that holds if that is rejected. Of a restored call only the sections are known.
        self._offered: Offered | None = state.offered if state else None
        self._held: Offered | None = None
        self._began = state is not None
        # Whether a command ended without a reply, so that it may still be executed.
        self._is_uncertain = False
        self._detached = False
        self._deleted = False
        self._last: DeleteReply | None = None

    @property
    def call_id(self) -> str:
        """The SIP Call-ID."""
        return self._settings.call_id

    @property
    def from_tag(self) -> str:
        """The caller's tag."""
        return self._settings.from_tag

    @property
    def to_tag(self) -> str | None:
        """The callee's tag; None while it is not known."""
        return self._negotiation.callee

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
    def phase(self) -> str:
        """How far the call is: ``new``, ``offered``, ``early``, ``answered`` or ``deleted``."""
        return "deleted" if self._is_deleted else self._negotiation.phase.value

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
        re-INVITE, or an offer in a 200), tags, flags and interfaces swap by themselves. `flags` are merged over the
        profile's. `received_from` is the address that the SIP message came from. Raises `Glare` while the other
        party's offer is open, `UsageError` for a tag that is neither party's and for a ``dtls='passive'`` that
        would end the media, `FlagsIgnored` if the call is strict. (RFC 3264, sections 5 and 8; RFC 3261, section
        14.)
        """
        self._check_alive("offer")
        by = by or self.from_tag
        after = self._negotiation.offer(by)
        path = self._path(by)
        merged = _merged(self.profile.offer_flags(path), self._interfaces(path), flags)
        party, is_first = self._party(by), not self._negotiation.is_settled
        merged = self._roles.offering(merged, sender=party, path=path, is_first=is_first)
        sent = self._outgoing(sdp, "offer", path.callee, party, self._layout(party))
        command = Offer(
            sdp=sent.body,
            call_id=self.call_id,
            from_tag=by,
            to_tag=after.other(by),
            via_branch=self.via_branch,
            received_from=received_from,
            flags=merged,
        )
        command = self._prepared(command, path.caller, by)
        # From here on the daemon may know the call, whatever the outcome.
        self._begin()
        was_settled = self._negotiation.phase is Phase.ANSWERED
        with self._moving_to(after):
            reply = await self._sender.send(command)
        # Only now: if the request failed, the daemon's roles are those from before.
        self._roles = self._roles.offered(merged, sender=party)
        there = self._layout(_OTHER[party])
        if was_settled:
            self._held = self._offered
        known = Known(sent=sent.session, sections=there, flags=merged)
        back = incoming(reply.sdp, profile=self.profile, role="offer", path=(path.caller, path.callee), known=known)
        self._offered = _offered(party, as_text(sdp), sent, back, command)
        return self._told(reply, sent, back, "offer")

    async def answer(
        self,
        sdp: str | bytes,
        *,
        by: str | None = None,
        provisional: bool = False,
        flags: Flags | None = None,
        received_from: str | None = None,
    ) -> SdpReply:
        """Send an answer through the daemon and return its reply, whose `sdp` goes back to the offerer.

        `by` is the tag of the party whose SDP this is; the default is the party that did not offer. A `provisional`
        answer (in a 183 that is not reliable) leaves the offer open, and more may follow until the final one; a
        final one may be repeated (183 with PRACK, then 200). `flags` and `received_from` are as for `offer`. Raises
        `UsageError` before any offer and for a ``dtls='passive'`` that would end the media; `FlagsIgnored` if the
        call is strict. (RFC 3264, section 6; RFC 6337, section 3.1.)
        """
        self._check_alive("answer")
        after = self._negotiation.answer(by, provisional=provisional)
        offerer, answerer = after.offerer, after.answerer
        assert offerer is not None  # noqa: S101 - the negotiation refused an answer without an offer
        assert answerer is not None  # noqa: S101 - and one without an answerer
        path = self._path(offerer)
        merged = _merged(self.profile.answer_flags(path), flags)
        merged = self._roles.answering(merged, offerer=self._party(offerer), leg=path.caller)
        party, offered = self._party(answerer), self._offered
        sent = self._outgoing(sdp, "answer", path.caller, party, offered.handed if offered else None)
        command = Answer(
            sdp=sent.body,
            call_id=self.call_id,
            from_tag=offerer,
            to_tag=answerer,
            via_branch=self.via_branch,
            received_from=received_from,
            flags=merged,
        )
        command = self._prepared(command, path.callee, answerer)
        is_repeated = self._negotiation.phase in (Phase.EARLY, Phase.ANSWERED)
        with self._moving_to(after):
            if offered is not None and needs_offer_again(sent.session, offered, is_repeated=is_repeated):
                sent = await self._offered_again(offered, sent)
            reply = await self._sender.send(command)
        self._roles = self._roles.answered(command.sdp, sender=party, leg=path.callee)
        known = Known(
            sent=sent.session,
            offer=offered.session if offered else None,
            sections=offered.written if offered else None,
            flags=merged,
            offer_flags=offered.flags if offered else None,
        )
        back = incoming(
            reply.sdp,
            profile=self.profile,
            role="answer",
            path=(path.callee, path.caller),
            known=known,
            added=offered.added if offered else (),
        )
        if offered is not None and sent.session is not None:
            self._offered = attrs.evolve(offered, answered=accepted_codecs(sent.session))
        return self._told(reply, sent, back, "answer")

    @property
    def state(self) -> str:
        """The facts of the call as a short string, which ``client.restore_call(...)`` turns into a call again.

        It consists of letters, digits, ``-``, ``.`` and ``~``, so you can keep it in a parameter of a SIP URI, such
        as that of a Record-Route, or in a store. It holds the tags, the Call-ID, the legs and the phase of the
        negotiation, and no secret; but anyone who can change it can change the legs of the call. A Record-Route
        stays as it was in the INVITE for the whole dialogue: give ``within=`` when you restore from it. Raises
        `UsageError` for a deleted call.
        """
        self._check_alive("state")
        return str(
            CallState(
                call_id=self.call_id,
                direction=self.direction,
                profile=self.profile.name,
                negotiation=self._negotiation,
                via_branch=self.via_branch,
                roles=self._roles,
                offered=self._offered,
            )
        )

    def rollback(self) -> None:
        """Take back the unanswered offer, which was rejected (488, 491): the call is as it was before that offer.

        Nothing is sent; the next offer brings the daemon up to date. Raises `UsageError` if no offer is unanswered.
        (RFC 3261, section 14.1.)
        """
        self._check_alive("rollback")
        offerer, self._negotiation = self._negotiation.offerer, self._negotiation.rollback()
        self._offered, self._held = self._held, None
        if offerer is not None and self._negotiation.is_settled:
            self._roles = self._roles.rejected(offerer=self._party(offerer))

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
        settings = attrs.evolve(self._settings, via_branch=via_branch, direction=direction)
        return Call(self._sender, settings, parent=self)

    async def query(self) -> QueryReply:
        """Return what the daemon knows of the call. Raises `UnknownCall` if the daemon does not know it."""
        return await self._sender.send(Query(call_id=self.call_id))

    async def delete(self, *, delay: int | None = None) -> DeleteReply | None:
        """End the call, or this branch of it, and return its final statistics; None if it never began.

        `delay` is for how many seconds the daemon keeps the call, 0 for not at all. The default is the
        `delete_delay` of the call or, if that is None, the daemon's own setting (30 s). Deleting twice is harmless:
        the second time sends nothing and returns the same reply.
        """
        if self._is_deleted:
            return self._last
        if self._began:
            command = Delete(
                call_id=self.call_id,
                from_tag=self.from_tag,
                # With a To tag, the daemon deletes only that dialogue of the call. Only a branch wants that.
                to_tag=self.to_tag if self.via_branch else None,
                via_branch=self.via_branch,
                delete_delay=self._settings.delete_delay if delay is None else delay,
            )
            self._last = await self._sender.send(command)
            for pause in DELETE_RETRIES:
                # An earlier command that ended without a reply may be executed after this delete.
                if not (self._is_uncertain and self._last.warning):
                    break
                await anyio.sleep(pause)
                self._last = await self._sender.send(command)
        self._deleted = True
        return self._last

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
                await self.delete()
            except RtpeError as failure:
                _log.warning("call %r was not deleted: %s", self.call_id, failure)
        if scope.cancelled_caught:
            _log.warning("call %r was not deleted within %g s", self.call_id, DELETE_WITHIN)

    @property
    def _is_deleted(self) -> bool:
        return self._deleted or (self._parent is not None and self._parent._is_deleted)

    @contextlib.contextmanager
    def _moving_to(self, after: Negotiation) -> Iterator[None]:
        """Hold the new state during the request, so that glare shows at once; restore the old one if it fails."""
        before, self._negotiation = self._negotiation, after
        try:
            yield
        except BaseException as error:
            # If another message has changed the state in the meantime, that state counts.
            if self._negotiation is after:
                self._negotiation = before
            # An EngineError is a reply, so the command is no longer pending. All else leaves that open.
            if not isinstance(error, EngineError):
                self._is_uncertain = True
                if self._parent is not None:
                    self._parent._is_uncertain = True
            raise

    def _begin(self) -> None:
        # The daemon knows the call through its branch, so a delete of the call must be sent as well.
        self._began = True
        if self._parent is not None:
            self._parent._begin()

    def _check_alive(self, action: str) -> None:
        if self._is_deleted:
            raise UsageError(
                f"{action} on call {self.call_id!r}, which was deleted: begin another with client.call(...)"
            )

    def _path(self, offerer: str) -> Direction:
        """Return the direction that an offer of the party `offerer` travels in."""
        return self.direction if offerer == self.from_tag else self.direction.reversed

    def _party(self, tag: str) -> str:
        """Return ``caller`` or ``callee``, which is known even before the callee's tag is."""
        return "caller" if tag == self.from_tag else "callee"

    def _prepared(self, command: _Body, leg: Leg, tag: str) -> _Body:
        """Return the command with a body that has a constant tls-id, if the party is a browser."""
        if leg is Leg.SIP or not self.profile.keep_dtls:
            return command
        return attrs.evolve(command, sdp=with_tls_id(command.sdp, call_id=self.call_id, tag=tag))

    def _layout(self, party: str) -> OfferedSections | None:
        """Return the sections of the session so far, as this party has seen them; None before there were any."""
        if not self._negotiation.is_settled:
            return None
        held = self._offered if self._negotiation.phase is Phase.ANSWERED else self._held
        return held.known_to(party) if held is not None else None

    def _outgoing(
        self, body: str | bytes, role: Role, to: Leg, party: str, there: OfferedSections | None
    ) -> BodySent:
        """Return the body, mended as far as the profile lets the call do so."""
        return outgoing(as_text(body), profile=self.profile, role=role, to=to, whose=party, there=there)

    async def _offered_again(self, offered: Offered, sent: BodySent) -> BodySent:
        """Send the offer again, so that the daemon has its codecs back; return `sent` with the repair."""
        if "codecs" not in self.profile.mends or offered.command is None:
            return sent
        await self._sender.send(offered.command)
        return attrs.evolve(sent, repairs=(*sent.repairs, OFFERED_AGAIN))

    def _told(self, reply: SdpReply, sent: BodySent, back: BodyReturned, name: Role) -> SdpReply:
        """Return the reply to hand on. What is wrong with it is an error if the call is strict, or in the log."""
        reply = attrs.evolve(reply, sdp=back.body, repairs=(*sent.repairs, *back.repairs))
        for repair in reply.repairs:
            _log.info("%r of call %r: mended: %s", name, self.call_id, repair)
        if self._settings.strict and back.ignored:
            raise FlagsIgnored(back.ignored, reply, command=name, call_id=self.call_id)
        if self._settings.strict and back.faults:
            raise UnusableReply(back.faults, reply, command=name, call_id=self.call_id)
        for found in (*back.ignored, *back.faults):
            _log.warning("%r of call %r: %s", name, self.call_id, found)
        return reply

    def _interfaces(self, path: Direction) -> Flags | None:
        names = self._settings.interfaces
        return Flags(direction=[names[path.caller], names[path.callee]]) if names else None

    def __repr__(self) -> str:
        branch = f" branch {self.via_branch!r}" if self.via_branch else ""
        return f"<Call {self.call_id!r}{branch} {self.direction} {self.phase}>"


_OTHER = {"caller": "callee", "callee": "caller"}


def _offered(party: str, body: str, sent: BodySent, back: BodyReturned, command: Offer) -> Offered | None:
    """Return what to remember of an offer; None if its body or the one that came back is no SDP."""
    written = readable(body) or sent.session
    if written is None or back.session is None:
        return None
    return Offered(
        by=party,
        written=OfferedSections.of(written),
        handed=OfferedSections.of(back.session),
        session=written,
        command=command,
    )


def _merged(flags: Flags, *others: Flags | None) -> Flags:
    for other in others:
        if other is not None:
            # Checked here as well as by the command, because merging anything else ends in a TypeError.
            flags |= as_flags(other)
    return flags
