"""The commands that the daemon knows, and this engine does not play."""

from __future__ import annotations

from ...wire import Document
from ..refused import Refused
from ..state import State

__all__ = ["absent"]


def absent(request: Document, state: State, now: float) -> Document:
    """Refuse, in words that no daemon has."""
    raise Refused(f"The embedded engine does not play {str(request.get('command'))!r}")
