"""Which logical interface each party is told: the named one, else one of the family that the party speaks."""

from __future__ import annotations

from ..context import Context
from ..resources import Resources
from .described import Section
from .party import Party, PartyMedia

__all__ = ["choose_interface", "take_families"]

_LEGACY = {"internal": "IP4", "external": "IP6"}
"""What these names mean where no interface has them."""


def take_families(sender: PartyMedia, receiver: PartyMedia, section: Section, context: Context) -> None:
    """Take note of the families that both speak: the sender by its address, the receiver as it did or as is asked.

    With ICE, which has candidates of its own, a family once known stays.
    """
    is_as_before = section.rejected or context.behaviour.keeps_family_of_former_ice
    if not sender.family or not (sender.ice if is_as_before else section.has_ice):
        sender.family = "IP6" if ":" in section.address else "IP4"
    if not receiver.family or not receiver.ice:
        receiver.family = context.options.family or receiver.family or sender.family


def choose_interface(party: Party, media: PartyMedia, name: str, resources: Resources) -> None:
    """Choose the logical interface for the next port of a section, by its name or by the family."""
    media.wanted_interface = media.wanted_interface or party.interface
    wanted = media.wanted_interface
    if not wanted or resources.address(wanted)[0] != media.family or name not in ("", wanted):
        found = resources.named_interface(name, media.family)
        if not found and name in _LEGACY:
            media.family = _LEGACY[name]
        media.wanted_interface = found or resources.interface(media.family)
    party.interface = media.wanted_interface
