"""The attributes that the daemon knows by name, and the values of them that it can read."""

import re

import attrs

from ...sdp import Media, Section, Session
from ...sdp.daemon import HASH_BYTES, KEY_BYTES
from ..versions import Behaviour

__all__ = ["DIRECTIONS", "ICE", "KEYS", "as_read", "attribute_of", "content", "is_known", "is_readable"]

DIRECTIONS = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
ICE = frozenset(
    {"ice-ufrag", "ice-pwd", "ice-options", "ice-lite", "ice-mismatch", "remote-candidates", "candidate"}
)
KEYS = frozenset({"crypto", "fingerprint", "setup", "tls-id"})
_ALWAYS = frozenset(
    (
        *DIRECTIONS,
        *ICE,
        *("mid", "rtcp", "fmtp", "group", "setup", "ptime", "crypto", "extmap", "rtpmap", "rtcp-mux", "rtpengine"),
        *("fingerprint", "end-of-candidates", "rtcp-fb"),
        *("T38FaxVersion", "T38FaxUdpEC", "T38FaxUdpECDepth", "T38FaxUdpFECMaxSpan", "T38FaxMaxDatagram"),
        *("T38FaxMaxIFP", "T38FaxFillBitRemoval", "T38FaxTranscodingMMR", "T38FaxTranscodingJBIG"),
        *("T38FaxRateManagement", "T38MaxBitRate", "T38FaxMaxBuffer"),
    )
)


def is_known(name: str, behaviour: Behaviour) -> bool:
    """Tell whether the daemon acts on an attribute instead of passing it on."""
    return name in _ALWAYS or name in behaviour.knows_attributes


_FORMS = {
    "rtpmap": re.compile(r"\d+[^ ]* [^/ ]*/\d+(?:/[^ ]*)?(?: .*)?", re.ASCII),
    "fmtp": re.compile(r"\d+(?: .*)?"),
    "rtcp-fb": re.compile(r"(?:\*|\d+)(?: .*)?"),
    "extmap": re.compile(r"(?:[1-9]|1[0-4]|1[6-9]|[2-9]\d|1\d\d|2[0-4]\d|25[0-5]) +\S+.*"),
    "rtcp": re.compile(r"[1-9]\d*(?: (?:IN IP\d \S+.*)?)?"),
    "fingerprint": re.compile(r"(\S+) ((?:[0-9A-Fa-f]{2}:)*[0-9A-Fa-f]{2})(?:[^:].*)?"),
    "crypto": re.compile(r"(\d+)\S* (\S+) [Ii][Nn][Ll][Ii][Nn][Ee]:([A-Za-z0-9+/=]+)[^ ]*(?: .*)?"),
    "candidate": re.compile(r"\S+ \d+ \S+ \d+ \S+ \d+ typ \S+.*"),
}


def is_readable(name: str, value: str) -> bool:
    """Tell whether the daemon can read the value of an attribute that it knows."""
    form = _FORMS.get(name)
    if form is None:
        return True
    match = form.fullmatch(value)
    if match is None:
        return False
    if name == "fingerprint":
        return HASH_BYTES.get(match[1].lower(), 0) * 3 - 1 == len(match[2])
    if name == "crypto":
        return match[2] in KEY_BYTES and len(match[3]) >= -(-KEY_BYTES[match[2]] * 4 // 3)
    return True


def content(line: str) -> str:
    """Return a line without its line end, which is LF or CR LF."""
    return line.removesuffix("\n").removesuffix("\r") if line.endswith("\n") else line


def attribute_of(line: str) -> tuple[str, str]:
    """Return the name and the value of an ``a=`` line. Spaces belong to them, as for the daemon."""
    if not line.startswith("a="):
        return "", ""
    name, _, value = content(line)[2:].partition(":")
    return name, value


@attrs.frozen(kw_only=True, repr=False)
class _ReadSection(Section):
    _attribute = staticmethod(attribute_of)


@attrs.frozen(kw_only=True, repr=False)
class _ReadMedia(Media):
    _attribute = staticmethod(attribute_of)


def as_read(session: Session) -> Session:
    """Return the same session, whose attributes are read by `attribute_of`."""
    above = _ReadSection(lines=session.lines)
    media = tuple(_ReadMedia(lines=section.lines, above=above) for section in session.media)
    return attrs.evolve(session, media=media)
