"""Media streams and tracks: which msid and which ssrc lines belong together (RFC 8830, RFC 5576)."""

from typing import Self

import attrs

from ..errors import SdpError
from .values import integer, within

__all__ = ["Msid", "Ssrc", "SsrcGroup", "Track"]


@attrs.frozen(kw_only=True)
class Msid:
    """The media stream and the track of a section: ``a=msid`` (RFC 8830, section 2)."""

    stream: str
    """The identifier of the stream; ``-`` if the track belongs to no stream."""
    track: str = ""
    """The identifier of the track, or empty."""
    rest: str = attrs.field(default="", repr=False, eq=False)
    """Words behind the track, which the grammar does not have."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of the line. Raises `SdpError`."""
        stream, track, *rest = [*value.split(), "", ""]
        if not stream:
            raise SdpError("the identifier of a media stream expected")
        return cls(stream=stream, track=track, rest=" ".join(rest).rstrip(" "))

    def __str__(self) -> str:
        return f"{self.stream} {self.track} {self.rest}".rstrip(" ")


@attrs.frozen(kw_only=True)
class Ssrc:
    """One attribute of an RTP source: ``a=ssrc`` (RFC 5576, section 4.1)."""

    id: int = attrs.field(validator=within(2**32 - 1))
    """The source identifier (RFC 3550, section 5.1)."""
    attribute: str
    """Such as ``cname`` or ``msid``."""
    value: str = ""
    """The value of the attribute; empty for an attribute without a value."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of the line. Raises `SdpError`."""
        number, _, rest = value.partition(" ")
        attribute, _, text = rest.strip().partition(":")
        return cls(id=integer(number, "a source identifier", most=2**32 - 1), attribute=attribute, value=text)

    def __str__(self) -> str:
        text = f":{self.value}" if self.value else ""
        return f"{self.id} {self.attribute}{text}".rstrip()


@attrs.frozen(kw_only=True)
class SsrcGroup:
    """A group of RTP sources: ``a=ssrc-group`` (RFC 5576, section 4.2)."""

    semantics: str
    """Such as ``FID`` for retransmission (RFC 5576) or ``SIM`` for simulcast."""
    ssrcs: tuple[int, ...]
    """The source identifiers, in the order of the line."""

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of the line. Raises `SdpError`."""
        semantics, *numbers = value.split() or [""]
        if not semantics:
            raise SdpError("the semantics of a group expected")
        ids = tuple(integer(number, "a source identifier", most=2**32 - 1) for number in numbers)
        return cls(semantics=semantics, ssrcs=ids)

    def __str__(self) -> str:
        return " ".join((self.semantics, *map(str, self.ssrcs)))


@attrs.frozen(kw_only=True)
class Track:
    """A media stream track and the RTP sources that carry it."""

    stream: str
    """The identifier of the media stream; empty if no msid names it."""
    id: str
    """The identifier of the track; empty if no msid names it."""
    ssrcs: tuple[int, ...] = ()
    """The RTP sources (RFC 3550), including those for retransmission; empty if none is signalled."""
    cname: str = ""
    """The canonical name, by which receivers synchronize tracks (RFC 3550, section 6.5.1)."""


def tracks_of(msids: tuple[Msid, ...], ssrcs: tuple[Ssrc, ...]) -> tuple[Track, ...]:
    """Return the tracks that the msid and ssrc lines of one section describe, in the order of the lines.

    A source belongs to the msid in its own ``a=ssrc:… msid:…`` line, or else to the section's ``a=msid``. The first
    is how Chrome's Plan B put several tracks into one section. Raises nothing.
    """
    own: dict[int, Msid | None] = {}
    cnames: dict[int, str] = {}
    for ssrc in ssrcs:
        own.setdefault(ssrc.id, None)
        if ssrc.attribute == "msid" and ssrc.value.strip():
            own[ssrc.id] = Msid.parse(ssrc.value)
        elif ssrc.attribute == "cname":
            cnames.setdefault(ssrc.id, ssrc.value)
    default = msids[0] if msids else None
    carried: dict[Msid | None, list[int]] = {msid: [] for msid in msids}
    for number, msid in own.items():
        carried.setdefault(msid or default, []).append(number)
    return tuple(
        Track(
            stream=msid.stream if msid else "",
            id=msid.track if msid else "",
            ssrcs=tuple(numbers),
            cname=next((cnames[number] for number in numbers if number in cnames), ""),
        )
        for msid, numbers in carried.items()
    )
