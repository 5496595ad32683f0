"""DTLS associations: each port has one of its own, and its ``tls-id`` (RFC 8842) tells when it is a new one."""

from __future__ import annotations

from ..options import Options
from ..resources import Resources
from .connectivity import restarts_ice
from .described import Section
from .party import PartyMedia

__all__ = ["begins_anew", "shake_hands"]


def begins_anew(sender: PartyMedia, section: Section, options: Options) -> bool:
    """Tell whether the sender's section begins a new association: asked before it is taken note of."""
    function, fingerprint = sender.fingerprint
    if (function, fingerprint) != (section.hash_function, section.fingerprint):
        return bool(function and fingerprint)
    if sender.party_tls_id or section.tls_id:
        return bool(sender.party_tls_id) and sender.party_tls_id != section.tls_id
    return bool(sender.ufrag) and restarts_ice(sender, section) and "no-tls-id" not in options.words


def shake_hands(media: PartyMedia, resources: Resources) -> None:
    """Begin an association on the port that media has now, unless it has one in which the engine's role fits."""
    port = media.current
    if port is None:
        return
    if not media.dtls:
        port.tls_id = ""
        return
    fits = "active" if port.is_active else "passive"
    if not port.tls_id or fits not in media.roles:
        is_active = media.initialized and "active" in media.roles
        if not port.tls_id or is_active != port.is_active:
            port.tls_id, port.is_active = resources.tls_id(), is_active
