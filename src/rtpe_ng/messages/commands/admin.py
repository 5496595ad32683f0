"""Commands about the daemon itself, and the door for any other: ping, list, statistics, cli."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from .. import decode
from ..replies import CliReply, ListReply, Pong, Reply, StatisticsReply
from . import fields
from .base import Command

__all__ = ["Cli", "List", "Ping", "Raw", "Statistics"]


@attrs.frozen(kw_only=True)
class Ping(Command[Pong]):
    """Is the daemon alive? (ng document, "`ping` Message")."""

    command: ClassVar[str] = "ping"
    since: ClassVar[str] = "3.3"

    def encode(self) -> bytes:
        """Return the request, which is always the same."""
        return b"d7:command4:pinge"

    def read(self, document: Mapping[str, Any], seconds: float) -> Pong:
        """Return how long the reply took."""
        return Pong(seconds=seconds, raw=document)


@attrs.frozen(kw_only=True)
class List(Command[ListReply]):
    """Which calls run? (ng document, "`list` Message")."""

    command: ClassVar[str] = "list"
    since: ClassVar[str] = "3.5"

    limit: int | None = fields.count(1)
    """How many at most; the daemon's own limit is 32. A reply over 65,507 bytes never arrives over UDP."""

    def read(self, document: Mapping[str, Any], seconds: float) -> ListReply:
        """Return their Call-IDs."""
        return ListReply(seconds=seconds, raw=document, calls=decode.strings(document, "calls"))


@attrs.frozen(kw_only=True)
class Statistics(Command[StatisticsReply]):
    """The daemon's own figures (ng document, "`statistics` Message")."""

    command: ClassVar[str] = "statistics"
    since: ClassVar[str] = "8.5"

    def read(self, document: Mapping[str, Any], seconds: float) -> StatisticsReply:
        """Return the figures."""
        return StatisticsReply(seconds=seconds, raw=document)


@attrs.frozen(kw_only=True)
class Cli(Command[CliReply]):
    """A line for the daemon's command line, as ``rtpengine-ctl`` sends it (``cli``; not in the ng document)."""

    command: ClassVar[str] = "cli"
    since: ClassVar[str] = "13.2"

    line: str = fields.key(fields.is_name, key="body")
    """Such as ``list totals`` or ``set loglevel 7``."""

    def read(self, document: Mapping[str, Any], seconds: float) -> CliReply:
        """Return what the command line said."""
        return CliReply(seconds=seconds, raw=document, text=decode.text(document, "response") or "")


@attrs.frozen(kw_only=True, repr=False)
class Raw(Command[Reply]):
    """Any request as plain values: the door for what this version of the library does not know."""

    document: Mapping[str, Any] = attrs.field()

    @document.validator
    def _check(self, _: object, document: Any) -> None:
        if not isinstance(document, Mapping) or not isinstance(document.get("command"), str):
            raise UsageError("a request is a dictionary with a 'command', such as {'command': 'ping'}")

    @property
    def name(self) -> str:
        """The command's name, for errors and traces."""
        return str(self.document["command"])

    @property
    def call_id(self) -> str | None:
        """The Call-ID, where the request has one."""
        call_id = self.document.get("call-id")
        return call_id if isinstance(call_id, str) else None

    def _own(self) -> dict[str, Any]:
        return dict(self.document)

    def __repr__(self) -> str:
        # Keys only: a value may be an SDP body with keys in it.
        keys = ", ".join(str(key) for key in self.document if key != "command")
        return f"<Raw {self.name!r} with {keys or 'no keys'}>"
