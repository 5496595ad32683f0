"""RTP header extensions (RFC 8285): what a party says of them, and what it is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs

from .party import Extension, PartyMedia

__all__ = ["MID", "give_extensions", "offer_mid", "take_extensions"]

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
"""Tells in each packet of which section it is (RFC 9143, section 9.2)."""


def take_extensions(media: PartyMedia, said: Sequence[Extension], *, accepted: Collection[str]) -> None:
    """Take note of what a party says; what it was told before stays what it was.

    `accepted` names those that the engine takes for itself, whatever the other side says; ``all`` stands for all.
    """
    known = {(it.identifier, it.name): it for it in media.extensions}
    taken = [known.get((it.identifier, it.name), it) for it in said]
    media.extensions = tuple(attrs.evolve(it, ends_here=True) if _is_among(it, accepted) else it for it in taken)


def give_extensions(media: PartyMedia, others: Sequence[Extension], *, hidden: Collection[str]) -> None:
    """Tell a party those of the other side but for the `hidden` ones, behind those that are the engine's."""
    told = {it.identifier: it for it in media.extensions if it.ends_here}
    for it in others:
        if not it.is_made and not _is_among(it, hidden):
            told.setdefault(it.identifier, it)
    media.extensions = tuple(told.values())


def _is_among(extension: Extension, names: Collection[str]) -> bool:
    return extension.name in names or "all" in names


def offer_mid(medias: Sequence[PartyMedia]) -> None:
    """Offer the extension for the ``a=mid`` in all sections that are bundled, under one number in each bundle."""
    for media in medias:
        if media.bundle is None or mid_of(media) is not None:
            continue
        bundled = [it for it in medias if it.bundle is media.bundle]
        found = next((mid for it in bundled if (mid := mid_of(it)) is not None), None)
        if found is None:
            taken = {it.identifier for other in bundled for it in other.extensions}
            found = Extension(identifier=next(it for it in range(1, 256) if it not in taken), name=MID)
        others = tuple(it for it in media.extensions if it.identifier != found.identifier)
        media.extensions = (*others, attrs.evolve(found, is_made=True, ends_here=True))


def mid_of(media: PartyMedia) -> Extension | None:
    """Return the extension for the ``a=mid`` of a section, the last one of several; None where it has none."""
    return next((it for it in reversed(media.extensions) if it.name == MID), None)
