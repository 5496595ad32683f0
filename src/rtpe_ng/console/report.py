"""How a person is shown flags and what changed in a body."""

from __future__ import annotations

import textwrap
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
    """Yield what differs between two bodies, for each section, in lines of a readable length."""
    for section in str(sdp.diff(before, after)).splitlines():
        yield from textwrap.wrap(
            section, width=96, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
