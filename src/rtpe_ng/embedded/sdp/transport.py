"""`MediaTransport`: the protocol of a section as the daemon tells them apart."""

from __future__ import annotations

import re
from typing import Self

import attrs

__all__ = ["MediaTransport"]

_RTP = re.compile(r"(?:UDP/TLS/)?RTP/(S?)AVPF?")
_NAMES = {
    name.upper(): name
    for name in (
        *("RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "udptl"),
    )
}
"""As the daemon spells those that it knows."""


@attrs.frozen(kw_only=True)
class MediaTransport:
    """A transport protocol, such as ``RTP/AVP``; one that nobody knows is the empty one."""

    name: str = ""
    opportunistic: bool = False
    """It is a plain profile with keys beside it: opportunistic SRTP (RFC 8643)."""

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the one of this name, in any case of letters."""
        return cls(name=_NAMES.get(name.upper(), name))

    @property
    def is_known(self) -> bool:
        """Whether the daemon knows it."""
        return self.name.upper() in _NAMES

    @property
    def is_rtp(self) -> bool:
        """Whether it is RTP, encrypted or not."""
        return _RTP.fullmatch(self.name) is not None

    @property
    def is_srtp(self) -> bool:
        """Whether it is encrypted RTP."""
        found = _RTP.fullmatch(self.name)
        return found is not None and (bool(found[1]) or self.opportunistic)

    def with_keys(self) -> Self:
        """Return what it is where keys stand beside it."""
        return attrs.evolve(self, opportunistic=True) if self.is_rtp and not self.is_srtp else self

    @property
    def without_keys(self) -> Self:
        """What it is where nothing is encrypted."""
        return type(self)(name=self.name.removeprefix("UDP/TLS/").replace("/SAVP", "/AVP"))

    def __bool__(self) -> bool:
        return bool(self.name)

    def __str__(self) -> str:
        return self.name
