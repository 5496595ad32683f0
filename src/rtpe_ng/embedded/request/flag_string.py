"""A request with ``rtpp-flags``, the daemon's own flag string, as the request that says the same without it.

The library reads the string. What versions do not read alike is taken out of it before.
"""

import re
from collections.abc import Mapping
from typing import Any

from ...errors import UsageError
from ...flags import Flags
from ...wire import Document
from ..versions import Behaviour

__all__ = ["without_flag_string"]

_KEYS = ("rtpp-flags", "rtpp_flags", "rtpp flags")
_PROTOCOL = re.compile(r"RTP|AVP|SRTP|AVPF|DTLS|RTP/S?AVPF?|UDP/TLS/RTP/SAVPF?")
_OF_MESSAGE = {"call_id": "call-id", "from_tag": "from-tag", "via_branch_param": "via-branch"}
"""The fields of what a string says about the message, and their keys."""


def without_flag_string(document: Document, behaviour: Behaviour) -> Document:
    """Return a request without a flag string, with what it said; of two values for a key, the later one counts."""
    key = next((name for name in _KEYS if isinstance(document.get(name), str)), None)
    if key is None or not behaviour.reads_flag_string:
        return document
    try:
        flags = Flags.parse(_read(str(document[key]), behaviour), dialect="rtpp-flags", strict=False)
    except UsageError:
        return document
    said = _joined(flags.to_ng(), _of_message(flags))
    at = list(document).index(key)
    before, behind = dict(list(document.items())[:at]), dict(list(document.items())[at + 1 :])
    return _joined(_joined(before, said), behind)


def _read(text: str, behaviour: Behaviour) -> str:
    """Return what this version reads of a string."""
    words = text.split(" ")
    if not behaviour.reads_lists_in_flag_string:
        words = [word for word in words if "[" not in word and "]" not in word]
        words = [word for word in words if not (word.startswith(("codec-", "transcode")) and "," in word)]
    if not behaviour.reads_protocol_in_flag_string:
        words = [word for word in words if not _PROTOCOL.fullmatch(word)]
    return " ".join(words)


def _of_message(flags: Flags) -> Document:
    routing = flags.routing
    said: Document = {
        key: value for name, key in _OF_MESSAGE.items() if (value := getattr(routing, name)) is not None
    }
    if routing.from_tags:
        said["from-tags"] = list(routing.from_tags)
    if isinstance(routing.to_tag, str):
        said["to-tag"] = routing.to_tag
    if address := routing.received_from:
        said["received-from"] = ["IP6" if ":" in address else "IP4", address]
    words = ["to-tag"] * bool(routing.to_tag)
    words += ["directional"] * (routing.directional or routing.from_tag is not None)
    if words:
        said["flags"] = list(words)
    return said


def _joined(left: Mapping[str, Any], right: Mapping[str, Any]) -> Document:
    """Return both: lists and dictionaries grow, of other values the right one counts."""
    both = dict(left)
    for key, value in right.items():
        mine = both.get(key)
        if isinstance(mine, dict) and isinstance(value, dict):
            both[key] = _joined(mine, value)
        elif isinstance(mine, list) and isinstance(value, list):
            both[key] = [*mine, *value]
        else:
            both[key] = value
    return both
