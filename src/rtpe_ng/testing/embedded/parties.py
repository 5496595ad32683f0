"""`Party`: a party of a call."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["Party"]


@attrs.define(kw_only=True, eq=False)
class Party:
    """A party of a call."""

    tag: str = ""
    via_branch: str | None = None
    label: str | None = None
    medias: list[Any] = attrs.field(factory=list)
