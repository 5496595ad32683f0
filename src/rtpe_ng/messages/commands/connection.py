"""Commands that connect parties without offer and answer: inject start and stop, connect, mesh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs

from ...errors import UsageError
from ...flags import Flags
from ...keys import Key, is_text, is_texts, metadata, text
from ..replies.base import Done
from .base import Acknowledged, Paired
from .fields import NAMED, NO_FLAGS, as_flags, as_texts, option
from .participant import ANY_PARTY, Participant

__all__ = ["Connect", "InjectStart", "InjectStop", "Mesh"]


@attrs.frozen(kw_only=True)
class _Injection(Acknowledged):
    """What the two commands have in common."""

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID of the party that hears the audio."""
    to_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The tag of the party that hears the audio."""
    source_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The tag of the party whose audio it is."""
    source_call_id: str | None = text("source-call-id")
    """The SIP Call-ID of that party, where it is in another call: the daemon makes one call of both."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""


@attrs.frozen(kw_only=True)
class InjectStart(_Injection, Paired[Done]):
    """Mix the audio of one party into what another hears, one way (ng document, "`inject start` Message")."""

    command: ClassVar[str] = "inject start"
    since: ClassVar[str] = "26.0"
    counter: ClassVar[str] = "injstart"
    block: ClassVar[str] = "injection"

    def end(self, _: Done | None = None, /) -> InjectStop:
        """Stop mixing the same audio in."""
        return InjectStop(
            call_id=self.call_id,
            to_tag=self.to_tag,
            source_tag=self.source_tag,
            source_call_id=self.source_call_id,
        )


@attrs.frozen(kw_only=True)
class InjectStop(_Injection):
    """Stop what `InjectStart` began, named in the same way (ng document, "`inject stop` Message")."""

    command: ClassVar[str] = "inject stop"
    since: ClassVar[str] = "26.0"
    counter: ClassVar[str] = "injstop"


@attrs.frozen(kw_only=True)
class Connect(Acknowledged):
    """Connect two parties, also of two calls, without offer and answer (ng document, "`connect` Message")."""

    command: ClassVar[str] = "connect"
    since: ClassVar[str] = "13.2"
    counter: ClassVar[str] = "conn"

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID of the first party."""
    participant: Participant = attrs.field(validator=ANY_PARTY, metadata=ANY_PARTY.metadata)
    """The first party; several with `directional` only."""
    to_tag: str = attrs.field(validator=is_text, metadata=NAMED)
    """The tag of the second party."""
    to_call_id: str | None = text("to-call-id")
    """The SIP Call-ID of the second party, where it is in another call: the daemon makes one call of both."""
    # The daemon has read it here from the first version with this command on; elsewhere it came later.
    directional: bool = option("directional", since="10.5")
    """The second party gets a copy of what the first sends; other media flows as before."""
    bidirectional: bool = option("bidirectional")
    """With `directional`: in the other direction too."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.participant.by in ("tags", "all") and not self.directional:
            raise UsageError("several parties are connected with directional=True only")
        if self.bidirectional and not self.directional:
            raise UsageError("bidirectional=True goes with directional=True: both ways is what connect does else")


def _as_tags(value: Mapping[str, str | Sequence[str]] | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    tags: Any = () if value is None else value
    if isinstance(tags, Mapping):
        tags = tuple((tag, (heard,) if isinstance(heard, str) else tuple(heard)) for tag, heard in tags.items())
    return tags  # type: ignore[no-any-return]  # what else it may be is left to the check


def _write_tags(tags: tuple[tuple[str, tuple[str, ...]], ...]) -> list[dict[str, str | list[str]]]:
    return [{"from": source, "to": list(targets)} for source, targets in tags]


def _read_tags(pairs: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {pair["from"]: pair["to"] for pair in pairs}


def _are_tags(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    pairs = value if isinstance(value, tuple) else (None,)
    for pair in pairs:
        if not isinstance(pair, tuple) or not all(isinstance(tag, str) and tag for tag in (pair[0], *pair[1])):
            raise UsageError(f"{attribute.name}={value!r}: who sends to whom, as {{'a': ['b', 'c']}}, expected")


@attrs.frozen(kw_only=True)
class Mesh(Acknowledged):
    """Make one call of several, and say which party hears which (ng document, "`mesh` Message")."""

    command: ClassVar[str] = "mesh"
    since: ClassVar[str] = "26.1"
    counter: ClassVar[str] = "mesh"

    calls: tuple[str, ...] = attrs.field(converter=as_texts, validator=is_texts, metadata=NAMED)
    """The SIP Call-IDs, at least one: afterwards all of them name the one call."""
    tags: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(
        default=(),
        converter=_as_tags,
        validator=_are_tags,
        metadata=metadata(Key(write=_write_tags, read=_read_tags)),
    )
    """The tags of the parties that send, each with the tags of those that hear it: ``{"a": ["b", "c"]}``."""
    unsubscribe: bool = option("unsubscribe")
    """First end what flowed to each of the parties that send."""
    bidirectional: bool = option("bidirectional")
    """Connect each pair in both directions."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.calls:
            raise UsageError("calls=(): at least one Call-ID expected")
