"""`Directional`: commands about the packets that one party of a call sends, or all of them."""

from __future__ import annotations

from typing import Any

import attrs

from ...flags import Flags
from . import fields
from .base import Acknowledged
from .participant import Participant, participant

__all__ = ["Directional"]


@attrs.frozen(kw_only=True)
class Directional(Acknowledged):
    """What blocking, silencing and forwarding have in common."""

    call_id: str = fields.name()
    """The SIP Call-ID."""
    participant: Participant | None = participant("tag", "label", "address", "all")
    """Whose packets; those of the whole call where it is not given."""
    flags: Flags = fields.flags()
    """Further options."""

    def _selected(self, party: Participant, key: fields.Key) -> dict[str, Any]:
        # Without this word a daemon since 12.4 takes a tag for a mere hint, and does it to the whole call.
        word = {"flags": ["directional"]} if key.key == "from-tag" else {}
        return super()._selected(party, key) | word
