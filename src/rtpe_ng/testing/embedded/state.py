"""`State`: all that an engine keeps between two commands."""

from __future__ import annotations

import attrs

from .behaviour import Behaviour
from .calls import Calls
from .tally import Tally

__all__ = ["State"]


@attrs.define(kw_only=True)
class State:
    """What commands read and change."""

    behaviour: Behaviour
    calls: Calls = attrs.field(factory=Calls)
    tally: Tally = attrs.field(factory=Tally)
    records: bool = False
    """It does as a daemon that has a folder for recordings: a query tells of them."""
