"""The commands, by their names in the ng document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ....wire import Document
from ..state import State
from . import call

__all__ = ["COMMANDS", "Handler"]

Handler: TypeAlias = Callable[[Document, State, float], Document]
"""Takes a request, the state and the time; returns the reply without its ``result``, or raises `Refused`."""

COMMANDS: Mapping[str, Handler] = {
    "ping": call.ping,
    "offer": call.offer,
    "answer": call.answer,
    "delete": call.delete,
    "list": call.list_calls,
}
