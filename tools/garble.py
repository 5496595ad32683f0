"""Garble bodies, to see whether the embedded engine takes what nobody should send as real daemons take it.

    python -m tools.garble --bodies FOLDER --to FOLDER [--number 200] [--seed 1]

Lines are taken out, doubled, exchanged, added, cut, and written otherwise; the same seed gives the same bodies.
`record.py` shows them to real daemons, and `goldens.py --records` compares.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

KEY = "inline:" + "A" * 40
ADDED = (
    *("a=sendonly", "a=inactive", "a=recvonly", "a=sendrecv", "a=rtcp-mux", "a=ptime:30", "a=maxptime:60"),
    *("a=setup:active", "a=setup:passive", "a=setup:actpass", "a=setup:holdconn", "a=mid:zz", "a=label:7"),
    *("a=ice-lite", "a=ice-options:trickle", "a=end-of-candidates", "a=bundle-only", "a=extmap-allow-mixed"),
    *("a=rtcp:40001", "a=rtcp:40001 IN IP4 198.51.100.3", "a=msid:x y", "a=ssrc:1 cname:x", "a=extmap:1 urn:x"),
    *(f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}", f"a=crypto:3 AES_CM_128_HMAC_SHA1_32 {KEY}|2^20|1:4"),
    f"a=fingerprint:sha-1 {':'.join(['0A'] * 20)}",
    "a=tls-id:abcdefghijklmnopqrstuvwxyz",
    "a=candidate:1 1 UDP 2130706431 198.51.100.3 40000 typ host",
    *("a=remote-candidates:1 198.51.100.3 40000", "a=rtcp-fb:* nack", "a=group:LS 1 2", "a=odd", "a=odd:value"),
    *("c=IN IP4 0.0.0.0", "c=IN IP4 198.51.100.44", "c=IN IP6 2001:db8::4", "b=AS:64", "b=TIAS:64000"),
    *("i=information", "k=clear", "u=http://example.test", "e=a@example.test", "p=+1", "z=0 0", "r=1 2 3", "t=1 2"),
    *("a=fmtp:101 0-15", "a=rtpmap:101 telephone-event/8000"),
)
PROTOCOLS = ("RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "udptl", "TCP/MSRP")


def garbled(body: str, chance: random.Random) -> str:
    """Return `body` with one to four changes."""
    lines = [line.removesuffix("\r") for line in body.rstrip("\n").split("\n")]
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        if len(lines) > 3:
            _change(lines, chance)
    end = "\r\n" if chance.random() < 0.9 else "\n"
    return "".join(line + end for line in lines)


def _change(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    line = lines[at]
    kind = chance.choices(
        ("gone", "doubled", "exchanged", "added", "media", "behind", "case", "cut"), (5, 2, 2, 8, 2, 2, 1, 1)
    )
    match kind[0]:
        case "gone":
            del lines[at]
        case "doubled":
            lines.insert(at, line)
        case "exchanged":
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], line
        case "added":
            lines.insert(chance.randrange(1, len(lines) + 1), chance.choice(ADDED))
        case "media":
            _change_media(lines, chance)
        case "behind":
            lines[at] += chance.choice((" ", "  more", ";", ",", "\t"))
        case "case":
            lines[at] = line[:2] + line[2:].swapcase()
        case "cut":
            lines[at] = line[: chance.randrange(2, len(line) + 1)] if len(line) > 2 else line


def _change_media(lines: list[str], chance: random.Random) -> None:
    places = [number for number, line in enumerate(lines) if line.startswith("m=")]
    if not places:
        return
    at = chance.choice(places)
    words = lines[at].split(" ")
    what = chance.choice(("rejected", "protocol", "formats", "kind"))
    if what == "rejected" and len(words) > 1:
        words[1] = "0"
    elif what == "protocol" and len(words) > 2:
        words[2] = chance.choice(PROTOCOLS)
    elif what == "formats":
        del words[3:4]
    else:
        words[0] = chance.choice(("m=audio", "m=video", "m=image", "m=text"))
    lines[at] = " ".join(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", required=True, type=Path)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    found = sorted(arguments.bodies.glob("*.sdp"))
    arguments.to.mkdir(parents=True, exist_ok=True)
    for number in range(arguments.number):
        path = chance.choice(found)
        body = garbled(path.read_bytes().decode("utf-8", "surrogateescape"), chance)
        Path(arguments.to, f"{number:03}-{path.name}").write_bytes(body.encode("utf-8", "surrogateescape"))


if __name__ == "__main__":
    main()
