"""Session descriptions for tests: as endpoints write them, and as nobody should."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

CAPTURED = {
    path.stem: path.read_bytes() for path in sorted(Path(__file__).parents[1].joinpath("data", "sdp").glob("*.sdp"))
}
"""What Chromium and aiortc offer, and what the daemons make of it: see data/capture.py."""

ENDS = ["\r\n", "\n"]
NAMES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
ADDRESSES = st.sampled_from(
    ["198.51.100.7", "10.0.0.1", "192.168.1.2", "100.64.0.9", "0.0.0.0", "2001:db8::1", "fe80::1", "fd00::5", "::"]
)
PORTS = st.sampled_from([0, 9, 1, 4000, 4001, 65535])
HASH = "sha-256 " + ":".join(f"{n:02X}" for n in range(32))
KEY = "inline:" + "k" * 40

CANDIDATES = st.builds(
    lambda component, transport, address, port, kind, more: (
        f"candidate:1 {component} {transport} 2130706431 {address} {port} typ {kind}{more}"
    ),
    st.integers(1, 2),
    st.sampled_from(["udp", "UDP", "tcp"]),
    ADDRESSES | st.just("0b5f3c9e-1c1b-4d58.local"),
    PORTS,
    st.sampled_from(["host", "srflx", "relay"]),
    st.sampled_from(["", " raddr 10.0.0.1 rport 9", " tcptype active generation 0", " generation 0 network-id 1"]),
)

SESSION_ATTRIBUTES = st.sampled_from(
    [
        "group:BUNDLE 0 1",
        "group:LS 0 1",
        "ice-lite",
        "ice-options:trickle ice2",
        "ice-ufrag:sess",
        "ice-pwd:sessionpasswordsessionpassword",
        f"fingerprint:{HASH}",
        "setup:actpass",
        "tls-id:aaaaaaaaaaaaaaaaaaaaaaaa",
        "sendonly",
        "inactive",
        "msid-semantic: WMS *",
        "extmap-allow-mixed",
        "end-of-candidates",
        "tool:x",
    ]
)
MEDIA_ATTRIBUTES = (
    st.sampled_from(
        [
            "ice-ufrag:abcd",
            "ice-pwd:mediapasswordmediapassword",
            "ice-options:trickle",
            "end-of-candidates",
            "candidate:malformed",
            f"fingerprint:{HASH}",
            "setup:active",
            "tls-id:bbbbbbbbbbbbbbbbbbbbbbbb",
            f"crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}",
            "rtcp-mux",
            "rtcp-mux-only",
            "rtcp:4001",
            "rtcp:9 IN IP4 0.0.0.0",
            "rtcp:4000 IN IP4 10.0.0.1",
            "mid:0",
            "mid:1",
            "bundle-only",
            "sendrecv",
            "sendonly",
            "recvonly",
            "inactive",
            "rtpmap:111 opus/48000/2",
            "rtpmap:96 VP8/90000",
            "rtpmap:97 rtx/90000",
            "fmtp:97 apt=96",
            "rtpmap:63 red/48000/2",
            "fmtp:63 111/111",
            "rtpmap:101 telephone-event/8000",
            "rtpmap:98 iLBC",
            "fmtp:111 minptime=10;useinbandfec=1",
            "rtcp-fb:96 nack pli",
            "rtcp-fb:* ccm fir",
            "rtcp-rsize",
            "extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            "ssrc:1 cname:x",
            "ssrc:1 msid:s t",
            "ssrc-group:FID 1 2",
            "msid:s t",
            "ptime:20",
            "x-unknown:1",
            "T38FaxVersion:0",
            " odd: spacing ",
        ]
    )
    | CANDIDATES
)
RTP = st.sampled_from(
    ["RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "RTP/AVP"]
)
PAYLOADS = st.lists(
    st.sampled_from(["0", "8", "9", "13", "96", "97", "98", "101", "111", "63"]),
    min_size=1,
    max_size=6,
    unique=True,
)


@st.composite
def media_lines(draw: st.DrawFn) -> list[str]:
    """Draw the lines of one media section."""
    if draw(st.integers(0, 4)):
        formats = " ".join(draw(PAYLOADS))
        head = f"m={draw(st.sampled_from(['audio', 'video']))} {draw(PORTS)} {draw(RTP)} {formats}"
    else:
        port = draw(PORTS)
        head = draw(
            st.sampled_from([f"m=application {port} UDP/DTLS/SCTP webrtc-datachannel", f"m=image {port} udptl t38"])
        )
    lines = [head + draw(st.sampled_from(["", "", "", " "]))]
    if draw(st.booleans()):
        address = draw(ADDRESSES)
        lines.append(f"c=IN IP{6 if ':' in address else 4} {address}")
    lines += draw(st.lists(st.sampled_from(["b=AS:64", "i=title", "b=TIAS:64000"]), max_size=1))
    return lines + [f"a={it}" for it in draw(st.lists(MEDIA_ATTRIBUTES, max_size=12))]


@st.composite
def bodies(draw: st.DrawFn, sections: int = 0) -> str:
    """Draw a description that can be parsed: plausible lines, in plausible and in odd combinations.

    It has at least so many media sections.
    """
    lines = ["v=0", "o=- 1 2 IN IP4 198.51.100.7", draw(st.sampled_from(["s=-", "s= ", "s=caf\u00e9 \u2028\x0b."]))]
    if draw(st.booleans()):
        lines.append(f"c=IN IP4 {draw(st.sampled_from(['198.51.100.7', '10.1.1.1', '0.0.0.0']))}")
    lines.append("t=0 0")
    lines += [f"a={it}" for it in draw(st.lists(SESSION_ATTRIBUTES, max_size=4, unique=True))]
    for section in draw(st.lists(media_lines(), min_size=sections, max_size=3)):
        lines += section
    end = draw(st.sampled_from(ENDS))
    body = end.join(lines) + draw(st.sampled_from([end, end, end, ""]))
    return body + draw(
        st.sampled_from(["", "", "", "\r\n", "\n\nm=no part of it", "\x00"]) if body[-1] == "\n" else st.just("")
    )


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw a description with a few characters changed, left out or put in."""
    text = draw(bodies())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.text(max_size=3)) + text[at + draw(st.integers(0, 3)) :]
    return text
