"""``query``: what the engine knows of a call. ``delete`` replies with the same."""

from __future__ import annotations

from collections.abc import Iterable

from ...wire import Document, Value
from ..calls import Call
from ..refused import Refused
from ..rewriting import Party
from ..state import State
from .selection import text_of
from .tree import media_document

__all__ = ["query", "report"]


def query(request: Document, state: State, now: float) -> Document:
    """Return what is known of a call (ng document, "`query` Message")."""
    call_id = text_of(request, "call-id")
    if call_id is None:
        raise Refused("No call-id in message")
    call = state.calls.get(call_id)
    if call is None:
        raise Refused("Unknown call-id")
    return report(call, state, text_of(request, "from-tag"), text_of(request, "to-tag"), now)


def report(call: Call, state: State, from_tag: str | None, to_tag: str | None, now: float) -> Document:
    """Return the document of a call: of the party with the tag `to_tag`, else `from_tag`, and those that it hears.

    Where neither is given, it is about all parties.
    """
    behaviour = state.behaviour
    document: Document = {
        "created": int(call.created),
        "created_us": int(call.created % 1 * 1_000_000),
    }
    if behaviour.tells_metadata:
        document["created_ts"] = int(call.created * 1_000_000)
    document["last signal"] = int(call.last_signal)
    if behaviour.tells_recordings:
        document["last redis update"] = 0
    if behaviour.tells_metadata and call.steering.metadata is not None:
        document["metadata"] = call.steering.metadata
    document["SSRC"] = {}
    tags: Document = {}
    for party in _meant(call, to_tag or from_tag):
        # Where branches have one tag, a daemon sends its key more than once, and most readers take the last.
        tags[party.tag or f"<untagged {call.parties.index(party)}>"] = _party(call, party, state, now)
    document["tags"] = tags
    nothing: Document = {"packets": 0, "bytes": 0, "errors": 0}
    document["totals"] = {"RTP": nothing, "RTCP": dict(nothing)}
    if _tells_recording(call, state):
        steering = call.steering
        document["recording"] = {
            "call recording": int(steering.is_recorded),
            "forwarding": int(steering.is_forwarded),
        }
    return document


def _meant(call: Call, tag: str | None) -> list[Party]:
    if not tag:
        return call.parties
    party = call.by_tag(tag)
    return [] if party is None else [party, *dict.fromkeys(call.sources_of(party))]


def _tells_recording(call: Call, state: State) -> bool:
    return state.records and state.behaviour.tells_recordings and call.steering.has_recording


def _party(call: Call, party: Party, state: State, now: float) -> Document:
    behaviour, steering = state.behaviour, call.steering
    document: Document = {"tag": party.tag, "created": int(call.party_created[party])}
    if party.via_branch is not None:
        document["via-branch"] = party.via_branch
    aliases: list[Value] = [tag for tag, it in call.tags.items() if it is party and tag != party.tag]
    if aliases and behaviour.tells_metadata:
        document["tag-aliases"] = aliases
    if party.label is not None:
        document["label"] = party.label
    if behaviour.tells_metadata and party in steering.metadata_of:
        document["metadata"] = steering.metadata_of[party]
    document["subscriptions"] = _peers((it.source, it.offer_answer) for it in call.subscriptions_of(party))
    document["subscribers"] = _peers((it.subscriber, it.offer_answer) for it in call.subscribers_of(party))
    document["medias"] = [media_document(media, state, now) for media in party.medias]
    if behaviour.tells_recordings:
        document["VSC"] = []
    if _tells_recording(call, state):
        document["recording"] = {"excluded": 0, "forwarding": int(party in steering.forwarded)}
    return document


def _peers(peers: Iterable[tuple[Party, bool]]) -> list[Value]:
    """Return each peer once, by the first that is said of it."""
    first: dict[Party, bool] = {}
    for peer, offer_answer in peers:
        first.setdefault(peer, offer_answer)
    return [{"tag": it.tag, "type": "offer/answer" if kind else "pub/sub"} for it, kind in first.items()]
