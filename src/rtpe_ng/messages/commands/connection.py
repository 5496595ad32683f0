"""Commands that connect parties without offer and answer: inject start and stop, connect, mesh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from ...flags import Flags
from . import fields
from .base import Acknowledged
from .participant import Participant, participant

__all__ = ["Connect", "InjectStart", "InjectStop", "Mesh"]


@attrs.frozen(kw_only=True)
class _Injection(Acknowledged):
    """What the two commands have in common."""

    call_id: str = fields.name()
    """The SIP Call-ID of the party that hears it."""
    to_tag: str = fields.name()
    """The tag of the party that hears it."""
    source_tag: str = fields.name()
    """The tag of the party whose audio it is."""
    source_call_id: str | None = fields.optional(fields.is_name)
    """The SIP Call-ID of that party, where it is in another call: the daemon makes one call of both."""
    flags: Flags = fields.flags()
    """Further options."""


@attrs.frozen(kw_only=True)
class InjectStart(_Injection):
    """Mix the audio of one party into what another hears, one way (ng document, "`inject start` Message")."""

    command: ClassVar[str] = "inject start"
    since: ClassVar[str] = "26.0"


@attrs.frozen(kw_only=True)
class InjectStop(_Injection):
    """End what `InjectStart` began (ng document, "`inject stop` Message")."""

    command: ClassVar[str] = "inject stop"
    since: ClassVar[str] = "26.0"


@attrs.frozen(kw_only=True)
class Connect(Acknowledged):
    """Connect two parties, also of two calls, without offer and answer (ng document, "`connect` Message")."""

    command: ClassVar[str] = "connect"
    since: ClassVar[str] = "13.2"

    call_id: str = fields.name()
    """The SIP Call-ID of the first party."""
    participant: Participant = participant("tag", "tags", "label", "address", "all", needed=True)
    """The first party; several with `directional` only."""
    to_tag: str = fields.name()
    """The tag of the second party."""
    to_call_id: str | None = fields.optional(fields.is_name)
    """The SIP Call-ID of the second party, where it is in another call: the daemon makes one call of both."""
    directional: bool = fields.listed("directional")
    """The second party gets a copy of what the first sends; what else flows is left alone."""
    bidirectional: bool = fields.listed("bidirectional", since="26.0")
    """With `directional`: in the other direction too."""
    flags: Flags = fields.flags()
    """Further options."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.participant.by in ("tags", "all") and not self.directional:
            raise UsageError("several parties are connected with directional=True only")
        if self.bidirectional and not self.directional:
            raise UsageError("bidirectional=True goes with directional=True: both ways is what connect does else")


def _tags(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return tuple(
        (source, (targets,) if isinstance(targets, str) else tuple(targets)) for source, targets in value.items()
    )


def _write_tags(tags: tuple[tuple[str, tuple[str, ...]], ...]) -> list[dict[str, Any]]:
    return [{"from": source, "to": list(targets)} for source, targets in tags]


def _read_tags(pairs: Any) -> dict[str, list[str]]:
    return {pair["from"]: pair["to"] for pair in pairs}


def _are_tags(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    pairs = value if isinstance(value, tuple) else (None,)
    for pair in pairs:
        if not isinstance(pair, tuple) or not all(isinstance(it, str) and it for it in (pair[0], *pair[1])):
            raise UsageError(f"{attribute.name}={value!r}: who sends to whom, as {{'a': ['b', 'c']}}, expected")


@attrs.frozen(kw_only=True)
class Mesh(Acknowledged):
    """Make one call of several, and let its parties hear each other as told (ng document, "`mesh` Message")."""

    command: ClassVar[str] = "mesh"
    since: ClassVar[str] = "26.1"

    calls: Sequence[str] = fields.names(needed=True)
    """The SIP Call-IDs, at least one: afterwards all of them name the one call."""
    tags: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(
        default=(),
        converter=_tags,
        validator=_are_tags,
        metadata={"key": fields.Key(write=_write_tags, read=_read_tags)},
    )
    """Who sends to whom, by their tags: ``{"a": ["b", "c"]}``."""
    unsubscribe: bool = fields.listed("unsubscribe")
    """What flowed to each that sends is ended first."""
    bidirectional: bool = fields.listed("bidirectional")
    """Each pair in both directions."""
    flags: Flags = fields.flags()
    """Further options."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.calls:
            raise UsageError("calls=(): at least one Call-ID expected")
