"""`Resources`: what an engine gives to calls: addresses, ports, names, passwords and keys, all from one seed."""

import base64
import ipaddress
import random
import string
from collections.abc import Mapping

from ..sdp.daemon import HASH_BYTES, KEY_BYTES
from .errors import OutOfPorts

__all__ = ["Resources"]

_ALPHABET = string.ascii_letters + string.digits


class Resources:
    """Hands out the engine's ports, names and keys: the same seed and the same requests give the same values.

    `interfaces` maps names of logical interfaces to addresses; the first one is the default.
    `ports` is the range of UDP ports. Raises `OutOfPorts` when no port is left.
    """

    def __init__(
        self, *, interfaces: Mapping[str, str] | None = None, ports: range = range(30_000, 40_000), seed: int = 0
    ) -> None:
        self._interfaces = dict(interfaces or {"default": "127.0.0.1"})
        self._random = random.Random(seed)  # noqa: S311 - nothing is secured by it: no media ever flows
        self._ports = range(ports.start + ports.start % 2, ports.stop - 1, 2)
        self._used: set[int] = set()
        self._next = 0
        self.foundations: dict[str, str] = {name: self._text(16) for name in self._interfaces}
        self._hashes = {name: self._random.randbytes(size) for name, size in HASH_BYTES.items()}

    @property
    def free_ports(self) -> int:
        """How many ports are left, each pair of RTP and RTCP counted as two."""
        return 2 * (len(self._ports) - len(self._used))

    @property
    def interfaces(self) -> Mapping[str, str]:
        """The addresses of the logical interfaces, by their names."""
        return self._interfaces

    @property
    def ports(self) -> range:
        """The UDP ports, of RTP and of RTCP."""
        return range(self._ports.start, self._ports.stop)

    def named_interface(self, name: str, family: str) -> str:
        """Return the name of the logical interface that is asked for; empty where there is none of this name.

        Without a name it is the first interface of the `family`.
        """
        return name if name in self._interfaces else self._first(family) if not name else ""

    def interface(self, family: str = "") -> str:
        """Return the name of the first logical interface of a family, ``IP4`` or ``IP6``, or else of any family."""
        return self._first(family) or self._first("IP4") or self._first("IP6")

    def _first(self, family: str) -> str:
        return next((name for name in self._interfaces if self.address(name)[0] == family), "")

    def address(self, interface: str) -> tuple[str, str]:
        """Return the family, ``IP4`` or ``IP6``, and the address of a logical interface."""
        address = self._interfaces[interface]
        return f"IP{ipaddress.ip_address(address).version}", address

    def take_ports(self) -> int:
        """Reserve a pair of ports, and return the even one."""
        if len(self._used) >= len(self._ports):
            raise OutOfPorts
        while (port := self._ports[self._next % len(self._ports)]) in self._used:
            self._next += 1
        self._next += 1
        self._used.add(port)
        return port

    def free(self, port: int) -> None:
        """Take back a pair of ports."""
        self._used.discard(port)

    def ufrag(self) -> str:
        """Return a new ICE user name fragment."""
        return self._text(8)

    def pwd(self) -> str:
        """Return a new ICE password."""
        return self._text(26)

    def number(self) -> int:
        """Return a new number, for instance as the id of a session."""
        return self._random.randrange(1, 2**31)

    def name(self) -> str:
        """Return a new name for a call or a party."""
        return self._random.randbytes(32).hex()

    def tls_id(self) -> str:
        """Return a new ``tls-id`` of a DTLS association."""
        return self._random.randbytes(16).hex()

    def key(self, suite: str) -> str:
        """Return a new SDES key for a crypto suite, in base64 without its padding."""
        return base64.b64encode(self._random.randbytes(KEY_BYTES[suite])).decode().rstrip("=")

    def fingerprint(self, function: str) -> tuple[str, str]:
        """Return a hash function, ``sha-256`` where `function` is not known, and the certificate's fingerprint."""
        known = function if function in self._hashes else "sha-256"
        return known, self._hashes[known].hex(":").upper()

    def _text(self, length: int) -> str:
        return "".join(self._random.choices(_ALPHABET, k=length))
