"""How the daemon reads the values of the attributes that it knows.

What it cannot read it never refuses: it does without the line, and says so in its log at most. Some of these lines
it leaves in the body (``dropped``), others it takes out of it (``ignored``). Sizes and names of keys and hashes are
those of RFC 4568, RFC 7714, RFC 6188 and RFC 8122, as far as the daemon knows them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from .grammar import Grammar
from .numbers import address_family, number_at, small, starts_of, words_in

__all__ = ["HASH_BYTES", "KEY_BYTES", "value_read"]

HASH_BYTES: Mapping[str, int] = {"sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64}
"""The hash functions of certificates that the daemon knows, with the length of their values in bytes."""
KEY_BYTES: Mapping[str, int] = {
    "AEAD_AES_256_GCM": 44,
    "AEAD_AES_128_GCM": 28,
    "AES_256_CM_HMAC_SHA1_80": 46,
    "AES_256_CM_HMAC_SHA1_32": 46,
    "AES_192_CM_HMAC_SHA1_80": 38,
    "AES_192_CM_HMAC_SHA1_32": 38,
    "AES_CM_128_HMAC_SHA1_80": 30,
    "AES_CM_128_HMAC_SHA1_32": 30,
    "F8_128_HMAC_SHA1_80": 30,
    "F8_128_HMAC_SHA1_32": 30,
    "NULL_HMAC_SHA1_80": 30,
    "NULL_HMAC_SHA1_32": 30,
}
"""The crypto suites of the daemon in the order of its preference, with the length of key and salt in bytes."""

Fate: TypeAlias = Literal["read", "ignored", "dropped"]
"""What becomes of a line: it is read, taken out of the body, or left in it unread."""


class Value(NamedTuple):
    """What the daemon made of the value of an attribute."""

    fate: Fate
    reason: str = ""
    """Why it could not be read."""


_READ = Value("read")


def value_read(name: str, value: str | None, grammar: Grammar) -> Value:
    """Return what a daemon makes of the value of an attribute that it knows; None stands for no colon."""
    read = _READERS.get(name)
    return _READ if read is None else read(value or "", grammar)


def _dropped(reason: str) -> Value:
    return Value("dropped", reason)


def _rtpmap(value: str, _: Grammar) -> Value:
    words = words_in(value, 2)
    if len(words) < 2:
        return _dropped("a payload type and an encoding expected")
    if number_at(value) is None:
        return _dropped("it begins with no payload type")
    _name, slash, rest = words[1].partition("/")
    rate = rest.partition("/")[0]
    if not slash or not rate:
        return _dropped("no clock rate in Hz")
    if not re.fullmatch(r"[ \t\v\f\r]*[+-]?[0-9]+", rate):
        return _dropped(f"no clock rate in Hz: {rate[:32]!r}")
    return _READ


def _numbered(value: str, grammar: Grammar) -> Value:
    words = words_in(value, 1)
    number = small(words[0], bare=grammar.wants_bare_numbers) if words else None
    return _dropped("it begins with no payload type") if number in (None, -1) else _READ


def _feedback(value: str, grammar: Grammar) -> Value:
    if value.split(" ", 1)[0] == "*":
        return _READ if grammar.knows_feedback_for_all else _dropped("")
    return _numbered(value, grammar)


def _rtcp(value: str, grammar: Grammar) -> Value:
    words = words_in(value, 1)
    port = small(words[0], bare=grammar.wants_bare_numbers) if words else None
    if port is None or not 0 < port <= 65535:
        return Value("dropped" if grammar.drops_unreadable_keys else "ignored", "no port from 1 to 65535")
    if len(words) > 1 and words[1]:
        place = words_in(words[1], 3)
        if len(place) < 3 or unusable_address(place, grammar):
            return _dropped("no network type, address type and address behind the port")
    return _READ


def _fingerprint(value: str, _: Grammar) -> Value:
    words = words_in(value, 2)
    if len(words) < 2:
        return _dropped("a hash function and a hash expected")
    size = HASH_BYTES.get(words[0].lower(), 0)
    if not size:
        return _dropped(f"a hash function that it does not know: {words[0][:32]!r}")
    if not re.match(rf"(?:[0-9A-Fa-f]{{2}}:){{{size - 1}}}[0-9A-Fa-f]{{2}}(?!:)", words[1], re.ASCII):
        return _dropped(f"no {size} hexadecimal bytes")
    return _READ


def _crypto(value: str, grammar: Grammar) -> Value:
    kept: Fate = "dropped" if grammar.drops_unreadable_keys else "ignored"
    words = words_in(value, 3)
    if len(words) < 3:
        return _dropped("a tag, a crypto suite and a key expected")
    if number_at(value) is None:
        return Value(kept, "its tag is no number")
    size = KEY_BYTES.get(words[1].upper(), 0)
    if not size:
        return Value(kept, "a crypto suite that it does not know")
    length = -(-size * 4 // 3)
    if words[2][:7].lower() != "inline:" or len(words[2]) < 7 + length:
        return Value(kept, f"no key of {length} characters behind 'inline:'")
    key, rest = words[2][7 : 7 + length], words[2][7 + length :]
    # Its decoder takes "=" for zeros, except in the second half of each four characters.
    if not re.fullmatch(r"[A-Za-z0-9+/=]+", key) or "=" in key[2::4] + key[3::4]:
        return Value(kept, "its key is not in base64")
    rest = rest.removeprefix({2: "==", 3: "="}.get(length % 4, ""))
    if len(rest) < 2:
        return _READ
    return _READ if _key_parameters(rest) else Value(kept, "what follows its key cannot be read")


def _key_parameters(text: str) -> bool:
    """Return whether the lifetime and the master key identifier of a key can be read (RFC 4568, section 6.1)."""
    if text[0] != "|":
        return False
    lifetime, bar, identifier = text[1:].partition("|")
    if not bar and ":" in lifetime:
        lifetime, bar, identifier = "", "|", lifetime
    if lifetime or (bar and text[1] == "|"):
        power = len(lifetime) >= 3 and lifetime.startswith("2^")
        number = number_at(lifetime, 2 if power else 0) or 0
        if not (0 < number < 64 if power else number > 0) or (2**number if power else number) > 2**48:
            return False
    if bar:
        _, colon, size = identifier.partition(":")
        return bool(colon) and 0 <= (number_at(size) or 0) <= 256
    return True


def _candidate(value: str, _: Grammar) -> Value:
    words = words_in(value, 8)
    if len(words) < 8:
        return _dropped("fewer than eight words")
    starts = starts_of(words)
    transport, address, typ, kind = words[2], words[4], words[6], words[7]
    if number_at(value, starts[1]) is None:
        return _dropped("its component is no number")
    if transport not in ("udp", "UDP"):
        return _READ
    if number_at(value, starts[3]) is None:
        return _dropped("its priority is no number")
    if not address_family(address):
        return _READ
    if number_at(value, starts[5]) is None:
        return _dropped("its port is no number")
    if typ != "typ":
        return _dropped("'typ' expected as the seventh word")
    if kind not in ("srflx", "prflx", "relay"):
        return _READ
    related = words_in(words[8] if len(words) > 8 else "", 4)
    if len(related) < 4 or related[0] != "raddr" or related[2] != "rport":
        return _dropped("a related address and port expected")
    if address_family(related[1]) and number_at(related[3]) is None:
        return _dropped("its related port is no number")
    return _READ


def _extmap(value: str, grammar: Grammar) -> Value:
    if not grammar.checks_extensions:
        return _READ
    words = words_in(value, 2)
    if len(words) < 2:
        return _dropped("a number and a name expected")
    number = small(words[0], bare=grammar.wants_bare_numbers) or 0
    if not 0 < number < 256 or number == 15:
        return _dropped("it takes the numbers 1 to 14 and 16 to 255 only")
    return _READ


_READERS: Mapping[str, Callable[[str, Grammar], Value]] = {
    "candidate": _candidate,
    "crypto": _crypto,
    "extmap": _extmap,
    "fingerprint": _fingerprint,
    "fmtp": _numbered,
    "rtcp": _rtcp,
    "rtcp-fb": _feedback,
    "rtpmap": _rtpmap,
}


def unusable_address(words: Sequence[str], grammar: Grammar) -> str:
    """Return why the daemon cannot read the first three words of an address; empty if it can."""
    network, family, address = words[:3]
    found = address_family(address)
    if network not in ("IN", "in"):
        return f"the network type is {network[:32]!r} instead of IN"
    if found and (family == found or (not family and grammar.guesses_family)):
        return ""
    if address in ("IP4", "IP6") and address_family(family):
        return "the address stands before its type"
    if not family:
        return "a blank too many before the address type"
    if family not in ("IP4", "IP6"):
        return f"the address type is {family[:32]!r} instead of IP4 or IP6"
    if found:
        return f"an {family} address expected"
    if address_family(address.partition("/")[0]):
        return "it reads no address with a '/' behind it"
    return "no address: the daemon looks up no names"
