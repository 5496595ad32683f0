"""The commands that play: nothing is heard, but what cannot be played is refused."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from ...wire import Document
from ..call import EngineCall
from ..errors import Refused
from ..request import Request
from ..sdp.party import EngineParty
from ..state import State
from .selection import select

__all__ = ["play_dtmf", "play_media", "stop_media"]

_KINDS = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"\xff\xfb", b"\xff\xf3", b".snd")
"""How files begin that a daemon can play: WAV, Ogg, FLAC, MP3, AU."""


def play_media(request: Request, state: State, now: float) -> Document:
    """Begin to play a file (ng document, "`play media` Message").

    It must be one that could be played: a WAV file is read for its duration, other kinds are taken as they are.
    """
    call, parties = _parties(request, state)
    reply: Document = {}
    for party in parties:
        call.control.played_to.add(party)
        duration = _duration(request, party)
        if duration and not reply:
            reply["duration"] = duration
        if "block-egress" in request.flags:
            call.control.blocked.add(party)
    return reply


def stop_media(request: Request, state: State, now: float) -> Document:
    """Stop playing (ng document, "`stop media` Message"): as no time was spent on it, it stops where it began."""
    call, parties = _parties(request, state)
    for party in parties:
        if party not in call.control.played_to:
            raise Refused("Not currently playing media")
        call.control.blocked.discard(party)
    return {"last-frame-pos": 0} if state.behaviour.tells_last_frame else {}


def play_dtmf(request: Request, state: State, now: float) -> Document:
    """Refuse to dial (ng document, "`play DTMF` Message"): a daemon can do so only after media came."""
    _, parties = _parties(request, state)
    if not 0 <= request.digit <= 15:
        raise Refused("Out of range 'code' specified")
    for party in parties:
        if not _has_audio(party):
            raise Refused("Monologue has no media capable of DTMF injection")
        raise Refused("No SSRC context present for DTMF injection")
    return {}


def _parties(request: Request, state: State) -> tuple[EngineCall, list[EngineParty]]:
    call, party = select(request, state)
    if request.flows == "all":
        return call, list(call.parties)
    if party is None:
        raise Refused("No participant party specified")
    return call, [party]


def _has_audio(party: EngineParty) -> bool:
    return any(media.type == "audio" for media in party.medias)


def _duration(request: Request, party: EngineParty) -> int:
    """Return how long what is to be played is, in milliseconds; 0 where that is not known."""
    if request.file:
        try:
            content = Path(request.file).read_bytes()
        except OSError as error:
            raise Refused("Failed to start media playback from file") from error
        source = "file"
    elif request.blob:
        content, source = request.blob.encode("utf-8", "surrogateescape"), "blob"
    elif request.db_id > 0:
        # There is no database.
        raise Refused("Failed to start media playback from database")
    else:
        raise Refused("No media file specified")
    if not _has_audio(party) or not content.startswith(_KINDS):
        raise Refused(f"Failed to start media playback from {source}")
    return _length(content)


def _length(content: bytes) -> int:
    try:
        with wave.open(io.BytesIO(content), "rb") as wav:
            return 1000 * wav.getnframes() // wav.getframerate()
    except (wave.Error, EOFError):
        return 0
