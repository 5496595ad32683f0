"""The fields of `Flags`, in groups: what a module of this package declares, `Flags` inherits."""

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
