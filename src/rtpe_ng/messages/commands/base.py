"""What every command has in common: how it is written, how its outcome is judged, and how its reply is read.

A command is a frozen value. Each field of it is one key of the request, and the field's metadata says which: a
`Key`, or the `Ways` to name a participant, which are several keys of which one is used. `keyed` reads these entries
once for each class, and everything else goes by what it returns: writing a request (`Command.to_ng`,
`Command.encode`), reading one (`rtpe_ng.messages.requests`), and the pages of the reference (`keys_of`). The field
`flags` is no key of its own: its options stand beside the keys of the command. Most commands have no flags, and the
flags of a call's offers are always the same few values; so `encode` joins the command's own keys with the flags'
encoded form, which each `Flags` makes once.

A new command is one class with `command`, `since`, `counter`, its fields and `read`; a command that another one
ends is a `Paired`, with `block` and `end`. The methods of `Controller` are made from the classes.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from ...errors import EngineError, LoadLimit, SdpError, UnknownCall, UsageError, WireError
from ...flags import Flags
from ...keys import Key, key_of
from ...sdp.daemon.verdict import refused_line
from ...versions import is_older
from ...wire import Value, encode_document, encode_items, join_items
from .. import decode
from ..replies.base import Done, Reply
from ..sent import Request, joined
from .fields import NO_FLAGS
from .participant import Participant, Ways

R = TypeVar("R", bound=Reply)
R_co = TypeVar("R_co", bound=Reply, covariant=True)

_HINTS = {
    "Error rewriting SDP": "the daemon's log says more",
    "Failed to parse SDP": "sdp.problems(body, engine=...) names each line that a daemon refuses",
    "Incomplete SDP specification": "sdp.problems(body, engine=...) names each line that a daemon refuses",
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
    "Invalid dialogue association": (
        "from_tag and to_tag are the same: each party needs a tag of its own, if need be one that is made up"
    ),
    "Failed to process subscription answer": (
        "the answer lacks a codec that was offered, and allow_transcoding=True was not given"
    ),
}
"""What to do about a refusal, by the daemon's words for it."""
_UNKNOWN = "the daemon restarted, or the call timed out or was deleted: begin with an offer"


@attrs.frozen(kw_only=True)
class Command(Generic[R_co]):
    """One request to the daemon. The type in brackets is that of its reply."""

    command: ClassVar[str]
    """The command's name in the ng document."""
    since: ClassVar[str] = ""
    """The first version of the daemon that knows it; empty where the library does not say."""
    counter: ClassVar[str]
    """How the daemon abbreviates it in the names of its counters, such as ``startrec``."""

    call_id: str | None = attrs.field(default=None, init=False, repr=False)
    """The Call-ID of the call that the command is about; None where it is about no call."""

    @property
    def name(self) -> str:
        """The command's name, for errors and traces."""
        return self.command

    def to_ng(self) -> dict[str, Any]:
        """Return the whole request as plain values, as it goes on the wire."""
        flags = self._flags
        return joined(self._own(), None if flags is NO_FLAGS else flags)

    def sent(self) -> Request:
        """Return what is kept of this request once it is sent: all but a body."""
        own = self._own()
        own.pop("sdp", None)
        return Request(own=own, flags=getattr(self, "flags", None))

    def encode(self) -> bytes:
        """Return the request as an encoded document. Raises `UsageError` for text that stands for no bytes."""
        flags = self._flags
        own = self._own()
        if flags is not NO_FLAGS and "flags" in own:
            # Both have words for the list that is named flags, and a key must not stand twice.
            return encode_document(self.to_ng())
        return join_items(encode_items(own), b"" if flags is NO_FLAGS else flags.encoded)

    def check(self, document: Mapping[str, Value], version: str | None = None) -> None:
        """Raise `EngineError`, `LoadLimit` or `UnknownCall` unless `document` says that the command was done.

        `version` is that of the daemon, where it is known: the line of a refused body is then the one that this
        version refuses. Raises `WireError` where there is no result, or it or the reason is no text.
        """
        if document.get("result") in ("ok", "pong"):
            return
        result = decode.text(document, "result")
        if not result:
            raise WireError(f"the reply to {self.name!r} has no 'result': the peer may be no RTPEngine")
        if result == "load limit":
            reason = decode.text(document, "message") or "the daemon is at its limit"
            raise LoadLimit(reason, command=self.name, call_id=self.call_id, hint="try another engine")
        reason = decode.text(document, "error-reason") or f"the result is {result[:40]!r}"
        # Each command of the daemon spells this one differently.
        if reason.casefold().replace(" id", "-id").startswith("unknown call-id"):
            raise UnknownCall(reason, command=self.name, call_id=self.call_id, hint=_UNKNOWN)
        if reason == "Unrecognized command":
            raise self.refused()
        hint = self._refused_line(reason, version) or _HINTS.get(reason, "")
        raise EngineError(reason, command=self.name, call_id=self.call_id, hint=hint)

    def _refused_line(self, reason: str, version: str | None) -> str:
        """Return which line of the body was refused, and why; empty if it has none, or none is known."""
        body = getattr(self, "sdp", None)
        # A fragment is read by other rules, and is no description.
        if not isinstance(body, str) or self._flags.fragment:
            return ""
        try:
            problem = refused_line(body, reason, version)
        except SdpError:
            return ""
        return "" if problem is None else str(problem)

    def refused(self, version: str = "") -> EngineError:
        """Return the error for a daemon that is older than this command; `version` is its version, if known."""
        hint = f"known since {self.since}" if self.since else "capabilities() lists what this daemon knows"
        if version:
            hint += f", and this daemon is {version}"
        return EngineError("Unrecognized command", command=self.name, call_id=self.call_id, hint=hint)

    def read(self, document: Mapping[str, Value], seconds: float) -> R_co:
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
        for name, key, plain in _plan(type(self)):
            value = getattr(self, name)
            if value is None:
                continue
            if plain and type(value) is str:
                document[plain] = value
            # Not by comparison with False: the number 0 is given, though it equals False.
            elif value is False or value == ():
                continue
            elif isinstance(key, Ways):
                document |= self._selected(value, key.keys[value.by])
            elif key.listed:
                words.append(key.key)
            elif key.write:
                document[key.key] = key.write(value)
            else:
                document[key.key] = list(value) if isinstance(value, tuple) else value
        if words:
            document["flags"] = [*words, *(word for word in document.get("flags", ()) if word not in words)]
        return document

    def _selected(self, party: Participant, key: Key) -> dict[str, Any]:
        """Return what selects a participant."""
        if key.listed:
            # As a word, which every version knows, and not as a key, which came later.
            return {"flags": [key.key]}
        return {key.key: list(party.values) if party.by == "tags" else party.values[0]}


@attrs.frozen(kw_only=True)
class Paired(Command[R]):
    """A command whose effect lasts until another one ends it."""

    block: ClassVar[str]
    """The name of the method of `Controller` that holds the effect for the length of a block."""

    def end(self, reply: R | None = None, /) -> Command[Reply] | None:
        """Return the command that ends it.

        `reply` is the reply to this one; without it, nobody knows whether the daemon executed it. None where the
        end needs a name that only the reply has.
        """
        raise NotImplementedError


@attrs.frozen(kw_only=True)
class Acknowledged(Command[Done]):
    """A command whose reply says that it was done, and nothing more."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def read(self, document: Mapping[str, Value], seconds: float) -> Done:
        """Return that it was done."""
        return Done(seconds=seconds, raw=document)


def check_clash(command: Command[Reply]) -> None:
    """Raise `UsageError` where the flags of a command have one of its own keys: no key may stand twice."""
    if command._flags is not NO_FLAGS:
        for key in command._own().keys() & command._flags.to_ng().keys() - {"flags"}:
            raise UsageError(f"flags: {key!r} is a key of {command.name!r} itself; give it there alone")


_PLANS: dict[type[Command[Any]], tuple[tuple[str, Key | Ways, str], ...]] = {}
"""By the class of a command, its fields that have keys on the wire, as `_plan` returns them."""


def _plan(kind: type[Command[Any]]) -> tuple[tuple[str, Key | Ways, str], ...]:
    """Return what `keyed` returns, and the key of each field whose text goes on the wire as it is."""
    plan = _PLANS.get(kind)
    if plan is None:
        entries = ((field.name, key_of(field) or field.metadata.get("ways")) for field in attrs.fields(kind))
        plan = _PLANS[kind] = tuple(
            (name, entry, "" if isinstance(entry, Ways) or entry.listed or entry.write else entry.key)
            for name, entry in entries
            if entry is not None
        )
    return plan


def keyed(kind: type[Command[Reply]]) -> tuple[tuple[str, Key | Ways], ...]:
    """Return the fields of a command that have keys on the wire, with the `Key` or the `Ways` of each."""
    return tuple((name, entry) for name, entry, _ in _plan(kind))


def keys_of(kind: type[Command[Reply]]) -> Iterator[tuple[str, Key]]:
    """Yield the fields of a command and their keys on the wire, for documentation and tests.

    `since` of each key is the first version that knows it in this command.
    """
    for name, entry in keyed(kind):
        for key in entry.keys.values() if isinstance(entry, Ways) else (entry,):
            is_old = key.since == Key().since or is_older(key.since, kind.since)
            yield name, attrs.evolve(key, since=kind.since) if is_old else key
