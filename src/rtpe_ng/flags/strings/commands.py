"""The commands that the proxies' modules send, and the keys and words that belong to some of them only."""

from ...errors import UsageError
from ...keys import nearest

COMMANDS = (
    "offer", "answer", "manage", "info", "delete", "query",
    "start recording", "stop recording", "pause recording", "start forwarding", "stop forwarding",
    "block dtmf", "unblock dtmf", "block media", "unblock media", "silence media", "unsilence media",
    "play media", "stop media", "play dtmf",
    "connect", "publish", "subscribe request", "subscribe answer", "unsubscribe",
)  # fmt: skip
WITH_SDP = frozenset({"offer", "answer", "manage", "info", "publish", "subscribe request", "subscribe answer"})
"""Only these have the lists that concern a session description."""
NARROW = frozenset(name for name in COMMANDS if name.startswith(("block", "unblock", "silence", "unsil")))
NARROW |= {"start forwarding", "stop forwarding"}
"""They concern the whole call, unless they are directional: only then the module sends tags."""

MORE_KEYS = frozenset({
    "address", "all", "blob", "code", "db-id", "delete-delay", "duration", "file", "from-label", "from-tags",
    "output-destination", "pause", "recording-dir", "recording-file", "recording-path", "recording-pattern",
    "repeat-duration", "repeat-times", "set-label", "start-pos", "to-label", "trigger", "volume",
})  # fmt: skip
"""Keys of the commands other than offer and answer."""
MORE_WORDS = frozenset({"all", "discard-recording", "egress", "fatal", "to-tag"})
"""Words of their list ``flags``."""


def command_of(name: str) -> str:
    """Return the command that `name` means, as in ``block dtmf``, ``block_dtmf`` or ``block DTMF``.

    ``manage`` stands for what it sends with an SDP body, ``info`` for a trickle fragment. Raises `UsageError` for a
    command that no module sends.
    """
    command = " ".join(str(name).casefold().replace("_", " ").replace("-", " ").split())
    if command not in COMMANDS:
        raise UsageError(f"command={name!r}: no module sends it; {nearest(command, COMMANDS)}")
    return command
