"""`Participants`: the parties whose media a command subscribes to."""

from collections.abc import Sequence
from typing import Self

import attrs

from ..call import EngineCall
from ..errors import Refused
from ..request import EngineRequest
from ..sdp.party import EngineParty
from ..sdp.subscription import SourceSection
from ..state import State
from .selection import party_of

__all__ = ["Participants", "unknown_tag"]


@attrs.frozen(kw_only=True)
class Participants:
    """The parties that a request subscribes to."""

    sources: Sequence[SourceSection]
    """The sections of all of them."""
    told: Sequence[EngineParty]
    """The parties as a reply lists them: each once, or once for each section."""
    sections: bool
    """Whether sections are subscribed, not whole parties."""

    @classmethod
    def of(cls, request: EngineRequest, state: State, call: EngineCall) -> Self:
        """Find all parties, or the one named by ``label``, ``address`` or ``from-tag``, or those of ``from-tags``.

        Raises `Refused` where none is found.
        """
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
            # They are in the order in which offers and answers created the sections.
            numbers = call.control.numbers
            sources.sort(key=lambda source: numbers.get((source.party, source.media.index), 0))
        told = [source.party for source in sources] if behaviour.subscribes_sections else parties
        if not behaviour.tells_each_section:
            order = list(dict.fromkeys(told))
            sources.sort(key=lambda source: order.index(source.party))
        return cls(sources=sources, told=told, sections=behaviour.subscribes_sections)


def unknown_tag(which: str) -> Refused:
    """Return the refusal of an unknown tag."""
    return Refused(f"{which} not found")


def _named(request: EngineRequest, call: EngineCall) -> list[EngineParty]:
    party = party_of(attrs.evolve(request, is_directional=True), call)
    if party is not None:
        return [party]
    return [party for tag in request.from_tags if (party := call.by_tag(tag)) is not None]
