"""What every command to the daemon has in common: how it is written, and how its outcome is read.

A command is a frozen value with one field for each key of its own; a field's key is its name with hyphens,
unless it is declared with another. A new command is a new class, and a method of `Controller` that builds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from ...errors import EngineError, LoadLimit, UnknownCall, UsageError
from ...flags import Flags
from ...wire import encode_document, encode_items, join_items
from .. import decode
from ..replies import Done, Reply
from .fields import NO_FLAGS, Key
from .participant import Participant, ways_of

__all__ = ["Acknowledged", "Command", "R", "keys_of"]

R = TypeVar("R", bound=Reply)

_HINTS = {
    "Error rewriting SDP": "the body is no SDP that the daemon can work with; its log says more",
    "Not currently playing media": "nothing was played to this party, or its end has been reached",
    "No participant party specified": "say whose: participant=Participant.tag(...), .label(...) or .ALL",
    "From-tag given, but no such tag exists": "query(call_id=...).tags lists the tags of the call",
    "No monologue matching the given label": "labels are given with Flags(label=...) in an offer or answer",
    "No call-id in message": "this daemon makes up no Call-ID and tag: give call_id= and from_tag=",
    "Media flow not found (to-tag not subscribed)": (
        "12.5 finds no single flow at all, and 26.0 only those to parties that the participant itself hears: "
        "choose with flows= instead of toward="
    ),
    "No SSRC context present for DTMF injection": "the daemon has not heard it since its codecs were set up",
    "No RTP payload type found to be in use": "the daemon has not heard it since its codecs were set up",
    "Failed to process subscription answer": (
        "the answer lacks a codec that was offered, and allow_transcoding=True was not given"
    ),
}
_UNKNOWN = "the daemon restarted, or the call timed out or was deleted: begin with an offer"


@attrs.frozen(kw_only=True)
class Command(Generic[R]):
    """One request. `R` is the type of its reply."""

    command: ClassVar[str]
    """The command's name in the ng document."""
    since: ClassVar[str] = ""
    """The first version of the daemon that knows it; empty where the library does not say."""

    @property
    def name(self) -> str:
        """The command's name, for errors and traces."""
        return self.command

    @property
    def call_id(self) -> str | None:
        """The Call-ID that the command is about, where it is about one."""
        return None

    def to_ng(self) -> dict[str, Any]:
        """Return the whole request as plain values, as it goes on the wire."""
        document = self._own()
        flags = self._flags
        if flags is NO_FLAGS:
            return document
        more = flags.to_ng()
        words = list(dict.fromkeys([*document.get("flags", ()), *more.get("flags", ())]))
        return document | more | ({"flags": words} if words else {})

    def encode(self) -> bytes:
        """Return the request as an encoded document. Raises `UsageError` for text that stands for no bytes."""
        flags = self._flags
        own = self._own()
        if flags is not NO_FLAGS and "flags" in own:
            # Both have words for the list that is named flags, and a key must not stand twice.
            return encode_document(self.to_ng())
        return join_items(encode_items(own), b"" if flags is NO_FLAGS else flags.encoded)

    def check(self, document: Mapping[str, Any]) -> None:
        """Raise `EngineError`, `LoadLimit` or `UnknownCall` unless `document` says that the command was done.

        Raises `WireError` where the result or the reason is no text.
        """
        result = decode.text(document, "result")
        if result in ("ok", "pong"):
            return
        if result == "load limit":
            reason = decode.text(document, "message") or "the daemon is at its limit"
            raise LoadLimit(reason, command=self.name, call_id=self.call_id, hint="try another engine")
        reason = decode.text(document, "error-reason") or f"the result is {result and result[:40]!r}"
        # Each command has its own spelling of this one.
        if reason.casefold().replace(" id", "-id").startswith("unknown call-id"):
            raise UnknownCall(reason, command=self.name, call_id=self.call_id, hint=_UNKNOWN)
        if reason == "Unrecognized command":
            raise self.refused()
        raise EngineError(reason, command=self.name, call_id=self.call_id, hint=_HINTS.get(reason, ""))

    def refused(self, version: str = "") -> EngineError:
        """Return the error for a daemon that is older than this command; `version` is its version, if known."""
        hint = f"known since {self.since}" if self.since else "capabilities() lists what this daemon knows"
        if version:
            hint += f", and this daemon is {version}"
        return EngineError("Unrecognized command", command=self.name, call_id=self.call_id, hint=hint)

    def read(self, document: Mapping[str, Any], seconds: float) -> R:
        """Return the typed reply. Raises `WireError` where it lacks what the command promises."""
        raise NotImplementedError

    @property
    def _flags(self) -> Flags:
        flags: Flags = getattr(self, "flags", NO_FLAGS)
        return flags

    def _own(self) -> dict[str, Any]:
        """Return everything but the flags."""
        document: dict[str, Any] = {"command": self.command}
        words: list[str] = []
        for attribute in attrs.fields(type(self)):
            value = getattr(self, attribute.name)
            if value is None or value is False or value == () or attribute.name == "flags":
                continue
            key: Key | None = attribute.metadata.get("key")
            if ways := ways_of(attribute):
                document |= self._selected(value, ways[value.by])
            elif key and key.listed:
                words.append(key.key)
            else:
                name = (key and key.key) or attribute.name.replace("_", "-")
                write = (key and key.write) or _plain
                document[name] = write(value)
        words += [word for word in document.pop("flags", ()) if word not in words]
        if words:
            document["flags"] = words
        return document

    def _selected(self, party: Participant, key: Key) -> dict[str, Any]:
        """Return what selects a participant."""
        if key.listed:
            # As a word, which every version knows, and not as a key, which is younger.
            return {"flags": [key.key]}
        return {key.key: list(party.values) if party.by == "tags" else party.values[0]}


@attrs.frozen(kw_only=True)
class Acknowledged(Command[Done]):
    """A command whose reply says that it was done, and nothing more."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Any], seconds: float) -> Done:
        """Return that it was done."""
        return Done(seconds=seconds, raw=document)


def check_clash(command: Command[Any]) -> None:
    """Raise `UsageError` where the flags of a command say what its own fields say: a key must not stand twice."""
    if command._flags is not NO_FLAGS:
        for key in command._own().keys() & command._flags.to_ng().keys() - {"flags"}:
            raise UsageError(f"flags: {key!r} is a key of {command.name!r} itself; give it there alone")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def keys_of(kind: type[Command[Any]]) -> Iterator[tuple[str, Key]]:
    """Yield the fields of a command and their keys on the wire, for documentation and tests."""
    for attribute in attrs.fields(kind):
        if ways := ways_of(attribute):
            yield from ((attribute.name, key) for key in ways.values())
        elif key := attribute.metadata.get("key"):
            yield attribute.name, attrs.evolve(key, key=key.key or attribute.name.replace("_", "-"))
