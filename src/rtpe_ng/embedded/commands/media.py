"""The commands that block or silence media and DTMF: as no media flows, they only check the request."""

from ...wire import Document
from ..call import EngineCall
from ..errors import Refused
from ..request import EngineRequest
from ..sdp.party import EngineParty
from ..state import State
from .selection import select

__all__ = ["block_dtmf", "block_media"]

_FLOWS = ("offer-answer", "except-offer-answer", "flows")


def block_dtmf(request: EngineRequest, state: State, now: float) -> Document:
    """Block or unblock DTMF events (ng document, "`block DTMF` and `unblock DTMF` Messages")."""
    select(request, state)
    return {}


def block_media(request: EngineRequest, state: State, now: float) -> Document:
    """Block, unblock, silence or unsilence media (ng document, "`block media` and `unblock media` Messages").

    Refuses a flow that does not exist, where the version knows flows.
    """
    call, party = select(request, state)
    if party is not None and state.behaviour.knows_flows:
        _check_flow(request, state, call, party)
    return {}


def _check_flow(request: EngineRequest, state: State, call: EngineCall, party: EngineParty) -> None:
    flows, to_tag, to_label = request.flows, request.to_tag, request.to_label
    if to_tag or to_label:
        what = "tag" if to_tag else "label"
        sink = call.by_tag(to_tag) if to_tag else call.by_label(to_label or "")
        if sink is None:
            raise Refused(f"Media flow not found (to-{what} not found)")
        if state.behaviour.finds_no_flow or sink not in call.sources_of(party):
            raise Refused("Media flow not found (to-tag not subscribed)")
    elif flows in _FLOWS:
        kinds = {link.offer_answer for link in call.subscribers_of(party)}
        wanted = {"offer-answer": {True}, "except-offer-answer": {False}, "flows": {True, False}}[flows]
        if not kinds & wanted:
            raise Refused("No eligible media subscriptions found")
