"""Steer RTPEngine from Python: a typed async client of its ng control protocol.

    async with Client("udp://127.0.0.1:2223") as client:
        call = client.call("call-1", from_tag="alice", direction=Direction.WEB_TO_SIP)
        to_phone = await call.offer(browser_sdp)
        to_browser = await call.answer(phone_sdp, by="bob")

At a prompt: ``python -m rtpe_ng udp://127.0.0.1:2223``.
"""

from . import sdp
from .call import Call
from .client import Client, Trace
from .controller import Controller
from .errors import (
    EngineError,
    FlagsIgnored,
    Glare,
    LoadLimit,
    RequestTimeout,
    RtpeError,
    SdpError,
    TransportError,
    UnknownCall,
    UsageError,
    WireError,
)
from .flags import Codec, Flags, Profile, profiles
from .legs import Direction, Leg
from .messages import Participant

__all__ = [
    "Call",
    "Client",
    "Codec",
    "Controller",
    "Direction",
    "EngineError",
    "Flags",
    "FlagsIgnored",
    "Glare",
    "Leg",
    "LoadLimit",
    "Participant",
    "Profile",
    "RequestTimeout",
    "RtpeError",
    "SdpError",
    "Trace",
    "TransportError",
    "UnknownCall",
    "UsageError",
    "WireError",
    "profiles",
    "sdp",
]
