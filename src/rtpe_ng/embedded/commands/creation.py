"""The commands that let the engine itself be a party: ``create`` and ``create answer``."""

from __future__ import annotations

from ...wire import Document, Value
from ..errors import Refused
from ..sdp import creation, rewrite
from ..sdp.creation import NewSection
from ..state import State
from .selection import text_of
from .subscription import party_with

__all__ = ["create", "create_answer"]


def create(request: Document, state: State, now: float) -> Document:
    """Offer what is asked for (ng document, "`create` and `create answer` Messages")."""
    call_id = text_of(request, "call-id", "call-ID", "call id", "call ID") or state.resources.name()
    from_tag = text_of(request, "from-tag") or state.resources.name()
    call = state.calls.get(call_id) or state.calls.create(call_id, now)
    party = party_with(call, from_tag, now)
    call.revive(now)
    sections = request.get("medias", request.get("media"))
    wanted = [_wanted(it) for it in sections if isinstance(it, dict)] if isinstance(sections, list) else []
    sdp = creation.offer(wanted, state.context(request), party=party)
    call.control.number(party)
    return {"call-id": call_id, "from-tag": from_tag, "sdp": sdp}


def create_answer(request: Document, state: State, now: float) -> Document:
    """Take the answer to what was created."""
    body = text_of(request, "sdp", "SDP")
    call_id = text_of(request, "call-id", "call-ID", "call id", "call ID")
    from_tag = text_of(request, "from-tag")
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


def _wanted(section: dict[str, Value]) -> NewSection:
    codecs = section.get("codec", section.get("codecs"))
    names = tuple(it for it in codecs if isinstance(it, str)) if isinstance(codecs, list) else ()
    return NewSection(type=text_of(section, "type") or "audio", codecs=names)
