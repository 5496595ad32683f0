"""`Refused`: how a command says that the daemon would not do it."""

from __future__ import annotations

from ..wire import Document

__all__ = ["LoadLimited", "NotRewritten", "OutOfPorts", "Refused"]


class Refused(Exception):
    """The reply is ``error``, with this text as its ``error-reason``."""

    @property
    def reason(self) -> str:
        """The daemon's own words."""
        return str(self)

    @property
    def reply(self) -> Document:
        """The whole reply."""
        return {"result": "error", "error-reason": self.reason}


class NotRewritten(Refused):
    """The body could not be rewritten: the reply has an empty ``sdp`` beside the error."""

    def __init__(self) -> None:
        super().__init__("Error rewriting SDP")

    @property
    def reply(self) -> Document:
        """The whole reply."""
        return {"sdp": ""} | super().reply


class OutOfPorts(Refused):
    """No port is left: the call, be it an old one, ends with this."""

    def __init__(self) -> None:
        super().__init__("Ran out of ports")


class LoadLimited(Refused):
    """The reply is ``load limit``, with this text as its ``message``: for who said ``supports: ["load limit"]``."""

    @property
    def reply(self) -> Document:
        """The whole reply."""
        return {"result": "load limit", "message": self.reason}
