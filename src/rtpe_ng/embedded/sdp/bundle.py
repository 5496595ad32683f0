"""Bundles: sections of a party that share one port (RFC 9143)."""

from __future__ import annotations

from collections.abc import Sequence

from ...sdp import Session
from ..context import Context
from ..request import Options
from .extensions import mid_of, offer_mid
from .party import EngineParty, PartyMedia
from .security import end_association, shake_hands

__all__ = ["accept_bundles", "groups", "offer_bundle", "share_ports"]


def accept_bundles(party: EngineParty, session: Session, options: Options) -> None:
    """Take the bundles that a party says its sections are in, where that is minded."""
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
            _tell_formats(media, media.bundle, ambiguous)
    _check(party.medias)


def offer_bundle(party: EngineParty, options: Options) -> None:
    """Put all sections of who is offered something into one bundle, where that is wanted, and check its bundles."""
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
                _tell_formats(media, head, ambiguous)
        offer_mid(party.medias)


def share_ports(party: EngineParty, context: Context) -> None:
    """Check the bundles of a party, and end what sections had of their own that have the port of another now."""
    _check(party.medias)
    for media in party.medias:
        media.is_shared = any(it.carrier is media for it in party.medias if it is not media)
        if media.carrier is media:
            media.shares_port = False
            continue
        media.ufrag = media.pwd = ""
        end_association(media)
        if media.shares_port:
            # What it ends is that of the port which it has.
            _end_of_port(media.carrier)
        media.shares_port = True
    for media in party.medias:
        if media.is_shared or (media.shares_port and media.dtls):
            shake_hands(media.carrier, context)
        elif media.shares_port:
            # Without DTLS it ends that of the others too.
            _end_of_port(media.carrier)


def _end_of_port(media: PartyMedia) -> None:
    if media.current is not None:
        media.current.association.name = ""


def groups(party: EngineParty) -> list[str]:
    """Return the bundles as the party is told of them: the sections of each, with its head first."""
    said: dict[int, list[str]] = {}
    for media in party.medias if party.bundles else ():
        if media.bundle is not None and media.mid and media.bundle.mid:
            mids = said.setdefault(id(media.bundle), [])
            mids.insert(0 if media.bundle is media else len(mids), media.mid)
    return [" ".join(("BUNDLE", *mids)) for mids in said.values()]


def _heads(session: Session) -> dict[str, str]:
    """Return of each section's identification that of the head of its bundle."""
    heads: dict[str, str] = {}
    for semantics, *mids in (value.split(" ") for value in session.attributes("group")):
        if semantics == "BUNDLE" and mids and mids[0] not in heads:
            for mid in mids:
                heads.setdefault(mid, mids[0])
    return heads


def _tell_formats(media: PartyMedia, head: PartyMedia, ambiguous: set[int]) -> None:
    """Take note of the payload types that tell of which section of a bundle a packet is."""
    for payload_type in (codec.payload_type for codec in media.codecs):
        if payload_type in ambiguous:
            continue
        if payload_type in head.unique_formats:
            head.unique_formats.discard(payload_type)
            ambiguous.add(payload_type)
        else:
            head.unique_formats.add(payload_type)


def _check(medias: Sequence[PartyMedia]) -> None:
    """Take sections out of their bundles that cannot be there."""
    for media in medias:
        if media.bundle is None:
            continue
        if not media.port:
            media.bundle = None
        elif (mid := mid_of(media)) is not None:
            of_head = mid_of(media.bundle)
            if of_head is None or of_head.identifier != mid.identifier or not media.mid:
                media.bundle = None
                # The daemon looks no further.
                break
        elif any(codec.payload_type not in media.bundle.unique_formats for codec in media.codecs):
            media.bundle = None
    for media in medias:
        if media.bundle is not None and media.bundle.bundle is None:
            media.bundle = None
