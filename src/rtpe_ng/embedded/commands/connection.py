"""The commands that connect parties without a body: ``connect``, ``inject start`` and ``inject stop``."""

from ...wire import Document
from ..call import EngineCall, MediaSubscription
from ..errors import Refused
from ..request import EngineRequest
from ..sdp.party import EngineParty
from ..state import State
from .participants import Participants, unknown_tag
from .selection import call_of

__all__ = ["connect", "inject_start", "inject_stop"]


def connect(request: EngineRequest, state: State, now: float) -> Document:
    """Connect a party with another one (ng document, "`connect` Message").

    If the other party is in another call, both calls are merged. With ``directional`` the other party only listens,
    and all other connections remain.
    """
    call = call_of(request, state)
    participants = Participants.of(request, state, call)
    to_tag = request.to_tag
    if to_tag is None:
        raise Refused("No to-tag in message")
    other_id = request.to_call_id
    if other_id is not None:
        other = state.calls.get(other_id)
        if other is None:
            raise Refused("Unknown to-tag call-ID")
        if other is not call and set(other.tags) & set(call.tags):
            raise Refused("Failed to merge two calls into one (tag collision)")
        state.calls.merge(call, other)
    party = call.by_tag(to_tag)
    if party is None:
        party = call.add(now)
        party.tag, call.tags[to_tag] = to_tag, party
    one_way = "directional" in request.flags
    for source in dict.fromkeys(participants.told):
        if source is not party:
            sections = min(len(source.medias), len(party.medias))
            if not one_way:
                state.calls.topology(call).connect(source, party, sections, is_offer=False)
            elif not _links(call, source, party):
                _listen(call, source, party)
    return {}


def inject_start(request: EngineRequest, state: State, now: float) -> Document:
    """Let a party hear another one in addition (ng document, "`inject start` and `inject stop` Messages")."""
    call, source, listener = _injection(request, state, "start")
    if not _links(call, source, listener):
        _listen(call, source, listener)
    return {}


def inject_stop(request: EngineRequest, state: State, now: float) -> Document:
    """End an injection (ng document, "`inject start` and `inject stop` Messages")."""
    call, source, listener = _injection(request, state, "stop")
    ended = _links(call, source, listener)
    call.subscriptions = [edge for edge in call.subscriptions if edge not in ended]
    return {}


def _injection(request: EngineRequest, state: State, what: str) -> tuple[EngineCall, EngineParty, EngineParty]:
    if request.call_id is None:
        raise Refused("No call-id in message")
    to_tag, source_tag = request.to_tag, request.source_tag
    if to_tag is None:
        raise Refused("No to-tag in message")
    if source_tag is None:
        raise Refused("No source-tag in message")
    call = call_of(request, state)
    other_id = request.source_call_id
    other = state.calls.get(other_id) if other_id is not None else call
    if other is None:
        raise Refused("Unknown source call-ID")
    listener, source = call.by_tag(to_tag), other.by_tag(source_tag)
    if listener is None:
        raise unknown_tag("To-tag")
    if source is None:
        raise unknown_tag("Source-tag")
    if source is listener:
        raise Refused("Trying to inject to self")
    if any(edge.offer_answer for edge in _links(call, source, listener)):
        raise Refused(f"Failed to {what} inject")
    if other is not call:
        if set(other.tags) & set(call.tags):
            raise Refused("Failed to merge two calls into one (tag collision)")
        state.calls.merge(call, other)
    return call, source, listener


def _links(call: EngineCall, source: EngineParty, listener: EngineParty) -> list[MediaSubscription]:
    return [edge for edge in call.subscriptions if edge.source is source and edge.subscriber is listener]


def _listen(call: EngineCall, source: EngineParty, listener: EngineParty) -> None:
    pairs = zip(source.medias, listener.medias, strict=False)
    call.subscriptions += [
        MediaSubscription(source=source, subscriber=listener, source_section=index, subscriber_section=index)
        for index, _ in enumerate(pairs)
    ]
