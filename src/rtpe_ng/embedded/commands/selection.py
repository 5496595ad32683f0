"""Which call and which party a command is about, and what it says when there is none."""

from __future__ import annotations

import ipaddress

from ...sdp import Connection
from ...wire import Document
from ..call import EngineCall
from ..errors import Refused
from ..sdp.party import EngineParty
from ..state import State

__all__ = ["all_word", "call_of", "integer_of", "is_directional", "party_of", "select", "text_of", "words_of"]


def text_of(request: Document, *keys: str) -> str | None:
    """Return the text under the first of these keys that has one; None where none has."""
    return next((text for key in keys if isinstance(text := request.get(key), str)), None)


def integer_of(request: Document, key: str, default: int) -> int:
    """Return a number, which may stand as text."""
    value = request.get(key)
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return default
    return value if isinstance(value, int) else default


def words_of(request: Document) -> list[str]:
    """Return the members of ``flags``."""
    flags = request.get("flags")
    if isinstance(flags, str):
        return flags.split(",")
    return [word for word in flags if isinstance(word, str)] if isinstance(flags, list) else []


def call_of(request: Document, state: State, unknown: str = "Unknown call-ID") -> EngineCall:
    """Return the call; refuse, with the text `unknown`, where there is none."""
    call_id = text_of(request, "call-id", "call-ID", "call id", "call ID")
    if call_id is None:
        raise Refused("No call-id in message")
    call = state.calls.get(call_id)
    if call is None:
        raise Refused(unknown)
    return call


def all_word(request: Document, state: State) -> str:
    """Return which flows are meant: ``all``, ``offer-answer`` and so on; empty where nothing is said."""
    said = text_of(request, "all") if state.behaviour.knows_all_as_key else None
    known = {
        "all": "all",
        "none": "",
        "offer-answer": "offer-answer",
        "flows": "flows",
        **dict.fromkeys(("not-offer-answer", "non-offer-answer", "except-offer-answer"), "except-offer-answer"),
    }
    if said in known:
        return known[said]
    return "all" if "all" in words_of(request) else ""


def is_directional(request: Document, state: State) -> bool:
    """Tell whether the command's ``from-tag`` says whom it is about; else it is a mere hint."""
    return request.get("command") not in state.behaviour.needs_directional or "directional" in words_of(request)


def select(request: Document, state: State) -> tuple[EngineCall, EngineParty | None]:
    """Return the call and the party that the command is about, and give that one its new label (``set-label``)."""
    call = call_of(request, state)
    party = None if all_word(request, state) == "all" else party_of(request, state, call)
    label = text_of(request, *state.behaviour.keys_that_set_a_label)
    if party is not None and label:
        call.set_label(party, label)
    return call, party


def party_of(request: Document, state: State, call: EngineCall) -> EngineParty | None:
    """Return the party that the command is about; None where it is about the whole call.

    It is chosen by ``label``, else by ``address``, else by ``from-tag``. Refuses where that names nobody.
    """
    party: EngineParty | None = None
    label = text_of(request, "label", "from-label")
    address = text_of(request, "address")
    tag = text_of(request, "from-tag") if is_directional(request, state) else None
    if label is not None:
        party = call.by_label(label)
        if party is None:
            raise Refused("No monologue matching the given label")
    elif address is not None:
        party = _by_address(call, address)
    elif tag is not None:
        party = call.by_tag(tag)
        if party is None:
            raise Refused("From-tag given, but no such tag exists")
    return party


def _by_address(call: EngineCall, address: str) -> EngineParty:
    try:
        wanted = ipaddress.ip_address(address)
    except ValueError as error:
        raise Refused("Failed to parse network address") from error
    for party in call.parties:
        for media in party.medias:
            if media.advertised and Connection(address=media.advertised[0][0]).ip == wanted:
                return party
    raise Refused("Failed to match address to any tag")
