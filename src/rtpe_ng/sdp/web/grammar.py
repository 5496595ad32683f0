"""The grammar of the attributes that a browser reads. One line that it cannot read fails the whole description.

Each attribute has a function here that returns why its line cannot be read, or nothing. A browser knows no other
attributes, and skips their lines whatever they say. It also skips attributes of RTP where there is no RTP, so the
tables at the end say which names are read where: above the first ``m=``, in each section, in those of RTP, and in
data channels. What a line means beside other lines is no matter here: see `reading`.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from ..values import ip_address
from .text import TOKEN, first_of, number, value_of

__all__: list[str] = []

Grammar: TypeAlias = Callable[[str], str]
"""Takes a line without ``a=``; returns in words what is wrong with it, or nothing."""

ENCRYPT = "urn:ietf:params:rtp-hdrext:encrypt"
"""The name of a header extension that stands before another one and says that it is encrypted (RFC 6904)."""
_HASHES = {"sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64}
_DIGEST = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNSIGNED = (0, 2**32 - 1)


def _with_value(name: str) -> Grammar:
    return lambda text: "" if value_of(text, name) is not None else f"a={name} without a value"


def _mid(text: str) -> str:
    mid = value_of(text, "mid")
    if mid is None:
        return "a=mid without a value"
    return "" if TOKEN.fullmatch(mid) else "a mid with a character that no mid may have"


def _group(text: str) -> str:
    semantics, *mids = text.split(" ")
    if value_of(semantics, "group") is None:
        return "a=group without a value"
    return "" if all(map(TOKEN.fullmatch, mids)) else "a group with a mid that no section can have"


def _setup(text: str) -> str:
    words = text.split(":")
    if len(words) == 2 and words[1].lower() in ("active", "passive", "actpass", "holdconn"):
        return ""
    return "no DTLS role: active, passive or actpass is meant"


def _fingerprint(text: str) -> str:
    words = text.split(" ")
    if len(words) != 2:
        return "a fingerprint has a hash function and a value, with one space between them"
    if (value_of(words[0], "fingerprint") or "").lower() not in _HASHES:
        return "a hash function that is not known, or no longer safe: sha-256 is usual"
    return "" if _DIGEST.fullmatch(words[1]) else "a fingerprint is written as pairs of hex digits with colons"


def fingerprint_is_whole(text: str) -> bool:
    """Return whether a readable fingerprint is as long as its hash function makes it."""
    function, _, digest = text.partition(" ")
    return digest.count(":") + 1 == _HASHES.get((value_of(function, "fingerprint") or "").lower())


def _candidate(text: str) -> str:
    head, colon, value = text.partition(":")
    words = value.lstrip(":").split(" ")
    if not colon or head != "candidate" or len(words) < 8 or words[6] != "typ":
        return "a candidate has eight words or more, of which the seventh is typ"
    if number(words[1]) is None:
        return "a candidate whose component is no number"
    if number(words[3], *_UNSIGNED) is None:
        return "a candidate whose priority is no number below 2^32"
    if number(words[5], 0, 65535) is None:
        return "a candidate whose port is none"
    if words[2].lower() not in ("udp", "tcp", "ssltcp"):
        return "a candidate whose transport is neither UDP nor TCP"
    if words[7] not in ("host", "srflx", "prflx", "relay"):
        return "a candidate of a type that is not known: host, srflx, prflx or relay is meant"
    return _candidate_extensions(words[8:], is_tcp=words[2].lower() != "udp")


_EXTENSIONS = {"generation": 2**32 - 1, "network-id": 65535, "network-cost": 65535}


def _candidate_extensions(words: list[str], *, is_tcp: bool) -> str:
    at = 0
    if len(words) >= 2 and words[0] == "raddr":
        at = 2
    if len(words) >= at + 2 and words[at] == "rport":
        if number(words[at + 1], 0, 65535) is None:
            return "a candidate whose related port is none"
        at += 2
    if len(words) >= at + 2 and words[at] == "tcptype":
        if words[at + 1] not in ("active", "passive", "so"):
            return "a candidate whose tcptype is not active, passive or so"
        if not is_tcp:
            return "a candidate of UDP that has a tcptype"
        at += 2
    for name, value in zip(words[at::2], words[at + 1 :: 2], strict=False):
        if name in _EXTENSIONS and number(value, 0, _EXTENSIONS[name]) is None:
            return f"a candidate whose {name} is no number"
    return ""


def _payload(text: str) -> str:
    found = number(text)
    if found is None:
        return "a payload type that is no number"
    return "" if 0 <= found <= 127 else "a payload type above 127"


def _fmtp(text: str) -> str:
    parts = first_of(text, " ")
    if parts is None:
        return "a=fmtp has a payload type, a space, and parameters"
    payload = value_of(parts[0], "fmtp")
    return "a=fmtp without a value" if payload is None else _payload(payload)


def _rtpmap(text: str) -> str:
    words = text.split(" ")
    if len(words) < 2:
        return "a=rtpmap has a payload type, a space, and a codec"
    payload = value_of(words[0], "rtpmap")
    return "a=rtpmap without a value" if payload is None else _payload(payload)


def codec_fault(codec: str, *, is_audio: bool) -> str:
    """Return what is wrong with the codec of an rtpmap line, such as ``opus/48000/2``."""
    parts = codec.split("/")
    if not 2 <= len(parts) <= 3:
        return "a codec is written as name/clock rate, for audio perhaps with /channels"
    if number(parts[1]) is None:
        return "a clock rate that is no number"
    if is_audio and len(parts) == 3:
        channels = number(parts[2], 0, 2**64 - 1)
        if channels is None:
            return "a number of channels that is none"
        if channels > 24:
            return "more than 24 channels"
    return ""


def _feedback(name: str) -> Grammar:
    def fault(text: str) -> str:
        words = text.split(" ")
        payload = value_of(words[0], name) if len(words) > 1 else None
        if payload is None:
            return f"a={name} has a payload type, a space, and more"
        return "" if payload == "*" and name == "rtcp-fb" else _payload(payload)

    return fault


def _extmap(text: str) -> str:
    words = text.split(" ")
    if len(words) < 2:
        return "a=extmap has a number, a space, and a URI"
    value = value_of(words[0], "extmap")
    if value is None:
        return "a=extmap without a value"
    found = number(value.partition("/")[0])
    if found is None:
        return "a header extension whose number is none"
    if not 1 <= found <= 255:
        return "the numbers of header extensions are 1 to 255"
    uri = words[1]
    if uri == ENCRYPT:
        if len(words) < 3:
            return "an encrypted header extension without a URI"
        uri = words[2]
        if uri == ENCRYPT:
            return "a header extension that is encrypted twice"
    return "a URI with control characters" if _CONTROL.search(uri) else ""


def _ssrc(text: str) -> str:
    parts = first_of(text, " ")
    if parts is None:
        return "a=ssrc has a number, a space, and an attribute"
    ssrc = value_of(parts[0], "ssrc")
    if ssrc is None or number(ssrc, *_UNSIGNED) is None:
        return "an SSRC that is no number below 2^32"
    attribute = first_of(parts[1], ":")
    if attribute is None:
        return "the attribute of an SSRC is written as name:value"
    if attribute[0] == "msid" and attribute[1].count(" ") > 1:
        return "the msid of an SSRC has at most two words"
    return ""


def _ssrc_group(text: str) -> str:
    semantics, *ssrcs = text.split(" ")
    if not ssrcs or value_of(semantics, "ssrc-group") is None:
        return "a=ssrc-group has a purpose, a space, and SSRCs"
    numbers = [number(ssrc, *_UNSIGNED) for ssrc in ssrcs]
    if None in numbers:
        return "an SSRC that is no number below 2^32"
    return "an SSRC twice in one group" if len(set(numbers)) < len(numbers) else ""


def _msid(text: str) -> str:
    words = [word for word in text.split(" ") if word]
    if not 1 <= len(words) <= 2:
        return "a=msid has a stream and perhaps a track"
    if len(words) == 1 and text.endswith(" "):
        return "a=msid with nothing behind the space"
    stream = value_of(words[0], "msid")
    return "" if stream else "a=msid without a stream"


def _simulcast(text: str) -> str:
    if len(text) <= len("simulcast:"):
        return "a=simulcast without a value"
    words = [word for word in text[len("simulcast:") :].split(" ") if word]
    if len(words) not in (2, 4) or not set(words[::2]) <= {"send", "recv"} or len(set(words[::2])) < len(words) / 2:
        return "a=simulcast has send and layers, recv and layers, or both"
    for layers in words[1::2]:
        if any(rid in ("", "~") for layer in layers.split(";") for rid in layer.split(",")):
            return "a=simulcast with an empty layer"
    return ""


def rid_of(text: str) -> tuple[str, str] | None:
    """Return the name and the direction of a rid (RFC 8851, section 10); None for one that is skipped."""
    words = [word for word in text[len("rid:") :].split(" ") if word]
    if not 2 <= len(words) <= 3 or words[1] not in ("send", "recv"):
        return None
    if not words[0].isascii() or not words[0].isalnum() or len(words[0]) > 16:
        return None
    return None if len(words) == 3 and not _are_restrictions(words[2]) else (words[0], words[1])


def _are_restrictions(text: str) -> bool:
    seen: set[str] = set()
    for restriction in filter(None, text.split(";")):
        parts = [part for part in restriction.split("=") if part]
        if not 1 <= len(parts) <= 2 or parts[0] in seen or (parts[0] == "pt" and seen):
            return False
        if parts[0] == "pt":
            numbers = [number(it) for it in "".join(parts[1:]).split(",") if it]
            if not numbers or None in numbers or len(set(numbers)) < len(numbers):
                return False
        seen.add(parts[0])
    return bool(seen)


def simulcast_names(text: str, rids: dict[str, str]) -> set[str]:
    """Return the rids of a simulcast line that a section really has, in the direction that the line says."""
    words = [word for word in text[len("simulcast:") :].split(" ") if word]
    layers = {
        direction: {rid.removeprefix("~") for layer in rest.split(";") for rid in layer.split(",")}
        for direction, rest in zip(words[::2], words[1::2], strict=False)
    }
    both = layers.get("send", set()) & layers.get("recv", set())
    return {rid for direction, names in layers.items() for rid in names - both if rids.get(rid) == direction}


def _sctp_port(text: str) -> str:
    words = text.split(":")
    words = words if len(words) > 1 else text.split(" ")
    return "an SCTP port that is none" if len(words) < 2 or number(words[1], 0, 65535) is None else ""


def _max_message_size(text: str) -> str:
    words = text.split(":")
    return "a size of messages that is no number" if len(words) < 2 or number(words[1], 0) is None else ""


def connection_fault(value: str) -> str:
    """Return what is wrong with the value of a ``c=`` line (RFC 8866, section 5.7)."""
    network = first_of(value, " ")
    if network is None or network[0] != "IN":
        return "c= is written as IN, IP4 or IP6, and an address"
    family = first_of(network[1], " ")
    if family is None:
        return "c= without an address"
    if "/" in family[1]:
        return "a multicast address"
    address = None if "%" in family[1] else ip_address(family[1])
    if address is None:
        # A name is looked at by nobody.
        return ""
    wanted = "IP6" if ":" in family[1] else "IP4"
    return "" if family[0] == wanted else f"an address of another family than {family[0][:8]!r}"


def bandwidth_fault(value: str) -> str:
    """Return what is wrong with the value of a section's ``b=`` line (RFC 8866, section 5.8)."""
    parts = first_of(value, ":")
    if parts is None:
        return "b= is written as name:number"
    if parts[0] not in ("AS", "TIAS"):
        return ""
    found = number(parts[1])
    if found is None:
        return f"b={parts[0]} whose value is no number"
    return "a bandwidth below zero" if found < 0 else ""


_TRANSPORT: Mapping[str, Grammar] = {
    "ice-ufrag": _with_value("ice-ufrag"),
    "ice-pwd": _with_value("ice-pwd"),
    "ice-options": _with_value("ice-options"),
    "fingerprint": _fingerprint,
    "setup": _setup,
}
OF_SESSION: Mapping[str, Grammar] = {
    **_TRANSPORT,
    "group": _group,
    "msid-semantic": _with_value("msid-semantic"),
    "extmap": _extmap,
}
"""What is read above the first ``m=``."""
OF_SECTION: Mapping[str, Grammar] = {**_TRANSPORT, "mid": _mid, "candidate": _candidate}
"""What is read in every section."""
OF_DATA: Mapping[str, Grammar] = {
    **OF_SECTION,
    "sctp-port": _sctp_port,
    "max-message-size": _max_message_size,
}
"""What is read in data channels: ``m=application`` with SCTP over DTLS."""
OF_RTP: Mapping[str, Grammar] = {
    **OF_SECTION,
    "ssrc-group": _ssrc_group,
    "ssrc": _ssrc,
    "rtpmap": _rtpmap,
    "maxptime": _with_value("maxptime"),
    "ptime": _with_value("ptime"),
    "extmap": _extmap,
    "x-google-flag": _with_value("x-google-flag"),
    "msid": _msid,
    "simulcast": _simulcast,
}
"""What is read in sections whose protocol is RTP, whatever their type is."""
OF_AUDIO: Mapping[str, Grammar] = {**OF_RTP, "fmtp": _fmtp, "rtcp-fb": _feedback("rtcp-fb")}
"""What is read in audio."""
OF_VIDEO: Mapping[str, Grammar] = {**OF_AUDIO, "packetization": _feedback("packetization")}
"""What is read in video."""


def is_rtp(protocol: str) -> bool:
    """Return whether a browser takes a protocol for RTP: ``RTP/`` stands in it, and no letter before that."""
    at = protocol.find("RTP/")
    before = protocol[at - 1] if at > 0 else ""
    return not protocol or (at >= 0 and not (before.isascii() and before.isalpha()))


def is_sctp(protocol: str) -> bool:
    """Return whether a protocol is SCTP over DTLS, as that of data channels is (RFC 8841, section 4.1)."""
    return protocol in ("UDP/DTLS/SCTP", "TCP/DTLS/SCTP", "DTLS/SCTP")


def grammar_of(kind: str, protocol: str) -> Mapping[str, Grammar]:
    """Return what is read in a section of this type and protocol."""
    if kind == "application" and is_sctp(protocol):
        return OF_DATA
    if not is_rtp(protocol):
        return OF_SECTION
    return {"audio": OF_AUDIO, "video": OF_VIDEO}.get(kind, OF_RTP)
