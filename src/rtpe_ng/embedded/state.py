"""`State`: all that an engine keeps between two commands."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ..wire import Document
from .calls import Calls
from .context import Context
from .resources import Resources
from .rewriting import Party
from .tally import Tally
from .versions import Behaviour

__all__ = ["State"]


@attrs.define(kw_only=True)
class State:
    """What commands read and change."""

    behaviour: Behaviour
    """How the version does it."""
    resources: Resources = attrs.field(factory=Resources)
    """What it gives to calls: addresses, ports, names and keys."""
    delete_delay: float = 30.0
    """For how long a call goes on after its ``delete``, in seconds, where that does not say it."""
    max_sessions: int | None = None
    """How many calls there may be; None for any number."""
    has_no_room: Callable[[], bool] = bool
    """Asked before each new call whether the engine has too much to do already."""
    records: bool = False
    """It does as a daemon that has a folder for recordings: a query tells of them."""
    tally: Tally = attrs.field(factory=Tally)
    """What is counted."""
    calls: Calls = attrs.field(init=False)
    """The call table."""

    def __attrs_post_init__(self) -> None:
        self.calls = Calls(self.behaviour, self.release, self.tally.durations.append)

    def context(self, request: Document) -> Context:
        """Return what a request is handled with."""
        return Context.of(request, self.resources, self.behaviour)

    def release(self, party: Party) -> None:
        """Take back what a party was given."""
        for media in party.medias:
            for ports in media.maps:
                self.resources.free(ports.port)
