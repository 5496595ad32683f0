"""Remove what does not belong on a leg: a browser's attributes toward phones, and SDES keys toward browsers."""

from ...errors import SdpError
from ..media import Media
from ..session import Session
from ..web import web_problems
from .bundle import remove_bundle
from .editing import Body, drop, edit, rewrite
from .profile import FEEDBACK
from .security import DTLS, remove_sdes

__all__ = ["clean_for_sip", "clean_for_web"]

_STREAMS = frozenset({"msid", "msid-semantic", "ssrc", "ssrc-group", "rid", "simulcast"})
_EXTENSIONS = frozenset({"extmap", "extmap-allow-mixed"})
_ICE_REMAINS = frozenset({"candidate", "end-of-candidates", "ice-lite", "ice-options", "remote-candidates"})


def clean_for_sip(body: Body) -> Body:
    """Remove the attributes of a browser that the daemon passes on and a phone cannot use.

    Removes from the session and its RTP sections: ``a=mid``, ``msid``, ``msid-semantic``, ``ssrc``, ``ssrc-group``,
    ``rid``, ``simulcast``, ``extmap``, ``extmap-allow-mixed`` and BUNDLE groups; from sections whose profile is
    none of feedback (``RTP/AVP``, ``RTP/SAVP``; RFC 4585, section 4.2), also ``rtcp-fb`` and ``rtcp-rsize``. A mid
    that another group names stays (RFC 5888; an example is lip synchronization). From a section without ICE (no
    ``ice-ufrag``) it also removes ``candidate``, ``end-of-candidates`` and ``ice-options``; from one without a
    fingerprint, ``setup`` and ``tls-id``. Protocol, ICE, rtcp-mux and DTLS stay as they are. Use it for what a
    browser has written: a phone may have written the same attributes for another phone, which uses them. Raises
    `SdpError` if the text is no SDP.
    """

    def change(session: Session) -> Session:
        # BUNDLE goes first, so that only the mids of other groups are left to keep.
        session = remove_bundle(session)
        named = {mid for group in session.groups for mid in group.mids}

        # Attributes of ICE and DTLS stay in the session as long as any section inherits them.
        of_session = _leftovers(*session.media)

        def each(section: Media) -> Media:
            return drop(drop(section, {"mid"}, only=lambda mid: mid not in named), _leftovers(section))

        return edit(
            session, each, media=None, only=lambda section: section.is_rtp, own=lambda own: drop(own, of_session)
        )

    return rewrite(body, change)


def _leftovers(*sections: Media) -> frozenset[str]:
    """Return the names of the attributes that a phone cannot use in these sections."""
    names = _STREAMS | _EXTENSIONS
    # What the session says holds for all sections, so it stays for the sake of one.
    if not any(section.protocol.upper().endswith("F") for section in sections):
        names |= FEEDBACK
    if all(section.ice_ufrag is None for section in sections):
        names |= _ICE_REMAINS
    if not any(section.effective("fingerprint") for section in sections):
        names |= DTLS - {"fingerprint"}
    return names


def clean_for_web(body: Body) -> Body:
    """Remove SDES keys, which a browser must not get, and check what a browser insists on.

    Removes ``a=crypto`` and ``a=key-mgmt``, because RFC 8827, section 6.5, forbids SDES. Then raises `SdpError`,
    with all that `web_problems` finds, if a browser would refuse the body.
    """

    def change(session: Session) -> Session:
        session = remove_sdes(session)
        if problems := web_problems(session):
            raise SdpError("a browser would refuse this: " + "; ".join(map(str, problems)))
        return session

    return rewrite(body, change)
