"""Every rewriting helper, in the ways it is called, with the lines that are its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import attrs

from rtpe_ng import sdp
from tests.support.descriptions import HASH, KEY

DIRECTIONS = {"sendrecv", "sendonly", "recvonly", "inactive"}
ICE = {"candidate", "remote-candidates", "ice-ufrag", "ice-pwd", "ice-options", "end-of-candidates", "ice-mismatch"}
DTLS = {"fingerprint", "setup", "tls-id"}
SDES = {"crypto", "key-mgmt"}
FEEDBACK = {"rtcp-fb", "rtcp-rsize"}
STREAMS = {"msid", "msid-semantic", "ssrc", "ssrc-group", "rid", "simulcast", "extmap", "extmap-allow-mixed"}
CODECS = {"rtpmap", "fmtp", "rtcp-fb"}
CANDIDATE = "1 1 udp 2130706431 203.0.113.9 5000 typ host"


@attrs.frozen(kw_only=True)
class Helper:
    """One way to call a helper."""

    name: str
    call: Callable[..., Any]
    lines: frozenset[str]
    """The attributes that it may write, change or remove; also ``m=`` and ``c=`` where it may change those."""
    takes_media: bool = True


def _helper(function: Callable[..., Any], *args: Any, lines: set[str], media: bool = True, **kwargs: Any) -> Helper:
    shown = [*(repr(it)[:24] for it in args), *(f"{key}={str(value)[:24]}" for key, value in kwargs.items())]
    return Helper(
        name=f"{function.__name__}({', '.join(shown)})",
        call=partial(_called, function, args, kwargs),
        lines=frozenset(lines),
        takes_media=media,
    )


def _called(function: Callable[..., Any], args: Any, kwargs: Any, body: Any, **more: Any) -> Any:
    return function(body, *args, **kwargs, **more)


def _all() -> Iterator[Helper]:
    yield _helper(sdp.remove_ice, lines=ICE | {"ice-lite", "ice-pacing"})
    yield _helper(
        sdp.set_ice_credentials, ufrag="new1", pwd="newpasswordnewpassword", lines={"ice-ufrag", "ice-pwd"}
    )
    yield _helper(sdp.set_candidates, [CANDIDATE, CANDIDATE.replace("1 1 ", "1 2 ")], lines={"candidate"})
    yield _helper(sdp.set_candidates, [], lines={"candidate"})
    yield _helper(sdp.drop_candidates, type="host", transport="tcp", lines={"candidate"})
    yield _helper(sdp.drop_candidates, component=2, lines={"candidate"})
    yield _helper(sdp.drop_candidates, address=["private", "mdns"], lines={"candidate"})
    yield _helper(sdp.set_ice_lite, lines={"ice-lite"}, media=False)
    yield _helper(sdp.set_ice_lite, False, lines={"ice-lite"}, media=False)
    yield _helper(sdp.set_trickle, lines={"ice-options"})
    yield _helper(sdp.set_trickle, False, lines={"ice-options"})
    yield _helper(sdp.set_end_of_candidates, lines={"end-of-candidates"})
    yield _helper(sdp.set_end_of_candidates, False, lines={"end-of-candidates"})
    for mode in ("offer", "require", "demux", "accept", "reject"):
        yield _helper(sdp.set_rtcp_mux, mode, lines={"rtcp-mux", "rtcp-mux-only", "rtcp", "candidate"})
    for profile in ("RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF"):
        yield _helper(sdp.set_profile, profile, lines={"m=", *DTLS, *SDES, *FEEDBACK})
    for profile in ("UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF"):
        keys: dict[str, Any] = {"fingerprint": HASH, "setup": "actpass"}
        yield _helper(sdp.set_profile, profile, **keys, lines={"m=", *DTLS, *SDES, *FEEDBACK})
    yield _helper(sdp.set_profile, "RTP/AVP", keep_feedback=True, lines={"m=", *DTLS, *SDES})
    yield _helper(sdp.set_fingerprint, HASH.lower(), setup="passive", lines={"fingerprint", "setup"})
    yield _helper(sdp.set_setup, "active", lines={"setup"})
    yield _helper(sdp.set_tls_id, "c" * 24, lines={"tls-id"})
    yield _helper(sdp.remove_dtls, lines=DTLS)
    yield _helper(sdp.set_crypto, [f"7 AES_CM_128_HMAC_SHA1_32 {KEY}"], lines={"crypto"})
    yield _helper(sdp.remove_sdes, lines=SDES)
    yield _helper(sdp.set_session_version, 7, lines={"o="}, media=False)
    yield _helper(sdp.set_mids, lines={"mid"}, media=False)
    yield _helper(sdp.remove_bundle, lines={"group", "bundle-only"}, media=False)
    for direction in sorted(DIRECTIONS):
        yield _helper(sdp.set_direction, direction, lines=DIRECTIONS)
    yield _helper(sdp.hold, lines=DIRECTIONS)
    yield _helper(sdp.resume, lines=DIRECTIONS)
    yield _helper(sdp.set_connection, "203.0.113.9", lines={"c="})
    yield _helper(sdp.set_connection, "2001:db8::9", lines={"c="})
    yield _helper(sdp.keep_codecs, ["PCMU", "opus/48000/2", "telephone-event", "96", "9"], lines={"m=", *CODECS})
    yield _helper(sdp.drop_codecs, ["VP8", "G722"], lines={"m=", *CODECS})
    yield _helper(sdp.order_codecs, ["telephone-event/8000", "8"], lines={"m="})
    yield _helper(
        sdp.clean_for_sip, lines=STREAMS | FEEDBACK | ICE | DTLS | {"mid", "group", "bundle-only", "ice-lite"},
        media=False,
    )  # fmt: skip


HELPERS = list(_all())
