"""`Context`: what a message is handled with.

Nearly every step between the request and the reply needs the same three things: the options of this message, the
resources of this engine, and the behaviour of its version. They go from step to step as one value, which no step
changes. What a step does change, the parties and their sections, is passed beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import attrs

from .request import Options
from .resources import Resources
from .versions import Behaviour

__all__ = ["Context"]


@attrs.frozen(kw_only=True)
class Context:
    """What a message asks for, what the engine has to give, and how its version goes about it."""

    options: Options
    """The options of the message."""
    resources: Resources
    """The ports, addresses, names and keys of the engine."""
    behaviour: Behaviour
    """What the version does that others do not."""

    @classmethod
    def of(cls, request: Mapping[str, Any], resources: Resources, behaviour: Behaviour) -> Self:
        """Return what a request is handled with; its options are those that the version reads in it."""
        return cls(options=Options.from_ng(request, behaviour), resources=resources, behaviour=behaviour)
