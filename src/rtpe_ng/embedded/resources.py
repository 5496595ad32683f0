"""`Resources`: what an engine gives to calls: addresses, ports, names, passwords and keys, all from one seed."""

import base64
import ipaddress
import random
import string
from collections.abc import Mapping, Sequence

from ..sdp.daemon import HASH_BYTES, KEY_BYTES
from .errors import OutOfPorts

__all__ = ["Resources"]

_ALPHABET = string.ascii_letters + string.digits


class Resources:
    """Hands out the engine's ports, names and keys: the same seed and the same requests give the same values.

    `interfaces` maps names of logical interfaces to an address, or to several; the first one is the default. Each
    address is a place of its own, with a key; that of the first address of an interface is the interface's name.
    `ports` is the range of UDP ports. Raises `OutOfPorts` when no port is left.
    """

    def __init__(
        self,
        *,
        interfaces: Mapping[str, str | Sequence[str]] | None = None,
        ports: range = range(30_000, 40_000),
        seed: int = 0,
    ) -> None:
        self._keys: dict[str, list[str]] = {}
        self._addresses: dict[str, str] = {}
        for name, given in (interfaces or {"default": "127.0.0.1"}).items():
            for address in [given] if isinstance(given, str) else given:
                key = f"{name} {address}" if name in self._keys else name
                self._keys.setdefault(name, []).append(key)
                self._addresses[key] = address
        self._random = random.Random(seed)  # noqa: S311 - nothing is secured by it: no media ever flows
        self._ports = range(ports.start + ports.start % 2, ports.stop - 1, 2)
        self._used: set[int] = set()
        self._next = 0
        self.foundations: dict[tuple[str, str], str] = {
            (key, other): self._text(16) for key in self._addresses for other in (key, *self.others(key))
        }
        """The foundation of a candidate, by the address that was chosen and the one that it is for."""
        self._hashes = {name: self._random.randbytes(size) for name, size in HASH_BYTES.items()}

    @property
    def free_ports(self) -> int:
        """How many ports are left, each pair of RTP and RTCP counted as two."""
        return 2 * (len(self._ports) - len(self._used))

    @property
    def places(self) -> Sequence[tuple[str, str, str]]:
        """Each address, with the name of its logical interface and its key."""
        return [(name, key, self._addresses[key]) for name, keys in self._keys.items() for key in keys]

    @property
    def ports(self) -> range:
        """The UDP ports, of RTP and of RTCP."""
        return range(self._ports.start, self._ports.stop)

    def named_interface(self, name: str, family: str) -> str:
        """Return the key of the logical interface that is asked for; empty where there is none of this name.

        It is that of its address of the `family`, or else of its first address. Without a name it is the first
        interface of the family.
        """
        if not name:
            return self._first(family)
        keys = self._keys.get(name, [])
        return self._first(family, keys) or next(iter(keys), "")

    def interface(self, family: str = "") -> str:
        """Return the key of the first logical interface of a family, ``IP4`` or ``IP6``, or else of any family."""
        return self._first(family) or self._first("IP4") or self._first("IP6")

    def _first(self, family: str, keys: Sequence[str] | None = None) -> str:
        among = self._addresses if keys is None else keys
        return next((key for key in among if self.address(key)[0] == family), "")

    def name_of(self, key: str) -> str:
        """Return the name of the logical interface with this key."""
        return next((name for name, keys in self._keys.items() if key in keys), "")

    def others(self, key: str) -> Sequence[str]:
        """Return the keys of the other addresses of the same logical interface."""
        return [other for other in self._keys.get(self.name_of(key), ()) if other != key]

    def address(self, key: str) -> tuple[str, str]:
        """Return the family, ``IP4`` or ``IP6``, and the address of a logical interface."""
        address = self._addresses[key]
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
