"""Codecs: payload types with their rtpmap, fmtp and rtcp-fb lines (RFC 8866, sections 6.6 and 6.15; RFC 4585).

An ``m=`` line lists payload types, which are mere numbers. An ``a=rtpmap`` line says what a number means; numbers
below 96 may have their meaning from RFC 3551 instead. Parameters and feedback have lines of their own. `codecs_of`
joins all of these into one `RtpCodec` for each payload type.
"""

import re
from collections import defaultdict
from typing import Self

import attrs

from ..errors import SdpError
from .lines import Section
from .values import integer

__all__ = ["STATIC_PAYLOAD_TYPES", "RtpCodec"]

_PAYLOADS = re.compile(r"(?<![\w=])\d{1,3}(?![\w=])", re.ASCII)
_APT = re.compile(r"(?:^|[;\s])apt=(\d{1,3})(?!\d)", re.ASCII)


@attrs.frozen(kw_only=True)
class RtpMap:
    """The meaning of a payload type: the value of an ``a=rtpmap`` line (RFC 8866, section 6.6)."""

    payload_type: int
    name: str
    """The encoding name, as it was written. Upper and lower case make no difference."""
    clock_rate: int | None
    """In Hz; None if the line lacks it. It must not, but the lines of some phones do."""
    channels: int = 1

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the value of the line. Raises `SdpError`."""
        number, _, encoding = value.strip().partition(" ")
        name, *rest = encoding.strip().split(" ")[0].split("/")
        if not name:
            raise SdpError(f"a payload type and an encoding expected, not {value[:64]!r}")
        return cls(
            payload_type=integer(number, "a payload type", most=127),
            name=name,
            clock_rate=integer(rest[0], "a clock rate in Hz", most=2**32) if rest and rest[0] else None,
            # The third part is the number of audio channels.
            channels=integer(rest[1], "a number of channels", most=255) if len(rest) > 1 and rest[1] else 1,
        )

    def __str__(self) -> str:
        rate = "" if self.clock_rate is None else f"/{self.clock_rate}"
        return f"{self.payload_type} {self.name}{rate}" + (f"/{self.channels}" if self.channels != 1 else "")


@attrs.frozen(kw_only=True)
class RtpCodec:
    """One payload type of a media section, with everything that the section says about it."""

    payload_type: int
    name: str
    """The encoding name, such as ``PCMU``; empty for a dynamic payload type without an rtpmap line."""
    clock_rate: int | None
    """In Hz; None if it is not known."""
    channels: int = 1
    parameters: str = ""
    """The values of its fmtp lines, such as ``minptime=10;useinbandfec=1``."""
    feedback: tuple[str, ...] = ()
    """The values of its rtcp-fb lines, such as ``nack pli``, and of those for all payload types (``*``)."""

    @property
    def refers_to(self) -> tuple[int, ...]:
        """The payload types that it repairs (rtx: RFC 4588, section 8.1) or carries (red: RFC 2198, section 5)."""
        if self.name.lower() == "red":
            return tuple(map(int, _PAYLOADS.findall(self.parameters)))
        return tuple(map(int, _APT.findall(self.parameters)))

    def matches(self, wanted: str) -> bool:
        """Return whether `wanted` names this codec.

        `wanted` is a name such as ``opus``, a name with a clock rate in Hz such as ``telephone-event/8000``, both
        with a number of channels such as ``opus/48000/2``, or a payload type such as ``"101"``.
        """
        if wanted.isascii() and wanted.isdecimal():
            return int(wanted) == self.payload_type
        name, *rest = wanted.split("/")
        mine = [str(self.clock_rate), str(self.channels)]
        return name.lower() == self.name.lower() and rest == mine[: len(rest)]

    def __str__(self) -> str:
        rate = "" if self.clock_rate is None else f"/{self.clock_rate}"
        channels = f"/{self.channels}" if self.channels != 1 else ""
        return f"{self.name or self.payload_type}{rate}{channels}"


STATIC_PAYLOAD_TYPES = {
    number: RtpMap(payload_type=number, name=name, clock_rate=rate, channels=channels)
    for number, name, rate, channels in (
        (0, "PCMU", 8000, 1),
        (3, "GSM", 8000, 1),
        (4, "G723", 8000, 1),
        (5, "DVI4", 8000, 1),
        (6, "DVI4", 16000, 1),
        (7, "LPC", 8000, 1),
        (8, "PCMA", 8000, 1),
        (9, "G722", 8000, 1),
        (10, "L16", 44100, 2),
        (11, "L16", 44100, 1),
        (12, "QCELP", 8000, 1),
        (13, "CN", 8000, 1),
        (14, "MPA", 90000, 1),
        (15, "G728", 8000, 1),
        (16, "DVI4", 11025, 1),
        (17, "DVI4", 22050, 1),
        (18, "G729", 8000, 1),
        (25, "CelB", 90000, 1),
        (26, "JPEG", 90000, 1),
        (28, "nv", 90000, 1),
        (31, "H261", 90000, 1),
        (32, "MPV", 90000, 1),
        (33, "MP2T", 90000, 1),
        (34, "H263", 90000, 1),
    )
}
"""The payload types that need no rtpmap line (RFC 3551, section 6)."""

RATES = {
    **dict.fromkeys(("pcmu", "pcma", "gsm", "g723", "g722", "g728", "g729", "lpc", "qcelp", "g726-32"), "8000"),
    # DTMF without a rate is that of RFC 2833, which knew no other.
    **dict.fromkeys(("telephone-event", "ilbc", "amr", "gsm-efr"), "8000"),
    **dict.fromkeys(("mpa", "celb", "jpeg", "nv", "h261", "mpv", "mp2t", "h263"), "90000"),
    **dict.fromkeys(("vp8", "vp9", "h264", "h265", "av1"), "90000"),
    "opus": "48000/2",
    "amr-wb": "16000",
}
"""The clock rates, with the channels if there are two, of encodings that have one rate only; L16, CN and speex have
several."""


NOT_ALONE = frozenset(
    {"telephone-event", "cn", "red", "rtx", "ulpfec", "flexfec", "flexfec-03", "parityfec", "tone", "t140c", ""}
)
"""The formats that carry no media by themselves: DTMF, comfort noise, redundancy, retransmission, repair."""


def payload_number(text: str) -> int | None:
    """Return the payload type that `text` writes, or None if it is no number of at most three digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else None


def codecs_of(section: Section, formats: tuple[str, ...]) -> tuple[RtpCodec, ...]:
    """Return the codecs of an RTP section in the order of its m= line, each payload type once.

    Lines that cannot be read are ignored. Raises nothing.
    """
    # Reversed, so that the first of several lines for one payload type counts.
    maps = {rtpmap.payload_type: rtpmap for rtpmap in reversed(section.view("rtpmap", RtpMap.parse))}
    parameters: defaultdict[str, list[str]] = defaultdict(list)
    feedback: defaultdict[str, list[str]] = defaultdict(list)
    for name, texts in (("fmtp", parameters), ("rtcp-fb", feedback)):
        for value in section.attributes(name):
            payload, _, rest = value.partition(" ")
            texts[payload].append(rest.strip())
    for_all = tuple(feedback["*"])
    codecs: dict[int, RtpCodec] = {}
    for payload in formats:
        # The formats of RTP are numbers; anything else cannot be a codec.
        if (number := payload_number(payload)) is not None and number not in codecs:
            unknown = RtpMap(payload_type=number, name="", clock_rate=None)
            rtpmap = maps.get(number) or STATIC_PAYLOAD_TYPES.get(number) or unknown
            codecs[number] = RtpCodec(
                payload_type=number,
                name=rtpmap.name,
                clock_rate=rtpmap.clock_rate,
                channels=rtpmap.channels,
                parameters=";".join(parameters[payload]),
                feedback=(*feedback[payload], *for_all),
            )
    return tuple(codecs.values())
