"""What stands on the lines of a description, as values: addresses, times, bandwidths, groups.

Each value has a `parse` that takes what stands behind the ``=`` (or the attribute's ``:``) and raises `SdpError`
where it is not what the RFC says; `str` gives the text of the line back.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any, Literal, Self, get_args

import attrs

from ..errors import SdpError

__all__ = [
    "Bandwidth",
    "Connection",
    "ExtMap",
    "Group",
    "Ip",
    "MediaDirection",
    "Origin",
    "Rtcp",
    "Timing",
    "integer",
    "ip_address",
    "within",
]

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

MediaDirection = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
"""RFC 8866, section 6.7, as seen from who wrote the description."""

DIRECTIONS: tuple[MediaDirection, ...] = get_args(MediaDirection)


def within(most: int) -> Callable[[object, attrs.Attribute[Any], object], None]:
    """Return a validator that raises `SdpError` for what is no integer of 0 to `most`, and lets None pass."""

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is not None and (not isinstance(value, int) or not 0 <= value <= most):
            raise SdpError(f"{attribute.name}={value!r}: an integer of 0 to {most} expected")

    return check


def integer(text: str, what: str, *, most: int = 2**64) -> int:
    """Return the number that the decimal digits `text` stand for, `most` at most; raise `SdpError` else."""
    if text.isascii() and text.isdecimal() and len(text) <= 20 and (value := int(text)) <= most:
        return value
    raise SdpError(f"{what} expected, not {text[:32]!r}")


def ip_address(text: str) -> Ip | None:
    """Return the address that `text` stands for, or None where it is a name. IPv4 inside IPv6 is IPv4."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _words(value: str, least: int, form: str) -> list[str]:
    words = value.split()
    if len(words) < least:
        # Where one of them is left out but not the space behind it, it is empty. RTPEngine lets that pass.
        words = value.split(" ")
    if len(words) < least or not words[least - 1]:
        raise SdpError(f"{form} expected")
    return words


@attrs.frozen(kw_only=True)
class Origin:
    """Who made the description: the ``o=`` line (RFC 8866, section 5.2). All fields are text."""

    username: str
    """The author's name; ``-`` is none."""
    session_id: str
    """With the rest but the version, what makes the session unique."""
    session_version: str
    """A re-offer has a higher one (RFC 3264, section 8)."""
    network_type: str = "IN"
    """``IN``, the Internet."""
    address_type: str = "IP4"
    """``IP4`` or ``IP6``."""
    address: str
    """Where the author is."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of an ``o=`` line. Raises `SdpError`."""
        words = _words(value, 6, "username, session id, version, network type, address type and address")
        return cls(**dict(zip((field.name for field in attrs.fields(cls)), words[:6], strict=True)))

    def __str__(self) -> str:
        return " ".join(attrs.astuple(self))


@attrs.frozen(kw_only=True)
class Connection:
    """Where media is to be sent: the ``c=`` line (RFC 8866, section 5.7)."""

    network_type: str = "IN"
    """``IN``, the Internet."""
    address_type: str = "IP4"
    """``IP4`` or ``IP6``."""
    address: str
    """An IP address or a host name, without what multicast adds to it."""
    multicast: str = ""
    """The time to live and the number of addresses of a multicast group, as ``127/3``; empty as a rule."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of a ``c=`` line; more words than it should have are let pass. Raises `SdpError`."""
        network, family, address, *_ = _words(value, 3, "network type, address type and address")
        host, _, multicast = address.partition("/")
        if not host:
            raise SdpError("an address expected before the '/'")
        return cls(network_type=network, address_type=family, address=host, multicast=multicast)

    @property
    def ip(self) -> Ip | None:
        """The address as a value; None where it is a name."""
        return ip_address(self.address)

    @property
    def is_unspecified(self) -> bool:
        """Whether it is 0.0.0.0 or ::, which says "nowhere" or, with ICE, "not yet"."""
        return self.ip is not None and self.ip.is_unspecified

    def __str__(self) -> str:
        multicast = f"/{self.multicast}" if self.multicast else ""
        return f"{self.network_type} {self.address_type} {self.address}{multicast}"


@attrs.frozen(kw_only=True)
class Timing:
    """When the session is: the ``t=`` line (RFC 8866, section 5.9), in seconds since 1900; 0 is unbounded."""

    start: int = attrs.field(validator=within(2**64))
    stop: int = attrs.field(validator=within(2**64))

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of a ``t=`` line. Raises `SdpError`."""
        start, stop, *_ = _words(value, 2, "start and stop time")
        return cls(start=integer(start, "a start time"), stop=integer(stop, "a stop time"))

    def __str__(self) -> str:
        return f"{self.start} {self.stop}"


@attrs.frozen(kw_only=True)
class Bandwidth:
    """A ``b=`` line (RFC 8866, section 5.8; RFC 3890 for ``TIAS``; RFC 3556 for ``RS`` and ``RR``)."""

    type: str
    """Such as ``AS`` and ``CT`` (kilobits a second), or ``TIAS``, ``RS`` and ``RR`` (bits a second)."""
    value: int = attrs.field(validator=within(2**64))
    """In the unit that the type says."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of a ``b=`` line. Raises `SdpError`."""
        kind, colon, number = value.partition(":")
        if not colon:
            raise SdpError("bandwidth type and value expected")
        return cls(type=kind.strip(), value=integer(number.strip(), "a bandwidth"))

    def __str__(self) -> str:
        return f"{self.type}:{self.value}"


@attrs.frozen(kw_only=True)
class Group:
    """Sections that belong together: ``a=group`` (RFC 5888, section 5), such as ``BUNDLE`` (RFC 9143)."""

    semantics: str
    """Such as ``BUNDLE``, ``LS`` or ``FID``."""
    mids: tuple[str, ...]
    """Their ``a=mid`` values, in the order of the line."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of an ``a=group`` line. Raises `SdpError`."""
        semantics, *mids = _words(value, 1, "the semantics of a group")
        return cls(semantics=semantics, mids=tuple(mids))

    def __str__(self) -> str:
        return " ".join((self.semantics, *self.mids))


@attrs.frozen(kw_only=True)
class Rtcp:
    """Where RTCP is to be sent: ``a=rtcp`` (RFC 3605, section 2.1)."""

    port: int = attrs.field(validator=within(65535))
    """The port, 0 to 65535."""
    address: str | None = None
    """None: the address of the ``c=`` line."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of an ``a=rtcp`` line. Raises `SdpError`."""
        port, *rest = _words(value, 1, "a port")
        if rest and len(rest) < 3:
            raise SdpError(f"network type, address type and address expected, not {' '.join(rest)[:64]!r}")
        return cls(port=integer(port, "a port", most=65535), address=rest[2] if rest else None)

    @property
    def ip(self) -> Ip | None:
        """The address as a value; None where it is a name, or absent."""
        return ip_address(self.address or "")

    def __str__(self) -> str:
        if self.address is None:
            return str(self.port)
        family = "IP6" if ":" in self.address else "IP4"
        return f"{self.port} IN {family} {self.address}"


@attrs.frozen(kw_only=True)
class ExtMap:
    """An RTP header extension: ``a=extmap`` (RFC 8285, section 5)."""

    id: int = attrs.field(validator=within(4351))
    """The number by which packets refer to it."""
    direction: str | None = None
    """As for media: ``sendonly``, say; None is both ways."""
    uri: str
    """What the extension is."""
    attributes: str = ""
    """What the extension wants to be told."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of an ``a=extmap`` line. Raises `SdpError`."""
        head, uri, *attributes = _words(value, 2, "an id and a URI")
        number, slash, direction = head.partition("/")
        return cls(
            id=integer(number, "an id", most=4351),
            direction=direction if slash else None,
            uri=uri,
            attributes=" ".join(attributes),
        )

    def __str__(self) -> str:
        direction = "" if self.direction is None else f"/{self.direction}"
        return " ".join(filter(None, (f"{self.id}{direction}", self.uri, self.attributes)))
