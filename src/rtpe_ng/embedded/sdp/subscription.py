"""Answers for publishers, offers for subscribers, and the answers of subscribers.

A subscription is an exchange of which one side is never told. A publisher's offer goes no further: the engine
answers it as if it were a party that takes one codec of each section. A subscriber is offered what sources send,
but the sources take no part in that: their sections must stay as they are. So each exchange runs through the same
`SdpNegotiation` as an offer between two parties, with stand-ins (`PartyMedia.stand_in`) in place of the side that
must not change, and with steps for codecs of its own. Afterwards the port of each stand-in is given back, and what
the negotiation decided about an ordinary call is corrected: a subscriber receives and never sends.

How the offer is made depends on the version. 10.5 patches the last body of a single source, and composes a body of
its own for several; 12.5 composes a body from the sections of all sources and passes on what it does not know of
them; 26.0 does too, but offers sections as they are negotiated by now, not as they came.
"""

import re
from collections.abc import Sequence

import attrs

from ... import sdp
from ...sdp import Media, Session
from ..codecs.list import CodecList
from ..codecs.negotiate import CodecExchange, answer_subscription, offer_subscription
from ..codecs.operations import choose
from ..errors import NotRewritten, Refused
from ..request import Context
from ..versions import Behaviour
from .attributes import attribute_of
from .negotiate import SdpNegotiation
from .origin import own_session
from .party import EngineParty, PartyMedia
from .ports import free_ports
from .read import SentSection, read, read_again
from .rewrite import composed, patched

__all__ = ["SourceSection", "answer", "offer", "publish"]

_FAILED = "Failed to create SDP"
_PORT_ZERO = re.compile(r"^(m=\S+) 0+")
_ADDRESS = "192.0.2.1"
"""Any address that does not stand for nowhere: the engine's, in the answer that it reads itself."""


@attrs.frozen(kw_only=True)
class SourceSection:
    """A section that a subscriber listens to, and the party that sends it."""

    party: EngineParty
    media: PartyMedia


def publish(body: str, context: Context, *, publisher: EngineParty) -> str:
    """Return the engine's own answer to a publisher: it takes one codec in each section.

    Raises `Refused` with the daemon's words.
    """
    # There is no other leg for which options could choose a protocol or a packet time.
    options = attrs.evolve(
        context.options, protocol="", mux=frozenset(), osrtp=frozenset(), ptime=0, ptime_reverse=0
    )
    context = attrs.evolve(context, options=options)
    session, sections = read(body, context)
    engine = EngineParty()
    SdpNegotiation(publisher, engine, context, is_offer=True).take(session, sections)
    # The answer's sections follow the offer's by their place, even if several have the same a=mid.
    engine.by_mid.clear()
    answering = SdpNegotiation(engine, publisher, context, is_offer=False)
    answering.take(
        own_session(session, publisher, context),
        tuple(_engine_answer(section, answering) for section in sections),
    )
    for media in engine.medias:
        free_ports(media, context.resources)
    return _composed(answering)


def _engine_answer(section: SentSection, answering: SdpNegotiation) -> SentSection:
    """Return the section with which the engine, as a party, answers a publisher's section."""
    offered = CodecList.of(section.codecs, section.media.type, answering.behaviour)
    codec = choose(offered, answering.options.codecs.accept)
    if codec is None or section.rejected:
        raise Refused(_FAILED)
    sends = "bidirectional" in answering.options.words and answering.behaviour.publishes_both_ways
    return attrs.evolve(
        section,
        media=_reduced(section.media, "mid", "label"),
        address=_ADDRESS,
        sends=sends and section.receives,
        receives=section.sends,
        cryptos=(),
        codecs=(codec,),
        extensions=section.extensions if answering.behaviour.makes_bodies else (),
    )


def offer(sources: Sequence[SourceSection], context: Context, *, subscriber: EngineParty) -> str:
    """Return the offer to a subscriber to these sections. Raises `Refused` with the daemon's words.

    The text is empty, and the reply has no body, if the sections belong to several parties and 10.5 does not know
    the protocol of one of them.
    """
    behaviour = context.behaviour
    context = attrs.evolve(context, options=attrs.evolve(context.options, ptime=0, ptime_reverse=0))
    parties = list({id(source.party): source.party for source in sources}.values())
    has_one_source = len(parties) == 1
    if not parties or parties[0].session is None:
        raise Refused(_FAILED)
    patches = has_one_source and behaviour.subscribes_to_last_body
    passes = has_one_source or behaviour.subscribes_sections
    if not passes and not all(source.media.transport.is_known for source in sources):
        return ""
    offering = SdpNegotiation(EngineParty(), subscriber, context, is_offer=True, take_codecs=offer_subscription)
    for source in sources:
        _offer_section(source, offering, patches=patches, passes=passes)
    if patches:
        offering.sender.session = parties[0].session
        return _patched(offering)
    if behaviour.subscribes_sections:
        offering.sender.session = _session_of(
            parties[0], parties[0].session, behaviour, has_one_source=has_one_source
        )
    else:
        offering.sender.session = own_session(None, subscriber, context)
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


def _offer_section(source: SourceSection, offering: SdpNegotiation, *, patches: bool, passes: bool) -> None:
    """Offer a source's section behind those that are offered already.

    `patches` tells that the source's last body is patched; `passes` that its unknown attributes are passed on.
    """
    media = source.media
    if source.party.session is None or media.source is None:
        return
    behaviour, subscriber, end = offering.behaviour, offering.receiver, len(offering.sender.medias)
    section = read_again(media.source, offering.context)
    if not patches:
        section = _current(section, media, behaviour)
    if not passes:
        section = attrs.evolve(section, media=_reduced(section.media, "mid"))
    index = end
    if behaviour.shares_sections_by_mid and section.media.mid is not None:
        mids = [offered.mid for offered in subscriber.medias[:end]]
        index = mids.index(section.media.mid) if section.media.mid in mids else end
    stand_in, offered = media.stand_in(index), subscriber.media(index)
    if behaviour.makes_bodies:
        offered.sdes = offered.sdes or bool(media.sdes_in)
    controlling = offered.controlling
    offering.take_section(section, stand_in, offered)
    # Where whole parties are subscribed, such an offer leaves the roles of ICE alone.
    offered.controlling = offered.controlling if behaviour.subscribes_sections else controlling
    free_ports(stand_in, offering.resources)
    if index == end:
        offering.sender.medias.append(stand_in)
    else:
        # Only what holds for both sections is offered of a section that two sources share.
        offering.sender.medias[index].source = _reduced(section.media, "mid")
    offered.allows_mixed = stand_in.allows_mixed
    _adjust(offered, section, media, offering, patches=patches)


def _adjust(
    offered: PartyMedia, section: SentSection, media: PartyMedia, offering: SdpNegotiation, *, patches: bool
) -> None:
    """Correct what the negotiation decided for a section that the subscriber only receives."""
    options, behaviour = offering.options, offering.behaviour
    is_inactive = behaviour.subscribes_sections and "inactive" in options.words
    offered.sends = media.receives and not is_inactive
    offered.receives = False
    offered.controlling = offered.controlling and behaviour.subscribes_sections
    offered.label, offered.formats = media.label, media.formats
    if behaviour.makes_bodies:
        offered.mid = None
        offered.mid = offering.generated_mid(offered)
        offered.trickle = offered.trickle or section.trickle
        offered.gives_feedback = media.gives_feedback
        return
    offered.is_zero = offered.is_zero and patches
    if media.mid is not None:
        offered.mid = media.mid
    elif "generate-mid" in options.words:
        offered.mid = str(media.index + 1)
    if not options.mux & {"offer", "require"}:
        offered.mux = offered.mux_of_streams = False
    if "trickle-ICE" not in options.words:
        offered.trickle = False


def _current(section: SentSection, media: PartyMedia, behaviour: Behaviour) -> SentSection:
    """Return a source's section as it is offered on: 26.0 adds what was negotiated since it was sent."""
    if behaviour.makes_bodies:
        if section.rejected:
            raise Refused(_FAILED)
        ufrag = section.ufrag if media.ice else None
        return attrs.evolve(section, extensions=media.extensions, cryptos=media.sdes_in, ufrag=ufrag)
    if not section.transport.is_known:
        raise Refused(_FAILED)
    # A rejected section is offered like any other.
    first, *rest = section.media.lines
    return attrs.evolve(section, media=attrs.evolve(section.media, lines=(_PORT_ZERO.sub(r"\1 9", first), *rest)))


def _session_of(party: EngineParty, session: Session, behaviour: Behaviour, *, has_one_source: bool) -> Session:
    """Return the session that a subscriber is offered: a source's, with fewer lines if there are others too."""
    dropped = {"b"} if behaviour.makes_bodies else {"b", *"iuep"}
    dropped |= set() if has_one_source else {"a"}
    first = party.first_session
    if first is None or not behaviour.tells_first_origin:
        first = session
    origin = next((line for line in first.lines if line.startswith("o=")), "")
    lines = [origin if line.startswith("o=") else line for line in session.lines]
    return sdp.parse("".join(line for line in lines if line[:1] not in dropped))


def answer(
    body: str,
    context: Context,
    *,
    subscriber: EngineParty,
    sources: Sequence[SourceSection],
) -> None:
    """Take the answer of a subscriber to these sections.

    Raises `Refused` for an answer that lacks one of their codecs, unless ``allow transcoding`` permits that.
    """

    def take_codecs(exchange: CodecExchange) -> None:
        if not answer_subscription(exchange) and "allow-transcoding" not in context.options.words:
            raise Refused("Failed to process subscription answer")

    session, sections = read(body, context)
    subscriber.session = session
    answering = SdpNegotiation(subscriber, EngineParty(), context, is_offer=False, take_codecs=take_codecs)
    for section, source, media in zip(sections, sources, subscriber.medias, strict=False):
        stand_in = source.media.stand_in(source.media.index)
        answering.take_section(section, media, stand_in)
        free_ports(stand_in, context.resources)
        media.sends, media.receives, media.is_zero = section.receives, False, False


def _reduced(media: Media, *names: str) -> Media:
    """Return a section with its m= and c= lines and the named attributes alone."""
    return attrs.evolve(
        media,
        lines=tuple(line for line in media.lines if line[:1] in "mc" or attribute_of(line)[0] in names),
    )
