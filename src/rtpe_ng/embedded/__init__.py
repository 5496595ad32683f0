"""A simulator of RTPEngine within the process: the daemon's wire, words and SDP, and no media.

A datagram goes through `engine` (socket, clock, thread), `faults` (what goes wrong on demand), `server` (cookies),
`documents` (bencode and JSON) and `request` (keys and words) to one function of `commands`. That function works on
the calls in `state`: `topology` finds the parties of the `call` and connects them, and `sdp` rewrites the body with
the help of `codecs` and the engine's `resources`. `versions` is the table of differences between the versions.
"""

from .engine import EmbeddedEngine, Received
from .faults import Faults

__all__ = ["EmbeddedEngine", "Faults", "Received"]
