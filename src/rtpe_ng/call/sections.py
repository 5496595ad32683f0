"""`OfferedSections`: what a call remembers of an offer, to place the sections of its answer.

Offer and answer have the same sections in the same order (RFC 3264, section 6), and a re-offer keeps those that
were there (section 8). For this, the type and the mid of each section are enough, with the protocol that a
rejection must repeat. They are no secret and short, so they fit into the exported state of a call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Self

import attrs

from .. import sdp
from ..errors import UsageError

_TYPES: Mapping[str, str] = {
    "audio": "a",
    "video": "v",
    "application": "p",
    "image": "i",
    "text": "t",
    "message": "m",
}
_PROTOCOLS: Mapping[str, str] = {
    "RTP/AVP": "a",
    "RTP/AVPF": "b",
    "RTP/SAVP": "c",
    "RTP/SAVPF": "d",
    "UDP/TLS/RTP/SAVP": "e",
    "UDP/TLS/RTP/SAVPF": "f",
    "UDP/DTLS/SCTP": "g",
    "udptl": "h",
}
_OTHER = "x"
_SECTION = re.compile(r"([a-z])([A-Za-z])((?:[A-Za-z0-9]|_[0-9a-f]{2})*)", re.ASCII)


def escaped(text: str, *, mark: str, keep: str = "") -> str:
    """Return a text in letters, digits and those of `keep`; other bytes are a `mark` and two hexadecimal digits."""
    # One character for each byte, so that two digits are enough for all that is escaped.
    raw = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return re.sub(rf"[^A-Za-z0-9{keep}]", lambda match: f"{mark}{ord(match[0]):02x}", raw)


def unescaped(text: str, *, mark: str) -> str:
    """Return the text that `escaped` wrote with this `mark`."""
    raw = re.sub(rf"{mark}([0-9a-f]{{2}})", lambda match: chr(int(match[1], 16)), text)
    return raw.encode("latin-1").decode("utf-8", "surrogateescape")


@attrs.frozen(kw_only=True)
class OfferedSection:
    """One section of an offer."""

    type: str
    """``audio``, ``video`` and so on; empty for a type that is not remembered."""
    protocol: str
    """Such as ``RTP/AVP``; empty for a protocol that is not remembered."""
    mid: str = ""
    """Its mid; empty if it has none."""
    is_rejected: bool = False
    """Whether it was rejected or disabled."""
    format: str = attrs.field(default="", eq=False)
    """Its first format; empty if it is not known, as after a call was restored."""
    line: str = attrs.field(default="", eq=False)
    """Its type and its protocol as they were written, which a rejection repeats; empty if they are not known."""

    @classmethod
    def of(cls, media: sdp.Media) -> Self:
        """Return what is remembered of a section."""
        return cls(
            type=media.type if media.type in _TYPES else "",
            protocol=media.protocol if media.protocol in _PROTOCOLS else "",
            mid=media.mid or "",
            is_rejected=media.is_rejected,
            format="".join(media.formats[:1]),
            line=f"{media.type} {media.protocol}",
        )

    def __str__(self) -> str:
        protocol = _PROTOCOLS.get(self.protocol, _OTHER)
        mid = escaped(self.mid, mark="_")
        return f"{_TYPES.get(self.type, _OTHER)}{protocol if self.is_rejected else protocol.upper()}{mid}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that `str` wrote. Raises `UsageError` for anything else."""
        match = _SECTION.fullmatch(text)
        types = {letter: name for name, letter in _TYPES.items()} | {_OTHER: ""}
        protocols = {letter: name for name, letter in _PROTOCOLS.items()} | {_OTHER: ""}
        if match is None or match[1] not in types or match[2].lower() not in protocols:
            raise UsageError(f"no section of an offer: {text[:32]!r}")
        return cls(
            type=types[match[1]],
            protocol=protocols[match[2].lower()],
            mid=unescaped(match[3], mark="_"),
            is_rejected=match[2].islower(),
        )


@attrs.frozen(kw_only=True, cache_hash=True)
class OfferedSections:
    """The sections of an offer in their order. `str` writes them, `parse` reads that again; no secret is in it."""

    sections: tuple[OfferedSection, ...] = ()

    @classmethod
    def of(cls, body: str | bytes | sdp.Session) -> Self:
        """Return the sections of a body. Raises `SdpError` if the text is no SDP."""
        session = body if isinstance(body, sdp.Session) else sdp.parse(body)
        return cls(sections=tuple(OfferedSection.of(media) for media in session.media))

    def __str__(self) -> str:
        return "-".join(map(str, self.sections))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that `str` wrote. Raises `UsageError` for anything else."""
        return cls(sections=tuple(OfferedSection.parse(part) for part in text.split("-")) if text else ())

    def places(self, media: Sequence[OfferedSection]) -> tuple[int, ...] | None:
        """Return which of these sections each one of `media` stands for; None if one of them has no place.

        Where both sides have mids, these decide. Otherwise a section stands for the first one that is free and has
        its type, of which one with its protocol is preferred; sections that are in their places stay there.
        """
        if len(media) > len(self.sections):
            return None
        if len(media) == len(self.sections) and all(map(_alike, media, self.sections)):
            return tuple(range(len(media)))
        mids = {section.mid: index for index, section in enumerate(self.sections) if section.mid}
        found: dict[int, int] = {}
        for index, section in enumerate(media):
            place = mids.get(section.mid) if section.mid else None
            if place is not None and place not in found.values() and self.sections[place].type == section.type:
                found[index] = place
        for index, section in enumerate(media):
            if index not in found:
                free = [
                    place
                    for place, offered in enumerate(self.sections)
                    if place not in found.values() and offered.type == section.type
                ]
                if not free or not section.type:
                    return None
                same = [place for place in free if self.sections[place].protocol == section.protocol]
                found[index] = (same or free)[0]
        return tuple(found[index] for index in range(len(media)))


def _alike(one: OfferedSection, other: OfferedSection) -> bool:
    return one.type == other.type and (not one.mid or not other.mid or one.mid == other.mid)
