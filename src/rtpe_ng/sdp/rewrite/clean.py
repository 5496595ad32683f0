"""What does not belong on a leg: leftovers toward phones, and what browsers insist on."""

from __future__ import annotations

from ...errors import SdpError
from ..media import Media
from ..questions import web_problems
from ..session import Session
from .bundle import remove_bundle
from .editing import Body, drop, edit, rewrite
from .profile import FEEDBACK
from .security import DTLS, remove_sdes

__all__ = ["clean_for_sip", "clean_for_web"]

_STREAMS = frozenset({"msid", "msid-semantic", "ssrc", "ssrc-group", "rid", "simulcast"})
_EXTENSIONS = frozenset({"extmap", "extmap-allow-mixed"})
_ICE_REMAINS = frozenset({"candidate", "end-of-candidates", "ice-lite", "ice-options", "remote-candidates"})


def clean_for_sip(body: Body) -> Body:
    """Remove what a phone has no use for, and what the daemon lets through to it from a browser.

    From the session and its RTP sections: ``a=mid``, ``msid``, ``msid-semantic``, ``ssrc``, ``ssrc-group``,
    ``rid``, ``simulcast``, ``extmap``, ``extmap-allow-mixed``, ``rtcp-fb``, ``rtcp-rsize`` and BUNDLE groups. A mid
    that another group names (RFC 5888: lip synchronisation, say) stays. Where a section has no ICE left (no
    ``ice-ufrag``), ``candidate``, ``end-of-candidates`` and ``ice-options`` go too; where it has no fingerprint,
    ``setup`` and ``tls-id``. Protocol, ICE, rtcp-mux and DTLS stay as they are. Raises `SdpError` where text is
    no SDP.
    """

    def change(session: Session) -> Session:
        session = remove_bundle(session)
        named = {mid for group in session.groups for mid in group.mids}

        def each(section: Media) -> Media:
            ice, dtls = section.ice_ufrag is not None, bool(section.effective("fingerprint"))
            section = drop(section, {"mid"}, only=lambda mid: mid not in named)
            return drop(section, _leftovers(ice=ice, dtls=dtls))

        def own(session: Session) -> Session:
            # The session's word on ICE and DTLS stays as long as any section goes by it.
            ice = any(section.ice_ufrag is not None for section in session.media)
            dtls = any(section.effective("fingerprint") for section in session.media)
            return drop(session, _leftovers(ice=ice, dtls=dtls))

        return edit(session, each, media=None, only=lambda it: it.is_rtp, own=own)

    return rewrite(body, change)


def _leftovers(*, ice: bool, dtls: bool) -> frozenset[str]:
    return _STREAMS | _EXTENSIONS | FEEDBACK | (frozenset() if ice else _ICE_REMAINS) | (
        frozenset() if dtls else DTLS - {"fingerprint"}
    )  # fmt: skip


def clean_for_web(body: Body) -> Body:
    """Remove what a browser must not get, and check what it insists on.

    Removes ``a=crypto`` and ``a=key-mgmt`` (RFC 8827, section 6.5 forbids SDES). Then raises `SdpError` where a
    browser would refuse the body, with everything that `web_problems` finds: a section of RTP without
    rtcp-mux, ICE credentials, a DTLS fingerprint or an SRTP profile, or without a mid of its own.
    """

    def change(session: Session) -> Session:
        session = remove_sdes(session)
        if problems := web_problems(session):
            raise SdpError("a browser would refuse this: " + "; ".join(problems))
        return session

    return rewrite(body, change)
