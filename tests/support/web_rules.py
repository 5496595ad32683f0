"""Each rule of `sdp.web_problems`: a body that Chromium takes, and a change after which it refuses it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from tools.mutants import Base, Role, bases

BASES = {(base.name, base.role): base for base in bases()}


_Key: TypeAlias = tuple[str, Role]


class Rule(NamedTuple):
    """A sound body, by name and role of its base; what is changed in it; and what is found then."""

    base: _Key
    before: str
    after: str
    reason: str

    @property
    def sound(self) -> Base:
        return BASES[self.base]

    @property
    def body(self) -> str:
        found = self.sound.body.replace(self.before, self.after, 1)
        assert found != self.sound.body, self
        return found


_PBX: _Key = ("pbx-offer", "offer")
_SFU: _Key = ("sfu-offer", "offer")
_TWO: _Key = ("audio-video-data-0", "offer")
_ANSWER: _Key = ("audio-video-data-0", "answer")
_AGAIN: _Key = ("audio-video-data-1", "offer")
_REPLY: _Key = ("audio-video-data-1", "answer")
_CANDIDATE = "a=candidate:Hcb00f09 1 UDP 2130706431 203.0.113.9 14020 typ host"

_LINES = (
    ("v=0", "w=0", "no session has a line w="),
    ("v=0\r\n", "", "no v= line"),
    ("s=pbx\r\n", "", "no s= line"),
    ("s=pbx", "s=", "s= is empty"),
    ("t=0 0\r\n", "", "no t= line"),
    ("t=0 0\r\n", "t=0 0\r\nb=AS:1\r\n", "b= in another place"),
    ("t=0 0\r\n", "r=1 1 1\r\nt=0 0\r\n", "r= in another place"),
    ("s=pbx\r\n", "s=pbx\r\ne=a\r\ne=b\r\n", "e= in another place"),
    ("o=- ", "o=", "o= has not its six words"),
    ("c=IN IP4 203", "c=IN IP6 203", "an address of another family"),
    ("c=IN IP4 203.0.113.9", "c=IN IP4 224.2.1.1/127", "a multicast address"),
    ("c=IN ", "c=ATM ", "c= is written as"),
    ("a=ptime:20", "", "an empty line"),
    ("a=ptime:20", "a= ptime:20", "a space behind a="),
    ("a=ptime:20", "A=ptime:20", "no line of SDP"),
    ("a=ptime:20", "a=ptime", "a=ptime without a value"),
    ("a=mid:audio-0\r\n", "a=mid:audio-0", "the last line has no end"),
    ("a=sendrecv", "b=AS:-1", "a bandwidth below zero"),
    ("a=sendrecv", "b=AS", "b= is written as name:number"),
    ("a=sendrecv", "b=TIAS:x", "b=TIAS whose value is no number"),
    ("m=audio 14020 ", "m=audio 14020/2 ", "no number of ports"),
    ("m=audio 14020 ", "m=audio 65536 ", "m= has no port"),
    (" 0 8 107 101", "", "no payload type in its m= line"),
    (" 0 8 107 101", " 0 8 107 128", "a format in m= is no payload type"),
    ("UDP/TLS/RTP/SAVPF", "UDP/DTLS/SCTP", "audio is sent by RTP"),
    ("a=rtpmap:107 opus/48000/2", "a=rtpmap:107 opus", "a codec is written as"),
    ("a=rtpmap:107 opus/48000/2", "a=rtpmap:107 opus/48k", "a clock rate that is no number"),
    ("a=rtpmap:107 opus/48000/2", "a=rtpmap:107 opus/48000/25", "more than 24 channels"),
    ("a=rtpmap:107 opus/48000/2", "a=rtpmap:107 opus/48000/x", "a number of channels that is none"),
    ("a=rtpmap:107 opus/48000/2", "a=rtpmap:", "a=rtpmap has a payload type"),
    ("a=rtpmap:107 ", "a=rtpmap:x ", "a payload type that is no number"),
    ("a=rtpmap:107 ", "a=rtpmap:200 ", "a payload type above 127"),
    ("a=rtpmap:107 opus/48000/2\r\n", "", "payload type 107 has no a=rtpmap line"),
    ("a=rtpmap:0 PCMU", "a=rtpmap:0 PCMA", "payload type 0 has another name than PCMU"),
    ("a=fmtp:107 useinbandfec=1", "a=fmtp:107", "a=fmtp has a payload type"),
    ("a=rtcp-fb:* transport-cc", "a=rtcp-fb:*", "a=rtcp-fb has a payload type"),
    ("a=ssrc:482910376 cname:2f0a9b1c-77aa", "a=ssrc:482910376", "a=ssrc has a number"),
    ("a=ssrc:482910376", "a=ssrc:4294967296", "an SSRC that is no number below 2^32"),
    ("cname:2f0a9b1c-77aa", "cname", "the attribute of an SSRC"),
    ("cname:2f0a9b1c-77aa", "msid:a b c", "the msid of an SSRC"),
    ("a=maxptime:60", "a=ssrc:5 cname:x", "two sources for one audio track"),
    ("a=maxptime:60", "a=ssrc-group:FID", "a=ssrc-group has a purpose"),
    ("a=maxptime:60", "a=ssrc-group:FID 5 5", "an SSRC twice in one group"),
    ("a=maxptime:60", "a=ssrc-group:FID 482910376", "a group FID of 1 sources"),
    ("a=msid:4bc0 8ea1", "a=msid:4bc0 8ea1 x", "a=msid has a stream"),
    ("a=msid:4bc0 8ea1", "a=msid:4bc0 ", "a=msid with nothing behind the space"),
    ("a=msid:4bc0 8ea1", "a=msid:", "a=msid without a stream"),
    ("a=msid:4bc0 8ea1", "a=msid:4bc0 8ea1\r\na=msid:4bc0 8ea2", "two tracks in one section"),
    ("a=maxptime:60", "a=extmap:1", "a=extmap has a number"),
    ("a=maxptime:60", "a=extmap:0 urn:x", "the numbers of header extensions are 1 to 255"),
    ("a=maxptime:60", "a=extmap:x urn:x", "a header extension whose number is none"),
    ("a=maxptime:60", "a=extmap:1 urn:x\r\na=extmap:1 urn:y", "the number 1 stands for two"),
    ("a=maxptime:60", "a=simulcast:send", "a=simulcast has send and layers"),
    ("a=maxptime:60", "a=simulcast:send ;", "a=simulcast with an empty layer"),
    ("a=maxptime:60", "a=rid:q send\r\na=simulcast:send q", "simulcast without the header extension"),
    ("a=setup:actpass", "a=setup:both", "no DTLS role"),
    ("a=fingerprint:sha-256 ", "a=fingerprint:md5 ", "a hash function that is not known"),
    ("a=fingerprint:sha-256 ", "a=fingerprint:sha-256 x", "a fingerprint is written as"),
    ("a=fingerprint:", "a=x-fingerprint:", "no DTLS fingerprint"),
    ("a=ice-ufrag:3d5f09b1", "a=ice-ufrag:3d5", "a=ice-ufrag must have 4 to 256"),
    ("a=ice-pwd:1c9e", "a=ice-pwd:1c9e?", "a=ice-pwd with a character"),
    ("a=ice-pwd:", "a=x-pwd:", "no ICE credentials"),
    ("a=rtcp-mux\r\n", "", "no rtcp-mux"),
    ("a=mid:audio-0", "a=mid:audio(0", "a mid with a character"),
    ("a=mid:audio-0", "a=mid:audio-1", "a=group:BUNDLE names 'audio-0'"),
    ("a=group:BUNDLE audio-0", "a=group:BUNDLE audio:0", "a group with a mid that no section can have"),
    *(
        (_CANDIDATE, f"a=candidate:{line}", reason)
        for line, reason in (
            ("1 1 udp", "a candidate has eight words or more"),
            ("1 x udp 1 192.0.2.1 9 typ host", "a candidate whose component is no number"),
            ("1 1 udp -1 192.0.2.1 9 typ host", "a candidate whose priority is no number"),
            ("1 1 udp 1 192.0.2.1 99999 typ host", "a candidate whose port is none"),
            ("1 1 sctp 1 192.0.2.1 9 typ host", "a candidate whose transport is neither"),
            ("1 1 udp 1 192.0.2.1 9 typ odd", "a candidate of a type that is not known"),
            ("1 1 udp 1 192.0.2.1 9 typ host raddr x rport y", "a candidate whose related port is none"),
            ("1 1 udp 1 192.0.2.1 9 typ host tcptype odd", "a candidate whose tcptype is not"),
            ("1 1 udp 1 192.0.2.1 9 typ host tcptype active", "a candidate of UDP that has a tcptype"),
            ("1 1 udp 1 192.0.2.1 9 typ host generation x", "a candidate whose generation is no number"),
        )
    ),
)

RULES = (
    *(Rule(_PBX, before, after, reason) for before, after, reason in _LINES),
    Rule(_PBX, "107 101\r\n", "107 101 77\r\na=rtpmap:77 x/8000\r\n", "payload type 77 beside rtcp-mux"),
    Rule(_TWO, "t=0 0\r\n", "t=0 0\r\na=extmap:30 urn:x\r\n", "header extensions of the session and of a section"),
    Rule(_TWO, "t=0 0\r\n", "t=0 0\r\na=group:BUNDLE 0\r\n", "stands in two BUNDLE groups"),
    Rule(_TWO, "a=mid:1", "a=mid:0", "a mid that another section has too"),
    Rule(_TWO, "a=mid:2", "a=mid:" + "2" * 17, "a mid of more than 16 bytes"),
    Rule(_TWO, "a=extmap:14 ", "a=extmap:1 ", "the number 1 stands for two header extensions"),
    Rule(_TWO, "a=fmtp:97 apt=96", "a=fmtp:97 apt=7", "payload type 97 repeats no other"),
    Rule(_SFU, "a=rtpmap:101 VP8/90000", "a=rtpmap:101 red/90000", "no video codec"),
    Rule(_SFU, "a=ssrc:111222334 cname:camera\r\n", "", "a group FID with a source that has no"),
    Rule(_SFU, "a=ssrc-group:", "a=ssrc-group:FID 111222333 111222334\r\na=ssrc-group:", "has two groups FID"),
    Rule(_TWO, "a=sctp-port:5000", "a=sctp-port:99999", "an SCTP port that is none"),
    Rule(_TWO, "a=max-message-size:262144", "a=max-message-size:-1", "a size of messages"),
    Rule(_TWO, " webrtc-datachannel", " data", "a=sctp-port beside a format"),
    Rule(_ANSWER, "a=setup:active", "a=setup:actpass", "a=setup:actpass in an answer"),
    Rule(_ANSWER, "a=mid:2", "a=mid:x", "its mid is 'x'"),
    Rule(_ANSWER, "m=application 9", "m=text 9", "it answers a section of application"),
    Rule(_ANSWER, "m=audio 9", "m=audio 0", "bundled behind a section that is rejected"),
    Rule(
        _ANSWER,
        "m=application",
        "m=audio 0 RTP/AVP 0\r\na=mid:9\r\nm=application",
        "4 sections answer an offer of 3",
    ),
    Rule(
        _ANSWER, "a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1\r\na=group:BUNDLE 2", "a BUNDLE group that is no part"
    ),
    Rule(_ANSWER, "a=fingerprint:sha-256 ", "a=fingerprint:sha-1 ", "a fingerprint of another length"),
    Rule(("four-0", "answer"), "a=inactive", "a=sendrecv", "a=sendrecv answers a=recvonly"),
    Rule(_AGAIN, "a=mid:0", "a=mid:x", "it takes the place of another section"),
    Rule(_AGAIN, "a=sctp-port:5000", "a=sctp-port:5001", "the SCTP port was 5000 before"),
    Rule(
        ("audio-hold-1", "offer"), "a=extmap:1 ", "a=extmap:9 ", "a header extension that had the number 1 before"
    ),
    Rule(("audio-hold-1", "offer"), "a=extmap:1 urn", "a=extmap:1 xrn", "the number 1 stood for another"),
    Rule(_REPLY, "a=group:BUNDLE 0 1 2", "a=group:BUNDLE 1 0 2", "the BUNDLE group began with '0' before"),
    Rule(_REPLY, "a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1", "was bundled before, and is no longer"),
    Rule(_REPLY, "a=setup:passive", "a=setup:active", "its DTLS role was passive before"),
    Rule(("recycled-1", "answer"), "m=video 0 ", "m=video 9 ", "it was rejected in the offer"),
)
