"""`Transport`, which a client needs; its clock; and the system's errors as `TransportError`."""

import abc
import errno
import time

from ..errors import TransportError
from ..protocol import Exchange, Strays


class Transport(abc.ABC):
    """Carries requests to one daemon and returns their outcomes."""

    @property
    @abc.abstractmethod
    def strays(self) -> Strays:
        """How many messages answered no request."""

    @abc.abstractmethod
    def begin(self) -> None:
        """Prepare for requests; connecting is part of the first one. Raises `UsageError` if it was closed."""

    @abc.abstractmethod
    def submit(
        self,
        command: str,
        document: bytes,
        timeout: float,
        *,
        call_id: str | None = None,
        again: Exchange | None = None,
    ) -> Exchange:
        """Accept a request, which ends within `timeout` seconds; `again` is a former sending of the same one."""

    @abc.abstractmethod
    async def wait(self, exchange: Exchange) -> None:
        """Return when the exchange has its outcome. If the wait is cancelled, that is the outcome."""

    @abc.abstractmethod
    async def aclose(self) -> None:
        """Close, and end all requests under way with a `UsageError`. Closing twice is harmless.

        Raises `UsageError` while another event loop runs in which the client is used.
        """


_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def clock() -> float:
    """Return the time in seconds, on a clock that also runs while this host is suspended, if the system has one.

    A daemon on another host forgets a cookie meanwhile, so that a resend would be executed again.
    """
    return time.clock_gettime(_CLOCK)


_CURES = {
    errno.ECONNREFUSED: "nothing listens there: is the daemon running, and is this its listen-ng address?",
    errno.EMSGSIZE: "the message is larger than a datagram can be (65,507 bytes)",
    errno.ENETUNREACH: "there is no route to it",
    errno.EHOSTUNREACH: "the host does not answer",
    errno.EPERM: "a firewall on this host forbids it",
}


def transport_error(error: OSError, address: str, *, where: str = "") -> TransportError:
    """Return a `TransportError` that names the `address` and the cure, with `error` as its cause.

    `where` is what the host name stands for, if the address has one.
    """
    cure = _CURES.get(error.errno or 0, "")
    text = f"{address}{where and f' ({where})'}: {error.strerror or error}" + (f" ({cure})" if cure else "")
    # Set by hand, because the error may be raised in another task than the one that met the system's error.
    translated = TransportError(text, address=address)
    translated.errno = error.errno
    translated.__cause__ = error
    return translated
