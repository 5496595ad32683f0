"""`Tally`: what an engine counts since it began."""

from __future__ import annotations

from collections import Counter

import attrs

__all__ = ["Tally"]


@attrs.define(kw_only=True)
class Tally:
    """What the figures are made of."""

    began: float | None = None
    """When the first request came."""
    counts: Counter[str] = attrs.field(factory=Counter)
    """How often each command was executed, refusals included."""
    errors: int = 0
    """How often the reply was an error."""
    rejected: int = 0
    """How many calls were refused, because the engine was full."""
    durations: list[float] = attrs.field(factory=list)
    """How long the calls lasted that ended, in seconds."""
