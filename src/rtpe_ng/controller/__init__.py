"""`Controller`: one method for each ng command, pairs of them as context managers, and calls."""

from .calls import Calls
from .commands import CallCommands
from .connections import ConnectionCommands
from .media import MediaCommands
from .pairs import Pairs, Subscription

__all__ = ["Controller", "Subscription"]


class Controller(Calls, Pairs, CallCommands, MediaCommands, ConnectionCommands):
    """Something that executes ng commands: one daemon, or several that look like one.

    The methods raise `RequestTimeout` when no reply came, `TransportError` when the engine cannot be reached,
    `EngineError` when it refused, `LoadLimit` when it is full, `WireError` when its reply made no sense, and
    `UsageError` for what is wrong already before it is sent. A command that the daemon does not know is an
    `EngineError` with the hint "known since ...".
    """
