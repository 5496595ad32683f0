"""What a request is about: its call, its parties, and what else a command needs beside the SDP and its options.

A command finds its call and its parties by names: the Call-ID, tags, a branch, labels, an address. Which of them a
version looks at, and under which keys, is read here once, into fields; the commands then look for what the fields
name. Nothing here knows which calls there are.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Self

import attrs

from ...keys import DTMF_DIGITS
from ...wire import Document, Value
from ..versions import Behaviour
from .flag_string import without_flag_string
from .names import heard, number, text_in, words_in

__all__ = ["EngineRequest", "PartyNames"]

_FLOWS = {
    "all": "all",
    "none": "",
    "offer-answer": "offer-answer",
    "flows": "flows",
    **dict.fromkeys(("not-offer-answer", "non-offer-answer", "except-offer-answer"), "except-offer-answer"),
}


@attrs.frozen(kw_only=True)
class PartyNames:
    """The parties that an offer or answer names."""

    sender: str
    """The tag of the party that sent it."""
    receiver: str | None = None
    """The tag of the party that is to receive it; None in an offer that begins a dialogue."""
    via_branch: str | None = None
    """The branch of the callee, in an offer or answer of the callee's."""
    is_answer: bool = False
    """It is an answer."""
    is_new_branch: bool = False
    """The flag ``new-branch``: an answer under another tag is of another party."""
    is_provisional: bool = False
    """The flag ``provisional``: an answer may be under another tag, even after a final one."""


@attrs.frozen(kw_only=True, repr=False)
class EngineRequest:
    """What a request names and wants, beside the options for its SDP; a text is None where none is given."""

    document: Document
    """The request as it came, for `Options`."""
    command: str
    """The name of the command."""
    flags: frozenset[str]
    """The words of ``flags``."""
    is_directional: bool
    """Whether ``from-tag`` chooses the party that the command is about; else it is a mere hint."""
    flows: str
    """Which media flows are meant: ``all``, ``offer-answer``, ``except-offer-answer``, ``flows``, or nothing."""
    body: str | None
    """The SDP."""
    call_id: str | None
    """The call."""
    from_tag: str | None
    """The tag of the party that offered, or that the command is about."""
    from_tags: tuple[str, ...]
    """The tags of several such parties."""
    to_tag: str | None
    """The tag of the party that answers, or that receives."""
    via_branch: str | None
    """The branch of the callee."""
    label: str | None
    """The label of the sender, or of the party that the command is about."""
    set_label: str | None
    """The label that this party is to have from now on."""
    to_label: str | None
    """The label of the party that receives."""
    address: str | None
    """The address of the party that the command is about."""
    to_call_id: str | None
    """The call of the party that receives, where it is another one."""
    source_tag: str | None
    """The tag of the party whose media is injected."""
    source_call_id: str | None
    """The call of that party, where it is another one."""
    metadata: str | None
    """A text to keep with the sender and the call."""
    file: str | None
    """The path of a file to play."""
    blob: str | None
    """The content of a file to play."""
    db_id: int
    """The row of the database with a file to play; 0 where none is given."""
    digit: int
    """The number of the DTMF event to play; -1 where none is given."""
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    """The sections to create: of each its type, and the codecs that it names."""
    limit: int | None
    """How many calls to list."""
    delete_delay: int | None
    """After how many seconds a deletion takes effect."""
    pauses: bool
    """A recording is to stay open when it stops."""
    supports_load_limit: bool
    """The reply may be ``load limit``."""
    is_final: bool
    """The SDP came in a final SIP response."""

    @classmethod
    def from_ng(cls, document: Document, behaviour: Behaviour) -> Self:
        """Read a request as a daemon of this behaviour does."""
        document = without_flag_string(document, behaviour)
        given = heard(document, behaviour)
        text = functools.partial(text_in, given)
        command = text("command") or ""
        flags = frozenset(word.replace(" ", "-") for word in words_in(given.get("flags"), behaviour))
        set_labels = (text(key) for key in behaviour.keys_that_set_a_label)
        delay = number(given.get("delete-delay"), -1)
        return cls(
            document=document,
            command=command,
            flags=flags,
            is_directional=command not in behaviour.needs_directional or "directional" in flags,
            flows=_flows(text("all") if behaviour.knows_all_as_key else None, flags),
            body=text("sdp"),
            call_id=text("call-id"),
            from_tag=text("from-tag"),
            from_tags=tuple(words_in(given.get("from-tags"), behaviour)),
            to_tag=text("to-tag"),
            via_branch=text("via-branch"),
            label=text("label"),
            set_label=next((label for label in set_labels if label is not None), None),
            to_label=text("to-label"),
            address=text("address"),
            to_call_id=text("to-call-id"),
            source_tag=text("source-tag"),
            source_call_id=text("source-call-id"),
            metadata=text("metadata"),
            file=text("file"),
            blob=text("blob"),
            db_id=number(given.get("db-id"), 0),
            digit=_digit(given.get("digit")),
            sections=_sections(given.get("medias", given.get("media"))),
            limit=number(given.get("limit"), None),
            delete_delay=delay if delay >= 0 else None,
            pauses="pause" in flags or text("pause") in ("yes", "on", "true"),
            supports_load_limit="load limit" in words_in(given.get("supports"), behaviour),
            is_final=_is_final(given),
        )

    @property
    def missing(self) -> str | None:
        """What an offer needs and this request has not."""
        needed = {"SDP body": self.body, "call-id": self.call_id, "from-tag": self.from_tag}
        return next((name for name, value in needed.items() if value is None), None)

    def offer(self) -> PartyNames:
        """Return the parties of an offer."""
        return PartyNames(sender=self.from_tag or "", receiver=self.to_tag, via_branch=self.via_branch)

    def answer(self) -> PartyNames:
        """Return the parties of an answer, which the party with the ``to-tag`` sends."""
        return PartyNames(
            sender=self.to_tag or "",
            receiver=self.from_tag,
            via_branch=self.via_branch,
            is_answer=True,
            is_new_branch="new-branch" in self.flags,
            is_provisional="provisional" in self.flags,
        )


def _flows(key: str | None, flags: frozenset[str]) -> str:
    """Return which flows are meant: by the key ``all`` where its value is known, else by that word in ``flags``."""
    return _FLOWS.get(key or "", "all" if "all" in flags else "")


def _digit(value: Value | None) -> int:
    if isinstance(value, str) and len(value) == 1:
        return DTMF_DIGITS.find(value)
    return number(value, -1)


def _sections(sections: Value | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    wanted = []
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            codecs = section.get("codec", section.get("codecs"))
            names = tuple(name for name in codecs if isinstance(name, str)) if isinstance(codecs, list) else ()
            wanted.append((text_in(section, "type") or "audio", names))
    return tuple(wanted)


def _is_final(given: Mapping[str, Any]) -> bool:
    return text_in(given, "sip-message-type") == "sip-reply" and number(given.get("sip-code"), 0) >= 200
