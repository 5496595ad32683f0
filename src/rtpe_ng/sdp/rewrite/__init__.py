"""The helpers that rewrite a description: pure functions, each of which touches its own lines alone."""

from .address import reject_media, set_connection, set_port
from .bundle import remove_bundle, set_bundle, set_mids
from .clean import clean_for_sip, clean_for_web
from .codecs import drop_codecs, keep_codecs, order_codecs
from .direction import hold, resume, set_direction
from .ice import (
    drop_candidates,
    remove_ice,
    set_candidates,
    set_end_of_candidates,
    set_ice_credentials,
    set_ice_lite,
    set_trickle,
)
from .mux import set_rtcp_mux
from .origin import set_session_version
from .profile import set_profile
from .security import remove_dtls, remove_sdes, set_crypto, set_fingerprint, set_setup, set_tls_id

__all__ = [
    "clean_for_sip",
    "clean_for_web",
    "drop_candidates",
    "drop_codecs",
    "hold",
    "keep_codecs",
    "order_codecs",
    "reject_media",
    "remove_bundle",
    "remove_dtls",
    "remove_ice",
    "remove_sdes",
    "resume",
    "set_bundle",
    "set_candidates",
    "set_connection",
    "set_crypto",
    "set_direction",
    "set_end_of_candidates",
    "set_fingerprint",
    "set_ice_credentials",
    "set_ice_lite",
    "set_mids",
    "set_port",
    "set_profile",
    "set_rtcp_mux",
    "set_session_version",
    "set_setup",
    "set_tls_id",
    "set_trickle",
]
