"""Replies of the daemon, typed. Each keeps the plain values that it was made of in `raw`."""

from .base import CliReply, Done, ListReply, PlayMediaReply, Pong, Reply, StopMediaReply
from .bodies import PartyReply, SdpReply, SubscribeReply, Transformed, TransformReply, sdp_of
from .call import CallMedia, CallParty, Counters, Endpoint, Peer, Stream, Totals, Trigger
from .quality import Quality, Source
from .query import DeleteReply, QueryReply
from .statistics import (
    COUNTERS,
    CurrentLoad,
    Distribution,
    Interface,
    LifetimeTotals,
    Ports,
    StatisticsReply,
    VoipMetrics,
)

__all__ = [
    "COUNTERS",
    "CallMedia",
    "CallParty",
    "CliReply",
    "Counters",
    "CurrentLoad",
    "DeleteReply",
    "Distribution",
    "Done",
    "Endpoint",
    "Interface",
    "LifetimeTotals",
    "ListReply",
    "PartyReply",
    "Peer",
    "PlayMediaReply",
    "Pong",
    "Ports",
    "Quality",
    "QueryReply",
    "Reply",
    "SdpReply",
    "Source",
    "StatisticsReply",
    "StopMediaReply",
    "Stream",
    "SubscribeReply",
    "Totals",
    "TransformReply",
    "Transformed",
    "Trigger",
    "VoipMetrics",
    "sdp_of",
]
