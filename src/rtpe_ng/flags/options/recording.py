"""Recording: whether, where, and what its parties hear and press."""

from typing import Any

import attrs

from ... import keys as k
from .. import vocabulary as v


def _code(key: str) -> Any:
    long = key.replace("-rec", "-recording")
    return k.digits(key, since="12.3", spellings=(long,), toward="sender")


@attrs.frozen(kw_only=True, slots=False)
class RecordingOptions:
    """Options of the recording of a call."""

    record_call: v.YesNo | None = k.choice("record-call", v.YesNo, bare="on", toward="call")
    """Whether the call is recorded."""
    metadata: str | None = k.text("metadata", toward="call")
    """Free text that is stored beside a recording; for a database, ``key:value`` pairs with ``|`` between them."""
    output_destination: str | None = k.text(
        "output-destination",
        since="11.4",
        spellings=("output-dest", "output-file", "recording-destination", "recording-dest", "recording-file"),
        toward="call",
    )
    """The path of the recording, with the file's name; wins over `recording_path` and `recording_pattern`. Since
    11.4."""
    recording_path: str | None = k.text(
        "recording-path",
        since="12.2",
        spellings=(
            *("recording-dir", "recording-directory", "recording-folder"),
            *("output-path", "output-dir", "output-directory", "output-folder"),
        ),
        toward="call",
    )
    """The folder of the recording; it must be there. Since 12.2."""
    recording_pattern: str | None = k.text(
        "recording-pattern", since="12.2", spellings=("output-pattern",), toward="call"
    )
    """The pattern that the recorder makes the file's name from. Since 12.2."""
    recording_media_slot_offer: int | None = k.integer(
        "recording-media-slot-offer", 1, 2**31 - 1, since="13.0", toward="sender", commands=("offer",)
    )
    """The track of a mixed recording that the sender's media goes to. Since 13.0."""
    recording_media_slot_answer: int | None = k.integer(
        "recording-media-slot-answer", 1, 2**31 - 1, since="13.0", commands=("offer",)
    )
    """The track of a mixed recording that the receiver's media goes to. Since 13.0."""
    recording_media_slots: int | None = k.integer(
        "recording-media-slots", 1, 2**31 - 1, since="13.0", toward="call"
    )
    """How many tracks a mixed recording has. Since 13.0."""
    vsc_start_rec: str | None = _code("VSC-start-rec")
    """DTMF digits with which the sender starts the recording; needs `recording_vsc`. Since 12.3."""
    vsc_stop_rec: str | None = _code("VSC-stop-rec")
    """DTMF digits that stop it. Since 12.3."""
    vsc_pause_rec: str | None = _code("VSC-pause-rec")
    """DTMF digits that pause it. Since 12.3."""
    vsc_start_stop_rec: str | None = _code("VSC-start-stop-rec")
    """DTMF digits that start it, or stop it where it runs. Since 12.3."""
    vsc_pause_resume_rec: str | None = _code("VSC-pause-resume-rec")
    """DTMF digits that pause it, or go on with it. Since 12.3."""
    vsc_start_pause_resume_rec: str | None = _code("VSC-start-pause-resume-rec")
    """DTMF digits that start it, pause it, or go on with it. Since 12.3."""
    file: str | None = k.text("file", toward="sender")
    """The sound file of the announcement, a path on the daemon's machine."""
    blob: str | None = k.text("blob", toward="sender")
    """The announcement itself, as the bytes of a sound file in a string."""
    blob64: str | None = k.text("blob64", since="26.1", toward="sender")
    """The same in base64. Since 26.1."""
    # The daemon takes 0 for none: it answers "No media file specified".
    db_id: int | None = k.integer("db-id", 1, 2**63 - 1, toward="sender")
    """The row of the daemon's database that has the announcement."""
    repeat_times: int | None = k.integer("repeat-times", 1, 2**31 - 1, toward="sender")
    """How many times the announcement is played."""
    repeat_duration: int | None = k.integer(
        "repeat-duration", 1, 2**31 - 1, unit="ms", since="13.2", toward="sender"
    )
    """For how many milliseconds it is repeated at most. Since 13.2."""
    # A position as FFmpeg counts them in the file. Played from 8000 on, the daemons stop a WAV of 8 kHz after 0.1 s
    # at 9024, wherever its 3 s end; and the ng document calls it a frame.
    start_pos: int | None = k.integer("start-pos", 0, 2**31 - 1, unit="frames", since="11.2", toward="sender")
    """The frame of the file to begin with; a second of a WAV file of 8 kHz has 8000. Since 11.2."""

    recording_vsc: bool = k.flag("recording-VSC", since="12.3", toward="sender")
    """The sender may steer the recording with DTMF digits. Since 12.3."""
    recording_announcement: bool = k.flag("recording-announcement", since="12.3", toward="sender")
    """Play an announcement to the sender of this message when the recording starts. Since 12.3."""
    exclude_recording: bool = k.flag("exclude-recording", since="11.4", toward="both")
    """Leave both parties out of the recording. Since 11.4."""
    discard_recording: bool = k.flag(
        "discard-recording", since="11.4", toward="call", commands=("delete", "stop recording", "pause recording")
    )
    """Delete what was recorded. Since 11.4."""
    skip_recording_db: bool = k.flag(
        "skip-recording-db", since="12.2", spellings=("skip-recording-database",), toward="call"
    )
    """Write nothing about the recording into the database. Since 12.2."""
