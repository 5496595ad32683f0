"""ICE candidates (RFC 8839, section 5.1; RFC 6544 for TCP)."""

from typing import Self

import attrs

from ..errors import SdpError
from .values import Ip, integer, ip_address, is_private, within

__all__ = ["Candidate"]

ADDRESS_KINDS = ("private", "public", "mdns", "ipv4", "ipv6", "loopback", "link-local")
"""The kinds of addresses that `is_of_kind` distinguishes."""


@attrs.frozen(kw_only=True)
class Candidate:
    """One address at which media may be received: an ``a=candidate`` line (RFC 8839, section 5.1)."""

    foundation: str
    """The same for candidates of one type, base address and STUN or TURN server."""
    component: int = attrs.field(validator=within(256))
    """1 is RTP, 2 is RTCP."""
    transport: str
    """``udp`` or ``tcp``, in upper or lower case as it was written."""
    priority: int = attrs.field(validator=within(2**32 - 1))
    """0 to 2**32 - 1; candidates with a higher priority are tried first."""
    address: str
    """An IP address or a name. A name of multicast DNS, which ends in ``.local``, hides the address."""
    port: int = attrs.field(validator=within(65535))
    """0 to 65535; 9 for an active TCP candidate."""
    type: str
    """``host``, ``srflx``, ``prflx`` or ``relay``."""
    related_address: str | None = None
    """``raddr``: the base of a reflexive or relayed candidate; nothing is sent there."""
    related_port: int | None = attrs.field(default=None, validator=within(65535))
    """``rport``: the port of `related_address`."""
    tcp_type: str | None = None
    """``active``, ``passive`` or ``so`` (RFC 6544, section 4.5)."""
    extensions: tuple[tuple[str, str], ...] = ()
    """All other attributes, as pairs of name and value such as ``("generation", "0")``."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of the line; a leading ``a=candidate:`` or ``candidate:`` is accepted.

        Raises `SdpError` if it does not follow RFC 8839, section 5.1.
        """
        words = value.removeprefix("a=").removeprefix("candidate:").split()
        if len(words) < 8 or words[6] != "typ":
            raise SdpError(
                "foundation, component, transport, priority, address, port, 'typ' and type expected, "
                f"not {value[:64]!r}"
            )
        if len(words) % 2:
            raise SdpError(f"a value expected after {words[-1][:32]!r}")
        pairs = list(zip(words[8::2], words[9::2], strict=True))
        # Reversed, so that the first of several counts.
        known = dict(reversed([pair for pair in pairs if pair[0] in ("raddr", "rport", "tcptype")]))
        return cls(
            foundation=words[0],
            component=integer(words[1], "a component", most=256),
            transport=words[2],
            priority=integer(words[3], "a priority", most=2**32 - 1),
            address=words[4],
            port=integer(words[5], "a port", most=65535),
            type=words[7],
            related_address=known.get("raddr"),
            related_port=integer(known["rport"], "a related port", most=65535) if "rport" in known else None,
            tcp_type=known.get("tcptype"),
            extensions=tuple(pair for pair in pairs if pair[0] not in known),
        )

    @property
    def ip(self) -> Ip | None:
        """The address as a value; None if it is a name."""
        return ip_address(self.address)

    @property
    def is_mdns(self) -> bool:
        """Whether the address is a name of multicast DNS, which can be resolved in its own network only."""
        return self.address.lower().endswith(".local")

    def __str__(self) -> str:
        words: list[object] = [self.foundation, self.component, self.transport, self.priority]
        words += [self.address, self.port, "typ", self.type]
        for name, value in (
            ("raddr", self.related_address),
            ("rport", self.related_port),
            ("tcptype", self.tcp_type),
            *self.extensions,
        ):
            if value is not None:
                words += [name, value]
        return " ".join(map(str, words))

    def __repr__(self) -> str:
        return f"<Candidate {self}>"


def is_of_kind(candidate: Candidate, kind: str) -> bool:
    """Return whether the address of `candidate` is of this `kind`, one of `ADDRESS_KINDS`."""
    if kind == "mdns":
        return candidate.is_mdns
    ip = candidate.ip
    if ip is None:
        return False
    return {
        "private": is_private(ip),
        "public": not is_private(ip),
        "ipv4": ip.version == 4,
        "ipv6": ip.version == 6,
        "loopback": ip.is_loopback,
        "link-local": ip.is_link_local,
    }[kind]
