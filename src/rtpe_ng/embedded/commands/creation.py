"""The commands by which the engine itself offers: ``create`` and ``create answer``."""

from ...wire import Document
from ..errors import Refused
from ..request import EngineRequest
from ..sdp import creation, rewrite
from ..sdp.creation import NewSection
from ..state import State
from .subscription import party_with

__all__ = ["create", "create_answer"]


def create(request: EngineRequest, state: State, now: float) -> Document:
    """Create an offer with the sections asked for (ng document, "`create` and `create answer` Messages")."""
    call_id = request.call_id or state.resources.name()
    from_tag = request.from_tag or state.resources.name()
    call = state.calls.get(call_id) or state.calls.create(call_id, now)
    party = party_with(call, from_tag, now)
    call.revive(now)
    wanted = [NewSection(type=kind, codecs=codecs) for kind, codecs in request.sections]
    sdp = creation.offer(wanted, state.context(request), party=party)
    call.control.number(party)
    return {"call-id": call_id, "from-tag": from_tag, "sdp": sdp}


def create_answer(request: EngineRequest, state: State, now: float) -> Document:
    """Take the answer to a created offer (ng document, "`create` and `create answer` Messages")."""
    body, call_id, from_tag = request.body, request.call_id, request.from_tag
    if not body:
        raise Refused("No SDP body in message")
    if call_id is None:
        raise Refused("No call-id in message")
    if from_tag is None:
        raise Refused("No from-tag in message")
    call = state.calls.get(call_id)
    if call is None:
        raise Refused("unknown call-ID")
    context = state.context(request)
    rewrite.count_sections(body, context)
    party = call.by_tag(from_tag)
    if party is None:
        raise Refused("from-tag not found")
    creation.answer(body, context, party=party)
    call.revive(now)
    return {}
