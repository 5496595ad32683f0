"""Commands to the daemon, typed: each knows its key on the wire, what it needs, and how to read its reply.

A command is a frozen value with one field for each key of its own; a field's key is its name with hyphens.
`read` makes the typed reply. A new command is a new class here, and a method of `Engine` that builds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from ..errors import EngineError, LoadLimit, UnknownCall, UsageError
from ..flags import Flags
from ..wire import Document, encode_items, join_items
from . import read
from .replies import (
    DeleteReply,
    ListReply,
    Pong,
    QueryReply,
    Reply,
    SdpReply,
    StatisticsReply,
    sdp_of,
)

__all__ = ["Answer", "Command", "Delete", "List", "Offer", "Ping", "Query", "Raw", "Statistics"]

R = TypeVar("R", bound=Reply)

_HINTS = {
    "Unknown call-id": "the daemon restarted, or the call timed out or was deleted: begin with an offer",
    "Unrecognized command": "this daemon is older than the command: statistics().commands lists what it knows",
    "Error rewriting SDP": "the body is no SDP that the daemon can work with; its log says more",
}


def _is_name(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str) or not value:
        raise UsageError(f"{attribute.name}={value!r}: a string that is not empty expected")


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _is_body(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str):
        raise UsageError(f"{attribute.name}: str or bytes expected, not {type(value).__name__}")
    if not value.strip():
        raise UsageError(f"{attribute.name}: an empty body")


def _is_flags(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, Flags):
        raise UsageError(f"{attribute.name}: Flags(...) expected, not {type(value).__name__}")


def _is_count(low: int) -> Any:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            raise UsageError(f"{attribute.name}={value!r}: an integer of {low} or more expected")

    return check


def _is_address(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    try:
        # As text only: numbers and packed bytes are addresses to `ip_address` as well.
        ip_address(value if isinstance(value, str) else "")
    except ValueError as error:
        raise UsageError(f"{attribute.name}={value!r}: an IPv4 or IPv6 address expected, as text") from error


_name: Any = attrs.field(validator=_is_name)
_optional: Any = attrs.field(default=None, validator=attrs.validators.optional(_is_name))
_source: Any = attrs.field(default=None, validator=attrs.validators.optional(_is_address))


@attrs.frozen(kw_only=True)
class Command(Generic[R]):
    """One request. `R` is the type of its reply."""

    command: ClassVar[str]
    """The command's name in the ng document."""

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
        flags: Flags | None = getattr(self, "flags", None)
        return document | (flags.to_ng() if flags else {})

    def encode(self) -> bytes:
        """Return the request as an encoded document. Raises `UsageError` for text that stands for no bytes."""
        flags: Flags | None = getattr(self, "flags", None)
        return join_items(encode_items(self._own()), flags.encoded if flags else b"")

    def check(self, document: Document) -> None:
        """Raise `EngineError`, `LoadLimit` or `UnknownCall` unless `document` says that the command was done.

        Raises `WireError` where the result or the reason is no text.
        """
        result = read.text(document, "result")
        if result in ("ok", "pong"):
            return
        if result == "load limit":
            reason = read.text(document, "message") or "the daemon is at its limit"
            raise LoadLimit(reason, command=self.name, call_id=self.call_id, hint="try another engine")
        reason = read.text(document, "error-reason") or f"the result is {result and result[:40]!r}"
        kind = UnknownCall if reason == "Unknown call-id" else EngineError
        raise kind(reason, command=self.name, call_id=self.call_id, hint=_HINTS.get(reason, ""))

    def read(self, document: Document, seconds: float) -> R:
        """Return the typed reply. Raises `WireError` where it lacks what the command promises."""
        raise NotImplementedError

    def _own(self) -> dict[str, Any]:
        """Return everything but the flags."""
        document: dict[str, Any] = {"command": self.command}
        for attribute in attrs.fields(type(self)):
            value = getattr(self, attribute.name)
            if value is not None and attribute.name != "flags":
                document[attribute.name.replace("_", "-")] = value
        if source := document.get("received-from"):
            address = ip_address(source)
            document["received-from"] = [f"IP{address.version}", str(address)]
        return document


@attrs.frozen(kw_only=True)
class Ping(Command[Pong]):
    """Is the daemon alive? (ng document, "`ping` Message")."""

    command: ClassVar[str] = "ping"

    def encode(self) -> bytes:
        """Return the request, which is always the same."""
        return b"d7:command4:pinge"

    def read(self, document: Document, seconds: float) -> Pong:
        """Return how long the reply took."""
        return Pong(seconds=seconds, raw=document)


@attrs.frozen(kw_only=True)
class _Body(Command[SdpReply]):
    """What an offer and an answer have in common."""

    sdp: str = attrs.field(converter=_text, validator=_is_body, repr=False)
    """The body as it came."""
    call_id: str = _name
    """The SIP Call-ID."""
    from_tag: str = _name
    """The tag of the party that offers, or had offered."""
    to_tag: str | None = _optional
    """The tag of the other party, once it is known."""
    via_branch: str | None = _optional
    """Which branch of a forked call this is."""
    received_from: str | None = _source
    """The address that the SIP message came from."""
    flags: Flags = attrs.field(factory=Flags, validator=_is_flags)
    """What is to happen to the body."""

    def read(self, document: Document, seconds: float) -> SdpReply:
        """Return the body to send on. Raises `WireError` where the reply has none."""
        return SdpReply(seconds=seconds, raw=document, sdp=sdp_of(document, self.command))


@attrs.frozen(kw_only=True)
class Offer(_Body):
    """An SDP offer (RFC 3264) on its way from one party to the other (ng document, "`offer` Message")."""

    command: ClassVar[str] = "offer"

    def _own(self) -> dict[str, Any]:
        # Without this word a full daemon says "error" with a text, with it "load limit".
        return super()._own() | {"supports": ["load limit"]}


@attrs.frozen(kw_only=True)
class Answer(_Body):
    """The answer to an offer (RFC 3264), on its way back to the offerer (ng document, "`answer` Message")."""

    command: ClassVar[str] = "answer"

    to_tag: str = _name
    """The tag of the party that answers."""


@attrs.frozen(kw_only=True)
class Delete(Command[DeleteReply]):
    """The end of a call, or of one branch of it (ng document, "`delete` Message")."""

    command: ClassVar[str] = "delete"

    call_id: str = _name
    """The SIP Call-ID."""
    from_tag: str | None = _optional
    """The tag of a participant. The ng document wants it; the daemons do without it."""
    to_tag: str | None = _optional
    """The tag of the other one: only this dialogue ends."""
    via_branch: str | None = _optional
    """Only this branch of a forked call ends."""
    delete_delay: int | None = attrs.field(default=None, validator=attrs.validators.optional(_is_count(0)))
    """For how many seconds the daemon keeps the call; 0 ends it now, None leaves it to the daemon (30 s)."""
    fatal: bool = False
    """An unknown call is an error instead of a warning."""

    def read(self, document: Document, seconds: float) -> DeleteReply:
        """Return the last figures of the call."""
        return DeleteReply(seconds=seconds, raw=document)

    def _own(self) -> dict[str, Any]:
        document = super()._own()
        return document | ({"flags": ["fatal"]} if document.pop("fatal") else {})


@attrs.frozen(kw_only=True)
class Query(Command[QueryReply]):
    """What does the daemon know of a call? (ng document, "`query` Message")."""

    command: ClassVar[str] = "query"

    call_id: str = _name
    """The SIP Call-ID."""
    from_tag: str | None = _optional
    """Only what concerns this participant."""
    to_tag: str | None = _optional
    """Only what concerns this participant too."""

    def read(self, document: Document, seconds: float) -> QueryReply:
        """Return what it knows."""
        return QueryReply(seconds=seconds, raw=document)


@attrs.frozen(kw_only=True)
class List(Command[ListReply]):
    """Which calls run? (ng document, "`list` Message")."""

    command: ClassVar[str] = "list"

    limit: int | None = attrs.field(default=None, validator=attrs.validators.optional(_is_count(1)))
    """How many at most; the daemon's own limit is 32. A reply over 65,507 bytes never arrives over UDP."""

    def read(self, document: Document, seconds: float) -> ListReply:
        """Return their Call-IDs."""
        return ListReply(seconds=seconds, raw=document, calls=read.strings(document, "calls"))


@attrs.frozen(kw_only=True)
class Statistics(Command[StatisticsReply]):
    """The daemon's own figures (ng document, "`statistics` Message")."""

    command: ClassVar[str] = "statistics"

    def read(self, document: Document, seconds: float) -> StatisticsReply:
        """Return the figures."""
        return StatisticsReply(seconds=seconds, raw=document)


@attrs.frozen(kw_only=True, repr=False)
class Raw(Command[Reply]):
    """Any request as plain values: the door for what this version of the library does not know."""

    document: Mapping[str, Any] = attrs.field()

    @document.validator
    def _check(self, _: object, document: Any) -> None:
        if not isinstance(document, Mapping) or not isinstance(document.get("command"), str):
            raise UsageError("a request is a dictionary with a 'command', such as {'command': 'ping'}")

    @property
    def name(self) -> str:
        """The command's name, for errors and traces."""
        return str(self.document["command"])

    @property
    def call_id(self) -> str | None:
        """The Call-ID, where the request has one."""
        call_id = self.document.get("call-id")
        return call_id if isinstance(call_id, str) else None

    def _own(self) -> dict[str, Any]:
        return dict(self.document)

    def __repr__(self) -> str:
        # Keys only: a value may be an SDP body with keys in it.
        keys = ", ".join(str(key) for key in self.document if key != "command")
        return f"<Raw {self.name!r} with {keys or 'no keys'}>"
