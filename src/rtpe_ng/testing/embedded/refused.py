"""`Refused`: how a command says that the daemon would answer with an error."""

from __future__ import annotations

__all__ = ["Refused"]


class Refused(Exception):
    """The reply is ``error``, with this text as its ``error-reason``."""

    @property
    def reason(self) -> str:
        """The daemon's own words."""
        return str(self)
