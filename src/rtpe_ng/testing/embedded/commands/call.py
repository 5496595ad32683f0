"""The commands of a call's life: ``ping``, ``offer``, ``answer``, ``delete`` and ``list``."""

from __future__ import annotations

from .... import sdp
from ....wire import Document, Value
from ..refused import Refused
from ..state import State

__all__ = ["answer", "delete", "list_calls", "offer", "ping"]


def ping(request: Document, state: State, now: float) -> Document:
    """Answer ``pong``."""
    return {"result": "pong"}


def offer(request: Document, state: State, now: float) -> Document:
    """Take an offer, and make the call that it begins (ng document, "`offer` Message")."""
    body, call_id, from_tag = _texts(request, "sdp", "call-id", "from-tag")
    call = state.calls.get(call_id) or state.calls.create(call_id, now)
    call.by_tag(from_tag) or call.add(from_tag)
    return {"sdp": _thin(body)}


def answer(request: Document, state: State, now: float) -> Document:
    """Take the answer to the last offer (ng document, "`answer` Message")."""
    body, call_id, _, to_tag = _texts(request, "sdp", "call-id", "from-tag", "to-tag")
    call = state.calls.get(call_id)
    if call is None:
        raise Refused("Unknown call-id")
    call.by_tag(to_tag) or call.add(to_tag)
    return {"sdp": _thin(body)}


def delete(request: Document, state: State, now: float) -> Document:
    """Delete a call or a branch of it (ng document, "`delete` Message")."""
    (call_id,) = _texts(request, "call-id")
    call = state.calls.get(call_id)
    if call is None:
        return {"warning": "Call-ID not found or tags didn't match"}
    state.calls.remove(call)
    return {}


def list_calls(request: Document, state: State, now: float) -> Document:
    """Return the Call-IDs, 32 of them unless ``limit`` says otherwise (ng document, "`list` Message")."""
    names: list[Value] = [call.call_id for call in state.calls]
    return {"calls": names[:32]}


_MISSING = {
    "sdp": "No SDP body in message",
    "call-id": "No call-id in message",
    "from-tag": "No from-tag in message",
    "to-tag": "No to-tag in message",
}


def _texts(request: Document, *keys: str) -> list[str]:
    texts = []
    for key in keys:
        text = request.get(key)
        if not isinstance(text, str):
            raise Refused(_MISSING[key])
        texts.append(text)
    return texts


def _thin(body: str) -> str:
    return sdp.set_connection(body, "127.0.0.1")
