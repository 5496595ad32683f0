"""The profiles that ship: `MODERN`, the default, and `ARTICLE`."""

from ..legs import Direction, Leg
from .flags import Flags
from .profile import Profile

__all__ = ["ARTICLE", "MODERN"]


def __dir__() -> list[str]:
    # A prompt completes with this: the profiles, and not what they are made of.
    return __all__


_ORIGIN = Flags(replace=["origin"])
_TO_WEB = Flags(webrtc=True)
_WEB_TO_SIP = Flags(
    transport_protocol="RTP/AVP",
    ice="remove",
    dtls="off",
    sdes=["off"],
    rtcp_mux=["demux"],
    strip_extmap=True,
)

MODERN = Profile(
    name="MODERN",
    offers={
        Leg.WEB: _TO_WEB | _ORIGIN,
        Direction.WEB_TO_SIP: _WEB_TO_SIP | _ORIGIN,
        # No protocol override: two SRTP phones keep their SRTP.
        Direction.SIP_TO_SIP: Flags(ice="remove") | _ORIGIN,
    },
    # The daemon restores protocol, rtcp-mux, ICE and setup in answers by itself.
    answers={Leg.WEB: _ORIGIN, Leg.SIP: Flags(strip_extmap=True) | _ORIGIN},
)
"""The default: what today's browsers and phones want, media proven with Chromium."""

_ARTICLE = Flags(trust_address=True, replace=["origin", "session-connection"])
_PLAIN = _ARTICLE | Flags(rtcp_mux=["demux"], ice="remove", transport_protocol="RTP/AVP")
_BETWEEN_WEB = _ARTICLE | Flags(sdes=["off"], ice="force")

ARTICLE = Profile(
    name="ARTICLE",
    offers={
        Direction.WEB_TO_WEB: _BETWEEN_WEB,
        Direction.SIP_TO_WEB: _ARTICLE
        | Flags(
            rtcp_mux=["offer"],
            ice="force",
            codec={"transcode": ["PCMU", "G722"]},
            sdes=["off"],
            transport_protocol="UDP/TLS/RTP/SAVP",
        ),
        Leg.SIP: _PLAIN,
    },
    answers={
        Direction.WEB_TO_WEB: _BETWEEN_WEB,
        Direction.SIP_TO_WEB: _ARTICLE | Flags(rtcp_mux=["require"], ice="force", transport_protocol="RTP/SAVPF"),
        Leg.SIP: _PLAIN,
    },
    clean_for_sip=False,
    keep_dtls=False,
    keep_ice=False,
    mends=(),
)
"""The eight sets of a well-known article on WebRTC with OpenSIPS and RTPEngine, exact.

Nothing is done to the bodies, so every ICE restart of a browser ends the media on 12.5 and 26.0, which begin DTLS
again; ``ARTICLE.evolve(keep_dtls=True, keep_ice=True)`` heals that.
"""
