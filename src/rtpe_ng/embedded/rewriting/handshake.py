"""DTLS associations: ports have one each, ICE has another, and ``tls-id`` (RFC 8842) tells them apart."""

from __future__ import annotations

from ..context import Context
from ..options import Options
from .connectivity import restarts_ice
from .described import Section
from .party import Association, PartyMedia

__all__ = ["begins_anew", "end_association", "shake_hands"]


def begins_anew(sender: PartyMedia, section: Section, options: Options) -> bool:
    """Tell whether the sender's section begins a new association: asked before it is taken note of."""
    function, fingerprint = sender.fingerprint
    if (function, fingerprint) != (section.hash_function, section.fingerprint):
        return bool(function and fingerprint)
    if sender.party_tls_id or section.tls_id:
        return bool(sender.party_tls_id) and sender.party_tls_id != section.tls_id
    return bool(sender.ufrag) and restarts_ice(sender, section) and "no-tls-id" not in options.words


def end_association(media: PartyMedia) -> None:
    """End the associations that media has now."""
    for it in _associations(media):
        it.name = ""


def shake_hands(media: PartyMedia, context: Context) -> None:
    """Begin associations for media as it is now, unless there are some in which the engine's role fits."""
    if media.current is None:
        return
    if not media.dtls:
        end_association(media)
        return
    used = media.association
    is_active = used.is_active
    if not used.name or ("active" if is_active else "passive") not in media.roles:
        is_active = bool(media.advertised) and "active" in media.roles
    for it in _associations(media):
        changes = it.is_active != is_active and not context.behaviour.changes_role_within_association
        if not it.name or changes:
            it.name = context.resources.tls_id()
        it.is_active = is_active


def _associations(media: PartyMedia) -> tuple[Association, ...]:
    return (media.ice_association, *((media.current.association,) if media.current is not None else ()))
