"""Kinds of addresses: which ones only a part of the Internet can reach."""

from __future__ import annotations

import ipaddress

from .candidate import Candidate
from .values import Ip

__all__ = ["KINDS", "is_of_kind", "is_private"]

_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        (
            "10.0.0.0/8",  # RFC 1918
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",  # RFC 6598: carrier-grade NAT
            "169.254.0.0/16",  # RFC 3927: link-local
            "fe80::/10",  # RFC 4291, section 2.5.6
            "fc00::/7",  # RFC 4193: unique local
            "127.0.0.0/8",  # loopback
            "::1/128",
        ),
    )
)

KINDS = ("private", "public", "mdns", "ipv4", "ipv6", "loopback", "link-local")
"""What `is_of_kind` tells apart."""


def is_private(ip: Ip) -> bool:
    """Tell whether only a part of the Internet can reach `ip`.

    Such are the addresses of RFC 1918, RFC 6598 (carrier-grade NAT), link-local, unique local (RFC 4193) and
    loopback ones.
    """
    return any(ip.version == network.version and ip in network for network in _PRIVATE)


def is_of_kind(candidate: Candidate, kind: str) -> bool:
    """Tell whether the address of `candidate` is of this `kind`, one of `KINDS`."""
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
