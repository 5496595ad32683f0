"""How messages reach a daemon. The client opens sockets here and nowhere else.

Internal: import its names from `rtpe_ng`.
"""

from .base import Transport, clock
from .udp import UdpTransport
from .url import Url

__all__ = ["Transport", "Url", "clock", "connect"]


def connect(url: Url) -> Transport:
    """Return the transport for `url`, not yet open. `Url` itself refuses schemes without a transport."""
    return UdpTransport(url)
