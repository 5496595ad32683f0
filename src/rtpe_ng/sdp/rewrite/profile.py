"""The RTP profile of a section, and the attributes that depend on it."""

from ...errors import UsageError
from ..keys import SETUPS, Fingerprint
from ..media import RTP_PROTOCOLS, Media
from ..session import Session
from .editing import Body, check_one_of, drop, edit, lower, put, put_words, rewrite_at
from .security import DTLS, SDES, uses_dtls

__all__ = ["set_profile"]

FEEDBACK = frozenset({"rtcp-fb", "rtcp-rsize"})
"""The attributes that only the feedback profiles allow (RFC 4585, section 4.2; RFC 5506, section 5.1)."""


def set_profile(
    body: Body,
    profile: str,
    *,
    fingerprint: Fingerprint | str | None = None,
    setup: str | None = None,
    keep_feedback: bool = False,
    media: int | None = None,
) -> Body:
    """Set the profile of each RTP section, or of the section `media`, and the attributes that depend on it.

    `profile` is one of

    ``RTP/AVP``, ``RTP/AVPF`` (RFC 3551, RFC 4585)
        Plain RTP: removes ``a=fingerprint``, ``a=setup``, ``a=tls-id``, ``a=crypto`` and ``a=key-mgmt``.
    ``RTP/SAVP``, ``RTP/SAVPF`` (RFC 3711, RFC 5124)
        SRTP, with keys from SDES (`set_crypto`) or, as in early WebRTC, from DTLS: keeps the attributes of both.
    ``UDP/TLS/RTP/SAVP``, ``UDP/TLS/RTP/SAVPF`` (RFC 5764)
        SRTP with keys from DTLS: removes ``a=crypto`` and ``a=key-mgmt``. If a section has no fingerprint or no
        role, writes `fingerprint` (such as ``sha-256 AB:CD:…``) and `setup` (``actpass`` in an offer, ``active`` or
        ``passive`` in an answer). Existing ones stay; `set_fingerprint` replaces them.

    For a profile without a final ``F``, ``a=rtcp-fb`` and ``a=rtcp-rsize`` are removed, unless `keep_feedback`. The
    session's attributes for DTLS and SDES are removed as well, or moved into the sections that keep them. ICE and
    rtcp-mux stay: see `remove_ice` and `set_rtcp_mux`. Sections that are not RTP over UDP stay as they are. Raises
    `UsageError` if the profile or the role is unknown, a fingerprint or a role is missing, or there is no such
    section; `SdpError` if the fingerprint is malformed or the text is no SDP.
    """
    check_one_of(profile, RTP_PROTOCOLS, "RTP profile")
    if setup is not None:
        check_one_of(setup, SETUPS, "DTLS role")
    own = None if fingerprint is None else str(
        Fingerprint.parse(fingerprint) if isinstance(fingerprint, str) else fingerprint
    )  # fmt: skip

    unwanted = (
        DTLS | SDES if profile.startswith("RTP/AVP") else SDES if profile.startswith("UDP/TLS/") else frozenset()
    )

    def each(section: Media) -> Media:
        if not section.is_rtp:
            return section
        section = put_words(section, 2, profile)
        if not profile.endswith("F") and not keep_feedback:
            section = drop(section, FEEDBACK)
        section = drop(section, unwanted)
        return _with_dtls(section, own, setup) if profile.startswith("UDP/TLS/") else section

    def change(session: Session, place: int | None) -> Session:
        return edit(_without_own(session, unwanted, place), each, media=place)

    return rewrite_at(body, change, media=media)


def _with_dtls(section: Media, fingerprint: str | None, setup: str | None) -> Media:
    for name, value, noun in (("fingerprint", fingerprint, "fingerprint"), ("setup", setup, "DTLS role")):
        if not section.effective(name):
            if value is None:
                raise UsageError(f"it has no {noun}, which DTLS needs: say {name}=")
            section = put(section, name, value)
    return section


def _without_own(session: Session, names: frozenset[str], media: int | None) -> Session:
    """Return the session without its own lines of these names; if other sections need them, they move there."""
    changed = session.media if media is None else session.media[media : media + 1]
    if not any(section.is_rtp for section in changed):
        return session
    # A data channel uses DTLS too.
    others_need_them = any(uses_dtls(section) and not section.is_rtp for section in session.media)
    return lower(session, names) if media is not None or others_need_them else drop(session, names)
