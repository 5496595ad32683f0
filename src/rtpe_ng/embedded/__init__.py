"""A simulator of RTPEngine within the process: the daemon's wire, words and SDP, and no media.

A datagram goes through `engine` (socket, clock, thread), `faults` (what is to go wrong), `server` (cookies) and
`documents` (bencode and JSON) to one function of `commands`. That function reads the `request` and works on the
calls in `state`: `topology` finds the parties of the `call` and connects them, and `sdp` rewrites the body with the
help of `codecs` and the engine's `resources`. `versions` is the table of what differs between the versions.
"""

from .engine import EmbeddedEngine, Received
from .faults import Faults

__all__ = ["EmbeddedEngine", "Faults", "Received"]
