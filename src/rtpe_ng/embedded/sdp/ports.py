"""Where media goes: the ports and logical interfaces of the engine, and the endpoints of the parties.

A section keeps every port that it ever had (`PartyMedia.maps`), each with the endpoint of the other side that it
was opened for. When that endpoint comes back, so does the port. Whether the port stays when the other side moves
to a new endpoint depends on the options (``port-latching``), on ICE, and on the version (`_known_port`).
"""

from ...errors import SdpError
from ..request import Context
from ..resources import Resources
from .party import NOWHERE, Endpoint, EngineParty, PartyMedia, PortMap
from .read import SentSection

__all__ = ["choose_interface", "close_port", "free_ports", "open_ports", "take_endpoints", "take_families"]


def open_ports(
    media: PartyMedia,
    endpoint: Endpoint | None,
    count: int,
    context: Context,
    *,
    takes_any: bool = False,
) -> None:
    """Give a section a port: the one that it had for this `endpoint`, or else a new one.

    `endpoint` is where the other side takes its media, None while that is unknown. `count` is 2 if RTCP needs a
    port of its own. With `takes_any` the last port that fits will do, whatever its endpoint is.
    """
    ports = _known_port(media, endpoint, count, context, takes_any=takes_any)
    if ports is None:
        ports = PortMap(
            interface=media.wanted_interface,
            port=context.resources.take_ports(),
            count=count,
            has_rtcp=count == 2,
            endpoint=endpoint,
        )
        media.maps.append(ports)
    # A section that shares the port needs the port for RTCP too, and still does after it was rejected.
    if count == 1 and context.behaviour.closes_rtcp_ports and not (media.is_shared or ports.is_held):
        ports.has_rtcp = False
    if media.ice and not ports.others:
        # With ICE, each address of the interface is offered, with a port of its own.
        keys = context.resources.others(ports.interface)
        ports.others = tuple((key, context.resources.take_ports()) for key in keys)
    media.port, media.interface = ports.port, ports.interface


def close_port(media: PartyMedia) -> None:
    """Leave a section without a port; it may get the same one again."""
    media.port = 0
    if media.shares_port and media.carrier.current is not None:
        media.carrier.current.is_held = True


def free_ports(media: PartyMedia, resources: Resources) -> None:
    """Give back all ports that a section ever had."""
    for ports in media.maps:
        for port in (ports.port, *(port for _, port in ports.others)):
            resources.free(port)


def _known_port(
    media: PartyMedia,
    endpoint: Endpoint | None,
    count: int,
    context: Context,
    *,
    takes_any: bool,
) -> PortMap | None:
    """Return the port among those that a section ever had that serves this endpoint, or None."""
    behaviour = context.behaviour
    keeps = _keeps_port(media, context)
    if keeps and not behaviour.looks_at_interface_first:
        current = next(
            (
                ports
                for ports in media.maps
                if ports.port == media.port and (ports.count >= count or behaviour.keeps_too_few_ports)
            ),
            None,
        )
        if current is not None:
            return current
    for ports in reversed(media.maps):
        if ports.interface != media.wanted_interface or ports.count < count:
            continue
        if ports.endpoint is None or takes_any:
            # A port that is kept, as above, does not record a new endpoint.
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
    """Tell whether both are one endpoint; an address that stands for nowhere equals any address."""
    wildcards = {known[0], endpoint[0]} & set(NOWHERE.values())
    return known[1] == endpoint[1] and (bool(wildcards) or known[0] == endpoint[0])


def _keeps_port(media: PartyMedia, context: Context) -> bool:
    """Tell whether the port stays when the other side moves to another endpoint."""
    if "port-latching" in context.options.words:
        return True
    if "no-port-latching" in context.options.words:
        return False
    return media.ice or (not media.receives and not context.behaviour.looks_at_interface_first)


def take_endpoints(sender: PartyMedia, section: SentSection) -> None:
    """Record the endpoints of RTP and RTCP; with ICE, which finds them itself, the first ones stay."""
    sender.advertised = ((section.address, section.media.port), _rtcp(section))
    if not sender.endpoints or not sender.ice:
        sender.endpoints = sender.advertised


def _rtcp(section: SentSection) -> Endpoint:
    """Return where the sender of a section takes RTCP."""
    try:
        rtcp = section.media.rtcp
    except SdpError:
        rtcp = None
    if rtcp is None:
        return section.address, section.media.port + 1
    has_address = rtcp.ip is not None and not rtcp.ip.is_unspecified
    return str(rtcp.ip) if has_address else section.address, rtcp.port


_LEGACY = {"internal": "IP4", "external": "IP6"}
"""The families that these names stand for if no interface has them."""


def take_families(sender: PartyMedia, receiver: PartyMedia, section: SentSection, context: Context) -> None:
    """Record the address families: the sender's by its address, the receiver's by the options or as before.

    With ICE, which has candidates of its own, a family that is known stays.
    """
    asks_former_ice = section.rejected or context.behaviour.keeps_family_of_former_ice
    if not sender.family or not (sender.ice if asks_former_ice else section.has_ice):
        sender.family = "IP6" if ":" in section.address else "IP4"
    if not receiver.family or not receiver.ice:
        receiver.family = context.options.family or receiver.family or sender.family


def choose_interface(party: EngineParty, media: PartyMedia, name: str, resources: Resources) -> None:
    """Choose the logical interface for the next port of a section, by its name or by the family."""
    media.wanted_interface = media.wanted_interface or party.interface
    former = media.wanted_interface
    if not former or resources.address(former)[0] != media.family or name not in ("", resources.name_of(former)):
        named = resources.named_interface(name, media.family)
        if not named and name in _LEGACY:
            media.family = _LEGACY[name]
        media.wanted_interface = named or resources.interface(media.family)
    party.interface = media.wanted_interface
