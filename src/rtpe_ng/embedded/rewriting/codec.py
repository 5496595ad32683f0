"""`Codec`: a payload type of a section, as the daemon keeps it, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Self

import attrs

from ...sdp import STATIC_PAYLOAD_TYPES, Media
from ..codecs.kinds import CodecKind
from ..versions import Behaviour
from .attributes import is_readable
from .opus import opus_parameters

__all__ = ["Codec", "codec_lines", "codecs_in"]

_TAGGED = re.compile(r" *(\d+)(?: (.*))?", re.ASCII)


@attrs.frozen(kw_only=True)
class Codec:
    """One payload type with all that is said about it, and what the daemon noted about it."""

    payload_type: int
    name: str
    clock_rate: int
    """In Hz; 0 where nothing is known."""
    channels: int
    parameters: str = ""
    feedback: tuple[str, ...] = ()
    """What its rtcp-fb lines say."""
    kind: CodecKind | None = None
    """None where it cannot be transcoded."""
    transcoded: bool = False
    """The daemon itself added it, or was told to accept it: it will transcode to it and from it."""
    accepted: bool = False
    """The daemon was told to accept it from the offerer."""
    former: bool = False
    """It comes from an earlier exchange."""
    answered_as: int | None = None
    """The payload type with which the other side named it, where that is another one."""

    @property
    def encoding(self) -> str:
        """What its rtpmap line says, such as ``opus/48000/2``."""
        return f"{self.name}/{self.clock_rate}" + (f"/{self.channels}" if self.channels > 1 else "")

    @property
    def supplemental(self) -> bool:
        """Whether it goes with other codecs: telephone-event or CN."""
        return self.kind is not None and self.kind.supplemental

    def is_named(self, word: str) -> bool:
        """Tell whether `word` is its name, with its rate or with rate and channels, in any case."""
        names = (self.name, self.encoding, f"{self.name}/{self.clock_rate}/{self.channels}")
        return word.lower() in (name.lower() for name in names)

    def is_like(self, other: Codec) -> bool:
        """Tell whether name, rate and channels are the same."""
        if (self.clock_rate, self.channels) != (other.clock_rate, other.channels):
            return False
        if self.name.lower() == other.name.lower():
            return True
        return self.kind is not None and other.kind is not None and self.kind.family == other.kind.family != ""

    def matches(self, other: Codec) -> bool:
        """Tell whether it is the same codec, its parameters included where they matter."""
        if not self.is_like(other):
            return False
        if self.kind is None or (other.kind is not None and self.kind.any_parameters and other.kind.any_parameters):
            return True
        return self.parameters == other.parameters

    @classmethod
    def of_word(cls, word: str, media_type: str, behaviour: Behaviour) -> Self | None:
        """Return the codec that an option names, such as ``opus`` or ``opus/48000/2/bitrate/ptime/parameters``.

        What the word leaves out is the kind's. Its payload type is the static one, or -1 where there is none. None
        where the daemon cannot transcode it.
        """
        kind = kind_of(word.partition("/")[0], media_type, behaviour)
        return None if kind is None or kind.clock_rate is None else cls._of(word, kind)

    @classmethod
    def of_any_word(cls, word: str, media_type: str, behaviour: Behaviour) -> Self:
        """Return the codec that an option names, be it one that the daemon can transcode or not."""
        return cls._of(word, kind_of(word.partition("/")[0], media_type, behaviour))

    @classmethod
    def _of(cls, word: str, kind: CodecKind | None) -> Self:
        name, rate, channels, _, _, parameters = [*word.split("/"), *[""] * 5][:6]
        kind_rate, kind_channels, static = 0, 0, None
        if kind is not None:
            kind_rate, kind_channels, static = kind.clock_rate or 0, kind.channels, kind.payload_type
        clock_rate = _number(rate) or kind_rate
        count = _number(channels) or (1 if _number(rate) else kind_channels)
        if (clock_rate, count) != (kind_rate, kind_channels):
            static = None
        return cls(
            payload_type=-1 if static is None else static,
            name=name,
            clock_rate=48000 if kind is not None and kind.name == "opus" else clock_rate,
            channels=count,
            parameters=parameters or (kind.parameters if kind is not None else ""),
            kind=kind,
        )


def kind_of(name: str, media_type: str, behaviour: Behaviour) -> CodecKind | None:
    """Return the kind of an encoding in sections of that type, or None where it cannot be transcoded."""
    return behaviour.codec_kinds.get(name.lower()) if media_type == "audio" else None


def _number(text: str) -> int:
    found = re.match(r"\d+", text, re.ASCII)
    return int(found[0]) if found else 0


# L16 as the daemon has it: the other way round than RFC 3551.
_STATIC = {number: (it.name, it.clock_rate or 0, it.channels) for number, it in STATIC_PAYLOAD_TYPES.items()} | {
    10: ("L16", 44100, 1),
    11: ("L16", 44100, 2),
}


def codecs_in(media: Media, behaviour: Behaviour) -> list[Codec]:
    """Return the codecs of an RTP section in the order of its m= line.

    Of several rtpmap or fmtp lines for a payload type the last counts, as for the daemon.
    """
    maps = dict(_maps(media))
    parameters = dict(_tagged(media, "fmtp"))
    feedback: dict[int, list[str]] = {}
    for number, value in _tagged(media, "rtcp-fb"):
        feedback.setdefault(number, []).append(value)
    codecs = []
    for word in media.formats:
        number = _number(word)
        name, rate, channels = maps.get(number) or _STATIC.get(number, ("", 0, 0))
        codecs.append(
            Codec(
                payload_type=number,
                name=name,
                clock_rate=rate,
                channels=channels,
                parameters=parameters.get(number, ""),
                feedback=tuple(feedback.get(number, ())),
                kind=kind_of(name, media.type, behaviour),
            )
        )
    return codecs


def _maps(media: Media) -> Iterator[tuple[int, tuple[str, int, int]]]:
    """Yield payload types and their names, clock rates and channels; what follows behind a space does not count."""
    for value in media.attributes("rtpmap"):
        if is_readable("rtpmap", value):
            number, encoding, *_ = value.split(" ")
            name, rate, *channels = encoding.split("/", 2)
            yield _number(number), (name, int(rate), _whole_number("".join(channels)) or 1)


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _tagged(media: Media, name: str) -> Iterator[tuple[int, str]]:
    """Yield payload types and what is said of them, to the very end of the line."""
    for value in media.attributes(name):
        if found := _TAGGED.fullmatch(value):
            yield int(found[1]), found[2] or ""


def codec_lines(codecs: Iterable[Codec], behaviour: Behaviour) -> list[str]:
    """Return the lines of an RTP section about its codecs: rtpmap, fmtp and rtcp-fb, codec by codec."""
    lines = []
    for codec in codecs:
        lines.append(f"a=rtpmap:{codec.payload_type} {codec.encoding}")
        parameters = codec.parameters
        if behaviour.rewrites_opus_parameters and codec.kind is not None and codec.kind.name == "opus":
            parameters = opus_parameters(parameters, behaviour)
        lines += [f"a=fmtp:{codec.payload_type} {parameters}"] if parameters else []
        lines += [f"a=rtcp-fb:{codec.payload_type} {value}" for value in codec.feedback]
    return lines
