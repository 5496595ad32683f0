"""Session descriptions (RFC 8866): read, question and rewrite them without losing a byte.

`parse` reads a body into a `Session`, which keeps its lines and nothing else: ``str(parse(text)) == text``. Values
are read from the lines when you ask for them: ``session.media[0].codecs``. Helpers such as `remove_ice` take text,
bytes or a `Session`, return the same type, and change their own lines only::

    sdp.parse(text).pipe(sdp.remove_ice).pipe(sdp.set_rtcp_mux, "demux").pipe(sdp.set_profile, "RTP/AVP")
"""

from .candidate import Candidate
from .codec import STATIC_PAYLOAD_TYPES, RtpCodec
from .diff import Change, Diff, diff
from .fragment import Fragment, apply_fragment, fragment_of, parse_fragment
from .keys import Crypto, Fingerprint
from .lines import Section
from .media import Media
from .problems import problems
from .questions import (
    LegFound,
    candidate_problems,
    fits_datagram,
    has_usable_candidates,
    is_on_hold,
    is_webrtc,
    leg,
    needs_media_proxy,
    private_addresses,
    size_on_wire,
    web_problems,
)
from .rewrite.address import reject_media, set_connection, set_port, set_session_version
from .rewrite.bundle import remove_bundle, set_bundle, set_mids
from .rewrite.clean import clean_for_sip, clean_for_web
from .rewrite.codecs import drop_codecs, keep_codecs, order_codecs
from .rewrite.direction import hold, resume, set_direction
from .rewrite.ice import (
    drop_candidates,
    remove_ice,
    set_candidates,
    set_end_of_candidates,
    set_ice_credentials,
    set_ice_lite,
    set_trickle,
)
from .rewrite.mux import set_rtcp_mux
from .rewrite.profile import set_profile
from .rewrite.security import remove_dtls, remove_sdes, set_crypto, set_fingerprint, set_setup, set_tls_id
from .session import Session, parse
from .tracks import Msid, Ssrc, SsrcGroup, Track
from .values import Bandwidth, Connection, ExtMap, Group, Origin, Rtcp, Timing

__all__ = [
    "STATIC_PAYLOAD_TYPES",
    "Bandwidth",
    "Candidate",
    "Change",
    "Connection",
    "Crypto",
    "Diff",
    "ExtMap",
    "Fingerprint",
    "Fragment",
    "Group",
    "LegFound",
    "Media",
    "Msid",
    "Origin",
    "Rtcp",
    "RtpCodec",
    "Section",
    "Session",
    "Ssrc",
    "SsrcGroup",
    "Timing",
    "Track",
    "apply_fragment",
    "candidate_problems",
    "clean_for_sip",
    "clean_for_web",
    "diff",
    "drop_candidates",
    "drop_codecs",
    "fits_datagram",
    "fragment_of",
    "has_usable_candidates",
    "hold",
    "is_on_hold",
    "is_webrtc",
    "keep_codecs",
    "leg",
    "needs_media_proxy",
    "order_codecs",
    "parse",
    "parse_fragment",
    "private_addresses",
    "problems",
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
    "size_on_wire",
    "web_problems",
]
