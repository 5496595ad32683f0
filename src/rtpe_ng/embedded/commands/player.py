"""The commands that play media or DTMF: nothing is heard, but what a daemon could not play is refused."""

import io
import wave
from pathlib import Path

from ...wire import Document
from ..call import EngineCall
from ..errors import Refused
from ..request import EngineRequest
from ..sdp.party import EngineParty
from ..state import State
from .selection import select

__all__ = ["play_dtmf", "play_media", "stop_media"]

_KINDS = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"\xff\xfb", b"\xff\xf3", b".snd")
"""The first bytes of files that a daemon can play: WAV, Ogg, FLAC, MP3, AU."""


def play_media(request: EngineRequest, state: State, now: float) -> Document:
    """Check what to play, and return its duration (ng document, "`play media` Message").

    The duration of a WAV file is read from it; other kinds of files are recognised by their first bytes alone.
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


def stop_media(request: EngineRequest, state: State, now: float) -> Document:
    """Stop playing (ng document, "`stop media` Message"). As nothing was played, the position is 0."""
    call, parties = _parties(request, state)
    for party in parties:
        if party not in call.control.played_to:
            raise Refused("Not currently playing media")
        call.control.blocked.discard(party)
    return {"last-frame-pos": 0} if state.behaviour.tells_last_frame else {}


def play_dtmf(request: EngineRequest, state: State, now: float) -> Document:
    """Refuse to play DTMF (ng document, "`play DTMF` Message"): a daemon needs received media to do it."""
    _, parties = _parties(request, state)
    if not 0 <= request.digit <= 15:
        raise Refused("Out of range 'code' specified")
    for party in parties:
        if not _has_audio(party):
            raise Refused("Monologue has no media capable of DTMF injection")
        raise Refused("No SSRC context present for DTMF injection")
    return {}


def _parties(request: EngineRequest, state: State) -> tuple[EngineCall, list[EngineParty]]:
    call, party = select(request, state)
    if request.flows == "all":
        return call, list(call.parties)
    if party is None:
        raise Refused("No participant party specified")
    return call, [party]


def _has_audio(party: EngineParty) -> bool:
    return any(media.type == "audio" for media in party.medias)


def _duration(request: EngineRequest, party: EngineParty) -> int:
    """Return the duration of what is to be played in milliseconds; 0 where it is not known."""
    if request.file:
        try:
            content = Path(request.file).read_bytes()
        except OSError as error:
            raise Refused("Failed to start media playback from file") from error
        source = "file"
    elif request.blob:
        content, source = request.blob.encode("utf-8", "surrogateescape"), "blob"
    elif request.db_id > 0:
        # The simulated engine has no database.
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
    except (wave.Error, EOFError, RuntimeError):
        return 0
