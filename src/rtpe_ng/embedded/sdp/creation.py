"""Parties of the engine's own making: what ``create`` offers, and what becomes of the answer to it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ... import sdp
from ..codecs import negotiate as codecs
from ..codecs import operations
from ..codecs.list import CodecList
from ..context import Context
from .ice import start_ice
from .negotiate import SdpNegotiation
from .origin import own_session
from .party import EngineParty, PartyMedia
from .ports import open_ports
from .read import SentSection, read
from .rewrite import composed
from .security import secure, shake_hands
from .transport import MediaTransport

__all__ = ["NewSection", "answer", "offer"]

_PLAIN = MediaTransport.named("RTP/AVP")


@attrs.frozen(kw_only=True)
class NewSection:
    """A section that is to be created (ng document, "`create` and `create answer` Messages")."""

    type: str = "audio"
    codecs: tuple[str, ...] = ()
    """By their names; the option ``codec`` tells where there are none."""


def offer(wanted: Sequence[NewSection], context: Context, *, party: EngineParty) -> str:
    """Return an offer of the engine's own, with the sections that are `wanted`: one of audio where none is said."""
    creating = SdpNegotiation(EngineParty(), party, context, is_offer=False)
    for index, section in enumerate(wanted or [NewSection()]):
        _create_section(section, party.media(index), creating)
    creating.sender.session = own_session(None, party, context)
    for media in party.medias:
        # Nobody has sent anything: there is nothing to pass on.
        bare = sdp.parse(f"v=0\r\ns=-\r\nt=0 0\r\nm={media.type} 9 {media.transport} 0\r\n").media[0]
        creating.sender.medias.append(PartyMedia(index=media.index, source=bare, transport=media.transport))
    return composed(creating)


def _create_section(wanted: NewSection, media: PartyMedia, creating: SdpNegotiation) -> None:
    options, resources, behaviour = creating.options, creating.resources, creating.behaviour
    asked = MediaTransport.named(options.protocol)
    media.type, media.transport = wanted.type, asked if asked.is_known else _PLAIN
    media.sends = media.receives = media.dtls = media.sdes = True
    media.roles = frozenset({"active", "passive"})
    media.mux = bool(options.mux & {"offer", "require"}) or (media.mux and "demux" not in options.mux)
    creating.receiver.name_section(media, media.mid or creating.made_mid(media))
    media.ice = media.ice or options.ice == "force"
    media.trickle = media.trickle or bool(options.words & {"trickle-ICE", "trickle-ice"})
    media.ice_lite = media.ice_lite or options.ice_lite in ("forward", "both")
    used = media.codecs.used or CodecList(media_type=wanted.type, behaviour=behaviour)
    media.codecs.used = used
    operations.create(used, wanted.codecs or creating.codec_options.offer)
    operations.strip(used, creating.codec_options.strip, creating.codec_options.kept)
    operations.settle(used)
    secure(
        media,
        PartyMedia(index=media.index, transport=media.transport),
        creating.context,
        is_offer=True,
    )
    name = options.interfaces[0] if options.interfaces else ""
    media.wanted_interface = resources.named_interface(name, options.family) or resources.interface(options.family)
    media.initialized = media.has_streams = True
    alone = "require" in options.mux or not media.transport.is_rtp
    open_ports(media, None, 1 if alone else 2, creating.context)
    start_ice(media, None, creating.context)
    shake_hands(media, creating.context)


def answer(body: str, context: Context, *, party: EngineParty) -> None:
    """Take the answer to an offer that was created. Raises `Refused` for what cannot be read."""
    session, sections = read(body, context)
    party.session = session
    answering = _CreatedAnswer(party, EngineParty(), context, is_offer=False)
    for index, section in enumerate(sections):
        shadow = PartyMedia(index=index, type=section.media.type, transport=section.transport)
        media = party.found(section.media, index, by_mid=True)
        answering.take_section(section, media, shadow)
        # Nobody is behind it who could be nowhere.
        media.is_zero = False
        context.resources.free(shadow.port)


class _CreatedAnswer(SdpNegotiation):
    """An answer that is passed on to nobody."""

    def _take_codecs(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:  # noqa: ARG002
        sent = CodecList.of(section.codecs, section.media.type, self.behaviour)
        codecs.created(sent, self.codec_options, party=sender.codecs)
