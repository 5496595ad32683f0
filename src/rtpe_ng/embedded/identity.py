"""`Identity`: which call and which parties a request is about, and the few words that bear on that."""

from __future__ import annotations

from typing import Self

import attrs

from ..wire import Document, Value
from .dialogues import Wanted
from .versions import Behaviour

__all__ = ["Identity", "words"]

# Under which keys the newer versions look for a name; the last one in the document counts.
_KEYS = {
    "body": ("sdp", "SDP"),
    "call_id": ("call-id", "call-ID", "call id", "call ID"),
    "from_tag": ("from-tag",),
    "to_tag": ("to-tag", "to_tag", "to tag"),
    "via_branch": ("via-branch",),
    "label": ("label", "from-label"),
    "metadata": ("metadata",),
}


@attrs.frozen(kw_only=True, repr=False)
class Identity:
    """What an offer, answer or delete is about, None where nothing is said."""

    body: str | None
    """The SDP."""
    call_id: str | None
    """Which call."""
    from_tag: str | None
    """The tag of the party that offered."""
    to_tag: str | None
    """The tag of the party that answers."""
    via_branch: str | None
    """The branch of the callee."""
    label: str | None
    """The name that the sender is to have from now on."""
    metadata: str | None
    """What is said of the sender, and of the call."""
    flags: frozenset[str]
    """The members of ``flags``."""
    supports_load_limit: bool
    """The reply may be ``load limit``."""
    is_final: bool
    """It is said to be of a final response."""

    @classmethod
    def from_ng(cls, request: Document, behaviour: Behaviour) -> Self:
        """Read a request as the daemon reads it."""
        given: dict[str, str | None] = {}
        for name, keys in _KEYS.items():
            known = keys if behaviour.reads_other_spellings else keys[:1]
            values = [value for key, value in request.items() if key in known]
            given[name] = values[-1] if values and isinstance(values[-1], str) else None
        return cls(
            **given,
            flags=frozenset(words(request.get("flags"), behaviour)),
            supports_load_limit="load limit" in words(request.get("supports"), behaviour),
            is_final=_is_final(request),
        )

    @property
    def missing(self) -> str | None:
        """What an offer needs and this has not."""
        needed = {"SDP body": self.body, "call-id": self.call_id, "from-tag": self.from_tag}
        return next((name for name, value in needed.items() if value is None), None)

    def offer(self) -> Wanted:
        """Return the parties of an offer."""
        return Wanted(sender=self.from_tag or "", receiver=self.to_tag, via_branch=self.via_branch)

    def answer(self) -> Wanted:
        """Return the parties of an answer, which the party with the ``to-tag`` sends."""
        return Wanted(
            sender=self.to_tag or "",
            receiver=self.from_tag,
            via_branch=self.via_branch,
            is_answer=True,
            is_new_branch=bool(self.flags & {"new-branch", "new branch"}),
            is_provisional="provisional" in self.flags,
        )


def words(value: Value | None, behaviour: Behaviour) -> list[str]:
    """Return the words of a list, which may stand as a text with commas where the version reads that."""
    if isinstance(value, str) and behaviour.reads_other_spellings:
        return value.split(",")
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _is_final(request: Document) -> bool:
    said = {key.lower().replace("_", "-"): value for key, value in request.items()}
    kind, code = said.get("sip-message-type"), said.get("sip-code", said.get("sip-response-code"))
    if isinstance(code, str):
        code = int(code) if code.isascii() and code.isdecimal() and len(code) < 10 else 0
    is_reply = isinstance(kind, str) and kind.lower().replace("_", "-") in ("reply", "sip-response", "sip-reply")
    return is_reply and isinstance(code, int) and code >= 200
