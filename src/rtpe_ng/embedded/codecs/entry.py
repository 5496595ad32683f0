"""`CodecEntry`: one payload type of a section, with what the daemon knows and notes about it."""

from __future__ import annotations

import re
from typing import Self

import attrs

from ..versions import Behaviour
from .kinds import CodecKind

__all__ = ["CodecEntry", "kind_of", "leading_number"]


@attrs.frozen(kw_only=True)
class CodecEntry:
    """One payload type: what the body says about it, and what the daemon has noted about it."""

    payload_type: int
    """-1 if it has no number yet."""
    name: str
    clock_rate: int
    """In Hz; 0 if it is unknown."""
    channels: int
    parameters: str = ""
    feedback: tuple[str, ...] = ()
    """The values of its rtcp-fb lines."""
    kind: CodecKind | None = None
    """None if it cannot be transcoded."""
    transcoded: bool = False
    """The daemon added it, or was told to accept it: it transcodes to it and from it."""
    accepted: bool = False
    """The daemon was told to accept it from the offerer."""
    former: bool = False
    """It comes from an earlier exchange."""
    answered_as: int | None = None
    """The payload type that its sender gave it, which may differ from `payload_type`."""

    @property
    def encoding(self) -> str:
        """The encoding in its rtpmap line, such as ``opus/48000/2``."""
        return f"{self.name}/{self.clock_rate}" + (f"/{self.channels}" if self.channels > 1 else "")

    @property
    def supplemental(self) -> bool:
        """Whether it accompanies other codecs, as telephone-event and CN do."""
        return self.kind is not None and self.kind.supplemental

    def is_named(self, word: str) -> bool:
        """Tell whether `word` is its name, name and rate, or name, rate and channels; case does not matter."""
        names = (self.name, self.encoding, f"{self.name}/{self.clock_rate}/{self.channels}")
        return word.lower() in (name.lower() for name in names)

    def is_like(self, other: CodecEntry) -> bool:
        """Tell whether name (or family), clock rate and channels are the same."""
        if (self.clock_rate, self.channels) != (other.clock_rate, other.channels):
            return False
        if self.name.lower() == other.name.lower():
            return True
        return self.kind is not None and other.kind is not None and self.kind.family == other.kind.family != ""

    def matches(self, other: CodecEntry) -> bool:
        """Tell whether it is the same codec, with the same parameters if these matter for its kind."""
        if not self.is_like(other):
            return False
        if self.kind is None or (other.kind is not None and self.kind.any_parameters and other.kind.any_parameters):
            return True
        return self.parameters == other.parameters

    @classmethod
    def of_word(cls, word: str, media_type: str, behaviour: Behaviour) -> Self | None:
        """Return the codec that an option names, such as ``opus`` or ``opus/48000/2/bitrate/ptime/parameters``.

        The kind of the codec fills in what the word leaves out. The payload type is the static one, or -1 if the
        codec has none. The result is None if the daemon cannot transcode the codec.
        """
        kind = kind_of(word.partition("/")[0], media_type, behaviour)
        return None if kind is None or kind.clock_rate is None else cls._of(word, kind)

    @classmethod
    def of_any_word(cls, word: str, media_type: str, behaviour: Behaviour) -> Self:
        """Return the codec that an option names, whether the daemon can transcode it or not."""
        return cls._of(word, kind_of(word.partition("/")[0], media_type, behaviour))

    @classmethod
    def _of(cls, word: str, kind: CodecKind | None) -> Self:
        name, rate, channels, _, _, parameters = [*word.split("/"), *[""] * 5][:6]
        kind_rate, kind_channels, static = 0, 0, None
        if kind is not None:
            kind_rate, kind_channels, static = kind.clock_rate or 0, kind.channels, kind.payload_type
        clock_rate = leading_number(rate) or kind_rate
        count = leading_number(channels) or (1 if leading_number(rate) else kind_channels)
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
    """Return the kind of an encoding in sections of that type, or None if it cannot be transcoded."""
    return behaviour.codec_kinds.get(name.lower()) if media_type == "audio" else None


def leading_number(text: str) -> int:
    """Return the number that a text begins with, or 0."""
    number = re.match(r"[ \t]*[+-]?\d+", text, re.ASCII)
    return int(number[0]) if number else 0
