"""What every reply has, and the replies that have little more."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ...errors import redact
from ...wire import Value
from .. import decode

__all__ = ["CliReply", "Done", "ListReply", "PlayMediaReply", "Pong", "Reply", "StopMediaReply"]


@attrs.frozen(kw_only=True, repr=False)
class Reply:
    """What a command came back with when the daemon did as it was told."""

    seconds: float
    """How long the reply took, in seconds, resends included."""
    raw: Mapping[str, Value] = attrs.field(factory=dict, eq=False)
    """The reply as plain values, whatever it holds."""

    @property
    def warning(self) -> str | None:
        """The daemon's ``warning`` (ng document, introduction): it did so, but."""
        return decode.text(self.raw, "warning")

    def _shown(self) -> str:
        return ""

    def __repr__(self) -> str:
        parts = [self._shown(), f"seconds={self.seconds:.4f}"]
        if warning := self.raw.get("warning"):
            parts.append(f"warning={redact(str(warning))!r}")
        return f"{type(self).__name__}({', '.join(part for part in parts if part)})"


@attrs.frozen(kw_only=True, repr=False)
class Pong(Reply):
    """The daemon is alive (ng document, "`ping` Message")."""


@attrs.frozen(kw_only=True, repr=False)
class Done(Reply):
    """The daemon did it, and has no more to say."""


@attrs.frozen(kw_only=True, repr=False)
class ListReply(Reply):
    """The calls that run (ng document, "`list` Message")."""

    calls: tuple[str, ...]
    """Their Call-IDs: 32 at most unless `limit` said otherwise."""

    def _shown(self) -> str:
        return f"calls={list(self.calls)!r}" if len(self.calls) <= 4 else f"calls=<{len(self.calls)}>"


@attrs.frozen(kw_only=True, repr=False)
class PlayMediaReply(Reply):
    """The file is being played (ng document, "`play media` Message")."""

    duration: int | None
    """How long the file is, in milliseconds; None where the daemon cannot tell."""

    def _shown(self) -> str:
        return "" if self.duration is None else f"duration={self.duration}"


@attrs.frozen(kw_only=True, repr=False)
class StopMediaReply(Reply):
    """Nothing is being played any more (ng document, "`stop media` Message")."""

    last_frame_pos: int | None
    """The last frame that was played: the `start_pos` to go on from. None where the daemon does not say."""

    def _shown(self) -> str:
        return "" if self.last_frame_pos is None else f"last_frame_pos={self.last_frame_pos}"


@attrs.frozen(kw_only=True, repr=False)
class CliReply(Reply):
    """What the daemon's command line said (``cli``)."""

    text: str
    """As it would stand on a terminal, line ends included; an unknown line is no error, but said here."""

    def _shown(self) -> str:
        return f"text={redact(self.text[:60])!r}"
