"""Publishers and subscribers: what the engine answers who only sends, and offers who only listens."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence

import attrs

from ... import sdp
from ...sdp import Media, Session
from ..codecs import negotiate as codecs
from ..codecs.list import CodecList
from ..codecs.negotiate import SideCodecs
from ..codecs.operations import chosen
from ..context import Context
from ..errors import NotRewritten, Refused
from ..versions import Behaviour
from .attributes import attribute_of
from .negotiate import SdpNegotiation
from .origin import own_session
from .party import EngineParty, PartyMedia
from .read import SentSection, read, read_again
from .rewrite import composed, patched

__all__ = ["SourceSection", "answer", "offer", "publish"]

_FAILED = "Failed to create SDP"
_PORT_ZERO = re.compile(r"^(m=\S+) 0+")
_ADDRESS = "192.0.2.1"
"""Stands for the engine where it is a party itself: any address but one that says nowhere."""


@attrs.frozen(kw_only=True)
class SourceSection:
    """A section that is listened to, and whose it is."""

    party: EngineParty
    media: PartyMedia


def publish(body: str, context: Context, *, publisher: EngineParty) -> str:
    """Return what the engine answers a publisher, of whom it takes one codec in each section.

    An answer of the engine's own to an offer that goes no further. Raises `Refused` with the daemon's words.
    """
    # Neither is another leg there whose protocol there was to choose.
    options = attrs.evolve(
        context.options, protocol="", mux=frozenset(), osrtp=frozenset(), ptime=0, ptime_reverse=0
    )
    context = attrs.evolve(context, options=options)
    session, sections = read(body, context)
    engine = EngineParty()
    SdpNegotiation(publisher, engine, context, is_offer=True).take(session, sections)
    # The answer's sections are the offer's, one by one, also where several have the same a=mid.
    engine.by_mid.clear()
    answering = SdpNegotiation(engine, publisher, context, is_offer=False)
    answering.take(
        own_session(session, publisher, context),
        tuple(_taken(section, answering) for section in sections),
    )
    for media in engine.medias:
        context.resources.free(media.port)
    return _composed(answering)


def _taken(section: SentSection, answering: SdpNegotiation) -> SentSection:
    """Return the section that the engine answers a publisher with, as if it was a party."""
    options = answering.codec_options
    offered = CodecList.of(section.codecs, section.media.type, answering.behaviour)
    codec = chosen(offered, options.accept)
    if codec is None or section.rejected:
        raise Refused(_FAILED)
    sends = "bidirectional" in answering.options.words and answering.behaviour.publishes_both_ways
    return attrs.evolve(
        section,
        media=_with(section.media, "mid", "label"),
        address=_ADDRESS,
        sends=sends and section.receives,
        receives=section.sends,
        cryptos=(),
        codecs=(codec,),
        extensions=section.extensions if answering.behaviour.makes_bodies else (),
    )


def offer(sources: Sequence[SourceSection], context: Context, *, subscriber: EngineParty) -> str:
    """Return what a subscriber to these sections is offered. Raises `Refused` with the daemon's words.

    It is empty, and the reply without a body, where several parties are listened to and 10.5 does not know the
    protocol of a section.
    """
    behaviour = context.behaviour
    context = attrs.evolve(context, options=attrs.evolve(context.options, ptime=0, ptime_reverse=0))
    parties = list({id(source.party): source.party for source in sources}.values())
    alone = len(parties) == 1
    if not parties or parties[0].session is None:
        raise Refused(_FAILED)
    sender = EngineParty()
    offering = _SubscriptionOffer(sender, subscriber, context, is_offer=True)
    offering.keeps = alone and behaviour.subscribes_to_last_body
    offering.passes = alone or behaviour.subscribes_sections
    if not offering.passes and not all(it.media.transport.is_known for it in sources):
        return ""
    for source in sources:
        _subscribe(source, offering)
    if offering.keeps:
        sender.session = parties[0].session
        return _patched(offering)
    if behaviour.subscribes_sections:
        sender.session = _told(parties[0], parties[0].session, behaviour, alone=alone)
    else:
        sender.session = own_session(None, subscriber, context)
    return _composed(offering)


def _patched(negotiation: SdpNegotiation) -> str:
    try:
        return patched(negotiation)
    except Refused:
        raise Refused("Failed to rewrite SDP") from None


def _composed(negotiation: SdpNegotiation) -> str:
    try:
        return composed(negotiation)
    except NotRewritten:
        raise Refused(_FAILED) from None


class _SubscriptionOffer(SdpNegotiation):
    """An offer of what sources send, which the sources know nothing of."""

    keeps = False
    """It is the last body of the one source, with the engine's lines in it."""
    passes = True
    """What the engine does not know of the sources' lines is passed on."""

    def _take_codecs(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        sent = CodecList.of(section.codecs, section.media.type, self.behaviour)
        codecs.subscribe(sent, self.codec_options, source=sender.codecs, subscriber=receiver.codecs)


def _subscribe(source: SourceSection, offering: _SubscriptionOffer) -> None:
    """Offer the section of a source, behind those that are offered already."""
    session, media = source.party.session, source.media
    if session is None or media.source is None:
        return
    behaviour, subscriber, shared = offering.behaviour, offering.receiver, len(offering.sender.medias)
    section = read_again(media.source, offering.context)
    if not offering.keeps:
        section = _heard(section, media, behaviour)
    if not offering.passes:
        section = attrs.evolve(section, media=_with(section.media, "mid"))
    index = shared
    if behaviour.shares_sections_by_mid and section.media.mid is not None:
        mids = [it.mid for it in subscriber.medias[:shared]]
        index = mids.index(section.media.mid) if section.media.mid in mids else shared
    shadow = copy.copy(media)
    shadow.index, shadow.mid, shadow.maps, shadow.port = index, None, [], 0
    shadow.codecs = SideCodecs(used=None if media.codecs.used is None else media.codecs.used.copy())
    listening = subscriber.media(index)
    if behaviour.makes_bodies:
        listening.sdes = listening.sdes or bool(media.sdes_in)
    controlling = listening.controlling
    offering.take_section(section, shadow, listening)
    # Such an offer decides nothing about the roles of ICE, where parties are subscribed.
    listening.controlling = listening.controlling if behaviour.subscribes_sections else controlling
    offering.resources.free(shadow.port)
    if index == shared:
        offering.sender.medias.append(shadow)
    else:
        # What one of two says is not what both say.
        offering.sender.medias[index].source = _with(section.media, "mid")
    inactive = behaviour.subscribes_sections and "inactive" in offering.options.words
    listening.sends = media.receives and not inactive
    listening.receives = False
    listening.controlling = listening.controlling and behaviour.subscribes_sections
    listening.label, listening.formats, listening.allows_mixed = media.label, media.formats, shadow.allows_mixed
    if behaviour.makes_bodies:
        listening.mid = None
        listening.mid = offering.made_mid(listening)
        listening.trickle = listening.trickle or section.trickle
        listening.gives_feedback = media.gives_feedback
    else:
        listening.is_zero = listening.is_zero and offering.keeps
        if media.mid is not None:
            listening.mid = media.mid
        elif "generate-mid" in offering.options.words:
            listening.mid = str(media.index + 1)
        if not offering.options.mux & {"offer", "require"}:
            listening.mux = listening.mux_of_streams = False
        if not offering.options.words & {"trickle-ICE", "trickle-ice"}:
            listening.trickle = False


def _heard(section: SentSection, media: PartyMedia, behaviour: Behaviour) -> SentSection:
    """Return a section as it is offered on: with what became of it since it was sent, where that is minded."""
    if behaviour.makes_bodies:
        if section.rejected:
            raise Refused(_FAILED)
        ufrag = section.ufrag if media.ice else None
        return attrs.evolve(section, extensions=media.extensions, cryptos=media.sdes_in, ufrag=ufrag)
    if not section.transport.is_known:
        raise Refused(_FAILED)
    # A rejected one is offered as if it was not.
    first, *rest = section.media.lines
    return attrs.evolve(section, media=attrs.evolve(section.media, lines=(_PORT_ZERO.sub(r"\1 9", first), *rest)))


def _told(party: EngineParty, session: Session, behaviour: Behaviour, *, alone: bool) -> Session:
    """Return what a subscriber is told of a source's session: less where it listens to others too."""
    dropped = {"b"} if behaviour.makes_bodies else {"b", *"iuep"}
    dropped |= set() if alone else {"a"}
    first = party.first_session
    if first is None or not behaviour.tells_first_origin:
        first = session
    origin = next((line for line in first.lines if line.startswith("o=")), "")
    kept = [origin if line.startswith("o=") else line for line in session.lines]
    lines = "".join(line for line in kept if line[:1] not in dropped)
    return sdp.parse(lines)


def answer(
    body: str,
    context: Context,
    *,
    subscriber: EngineParty,
    sources: Sequence[SourceSection],
) -> None:
    """Take the answer of a subscriber to these sections.

    Raises `Refused` for one that has not all of their codecs, unless ``allow transcoding`` lets it.
    """
    session, sections = read(body, context)
    subscriber.session = session
    answering = _SubscriptionAnswer(subscriber, EngineParty(), context, is_offer=False)
    for section, source, media in zip(sections, sources, subscriber.medias, strict=False):
        shadow = copy.copy(source.media)
        shadow.maps, shadow.port = [], 0
        answering.take_section(section, media, shadow)
        context.resources.free(shadow.port)
        media.sends, media.receives, media.is_zero = section.receives, False, False


class _SubscriptionAnswer(SdpNegotiation):
    """An answer to an offer of what a source sends, which the source is not told of."""

    def _take_codecs(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        sent = CodecList.of(section.codecs, section.media.type, self.behaviour)
        options = self.codec_options
        lenient = "allow-transcoding" in self.options.words
        if not codecs.subscribed(sent, options, source=receiver.codecs, subscriber=sender.codecs) and not lenient:
            raise Refused("Failed to process subscription answer")


def _with(media: Media, *names: str) -> Media:
    """Return a section with no other lines than the m= and c= lines, and these attributes."""
    return _filtered(media, lambda line: line[:1] in "mc" or attribute_of(line)[0] in names)


def _filtered(media: Media, stays: Callable[[str], bool]) -> Media:
    return attrs.evolve(media, lines=tuple(line for line in media.lines if stays(line)))
