"""How media is secured: fingerprints for DTLS-SRTP (RFC 8122), SDES keys (RFC 4568), and credentials of ICE.

`Crypto.generate` and `IceCredentials.generate` make new secrets from the random numbers of the operating system
(`secrets`). Nothing else in `rtpe_ng.sdp` makes one.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Self

import attrs

from ..errors import SdpError, UsageError, redact
from .values import integer, within

__all__ = ["Crypto", "Fingerprint", "IceCredentials"]

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

    @classmethod
    def of(cls, certificate: bytes) -> Self:
        """Return the SHA-256 fingerprint of a certificate, given as DER (RFC 8122, section 5)."""
        return cls(hash_function="sha-256", value=hashlib.sha256(certificate).digest().hex(":").upper())

    def __str__(self) -> str:
        return f"{self.hash_function} {self.value}"


_KEY_BYTES: Mapping[str, int] = {
    **dict.fromkeys(("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "F8_128_HMAC_SHA1_80"), 30),
    **dict.fromkeys(("AES_192_CM_HMAC_SHA1_80", "AES_192_CM_HMAC_SHA1_32"), 38),
    **dict.fromkeys(("AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32"), 46),
    "AEAD_AES_128_GCM": 28,
    "AEAD_AES_256_GCM": 44,
}
"""The length of key and salt of each suite, in bytes (RFC 4568, section 6.2; RFC 6188; RFC 7714, section 14.2)."""


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

    @classmethod
    def generate(cls, suite: str = "AES_CM_128_HMAC_SHA1_80", *, tag: int = 1) -> Self:
        """Return a new random key for a crypto suite, such as ``AEAD_AES_256_GCM``.

        Make one for each media section and each direction: no two streams may share a key (RFC 4568, section 6).
        Raises `UsageError` if the suite is unknown.
        """
        if suite not in _KEY_BYTES:
            raise UsageError(f"no crypto suite: {suite!r}; there are {', '.join(_KEY_BYTES)}")
        key = base64.b64encode(secrets.token_bytes(_KEY_BYTES[suite])).decode()
        return cls(tag=tag, suite=suite, key_params=f"inline:{key}")

    def __str__(self) -> str:
        return " ".join((str(self.tag), self.suite, self.key_params, *self.session_params))

    def __repr__(self) -> str:
        # The suite is redacted too: in a malformed line, the key may stand in its place.
        return f"<Crypto {self.tag} {redact(self.suite)} {len(self.key_params)} characters of key>"


_ICE_CHARS = re.compile(r"[A-Za-z0-9+/]*", re.ASCII)


def _ice_chars(least: int, most: int = 256) -> Callable[[object, attrs.Attribute[str], object], None]:
    def check(_: object, attribute: attrs.Attribute[str], value: object) -> None:
        # The value is not shown, because it may be the password.
        if not (isinstance(value, str) and least <= len(value) <= most and _ICE_CHARS.fullmatch(value)):
            raise UsageError(
                f"{attribute.name} must have {least} to {most} letters, digits, '+' or '/' (RFC 8839, section 5.4)"
            )

    return check


@attrs.frozen(kw_only=True, repr=False)
class IceCredentials:
    """The user name fragment and the password of an ICE agent (RFC 8839, section 5.4). `repr` hides the password.

    Raises `UsageError` if one of them is too short, too long, or has other characters than RFC 8839 allows.
    """

    ufrag: str = attrs.field(validator=_ice_chars(4))
    """4 to 256 letters, digits, ``+`` or ``/``."""
    pwd: str = attrs.field(validator=_ice_chars(22))
    """22 to 256 letters, digits, ``+`` or ``/``."""

    @classmethod
    def generate(cls) -> Self:
        """Return new random credentials: a fragment of 48 bits and a password of 144 (RFC 8445, section 5.3)."""
        ufrag, pwd = (base64.b64encode(secrets.token_bytes(size)).decode() for size in (6, 18))
        return cls(ufrag=ufrag, pwd=pwd)

    def __repr__(self) -> str:
        return f"<IceCredentials {self.ufrag}>"
