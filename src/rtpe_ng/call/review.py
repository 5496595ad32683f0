"""What a call does with a body on its way to the daemon and back: mend it, clean it, judge it.

`outgoing` and `incoming` are the two halves. Between them stands the daemon, and behind both what the call
remembers of the last offer, `Offered`: an answer can be judged only by the offer that it answers.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Self

import attrs

from .. import sdp
from ..errors import FlagsIgnored, UnusableReply, UsageError, printable
from ..flags import Flags, Profile
from ..legs import Leg
from ..messages import Offer, Repair, SdpReply
from ..messages.commands.fields import as_text
from .history import CallLog
from .mends import mended_head, mended_lines, mended_sections, readable, without_sections
from .negotiation import LETTERS
from .sections import OfferedSections
from .usable import Known, Role, Unusable, unusable
from .verify import Unmet, unmet

_log = CallLog(logging.getLogger("rtpe_ng"))


@attrs.frozen(kw_only=True)
class Offered:
    """What a call remembers of an offer. `str` writes what goes into the exported state; no secret is in it."""

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
    mended: tuple[int, ...] | None = attrs.field(default=None, repr=False, eq=False)
    """The places of the sections that a mend had added; None after a call was restored, when the sections tell."""
    is_outdated: bool = False
    """Whether other offers may have followed it, which are not known here."""

    @property
    def flags(self) -> Flags | None:
        """The flags that it was sent with; None if they are not known."""
        return self.command.flags if self.command is not None else None

    @property
    def added(self) -> tuple[int, ...]:
        """The places of the sections that the call had added: the offerer does not know of them."""
        if self.mended is not None:
            return self.mended
        return _others(self.handed, self.written)

    def known_to(self, party: str) -> OfferedSections:
        """Return the sections as this party has seen them."""
        return self.written if party == self.by and not self.added else self.handed

    def __str__(self) -> str:
        by = LETTERS[self.by]
        return f"{by.upper() if self.is_outdated else by}{self.written}--{self.handed}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that `str` wrote. Raises `UsageError` for anything else."""
        parties = {letter: party for party, letter in LETTERS.items()}
        written, between, handed = text[1:].partition("--")
        if text[:1].lower() not in parties or not between:
            raise UsageError(f"no offer that a call remembers: {text[:32]!r}")
        return cls(
            by=parties[text[:1].lower()],
            written=OfferedSections.parse(written),
            handed=OfferedSections.parse(handed),
            is_outdated=text[:1].isupper(),
        )

    @classmethod
    def of(cls, by: str, body: str, *, sent: BodySent, back: BodyReturned, command: Offer) -> Self | None:
        """Return what to remember of an offer that was sent; None if it, or what came back, is no SDP."""
        written = readable(body) or sent.session
        if written is None or back.session is None:
            return None
        return cls(
            by=by,
            written=OfferedSections.of(written),
            handed=OfferedSections.of(back.session),
            session=written,
            command=command,
            # 26.0 adds sections too; what it makes of their answers is its own affair.
            mended=_others(OfferedSections.of(sent.session), OfferedSections.of(written)) if sent.session else (),
        )

    @classmethod
    def restored(cls, by: str, body: str, *, sent: BodySent, command: Offer, own: Offered | None) -> Offered | None:
        """Return what is known of an offer that another process sent; `own` is what the state of the call says."""
        written = readable(body) or sent.session
        if written is None:
            return own
        sections = OfferedSections.of(written)
        # The protocols on the other leg are not in this body.
        handed = OfferedSections(sections=tuple(attrs.evolve(it, protocol="", line="") for it in sections.sections))
        if own is not None and not own.is_outdated and own.written == sections:
            handed = own.handed
        return cls(by=by, written=sections, handed=handed, session=written, command=command)

    @property
    def for_state(self) -> Self | None:
        """The same for the exported state of a call; None if it is too long for that."""
        return self if len(str(self)) <= LONGEST_IN_STATE else None


def _others(all_of_them: OfferedSections, some: OfferedSections) -> tuple[int, ...]:
    """Return the places of the sections that are not among `some`."""
    places = all_of_them.places(some.sections)
    if places is None:
        return ()
    return tuple(place for place in range(len(all_of_them.sections)) if place not in places)


LONGEST_IN_STATE = 800
"""How long the text of an offer in the state of a call may be, in characters: some hundred sections."""


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
    body: str | bytes, *, profile: Profile, role: Role, to: Leg, whose: str, there: OfferedSections | None
) -> BodySent:
    """Return a body of `whose`, ready to be sent.

    `to` is the leg of its receiver. `there` are the sections that it must have: those of the offer that it answers,
    or, for a re-offer, those of the session so far; None if they are not known. Raises `UsageError` if `body` is
    neither text nor bytes.
    """
    text = as_text(body)
    if not isinstance(text, str):
        raise UsageError(f"sdp: str or bytes expected, not {type(text).__name__}")
    repairs: list[Repair] = []
    if "head" in profile.mends:
        text, found = mended_head(text, whose=f"the {role} of the {whose}")
        repairs += found
    session = readable(text)
    if session is None:
        return BodySent(body=text, session=None, repairs=tuple(repairs))
    whole = session
    if "lines" in profile.mends and to is Leg.WEB:
        whole, found = mended_lines(whole, whose=f"the {role} of the {whose}")
        repairs += found
    if "sections" in profile.mends and there is not None:
        whole, found = mended_sections(whole, there, is_answer=role == "answer")
        repairs += found
    return BodySent(body=text if whole is session else str(whole), session=whole, repairs=tuple(repairs))


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

    `path` is the leg of the body's author and that of its receiver. `added` are the places of sections that the
    call had added to the offer; they go from its answer again. Raises nothing.
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
    if added and "sections" in profile.mends:
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


def judged(
    reply: SdpReply, sent: BodySent, back: BodyReturned, *, name: Role, call_id: str, strict: bool
) -> SdpReply:
    """Return the reply to hand on, with its repairs, and log these and all that is wrong with it.

    Raises `FlagsIgnored` or `UnusableReply` for what is wrong, if the call is `strict`.
    """
    reply = attrs.evolve(reply, sdp=back.body, repairs=(*sent.repairs, *back.repairs))
    for repair in reply.repairs:
        _log.info("%r of call %r: mended: %s", name, call_id, printable(str(repair)))
    if strict and back.ignored:
        raise FlagsIgnored(back.ignored, reply, command=name, call_id=call_id)
    if strict and back.faults:
        raise UnusableReply(back.faults, reply, command=name, call_id=call_id)
    for found in (*back.ignored, *back.faults):
        _log.warning("%r of call %r: %s", name, call_id, printable(str(found)))
    return reply


def known_of_answer(offered: Offered | None, *, sent: sdp.Session | None, flags: Flags) -> Known:
    """Return what is known when the answer to this offer is looked at."""
    if offered is None:
        return Known(sent=sent, flags=flags)
    return Known(sent=sent, offer=offered.session, sections=offered.written, flags=flags, offer_flags=offered.flags)
