"""The commands about recording and forwarding: nothing is written, but a query tells what is on.

It tells only where the engine is one that records: a daemon without a spool folder takes these commands, and does
nothing.
"""

from __future__ import annotations

from ...wire import Document
from ..call import EngineCall
from ..state import State
from .selection import all_word, call_of, select, text_of, words_of

__all__ = ["pause_recording", "start_forwarding", "start_recording", "stop_forwarding", "stop_recording"]


def start_recording(request: Document, state: State, now: float) -> Document:
    """Record from now on (ng document, "`start recording` Message")."""
    call = _recorded(request, state)
    call.control.is_recorded = True
    call.control.start()
    return {}


def stop_recording(request: Document, state: State, now: float) -> Document:
    """End a recording, pause it or throw it away (ng document, "`stop recording` Message")."""
    call = _recorded(request, state)
    words = words_of(request)
    call.control.is_recorded = False
    if not state.behaviour.knows_pause:
        call.control.stop()
    elif "discard-recording" in words:
        call.control.has_recording = False
    elif "pause" not in words and text_of(request, "pause") not in ("yes", "on", "true"):
        call.control.stop()
    return {}


def pause_recording(request: Document, state: State, now: float) -> Document:
    """Stop recording but keep the recording open (ng document, "`pause recording` Message")."""
    _recorded(request, state).control.is_recorded = False
    return {}


def start_forwarding(request: Document, state: State, now: float) -> Document:
    """Forward audio from now on (ng document, "`start forwarding` and `stop forwarding` Messages")."""
    call, party = select(request, state)
    if party is None:
        call.control.is_forwarded = True
    else:
        call.control.forwarded.add(party)
    call.control.set_metadata(text_of(request, "metadata"), party)
    call.control.start()
    return {}


def stop_forwarding(request: Document, state: State, now: float) -> Document:
    """Forward no more (ng document, "`start forwarding` and `stop forwarding` Messages")."""
    call, party = select(request, state)
    if party is None:
        call.control.is_forwarded = False
        if all_word(request, state) == "all":
            call.control.forwarded.clear()
    else:
        call.control.forwarded.discard(party)
    call.control.set_metadata(text_of(request, "metadata"), party)
    call.control.stop()
    return {}


def _recorded(request: Document, state: State) -> EngineCall:
    """Return the call that is meant; an unknown tag is no error here."""
    call = call_of(request, state, "Unknown call-id")
    tag = text_of(request, "from-tag")
    party = call.by_tag(tag) if tag is not None else None
    call.control.set_metadata(text_of(request, "metadata"), party)
    return call
