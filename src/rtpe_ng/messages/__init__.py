"""Commands and replies as frozen values, and how each becomes plain values and back."""

from .commands import Answer, Command, Delete, List, Offer, Ping, Query, Raw, Statistics
from .replies import (
    Counters,
    DeleteReply,
    Endpoint,
    ListReply,
    Media,
    Pong,
    QueryReply,
    Reply,
    SdpReply,
    StatisticsReply,
    Stream,
    Tag,
    Totals,
)

__all__ = [
    "Answer",
    "Command",
    "Counters",
    "Delete",
    "DeleteReply",
    "Endpoint",
    "List",
    "ListReply",
    "Media",
    "Offer",
    "Ping",
    "Pong",
    "Query",
    "QueryReply",
    "Raw",
    "Reply",
    "SdpReply",
    "Statistics",
    "StatisticsReply",
    "Stream",
    "Tag",
    "Totals",
]
