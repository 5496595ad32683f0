"""DTLS and SDES: fingerprints, roles and keys (RFC 8122, RFC 5763, RFC 8842, RFC 4568)."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import UsageError
from ..keys import SETUPS, Crypto, Fingerprint
from ..media import Media
from ..session import Session
from .editing import Body, check_one_of, drop, edit, lower, put, rewrite, several

__all__ = [
    "DTLS",
    "SDES",
    "remove_dtls",
    "remove_sdes",
    "set_crypto",
    "set_fingerprint",
    "set_setup",
    "set_tls_id",
    "uses_dtls",
]

DTLS = frozenset({"fingerprint", "setup", "tls-id"})
"""The attributes of DTLS (RFC 8842, section 4 and 5)."""
SDES = frozenset({"crypto", "key-mgmt"})
"""The attributes that carry SRTP keys (RFC 4568, RFC 4567)."""


def uses_dtls(section: Media) -> bool:
    """Tell whether a section is secured by DTLS: by its protocol, or because RTP comes with a fingerprint."""
    protocol = section.protocol.upper()
    return "TLS" in protocol or (section.is_rtp and "SAVP" in protocol and bool(section.effective("fingerprint")))


def set_fingerprint(
    body: Body, fingerprint: Fingerprint | str, *, setup: str | None = None, media: int | None = None
) -> Body:
    """Put one's own certificate into each section that uses DTLS, or into the section `media`.

    Writes ``a=fingerprint`` (RFC 8122, section 5), and ``a=setup`` where `setup` is given (RFC 5763, section 5:
    ``actpass`` in an offer; ``active`` or ``passive`` in an answer), in the place of those that were there; the
    session's own are removed where all sections get them. `fingerprint` is a `Fingerprint` or a text such as
    ``sha-256 AB:CD:…``. Raises `SdpError` where it is malformed or text is no SDP, `UsageError` where the role is
    unknown or there is no such section.
    """
    value = str(Fingerprint.parse(fingerprint) if isinstance(fingerprint, str) else fingerprint)
    said = {"fingerprint": value} if setup is None else {"fingerprint": value, "setup": _role(setup)}
    return _say(body, said, media)


def set_setup(body: Body, setup: str, *, media: int | None = None) -> Body:
    """Set the DTLS role in each section that uses DTLS, or in the section `media`.

    Writes ``a=setup`` (RFC 5763, section 5): ``actpass`` in an offer, ``active`` or ``passive`` in an answer.
    Raises `UsageError` where the role is unknown or there is no such section, `SdpError` where text is no SDP.
    """
    return _say(body, {"setup": _role(setup)}, media)


def set_tls_id(body: Body, tls_id: str, *, media: int | None = None) -> Body:
    """Say which DTLS association this is, in each section that uses DTLS or in the section `media`.

    Writes ``a=tls-id`` (RFC 8842, section 4). The same one in every body of a leg tells RTPEngine 12.5 and 26.0
    that an ICE restart keeps the association; without it they begin a new one, and the media stops. `tls_id` has
    20 to 255 letters, digits, ``+``, ``/``, ``-`` or ``_``. Raises `UsageError` where it has not, or where there
    is no such section; `SdpError` where text is no SDP.
    """
    if not (20 <= len(tls_id) <= 255 and tls_id.isascii() and tls_id.translate(_NO_SIGNS).isalnum()):
        raise UsageError("a tls-id has 20 to 255 letters, digits, '+', '/', '-' or '_' (RFC 8842, section 4)")
    return _say(body, {"tls-id": tls_id}, media)


_NO_SIGNS = str.maketrans("", "", "+/-_")


def _role(setup: str) -> str:
    check_one_of(setup, SETUPS, "DTLS role")
    return setup


def _say(body: Body, said: dict[str, str], media: int | None) -> Body:
    def each(section: Media) -> Media:
        for name, value in said.items():
            section = put(section, name, value)
        return section

    def own(session: Session) -> Session:
        return drop(session, said.keys()) if any(map(uses_dtls, session.media)) else session

    return rewrite(body, lambda session: edit(session, each, media=media, only=uses_dtls, own=own))


def remove_dtls(body: Body, *, media: int | None = None) -> Body:
    """Take DTLS out of `body`, or of its section `media`.

    Removes ``a=fingerprint``, ``a=setup`` and ``a=tls-id``, at both levels; the protocol stays, see `set_profile`.
    With `media`, what the session says is moved into the other sections, which keep it. Raises `SdpError` where
    text is no SDP, `UsageError` where there is no such section.
    """

    def change(session: Session) -> Session:
        if media is not None:
            session = lower(session, DTLS)
        return edit(session, lambda it: drop(it, DTLS), media=media, own=lambda it: drop(it, DTLS))

    return rewrite(body, change)


def set_crypto(body: Body, cryptos: Iterable[Crypto | str] | Crypto | str, *, media: int | None = None) -> Body:
    """Put SDES keys into each section of RTP/SAVP or RTP/SAVPF, or into the section `media`.

    Writes one ``a=crypto`` line for each (RFC 4568, section 9.1) in the place of those that were there; each is a
    `Crypto` or the value of such a line. Raises `SdpError` where one is malformed or text is no SDP, `UsageError`
    where there is no such section.
    """
    values = [str(Crypto.parse(it) if isinstance(it, str) else it) for it in several(cryptos)]
    return rewrite(
        body,
        lambda session: edit(
            session,
            lambda section: put(section, "crypto", *values),
            media=media,
            only=lambda section: section.protocol.upper() in ("RTP/SAVP", "RTP/SAVPF"),
        ),
    )


def remove_sdes(body: Body, *, media: int | None = None) -> Body:
    """Take SRTP keys out of `body`, or of its section `media`.

    Removes ``a=crypto`` (RFC 4568) and ``a=key-mgmt`` (RFC 4567), at both levels; with `media`, in that section.
    The protocol stays, see `set_profile`. Raises `SdpError` where text is no SDP, `UsageError` where there is no
    such section.
    """

    def change(session: Session) -> Session:
        if media is not None:
            session = lower(session, SDES)
        return edit(session, lambda it: drop(it, SDES), media=media, own=lambda it: drop(it, SDES))

    return rewrite(body, change)
