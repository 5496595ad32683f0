"""What a call does with a body on its way to the daemon and back: mend it, clean it, judge it.

`outgoing` and `incoming` are the two halves. Between them stands the daemon, and behind both what the call
remembers of the last offer, `Offered`: an answer can be judged only by the offer that it answers.

Nearly always there is nothing to mend and nothing to find fault with, and bodies of the same templates were seen
before. So each half first asks what the templates say (`rtpe_ng.sdp.template`). It looks at the body itself where
they have something to say, because only the body has the words for it, and where a body has no template.
"""

from __future__ import annotations

import functools
import logging
from typing import NamedTuple, Self

import attrs

from .. import sdp
from ..errors import FlagsIgnored, UnusableReply, UsageError, printable
from ..flags import Flags, Profile
from ..legs import Leg
from ..messages import Offer, Repair, SdpReply
from ..messages.commands.fields import as_text
from ..sdp.template import Plan
from .body import REMEMBERED, CallBody
from .history import CallLog
from .mends import mended_head, mended_lines, mended_sections, without_sections
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
    body: CallBody | None = attrs.field(default=None, repr=False, eq=False)
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
    def of(cls, by: str, written: CallBody, *, sent: BodySent, back: BodyReturned, command: Offer) -> Self | None:
        """Return what to remember of an offer that was sent; None if it, or what came back, is no SDP."""
        if written.sections is None:
            written = sent.body
        sections, handed = written.sections, back.body.sections
        if sections is None or handed is None:
            return None
        # 26.0 adds sections too; what it makes of their answers is its own affair.
        mended: tuple[int, ...] = ()
        if sent.body is not written and sent.body.sections is not None:
            mended = _others(sent.body.sections, sections)
        return cls(by=by, written=sections, handed=handed, body=written, command=command, mended=mended)

    @classmethod
    def restored(
        cls, by: str, written: CallBody, *, sent: BodySent, command: Offer, own: Offered | None
    ) -> Offered | None:
        """Return what is known of an offer that another process sent; `own` is what the state of the call says."""
        if written.sections is None:
            written = sent.body
        sections = written.sections
        if sections is None:
            return own
        # The protocols on the other leg are not in this body.
        handed = OfferedSections(sections=tuple(attrs.evolve(it, protocol="", line="") for it in sections.sections))
        if own is not None and not own.is_outdated and own.written == sections:
            handed = own.handed
        return cls(by=by, written=sections, handed=handed, body=written, command=command)

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


class BodySent(NamedTuple):
    """A body on its way to the daemon."""

    body: CallBody
    """The body, mended."""
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
    sent = CallBody(text)
    if sent.template is not None and _is_sound(sent.template, profile.mends, role, to, there):
        return BodySent(body=sent)
    return _mended(sent, mends=profile.mends, role=role, to=to, whose=whose, there=there)


@functools.lru_cache(REMEMBERED)
def _is_sound(template: str, mends: frozenset[str], role: Role, to: Leg, there: OfferedSections | None) -> bool:
    """Return whether nothing has to be mended in a body with this template."""
    return not _mended(CallBody(template), mends=mends, role=role, to=to, whose="", there=there).repairs


def _mended(
    sent: CallBody, *, mends: frozenset[str], role: Role, to: Leg, whose: str, there: OfferedSections | None
) -> BodySent:
    repairs: list[Repair] = []
    if "head" in mends:
        text, found = mended_head(sent.text, whose=f"the {role} of the {whose}")
        if found:
            sent = CallBody(text)
            repairs += found
    session = sent.session
    if session is None:
        return BodySent(body=sent, repairs=tuple(repairs))
    whole = session
    if "lines" in mends and to is Leg.WEB:
        whole, found = mended_lines(whole, whose=f"the {role} of the {whose}")
        repairs += found
    if "sections" in mends and there is not None:
        whole, found = mended_sections(whole, there, is_answer=role == "answer")
        repairs += found
    return BodySent(body=sent if whole is session else CallBody(str(whole), session=whole), repairs=tuple(repairs))


class Way(NamedTuple):
    """What a body that comes back is held against, beside the body that was sent and the offer."""

    role: Role
    """What it is."""
    legs: tuple[Leg, Leg]
    """The leg of its author and that of its receiver."""
    mends: frozenset[str]
    """The mends that are on."""
    cleans: bool
    """Whether what a browser leaves behind goes from what is sent on to a phone."""
    flags: Flags
    """The flags that were sent with it."""
    offer_flags: Flags | None = None
    """For an answer: the flags of the offer; None if they are not known."""
    sections: OfferedSections | None = None
    """As `Known.sections`."""
    is_first: bool = False
    """Whether nothing was agreed upon before."""
    added: tuple[int, ...] = ()
    """For an answer: the places of sections that the call had added to the offer; they go from it again."""

    @classmethod
    def of(
        cls,
        profile: Profile,
        *,
        role: Role,
        legs: tuple[Leg, Leg],
        flags: Flags,
        sections: OfferedSections | None = None,
        is_first: bool = False,
    ) -> Self:
        """Return it for a call with this profile."""
        mends, cleans = profile.mends, profile.clean_for_sip
        return cls(role, legs, mends, cleans, flags, sections=sections, is_first=is_first)


class BodyReturned(NamedTuple):
    """A body that came back."""

    body: CallBody
    """The body to hand on: mended, and cleaned for a phone."""
    repairs: tuple[Repair, ...] = ()
    """What was mended in it."""
    ignored: tuple[Unmet, ...] = ()
    """The flags that the daemon ignored."""
    faults: tuple[Unusable, ...] = ()
    """Why it cannot be used."""


def incoming(body: str, *, way: Way, sent: CallBody, offer: CallBody | None = None) -> BodyReturned:
    """Return what came back for the body that was `sent`, ready to be handed on, and all that is wrong with it.

    `offer` is the offer that an answer answers, as its author wrote it; None if it is not known. Raises nothing.
    """
    back = CallBody(body)
    asked = None if offer is None else offer.template
    if back.template is not None and sent.template is not None and (offer is None or asked is not None):
        sound = _sound(back.template, way, sent.template, asked)
        if sound is not None:
            return BodyReturned(body=sound.after(back))
    return _returned(back, way=way, sent=sent, offer=offer)


class _Sound(NamedTuple):
    """What is known of a body that came back and with which nothing is wrong."""

    plan: Plan | None
    """What is done to it before it is handed on; None for nothing."""
    template: str
    """Its template after that."""

    def after(self, back: CallBody) -> CallBody:
        """Return what is handed on of a body that came back."""
        return back if self.plan is None else CallBody(self.plan.apply(back.text), template=self.template)


@functools.lru_cache(REMEMBERED)
def _sound(template: str, way: Way, sent: str, offer: str | None) -> _Sound | None:
    """Return what is known of a body that came back, by the templates; None if anything may be said of it."""
    back = CallBody(template)
    # A line that cannot be read is no fault if its author wrote just the same, which templates do not show.
    if back.session is None or sdp.problems(back.session):
        return None
    found = _returned(back, way=way, sent=CallBody(sent), offer=None if offer is None else CallBody(offer))
    if found.repairs or found.ignored or found.faults or found.body.session is None:
        return None
    plan = Plan.of(back.session, found.body.session)
    return None if plan is None else _Sound(None if plan.is_empty else plan, found.body.text)


def _returned(back: CallBody, *, way: Way, sent: CallBody, offer: CallBody | None) -> BodyReturned:
    known = Known(
        sent=sent.session,
        offer=None if offer is None else offer.session,
        sections=way.sections,
        flags=way.flags,
        offer_flags=way.offer_flags,
        is_first=way.is_first,
    )
    author, receiver = way.legs
    repairs: list[Repair] = []
    if "head" in way.mends:
        text, found = mended_head(back.text, whose="the daemon's reply")
        if found:
            back = CallBody(text)
            repairs += found
    session = back.session
    if session is None:
        faults = unusable(back.text, role=way.role, leg=receiver, known=known)
        return BodyReturned(body=back, repairs=tuple(repairs), faults=faults)
    whole = session
    if "lines" in way.mends and receiver is Leg.WEB:
        whole, found = mended_lines(whole, whose="the daemon's reply")
        repairs += found
    ignored = unmet(way.flags, whole, answer=way.role == "answer")
    if way.added and "sections" in way.mends:
        whole, found = without_sections(whole, way.added)
        repairs += found
        if found and known.sent is not None:
            known = attrs.evolve(known, sent=without_sections(known.sent, way.added)[0])
    if author is Leg.WEB and receiver is Leg.SIP and way.cleans:
        whole = sdp.clean_for_sip(whole)
    known = attrs.evolve(known, explained=frozenset(option.media for option in ignored))
    faults = unusable(whole, role=way.role, leg=receiver, known=known)
    return BodyReturned(
        body=back if whole is session else CallBody(str(whole), session=whole),
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
    repairs = (*sent.repairs, *back.repairs)
    if repairs or back.body.text != reply.sdp:
        reply = attrs.evolve(reply, sdp=back.body.text, repairs=repairs)
    for repair in repairs:
        _log.info("%r of call %r: mended: %s", name, call_id, printable(str(repair)))
    if strict and back.ignored:
        raise FlagsIgnored(back.ignored, reply, command=name, call_id=call_id)
    if strict and back.faults:
        raise UnusableReply(back.faults, reply, command=name, call_id=call_id)
    for found in (*back.ignored, *back.faults):
        _log.warning("%r of call %r: %s", name, call_id, printable(str(found)))
    return reply
