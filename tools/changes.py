"""Changes of a description, for `mutants.py`.

Each one takes the lines and changes them in place; it returns what it did, for people, or nothing if it could not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence


def _dropped(lines: list[str], chance: random.Random) -> str:
    return lines.pop(_some(lines, chance)) if len(lines) > 1 else ""


def _doubled(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    lines.insert(at, lines[at])
    return lines[at]


def _swapped(lines: list[str], chance: random.Random) -> str:
    one = _some(lines, chance)
    other = min(one + 1, len(lines) - 1) if chance.random() < 0.5 else chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return f"{lines[other]} <> {lines[one]}"


def _moved(lines: list[str], chance: random.Random) -> str:
    """Move a line to another section, or to the session."""
    line = lines.pop(_some(lines, chance)) if len(lines) > 1 else "a=x"
    starts = [index for index, it in enumerate(lines) if it.startswith("m=")] + [len(lines)]
    at = chance.choice(starts)
    lines.insert(at, line)
    return f"{line} to {at + 1}"


def _copied(lines: list[str], chance: random.Random) -> str:
    """Put a line into another section too, or into the session."""
    line = lines[_some(lines, chance)]
    starts = [index for index, it in enumerate(lines) if it.startswith("m=")] + [len(lines)]
    at = chance.choice(starts)
    lines.insert(at, line)
    return f"{line} to {at + 1}"


def _emptied(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    line = lines[at]
    head = line.partition(":")[0]
    lines[at] = chance.choice([line[:2], head, f"{head}:", f"{head}: ", line[:1], "", " "])
    return f"{line} > {lines[at]!r}"


def _cut(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    line = lines[at]
    lines[at] = line[: chance.randrange(len(line) + 1)]
    return f"{line} > {lines[at]!r}"


def _with_more_words(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    words = lines[at].split(" ")
    word = chance.choice(["", "0", "x", "-1", "a:b", chance.choice(words)])
    words.insert(chance.randrange(1, len(words) + 1), word)
    lines[at] = " ".join(words)
    return lines[at]


def _with_fewer_words(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    words = re.split(r"([ :/;=,])", lines[at])
    if len(words) < 3:
        return ""
    gone = chance.randrange(1, len(words))
    del words[gone : gone + chance.choice((1, 2))]
    line, lines[at] = lines[at], "".join(words)
    return f"{line} > {lines[at]}"


def _with_words_swapped(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    words = lines[at][2:].split(" ")
    if len(words) < 2:
        return ""
    one, other = chance.sample(range(len(words)), 2)
    words[one], words[other] = words[other], words[one]
    lines[at] = lines[at][:2] + " ".join(words)
    return lines[at]


_NUMBERS = (
    *("0", "-1", "1", "2", "9", "14", "15", "16", "17", "63", "64", "95", "96", "111", "127", "128", "255", "256"),
    *("257", "1000", "65535", "65536", "99999", "2147483647", "2147483648", "4294967295", "4294967296"),
    *("99999999999999999999", "+1", "007", "1.5", "0x10", "1e3", "x", "", " 1", "1 ", "1x"),
)


def _with_another_number(lines: list[str], chance: random.Random) -> str:
    places = [(at, match) for at in range(len(lines)) for match in re.finditer(r"\d+", lines[at])]
    if not places:
        return ""
    # A line of many numbers, such as a fingerprint, counts as one.
    at = chance.choice(sorted({at for at, _ in places}))
    match = chance.choice([match for place, match in places if place == at])
    line = lines[at]
    other = chance.choice(_NUMBERS)
    if chance.random() < 0.3:
        other = str(int(match[0]) + chance.choice((-1, 1)))
    lines[at] = line[: match.start()] + other + line[match.end() :]
    return f"{line} > {lines[at]}"


def _with_a_blank(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    line = lines[at]
    places = [0, 1, 2, len(line), *(match.end() for match in re.finditer("[ :/;=,]", line))]
    places += [match.start() for match in re.finditer("[ :/;=,]", line)]
    place = min(chance.choice(places), len(line))
    lines[at] = line[:place] + chance.choice((" ", "  ", "\t")) + line[place:]
    return repr(lines[at])


def _in_other_case(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    words = re.split(r"([ :/;=,])", lines[at])
    word = chance.randrange(len(words))
    whole = chance.random() < 0.2
    line = lines[at]
    lines[at] = line.swapcase() if whole else "".join([*words[:word], words[word].swapcase(), *words[word + 1 :]])
    return f"{line} > {lines[at]}"


def _mistyped(lines: list[str], chance: random.Random) -> str:
    at = _some(lines, chance)
    line = lines[at]
    place = chance.randrange(len(line)) if line else 0
    letter = chance.choice("abcxyzAZ019-_=:;,/ \t.*+\"'()<>[]{}@\\|~^%&?!\x00\x7f\u00e9\u2028")
    how = chance.choice(("put in", "instead", "gone"))
    rest = line[place:] if how == "put in" else line[place + 1 :]
    lines[at] = line[:place] + ("" if how == "gone" else letter) + rest
    return f"{line} > {lines[at]!r}"


_LINES = (
    *("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 PCMU/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:0 PCMA/8000"),
    *("a=rtpmap:96 VP8/90000", "a=rtpmap:96 opus/48000/2", "a=rtpmap:8 PCMA/8000/1", "a=rtpmap:9 G722/16000"),
    *("a=rtpmap:72 opus/48000/2", "a=rtpmap:64 VP8/90000", "a=rtpmap:128 VP8/90000", "a=rtpmap:96", "a=rtpmap"),
    *("a=rtpmap:96 VP8", "a=rtpmap:96 VP8/", "a=rtpmap:96 /90000", "a=rtpmap:96 VP8/90000/1/2", "a=rtpmap:x y/1"),
    *("a=rtpmap:111 opus/48000/0", "a=rtpmap:111 opus/48000/25", "a=rtpmap:111 opus/-1", "a=rtpmap:111 L16/0"),
    *("a=fmtp:111 minptime=20", "a=fmtp:111", "a=fmtp:111 ", "a=fmtp:96 apt=97", "a=fmtp:97 apt=1", "a=fmtp:x y=z"),
    *("a=fmtp:111 a=b;c", "a=fmtp:111 =b", "a=fmtp:111 0-15", "a=fmtp:200 a=b", "a=fmtp:* a=b", "a=fmtp:63 111/0"),
    *("a=fmtp:97 apt=", "a=fmtp:97 apt=x", "a=fmtp:97 rtx-time=3000", "a=fmtp:111 stereo=1; maxptime=x;;"),
    *("a=rtcp-fb:* nack", "a=rtcp-fb:111 nack", "a=rtcp-fb:96", "a=rtcp-fb:96 ", "a=rtcp-fb:x nack", "a=rtcp-fb"),
    *("a=rtcp-fb:128 nack", "a=rtcp-fb:96 nack pli more", "a=rtcp-fb:-1 nack", "a=rtcp-fb:200 nack pli"),
    *("a=extmap:1 urn:x", "a=extmap:15 urn:x", "a=extmap:0 urn:x", "a=extmap:255 urn:x", "a=extmap:256 urn:x"),
    *(
        "a=extmap:14 urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=extmap:16 urn:y",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:toffset",
    ),
    *("a=extmap:5", "a=extmap:5 ", "a=extmap:x urn:x", "a=extmap:5/sendonly urn:x", "a=extmap:5/odd urn:x"),
    *("a=extmap:5 urn:ietf:params:rtp-hdrext:encrypt urn:x", "a=extmap:5 urn:ietf:params:rtp-hdrext:encrypt"),
    *("a=extmap-allow-mixed", "a=extmap:5 urn:x attributes", "a=ssrc:1 cname:x", "a=ssrc:1", "a=ssrc:1 cname"),
    *("a=ssrc:0 cname:x", "a=ssrc:4294967296 cname:x", "a=ssrc:-1 cname:x", "a=ssrc:x cname:x", "a=ssrc:1 msid:a"),
    *("a=ssrc:1 msid:a b", "a=ssrc:1 msid:a b c", "a=ssrc:1 label:x", "a=ssrc:1 msid:", "a=ssrc:1 :x", "a=ssrc"),
    *("a=ssrc-group:FID 1 2", "a=ssrc-group:FID", "a=ssrc-group:SIM 1 2 3", "a=ssrc-group:FID 1 x", "a=ssrc-group"),
    *("a=ssrc-group:FID 1", "a=ssrc-group:FEC-FR 1 2", "a=ssrc-group:ODD 1 2", "a=ssrc-group: 1 2"),
    *("a=msid:a b", "a=msid:a", "a=msid:a b c", "a=msid:", "a=msid", "a=msid: b", "a=msid:- -", "a=msid:a  b"),
    *("a=mid:0", "a=mid:1", "a=mid:x", "a=mid:", "a=mid", "a=mid:a b", "a=mid:(", "a=mid:" + "m" * 40),
    *("a=group:BUNDLE", "a=group:BUNDLE 0", "a=group:BUNDLE 0 1", "a=group:BUNDLE 1 0", "a=group:BUNDLE 0 9"),
    *("a=group:BUNDLE 0 0", "a=group:LS 0 1", "a=group:LS 7 8", "a=group:", "a=group", "a=group:bundle 0 1"),
    *(
        "a=setup:active",
        "a=setup:passive",
        "a=setup:actpass",
        "a=setup:holdconn",
        "a=setup:x",
        "a=setup:",
        "a=setup",
    ),
    *("a=setup:ACTIVE", "a=fingerprint:sha-256 AA:BB", "a=fingerprint:sha-256", "a=fingerprint:", "a=fingerprint"),
    *("a=fingerprint:sha-1 " + ":".join(["0A"] * 20), "a=fingerprint:sha-512 " + ":".join(["0a"] * 64)),
    *("a=fingerprint:md5 " + ":".join(["0A"] * 16), "a=fingerprint:sha-256 " + ":".join(["0A"] * 31)),
    *("a=fingerprint:SHA-256 " + ":".join(["0A"] * 32), "a=fingerprint:sha-3 " + ":".join(["0A"] * 32)),
    *("a=fingerprint:sha-256 " + "0A" * 32, "a=fingerprint:sha-256 " + ":".join(["0G"] * 32)),
    *(
        "a=ice-ufrag:abcd",
        "a=ice-ufrag:abc",
        "a=ice-ufrag:",
        "a=ice-ufrag",
        "a=ice-ufrag:ab_d",
        "a=ice-ufrag:a b c d",
    ),
    *("a=ice-ufrag:" + "u" * 256, "a=ice-ufrag:" + "u" * 257, "a=ice-pwd:" + "p" * 22, "a=ice-pwd:" + "p" * 21),
    *("a=ice-pwd:", "a=ice-pwd", "a=ice-pwd:" + "p" * 256, "a=ice-pwd:" + "p" * 257, "a=ice-pwd:" + "p_=-" * 8),
    *(
        "a=ice-lite",
        "a=ice-options:trickle",
        "a=ice-options:",
        "a=ice-options",
        "a=ice-options:a  b",
        "a=ice-lite:1",
    ),
    *("a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host", "a=candidate:1 1 UDP 1 192.0.2.1 5000 typ srflx"),
    *("a=candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active", "a=candidate:1 1 tcp 1 192.0.2.1 9 typ host"),
    *("a=candidate:1 1 sctp 1 192.0.2.1 9 typ host", "a=candidate:1 1 udp 1 192.0.2.1 9 typ odd", "a=candidate:1"),
    *("a=candidate:1 1 udp 1 192.0.2.1 9 typ", "a=candidate:1 1 udp 1 192.0.2.1 9 host typ", "a=candidate:"),
    *("a=candidate:1 1 udp 1 192.0.2.1 65536 typ host", "a=candidate:1 1 udp 4294967296 192.0.2.1 9 typ host"),
    *("a=candidate:1 3 udp 1 192.0.2.1 9 typ host", "a=candidate:1 1 udp 1 host.local 9 typ host", "a=candidate"),
    *(
        "a=candidate:1 1 udp 1 host.example 9 typ srflx",
        "a=candidate:1 1 udp 1 ::1 9 typ host",
        "a=end-of-candidates",
    ),
    *(
        "a=candidate:1 1 udp 1 192.0.2.1 9 typ srflx raddr 10.0.0.1 rport 9",
        "a=candidate:1 1 udp 1 1.2.3.4 80 typ host",
    ),
    *(
        "a=candidate:1 1 udp 1 192.0.2.1 9 typ srflx raddr",
        "a=candidate:1 1 udp 1 192.0.2.1 9 typ srflx raddr x rport y",
    ),
    *(
        "a=candidate:1 1 udp 1 192.0.2.1 9 typ host generation x",
        "a=candidate:1 1 tcp 1 1.2.3.4 9 typ host tcptype odd",
    ),
    *("a=candidate:1 1 udp 1 192.0.2.1 9 typ host ufrag odd", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host odd"),
    *("a=candidate:1 0 udp 1 192.0.2.1 9 typ host", "a=candidate:1 1 ssltcp 1 192.0.2.1 443 typ host"),
    *(
        "a=rid:q send",
        "a=rid:q recv",
        "a=rid:q",
        "a=rid:",
        "a=rid",
        "a=rid:q odd",
        "a=rid:q send pt=96",
        "a=rid:_ send",
    ),
    *(
        "a=rid:q recv pt=200",
        "a=rid:q send max-width=x",
        "a=rid:q send max-br=1;",
        "a=rid:q send pt=96,97;max-fps=30",
    ),
    *("a=simulcast:send q;h", "a=simulcast:recv q", "a=simulcast:", "a=simulcast", "a=simulcast:send q recv h"),
    *(
        "a=simulcast:send q send h",
        "a=simulcast:odd q",
        "a=simulcast:send",
        "a=simulcast:send ~q,h;x",
        "a=simulcast: send q",
    ),
    *(
        "a=sctp-port:5000",
        "a=sctp-port:x",
        "a=sctp-port:",
        "a=sctp-port",
        "a=sctp-port:99999",
        "a=max-message-size:x",
    ),
    *("a=max-message-size:0", "a=max-message-size:-1", "a=sctpmap:5000 webrtc-datachannel 256", "a=sctpmap:x y"),
    *("a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive", "a=inactive:", "a=sendrecv x", "a=bundle-only"),
    *(
        "a=rtcp-mux",
        "a=rtcp-mux:1",
        "a=rtcp-mux-only",
        "a=rtcp-rsize",
        "a=rtcp:9",
        "a=rtcp:",
        "a=rtcp:x IN IP4 1.2.3.4",
    ),
    *(
        "a=msid-semantic: WMS",
        "a=msid-semantic:WMS *",
        "a=msid-semantic:",
        "a=msid-semantic",
        "a=x-google-flag:conference",
    ),
    *(
        "a=packetization:96 raw",
        "a=packetization:x raw",
        "a=packetization:96",
        "a=packetization:96 odd",
        "a=packetization",
    ),
    *(
        "a=ptime:20",
        "a=ptime:x",
        "a=ptime",
        "a=maxptime:",
        "a=maxptime:60",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x",
    ),
    *(
        "a=crypto:x",
        "a=connection:new",
        "a=:x",
        "a=:",
        "a=x",
        "a=x:",
        "a= x",
        "a=x y",
        "a",
        "=",
        "x=y",
        "X=y",
        "a==b",
    ),
    *(
        "b=AS:64",
        "b=AS:-1",
        "b=AS:x",
        "b=AS:",
        "b=AS",
        "b=TIAS:64000",
        "b=TIAS:-5",
        "b=X-YZ:1",
        "b=RR:0",
        "b=:1",
        "b=x",
    ),
    *(
        "b=AS:99999999999",
        "b=AS: 64",
        "b=CT:10",
        "b=as:-1",
        "c=IN IP4 192.0.2.1",
        "c=IN IP6 ::1",
        "c=IN IP4 host.example",
    ),
    *(
        "c=IN IP4 192.0.2.1/127",
        "c=IN IP4",
        "c=IN IP5 1.2.3.4",
        "c=ATM NSAP x",
        "c=IN IP4 ::1",
        "c=IN IP6 1.2.3.4",
        "c=x",
    ),
    *(
        "c=IN IP4 192.0.2.1 x",
        "c=IN IP4 999.1.1.1",
        "v=0",
        "v=1",
        "v=",
        "o=- 1 1 IN IP4 1.2.3.4",
        "o=x",
        "s=-",
        "s=",
        "s= ",
    ),
    *(
        "t=0 0",
        "t=1 2",
        "t=x",
        "t=",
        "r=7d 1h 0",
        "z=0 0",
        "k=clear:x",
        "i=x",
        "u=x",
        "e=x",
        "p=1",
        "m=audio",
        "m=",
        "m=x",
    ),
    *(
        "m=audio 9 UDP/TLS/RTP/SAVPF 0",
        "m=audio 0 UDP/TLS/RTP/SAVPF 0",
        "m=video 0 UDP/TLS/RTP/SAVPF 96",
        "m=text 9 RTP/AVP 98",
    ),
    *("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"),
    *("m=image 0 udptl t38", "m=audio 0 RTP/AVP 0", "m=message 0 TCP/MSRP *", "a=X:y", "a=remote-net-estimate"),
    *(
        "a=rtcp-fb:111 transport-cc",
        "a=rtpmap:126 telephone-event/8000",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
    ),
    *(
        "a=ice2",
        "a=identity:x",
        "a=tls-id:abcdefghijklmnopqrstu",
        "a=ssrc:1 cname:a b",
        "a=label:1",
        "a=imageattr:96 *",
    ),
)


def _with_a_line_more(lines: list[str], chance: random.Random) -> str:
    line = chance.choice(_LINES)
    at = chance.randrange(1, len(lines) + 1)
    lines.insert(at, line)
    return f"{line} at {at + 1}"


def _with_another_line(lines: list[str], chance: random.Random) -> str:
    """Put one of the lines in the place of one of the same kind."""
    line = chance.choice(_LINES)
    head = re.split("[: ]", line)[0] if line[:2] != "m=" else "m="
    places = [index for index, it in enumerate(lines) if it.startswith(head) and len(head) > 1]
    if not places:
        return ""
    at = chance.choice(places)
    told = f"{lines[at]} > {line}"
    lines[at] = line
    return told


_TYPES = ("audio", "video", "application", "text", "image", "message", "data", "AUDIO", "Video", "x")
_PROTOCOLS = (
    *("RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "udp/tls/rtp/savpf"),
    *(
        "TCP/TLS/RTP/SAVPF",
        "TCP/DTLS/RTP/SAVPF",
        "UDP/DTLS/SCTP",
        "TCP/DTLS/SCTP",
        "DTLS/SCTP",
        "SCTP",
        "udptl",
        "TCP/MSRP",
    ),
    *(
        "UDP/TLS/RTP/SAVPFX",
        "XRTP/SAVPF",
        "DTLS/RTP/SAVPF",
        "RTP",
        "UDP",
        "RTP/",
        "X",
        "UDP/TLS/RTP/",
        "TLS/RTP/AVP",
    ),
)
_PORTS = ("0", "1", "9", "-1", "65535", "65536", "99999999999", "x", "", "9/2", "40000", "0/2", "+9", "9x", "080")


def _with_another_m_line(lines: list[str], chance: random.Random) -> str:
    places = [index for index, line in enumerate(lines) if line.startswith("m=")]
    if not places:
        return ""
    at = chance.choice(places)
    words = lines[at][2:].split(" ")
    which = chance.choice(
        ("type", "port", "reject", "protocol", "protocol", "format", "drop", "add", "none", "order")
    )
    match which:
        case "type":
            words[0] = chance.choice(_TYPES)
        case "port" if len(words) > 1:
            words[1] = chance.choice(_PORTS)
        case "reject" if len(words) > 1:
            words[1] = "0"
        case "protocol" if len(words) > 2:
            words[2] = chance.choice(_PROTOCOLS)
        case "format" if len(words) > 3:
            words[chance.randrange(3, len(words))] = chance.choice(_NUMBERS)
        case "drop" if len(words) > 3:
            del words[chance.randrange(3, len(words))]
        case "add":
            words.append(chance.choice((*_NUMBERS, *words[3:])))
        case "none":
            del words[3:]
        case _:
            words[3:] = chance.sample(words[3:], len(words[3:]))
    told = lines[at]
    lines[at] = f"m={' '.join(words)}"
    return f"{told} > {lines[at]}"


def _with_another_mid(lines: list[str], chance: random.Random) -> str:
    places = [index for index, line in enumerate(lines) if line.startswith(("a=mid:", "a=group:"))]
    if not places:
        return ""
    at = chance.choice(places)
    told = lines[at]
    others = ["0", "1", "2", "audio", "x", "", *(line[6:] for line in lines if line.startswith("a=mid:"))]
    if told.startswith("a=mid:"):
        lines[at] = f"a=mid:{chance.choice(others)}"
        if chance.random() < 0.3:
            # A new name that the group has as well is no fault.
            group = next((it for it in places if lines[it].startswith("a=group:")), at)
            if group != at:
                named = [lines[at][6:] if word == told[6:] else word for word in lines[group].split(" ")]
                lines[group] = " ".join(named)
    else:
        words = told.split(" ")
        if len(words) > 1 and chance.random() < 0.5:
            del words[chance.randrange(1, len(words))]
        else:
            words.insert(chance.randrange(1, len(words) + 1), chance.choice(others))
        lines[at] = " ".join(words)
    return f"{told} > {lines[at]}"


def _with_other_transport(lines: list[str], chance: random.Random) -> str:
    """Take a kind of line of ICE, DTLS or rtcp-mux out of one section or of all, or lay it into the session."""
    kind = chance.choice(
        ("a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:", "a=setup:", "a=rtcp-mux", "a=mid:", "a=rtpmap:")
    )
    found = [index for index, line in enumerate(lines) if line.startswith(kind)]
    if not found:
        return ""
    which = chance.choice(("all", "one", "session", "other"))
    line = lines[found[0]]
    match which:
        case "one":
            del lines[chance.choice(found)]
        case "other" if kind in ("a=ice-ufrag:", "a=ice-pwd:", "a=setup:"):
            values = {"a=setup:": ("active", "passive", "actpass", "holdconn")}.get(kind, ("someoneelse" * 2,))
            lines[chance.choice(found)] = kind + chance.choice(values)
        case _:
            lines[:] = [it for it in lines if not it.startswith(kind)]
            if which == "session":
                start = next((index for index, it in enumerate(lines) if it.startswith("m=")), len(lines))
                lines.insert(start, line)
    return f"{kind} {which}"


def _with_other_sections(lines: list[str], chance: random.Random) -> str:
    """Drop, double, reject, swap or empty whole sections."""
    starts = [index for index, line in enumerate(lines) if line.startswith("m=")]
    if not starts:
        return ""
    bounds = [*starts, len(lines)]
    sections = [lines[start:end] for start, end in zip(starts, bounds[1:], strict=False)]
    which = chance.choice(("drop", "double", "swap", "bare", "reject", "new", "none"))
    at = chance.randrange(len(sections))
    match which:
        case "drop":
            del sections[at]
        case "double":
            copy = list(sections[at])
            if chance.random() < 0.7:
                copy = [f"a=mid:{chance.choice(('9', 'new'))}" if it.startswith("a=mid:") else it for it in copy]
            sections.append(copy)
        case "swap":
            sections.insert(chance.randrange(len(sections)), sections.pop(at))
        case "bare":
            sections[at] = sections[at][:1]
        case "reject":
            words = sections[at][0].split(" ")
            mid = [line for line in sections[at] if line.startswith("a=mid:")]
            sections[at] = [
                " ".join([words[0], "0", *words[2:]]),
                *(mid if chance.random() < 0.5 else sections[at][1:]),
            ]
        case "new":
            kind = chance.choice(
                ("audio 9 UDP/TLS/RTP/SAVPF 0", "video 0 UDP/TLS/RTP/SAVPF 96", "image 9 udptl t38")
            )
            sections.append([f"m={kind}", *chance.choice(([], ["a=mid:new"], ["a=inactive"]))])
        case _:
            sections = []
    lines[starts[0] :] = [line for section in sections for line in section]
    return which


def _some(lines: Sequence[str], chance: random.Random) -> int:
    """Return the index of a line; kinds of which there are many lines come no more often than others."""
    kinds = sorted({_kind(line) for line in lines})
    if chance.random() < 0.3:
        return chance.randrange(len(lines))
    kind = chance.choice(kinds)
    return chance.choice([index for index, line in enumerate(lines) if _kind(line) == kind])


def _kind(line: str) -> str:
    return re.split("[: ]", line)[0] if line.startswith("a=") else line[:2]


def with_other_ends(body: str, others: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """Return a body with other line ends, or something else at its ends or behind it, and what was done."""
    which = chance.choice(("LF", "CR", "none", "blank", "one LF", "two CR", "glued", "NUL", "front", "cut"))
    match which:
        case "LF":
            body = body.replace("\r\n", "\n")
        case "CR":
            body = body.replace("\r\n", "\r")
        case "none":
            body = body.removesuffix("\r\n")
        case "blank":
            body += chance.choice(("\r\n", "\n", " ", "\r\n\r\n", "\t\r\n"))
        case "one LF":
            ends = [match.start() for match in re.finditer("\r\n", body)]
            place = chance.choice(ends) if ends else 0
            body = body[:place] + chance.choice(("\n", "\r\n\r\n", "\n\n", "\r")) + body[place + 2 :]
        case "two CR":
            body = body.replace("\r\n", "\r\r\n", chance.choice((1, -1)))
        case "glued":
            body += chance.choice(others)
        case "NUL":
            body += "\0"
        case "front":
            body = chance.choice(("\r\n", " ", "\ufeff", "x", "\n")) + body
        case _:
            body = body[: chance.randrange(len(body) + 1)]
    return body, f"ends: {which}"


CHANGES: dict[Callable[[list[str], random.Random], str], int] = {
    _dropped: 10,
    _doubled: 5,
    _swapped: 7,
    _moved: 6,
    _copied: 5,
    _emptied: 6,
    _cut: 5,
    _with_more_words: 6,
    _with_fewer_words: 7,
    _with_words_swapped: 4,
    _with_another_number: 12,
    _with_a_blank: 6,
    _in_other_case: 5,
    _mistyped: 7,
    _with_a_line_more: 12,
    _with_another_line: 14,
    _with_another_m_line: 9,
    _with_another_mid: 5,
    _with_other_transport: 8,
    _with_other_sections: 6,
}
"""The changes, and how often each one is made."""
