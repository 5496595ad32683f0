"""What tests and explorations need: an engine within the process, a private real daemon, realistic SDP bodies."""

from ..embedded import EmbeddedEngine, Faults, Received
from . import bodies
from .daemon import Rtpengine

__all__ = ["EmbeddedEngine", "Faults", "Received", "Rtpengine", "bodies"]
