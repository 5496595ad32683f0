"""`MediaTransport`: the transport protocol of a section, as far as the daemon distinguishes them."""

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
"""The protocols that the daemon knows, by name in upper case, in its own spelling."""


@attrs.frozen(kw_only=True)
class MediaTransport:
    """A transport protocol, such as ``RTP/AVP``; the empty name stands for none."""

    name: str = ""
    opportunistic: bool = False
    """A plain profile with keys in the section: opportunistic SRTP (RFC 8643)."""

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the protocol of this name; the case of letters does not matter."""
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
        profile = _RTP.fullmatch(self.name)
        return profile is not None and (bool(profile[1]) or self.opportunistic)

    def with_keys(self) -> Self:
        """Return the protocol of a section that has keys: a plain profile becomes opportunistic."""
        return attrs.evolve(self, opportunistic=True) if self.is_rtp and not self.is_srtp else self

    @property
    def without_keys(self) -> Self:
        """The protocol for the same section without encryption."""
        return type(self)(name=self.name.removeprefix("UDP/TLS/").replace("/SAVP", "/AVP"))

    def __bool__(self) -> bool:
        return bool(self.name)

    def __str__(self) -> str:
        return self.name
