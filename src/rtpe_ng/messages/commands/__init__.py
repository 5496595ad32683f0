"""Commands to the daemon, typed: each knows its key on the wire, what it needs, and how to read its reply."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .admin import Cli, List, Ping, Raw, Statistics
from .base import Command, keys_of
from .call import Answer, Delete, Offer, Query
from .connection import Connect, InjectStart, InjectStop, Mesh
from .creation import Create, CreateAnswer, CreateMedia, Payload, Transform, TransformMedia
from .fields import NO_FLAGS, Key
from .media import (
    BlockDtmf,
    BlockMedia,
    DtmfSecurity,
    Flows,
    SilenceMedia,
    UnblockDtmf,
    UnblockMedia,
    UnsilenceMedia,
)
from .participant import Participant
from .player import PlayDtmf, PlayMedia, StopMedia
from .recording import PauseRecording, StartForwarding, StartRecording, StopForwarding, StopRecording
from .subscription import Publish, SubscribeAnswer, SubscribeRequest, Unsubscribe

__all__ = [
    "COMMANDS",
    "NO_FLAGS",
    "Answer",
    "BlockDtmf",
    "BlockMedia",
    "Cli",
    "Command",
    "Connect",
    "Create",
    "CreateAnswer",
    "CreateMedia",
    "Delete",
    "DtmfSecurity",
    "Flows",
    "InjectStart",
    "InjectStop",
    "Key",
    "List",
    "Mesh",
    "Offer",
    "Participant",
    "PauseRecording",
    "Payload",
    "Ping",
    "PlayDtmf",
    "PlayMedia",
    "Publish",
    "Query",
    "Raw",
    "SilenceMedia",
    "StartForwarding",
    "StartRecording",
    "Statistics",
    "StopForwarding",
    "StopMedia",
    "StopRecording",
    "SubscribeAnswer",
    "SubscribeRequest",
    "Transform",
    "TransformMedia",
    "UnblockDtmf",
    "UnblockMedia",
    "UnsilenceMedia",
    "Unsubscribe",
    "keys_of",
]

_KINDS: tuple[type[Command[Any]], ...] = (
    *(Ping, Offer, Answer, Delete, Query, List, Statistics),
    *(StartRecording, StopRecording, PauseRecording, StartForwarding, StopForwarding),
    *(BlockDtmf, UnblockDtmf, BlockMedia, UnblockMedia, SilenceMedia, UnsilenceMedia),
    *(PlayMedia, StopMedia, PlayDtmf),
    *(Publish, SubscribeRequest, SubscribeAnswer, Unsubscribe),
    *(InjectStart, InjectStop, Connect, Cli, Transform, Create, CreateAnswer, Mesh),
)
COMMANDS: Mapping[str, type[Command[Any]]] = MappingProxyType({kind.command: kind for kind in _KINDS})
"""Every command of the ng protocol, by its name."""
