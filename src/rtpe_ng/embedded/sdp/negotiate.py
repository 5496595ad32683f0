"""One message between two parties: what the engine learns of its sender and decides for its receiver.

An offer and an answer take the same path. For each section of the body there are two `PartyMedia`, one of the
sender and one of the receiver, and the section takes the steps of `SdpNegotiation.take_section` one after another.
A step reads what the body says and what both sides have agreed on before, and writes its decision to both sides.
It may rely on the steps before it: codecs need the packet times, keys need the protocol, ports need ICE and
rtcp-mux. The order is the daemon's.

Sections are paired by their ``a=mid`` or by their place. What concerns all sections of a party, its bundles and the
ports that they share, is decided when all have been taken. Nothing is written here: `plan` freezes the result for
the writers.
"""

from ...sdp import Session
from ..codecs import negotiate as codecs
from ..codecs.list import CodecList
from ..codecs.negotiate import CodecExchange, CodecStep
from ..request import Context, Options
from ..resources import Resources
from ..versions import Behaviour
from .bundle import accept_bundles, offer_bundle, share_ports
from .extensions import MID, give_extensions, take_extensions
from .ice import decide_ice, decide_mux, restart_ice, restarts_ice, start_ice
from .party import NOWHERE, Endpoint, EngineParty, PartyMedia
from .ports import choose_interface, close_port, open_ports, take_endpoints, take_families
from .read import TRICKLE_PORT, SentSection
from .security import end_association, needs_new_association, secure, shake_hands, take_dtls, take_sdes
from .transport import MediaTransport

__all__ = ["SdpNegotiation"]

_DEFAULT_PTIME = 20
"""How much media a packet holds if no party says it, in milliseconds."""


class SdpNegotiation:
    """An offer or an answer on its way from a sender to a receiver.

    `take_codecs` decides about the codecs of a section; without it that is done as for any offer or answer.
    """

    def __init__(
        self,
        sender: EngineParty,
        receiver: EngineParty,
        context: Context,
        *,
        is_offer: bool,
        take_codecs: CodecStep | None = None,
    ) -> None:
        self.sender = sender
        self.receiver = receiver
        self.context = context
        self.options: Options = context.options
        self.resources: Resources = context.resources
        self.behaviour: Behaviour = context.behaviour
        self.is_offer = is_offer
        self.mux_required: bool = is_offer and "require" in context.options.mux
        """In an offer, RTCP has no port of its own; a party that has agreed on that once is held to it."""
        self._codec_step = take_codecs or (codecs.offer if is_offer else codecs.answer)

    def take(self, session: Session, sections: tuple[SentSection, ...]) -> None:
        """Take what the sender says, and decide what the receiver is told."""
        self.sender.session = session
        self.sender.first_session = self.sender.first_session or session
        keeps_name = self.sender.name is not None and "name" in self.options.replace
        if session.name and self.behaviour.keeps_own_names and not keeps_name:
            self.sender.name = session.name
        if self.options.label:
            self.sender.label = self.options.label
        seen: set[str | None] = set()
        for section in sections:
            by_mid = section.media.mid not in seen and self.behaviour.finds_sections_by_mid
            seen.add(section.media.mid)
            sender = self.sender.section_of(section.media, section.index, by_mid=by_mid)
            receiver = self.receiver.counterpart(sender) or self.receiver.section_of(
                section.media, section.index, by_mid=by_mid
            )
            self.take_section(section, sender, receiver)
        if self.behaviour.bundles_sections:
            self._take_bundles(session)

    def _take_bundles(self, session: Session) -> None:
        accept_bundles(self.sender, session, self.options)
        if self.is_offer:
            offer_bundle(self.receiver, self.options)
        for party in (self.sender, self.receiver):
            share_ports(party, self.context)

    def take_section(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        """Take what the sender says in one section, and decide what the receiver is told.

        Each step builds on those before it.
        """
        for step in (
            self._reset,
            self._take_type,
            self._take_transport,
            self._take_names,
            self._take_formats,
            self._take_families,
            self._take_ice_and_keys,
            self._take_times,
            self._take_extensions,
            self._take_codecs,
            self._take_direction,
            self._decide_security,
            self._decide_ice,
            self._choose_interfaces,
            self._decide_zero,
            self._take_endpoint,
            self._start,
        ):
            step(section, sender, receiver)

    def _reset(self, _: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if self.is_offer and "reset" in self.options.words:
            for media in (sender, receiver):
                media.initialized = False
                restart_ice(media, self.resources)

    def _take_type(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if sender.type and sender.type != section.media.type:
            # A section that changes its type changes it on the other side too.
            receiver.type = section.media.type
        sender.type = section.media.type
        receiver.type = receiver.type or section.media.type

    def _take_transport(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if sender.transport != section.transport:
            sender.transport = section.transport
            if self.is_offer:
                receiver.transport = MediaTransport()
            elif receiver.transport.opportunistic and sender.transport.is_rtp and not sender.transport.is_srtp:
                receiver.transport = receiver.transport if "accept" in self.options.osrtp else MediaTransport()
            elif self.options.protocol == "accept":
                receiver.transport = MediaTransport()
            elif self._ignores_keys(sender.transport, receiver.transport):
                sender.transport = receiver.transport
        if not receiver.transport.is_known:
            receiver.transport = sender.transport
        asked = MediaTransport.named(self.options.protocol)
        if asked.is_known and sender.transport.is_rtp:
            receiver.transport = asked
        if self.is_offer and "offer" in self.options.osrtp:
            receiver.transport = receiver.transport.with_keys()

    def _ignores_keys(self, answered: MediaTransport, offered: MediaTransport) -> bool:
        """Tell whether an answer's keys are ignored, since the offer had none."""
        unasked = answered.opportunistic and offered.is_known and not offered.opportunistic
        return unasked and self.behaviour.ignores_keys_unasked

    def generated_mid(self, receiver: PartyMedia) -> str | None:
        """Return a new ``a=mid`` for a section if ``generate-mid`` asks for it, or None."""
        if "generate-mid" not in self.options.words:
            return None
        taken = {media.mid for media in self.receiver.medias}
        return next(str(number) for number in range(receiver.index + 1, 10_000) if str(number) not in taken)

    def _take_names(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if self.is_offer:
            self.sender.name_section(sender, section.media.mid)
            self.receiver.name_section(receiver, receiver.mid or sender.mid or self.generated_mid(receiver))
        receiver.label = section.media.attribute("label") or ""

    def _take_formats(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        sender.source = section.media
        sender.formats = section.formats
        if sender.transport == receiver.transport:
            receiver.formats = sender.formats

    def _take_families(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        take_families(sender, receiver, section, self.context)

    def _take_ice_and_keys(self, section: SentSection, sender: PartyMedia, _: PartyMedia) -> None:
        if not section.rejected:
            sender.mux, sender.ice, sender.trickle = section.mux, section.has_ice, section.trickle
            sender.party_lite, sender.end_of_candidates = section.lite, section.end_of_candidates
            sender.gives_feedback = section.media.has("rtcp-fb")
            sender.twin = section.twin
            take_sdes(sender, section, self.context)

    def _take_extensions(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if not section.rejected:
            sender.allows_mixed = section.allows_mixed or not section.extensions
        masked = self.options.masked_extensions if self.is_offer else frozenset[str]()
        accepts_mid = self.is_offer and "accept" in self.options.bundle
        take_extensions(sender, section.extensions, accepted=masked | ({MID} if accepts_mid else set()))
        give_extensions(receiver, sender.extensions, hidden=self.options.stripped_extensions | masked)

    def _take_times(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        # The packet times that options ask for count in an offer only.
        sent, reverse = (self.options.ptime, self.options.ptime_reverse) if self.is_offer else (0, 0)
        for media, asked, other in ((sender, reverse, sent), (receiver, sent, reverse)):
            if section.ptime and not media.ptime_fixed:
                media.ptime = section.ptime
            media.maxptime = section.maxptime
            media.ptime = asked or media.ptime
            media.ptime_fixed = media.ptime_fixed or bool(asked or other)

    def _take_codecs(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        fixes_ptime = sender.ptime_fixed or receiver.ptime_fixed
        self._codec_step(
            CodecExchange(
                sent=CodecList.of(section.codecs, section.media.type, self.behaviour),
                options=self.options.codecs,
                sender=sender.codecs,
                receiver=receiver.codecs,
                rejected=section.rejected,
                repacks=fixes_ptime and (sender.ptime or _DEFAULT_PTIME) != (receiver.ptime or _DEFAULT_PTIME),
            )
        )

    def _take_direction(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        receiver.sends, receiver.receives = section.sends, section.receives
        sender.receives, sender.sends = section.sends, section.receives

    def _decide_security(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if section.rejected:
            return
        if needs_new_association(sender, section, self.options):
            end_association(sender)
        take_dtls(sender, section, self.context, is_offer=self.is_offer)
        self.mux_required = self.mux_required or (self.is_offer and receiver.mux)
        offers = "offer" in self.options.mux or (self.mux_required and self.behaviour.holds_on_to_mux)
        decide_mux(receiver, sender, self.options, is_offer=self.is_offer, offers=offers)
        secure(receiver, sender, self.context, is_offer=self.is_offer)

    def _decide_ice(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        restarts = bool(sender.ufrag) and restarts_ice(sender, section)
        decide_ice(receiver, sender, self.context, is_offer=self.is_offer, restarts=restarts)
        sender.initialized = True

    def _open_ports(self, sender: PartyMedia, receiver: PartyMedia, endpoint: tuple[str, int]) -> None:
        mux = self.options.mux
        splits = self.mux_required if self.is_offer else True
        count = 1 if receiver.mux and splits and receiver.transport.is_rtp else 2
        before = receiver.port
        is_bundled = sender.bundle is not None
        open_ports(receiver, endpoint, count, self.context, takes_any=is_bundled)
        if before not in (0, receiver.port):
            # On another port, ICE starts again.
            restart_ice(receiver, self.resources)
        if not sender.maps:
            splits = bool(mux & {"demux", "accept"}) if self.is_offer else True
            count = 1 if sender.mux and splits and sender.transport.is_rtp else 2
            open_ports(sender, None, count, self.context)

    def _choose_interfaces(self, _: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        names = [*self.options.interfaces, "", ""]
        for party, media, name in ((self.receiver, receiver, names[1]), (self.sender, sender, names[0])):
            choose_interface(party, media, name, self.resources)
            media.interface = media.interface or media.wanted_interface

    def _decide_zero(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        """Decide whether each party is told that the other one has no address."""
        if not self._counts(section):
            return
        replaces = "zero-address" in self.options.replace
        if receiver.has_streams and self.behaviour.replaces_zero_address_first:
            replaces = False
        # A party that has not answered yet has no address.
        advertised = next(iter(receiver.advertised), (NOWHERE["IP4"], 0))
        receiver.is_zero = not replaces and _is_nowhere(sender, (section.address, section.media.port))
        sender.is_zero = not replaces and _is_nowhere(receiver, advertised)

    def _take_endpoint(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if not section.rejected:
            if section.is_zero and not sender.trickle:
                receiver.receives = False
                sender.sends = False
            self._open_ports(sender, receiver, (section.address, section.media.port))
        if self._counts(section):
            take_endpoints(sender, section)
        if section.rejected:
            for media in (sender, receiver):
                close_port(media)
                media.interface = media.wanted_interface

    def _start(self, section: SentSection, sender: PartyMedia, receiver: PartyMedia) -> None:
        if self._counts(section):
            start_ice(sender, section, self.context)
            start_ice(receiver, None, self.context)
            for media in (sender, receiver):
                media.has_streams, media.mux_of_streams, media.ice_of_streams = True, media.mux, media.ice
        for media in (sender, receiver):
            shake_hands(media, self.context)
        if self.behaviour.chooses_role_early and sender.association.is_active:
            sender.roles -= {"passive"}

    def _counts(self, section: SentSection) -> bool:
        """Tell whether the addresses and the ICE attributes of a section count."""
        return not section.rejected or not self.behaviour.skips_rejected


def _is_nowhere(media: PartyMedia, endpoint: Endpoint) -> bool:
    """Tell whether the endpoint stands for nowhere, and not for candidates that will trickle in."""
    address, port = endpoint
    return address in NOWHERE.values() and not (media.trickle and port == TRICKLE_PORT)
