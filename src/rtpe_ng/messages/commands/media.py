"""Commands that keep media from passing: block and silence media, block DTMF, and their ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias

import attrs

from ...errors import UsageError
from . import fields
from .directional import Directional
from .participant import Participant, toward

__all__ = [
    "BlockDtmf",
    "BlockMedia",
    "DtmfSecurity",
    "Flows",
    "SilenceMedia",
    "UnblockDtmf",
    "UnblockMedia",
    "UnsilenceMedia",
]

Flows: TypeAlias = Literal["offer-answer", "except-offer-answer", "flows"]
DtmfSecurity: TypeAlias = Literal["drop", "silence", "tone", "random", "zero", "DTMF", "off"]


@attrs.frozen(kw_only=True)
class BlockDtmf(Directional):
    """Let no DTMF event (RFC 4733) pass (ng document, "`block DTMF` and `unblock DTMF` Messages").

    With `dtmf_security` something else is sent in its place ("`DTMF-security`" in "`offer` Message"), and with
    `trigger` it begins when the party dials those digits.
    """

    command: ClassVar[str] = "block DTMF"
    since: ClassVar[str] = "6.5"

    dtmf_security: DtmfSecurity | None = fields.choice(DtmfSecurity, key="DTMF-security", since="10.3")
    """What is sent in place of an event; ``drop`` sends nothing."""
    digit: str | None = fields.optional(fields.is_name, since="10.3")
    """The event that is sent in its place, where `dtmf_security` is ``DTMF``."""
    frequencies: Sequence[int] = fields.counts(1, 3999, key="frequency", since="10.3", unit=" Hz")
    """The tones that are sent in its place, in Hz, where `dtmf_security` is ``tone``."""
    volume: int | None = fields.count(-63, 63, since="10.3", unit=" dB")
    """How loud the tone is, in decibels below the loudest."""
    trigger: str | None = fields.optional(fields.is_name, since="10.3")
    """The digits that begin the blocking when they are dialled."""
    trigger_end: str | None = fields.optional(fields.is_name, since="10.3")
    """The digits that end it."""
    trigger_end_time: int | None = fields.count(0, since="10.3", unit=" ms")
    """After how many milliseconds it ends."""
    trigger_end_digits: int | None = fields.count(0, since="10.3")
    """After how many digits it ends."""
    delay_buffer: int | None = fields.count(0, since="10.3", unit=" ms")
    """By how many milliseconds the audio is delayed, so that an event is known before it has begun to pass."""


@attrs.frozen(kw_only=True)
class UnblockDtmf(Directional):
    """End what `BlockDtmf` began (ng document, "`block DTMF` and `unblock DTMF` Messages").

    Without a participant, those that were chosen one by one stay blocked; ``Participant.ALL`` ends them too.
    """

    command: ClassVar[str] = "unblock DTMF"
    since: ClassVar[str] = "6.5"

    delay_buffer: int | None = fields.count(0, since="10.3", unit=" ms")
    """By how many milliseconds the audio is delayed from now on; 0 for not at all."""


@attrs.frozen(kw_only=True)
class _Media(Directional):
    """What the commands about media have in common: they may mean one flow of several."""

    toward: Participant | None = toward()
    """Only what goes to this one: ``Participant.tag(...)`` or ``.label(...)``."""
    flows: Flows | None = fields.choice(Flows, key="all", since="11.1")
    """Only these flows of the participant: those of its offers and answers, those of subscriptions, or all."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        one = self.participant is not None and self.participant.by != "all"
        if (self.toward or self.flows) and not one:
            raise UsageError(
                "toward= and flows= choose among the flows of one party: say whose, such as "
                "participant=Participant.tag(...)"
            )
        if self.toward and self.flows:
            raise UsageError("toward= or flows=, not both: the daemon would look at the first alone")


@attrs.frozen(kw_only=True)
class BlockMedia(_Media):
    """Let no media pass, while DTMF events do (ng document, "`block media` and `unblock media` Messages")."""

    command: ClassVar[str] = "block media"
    since: ClassVar[str] = "6.5"


@attrs.frozen(kw_only=True)
class UnblockMedia(_Media):
    """End what `BlockMedia` began (ng document, "`block media` and `unblock media` Messages").

    Without a participant, those that were chosen one by one stay blocked; ``Participant.ALL`` ends them too.
    """

    command: ClassVar[str] = "unblock media"
    since: ClassVar[str] = "6.5"


@attrs.frozen(kw_only=True)
class SilenceMedia(_Media):
    """Replace audio by silence (ng document, "`silence media` and `unsilence media` Messages").

    It is done for G.711 and G.722 only.
    """

    command: ClassVar[str] = "silence media"
    since: ClassVar[str] = "10.0"


@attrs.frozen(kw_only=True)
class UnsilenceMedia(_Media):
    """End what `SilenceMedia` began (ng document, "`silence media` and `unsilence media` Messages").

    Without a participant, those that were chosen one by one stay silent; ``Participant.ALL`` ends them too.
    """

    command: ClassVar[str] = "unsilence media"
    since: ClassVar[str] = "10.0"
