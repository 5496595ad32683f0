"""`Url`: the address of a daemon's ng port."""

from __future__ import annotations

from urllib.parse import urlsplit

import attrs

from ..errors import UsageError, redact

DEFAULT_PORT = 2223
"""The port of ``listen-ng`` in the configuration that Debian ships."""


@attrs.frozen(kw_only=True, repr=False)
class Url:
    """A scheme, a host name or address, and a port, as in ``udp://127.0.0.1:2223`` or ``udp://[::1]:2223``."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Url:
        """Read a URL; the default port is 2223. Raises a `UsageError` that shows a correct URL."""
        if not isinstance(text, str):
            raise UsageError(f"a URL such as 'udp://127.0.0.1:2223' expected, not {type(text).__name__}")
        try:
            parts = urlsplit(text)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError as error:
            raise _bad(text, str(error)) from error
        if scheme != "udp":
            raise _bad(text, f"unknown scheme {scheme!r}" if "://" in text else "no scheme")
        if not host:
            raise _bad(text, "no host")
        if parts.netloc.rpartition("]")[2].partition(":")[0] and "]" in parts.netloc:
            raise _bad(text, "a colon expected behind the address in brackets")
        if not host.isprintable():
            raise _bad(text, "a character that no host name has")
        if "]" in parts.netloc and ":" not in host:
            raise _bad(text, "no IPv6 address in the brackets")
        if port == 0:
            raise _bad(text, "port 0")
        # The ng protocol has neither users nor paths. A URL that has them was meant for something else.
        if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise _bad(text, "more than a host and a port")
        return cls(scheme=scheme, host=host, port=port or DEFAULT_PORT)

    @property
    def address(self) -> str:
        """The host and port, as errors show them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.address}"

    def __repr__(self) -> str:
        return f"<Url {self}>"


def _bad(text: str, why: str) -> UsageError:
    return UsageError(f"{redact(text)!r}: {why}; a URL looks like 'udp://127.0.0.1:2223' or 'udp://[::1]:2223'")
