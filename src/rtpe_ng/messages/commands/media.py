"""Commands that keep media from passing: block and silence media, block DTMF, and the commands that end it.

All of them mean the whole call, or one party of it, whose packets they keep back. A daemon since 12.4 takes a tag
for a hint only, unless the word ``directional`` stands beside it; so that word is always sent with a tag. A command
that begins something is `Paired` with the one that ends it, and repeats to it whom it meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, TypeAlias

import attrs

from ...errors import UsageError
from ...flags import Flags
from ...flags.vocabulary import DtmfSecurity
from ...keys import Key, choice, is_text
from ..replies.base import Done
from .base import Acknowledged, Command, Paired, R_co, check_clash
from .fields import NAMED, NO_FLAGS, as_flags, option
from .participant import ONE_PARTY, OTHER_PARTY, Participant

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
"""Flows of one kind: those of offers and answers, those of subscriptions, or all."""


@attrs.frozen(kw_only=True)
class OfParty(Command[R_co]):
    """A command about the packets of one party of a call, or of all of them."""

    call_id: str = attrs.field(validator=is_text, metadata=NAMED)
    """The SIP Call-ID."""
    participant: Participant | None = attrs.field(
        default=None, validator=attrs.validators.optional(ONE_PARTY), metadata=ONE_PARTY.metadata
    )
    """The party whose packets are meant; without it, those of the whole call."""
    flags: Flags = attrs.field(default=NO_FLAGS, converter=as_flags)
    """Further options."""

    def __attrs_post_init__(self) -> None:
        check_clash(self)

    def _selected(self, party: Participant, key: Key) -> dict[str, Any]:
        # Without this word a daemon since 12.4 takes a tag for a mere hint, and acts on the whole call.
        word = {"flags": ["directional"]} if key.key == "from-tag" else {}
        return super()._selected(party, key) | word


@attrs.frozen(kw_only=True)
class Directional(OfParty[Done], Acknowledged):
    """What blocking, silencing and forwarding have in common."""


@attrs.frozen(kw_only=True)
class BlockDtmf(Directional, Paired[Done]):
    """Keep DTMF events (RFC 4733) from passing (ng document, "`block DTMF` and `unblock DTMF` Messages").

    With `dtmf_security` something else is sent in their place ("`DTMF-security`" in "`offer` Message"), and with
    `trigger` the blocking begins when the party dials those digits.
    """

    command: ClassVar[str] = "block DTMF"
    since: ClassVar[str] = "6.5"
    counter: ClassVar[str] = "blkdtmf"
    block: ClassVar[str] = "dtmf_blocked"

    dtmf_security: DtmfSecurity | None = option("dtmf_security", since="10.3")
    """What is sent in place of an event; ``drop`` sends nothing."""
    digit: str | None = option("digit", since="10.3")
    """The digit that is sent in its place, where `dtmf_security` is ``DTMF``."""
    frequency: int | None = option("frequency", since="10.3")
    """The pitch of the tone that is sent in its place, where `dtmf_security` is ``tone``; 400 Hz where none is
    given."""
    frequencies: Sequence[int] = option("frequencies")
    """Several pitches, taken in turn; a daemon before 11.2 ignores them."""
    volume: int | None = option("volume", since="10.3")
    """How loud the tone is: decibels below the loudest, with or without the sign; 10 where it is not given."""
    trigger: str | None = option("trigger", since="10.3")
    """The DTMF digits that begin the blocking when they are dialled."""
    trigger_end: str | None = option("trigger_end", since="10.3")
    """The DTMF digits that end it."""
    trigger_end_time: int | None = option("trigger_end_time", since="10.3")
    """After how many milliseconds it ends at the latest."""
    trigger_end_digits: int | None = option("trigger_end_digits", since="10.3")
    """After how many further digits it ends at the latest."""
    delay_buffer: int | None = option("delay_buffer", since="10.3")
    """By how many milliseconds the audio is delayed, so that an event is known before it begins to pass."""

    def end(self, _: Done | None = None, /) -> UnblockDtmf:
        """Let DTMF events pass again, and end the delay where there is one."""
        delay_buffer = None if self.delay_buffer is None else 0
        return UnblockDtmf(call_id=self.call_id, participant=self.participant, delay_buffer=delay_buffer)


@attrs.frozen(kw_only=True)
class UnblockDtmf(Directional):
    """Let DTMF events pass again after `BlockDtmf` (ng document, "`block DTMF` and `unblock DTMF` Messages").

    Without a participant, the parties that were chosen one by one stay blocked; ``Participant.ALL`` ends that too.
    """

    command: ClassVar[str] = "unblock DTMF"
    since: ClassVar[str] = "6.5"
    counter: ClassVar[str] = "unblkdtmf"

    delay_buffer: int | None = option("delay_buffer", since="10.3")
    """By how many milliseconds the audio is delayed from now on; 0 ends the delay."""


@attrs.frozen(kw_only=True)
class _OfFlows(Directional):
    """What the commands about media have in common: they may mean one flow of several."""

    toward: Participant | None = attrs.field(
        default=None, validator=attrs.validators.optional(OTHER_PARTY), metadata=OTHER_PARTY.metadata
    )
    """Only what goes to this party: ``Participant.tag(...)`` or ``.label(...)``."""
    flows: Flows | None = choice("all", Flows, since="11.1")
    """Only these flows of the participant: those of its offers and answers (``offer-answer``), those of
    subscriptions (``except-offer-answer``), or all (``flows``)."""

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
class BlockMedia(_OfFlows, Paired[Done]):
    """Keep media from passing, but not DTMF events (ng document, "`block media` and `unblock media` Messages")."""

    command: ClassVar[str] = "block media"
    since: ClassVar[str] = "6.5"
    counter: ClassVar[str] = "blkmedia"
    block: ClassVar[str] = "blocked"

    def end(self, _: Done | None = None, /) -> UnblockMedia:
        """Let the same media pass again."""
        return UnblockMedia(
            call_id=self.call_id, participant=self.participant, toward=self.toward, flows=self.flows
        )


@attrs.frozen(kw_only=True)
class UnblockMedia(_OfFlows):
    """Let media pass again after `BlockMedia` (ng document, "`block media` and `unblock media` Messages").

    Without a participant, the parties that were chosen one by one stay blocked; ``Participant.ALL`` ends that too.
    """

    command: ClassVar[str] = "unblock media"
    since: ClassVar[str] = "6.5"
    counter: ClassVar[str] = "unblkmedia"


@attrs.frozen(kw_only=True)
class SilenceMedia(_OfFlows, Paired[Done]):
    """Replace audio by silence (ng document, "`silence media` and `unsilence media` Messages").

    The daemon does so for G.711 and G.722 only.
    """

    command: ClassVar[str] = "silence media"
    since: ClassVar[str] = "10.0"
    counter: ClassVar[str] = "slnmedia"
    block: ClassVar[str] = "silenced"

    def end(self, _: Done | None = None, /) -> UnsilenceMedia:
        """Let the same audio pass again."""
        return UnsilenceMedia(
            call_id=self.call_id, participant=self.participant, toward=self.toward, flows=self.flows
        )


@attrs.frozen(kw_only=True)
class UnsilenceMedia(_OfFlows):
    """Let audio pass again after `SilenceMedia` (ng document, "`silence media` and `unsilence media` Messages").

    Without a participant, the parties that were chosen one by one stay silent; ``Participant.ALL`` ends that too.
    """

    command: ClassVar[str] = "unsilence media"
    since: ClassVar[str] = "10.0"
    counter: ClassVar[str] = "unslnmedia"
