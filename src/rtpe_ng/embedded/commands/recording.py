"""The commands about recording and forwarding: nothing is written, but a query reports what is switched on.

A daemon without a folder for recordings accepts these commands, does nothing, and reports nothing.
"""

from ...wire import Document
from ..call import EngineCall
from ..request import EngineRequest
from ..state import State
from .selection import call_of, select

__all__ = ["pause_recording", "start_forwarding", "start_recording", "stop_forwarding", "stop_recording"]


def start_recording(request: EngineRequest, state: State, now: float) -> Document:
    """Start or resume a recording (ng document, "`start recording` Message")."""
    call = _recorded(request, state)
    call.control.is_recorded = True
    call.control.start()
    return {}


def stop_recording(request: EngineRequest, state: State, now: float) -> Document:
    """End, pause or discard a recording (ng document, "`stop recording` Message")."""
    call = _recorded(request, state)
    call.control.is_recorded = False
    if not state.behaviour.knows_pause:
        call.control.stop()
    elif "discard-recording" in request.flags:
        call.control.has_recording = False
    elif not request.pauses:
        call.control.stop()
    return {}


def pause_recording(request: EngineRequest, state: State, now: float) -> Document:
    """Pause a recording (ng document, "`pause recording` Message")."""
    _recorded(request, state).control.is_recorded = False
    return {}


def start_forwarding(request: EngineRequest, state: State, now: float) -> Document:
    """Start forwarding audio (ng document, "`start forwarding` and `stop forwarding` Messages")."""
    call, party = select(request, state)
    if party is None:
        call.control.is_forwarded = True
    else:
        call.control.forwarded.add(party)
    call.control.set_metadata(request.metadata, party)
    call.control.start()
    return {}


def stop_forwarding(request: EngineRequest, state: State, now: float) -> Document:
    """Stop forwarding audio (ng document, "`start forwarding` and `stop forwarding` Messages")."""
    call, party = select(request, state)
    if party is None:
        call.control.is_forwarded = False
        if request.flows == "all":
            call.control.forwarded.clear()
    else:
        call.control.forwarded.discard(party)
    call.control.set_metadata(request.metadata, party)
    call.control.stop()
    return {}


def _recorded(request: EngineRequest, state: State) -> EngineCall:
    """Return the call of the request; an unknown tag is no error here."""
    call = call_of(request, state, "Unknown call-id")
    tag = request.from_tag
    party = call.by_tag(tag) if tag is not None else None
    call.control.set_metadata(request.metadata, party)
    return call
