"""The values of single lines: origin, connection, timing, bandwidth, group, rtcp and extmap.

Each class has a `parse`, which takes the text after the ``=`` (or after the attribute's ``:``) and raises
`SdpError` if it does not follow the RFC; `str` returns that text again. `parse` is lenient where RTPEngine is: the
library has to read every body that the daemon accepts. A line may have more words than its grammar. Such words are
kept, in a field `rest`, so that whoever writes a changed value loses none of them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from typing import Literal, Self, get_args

import attrs

from ..errors import SdpError

__all__ = ["Bandwidth", "Connection", "ExtMap", "Group", "Origin", "Rtcp", "Timing"]

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

MediaDirection = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
"""RFC 8866, section 6.7, as seen by the author of the description."""
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "sendrecv": ("sendrecv", "sendonly", "recvonly", "inactive"),
    "sendonly": ("recvonly", "inactive"),
    "recvonly": ("sendonly", "inactive"),
    "inactive": ("inactive",),
}
"""The directions that may answer each direction, the widest one first (RFC 3264, section 6.1)."""

DIRECTIONS: tuple[MediaDirection, ...] = get_args(MediaDirection)


_PRIVATE = [
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",  # RFC 1918
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",  # RFC 6598: carrier-grade NAT
        "169.254.0.0/16",  # RFC 3927: link-local
        "fe80::/10",  # RFC 4291, section 2.5.6
        "fc00::/7",  # RFC 4193: unique local
        "127.0.0.0/8",  # loopback
        "::1/128",
    )
]


def within(most: int) -> Callable[[object, attrs.Attribute[int], int | None], None]:
    """Return a validator that raises `SdpError` for anything but None and an integer from 0 to `most`."""

    def check(_: object, attribute: attrs.Attribute[int], value: int | None) -> None:
        if value is not None and (not isinstance(value, int) or not 0 <= value <= most):
            raise SdpError(f"{attribute.name}={value!r}: an integer of 0 to {most} expected")

    return check


def integer(text: str, what: str, *, most: int = 2**64) -> int:
    """Return the number that `text` writes in decimal digits. Raises `SdpError` unless it is one of 0 to `most`."""
    # `isdecimal` alone also accepts the digits of other scripts. The length is bounded, because converting a very
    # long number takes quadratic time.
    if text.isascii() and text.isdecimal() and len(text) <= 20 and (value := int(text)) <= most:
        return value
    raise SdpError(f"{what} expected, not {text[:32]!r}")


def ip_address(text: str) -> Ip | None:
    """Return the address that `text` writes, or None if it is a name. An IPv4-mapped IPv6 address becomes IPv4."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_private(ip: Ip) -> bool:
    """Return whether `ip` can be reached from a part of the Internet only.

    These are the addresses of RFC 1918 and RFC 6598 (carrier-grade NAT), link-local, unique local (RFC 4193) and
    loopback addresses.
    """
    return any(ip.version == network.version and ip in network for network in _PRIVATE)


def _words(value: str, least: int, form: str) -> list[str]:
    words = value.split()
    if len(words) < least:
        # A word may be left out while the space after it stays: RTPEngine then takes it for empty.
        words = value.split(" ")
    if len(words) < least or not words[least - 1]:
        raise SdpError(f"{form} expected")
    return words


def _spaced(*parts: object) -> str:
    """Return these parts with a space between them; a last one that is empty is left out."""
    return " ".join(map(str, parts if parts[-1] != "" else parts[:-1]))


@attrs.frozen(kw_only=True)
class Origin:
    """The author of the description: the ``o=`` line (RFC 8866, section 5.2). All fields are text."""

    username: str
    """The author's name; ``-`` if there is none. It must be one word, but some phones write several."""
    session_id: str
    """A number. It identifies the session, together with all other fields but the version."""
    session_version: str
    """A number, which is higher in a re-offer (RFC 3264, section 8)."""
    network_type: str = "IN"
    """``IN``, the Internet."""
    address_type: str = "IP4"
    """``IP4`` or ``IP6``."""
    address: str
    """The author's IP address or host name."""
    rest: str = attrs.field(default="", repr=False)
    """Words behind the address, which the grammar does not have."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of an ``o=`` line. Raises `SdpError`.

        In a line with too many words, the ``IN IP4`` or ``IN IP6`` says which are which: two numbers stand before
        it, and the username is all that stands before these.
        """
        words = _words(value, 6, "username, session id, version, network type, address type and address")
        # Without such a pair, the words are counted from the front.
        pairs = (index for index in range(3, len(words) - 2) if _is_internet(words[index : index + 2]))
        network = next(pairs, 3)
        return cls(
            username=" ".join(words[: network - 2]),
            session_id=words[network - 2],
            session_version=words[network - 1],
            network_type=words[network],
            address_type=words[network + 1],
            address=words[network + 2],
            rest=" ".join(words[network + 3 :]),
        )

    def __str__(self) -> str:
        return _spaced(*attrs.astuple(self))


def _is_internet(words: list[str]) -> bool:
    network, family = words
    return network.upper() == "IN" and family.upper() in ("IP4", "IP6")


@attrs.frozen(kw_only=True)
class Connection:
    """The address for media: the ``c=`` line (RFC 8866, section 5.7)."""

    network_type: str = "IN"
    """``IN``, the Internet."""
    address_type: str = "IP4"
    """``IP4`` or ``IP6``."""
    address: str
    """An IP address or a host name."""
    multicast: str = ""
    """What follows the first ``/``: time to live and number of addresses of a multicast group, as ``127/3``."""
    rest: str = attrs.field(default="", repr=False)
    """Words behind the address, which the grammar does not have."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of a ``c=`` line. Raises `SdpError`."""
        network, family, address, *rest = _words(value, 3, "network type, address type and address")
        host, _, multicast = address.partition("/")
        if not host:
            raise SdpError("an address expected before the '/'")
        return cls(
            network_type=network, address_type=family, address=host, multicast=multicast, rest=" ".join(rest)
        )

    @property
    def ip(self) -> Ip | None:
        """The address as a value; None if it is a name."""
        return ip_address(self.address)

    @property
    def is_unspecified(self) -> bool:
        """Whether it is 0.0.0.0 or ``::``, which means "nowhere" or, with trickle ICE, "not known yet"."""
        return self.ip is not None and self.ip.is_unspecified

    def __str__(self) -> str:
        multicast = f"/{self.multicast}" if self.multicast else ""
        return _spaced(self.network_type, self.address_type, f"{self.address}{multicast}", self.rest)


@attrs.frozen(kw_only=True)
class Timing:
    """When the session takes place: the ``t=`` line (RFC 8866, section 5.9)."""

    start: int = attrs.field(validator=within(2**64))
    """In seconds since 1900; 0 for no bound."""
    stop: int = attrs.field(validator=within(2**64))
    """In seconds since 1900; 0 for no bound."""
    rest: str = attrs.field(default="", repr=False)
    """Words behind the times, which the grammar does not have."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of a ``t=`` line. Raises `SdpError`."""
        start, stop, *rest = _words(value, 2, "start and stop time")
        return cls(start=integer(start, "a start time"), stop=integer(stop, "a stop time"), rest=" ".join(rest))

    def __str__(self) -> str:
        return _spaced(self.start, self.stop, self.rest)


@attrs.frozen(kw_only=True)
class Bandwidth:
    """A ``b=`` line (RFC 8866, section 5.8; RFC 3890 for ``TIAS``; RFC 3556 for ``RS`` and ``RR``)."""

    type: str
    """``AS`` or ``CT`` (kilobits per second), ``TIAS``, ``RS`` or ``RR`` (bits per second), or another."""
    value: int = attrs.field(validator=within(2**64))
    """In the unit of the type."""

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
    """A group of media sections: ``a=group`` (RFC 5888, section 5), such as ``BUNDLE`` (RFC 9143)."""

    semantics: str
    """Such as ``BUNDLE``, ``LS`` or ``FID``."""
    mids: tuple[str, ...]
    """The ``a=mid`` values of the sections, in the order of the line."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of an ``a=group`` line. Raises `SdpError`."""
        semantics, *mids = _words(value, 1, "the semantics of a group")
        return cls(semantics=semantics, mids=tuple(mids))

    def __str__(self) -> str:
        return " ".join((self.semantics, *self.mids))


@attrs.frozen(kw_only=True)
class Rtcp:
    """The port and address for RTCP: ``a=rtcp`` (RFC 3605, section 2.1)."""

    port: int = attrs.field(validator=within(65535))
    """The port, 0 to 65535."""
    address: str | None = None
    """An IP address or a host name; None for that of the ``c=`` line."""
    types: str | None = attrs.field(default=None, repr=False)
    """The network type and the address type, if they are not the usual ones of such an address."""
    rest: str = attrs.field(default="", repr=False)
    """Words behind the address, which the grammar does not have."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of an ``a=rtcp`` line. Raises `SdpError`."""
        first, *words = _words(value, 1, "a port")
        port = integer(first, "a port", most=65535)
        if not words:
            return cls(port=port)
        if len(words) < 3:
            raise SdpError(f"network type, address type and address expected, not {' '.join(words)[:64]!r}")
        network, family, address, *rest = words
        types = f"{network} {family}"
        return cls(
            port=port,
            address=address,
            types=None if types == _usual_types(address) else types,
            rest=" ".join(rest),
        )

    @property
    def ip(self) -> Ip | None:
        """The address as a value; None if it is a name or absent."""
        return ip_address(self.address or "")

    def __str__(self) -> str:
        if self.address is None:
            return str(self.port)
        return _spaced(self.port, self.types or _usual_types(self.address), self.address, self.rest)


def _usual_types(address: str) -> str:
    # The address may be a host name, for which IP4 is the usual type.
    return "IN IP6" if ":" in address else "IN IP4"


@attrs.frozen(kw_only=True)
class ExtMap:
    """An RTP header extension: ``a=extmap`` (RFC 8285, section 5)."""

    id: int = attrs.field(validator=within(4351))
    """The number that stands for it in packets, 0 to 4351."""
    direction: str | None = None
    """``sendonly``, ``recvonly`` and so on, as for media; None for both ways."""
    uri: str
    """The name of the extension."""
    attributes: str = ""
    """Parameters of the extension, as they are written."""

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
