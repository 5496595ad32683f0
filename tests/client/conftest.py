"""These tests run on every event loop."""

from tests.support.loops import every_loop

__all__ = ["every_loop"]
