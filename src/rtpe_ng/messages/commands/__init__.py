"""The commands of the ng protocol, one class each: see `base` for what they have in common.

`COMMANDS` has every one of them, read from the modules below; a new command needs no other place.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ...keys import refusing_unknown
from ..replies.base import Reply
from ..replies.statistics import COUNTERS
from . import admin, call, connection, creation, media, player, recording, subscription
from .base import Command

__all__ = ["COMMANDS", "GROUPS"]

GROUPS = (admin, call, recording, media, player, subscription, connection, creation)
"""The modules that have the commands, in the order of the reference."""

COMMANDS: Mapping[str, type[Command[Reply]]] = MappingProxyType(
    {
        kind.command: kind
        for group in GROUPS
        for kind in vars(group).values()
        if isinstance(kind, type) and issubclass(kind, Command) and "command" in vars(kind)
        if kind.__module__ == group.__name__
    }
)
"""Every command of the ng protocol, by its name."""

COUNTERS.update({name: kind.counter for name, kind in COMMANDS.items()})
for _kind in (*COMMANDS.values(), admin.Raw, creation.CreateMedia, creation.Payload, creation.TransformMedia):
    refusing_unknown(_kind)
