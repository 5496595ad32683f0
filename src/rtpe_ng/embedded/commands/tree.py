"""The parts of a query that tell of sections and their streams, in the daemon's own words."""

from __future__ import annotations

import ipaddress

from ...wire import Document, Value
from ..rewriting import Endpoint, PartyMedia
from ..state import State

__all__ = ["media_document"]


def media_document(media: PartyMedia, state: State, now: float) -> Document:
    """Return what a query says of a section (ng document, "`query` Message")."""
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
    """Return what a query says of a stream: of RTP, whose `number` is 0, or of RTCP."""
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
