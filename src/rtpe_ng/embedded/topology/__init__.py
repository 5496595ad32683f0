"""Which parties of a call hear each other, in the two ways in which the versions keep that."""

from __future__ import annotations

from collections.abc import Callable

from ..call import EngineCall
from ..sdp.party import EngineParty
from ..versions import Behaviour
from .base import Deletion, NobodyMeant, Topology
from .by_party import PartyTopology
from .by_section import SectionTopology

__all__ = ["Deletion", "NobodyMeant", "Topology", "topology_of"]


def topology_of(call: EngineCall, behaviour: Behaviour, release: Callable[[EngineParty], None]) -> Topology:
    """Return the topology of a new call, as the version keeps it; `release` is told of each party that ends."""
    if behaviour.subscribes_sections:
        return SectionTopology(call, release, behaviour)
    return PartyTopology(call, release)
