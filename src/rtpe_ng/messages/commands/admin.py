"""Commands about the daemon itself, and the door for any other: ping, list, statistics, cli."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from ...keys import Key, integer, is_text, metadata
from ...wire import Value
from .. import decode
from ..replies.base import CliReply, ListReply, Pong, Reply
from ..replies.statistics import StatisticsReply
from ..sent import Request, bare
from .base import Command

__all__ = ["Cli", "List", "Ping", "Raw", "Statistics"]


@attrs.frozen(kw_only=True)
class Ping(Command[Pong]):
    """Ask whether the daemon is alive (ng document, "`ping` Message")."""

    command: ClassVar[str] = "ping"
    since: ClassVar[str] = "3.3"
    counter: ClassVar[str] = "ping"

    def encode(self) -> bytes:
        """Return the request, which is always the same."""
        return b"d7:command4:pinge"

    def sent(self) -> Request:
        """Return what was sent, which is always the same."""
        return _PING

    def read(self, document: Mapping[str, Value], seconds: float) -> Pong:
        """Return how long the reply took."""
        return Pong(seconds=seconds, raw=document)


_PING = Request(own={"command": "ping"})


@attrs.frozen(kw_only=True)
class List(Command[ListReply]):
    """Ask which calls run (ng document, "`list` Message")."""

    command: ClassVar[str] = "list"
    since: ClassVar[str] = "3.5"
    counter: ClassVar[str] = "list"

    limit: int | None = integer("limit", 1)
    """How many calls to name at most; the daemon's own limit is 32. A reply over 65,507 bytes never arrives over
    UDP."""

    def read(self, document: Mapping[str, Value], seconds: float) -> ListReply:
        """Return their Call-IDs."""
        return ListReply(seconds=seconds, raw=document, calls=decode.strings(document, "calls"))


@attrs.frozen(kw_only=True)
class Statistics(Command[StatisticsReply]):
    """Ask for the daemon's own figures (ng document, "`statistics` Message")."""

    command: ClassVar[str] = "statistics"
    since: ClassVar[str] = "8.5"
    counter: ClassVar[str] = "stats"

    def read(self, document: Mapping[str, Value], seconds: float) -> StatisticsReply:
        """Return the figures."""
        return StatisticsReply(seconds=seconds, raw=document)


# At a prompt the line is all that one types: it may be given without its name.
@attrs.frozen
class Cli(Command[CliReply]):
    """Send a line to the daemon's command line, as ``rtpengine-ctl`` does (``cli``; not in the ng document).

    A line that the daemon does not know is no error: the reply's text says so.
    """

    command: ClassVar[str] = "cli"
    since: ClassVar[str] = "13.2"
    counter: ClassVar[str] = "cli"

    line: str = attrs.field(validator=is_text, metadata=metadata(Key(key="body")))
    """The line, such as ``list totals`` or ``set loglevel 7``."""

    def read(self, document: Mapping[str, Value], seconds: float) -> CliReply:
        """Return what the command line said."""
        return CliReply(seconds=seconds, raw=document, text=decode.text(document, "response") or "")


def _call_id_in(raw: Raw) -> str | None:
    # The document has not been checked yet.
    call_id = raw.document.get("call-id") if isinstance(raw.document, Mapping) else None
    return call_id if isinstance(call_id, str) else None


@attrs.frozen(kw_only=True, repr=False)
class Raw(Command[Reply]):
    """Send any request as plain values: the door for what this version of the library does not know."""

    document: Mapping[str, Any] = attrs.field()
    """The request, such as ``{"command": "ping"}``."""
    call_id: str | None = attrs.field(default=attrs.Factory(_call_id_in, takes_self=True), init=False)
    """The Call-ID, where the request has one."""

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.document, Mapping) or not isinstance(self.document.get("command"), str):
            raise UsageError("a request is a dictionary with a 'command', such as {'command': 'ping'}")

    @property
    def name(self) -> str:
        """The command's name, for errors and traces."""
        return str(self.document["command"])

    def _own(self) -> dict[str, Any]:
        return dict(self.document)

    def sent(self) -> Request:
        """Return what is kept of this request once it is sent."""
        # Now, because the dictionary is the caller's, who may change it.
        return Request(own=bare(self.document))

    def __repr__(self) -> str:
        # Keys only: a value may be an SDP body with keys in it.
        keys = ", ".join(str(key) for key in self.document if key != "command")
        return f"<Raw {self.name!r} with {keys or 'no keys'}>"
