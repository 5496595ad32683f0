"""The call and the party that a command is about, and the refusals where there is none."""

import ipaddress

from ...sdp import Connection
from ..call import EngineCall
from ..errors import Refused
from ..request import EngineRequest
from ..sdp.party import EngineParty
from ..state import State

__all__ = ["call_of", "party_of", "select"]


def call_of(request: EngineRequest, state: State, unknown: str = "Unknown call-ID") -> EngineCall:
    """Return the call; refuse with the text `unknown` where there is none."""
    if request.call_id is None:
        raise Refused("No call-id in message")
    call = state.calls.get(request.call_id)
    if call is None:
        raise Refused(unknown)
    return call


def select(request: EngineRequest, state: State) -> tuple[EngineCall, EngineParty | None]:
    """Return the call and the party that the command is about, after setting a new label (``set-label``)."""
    call = call_of(request, state)
    party = None if request.flows == "all" else party_of(request, call)
    if party is not None and request.set_label:
        call.set_label(party, request.set_label)
    return call, party


def party_of(request: EngineRequest, call: EngineCall) -> EngineParty | None:
    """Return the party that the command is about; None where it is about the whole call.

    It is chosen by ``label``, else by ``address``, else by ``from-tag``. Refuses a name that no party has.
    """
    party: EngineParty | None = None
    if request.label is not None:
        party = call.by_label(request.label)
        if party is None:
            raise Refused("No monologue matching the given label")
    elif request.address is not None:
        party = _by_address(call, request.address)
    elif request.is_directional and request.from_tag is not None:
        party = call.by_tag(request.from_tag)
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
