"""The commands, by their names in the ng document."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ...wire import Document
from ..errors import Refused
from ..request import EngineRequest
from ..state import State
from . import call, connection, creation, media, player, query, recording, statistics, subscription

__all__ = ["COMMANDS", "Handler"]

Handler: TypeAlias = Callable[[EngineRequest, State, float], Document]
"""Takes a request, the state and the time; returns the reply without its ``result``, or raises `Refused`."""


def _not_simulated(request: EngineRequest, state: State, now: float) -> Document:
    """Refuse a command of the daemon that this engine does not simulate, in words of its own."""
    raise Refused(f"The embedded engine does not play {request.command!r}")


COMMANDS: Mapping[str, Handler] = {
    "ping": call.ping,
    "offer": call.offer,
    "answer": call.answer,
    "delete": call.delete,
    "list": call.list_calls,
    "query": query.query,
    "statistics": statistics.statistics,
    "start recording": recording.start_recording,
    "stop recording": recording.stop_recording,
    "pause recording": recording.pause_recording,
    "start forwarding": recording.start_forwarding,
    "stop forwarding": recording.stop_forwarding,
    "block DTMF": media.block_dtmf,
    "unblock DTMF": media.block_dtmf,
    **dict.fromkeys(("block media", "unblock media", "silence media", "unsilence media"), media.block_media),
    "play media": player.play_media,
    "stop media": player.stop_media,
    "play DTMF": player.play_dtmf,
    "publish": subscription.publish,
    "subscribe request": subscription.subscribe_request,
    "subscribe answer": subscription.subscribe_answer,
    "unsubscribe": subscription.unsubscribe,
    "connect": connection.connect,
    "inject start": connection.inject_start,
    "inject stop": connection.inject_stop,
    "create": creation.create,
    "create answer": creation.create_answer,
    **dict.fromkeys(("cli", "transform"), _not_simulated),
}
