"""`Router`: what each SIP message means for the media of its call.

SIP gives a program in the middle no calls, only messages, and these come in any order: they cross, are resent, and
belong to dialogues that have lost. A router turns each of them into what a `Call` can do. It asks two questions.

Which call it is, `CallLedger` says. Whether it is the call's dialogue is the harder question. One INVITE may make
several dialogues, and the call is the first one that a 2xx confirms, whatever else that 2xx says. What the others
still send, until the caller has ended them, must neither move the call nor end it. So an early dialogue moves the
call only before the first 2xx; a failure or a CANCEL ends it only before; and a BYE ends it only between its two
parties.

An offer belongs to a transaction. The 2xx of another one may repeat a body, which is neither an offer nor an answer
then. A message that is resent gets the same body as before, without a command. A body that cannot be placed goes on
as it is, with a warning. One message of a Call-ID is handled at a time, and a call that is over stays over.
"""

import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping
from typing import Generic, TypeVar

import attrs

from ..call import Call, negotiation_of
from ..controller import Controller
from ..errors import RtpeError, UsageError
from ..flags import Profile, profiles
from ..legs import Direction, Leg
from .ledger import OPEN, CallLedger, CallTerms, RoutedCall
from .memory import DescribedInvite
from .message import M, SipMessage, SipStack
from .store import StateStore, key_of

C = TypeVar("C")
"""What the registrar or the policy knows of a callee."""

_log = logging.getLogger("rtpe_ng")

_WITH_OFFERS = ("INVITE", "UPDATE", "PRACK")
"""The methods whose responses may carry an offer or an answer (RFC 3264; RFC 6337, table 1)."""


class Router(Generic[M, C]):
    """Leads the media of calls through an engine, by the SIP messages that your program handles.

    Give each message to one of three methods, which return it as it goes on: an INVITE without a To tag to
    `on_invite`, every other request to `on_request`, a response to `on_reply`. Give it all final responses, your
    own as well. `stack` reads and writes messages. `policy` is called with an INVITE and what you know of its
    callee, and returns the direction of the call, or None for a call that needs no engine.

    `states` keeps the state of each call: a dictionary by default, or a `StateStore` that several processes share.
    With a `secret` (see `seal`), each INVITE also carries its state as a Record-Route parameter, which is enough
    for the requests that come later. A fork needs one of the two in another process. A spiral needs the `secret`
    and `SipMessage.route`, because only these tell its passes apart within a dialogue: without them, a request or
    response with a body raises `UsageError` there, and each BYE ends one pass. `profile`,
    `interfaces`, `delete_delay` and `strict` are as for ``client.call``.

    Each method raises what the `Call` raises: answer the request with the error's `sip_status`. An INVITE that ends
    in an error leaves nothing at the engine. An error within a dialogue changes nothing, so the message may come
    again; an answer in a 200 or an ACK cannot be refused, so end the call if that fails. Raises `UntrustedState`
    for a Route parameter that is not the router's. A BYE, a CANCEL or a failure never raises what the engine or the
    store says: it is logged, and tried again at the next message.

    A router belongs to one event loop. (RFC 3261; RFC 3262; RFC 3264; RFC 3311; RFC 6337.)
    """

    def __init__(
        self,
        client: Controller,
        stack: SipStack[M],
        policy: Callable[[M, C], Direction | None],
        *,
        secret: bytes | None = None,
        states: MutableMapping[str, str] | StateStore | None = None,
        profile: Profile = profiles.MODERN,
        interfaces: Mapping[Leg, str] | tuple[str, str] | None = None,
        delete_delay: int | None = 0,
        strict: bool = False,
    ) -> None:
        self.client = client
        self.states: MutableMapping[str, str] | StateStore = {} if states is None else states
        terms = CallTerms(profile=profile, interfaces=interfaces, delete_delay=delete_delay, strict=strict)
        self._stack = stack
        self._policy = policy
        self._ledger = CallLedger(client, self.states, terms, secret)

    async def on_invite(self, invite: M, callee: C, *, fork: str | None = None) -> M:
        """Handle an INVITE without a To tag, and return it as it goes to the callee.

        `fork` is the branch parameter of the Via that goes to this callee, if the INVITE goes to several: each is a
        branch of the call (``call.fork``). The same INVITE under another topmost branch is another pass of it,
        unless the former one has ended (401, 407, 422). If it failed, the same INVITE to another `callee` begins
        the call again; with an equal callee it was resent. An INVITE with a To tag is handled as by `on_request`.
        Raises `UsageError` for any other message, and what the `Call` raises.
        """
        message = self._stack.read(invite)
        if message.method != "INVITE" or message.status:
            raise UsageError(f"on_invite: {message.method} is no INVITE; other requests go to on_request")
        if message.to_tag:
            return await self.on_request(invite)
        direction = self._policy(invite, callee)
        if direction is None:
            return invite
        async with self._ledger.locks.hold(message.call_id):
            root, pass_id = await self._ledger.pass_of(message)
            memory = self._ledger.memory.get(root)
            if memory is not None and memory.is_ending:
                await self._ledger.end_again(root, message.call_id)
                memory = None
            found = await self._ledger.load(key_of(root, via_branch=fork), root, message.call_id)
            if found is not None:
                return await self._invited_again(invite, message, found)
            is_resent = memory is not None and bool(message.branch) and memory.branch == message.branch
            if fork is None and memory is not None and memory.is_ended and is_resent:
                is_same_callee = memory.callee is callee or memory.callee == callee
                if is_same_callee or not memory.has_failed:
                    _log.warning("the INVITE of call %r was resent after its end: as it is", message.call_id)
                    return invite
            sent = await self._begin(invite, message, direction, root=root, pass_id=pass_id, fork=fork)
            if (memory := self._ledger.memory.get(root)) is not None:
                memory.callee = callee
            return sent

    async def on_request(self, request: M) -> M:
        """Handle any request but an INVITE that begins a dialogue, and return it as it goes on.

        A BYE ends its call, and so does a CANCEL before a 2xx. The body of an INVITE or UPDATE is an offer, that of
        a PRACK is an answer if an offer of the other party is open, else an offer; that of an ACK is an answer.
        Raises `UsageError` for a message of another kind, `UntrustedState`, and what the `Call` raises.
        """
        message = self._stack.read(request)
        if message.status or (message.method == "INVITE" and not message.to_tag):
            raise UsageError("on_request: an INVITE without a To tag goes to on_invite, a response to on_reply")
        async with self._ledger.locks.hold(message.call_id):
            is_end = message.method in ("BYE", "CANCEL")
            found = await (self._ledger.find_to_end if is_end else self._ledger.find)(message)
            if found is None:
                self._warn_of_body(message, message)
                return request
            if found.memory.is_ending:
                await self._ledger.end(found)
            elif message.method == "CANCEL":
                if not found.memory.confirmed and found.is_first_offer_open:
                    await self._ledger.end(found)
            elif message.method == "BYE":
                await self._on_bye(found, message)
            elif message.method == "ACK" and not message.body:
                await self._on_empty_ack(found, message)
            elif message.body and message.method in (*_WITH_OFFERS, "ACK"):
                body = await self._described(found, message)
                return request if body is None else self._stack.write(request, body=body)
            return request

    async def on_reply(self, request: M, reply: M, *, fork: str | None = None) -> M:
        """Handle a response to a request, and return the response as it goes back.

        `fork` is the branch of the callee that it comes from, as in `on_invite`; leave it out for the response that
        the caller gets where all branches failed. A failure ends the call, or the branch, if it is that of the
        first INVITE; that of a later offer takes the offer back. Raises `UsageError` without a status, or without
        the `fork` of a call that is forked, and what the `Call` raises.
        """
        asked, told = self._stack.read(request), self._stack.read(reply)
        if not told.status:
            raise UsageError("on_reply: a response with a status expected, behind the request that it answers")
        async with self._ledger.locks.hold(asked.call_id):
            is_end = told.status >= 300 and asked.begins
            find = self._ledger.find_to_end if is_end else self._ledger.find
            # A failure ends what it can, even where it is not known which pass it is of.
            found = await find(attrs.evolve(asked, body="") if told.status >= 300 else asked, fork)
            if found is None:
                self._warn_of_body(told, asked)
                return reply
            if found.memory.is_ending:
                await self._ledger.end(found)
                return reply
            if asked.method not in _WITH_OFFERS:
                return reply
            if told.status >= 300:
                await self._on_failure(found, asked, told, is_branch=fork is not None)
                return reply
            if told.body and found.memory.forks and found.key == found.root:
                raise UsageError(
                    f"on_reply: call {asked.call_id!r} is forked: say fork=, the branch that this comes from"
                )
            is_first = told.status >= 200 and asked.begins and found.key not in found.memory.confirmed
            try:
                body = await self._on_success(found, asked, told)
            except RtpeError:
                if is_first and told.to_tag not in ("", found.call.from_tag):
                    # It was not handled, but it is the call's dialogue: its BYE ends the call.
                    await self._ledger.keep(self._ledger.followed(found, told.to_tag))
                raise
            if told.status >= 200 and asked.begins:
                found.memory.confirmed.add(found.key)
            return reply if body is None else self._stack.write(reply, body=body)

    @contextlib.asynccontextmanager
    async def locked(
        self, call_id: str, *, pass_id: str | None = None, via_branch: str | None = None
    ) -> AsyncIterator[Call]:
        """Give you the `Call` of a Call-ID while no message of it is handled, and keep its state behind the block.

        For what no SIP message says: a transfer, an announcement. Call no method of the router within the block.
        Raises `UsageError` if the router has no such call.
        """
        root = key_of(call_id, pass_id)
        async with self._ledger.locks.hold(call_id):
            found = await self._ledger.load(key_of(root, via_branch=via_branch), root, call_id)
            if found is None:
                raise UsageError(f"the router has no call {key_of(call_id, pass_id, via_branch)!r}")
            try:
                yield found.call
            finally:
                if found.call.phase == "deleted":
                    await self._ledger.forget(found)
                else:
                    await self._ledger.keep(found)

    async def transfer(
        self,
        call_id: str,
        replaced: str,
        *,
        to: str | None = None,
        leg: Leg | None = None,
        pass_id: str | None = None,
    ) -> None:
        """Put another party into the place of `replaced`, as ``call.transfer`` does; nothing is sent.

        Then the next offer comes from the one that stays or the one that comes (`to`): give its INVITE, which has
        another Call-ID if it came with Replaces (RFC 3891), to `on_request` under this Call-ID and the tags of
        these two. If it fails, transfer back. Raises `UsageError` as ``call.transfer``.
        """
        async with self.locked(call_id, pass_id=pass_id) as call:
            call.transfer(replaced, to=to, leg=leg)

    async def end(self, call_id: str) -> None:
        """End each pass of a call that is known here: for a dialogue that your stack gives up without a BYE."""
        async with self._ledger.locks.hold(call_id):
            for root in self._ledger.roots(call_id):
                found = await self._ledger.load(root, root, call_id)
                if found is not None:
                    await self._ledger.end(found)

    async def _begin(
        self,
        invite: M,
        message: SipMessage,
        direction: Direction,
        *,
        root: str,
        pass_id: str | None,
        fork: str | None,
    ) -> M:
        """Begin a call, or a branch of one that may have begun."""
        whole = await self._ledger.load(root, root, message.call_id)
        parent = self._ledger.new(message, direction, pass_id) if whole is None else whole.call
        call = parent if fork is None else parent.fork(via_branch=fork, direction=direction)
        memory = (
            self._ledger.memory.of(root, message.call_id, branch=message.branch) if whole is None else whole.memory
        )
        found = RoutedCall(key=key_of(root, via_branch=fork), root=root, call=call, memory=memory)
        try:
            body = await self._offer(found, message, message, by=message.from_tag) if message.body else None
            if fork is not None:
                memory.forks.add(fork)
                if whole is None:
                    await self._ledger.keep(attrs.evolve(found, key=root, call=parent))
            await self._ledger.keep(found)
        except BaseException:
            await self._ledger.delete(parent if whole is None else call)
            await self._ledger.forget(found, is_branch=whole is not None)
            if whole is None:
                # Nothing of it went on, so the program may try once more.
                memory.is_ended = False
            raise
        return self._stack.write(invite, body=body, route=self._ledger.route(found))

    async def _invited_again(self, invite: M, message: SipMessage, found: RoutedCall) -> M:
        """Handle an INVITE whose call goes on: it was resent, or came again with another body."""
        body = self._ledger.memory.result(message, message)
        if message.body and body is None and not found.memory.confirmed:
            try:
                body = await self._offer(found, message, message, by=message.from_tag)
            except BaseException:
                await self._ledger.end(found, is_branch=found.key != found.root)
                raise
        return self._stack.write(invite, body=body, route=self._ledger.route(found))

    async def _described(self, found: RoutedCall, message: SipMessage) -> str | None:
        """Handle the body of a request within a dialogue, and return it as it goes on; None as it is."""
        if (body := self._ledger.memory.result(message, message)) is not None:
            return body
        call = found.call
        waits = call.phase in OPEN and call.offerer != message.from_tag
        if message.method == "ACK" and not waits:
            # An ACK cannot be refused. Nobody waits for its body.
            return self._repeated(found, message, message.from_tag)
        if message.method == "ACK" or (message.method == "PRACK" and waits):
            return await self._answer(found, message, message, by=message.from_tag)
        return await self._offer(found, message, message, by=message.from_tag)

    async def _on_success(self, found: RoutedCall, asked: SipMessage, told: SipMessage) -> str | None:
        """Handle a provisional response or a 2xx, and return its body as it goes on; None as it is."""
        call, memory = found.call, found.memory
        by = told.to_tag or asked.to_tag or None
        is_final = told.status >= 200
        is_late = asked.begins and found.key in memory.confirmed
        is_early = asked.begins and not is_final and not told.reliable
        if by != call.to_tag and (is_late or (is_early and call.phase == "answered")):
            _log.info("%d of call %r is of a dialogue that has lost", told.status, asked.call_id)
            return self._repeated(found, asked, call.to_tag) if told.body else None
        if not told.body:
            if is_final and by is not None:
                await self._on_success_without_body(found, asked, by)
            return None
        if (body := self._ledger.memory.result(told, asked)) is not None:
            return body
        negotiation = negotiation_of(call)
        is_another = asked.begins and by not in (None, call.to_tag, call.from_tag) and call.to_tag is not None
        is_another = is_another and not is_early
        # The first exchange is over if the callee can change no more.
        is_other_offers = memory.has_other_offer(asked.branch) or (asked.begins and negotiation.undecided is None)
        if asked.body:
            has_no_offer = asked.begins and call.phase == "new" and not (is_early or is_late or by == call.from_tag)
            if by is not None and (has_no_offer or (is_another and is_other_offers)):
                found = await self._offered_again(found, asked, by)
                is_other_offers = False
            is_open = found.call.phase in ("new", *OPEN)
            if is_other_offers or by == found.call.offerer or (is_late and is_open):
                # The offer of this request was answered before; a 200 may repeat that (RFC 6337, section 3.1).
                return self._repeated(found, asked, by)
            is_provisional = not is_final and (not told.reliable or by is None)
            if not is_provisional and not is_final:
                memory.is_answered_early = True
            return await self._answer(found, told, asked, by=by, provisional=is_provisional)
        if is_another and by is not None:
            return await self._offer(self._ready_for(found, by), told, asked, by=by)
        is_same_offer = is_late or (bool(asked.branch) and asked.branch == memory.offer_branch)
        is_answered = call.phase == "answered" and is_same_offer
        is_repetition = asked.begins and bool(negotiation.settled) and call.phase != "new"
        if asked.method != "INVITE" or by is None or is_answered or is_repetition:
            return self._repeated(found, asked, by)
        return await self._offer(found, told, asked, by=by)

    def _repeated(self, found: RoutedCall, asked: SipMessage, by: str | None) -> str | None:
        """Return the body of a party again, for one that is neither offer nor answer; None if it is not known."""
        described = found.memory.description(asked, by)
        body = found.memory.last.get(by or "") if described is None else described.relayed
        if body is None:
            _log.warning("a body of call %r is neither offer nor answer, and goes on as it is", found.call.call_id)
        return body

    def _warn_of_body(self, message: SipMessage, request: SipMessage) -> None:
        """Say that a body goes on as it is, if the Call-ID is known."""
        if message.body and self._ledger.memory.passes(request.call_id):
            _log.warning(
                "the body of %s %s of call %r goes on as it is: its dialogue is not the call's, or is over",
                *(request.method, message.status or "request", request.call_id),
            )

    def _ready_for(self, found: RoutedCall, by: str) -> RoutedCall:
        """Return the call ready for the offer of another dialogue than the one it followed (a late offer)."""
        call = found.call
        is_settled = bool(negotiation_of(call).settled)
        if call.phase in OPEN and (is_settled or call.offerer == call.from_tag):
            call.rollback()
        if call.phase == "answered":
            # It has seen no offer yet, so it gets ports of its own.
            call.transfer(call.to_tag, to=by)
        return found

    async def _offered_again(self, found: RoutedCall, asked: SipMessage, by: str) -> RoutedCall:
        """Return the call with the first offer open again, which another dialogue answers than it followed."""
        found = self._ledger.followed(found, by)
        await found.call.offer(asked.body, by=asked.from_tag, received_from=asked.source or None)
        found.memory.offer_branch, found.memory.is_offer_late = asked.branch, False
        return found

    async def _on_success_without_body(self, found: RoutedCall, asked: SipMessage, by: str) -> None:
        """Close an offer that its 2xx says nothing of: an early answer counts, or the session stays as it was."""
        is_first = asked.begins and by != found.call.from_tag
        if is_first and by != found.call.to_tag:
            await self._on_dialogue_without_body(found, asked, by)
        elif found.has_open_offer_of(asked):
            if asked.begins:
                state = self._ledger.restore(found.call.state, within=(asked.from_tag, by))
                found = attrs.evolve(found, call=state)
            else:
                found.call.rollback()
            await self._ledger.keep(found)

    async def _on_dialogue_without_body(self, found: RoutedCall, asked: SipMessage, by: str) -> None:
        """Follow the dialogue of a 2xx without a body; what it described early is its answer."""
        described = found.memory.description(asked, by)
        if described is not None and asked.body:
            found = await self._answered_again(found, asked, by, described)
        else:
            if found.call.to_tag is not None:
                _log.warning("call %r goes on with %r, which described nothing here", asked.call_id, by)
            try:
                if not asked.body:
                    raise UsageError("no offer that could be answered")
                call = self._ledger.restore(found.call.state, within=(asked.from_tag, by))
                found = attrs.evolve(found, call=call)
            except UsageError:
                found = self._ledger.followed(found, by)
        await self._ledger.keep(found)

    async def _answered_again(
        self, found: RoutedCall, asked: SipMessage, by: str, described: DescribedInvite
    ) -> RoutedCall:
        memory = found.memory
        is_decided = negotiation_of(found.call).undecided is None
        if memory.has_other_offer(asked.branch) or is_decided or found.call.phase == "new":
            found = await self._offered_again(found, asked, by)
        await found.call.answer(described.received, by=by, offer=asked.body)
        return found

    async def _on_empty_ack(self, found: RoutedCall, ack: SipMessage) -> None:
        """Take back an offer that the ACK was to answer: there is no session, or the one that was before."""
        call = found.call
        if call.phase not in OPEN or call.offerer != ack.to_tag:
            return
        if found.is_first_offer_open and ack.to_tag == call.to_tag:
            await self._ledger.keep(self._ledger.followed(found, ack.to_tag))
        elif found.memory.is_offer_late:
            call.rollback()
            await self._ledger.keep(found)

    async def _on_failure(self, found: RoutedCall, asked: SipMessage, told: SipMessage, *, is_branch: bool) -> None:
        call, memory = found.call, found.memory
        if asked.begins:
            if found.key in memory.confirmed or (not is_branch and memory.confirmed):
                return
            is_other = told.to_tag not in ("", call.to_tag) and not memory.is_answered_early
            if call.phase == "answered" and is_other:
                return
            memory.has_failed = True
            await self._ledger.end(found, is_branch=is_branch)
        elif found.has_open_offer_of(asked):
            call.rollback()
            await self._ledger.keep(found)

    async def _on_bye(self, found: RoutedCall, bye: SipMessage) -> None:
        """End the call, unless the BYE is of an early dialogue: the INVITE goes on without it (RFC 3261, 15)."""
        is_early = not found.memory.confirmed and found.is_first_offer_open and found.call.offerer == bye.from_tag
        if not is_early:
            await self._ledger.end(found, is_branch=bool(found.memory.confirmed - {found.key}))

    async def _offer(self, found: RoutedCall, message: SipMessage, request: SipMessage, *, by: str) -> str:
        call = found.call
        was_open = call.phase in OPEN
        try:
            reply = await call.offer(message.body, by=by, received_from=message.source or None)
        except RtpeError:
            # The engine has it, but it goes no further: its reply cannot be used.
            if call.phase in OPEN and not was_open:
                call.rollback()
                await self._ledger.keep(found)
            raise
        found.memory.offer_branch, found.memory.is_offer_late = request.branch, request is not message
        return await self._described_as(found, message, request, by, reply.sdp)

    async def _answer(
        self,
        found: RoutedCall,
        message: SipMessage,
        request: SipMessage,
        *,
        by: str | None,
        provisional: bool = False,
    ) -> str:
        # A response comes with the offer that it answers, which another process may have sent.
        offer = None if request is message else request.body
        reply = await found.call.answer(
            message.body, by=by, provisional=provisional, received_from=message.source or None, offer=offer
        )
        return await self._described_as(found, message, request, by or "", reply.sdp)

    async def _described_as(
        self, found: RoutedCall, message: SipMessage, request: SipMessage, by: str, body: str
    ) -> str:
        await self._ledger.keep(found)
        found.memory.last[by] = body
        if request is not message and request.method == "INVITE":
            described = DescribedInvite(branch=request.branch, received=message.body, relayed=body)
            found.memory.described[request.begins, by] = described
        self._ledger.memory.keep_result(message, request, body)
        return body
