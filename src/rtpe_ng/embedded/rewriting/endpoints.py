"""Where packets would be sent to: what a party says of it, and what is made of that."""

from __future__ import annotations

from ...errors import SdpError
from .described import Section
from .party import Endpoint, PartyMedia

__all__ = ["take_endpoints"]


def take_endpoints(sender: PartyMedia, section: Section) -> None:
    """Take note of the endpoints of RTP and RTCP; with ICE, which finds them itself, the first ones stay."""
    sender.advertised = ((section.address, section.media.port), _rtcp(section))
    if not sender.endpoints or not sender.ice:
        sender.endpoints = sender.advertised


def _rtcp(section: Section) -> Endpoint:
    try:
        said = section.media.rtcp
    except SdpError:
        said = None
    if said is None:
        return section.address, section.media.port + 1
    is_somewhere = said.ip is not None and not said.ip.is_unspecified
    return str(said.ip) if is_somewhere else section.address, said.port
