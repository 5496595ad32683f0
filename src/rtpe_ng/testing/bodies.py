"""Realistic SDP bodies: offers and answers of a browser and a phone.

Their addresses are loopback addresses, so a daemon that gets such a body sends nothing into a network. Their keys
are made up.
"""

from .. import sdp
from ..legs import Leg

__all__ = ["answer", "offer"]

WEB_ADDRESS = "127.0.1.1"
SIP_ADDRESS = "127.0.2.1"
_FINGERPRINT = "sha-256 " + ":".join(f"{17 * n % 256:02X}" for n in range(1, 33))
_SDES_KEY = "inline:cmVhbGlzdGljLCBidXQgbm90IGEgc2VjcmV0ISEh"

_BROWSER_CODECS = """\
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
"""


def offer(leg: Leg, *, protocol: str | None = None, version: int = 1) -> str:
    """Return an audio offer of a typical endpoint of this `leg`.

    `protocol` is the protocol of a phone, by default ``RTP/AVP``; with ``RTP/SAVP`` the offer has an SDES key.
    `version` is the version in the ``o=`` line, which must be higher in a re-offer.
    """
    if leg is Leg.WEB:
        formats = "111 9 0 8 13 110 126"
        return _browser(version, "UDP/TLS/RTP/SAVPF", "0", "actpass", formats, _BROWSER_CODECS)
    return _phone(version, protocol or "RTP/AVP", "0 8 101")


def answer(leg: Leg, offered: str, *, version: int = 1, setup: str = "active") -> str:
    """Return a typical answer of an endpoint of this `leg` to the body `offered`, for one audio section.

    `setup` is the DTLS role of a browser (RFC 5763): usually ``active``, but ``passive`` if the browser made the
    first offer of the call, because re-offers keep the roles. `version` is as for `offer`. Raises `SdpError` if
    `offered` is no SDP, ValueError if it has no audio section.
    """
    session = sdp.parse(offered)
    media = next((media for media in session.media if media.type == "audio"), None)
    if media is None:
        raise ValueError("the offer has no audio section")
    if leg is Leg.SIP:
        return _phone(version, media.protocol, "0 101")
    codec = "111" if "111" in media.formats else "0"
    lines = "".join(f"{line}\n" for line in _BROWSER_CODECS.splitlines() if f":{codec} " in line)
    mid = media.attribute("mid") or "0"
    return _browser(version, media.protocol, mid, setup, codec, lines)


def _browser(version: int, protocol: str, mid: str, setup: str, formats: str, codecs: str) -> str:
    return f"""\
v=0
o=- 4611731400430051336 {version} IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE {mid}
a=extmap-allow-mixed
a=msid-semantic: WMS 5e0b2c1e-8a41
m=audio 50004 {protocol} {formats}
c=IN IP4 {WEB_ADDRESS}
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:3022624816 1 udp 2122260223 {WEB_ADDRESS} 50004 typ host generation 0 network-id 1
a=candidate:1595025164 1 tcp 1518280447 {WEB_ADDRESS} 9 typ host tcptype active generation 0 network-id 1
a=ice-ufrag:Wk7e
a=ice-pwd:madeUpButLongEnough1234x
a=ice-options:trickle
a=fingerprint:{_FINGERPRINT}
a=setup:{setup}
a=mid:{mid}
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:5e0b2c1e-8a41 b8f8a2d5-track
a=rtcp-mux
a=rtcp-rsize
{codecs}a=ssrc:1370212341 cname:9Yh1kTs4n0aQbLzE
a=ssrc:1370212341 msid:5e0b2c1e-8a41 b8f8a2d5-track
""".replace("\n", "\r\n")


def _phone(version: int, protocol: str, formats: str) -> str:
    crypto = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {_SDES_KEY}\n" if protocol in ("RTP/SAVP", "RTP/SAVPF") else ""
    pcma = "a=rtpmap:8 PCMA/8000\n" if " 8 " in f" {formats} " else ""
    return f"""\
v=0
o=phone 2890844526 {version} IN IP4 {SIP_ADDRESS}
s=call
c=IN IP4 {SIP_ADDRESS}
t=0 0
m=audio 40000 {protocol} {formats}
a=rtpmap:0 PCMU/8000
{pcma}a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
{crypto}a=sendrecv
""".replace("\n", "\r\n")
