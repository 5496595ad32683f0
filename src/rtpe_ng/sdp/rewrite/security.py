"""DTLS and SDES: fingerprints, roles and keys (RFC 8122, RFC 5763, RFC 8842, RFC 4568)."""

from collections.abc import Iterable

from ...errors import UsageError
from ..keys import SETUPS, Crypto, Fingerprint
from ..media import Media
from ..session import Session
from .editing import Body, check_one_of, drop, edit, put, several

__all__ = ["remove_dtls", "remove_sdes", "set_crypto", "set_fingerprint", "set_setup", "set_tls_id"]

DTLS = frozenset({"fingerprint", "setup", "tls-id"})
"""The attributes of DTLS (RFC 8842, sections 4 and 5)."""
SDES = frozenset({"crypto", "key-mgmt"})
"""The attributes that carry SRTP keys (RFC 4568, RFC 4567)."""


def uses_dtls(section: Media) -> bool:
    """Return whether a section uses DTLS: by its protocol, or because it is SRTP with a fingerprint."""
    protocol = section.protocol.upper()
    return "TLS" in protocol or (section.is_rtp and "SAVP" in protocol and bool(section.effective("fingerprint")))


def set_fingerprint(
    body: Body, fingerprint: Fingerprint | str, *, setup: str | None = None, media: int | None = None
) -> Body:
    """Set the certificate's fingerprint in each section that uses DTLS, or in the section `media`.

    Writes ``a=fingerprint`` (RFC 8122, section 5) and, if `setup` is given, ``a=setup`` (RFC 5763, section 5:
    ``actpass`` in an offer; ``active`` or ``passive`` in an answer), in place of existing ones. Without `media`, it
    also removes those of the session. `fingerprint` is a `Fingerprint` or a text such as ``sha-256 AB:CD:…``.
    Raises `SdpError` if it is malformed or the text is no SDP, `UsageError` if the role is unknown or there is no
    such section.
    """
    value = str(Fingerprint.parse(fingerprint) if isinstance(fingerprint, str) else fingerprint)
    attributes = {"fingerprint": value} if setup is None else {"fingerprint": value, "setup": _role(setup)}
    return _put_all(body, attributes, media)


def set_setup(body: Body, setup: str, *, media: int | None = None) -> Body:
    """Set the DTLS role in each section that uses DTLS, or in the section `media`.

    Writes ``a=setup`` (RFC 5763, section 5): ``actpass`` in an offer, ``active`` or ``passive`` in an answer.
    Raises `UsageError` if the role is unknown or there is no such section, `SdpError` if the text is no SDP.
    """
    return _put_all(body, {"setup": _role(setup)}, media)


def set_tls_id(body: Body, tls_id: str, *, media: int | None = None) -> Body:
    """Set the identity of the DTLS association in each section that uses DTLS, or in the section `media`.

    Writes ``a=tls-id`` (RFC 8842, section 4). If all bodies of a leg have the same one, RTPEngine 12.5 and 26.0
    keep the association over an ICE restart; without it they begin a new one, and the media stops. `tls_id` is 20
    to 255 letters, digits, ``+``, ``/``, ``-`` or ``_``. Raises `UsageError` if it is not, or if there is no such
    section; `SdpError` if the text is no SDP.
    """
    if not (20 <= len(tls_id) <= 255 and tls_id.isascii() and tls_id.translate(_NO_SIGNS).isalnum()):
        raise UsageError("a tls-id has 20 to 255 letters, digits, '+', '/', '-' or '_' (RFC 8842, section 4)")
    return _put_all(body, {"tls-id": tls_id}, media)


_NO_SIGNS = str.maketrans("", "", "+/-_")


def _role(setup: str) -> str:
    check_one_of(setup, SETUPS, "DTLS role")
    return setup


def _put_all(body: Body, attributes: dict[str, str], media: int | None) -> Body:
    def each(section: Media) -> Media:
        for name, value in attributes.items():
            section = put(section, name, value)
        return section

    def own(session: Session) -> Session:
        return drop(session, attributes.keys()) if any(map(uses_dtls, session.media)) else session

    return edit(body, each, media=media, only=uses_dtls, own=own)


def remove_dtls(body: Body, *, media: int | None = None) -> Body:
    """Remove DTLS from `body`, or from its section `media`.

    Removes ``a=fingerprint``, ``a=setup`` and ``a=tls-id`` from sections and session; the protocol stays, see
    `set_profile`. With `media`, the session's attributes are moved into the other sections, which keep them. Raises
    `SdpError` if the text is no SDP, `UsageError` if there is no such section.
    """
    return _drop_all(body, DTLS, media)


def _drop_all(body: Body, names: frozenset[str], media: int | None) -> Body:
    return edit(
        body,
        lambda section: drop(section, names),
        media=media,
        own=lambda own: drop(own, names),
        inherited=names,
    )


def set_crypto(body: Body, cryptos: Iterable[Crypto | str] | Crypto | str, *, media: int | None = None) -> Body:
    """Set the SDES keys of each section of RTP/SAVP or RTP/SAVPF, or of the section `media`.

    Writes one ``a=crypto`` line for each (RFC 4568, section 9.1) in place of existing ones. Each is a `Crypto` or
    the value of such a line. Raises `SdpError` if one is malformed or the text is no SDP, `UsageError` if there is
    no such section.
    """
    values = [str(Crypto.parse(value) if isinstance(value, str) else value) for value in several(cryptos)]
    return edit(
        body,
        lambda section: put(section, "crypto", *values),
        media=media,
        only=lambda section: section.protocol.upper() in ("RTP/SAVP", "RTP/SAVPF"),
    )


def remove_sdes(body: Body, *, media: int | None = None) -> Body:
    """Remove SRTP keys from `body`, or from its section `media`.

    Removes ``a=crypto`` (RFC 4568) and ``a=key-mgmt`` (RFC 4567) from sections and session; the protocol stays, see
    `set_profile`. With `media`, the session's attributes are moved into the other sections, which keep them. Raises
    `SdpError` if the text is no SDP, `UsageError` if there is no such section.
    """
    return _drop_all(body, SDES, media)
