"""`Participants`: whose media a command is about that may name several parties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import attrs

from ..call import EngineCall
from ..errors import Refused
from ..request import Request
from ..sdp.party import EngineParty
from ..sdp.subscription import SourceSection
from ..state import State
from .selection import party_of

__all__ = ["Participants", "unknown_tag"]


@attrs.frozen(kw_only=True)
class Participants:
    """The parties that are listened to."""

    sources: Sequence[SourceSection]
    """Their sections."""
    told: Sequence[EngineParty]
    """The parties as a reply tells them: each once, or once for each of its sections."""
    sections: bool
    """Sections are subscribed, and not parties."""

    @classmethod
    def of(cls, request: Request, state: State, call: EngineCall) -> Self:
        """Find them: all, or the one by ``label``, ``address`` or ``from-tag``, or those of ``from-tags``."""
        behaviour = state.behaviour
        everybody = request.flows == "all"
        if everybody:
            parties = [party for party in call.parties if party in call.control.talkers]
        else:
            parties = _named(request, call)
            if not parties:
                raise Refused(behaviour.words_for_no_match)
        sources = [SourceSection(party=party, media=media) for party in parties for media in party.medias]
        if everybody and behaviour.subscribes_sections:
            # They come as the dialogues made them: section by section.
            numbers = call.control.numbers
            sources.sort(key=lambda it: numbers.get((it.party, it.media.index), 0))
        told = [it.party for it in sources] if behaviour.subscribes_sections else parties
        if not behaviour.tells_each_section:
            order = list(dict.fromkeys(told))
            sources.sort(key=lambda it: order.index(it.party))
        return cls(sources=sources, told=told, sections=behaviour.subscribes_sections)


def unknown_tag(which: str) -> Refused:
    """Return the refusal of a tag that nobody has."""
    return Refused(f"{which} not found")


def _named(request: Request, call: EngineCall) -> list[EngineParty]:
    party = party_of(attrs.evolve(request, is_directional=True), call)
    if party is not None:
        return [party]
    return [it for tag in request.from_tags if (it := call.by_tag(tag)) is not None]
