"""Commands that record a call, and that forward its audio to a recording daemon's listener."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ...flags import Flags
from . import fields
from .base import Acknowledged
from .directional import Directional

__all__ = ["PauseRecording", "StartForwarding", "StartRecording", "StopForwarding", "StopRecording"]


@attrs.frozen(kw_only=True)
class _Recording(Acknowledged):
    """What the commands about a recording have in common: a call is recorded whole."""

    call_id: str = fields.name()
    """The SIP Call-ID."""
    flags: Flags = fields.flags()
    """Further options, such as ``Flags(metadata=...)``, which is stored beside the recording."""


@attrs.frozen(kw_only=True)
class StartRecording(_Recording):
    """Record the call from now on, or again after a pause (ng document, "`start recording` Message")."""

    command: ClassVar[str] = "start recording"
    since: ClassVar[str] = "5.0"

    recording_file: str | None = fields.optional(fields.is_name, since="12.2")
    """The file to write, as an absolute path with its extension; it wins over the other two."""
    recording_dir: str | None = fields.optional(fields.is_name, since="12.2")
    """The folder to write in, as an absolute path, instead of the recording daemon's own."""
    recording_pattern: str | None = fields.optional(fields.is_name, since="12.2")
    """The pattern of the files' names, instead of the recording daemon's own; see that each name is another."""


@attrs.frozen(kw_only=True)
class StopRecording(_Recording):
    """End the recording of the call (ng document, "`stop recording` Message")."""

    command: ClassVar[str] = "stop recording"
    since: ClassVar[str] = "5.5"

    discard_recording: bool = fields.listed("discard-recording", since="11.4")
    """What was recorded is thrown away."""


@attrs.frozen(kw_only=True)
class PauseRecording(_Recording):
    """Stop recording, but leave the file open for another start (ng document, "`pause recording` Message")."""

    command: ClassVar[str] = "pause recording"
    since: ClassVar[str] = "11.3"


@attrs.frozen(kw_only=True)
class StartForwarding(Directional):
    """Send the audio on as PCM, over TCP (ng document, "`start forwarding` and `stop forwarding` Messages").

    Forwarding is the recording daemon's work, and independent of recording; ``Flags(metadata=...)`` goes with it.
    """

    command: ClassVar[str] = "start forwarding"
    since: ClassVar[str] = "7.2"


@attrs.frozen(kw_only=True)
class StopForwarding(Directional):
    """End what `StartForwarding` began (ng document, "`start forwarding` and `stop forwarding` Messages").

    Without a participant, those that were chosen one by one go on; ``Participant.ALL`` ends them too.
    """

    command: ClassVar[str] = "stop forwarding"
    since: ClassVar[str] = "7.2"
