"""What tests and explorations need: a private real daemon, and realistic SDP bodies."""

from . import bodies
from .rtpengine import Rtpengine

__all__ = ["Rtpengine", "bodies"]
