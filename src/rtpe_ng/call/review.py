"""What a call does with a body on its way to the daemon and back: mend it, clean it, and look whether it can be used.

`outgoing` and `incoming` are the two halves. Between them stands the daemon, and behind both what the call remembers
of the last offer, `Offered`: an answer can be judged only by the offer that it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import attrs

from .. import sdp
from ..errors import UsageError
from ..flags import Flags, Profile
from ..legs import Leg
from ..messages import Offer, Repair
from .mends import accepted_codecs, mended_head, mended_lines, mended_sections, readable, without_sections
from .sections import OfferedSections
from .usable import Known, Role, Unusable, unusable
from .verify import Unmet, unmet

Codecs = frozenset[tuple[int, str, int | None]]


@attrs.frozen(kw_only=True)
class Offered:
    """What a call remembers of an offer. `str` writes the part that goes into the exported state; no secret is in it."""

    by: str
    """Who offered: ``caller`` or ``callee``."""
    written: OfferedSections
    """The sections as the offerer wrote them."""
    handed: OfferedSections
    """The sections as they were handed to the other party."""
    session: sdp.Session | None = attrs.field(default=None, repr=False, eq=False)
    """The offer as the offerer wrote it; None if it is not known, as after a call was restored."""
    command: Offer | None = attrs.field(default=None, repr=False, eq=False)
    """The request, which goes out again before an answer with other codecs; None if it is not known."""
    answered: Codecs | None = attrs.field(default=None, repr=False, eq=False)
    """The codecs that the last answer to it accepted; None without an answer, or if it is not known."""

    @property
    def flags(self) -> Flags | None:
        """The flags that it was sent with; None if they are not known."""
        return self.command.flags if self.command is not None else None

    @property
    def added(self) -> tuple[int, ...]:
        """The places of the sections that the call had added: the offerer does not know of them."""
        places = self.handed.places(self.written.sections)
        if places is None or len(self.written.sections) >= len(self.handed.sections):
            return ()
        return tuple(place for place in range(len(self.handed.sections)) if place not in places)

    def known_to(self, party: str) -> OfferedSections:
        """Return the sections as this party has seen them."""
        return self.written if party == self.by and not self.added else self.handed

    def __str__(self) -> str:
        return f"{self.by[-1]}{self.written}+{self.handed}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that `str` wrote. Raises `UsageError` for anything else."""
        parties = {"r": "caller", "e": "callee"}
        written, plus, handed = text[1:].partition("+")
        if text[:1] not in parties or not plus:
            raise UsageError(f"no offer that a call remembers: {text[:32]!r}")
        return cls(
            by=parties[text[0]], written=OfferedSections.parse(written), handed=OfferedSections.parse(handed)
        )


@attrs.frozen(kw_only=True)
class BodySent:
    """A body on its way to the daemon."""

    body: str = attrs.field(repr=False)
    """The body, mended."""
    session: sdp.Session | None = attrs.field(repr=False)
    """The same, read; None if it is no SDP."""
    repairs: tuple[Repair, ...] = ()
    """What was mended."""


def outgoing(
    body: str, *, profile: Profile, role: Role, to: Leg, whose: str, there: OfferedSections | None
) -> BodySent:
    """Return a body of `whose`, ready to be sent.

    `to` is the leg of its receiver. `there` are the sections that it must have: those of the offer that it answers,
    or, for a re-offer, those of the session so far; None if they are not known. Raises nothing.
    """
    repairs: list[Repair] = []
    if "head" in profile.mends:
        body, found = mended_head(body, whose=f"the {role} of the {whose}")
        repairs += found
    session = readable(body)
    if session is None:
        return BodySent(body=body, session=None, repairs=tuple(repairs))
    whole = session
    if "lines" in profile.mends and to is Leg.WEB:
        whole, found = mended_lines(whole, whose=f"the {role} of the {whose}")
        repairs += found
    if "sections" in profile.mends and there is not None:
        whole, found = mended_sections(whole, there, is_answer=role == "answer")
        repairs += found
    return BodySent(body=body if whole is session else str(whole), session=whole, repairs=tuple(repairs))


@attrs.frozen(kw_only=True)
class BodyReturned:
    """A body that came back."""

    body: str = attrs.field(repr=False)
    """The body to hand on: mended, and cleaned for a phone."""
    session: sdp.Session | None = attrs.field(repr=False)
    """The same, read; None if it is no SDP."""
    repairs: tuple[Repair, ...] = ()
    """What was mended in it."""
    ignored: tuple[Unmet, ...] = ()
    """The flags that the daemon ignored."""
    faults: tuple[Unusable, ...] = ()
    """Why it cannot be used."""


def incoming(
    body: str,
    *,
    profile: Profile,
    role: Role,
    path: tuple[Leg, Leg],
    known: Known,
    added: Sequence[int] = (),
) -> BodyReturned:
    """Return what came back, ready to be handed on, and all that is wrong with it.

    `path` is the leg of the body's author and that of its receiver. `added` are the places of sections that the call
    had added to the offer; they go from its answer again. Raises nothing.
    """
    author, receiver = path
    repairs: list[Repair] = []
    if "head" in profile.mends:
        body, found = mended_head(body, whose="the daemon's reply")
        repairs += found
    session = readable(body)
    if session is None:
        faults = unusable(body, role=role, leg=receiver, known=known)
        return BodyReturned(body=body, session=None, repairs=tuple(repairs), faults=faults)
    whole = session
    if "lines" in profile.mends and receiver is Leg.WEB:
        whole, found = mended_lines(whole, whose="the daemon's reply")
        repairs += found
    ignored = unmet(known.flags, whole, answer=role == "answer")
    if added:
        whole, found = without_sections(whole, added)
        repairs += found
        if found and known.sent is not None:
            known = attrs.evolve(known, sent=without_sections(known.sent, added)[0])
    if author is Leg.WEB and receiver is Leg.SIP and profile.clean_for_sip:
        whole = sdp.clean_for_sip(whole)
    known = attrs.evolve(known, explained=frozenset(option.media for option in ignored))
    faults = unusable(whole, role=role, leg=receiver, known=known)
    return BodyReturned(
        body=body if whole is session else str(whole),
        session=whole,
        repairs=tuple(repairs),
        ignored=ignored,
        faults=faults,
    )


def needs_offer_again(answer: sdp.Session | None, offered: Offered, *, is_repeated: bool) -> bool:
    """Return whether the offer has to go out again before this answer.

    `is_repeated` says that there was an answer to the same offer before. If its codecs are not known, any codec may
    be a new one.
    """
    if answer is None or not is_repeated:
        return False
    return offered.answered is None or not accepted_codecs(answer) <= offered.answered
