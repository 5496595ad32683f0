"""Steer RTPEngine from Python: a typed async client of its ng control protocol.

    async with Client("udp://127.0.0.1:2223") as client:
        call = client.call("call-1", from_tag="alice", direction=Direction.WEB_TO_SIP)
        to_phone = await call.offer(browser_sdp)
        to_browser = await call.answer(phone_sdp, by="bob")

At a prompt: ``python -m rtpe_ng udp://127.0.0.1:2223``. The map, from the outside to the wire:

- `Client` commands one daemon; it is a `Controller`, which has a method for each ng command and makes calls.
- `Call` knows what follows what in one call, and which flags each message takes: `Direction`, `Leg`, `profiles`.
- `rtpe_ng.routing` has `Router`: what a SIP proxy or gateway does with each message of its calls.
- `Flags` are what a daemon is to do to a body; `Profile` chooses them by the legs; `rtpe_ng.flags` has the words.
- `rtpe_ng.sdp` reads, judges and rewrites session descriptions, without a daemon.
- `rtpe_ng.messages` has the commands and replies as values; `rtpe_ng.wire` makes bytes of plain values.
- `rtpe_ng.testing` has a simulator of the daemon (`EmbeddedEngine`), private real daemons, and a pytest plugin.
- Every error is an `RtpeError`: `UsageError` is the caller's mistake, `EngineError` the daemon's refusal,
  `RequestTimeout`, `TransportError` and `WireError` what may happen on the way, `SdpError` a body that is no SDP.
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
    UntrustedState,
    UnusableReply,
    UsageError,
    WireError,
)
from .flags import Codec, Flags, Profile, profiles
from .legs import Direction, Leg
from .messages import Participant

__version__ = "0.1.0"

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
    "UntrustedState",
    "UnusableReply",
    "UsageError",
    "WireError",
    "profiles",
    "sdp",
]
