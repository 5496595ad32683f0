"""Commands that play something to a party, or let it dial: play media, stop media, play DTMF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from ...flags import Flags
from ...keys import DTMF_DIGITS, Key, integer, is_text, metadata, refuse
from ...wire import Value
from .. import decode
from ..replies.base import PlayMediaReply, StopMediaReply
from .base import Acknowledged, Command, Paired, check_clash
from .fields import NAMED, NO_FLAGS, as_flags, option
from .participant import ONE_PARTY, Participant

__all__ = ["PlayDtmf", "PlayMedia", "StopMedia"]


def _is_event(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    # bool is an int, and True would be the digit 1.
    if isinstance(value, str) and len(value) == 1 and value in DTMF_DIGITS:
        return
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 15:
        return
    raise refuse(attribute, value, f"one of {' '.join(DTMF_DIGITS)}, or an event's number from 0 to 15 expected")


def _is_blob(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bytes) or not value:
        raise UsageError(f"{attribute.name}: bytes that are not empty expected, not {type(value).__name__}")


def _as_bytes(text: object) -> object:
    # On the wire there are strings only.
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


@attrs.frozen(kw_only=True)
class PlayMedia(Paired[PlayMediaReply]):
    """Play a media file to a party (ng document, "`play media` Message").

    The daemon reads what FFmpeg reads, and transcodes it to the first codec of that party that it can write.
    Exactly one of `file`, `blob`, `blob64` and `db_id` says what is played. The reply has its duration.
    """

    command: ClassVar[str] = "play media"
    since: ClassVar[str] = "7.3"
    counter: ClassVar[str] = "playmedia"
    block: ClassVar[str] = "playing"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    participant: Participant = attrs.field(validator=ONE_PARTY, metadata=ONE_PARTY.metadata)
    """The party that hears it."""
    file: str | None = option("file")
    """The file on the daemon's machine, relative to the folder that the daemon runs in."""
    blob: bytes | None = attrs.field(
        default=None,
        validator=attrs.validators.optional(_is_blob),
        repr=False,
        metadata=metadata(Key(key="blob", read=_as_bytes)),
    )
    """The bytes of the file; over UDP the whole request must fit a datagram of 65,507 bytes."""
    blob64: str | None = option("blob64", repr=False)
    """The same in Base64, for documents that carry text only."""
    db_id: int | None = option("db_id")
    """The number of the file in the daemon's database."""
    repeat_times: int | None = option("repeat_times", since="9.3")
    """How many times it is played; once where it is not given."""
    repeat_duration: int | None = option("repeat_duration")
    """For how many milliseconds it is repeated, unless `repeat_times` ends it first."""
    start_pos: int | None = option("start_pos")
    """The frame of the file to begin with, such as the `last_frame_pos` of a `StopMediaReply`."""
    block_egress: bool = option("block_egress")
    """Nothing else goes to this party meanwhile."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options, such as ``Flags(codec={"set": ["opus;bitrate=16000"]})``."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)
        sources = [name for name in ("file", "blob", "blob64", "db_id") if getattr(self, name) is not None]
        if len(sources) != 1:
            raise UsageError(
                f"one of file=, blob=, blob64= and db_id= expected, not {' and '.join(sources) or 'none'}"
            )

    def read(self, document: Mapping[str, Value], seconds: float) -> PlayMediaReply:
        """Return how long it is, where the daemon knows."""
        duration = decode.integer_or_none(document, "duration")
        return PlayMediaReply(seconds=seconds, raw=document, duration=duration)

    def end(self, _: PlayMediaReply | None = None, /) -> StopMedia:
        """Stop playing; nothing happens where the file has ended already."""
        return StopMedia(call_id=self.call_id, participant=self.participant)


@attrs.frozen(kw_only=True)
class StopMedia(Command[StopMediaReply]):
    """Stop what is being played to a party, before its end (ng document, "`stop media` Message").

    The reply's `last_frame_pos` is the `start_pos` with which `PlayMedia` goes on from there.
    """

    command: ClassVar[str] = "stop media"
    since: ClassVar[str] = "7.3"
    counter: ClassVar[str] = "stopmedia"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    participant: Participant = attrs.field(validator=ONE_PARTY, metadata=ONE_PARTY.metadata)
    """The party that hears it."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Value], seconds: float) -> StopMediaReply:
        """Return where it stopped, where the daemon says."""
        position = decode.integer_or_none(document, "last-frame-pos")
        return StopMediaReply(seconds=seconds, raw=document, last_frame_pos=position)


@attrs.frozen(kw_only=True)
class PlayDtmf(Acknowledged):
    """Dial a digit for a party, so that the others hear it (ng document, "`play DTMF` Message").

    The call's offer and answer must have had ``Flags(inject_dtmf=True)``. Several digits are sent one after the
    other.
    """

    command: ClassVar[str] = "play DTMF"
    since: ClassVar[str] = "8.0"
    counter: ClassVar[str] = "playdtmf"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    participant: Participant = attrs.field(validator=ONE_PARTY, metadata=ONE_PARTY.metadata)
    """The party that dials."""
    code: str | int = attrs.field(validator=_is_event, metadata=NAMED)
    """The digit, such as ``"5"`` or ``"#"``, or its number as an event from 0 to 15 (RFC 4733, section 3.2)."""
    duration: int | None = integer("duration", 100, 5000, unit="ms")
    """How long the digit is, in milliseconds; 250 where it is not given."""
    volume: int | None = option("volume", since="8.0")
    """How loud it is: decibels below the loudest, with or without the sign; 8 where it is not given."""
    pause: int | None = integer("pause", 100, 5000, unit="ms")
    """How long the silence after it is, in milliseconds; 100 where it is not given."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""
