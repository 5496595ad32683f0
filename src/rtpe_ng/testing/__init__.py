"""For tests and experiments: an engine within the process, a private real daemon, and realistic SDP bodies."""

from ..embedded import EmbeddedEngine, Faults, Received
from . import bodies
from .daemon import Rtpengine

__all__ = ["EmbeddedEngine", "Faults", "Received", "Rtpengine", "bodies"]
