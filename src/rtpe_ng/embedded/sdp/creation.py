"""Parties of the engine's own making: the offer that ``create`` makes, and the answer to it."""

from collections.abc import Sequence

import attrs

from ... import sdp
from ..codecs import operations
from ..codecs.list import CodecList
from ..codecs.negotiate import answer_creation
from ..request import Context
from .ice import start_ice
from .negotiate import SdpNegotiation
from .origin import own_session
from .party import EngineParty, PartyMedia
from .ports import free_ports, open_ports
from .read import read
from .rewrite import composed
from .security import secure, shake_hands
from .transport import MediaTransport

__all__ = ["NewSection", "answer", "offer"]

_PLAIN = MediaTransport.named("RTP/AVP")


@attrs.frozen(kw_only=True)
class NewSection:
    """A section to create (ng document, "`create` and `create answer` Messages")."""

    type: str = "audio"
    codecs: tuple[str, ...] = ()
    """Their names; if there are none, the option ``codec`` names them."""


def offer(sections: Sequence[NewSection], context: Context, *, party: EngineParty) -> str:
    """Return an offer of the engine's own with these sections; without any, with one of audio."""
    creating = SdpNegotiation(EngineParty(), party, context, is_offer=False)
    for index, section in enumerate(sections or [NewSection()]):
        _create_section(section, party.media(index), creating)
    creating.sender.session = own_session(None, party, context)
    for media in party.medias:
        # No party has sent anything, so there is nothing to pass on.
        bare = sdp.parse(f"v=0\r\ns=-\r\nt=0 0\r\nm={media.type} 9 {media.transport} 0\r\n").media[0]
        creating.sender.medias.append(PartyMedia(index=media.index, source=bare, transport=media.transport))
    return composed(creating)


def _create_section(section: NewSection, media: PartyMedia, creating: SdpNegotiation) -> None:
    """Make a section for the party as the options say."""
    options, resources, behaviour = creating.options, creating.resources, creating.behaviour
    transport = MediaTransport.named(options.protocol)
    media.type, media.transport = section.type, transport if transport.is_known else _PLAIN
    media.sends = media.receives = media.dtls = media.sdes = True
    media.roles = frozenset({"active", "passive"})
    media.mux = bool(options.mux & {"offer", "require"}) or (media.mux and "demux" not in options.mux)
    creating.receiver.name_section(media, media.mid or creating.generated_mid(media))
    media.ice = media.ice or options.ice == "force"
    media.trickle = media.trickle or "trickle-ICE" in options.words
    media.ice_lite = media.ice_lite or options.ice_lite in ("forward", "both")
    codecs = media.codecs.used or CodecList(media_type=section.type, behaviour=behaviour)
    media.codecs.used = codecs
    operations.create(codecs, section.codecs or options.codecs.offer)
    operations.strip(codecs, options.codecs.strip, options.codecs.kept)
    operations.keep_transcodable(codecs)
    secure(
        media,
        PartyMedia(index=media.index, transport=media.transport),
        creating.context,
        is_offer=True,
    )
    name = options.interface or next(iter(options.interfaces), "")
    media.wanted_interface = resources.named_interface(name, options.family) or resources.interface(options.family)
    media.initialized = media.has_streams = True
    needs_one_port = "require" in options.mux or not media.transport.is_rtp
    open_ports(media, None, 1 if needs_one_port else 2, creating.context)
    start_ice(media, None, creating.context)
    shake_hands(media, creating.context)


def answer(body: str, context: Context, *, party: EngineParty) -> None:
    """Take the answer to an offer that was created. Raises `Refused` if it cannot be read."""
    session, sections = read(body, context)
    party.session = session
    answering = SdpNegotiation(party, EngineParty(), context, is_offer=False, take_codecs=answer_creation)
    for index, section in enumerate(sections):
        stand_in = PartyMedia(index=index, type=section.media.type, transport=section.transport)
        media = party.section_of(section.media, index, by_mid=True)
        answering.take_section(section, media, stand_in)
        # The other side is the engine, which is never nowhere.
        media.is_zero = False
        free_ports(stand_in, context.resources)
