"""Commands that record a call, and that forward its audio to a recording daemon's listener."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ...flags import Flags
from ...keys import is_text, text
from ..replies.base import Done
from .base import Acknowledged, Paired
from .fields import NAMED, NO_FLAGS, as_flags, option
from .media import Directional

__all__ = ["PauseRecording", "StartForwarding", "StartRecording", "StopForwarding", "StopRecording"]


@attrs.frozen(kw_only=True)
class _Recording(Acknowledged):
    """What the commands about a recording have in common: a call is recorded whole."""

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options, such as ``Flags(metadata=...)``, which is stored beside the recording."""


@attrs.frozen(kw_only=True)
class StartRecording(_Recording, Paired[Done]):
    """Record a call from now on, or again after a pause (ng document, "`start recording` Message").

    `recording_file`, or `recording_dir` and `recording_pattern`, say where to, instead of the recording daemon's
    configuration.
    """

    command: ClassVar[str] = "start recording"
    since: ClassVar[str] = "5.0"
    counter: ClassVar[str] = "startrec"
    block: ClassVar[str] = "recording"

    recording_file: str | None = text("recording-file", since="12.2")
    """The file to write, as an absolute path with its extension; it wins over the other two."""
    recording_dir: str | None = text("recording-dir", since="12.2")
    """The folder to write in, as an absolute path, instead of the recording daemon's own."""
    recording_pattern: str | None = option("recording_pattern")
    """The pattern of the files' names, instead of the recording daemon's own; each name must be another."""

    def end(self, _: Done | None = None, /) -> StopRecording:
        """Stop recording the call."""
        return StopRecording(call_id=self.call_id)


@attrs.frozen(kw_only=True)
class StopRecording(_Recording):
    """Stop recording a call (ng document, "`stop recording` Message")."""

    command: ClassVar[str] = "stop recording"
    since: ClassVar[str] = "5.5"
    counter: ClassVar[str] = "stoprec"

    discard_recording: bool = option("discard_recording")
    """What was recorded is thrown away."""


@attrs.frozen(kw_only=True)
class PauseRecording(_Recording):
    """Pause the recording of a call (ng document, "`pause recording` Message"): the next start goes on with it."""

    command: ClassVar[str] = "pause recording"
    since: ClassVar[str] = "11.3"
    counter: ClassVar[str] = "pauserec"


@attrs.frozen(kw_only=True)
class StartForwarding(Directional, Paired[Done]):
    """Send audio on as PCM, over TCP (ng document, "`start forwarding` and `stop forwarding` Messages").

    The recording daemon does it, independently of recording; ``Flags(metadata=...)`` goes with the audio.
    """

    command: ClassVar[str] = "start forwarding"
    since: ClassVar[str] = "7.2"
    counter: ClassVar[str] = "startfwd"
    block: ClassVar[str] = "forwarding"

    def end(self, _: Done | None = None, /) -> StopForwarding:
        """Stop forwarding the same audio."""
        return StopForwarding(call_id=self.call_id, participant=self.participant)


@attrs.frozen(kw_only=True)
class StopForwarding(Directional):
    """Stop what `StartForwarding` began (ng document, "`start forwarding` and `stop forwarding` Messages").

    Without a participant, the parties that were chosen one by one are still forwarded; ``Participant.ALL`` ends
    that too.
    """

    command: ClassVar[str] = "stop forwarding"
    since: ClassVar[str] = "7.2"
    counter: ClassVar[str] = "stopfwd"
