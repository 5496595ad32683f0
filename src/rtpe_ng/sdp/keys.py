"""How media is secured: fingerprints for DTLS-SRTP (RFC 8122, RFC 5763) and SDES keys (RFC 4568)."""

import re
from typing import Self

import attrs

from ..errors import SdpError, redact
from .values import integer, within

__all__ = ["Crypto", "Fingerprint"]

SETUPS = ("actpass", "active", "passive", "holdconn")
"""The values of ``a=setup`` (RFC 4145, section 4; RFC 5763, section 5)."""

_BYTES = {"md2": 16, "md5": 16, "sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64}
_HEX = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*", re.ASCII)


@attrs.frozen(kw_only=True)
class Fingerprint:
    """The hash of a certificate: ``a=fingerprint`` (RFC 8122, section 5)."""

    hash_function: str
    """Such as ``sha-256``."""
    value: str
    """The hash: hexadecimal bytes, separated by colons."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of the line; a leading ``a=fingerprint:`` is accepted.

        Raises `SdpError` if the hash function is unknown, or the hash is malformed or has the wrong length.
        """
        words = value.removeprefix("a=").removeprefix("fingerprint:").split()
        if len(words) != 2:
            raise SdpError(f"a hash function and a hash expected, not {value[:64]!r}")
        function, hexadecimal = words
        if function.lower() not in _BYTES:
            raise SdpError(f"a hash function ({', '.join(_BYTES)}) expected, not {function[:32]!r}")
        size = _BYTES[function.lower()]
        if len(hexadecimal) != 3 * size - 1 or not _HEX.fullmatch(hexadecimal):
            raise SdpError(f"{size} hexadecimal bytes expected for {function}, not {hexadecimal[:64]!r}")
        return cls(hash_function=function, value=hexadecimal)

    def __str__(self) -> str:
        return f"{self.hash_function} {self.value}"


@attrs.frozen(kw_only=True, repr=False)
class Crypto:
    """An SDES key: ``a=crypto`` (RFC 4568, section 9.1). `repr` hides the key; `str` returns the whole value."""

    tag: int = attrs.field(validator=within(999_999_999))
    """A number, by which an answer names the key that it accepts."""
    suite: str
    """Such as ``AES_CM_128_HMAC_SHA1_80``."""
    key_params: str
    """``inline:`` and the key, perhaps with its lifetime and master key identifier."""
    session_params: tuple[str, ...] = ()
    """Such as ``UNENCRYPTED_SRTCP``."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of the line; a leading ``a=crypto:`` is accepted. Raises `SdpError`."""
        words = value.removeprefix("a=").removeprefix("crypto:").split()
        if len(words) < 3:
            raise SdpError("a tag, a crypto suite and key parameters expected")
        return cls(
            tag=integer(words[0], "a tag", most=999_999_999),
            suite=words[1],
            key_params=words[2],
            session_params=tuple(words[3:]),
        )

    def __str__(self) -> str:
        return " ".join((str(self.tag), self.suite, self.key_params, *self.session_params))

    def __repr__(self) -> str:
        # The suite is redacted too: in a malformed line, the key may stand in its place.
        return f"<Crypto {self.tag} {redact(self.suite)} {len(self.key_params)} characters of key>"
