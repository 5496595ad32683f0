"""Replies of the daemon, typed. Each keeps the plain values that it was made of in `raw`."""

from .base import CliReply, Done, ListReply, PlayMediaReply, Pong, Reply, StopMediaReply
from .bodies import PartyReply, SdpReply, SubscribeReply, Transformed, TransformReply, sdp_of
from .quality import Quality, Source
from .query import DeleteReply, QueryReply
from .statistics import COUNTERS, Current, Interface, Ports, Sampled, Since, StatisticsReply, VoipMetrics
from .tree import Counters, Endpoint, Media, Peer, Stream, Tag, Totals, Trigger

__all__ = [
    "COUNTERS",
    "CliReply",
    "Counters",
    "Current",
    "DeleteReply",
    "Done",
    "Endpoint",
    "Interface",
    "ListReply",
    "Media",
    "PartyReply",
    "Peer",
    "PlayMediaReply",
    "Pong",
    "Ports",
    "Quality",
    "QueryReply",
    "Reply",
    "Sampled",
    "SdpReply",
    "Since",
    "Source",
    "StatisticsReply",
    "StopMediaReply",
    "Stream",
    "SubscribeReply",
    "Tag",
    "Totals",
    "TransformReply",
    "Transformed",
    "Trigger",
    "VoipMetrics",
    "sdp_of",
]
