"""``query``: what the engine knows of a call. ``delete`` replies with the same report.

The document has the parties by tag, of each its media sections, and of each section its streams, one of RTP and one
of RTCP (ng document, "`query` Message"). Everything about packets is 0, because no media flows.
"""

import ipaddress
from collections.abc import Iterable

from ...wire import Document, Value
from ..call import EngineCall
from ..request import EngineRequest
from ..sdp.party import Endpoint, EngineParty, PartyMedia
from ..state import State
from .selection import call_of

__all__ = ["query", "report"]


def _media(media: PartyMedia, state: State, now: float) -> Document:
    """Return the report of a section."""
    document: Document = {"index": media.index + 1, "type": media.type}
    if media.transport.is_known:
        document["protocol"] = media.transport.name
    document["streams"] = _streams(media, state, now)
    document["flags"] = _flags(media, state)
    if state.behaviour.tells_sources_of == "sections":
        document |= {"ingress SSRCs": [], "egress SSRCs": []}
    return document


def _flags(media: PartyMedia, state: State) -> list[Value]:
    words = {
        "initialized": media.initialized,
        "send": media.sends,
        "recv": media.receives,
        "rtcp-mux": media.mux,
        "DTLS-SRTP": media.dtls,
        "DTLS role active": "active" in media.roles,
        "DTLS role passive": "passive" in media.roles,
        "SDES": media.sdes,
        "passthrough": media.passthrough,
        "ICE": media.ice,
        "trickle ICE": media.trickle,
        "ICE controlling": media.controlling,
        "ICE-lite peer": media.party_lite,
        "ICE-lite self": media.ice_lite and not state.behaviour.tells_intervals,
        "RTCP feedback": media.gives_feedback and not state.behaviour.tells_intervals,
    }
    return [word for word, holds in words.items() if holds]


def _streams(media: PartyMedia, state: State, now: float) -> list[Value]:
    """Return the streams of RTP and of RTCP."""
    rtp: list[Value] = ["RTP", "RTCP"] if media.mux_of_streams else ["RTP"]
    rtcp: list[Value] = ["RTCP", "fallback RTCP"] if media.mux_of_streams else ["RTCP"]
    words = (rtp, rtcp) if media.has_streams else ([], [])
    return [_stream(media, state, now, words[number], number) for number in (0, 1)]


def _stream(media: PartyMedia, state: State, now: float, words: list[Value], number: int) -> Document:
    """Return the report of a stream: of RTP, whose `number` is 0, or of RTCP, whose number is 1."""
    document: Document = {}
    port = media.carrier.rtcp_port if number else media.carrier.port
    if port:
        family, address = state.resources.address(media.carrier.interface)
        document = {"local port": port, "local address": address, "family": family.replace("IP", "IPv")}
    document["endpoint"] = _endpoint(media.endpoints[number : number + 1])
    document["advertised endpoint"] = _endpoint(media.advertised[number : number + 1])
    document["last packet"] = int(now)
    if media.sdes and media.sdes_out:
        document["crypto suite"] = media.sdes_out[0].suite
    filled = ["filled"] if media.endpoints else []
    document["flags"] = [*words, *filled, *(["ICE"] if media.ice_of_streams else [])]
    document["stats"] = {"packets": 0, "bytes": 0, "errors": 0}
    if not state.behaviour.tells_intervals:
        document |= {"last kernel packet": 0, "last user packet": int(now)}
        document["stats_out"] = {"packets": 0, "bytes": 0, "errors": 0}
    if state.behaviour.tells_sources_of == "streams":
        document |= {"ingress SSRCs": [], "egress SSRCs": []}
    return document


def _endpoint(endpoint: tuple[Endpoint, ...]) -> Document:
    if not endpoint:
        return {}
    ((address, port),) = endpoint
    return {"family": f"IPv{ipaddress.ip_address(address).version}", "address": address, "port": port}


def query(request: EngineRequest, state: State, now: float) -> Document:
    """Return the report of a call or of one party (ng document, "`query` Message")."""
    call = call_of(request, state, "Unknown call-id")
    return report(call, state, request.from_tag, request.to_tag, now)


def report(call: EngineCall, state: State, from_tag: str | None, to_tag: str | None, now: float) -> Document:
    """Return the report of a call: of the party with the tag `to_tag`, else `from_tag`, and of those that it hears.

    Without a tag it is about all parties.
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
    if behaviour.tells_metadata and call.control.metadata is not None:
        document["metadata"] = call.control.metadata
    document["SSRC"] = {}
    tags: Document = {}
    for party in _reported(call, to_tag or from_tag):
        # If branches share a tag, a daemon sends the key several times, and most readers take the last.
        tags[party.tag or f"<untagged {call.parties.index(party)}>"] = _party(call, party, state, now)
    document["tags"] = tags
    nothing: Document = {"packets": 0, "bytes": 0, "errors": 0}
    document["totals"] = {"RTP": nothing, "RTCP": dict(nothing)}
    if _tells_recording(call, state):
        control = call.control
        document["recording"] = {
            "call recording": int(control.is_recorded),
            "forwarding": int(control.is_forwarded),
        }
    return document


def _reported(call: EngineCall, tag: str | None) -> list[EngineParty]:
    if not tag:
        return call.parties
    party = call.by_tag(tag)
    return [] if party is None else [party, *dict.fromkeys(call.sources_of(party))]


def _tells_recording(call: EngineCall, state: State) -> bool:
    return state.records and state.behaviour.tells_recordings and call.control.has_recording


def _party(call: EngineCall, party: EngineParty, state: State, now: float) -> Document:
    behaviour, control = state.behaviour, call.control
    document: Document = {"tag": party.tag, "created": int(call.party_created[party])}
    if party.via_branch is not None:
        document["via-branch"] = party.via_branch
    aliases: list[Value] = [tag for tag, named in call.tags.items() if named is party and tag != party.tag]
    if aliases and behaviour.tells_metadata:
        document["tag-aliases"] = aliases
    if party.label is not None:
        document["label"] = party.label
    if behaviour.tells_metadata and party in control.metadata_of:
        document["metadata"] = control.metadata_of[party]
    document["subscriptions"] = _peers((edge.source, edge.offer_answer) for edge in call.subscriptions_of(party))
    document["subscribers"] = _peers((edge.subscriber, edge.offer_answer) for edge in call.subscribers_of(party))
    document["medias"] = [_media(media, state, now) for media in party.medias]
    if behaviour.tells_recordings:
        document["VSC"] = []
    if _tells_recording(call, state):
        document["recording"] = {"excluded": 0, "forwarding": int(party in control.forwarded)}
    return document


def _peers(peers: Iterable[tuple[EngineParty, bool]]) -> list[Value]:
    """Return each peer once, with the kind of its first subscription."""
    first: dict[EngineParty, bool] = {}
    for peer, offer_answer in peers:
        first.setdefault(peer, offer_answer)
    return [{"tag": peer.tag, "type": "offer/answer" if kind else "pub/sub"} for peer, kind in first.items()]
