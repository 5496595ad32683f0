"""ICE candidates (RFC 8839, section 5.1; RFC 6544 for TCP).

A line is read in three ways. `Candidate.parse` takes what RFC 8839 allows. `Candidate.read` also takes what
browsers take; views use it, because what a browser would use must not be overlooked. What even that cannot read may
still show an address: `Seen` has whatever can be told of such a line, for helpers that guard addresses.
"""

import itertools
from collections.abc import Iterable, Iterator
from typing import Self

import attrs

from ..errors import SdpError
from .lines import attribute_of, content
from .values import Ip, integer, ip_address, is_private, within

__all__ = ["Candidate"]

ADDRESS_KINDS = ("private", "public", "mdns", "ipv4", "ipv6", "loopback", "link-local")
"""The kinds of addresses that `is_of_kind` distinguishes."""


@attrs.frozen(kw_only=True)
class Candidate:
    """One address at which media may be received: an ``a=candidate`` line (RFC 8839, section 5.1)."""

    foundation: str
    """The same for candidates of one type, base address and STUN or TURN server. Some cameras leave it empty."""
    component: int = attrs.field(validator=within(2**31 - 1))
    """1 is RTP, 2 is RTCP. RFC 8839 has 1 to 256; browsers also take others."""
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
        words = words_of_candidate(value)
        if len(words) < 8 or words[6] != "typ":
            raise SdpError(
                "foundation, component, transport, priority, address, port, 'typ' and type expected, "
                f"not {value[:64]!r}"
            )
        if len(words) % 2:
            raise SdpError(f"a value expected after {words[-1][:32]!r}")
        if any(mark in words[0] for mark in ":="):
            raise SdpError(f"a foundation of letters, digits, '+' and '/' expected, not {words[0][:32]!r}")
        integer(words[1], "a component", most=256)
        if (port := dict(reversed(_pairs(words))).get("rport")) is not None:
            integer(port, "a related port", most=65535)
        return cls.read(value)

    @classmethod
    def read(cls, value: str) -> Self:
        """Read the value of a line as leniently as a browser, or more so.

        The foundation may be empty, the component any number, the last attribute without a value, and ``typ`` in
        capitals. Raises `SdpError` if there is no number, address or type in its place.
        """
        words = words_of_candidate(value)
        if [word.lower() for word in words[5:6]] == ["typ"]:
            # The foundation was empty, and the space behind it says nothing once a line is split into words.
            words = ["", *words]
        if len(words) < 8 or words[6].lower() != "typ":
            raise SdpError(f"'typ' and a type expected as the seventh and eighth word, not {value[:64]!r}")
        pairs = _pairs(words)
        # Reversed, so that the first of several counts.
        known = dict(reversed([pair for pair in pairs if _is_known(*pair)]))
        others = list(pairs)
        for pair in known.items():
            others.remove(pair)
        return cls(
            foundation=words[0],
            component=integer(words[1], "a component", most=2**31 - 1),
            transport=words[2],
            priority=integer(words[3], "a priority", most=2**32 - 1),
            address=words[4],
            port=integer(words[5], "a port", most=65535),
            type=words[7],
            related_address=known.get("raddr"),
            related_port=int(known["rport"]) if "rport" in known else None,
            tcp_type=known.get("tcptype"),
            extensions=tuple(others),
        )

    @property
    def ip(self) -> Ip | None:
        """The address as a value; None if it is a name."""
        return ip_in(self.address)

    @property
    def ufrag(self) -> str | None:
        """The user name fragment of its ICE generation, which browsers add to candidates that come later."""
        return next((value for name, value in self.extensions if name == "ufrag"), None)

    @property
    def is_mdns(self) -> bool:
        """Whether the address is a name of multicast DNS, which can be resolved in its own network only."""
        return is_mdns(self.address)

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
        # An empty word at the end is that of an attribute without a value.
        return " ".join(map(str, words if words[-1] != "" else words[:-1]))

    def __repr__(self) -> str:
        return f"<Candidate {self}>"


def words_of_candidate(value: str) -> list[str]:
    """Return the words of a candidate; a leading ``a=candidate:`` or ``candidate:`` is left out."""
    return value.removeprefix("a=").removeprefix("candidate:").split()


def candidate_in(line: str) -> str | None:
    """Return the value of an ``a=candidate`` line, with the space that stands for an empty foundation; or None."""
    return content(line).partition(":")[2].rstrip(" \t") if attribute_of(line)[0] == "candidate" else None


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    """Return the attributes of a candidate. The value of the last one is empty if the line ends before it."""
    return list(itertools.zip_longest(words[8::2], words[9::2], fillvalue=""))


def _is_known(name: str, value: str) -> bool:
    """Return whether an attribute has a field of its own, and a value that fits there."""
    if name == "rport":
        return value.isascii() and value.isdecimal() and len(value) <= 5 and int(value) <= 65535
    return name in ("raddr", "tcptype") and value != ""


def is_mdns(text: str) -> bool:
    """Return whether `text` is a name of multicast DNS."""
    return text.lower().rstrip(".").endswith(".local")


@attrs.frozen(kw_only=True)
class Seen:
    """What can be told of a line with a candidate, whether or not it can be read as one."""

    component: str
    """The component, as it is written."""
    types: frozenset[str]
    """The type, in lower case; of a line that cannot be read, any word."""
    transports: frozenset[str]
    """The transport, in lower case; of a line that cannot be read, any word."""
    addresses: tuple[str, ...]
    """The address; of a line that cannot be read, all IP addresses and names of mDNS. A related address is none."""

    @classmethod
    def of(cls, value: str) -> Self:
        """Return what the value of a line shows. Raises nothing."""
        try:
            candidate = Candidate.read(value)
        except SdpError:
            words = words_of_candidate(value)
            lower = frozenset(word.lower() for word in words)
            return cls(
                component="".join(words[1:2]), types=lower, transports=lower, addresses=tuple(shown_in(words))
            )
        return cls(
            component=str(candidate.component),
            types=frozenset({candidate.type.lower()}),
            transports=frozenset({candidate.transport.lower()}),
            addresses=(candidate.address,),
        )


def shown_in(words: Iterable[str]) -> Iterator[str]:
    """Yield the IP addresses and the names of mDNS among `words`, except one behind ``raddr``."""
    before = ""
    for word in words:
        if before.lower() != "raddr" and (ip_in(word) is not None or is_mdns(word)):
            yield word
        before = word


def ip_in(text: str) -> Ip | None:
    """Return the IP address that a word of a candidate is, perhaps in brackets."""
    return ip_address(text.strip("[]"))


def is_of_kind(address: str, kind: str) -> bool:
    """Return whether an address, as a candidate has it, is of this `kind`, one of `ADDRESS_KINDS`."""
    if kind == "mdns":
        return is_mdns(address)
    ip = ip_in(address)
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
