"""`Received`: a request as the embedded engine took it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ..messages import Command
from ..wire import Value

__all__ = ["Received"]


@attrs.frozen(kw_only=True, repr=False)
class Received:
    """A request that an embedded engine took, typed."""

    cookie: str
    """The cookie of its message."""
    command: Command[Any]
    """The command, such as an `Offer`; a `Raw` where the document says more than that could."""
    document: Mapping[str, Value]
    """The document as it was read."""
    source: tuple[str, int]
    """The address and port that it came from."""

    @property
    def name(self) -> str:
        """The name of the command in the ng document."""
        return self.command.name

    @property
    def call_id(self) -> str | None:
        """The Call-ID; None where there is none."""
        call_id = self.document.get("call-id")
        return call_id if isinstance(call_id, str) else None

    def __repr__(self) -> str:
        of_call = f" of call {self.call_id!r}" if self.call_id is not None else ""
        return f"<Received {self.name or 'no command'}{of_call} from {self.source[0]}:{self.source[1]}>"
