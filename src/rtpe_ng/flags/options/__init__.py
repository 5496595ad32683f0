"""The options of `Flags` in groups: `Fields` inherits them all, and a new option is one field of one of them."""

from .body import BodyOptions
from .call import CallOptions
from .dtmf import DtmfOptions
from .media import MediaOptions
from .network import NetworkOptions
from .recording import RecordingOptions
from .transport import TransportOptions

__all__ = [
    "BodyOptions",
    "CallOptions",
    "DtmfOptions",
    "MediaOptions",
    "NetworkOptions",
    "RecordingOptions",
    "TransportOptions",
]
