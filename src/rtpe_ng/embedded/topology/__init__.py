"""Which parties an offer or answer connects, and which ones a ``delete`` ends.

Versions before 12.5 connect whole parties, later ones connect each media section of one party with a section of the
other. The difference shows in forks, re-offers and deletions. So there are two classes with one interface.
"""

from collections.abc import Callable

from ..call import EngineCall
from ..sdp.party import EngineParty
from ..versions import Behaviour
from .base import Deletion, NoSuchParty, Topology
from .by_party import PartyTopology
from .by_section import SectionTopology

__all__ = ["Deletion", "NoSuchParty", "Topology", "topology_of"]


def topology_of(call: EngineCall, behaviour: Behaviour, release: Callable[[EngineParty], None]) -> Topology:
    """Return the topology of a new call as the version keeps it; `release` is called with each party that ends."""
    if behaviour.subscribes_sections:
        return SectionTopology(call, release, behaviour)
    return PartyTopology(call, release)
