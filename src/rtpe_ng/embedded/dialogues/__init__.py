"""Who talks to whom in a call, in the two ways in which the versions keep it."""

from __future__ import annotations

from collections.abc import Callable

from ..call import Call
from ..rewriting import Party
from ..versions import Behaviour
from .base import Deletion, Dialogues, NobodyMeant, Wanted
from .parties import PartyDialogues
from .sections import SectionDialogues

__all__ = ["Deletion", "Dialogues", "NobodyMeant", "Wanted", "dialogues_of"]


def dialogues_of(call: Call, behaviour: Behaviour, release: Callable[[Party], None]) -> Dialogues:
    """Return the dialogues of a new call, kept as the version does; `release` is told of each party that ends."""
    if behaviour.subscribes_sections:
        return SectionDialogues(call, release, behaviour)
    return PartyDialogues(call, release)
