"""Ports: which one a party is told, and when it is told another one than before."""

from __future__ import annotations

from ..context import Context
from .party import Endpoint, PartyMedia, PortMap

__all__ = ["close_port", "open_ports"]


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
