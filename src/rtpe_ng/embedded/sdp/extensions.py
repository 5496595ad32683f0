"""RTP header extensions (RFC 8285): those that a party declares, and those that it is told."""

from collections.abc import Collection, Sequence

import attrs

from .party import Extension, PartyMedia

__all__ = ["MID", "give_extensions", "offer_mid", "take_extensions"]

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
"""The extension that names the section of a packet (RFC 9143, section 9.2)."""


def take_extensions(media: PartyMedia, declared: Sequence[Extension], *, accepted: Collection[str]) -> None:
    """Record the extensions that a party declares; one that it was told before keeps what is noted about it.

    `accepted` names those that the engine uses itself, whatever the other side says; ``all`` stands for all.
    """
    known = {(extension.identifier, extension.name): extension for extension in media.extensions}
    taken = [known.get((extension.identifier, extension.name), extension) for extension in declared]
    media.extensions = tuple(
        attrs.evolve(extension, ends_here=True) if _is_among(extension, accepted) else extension
        for extension in taken
    )


def give_extensions(media: PartyMedia, others: Sequence[Extension], *, hidden: Collection[str]) -> None:
    """Tell a party the engine's own extensions, and then those of the other side that are not `hidden`."""
    extensions = {extension.identifier: extension for extension in media.extensions if extension.ends_here}
    for extension in others:
        if not extension.is_made and not _is_among(extension, hidden):
            extensions.setdefault(extension.identifier, extension)
    media.extensions = tuple(extensions.values())


def _is_among(extension: Extension, names: Collection[str]) -> bool:
    return extension.name in names or "all" in names


def offer_mid(medias: Sequence[PartyMedia]) -> None:
    """Offer the extension for ``a=mid`` in all bundled sections, under the same identifier throughout a group."""
    for media in medias:
        if media.bundle is None or mid_of(media) is not None:
            continue
        group = [other for other in medias if other.bundle is media.bundle]
        extension = next((mid for other in group if (mid := mid_of(other)) is not None), None)
        if extension is None:
            taken = {known.identifier for other in group for known in other.extensions}
            free = next(identifier for identifier in range(1, 256) if identifier not in taken)
            extension = Extension(identifier=free, name=MID)
        others = tuple(known for known in media.extensions if known.identifier != extension.identifier)
        media.extensions = (*others, attrs.evolve(extension, is_made=True, ends_here=True))


def mid_of(media: PartyMedia) -> Extension | None:
    """Return a section's extension for ``a=mid``, the last one if there are several, or None."""
    return next((it for it in reversed(media.extensions) if it.name == MID), None)
