"""Opportunistic SRTP as it was before RFC 8643: a section without keys beside the one that has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from .negotiation import Negotiation
from .party import PartyMedia

__all__ = ["offered_twin", "with_rejected_twin"]


def offered_twin(negotiation: Negotiation, media: PartyMedia) -> PartyMedia | None:
    """Return the section without keys that stands before one in an offer, where that is asked for."""
    asked = negotiation.is_offer and "offer-legacy" in negotiation.options.osrtp
    if not asked or not media.transport.is_srtp or media.twin == "before":
        return None
    return attrs.evolve(media, transport=media.transport.without_keys, dtls=False, sdes=False)


def with_rejected_twin(media: PartyMedia, formats: Iterable[str], lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a section, and beside them that its twin, which the party had sent, is rejected."""
    rejected = f"m={media.type} 0 {media.transport.without_keys} {' '.join(formats)}"
    is_srtp = media.transport.is_srtp
    if is_srtp and media.twin == "before":
        yield rejected
    yield from lines
    if is_srtp and media.twin == "after":
        yield rejected
