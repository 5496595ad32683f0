"""What a client needs of a transport, and the one place where the system's network errors become ours."""

from __future__ import annotations

import abc
import errno

from ..errors import TransportError
from ..protocol import Exchange, Strays

__all__ = ["Transport", "transport_error"]


class Transport(abc.ABC):
    """Carries requests to one daemon and brings their outcome."""

    @property
    @abc.abstractmethod
    def strays(self) -> Strays:
        """Messages that answered nobody."""

    @abc.abstractmethod
    async def open(self) -> None:
        """Open if need be. Raises `TransportError`, or `UsageError` once it is closed."""

    @abc.abstractmethod
    def submit(self, command: str, document: bytes, timeout: float) -> Exchange:
        """Take a request that is to end within `timeout` seconds."""

    @abc.abstractmethod
    async def wait(self, exchange: Exchange) -> None:
        """Return when the exchange has its outcome; being cancelled gives it the outcome "cancelled"."""

    @abc.abstractmethod
    async def aclose(self) -> None:
        """Close, and end what is under way with a `UsageError`. Closing twice is harmless."""


_CURES = {
    errno.ECONNREFUSED: "nothing listens there: is the daemon running, and is this its listen-ng address?",
    errno.EMSGSIZE: "the message is larger than a datagram can be (65,507 bytes)",
    errno.ENETUNREACH: "there is no route to it",
    errno.EHOSTUNREACH: "the host does not answer",
    errno.EPERM: "a firewall on this host forbids it",
}


def transport_error(error: OSError, address: str) -> TransportError:
    """Return a `TransportError` that names the `address` and the cure, with `error` as its cause."""
    what = _CURES.get(error.errno or 0, "")
    made = TransportError(f"{address}: {error.strerror or error}" + (f" ({what})" if what else ""), address=address)
    made.errno = error.errno
    made.__cause__ = error
    return made
