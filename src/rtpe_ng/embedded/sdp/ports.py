"""Where media goes: the ports and logical interfaces of the engine, and the endpoints of the parties."""

from __future__ import annotations

from ...errors import SdpError
from ..request import Context
from ..resources import Resources
from .party import Endpoint, EngineParty, PartyMedia, PortMap
from .read import SentSection

__all__ = ["choose_interface", "close_port", "open_ports", "take_endpoints", "take_families"]


def open_ports(
    media: PartyMedia,
    endpoint: Endpoint | None,
    count: int,
    context: Context,
    *,
    takes_any: bool = False,
) -> None:
    """Give a section its port: the one that it had for what comes from `endpoint`, else a new one.

    `endpoint` is where the other side wants its media, None while nobody has said. `count` is 2 where RTCP needs a
    port of its own. `takes_any` is for the last port that fits, wherever the other side wants its media.
    """
    found = _found(media, endpoint, count, context, takes_any=takes_any)
    if found is None:
        found = PortMap(
            interface=media.wanted_interface,
            port=context.resources.take_ports(),
            count=count,
            has_rtcp=count == 2,
            endpoint=endpoint,
        )
        media.maps.append(found)
    # Who shares the port holds that of RTCP too, and who was rejected while sharing it does for ever.
    if count == 1 and context.behaviour.closes_rtcp_ports and not (media.is_shared or found.is_held):
        found.has_rtcp = False
    media.port, media.interface = found.port, found.interface


def close_port(media: PartyMedia) -> None:
    """Take a section's port from it; it may get it again."""
    media.port = 0
    if media.shares_port and media.carrier.current is not None:
        media.carrier.current.is_held = True


def _found(
    media: PartyMedia,
    endpoint: Endpoint | None,
    count: int,
    context: Context,
    *,
    takes_any: bool,
) -> PortMap | None:
    behaviour = context.behaviour
    keeps = _keeps_port(media, context)
    if keeps and not behaviour.looks_at_interface_first:
        current = next(
            (
                it
                for it in media.maps
                if it.port == media.port and (it.count >= count or behaviour.keeps_too_few_ports)
            ),
            None,
        )
        if current is not None:
            return current
    for ports in reversed(media.maps):
        if ports.interface != media.wanted_interface or ports.count < count:
            continue
        if ports.endpoint is None or takes_any:
            # A port that is kept, above, does not take note of this.
            ports.endpoint = endpoint or ports.endpoint
            return ports
        if endpoint is None:
            return None
        if keeps and behaviour.looks_at_interface_first:
            return ports
        if _same(ports.endpoint, endpoint):
            return ports
    return None


def _same(known: Endpoint, endpoint: Endpoint) -> bool:
    """Tell whether both are one endpoint; an address that says nowhere is any address."""
    anywhere = {known[0], endpoint[0]} & {"0.0.0.0", "::"}  # noqa: S104
    return known[1] == endpoint[1] and (bool(anywhere) or known[0] == endpoint[0])


def _keeps_port(media: PartyMedia, context: Context) -> bool:
    """Tell whether the port stays though the other side moves."""
    if "port-latching" in context.options.words:
        return True
    if "no-port-latching" in context.options.words:
        return False
    return media.ice or (not media.receives and not context.behaviour.looks_at_interface_first)


def take_endpoints(sender: PartyMedia, section: SentSection) -> None:
    """Take note of the endpoints of RTP and RTCP; with ICE, which finds them itself, the first ones stay."""
    sender.advertised = ((section.address, section.media.port), _rtcp(section))
    if not sender.endpoints or not sender.ice:
        sender.endpoints = sender.advertised


def _rtcp(section: SentSection) -> Endpoint:
    try:
        said = section.media.rtcp
    except SdpError:
        said = None
    if said is None:
        return section.address, section.media.port + 1
    is_somewhere = said.ip is not None and not said.ip.is_unspecified
    return str(said.ip) if is_somewhere else section.address, said.port


_LEGACY = {"internal": "IP4", "external": "IP6"}
"""What these names mean where no interface has them."""


def take_families(sender: PartyMedia, receiver: PartyMedia, section: SentSection, context: Context) -> None:
    """Take note of the families that both speak: the sender by its address, the receiver as it did or as is asked.

    With ICE, which has candidates of its own, a family once known stays.
    """
    is_as_before = section.rejected or context.behaviour.keeps_family_of_former_ice
    if not sender.family or not (sender.ice if is_as_before else section.has_ice):
        sender.family = "IP6" if ":" in section.address else "IP4"
    if not receiver.family or not receiver.ice:
        receiver.family = context.options.family or receiver.family or sender.family


def choose_interface(party: EngineParty, media: PartyMedia, name: str, resources: Resources) -> None:
    """Choose the logical interface for the next port of a section, by its name or by the family."""
    media.wanted_interface = media.wanted_interface or party.interface
    wanted = media.wanted_interface
    if not wanted or resources.address(wanted)[0] != media.family or name not in ("", wanted):
        found = resources.named_interface(name, media.family)
        if not found and name in _LEGACY:
            media.family = _LEGACY[name]
        media.wanted_interface = found or resources.interface(media.family)
    party.interface = media.wanted_interface
