"""Commands that play something to a party, or let it dial: play media, stop media, play DTMF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from ...flags import Flags
from .. import decode
from ..replies import PlayMediaReply, StopMediaReply
from . import fields
from .base import Acknowledged, Command, check_clash
from .participant import Participant, participant

__all__ = ["PlayDtmf", "PlayMedia", "StopMedia"]

_EVENTS = "0123456789*#ABCD"


def _is_event(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    # bool is an int, and True would be the digit 1.
    if isinstance(value, str) and len(value) == 1 and value in _EVENTS:
        return
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 15:
        return
    raise fields.refuse(attribute, value, f"one of {' '.join(_EVENTS)}, or an event's number from 0 to 15 expected")


def _is_blob(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bytes) or not value:
        raise UsageError(f"{attribute.name}: bytes that are not empty expected, not {type(value).__name__}")


def _as_bytes(text: Any) -> Any:
    # On the wire there are strings only.
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


@attrs.frozen(kw_only=True)
class PlayMedia(Command[PlayMediaReply]):
    """Play a media file to a party (ng document, "`play media` Message").

    The daemon reads what FFmpeg reads, and transcodes it to the first codec of that party that it can write.
    Exactly one of `file`, `blob`, `blob64` and `db_id` says what is played.
    """

    command: ClassVar[str] = "play media"
    since: ClassVar[str] = "7.3"

    call_id: str = fields.name()
    """The SIP Call-ID."""
    participant: Participant = participant("tag", "label", "address", "all", needed=True)
    """To whom it is played."""
    file: str | None = fields.optional(fields.is_name)
    """The file on the daemon's machine, relative to the folder that it runs in."""
    blob: bytes | None = fields.optional(_is_blob, repr=False, read=_as_bytes)
    """The bytes of the file; over UDP the whole request must fit a datagram of 65,507 bytes."""
    blob64: str | None = fields.optional(fields.is_name, since="26.1", repr=False)
    """The same in Base64, for documents that carry text only."""
    db_id: int | None = fields.count(1)
    """The number of the file in the daemon's database."""
    repeat_times: int | None = fields.count(1, since="9.3")
    """How often it is played; once where it is not given."""
    repeat_duration: int | None = fields.count(1, since="13.2", unit=" ms")
    """For how many milliseconds it is played again and again, unless `repeat_times` ends it first."""
    start_pos: int | None = fields.count(0, since="11.2")
    """The frame to begin with, such as a `StopMediaReply` told."""
    block_egress: bool = fields.listed("block-egress", since="12.3")
    """Nothing else goes to this party meanwhile."""
    flags: Flags = fields.flags()
    """Further options, such as ``Flags(codec={"set": ["opus;bitrate=16000"]})``."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)
        given = [it for it in ("file", "blob", "blob64", "db_id") if getattr(self, it) is not None]
        if len(given) != 1:
            raise UsageError(
                f"one of file=, blob=, blob64= and db_id= expected, not {' and '.join(given) or 'none'}"
            )

    def read(self, document: Mapping[str, Any], seconds: float) -> PlayMediaReply:
        """Return how long it is, where the daemon knows."""
        duration = decode.integer(document, "duration") if "duration" in document else None
        return PlayMediaReply(seconds=seconds, raw=document, duration=duration)


@attrs.frozen(kw_only=True)
class StopMedia(Command[StopMediaReply]):
    """Stop what `PlayMedia` plays before its end (ng document, "`stop media` Message")."""

    command: ClassVar[str] = "stop media"
    since: ClassVar[str] = "7.3"

    call_id: str = fields.name()
    """The SIP Call-ID."""
    participant: Participant = participant("tag", "label", "address", "all", needed=True)
    """To whom it is played."""
    flags: Flags = fields.flags()
    """Further options."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Any], seconds: float) -> StopMediaReply:
        """Return where it stopped, where the daemon says."""
        position = decode.integer(document, "last-frame-pos") if "last-frame-pos" in document else None
        return StopMediaReply(seconds=seconds, raw=document, last_frame_pos=position)


@attrs.frozen(kw_only=True)
class PlayDtmf(Acknowledged):
    """Dial for a party: the others hear the digit (ng document, "`play DTMF` Message").

    The call must have been offered and answered with ``Flags(inject_dtmf=True)``. Several are sent one after the
    other.
    """

    command: ClassVar[str] = "play DTMF"
    since: ClassVar[str] = "8.0"

    call_id: str = fields.name()
    """The SIP Call-ID."""
    participant: Participant = participant("tag", "label", "address", "all", needed=True)
    """Who dials."""
    code: str | int = fields.key(_is_event)
    """The digit, such as ``"5"`` or ``"#"``, or its number as an event from 0 to 15 (RFC 4733, section 3.2)."""
    duration: int | None = fields.count(100, 5000, unit=" ms")
    """How long the digit is, in milliseconds; 250 where it is not given."""
    volume: int | None = fields.count(-63, 63, unit=" dB")
    """How loud it is: decibels below the loudest, with or without the sign; 8 where it is not given."""
    pause: int | None = fields.count(100, 5000, unit=" ms")
    """How long the silence after it is, in milliseconds; 100 where it is not given."""
    flags: Flags = fields.flags()
    """Further options."""
