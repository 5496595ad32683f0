"""`Faults`: what goes wrong with an embedded engine, on demand."""

from __future__ import annotations

__all__ = ["Faults"]


class Faults:
    """Nothing goes wrong yet."""
