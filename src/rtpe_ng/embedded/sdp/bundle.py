"""BUNDLE groups: sections of a party that share one port (RFC 9143).

The first section of a group is its head. The other sections use its port, its ICE agent and its DTLS association
(`PartyMedia.carrier`). Packets on a shared port are told apart by the header extension for ``a=mid``, or else by
their payload types. A section whose packets have neither of the two leaves its group (`_check`).
"""

from collections.abc import Sequence

from ...sdp import Session
from ..request import Context, Options
from .extensions import mid_of, offer_mid
from .party import EngineParty, PartyMedia
from .security import end_association, shake_hands

__all__ = ["accept_bundles", "groups", "offer_bundle", "share_ports"]


def accept_bundles(party: EngineParty, session: Session, options: Options) -> None:
    """Take the groups that a party declares, if this or an earlier message says ``bundle=accept``."""
    heads = {} if options.relays else _heads(session)
    if heads and "accept" in options.bundle:
        party.bundles = True
    elif "reject" in options.bundle:
        party.bundles = False
    if not party.bundles:
        return
    for media in party.medias:
        media.bundle = None
        media.unique_formats.clear()
    ambiguous: set[int] = set()
    for media in party.medias:
        head = heads.get(media.mid or "")
        media.bundle = party.by_mid.get(head) if head is not None else None
        if media.bundle is not None:
            media.bundle_only = True
            _note_formats(media, media.bundle, ambiguous)
    _check(party.medias)


def offer_bundle(party: EngineParty, options: Options) -> None:
    """If ``bundle=offer``, put all of the answerer's sections into one group."""
    if "offer" in options.bundle:
        party.bundles = True
        head: PartyMedia | None = None
        ambiguous: set[int] = set()
        for media in party.medias:
            if not media.port or not media.mid:
                continue
            head = head or media.bundle or media
            if media.bundle is None:
                media.bundle = head
                media.bundle_only = media.bundle_only or "require" in options.bundle
                _note_formats(media, head, ambiguous)
        offer_mid(party.medias)


def share_ports(party: EngineParty, context: Context) -> None:
    """Check the groups of a party. A section that now shares a port loses its ICE agent and DTLS association."""
    _check(party.medias)
    for media in party.medias:
        media.is_shared = any(other.carrier is media for other in party.medias if other is not media)
        if media.carrier is media:
            media.shares_port = False
            continue
        media.ufrag = media.pwd = ""
        end_association(media)
        if media.shares_port:
            # The association that it ends is that of the shared port.
            _end_association_of_port(media.carrier)
        media.shares_port = True
    for media in party.medias:
        if media.is_shared or (media.shares_port and media.dtls):
            shake_hands(media.carrier, context)
        elif media.shares_port:
            # A section without DTLS ends the association of the others too.
            _end_association_of_port(media.carrier)


def _end_association_of_port(media: PartyMedia) -> None:
    if media.current is not None:
        media.current.association.name = ""


def groups(party: EngineParty) -> list[str]:
    """Return the value of the ``a=group`` line for each group, with the head of the group first."""
    mids_by_head: dict[int, list[str]] = {}
    for media in party.medias if party.bundles else ():
        if media.bundle is not None and media.mid and media.bundle.mid:
            mids = mids_by_head.setdefault(id(media.bundle), [])
            mids.insert(0 if media.bundle is media else len(mids), media.mid)
    return [" ".join(("BUNDLE", *mids)) for mids in mids_by_head.values()]


def _heads(session: Session) -> dict[str, str]:
    """Return for the ``a=mid`` of each section that of the head of its group."""
    heads: dict[str, str] = {}
    for semantics, *mids in (value.split(" ") for value in session.attributes("group")):
        if semantics == "BUNDLE" and mids and mids[0] not in heads:
            for mid in mids:
                heads.setdefault(mid, mids[0])
    return heads


def _note_formats(media: PartyMedia, head: PartyMedia, ambiguous: set[int]) -> None:
    """Record in the head the payload types that only one section of the group has."""
    for payload_type in (codec.payload_type for codec in media.codecs):
        if payload_type in ambiguous:
            continue
        if payload_type in head.unique_formats:
            head.unique_formats.discard(payload_type)
            ambiguous.add(payload_type)
        else:
            head.unique_formats.add(payload_type)


def _check(medias: Sequence[PartyMedia]) -> None:
    """Take sections out of a group if their packets could not be told apart in it."""
    for media in medias:
        if media.bundle is None:
            continue
        if not media.port:
            media.bundle = None
        elif (mid := mid_of(media)) is not None:
            head_mid = mid_of(media.bundle)
            if head_mid is None or head_mid.identifier != mid.identifier or not media.mid:
                media.bundle = None
                # The daemon looks no further.
                break
        elif any(codec.payload_type not in media.bundle.unique_formats for codec in media.codecs):
            media.bundle = None
    for media in medias:
        if media.bundle is not None and media.bundle.bundle is None:
            media.bundle = None
