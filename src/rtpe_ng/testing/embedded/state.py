"""`State`: all that an engine keeps between two commands."""

from __future__ import annotations

import attrs

from .behaviour import Behaviour
from .calls import Calls

__all__ = ["State"]


@attrs.define(kw_only=True)
class State:
    """What commands read and change."""

    behaviour: Behaviour
    calls: Calls = attrs.field(factory=Calls)
