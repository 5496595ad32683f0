"""How media travels: protocol, ICE, key exchange, rtcp-mux, BUNDLE."""

from collections.abc import Sequence

import attrs

from ... import keys as k
from .. import vocabulary as v


@attrs.frozen(kw_only=True, slots=False)
class TransportOptions:
    """Options of the transport toward a leg."""

    webrtc: bool = k.flag("WebRTC", since="12.5", spellings=("webrtc", "webRTC", "WebRtc"), sent=False)
    """Shorthand for what a browser wants: ``UDP/TLS/RTP/SAVPF``, ``ICE=force``, trickle ICE, ``rtcp-mux`` offer and
    require, no ``a=rtcp``, SDES off, mids. `Flags` have these in its place, which every daemon knows; the word
    itself is never sent. A daemon since 14.0 takes it for ``bundle=["require"]`` too, which is left to you. Since
    12.5."""

    transport_protocol: v.TransportProtocol | None = k.choice("transport-protocol", v.TransportProtocol)
    """The protocol of the RTP ``m=`` lines that go out; ``accept`` is for answers only."""
    ice: v.ICE | Sequence[v.ICEWord] | None = k.one_or_more(
        "ICE",
        v.ICE,
        v.ICEWord,
        words=dict.fromkeys(("trickle", "ice2", "lite-forward", "lite-backward", "lite-both", "lite-off"), "26.2"),
    )
    """What happens to ICE (RFC 8839): ``force`` makes the daemon the only candidate. A list, with ``ice2`` and such
    beside it, is known since 26.2."""
    ice_lite: v.ICELite | None = k.choice("ICE-lite", v.ICELite, toward="both", commands=("offer",))
    """Toward whom the daemon is an ICE-lite agent: the receiver (``forward``), the sender; for offers only."""
    dtls: v.DTLS | None = k.choice("DTLS", v.DTLS)
    """DTLS-SRTP (RFC 5763) toward the receiver: ``off``, or the daemon's role."""
    dtls_reverse: v.DTLSReverse | None = k.choice("DTLS-reverse", v.DTLSReverse, toward="sender")
    """The daemon's role toward the sender of this message; since 26.2 the daemon takes it for ``DTLS``."""
    dtls_fingerprint: v.FingerprintHash | None = k.choice("DTLS-fingerprint", v.FingerprintHash)
    """The hash of the certificate's fingerprint, such as ``SHA-256`` (RFC 8122)."""
    sdes: Sequence[str] = k.words(
        "SDES",
        v.SDES_KNOWN,
        v.SDES_PREFIXES,
        words={"nonew": "11.2", "only-": "11.2", "order:": "11.2", "offerer_pref:": "11.2", "prefer": "12.1"},
    )
    """SDES key exchange (RFC 4568): ``off``, or what is offered and how; ``nonew``, ``only-...``, ``order:...`` and
    ``offerer_pref:...`` are known since 11.2, ``prefer`` since 12.1."""
    osrtp: Sequence[v.OSRTP] = k.words(
        "OSRTP",
        v.OSRTP,
        words={"offer-RFC": "11.3", "offer-legacy": "11.3", "accept-RFC": "11.3", "accept-legacy": "11.3"},
    )
    """Opportunistic SRTP (RFC 8643); ``-RFC`` and ``-legacy`` are known since 11.3."""
    rtcp_mux: Sequence[v.RtcpMux] = k.words("rtcp-mux", v.RtcpMux, toward="both", commands=("offer",))
    """RTP and RTCP on one port (RFC 5761): ``offer`` and ``require`` toward the receiver, ``demux``, ``accept`` and
    ``reject`` for what the sender offered."""
    bundle: Sequence[v.Bundle] = k.words("bundle", v.Bundle, since="14.0", toward="both")
    """BUNDLE (RFC 9143): ``accept`` it from the sender, ``offer`` or ``require`` it toward the receiver, ``strict``
    as the RFC wants ``bundle-only``, ``reject`` what was agreed before. Since 14.0."""

    trickle_ice: bool = k.flag("trickle-ICE")
    """Offer trickle ICE (RFC 8840)."""
    reject_ice: bool = k.flag("reject-ICE", spellings=("ICE-reject",), toward="sender")
    """Refuse ICE toward the sender of this offer."""
    no_tls_id: bool = k.flag("no-tls-id", since="26.0")
    """No ``a=tls-id`` (RFC 8842) in what goes out, and no new DTLS where ICE restarts without one. Since 26.0."""
    pad_crypto: bool = k.flag("pad-crypto", obsolete="sdes=['pad'] says the same")
    """Legacy word for SDES=pad."""
    recrypt: bool = k.flag("recrypt", since="13.4", toward="both")
    """Decrypt and check SRTP and encrypt it again, even where both sides have the same keys. Since 13.4."""
