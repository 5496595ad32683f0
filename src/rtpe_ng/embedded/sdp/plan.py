"""`BodyPlan`: everything that is decided about a body before its first line is written.

A message passes through three stages. `negotiate` takes what the sender says and changes both parties. This module
decides what concerns the whole body (its ``o=`` line and session name), records that in the receiver, and freezes
all that the body will say: a `BodyPlan`, with a `SectionPlan` for each media section. The writers (`patch` and
`compose`, with `lines`) are functions of the plan alone. They see no party, so they can change none, and the same
plan always gives the same text. When a section is written, its caller records what it has told the receiver
(`record_told`): if a later section is refused, the daemon still keeps to what it wrote before.

The two writers need different plans. `patch` goes through the body that came and needs one section for each of its
sections. `compose` writes every section that the receiver has, whether or not the sender still has it, and leaves
some of them to the sender word for word.
"""

from __future__ import annotations

import attrs

from ...sdp import Section, Session
from ..codecs.entry import CodecEntry
from ..errors import NotRewritten, Refused
from ..request import Options
from ..versions import Behaviour
from .bundle import groups
from .negotiate import SdpNegotiation
from .origin import next_origin
from .party import EngineParty, Extension, PartyMedia, SdesKey
from .transport import MediaTransport

__all__ = ["BodyPlan", "SectionPlan", "plan_composition", "plan_patch", "record_told"]


@attrs.frozen(kw_only=True)
class SectionPlan:
    """What one section tells the receiver."""

    index: int
    """Its place among the receiver's sections, counted from 0."""
    type: str
    """``audio`` and the like; empty if the receiver never had such a section."""
    transport: MediaTransport
    formats: tuple[str, ...]
    """The formats as the sender wrote them, for a section that is not RTP."""
    codecs: tuple[CodecEntry, ...]
    twin: str
    """Where the receiver had the same section without keys: ``before`` this one, ``after`` it, or nowhere."""
    mid: str | None
    label: str
    direction: str
    ptime: int
    """In milliseconds; 0 for no such line."""
    maxptime: int
    """In milliseconds; 0 for no such line."""
    extensions: tuple[Extension, ...]
    allows_mixed: bool
    sent: Section
    """The section as the sender wrote it; it has no lines if the sender has no such section."""
    is_verbatim: bool
    """The attributes are passed on as the sender wrote them."""
    has_own_lines: bool
    """It is not rejected: lines of the engine's own stand in it, unless it `is_verbatim`."""

    address: tuple[str, str]
    """The family and the address where the engine takes media."""
    port: int
    """The engine's port for RTP; 0 if there is none."""
    rtcp_port: int
    """The engine's own port for RTCP; 0 if there is none."""
    stated: tuple[str, str, int]
    """The family, address and port in the ``c=`` and ``m=`` lines, which may be the sender's own."""
    is_zero: bool
    """The receiver is told the address that stands for nowhere."""
    shares_port: bool
    """The port belongs to another section of the bundle."""
    mux: bool
    is_muxed: bool
    """RTCP comes to the port of RTP."""

    passthrough: bool
    """Media may bypass the engine."""
    ice: bool
    ice_lite: bool
    trickle: bool
    ufrag: str
    """Empty if the engine has no ICE agent for the receiver."""
    pwd: str = attrs.field(repr=False)
    foundation: str
    others: tuple[tuple[str, str, int], ...]
    """The foundation, address and port for each other address of the logical interface."""
    sender_has_ice: bool
    sender_ends_candidates: bool

    dtls: bool
    roles: frozenset[str]
    """The DTLS roles that the engine may take."""
    fingerprint: tuple[str, str]
    """The hash function and the fingerprint of the engine's certificate."""
    tls_id: str
    """Empty if there is no DTLS association."""
    sdes_keys: tuple[SdesKey, ...]

    @property
    def has_keys(self) -> bool:
        """Whether keys of the engine's own can stand in it."""
        return self.has_own_lines and self.transport.is_rtp and not (self.passthrough or self.is_verbatim)

    def without_keys(self) -> SectionPlan:
        """Return the same section in plain RTP, which older equipment offers before the one with keys."""
        return attrs.evolve(
            self,
            transport=self.transport.without_keys,
            dtls=False,
            sdes_keys=(),
            is_verbatim=False,
        )


@attrs.frozen(kw_only=True)
class BodyPlan:
    """What a body tells the receiver."""

    options: Options
    behaviour: Behaviour
    is_offer: bool
    session: Session
    """The body that came from the sender."""
    origin: str
    """The ``o=`` line; empty if a patched body has none."""
    name: str
    """The session name."""
    bundles: tuple[str, ...]
    """The values of the ``a=group`` lines for BUNDLE (RFC 9143)."""
    first: SectionPlan
    """The section whose address and ICE agent serve for the lines above all sections."""
    sections: tuple[SectionPlan, ...]


def plan_patch(negotiation: SdpNegotiation) -> BodyPlan:
    """Decide what `patch` writes, and record the origin and the name of the session in the receiver.

    Raises `Refused` if there is no body, or no section that the version can use.
    """
    behaviour, receiver = negotiation.behaviour, negotiation.receiver
    session, medias = negotiation.sender.session, receiver.medias
    usable = next((media for media in medias if media.port), None)
    if session is None or not medias or (behaviour.grammar.needs_a_usable_section and usable is None):
        raise Refused("Error rewriting SDP")
    first = usable if usable is not None and behaviour.grammar.needs_a_usable_section else medias[0]
    origin = _decide_origin(negotiation, session, first) if session.values("o") else ""
    if receiver.name is None and session.values("s"):
        receiver.name = session.name
    rows = zip(medias, negotiation.sender.medias, session.media, strict=False)
    return _body(
        negotiation,
        session,
        origin=origin,
        name=receiver.name if receiver.name is not None and "name" in negotiation.options.replace else session.name,
        first=first,
        sections=[
            attrs.evolve(_section(negotiation, media, source), has_own_lines=bool(media.port and sent.port))
            for media, source, sent in rows
        ],
    )


def plan_composition(negotiation: SdpNegotiation) -> BodyPlan:
    """Decide what `compose` writes, and record the origin of the session in the receiver.

    Raises `NotRewritten` if no section has a port.
    """
    sender, medias = negotiation.sender, negotiation.receiver.medias
    session = sender.session
    first = next((media for media in medias if media.carrier.port), None)
    if session is None or first is None:
        raise NotRewritten
    origin = _decide_origin(negotiation, session, first)
    sources = [*sender.medias, *(PartyMedia(index=index) for index in range(len(sender.medias), len(medias)))]
    return _body(
        negotiation,
        session,
        origin=origin,
        name=sender.name or session.name or ("" if negotiation.behaviour.makes_bodies else "-"),
        first=first,
        sections=[_section(negotiation, media, sources[media.index]) for media in medias if media.type],
    )


def record_told(receiver: EngineParty, section: SectionPlan) -> None:
    """Keep to the hash function of a fingerprint that a section has told the receiver."""
    if section.has_keys and section.dtls:
        receiver.medias[section.index].hash_function = section.fingerprint[0]


def _body(
    negotiation: SdpNegotiation,
    session: Session,
    *,
    origin: str,
    name: str,
    first: PartyMedia,
    sections: list[SectionPlan],
) -> BodyPlan:
    own = groups(negotiation.sender if negotiation.options.relays else negotiation.receiver)
    return BodyPlan(
        options=negotiation.options,
        behaviour=negotiation.behaviour,
        is_offer=negotiation.is_offer,
        session=session,
        origin=origin,
        name=name,
        # As a mere relay the engine leaves the sender's own bundles in place, too.
        bundles=(*own, *session.attributes("group")) if negotiation.options.relays else tuple(own),
        first=_section(negotiation, first, PartyMedia(index=first.index)),
        sections=tuple(sections),
    )


def _decide_origin(negotiation: SdpNegotiation, session: Session, first: PartyMedia) -> str:
    """Record the origin of the session toward the receiver, and return the ``o=`` line."""
    receiver = negotiation.receiver
    line, receiver.origin = next_origin(session, receiver.origin, first.interface, negotiation.context)
    return line


def _section(negotiation: SdpNegotiation, media: PartyMedia, source: PartyMedia) -> SectionPlan:
    """Return the plan for a section of the receiver, to which the sender's `source` belongs."""
    options, resources, behaviour = negotiation.options, negotiation.resources, negotiation.behaviour
    carrier, agent = media.carrier, media.bundle or media
    rtp = media.transport.is_rtp
    address = ("", "")
    if options.media_address:
        address = ("IP6" if ":" in options.media_address else "IP4"), options.media_address
    elif carrier.interface:
        address = resources.address(carrier.interface)
    # The sender's own endpoint is told if media may bypass the engine, or if the engine does not handle it.
    is_copied = source.source is not None and (media.passthrough or options.relays or media.type == "message")
    # All codecs may be gone, and the section with them.
    is_empty = rtp and not any(media.codecs) and options.codecs.may_be_empty
    stated = address[0], address[1], 0 if is_empty else carrier.port
    if is_copied and source.advertised:
        place, port = source.advertised[0]
        place = options.media_address or place
        stated = "IP6" if ":" in place else "IP4", place, port
    return SectionPlan(
        index=media.index,
        type=media.type,
        transport=media.transport,
        formats=media.formats,
        codecs=tuple(media.codecs),
        twin=media.twin,
        mid=media.mid,
        label=media.label,
        direction=media.direction,
        ptime=media.ptime,
        maxptime=media.maxptime,
        extensions=media.extensions,
        allows_mixed=media.allows_mixed,
        # A section that the receiver was told of stays in its bodies, even if the sender never had it.
        sent=source.source or Section(lines=()),
        is_verbatim=behaviour.makes_bodies and (is_copied or not (rtp or source.transport.is_rtp)),
        has_own_lines=bool(stated[2]),
        address=address,
        port=carrier.port,
        rtcp_port=carrier.rtcp_port,
        stated=stated,
        is_zero=media.is_zero,
        shares_port=carrier is not media,
        mux=media.mux,
        is_muxed=media.mux and (not negotiation.is_offer or negotiation.mux_required),
        passthrough=media.passthrough,
        ice=media.ice,
        ice_lite=media.ice_lite,
        trickle=media.trickle,
        ufrag=agent.ufrag,
        pwd=agent.pwd,
        foundation=resources.foundations.get((carrier.interface, carrier.interface), ""),
        others=tuple(
            (
                resources.foundations[carrier.interface, key],
                options.media_address or resources.address(key)[1],
                port,
            )
            for key, port in (carrier.current.others if carrier.current is not None else ())
        ),
        sender_has_ice=source.ice,
        sender_ends_candidates=source.end_of_candidates,
        dtls=media.dtls,
        roles=media.roles,
        fingerprint=resources.fingerprint(media.hash_function or media.fingerprint[0]),
        tls_id=carrier.association.name,
        sdes_keys=media.sdes_out if media.sdes else (),
    )
