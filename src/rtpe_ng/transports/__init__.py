"""How messages reach a daemon. The client opens sockets here and nowhere else."""

from .base import Transport
from .udp import UdpTransport
from .url import Url

__all__ = ["Transport", "Url", "connect"]


def connect(url: Url) -> Transport:
    """Return the transport for `url`; it opens on `open()`. Url itself refuses what there is no transport for."""
    return UdpTransport(url)
