"""What every reply has, and the replies that have little more."""

from collections.abc import Mapping
from typing import TypeVar

import attrs

from ...errors import redact
from ...wire import Value
from .. import decode
from ..sent import Request

__all__ = ["CliReply", "Done", "ListReply", "PlayMediaReply", "Pong", "Reply", "StopMediaReply"]


@attrs.frozen(kw_only=True, repr=False)
class Reply:
    """What the daemon says when it did what a command asked for. The values that it was made of are in `raw`."""

    seconds: float
    """How long the reply took, in seconds, with all resends."""
    raw: Mapping[str, Value] = attrs.field(factory=dict, eq=False)
    """The whole reply as plain values."""
    request: Request = attrs.field(default=Request(), eq=False)
    """What was sent for it: the flags, and the ng dictionary without SDP and keys."""

    @property
    def warning(self) -> str | None:
        """The daemon's ``warning`` (ng document, introduction): the command succeeded, but not quite as asked."""
        return decode.text(self.raw, "warning")

    def _shown(self) -> str:
        return ""

    def __repr__(self) -> str:
        parts = [self._shown(), f"seconds={self.seconds:.4f}"]
        if warning := self.raw.get("warning"):
            parts.append(f"warning={redact(str(warning))!r}")
        return f"{type(self).__name__}({', '.join(part for part in parts if part)})"


R = TypeVar("R", bound=Reply)


def answering(request: Request, reply: R) -> R:
    """Return a reply that was just read, with the request that it answers."""
    # In place, because a copy would take longer than reading did; nobody else has this reply yet.
    object.__setattr__(reply, "request", request)
    return reply


@attrs.frozen(kw_only=True, repr=False)
class Pong(Reply):
    """The daemon is alive (ng document, "`ping` Message")."""


@attrs.frozen(kw_only=True, repr=False)
class Done(Reply):
    """The daemon did it, and says no more."""


@attrs.frozen(kw_only=True, repr=False)
class ListReply(Reply):
    """The calls that run (ng document, "`list` Message")."""

    calls: tuple[str, ...]
    """Their Call-IDs: at most 32, unless `limit` said otherwise."""

    def _shown(self) -> str:
        return f"calls={list(self.calls)!r}" if len(self.calls) <= 4 else f"calls=<{len(self.calls)}>"


@attrs.frozen(kw_only=True, repr=False)
class PlayMediaReply(Reply):
    """The file is being played (ng document, "`play media` Message")."""

    duration: int | None
    """The duration of the file, in milliseconds; None where the daemon cannot tell."""

    def _shown(self) -> str:
        return "" if self.duration is None else f"duration={self.duration}"


@attrs.frozen(kw_only=True, repr=False)
class StopMediaReply(Reply):
    """The playing has stopped (ng document, "`stop media` Message")."""

    last_frame_pos: int | None
    """The last frame that was played: give it as `start_pos` to go on from there. None from old daemons, such as
    10.5."""

    def _shown(self) -> str:
        return "" if self.last_frame_pos is None else f"last_frame_pos={self.last_frame_pos}"


@attrs.frozen(kw_only=True, repr=False)
class CliReply(Reply):
    """What the daemon's command line said (``cli``)."""

    text: str
    """The text as a terminal would show it, with its line ends. It also says where the line is unknown."""

    def _shown(self) -> str:
        return f"text={redact(self.text[:60])!r}"
