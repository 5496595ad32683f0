"""The commands of a call's life: ``ping``, ``offer``, ``answer``, ``delete`` and ``list``.

An offer or answer goes through the same steps in every version, though in another order: the request must be
complete; the call is found, or created for an offer; the body is read; the topology finds sender and receiver and
connects them; the body is rewritten for the receiver. The order matters, because a request that fails has already
done the steps before: newer versions leave behind a call whose first offer could not be read, older ones do not.
"""

from typing import Self

import attrs

from ... import sdp
from ...errors import SdpError
from ...wire import Document, Value
from ..call import EngineCall
from ..errors import LoadLimited, NotRewritten, OutOfPorts, Refused
from ..request import Context, EngineRequest, PartyNames
from ..sdp import rewrite
from ..sdp.party import EngineParty
from ..sdp.sdp_attr import is_marked, marked
from ..state import State
from ..topology import Deletion, NoSuchParty
from .query import report

__all__ = ["answer", "delete", "list_calls", "offer", "ping"]

LISTED = 32
"""How many calls ``list`` returns without a ``limit``."""
_NOT_FOUND = "Call-ID not found or tags didn't match"
_FULL = "Parallel session limit reached"
_LOADED = "Load limit exceeded"


def ping(request: EngineRequest, state: State, now: float) -> Document:
    """Answer ``pong``."""
    return {"result": "pong"}


def offer(request: EngineRequest, state: State, now: float) -> Document:
    """Take an offer; create its call and parties where they are new (ng document, "`offer` Message")."""
    if request.missing:
        raise Refused(f"No {request.missing} in message")
    behaviour = state.behaviour
    call = _call_to_offer(request, state, now) if behaviour.finds_call_before_body else None
    if "fragment" in request.flags:
        # It may come before the call exists.
        _take_fragment(request, call or state.calls.get(request.call_id or ""))
        return {}
    message = _Message.of(request, request.offer(), state)
    if message.was_here:
        return {"sdp": message.body}
    return _exchange(message, call or _call_to_offer(request, state, now), state, now)


def answer(request: EngineRequest, state: State, now: float) -> Document:
    """Take an answer, which may be a repeated one (ng document, "`answer` Message")."""
    missing = request.missing or ("to-tag" if request.to_tag is None else None)
    if missing:
        raise Refused(f"No {missing} in message")
    call = _known_call(request, state) if state.behaviour.finds_call_before_body else None
    message = _Message.of(request, request.answer(), state)
    if message.was_here:
        return {"sdp": message.body}
    return _exchange(message, call or _known_call(request, state), state, now)


def delete(request: EngineRequest, state: State, now: float) -> Document:
    """Delete a call or a branch of it, now or later (ng document, "`delete` Message").

    The reply is that of a query. An unknown call is an error only if ``flags`` has ``fatal``.
    """
    behaviour = state.behaviour
    if request.call_id is None or not (request.call_id or behaviour.deletes_the_empty_name):
        raise Refused("No call-id in message")
    call = state.calls.get(request.call_id)
    by_to_tag = behaviour.deletes_by_to_tag or request.flags & {"to-tag", "to_tag"}
    deletion = Deletion(
        from_tag=request.from_tag,
        to_tag=request.to_tag if by_to_tag else None,
        via_branch=request.via_branch,
        delay=state.delete_delay if request.delete_delay is None else request.delete_delay,
        now=now,
    )

    def report_now(from_tag: str | None, to_tag: str | None) -> Document:
        return report(call, state, from_tag, to_tag, now) if call is not None else {}

    try:
        if call is None:
            raise NoSuchParty
        call.last_delete = now
        reply, is_over = state.calls.topology(call).delete(deletion, report_now)
    except NoSuchParty:
        if "fatal" in request.flags:
            raise Refused(_NOT_FOUND) from None
        return {"warning": _NOT_FOUND}
    if is_over:
        state.calls.remove(call, now)
    return {} if "fast" in request.flags and behaviour.deletes_fast else reply


def list_calls(request: EngineRequest, state: State, now: float) -> Document:
    """Return the Call-IDs, at most ``limit`` or else 32 of them (ng document, "`list` Message")."""
    limit = LISTED if request.limit is None else request.limit
    if limit < 0:
        raise Refused("invalid limit, must be >= 0")
    names: list[Value] = [*state.calls.named()]
    return {"calls": names[:limit]}


def _call_to_offer(request: EngineRequest, state: State, now: float) -> EngineCall:
    """Return the call of an offer, a new one where it is unknown; refuse a new call if the engine is full."""
    call = state.calls.get(request.call_id or "")
    if call is not None and not state.behaviour.finds_call_before_body:
        return call
    if state.max_sessions is not None and len(state.calls) >= state.max_sessions:
        state.tally.rejected += 1
        if call is None:
            raise _full(_FULL, request)
    if call is None and state.has_no_room():
        raise _full(_LOADED, request)
    return call or state.calls.create(request.call_id or "", now)


def _full(why: str, request: EngineRequest) -> Refused:
    """Return the refusal of a new call. A client that does not support load limits gets the same error for all."""
    return LoadLimited(why) if request.supports_load_limit else Refused(_FULL)


def _known_call(request: EngineRequest, state: State) -> EngineCall:
    call = state.calls.get(request.call_id or "")
    if call is None:
        raise Refused("Unknown call-id")
    return call


@attrs.frozen(kw_only=True)
class _Message:
    """An offer or answer whose body can be read."""

    request: EngineRequest
    wanted: PartyNames
    context: Context
    body: str
    sections: int
    was_here: bool
    """The body has the mark of this engine, and ``loop-protect`` is given: it is returned unchanged."""

    @classmethod
    def of(cls, request: EngineRequest, wanted: PartyNames, state: State) -> Self:
        """Read the body of a request and its options. Raises `Refused` for a body that cannot be read."""
        body = request.body or ""
        context = state.context(request)
        sections = 0 if _is_empty(body) else rewrite.count_sections(body, context)
        was_here = "loop-protect" in context.options.words and is_marked(body, state.resources)
        return cls(request=request, wanted=wanted, context=context, body=body, sections=sections, was_here=was_here)


def _is_empty(body: str) -> bool:
    """Tell whether the daemon sees nothing in a body: it ends at the first empty line."""
    return not body.strip() or body.startswith(("\r", "\n"))


def _exchange(message: _Message, call: EngineCall, state: State, now: float) -> Document:
    """Find and connect sender and receiver, and return the body for the receiver."""
    request, wanted = message.request, message.wanted
    topology = state.calls.topology(call)
    sender, receiver = topology.find(wanted, now)
    call.revive(now)
    if request.label is not None:
        call.set_label(sender, request.label)
    if wanted.is_answer and request.is_final:
        call.finals.add(sender)
    else:
        call.finals.discard(sender if wanted.is_answer else receiver)
    topology.connect(sender, receiver, message.sections, is_offer=not wanted.is_answer)
    if _is_empty(message.body):
        if state.behaviour.makes_bodies:
            raise NotRewritten
        return {}
    try:
        body = _rewritten(message, sender, receiver)
    except OutOfPorts:
        state.calls.remove(call, now)
        raise
    call.control.set_metadata(request.metadata, sender)
    call.control.talkers.add(sender)
    pair = (sender, receiver) if state.behaviour.numbers_sender_first else (receiver, sender)
    call.control.number(*pair)
    return {"sdp": marked(body, message.context) if "loop-protect" in message.context.options.words else body}


def _rewritten(message: _Message, sender: EngineParty, receiver: EngineParty) -> str:
    """Return the body for the receiver."""
    if message.wanted.is_answer:
        return rewrite.answer(message.body, message.context, answerer=sender, offerer=receiver)
    return rewrite.offer(message.body, message.context, offerer=sender, answerer=receiver)


def _take_fragment(request: EngineRequest, call: EngineCall | None) -> None:
    """Take over the ICE credentials of a fragment: the offer that follows then restarts nothing."""
    body = request.body or ""
    try:
        if not sdp.parse_fragment(body).media:
            raise Refused("Failed to parse SDP")
        # The daemon loses the first line, and so the section that it begins.
        fragment = sdp.parse_fragment(body.partition("\n")[2])
    except SdpError as error:
        raise Refused("Failed to parse SDP") from error
    party = call.tags.get(request.from_tag or "") if call is not None else None
    for index, section in enumerate(fragment.media):
        for media in party.medias if party is not None else ():
            is_meant = media.mid == section.mid if section.mid else media.index == index
            if is_meant and media.ufrag and media.trickle and section.ice_ufrag:
                media.party_ufrag = section.ice_ufrag
