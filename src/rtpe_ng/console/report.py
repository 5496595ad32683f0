"""How a person is shown flags and what changed in a body."""

from __future__ import annotations

from collections.abc import Iterator

from .. import sdp
from ..flags import Flags

__all__ = ["changes", "flags_line"]


def flags_line(flags: Flags) -> str:
    """Return the flags in one line, as ``ICE=remove rtcp-mux=[demux] strip-extmap``; ``-`` where there are none."""
    words = []
    for key, value in flags.to_ng().items():
        if key == "flags":
            words += value
        elif isinstance(value, dict):
            words += [f"{key}-{operation}=[{','.join(names)}]" for operation, names in value.items()]
        else:
            words.append(f"{key}=[{','.join(value)}]" if isinstance(value, list) else f"{key}={value}")
    return " ".join(words) or "-"


def changes(before: str, after: str) -> Iterator[str]:
    """Yield a line for each thing that differs between two bodies, in columns."""
    for change in sdp.diff(before, after):
        yield f"{change.what:<11} {change.before} → {change.after}"
