"""An engine within the process: the real wire, the daemon's words, and no media."""

from .engine import EmbeddedEngine
from .faults import Faults
from .received import Received

__all__ = ["EmbeddedEngine", "Faults", "Received"]
