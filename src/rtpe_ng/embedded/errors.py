"""`Refused`: a command ends with an error reply, as the daemon would send it."""

from ..wire import Document

__all__ = ["LoadLimited", "NotRewritten", "OutOfPorts", "Refused"]


class Refused(Exception):
    """The reply is ``error``, with this text as its ``error-reason``."""

    @property
    def reason(self) -> str:
        """The text of the error, in the daemon's words."""
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
    """No port is left. The call ends, even one that existed before."""

    def __init__(self) -> None:
        super().__init__("Ran out of ports")


class LoadLimited(Refused):
    """The reply is ``load limit`` with this text as its ``message``, where the request supports that."""

    @property
    def reply(self) -> Document:
        """The whole reply."""
        return {"result": "load limit", "message": self.reason}
