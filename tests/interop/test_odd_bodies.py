"""Bodies as nobody should write them: the embedded engine makes of them what the daemon of its version makes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from rtpe_ng import Client, Leg
from rtpe_ng.testing import EmbeddedEngine, Rtpengine, bodies
from tests.support.engines import INTERFACES
from tests.support.neutral import neutral

pytestmark = pytest.mark.anyio

PHONE = bodies.offer(Leg.SIP)
FLAGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "to the web": {"ICE": "force", "transport-protocol": "UDP/TLS/RTP/SAVPF", "replace": ["origin"]},
    "replace": {"replace": ["origin", "session-connection"]},
    "strip": {"flags": ["strip-extmap"], "ICE": "remove"},
    "version": {"replace": ["username", "SDP-version"]},
}


def with_line(line: str, *, before: str, body: str = PHONE) -> str:
    assert before in body
    return body.replace(before, f"{line}\r\n{before}", 1)


def without(start: str, body: str = PHONE) -> str:
    return "".join(line for line in body.splitlines(keepends=True) if not line.startswith(start))


SECOND = (
    without("a=", PHONE)
    .replace("o=phone", "o=other")
    .replace("s=call", "s=second")
    .replace("127.0.2.1", "127.0.2.9")
    .replace("t=0 0", "t=0 0\r\na=recvonly\r\na=of-the-second:1")
)
ABOVE = "\r\na=sendonly\r\na=of-the-first:1"
AUDIO = next(line for line in PHONE.splitlines() if line.startswith("m="))
SPACED = (
    *("a=sendonly", "a=inactive", "a=rtcp-mux", "a=ptime:30", "a=maxptime:60", "a=mid:x", "a=end-of-candidates"),
    *("a=ice-lite", "a=setup:active", "a=label:x", "a=extmap-allow-mixed", "a=rtcp:40001", "a=extmap:1 urn:x"),
    *("b=TIAS:64000", "b=AS:", "a=rtcp-fb:0 nack", "a=unknown"),
)
BLANKS = {
    "a blank at the end": f"{AUDIO} ",
    "two blanks at the end": f"{AUDIO}  ",
    "two blanks between formats": AUDIO.replace(" 8", "  8"),
    "two blanks before formats": AUDIO.replace("RTP/AVP ", "RTP/AVP  "),
    "two blanks before the protocol": AUDIO.replace(" RTP/AVP", "  RTP/AVP"),
    "two blanks before the port": AUDIO.replace("m=audio ", "m=audio  "),
    "a tab at the end": f"{AUDIO}\t",
    "a blank before the type": AUDIO.replace("m=", "m= "),
}
READ_BY_C = (
    *("fmtp:+101 0-15", "fmtp: 101 0-15", "fmtp:101x 0-15", "rtcp-fb:+0 nack", "rtcp-fb:0x nack"),
    *("rtcp-fb: 0 nack", "rtcp:40001 IN IP4 198.51.100", "rtcp:40001x", "rtcp:+40001", "rtcp:40001 IN IP4"),
    *("extmap:+4 urn:x", "rtpmap:+0 ODD/8000", "rtpmap:-0 ODD/+8000", "rtpmap:0 ODD/-8000"),
    "candidate:1 1 UDP 1 host.local 40000 typ",
    "candidate:1 2 udp 1 198.51.100.7 40000 typ srflx raddr 40001",
    "candidate:1 1 tcp 1 198.51.100.7 none typ host tcptype active",
)
"""Values with a sign before a number, more behind it, or too few words: numbers are read by the rules of C."""
ODD = {
    **{f"a={value}": f"{PHONE}a={value}\r\n" for value in READ_BY_C},
    **{f"{kind}= in a section": f"{PHONE}{kind}=1 2\r\n" for kind in "osturzepikb"},
    "no o=": without("o="),
    "no s=": without("s="),
    "no t=": without("t="),
    "an empty t=": PHONE.replace("t=0 0", "t="),
    "in IP4": PHONE.replace("IN IP4", "in IP4"),
    "IN ip4": PHONE.replace("IN IP4", "IN ip4"),
    "o= with in ip4": PHONE.replace("IN IP4", "in ip4", 1),
    "an attribute above o=": with_line("a=sendrecv", before="o="),
    "an attribute above s=": with_line("a=setup:active", before="s="),
    "an attribute above c=": with_line("a=ice-lite", before="c="),
    "an unknown attribute above c=": with_line("a=odd", before="c="),
    "c= above o=": with_line("c=IN IP4 127.0.2.1", before="o=", body=without("c=")),
    "no formats": PHONE.replace(AUDIO, " ".join(AUDIO.split(" ")[:3])),
    "no formats but a space": PHONE.replace(AUDIO, " ".join(AUDIO.split(" ")[:3]) + " "),
    "no formats of an unknown protocol": PHONE.replace(AUDIO, "m=audio 40000 RTP"),
    "more behind an encoding": PHONE.replace("telephone-event/8000", "telephone-event/8000 and more"),
    "a tab behind an encoding": PHONE.replace("telephone-event/8000", "telephone-event/8000\t"),
    "two spaces before an encoding": PHONE.replace(" telephone-event/8000", "  telephone-event/8000"),
    "no name in an encoding": PHONE.replace("telephone-event/8000", "/8000"),
    **{f"{line!r} with a space behind it": f"{PHONE}{line} \r\n" for line in SPACED},
    "a space behind o=": PHONE.replace(" IN IP4 127.0.2.1", " IN IP4 127.0.2.1 ", 1),
    "an extmap of two spaces": PHONE + "a=extmap:4  urn:x\r\n",
    "two extmaps of one number": PHONE + "a=extmap:4 urn:x\r\na=extmap:4 urn:y\r\n",
    "an extmap above": with_line("a=extmap:1 urn:x", before="m="),
    "an fmtp of two spaces": PHONE.replace("a=fmtp:101 ", "a=fmtp:101  "),
    "half a candidate": PHONE + "a=candidate:1 1 UDP 2130706431 198.51.100.7 40000\r\n",
    "a key with more behind it": PHONE.replace("RTP/AVP", "RTP/SAVP")
    + f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{'A' * 40};\r\n",
    "an unknown suite of an unknown protocol": PHONE.replace("RTP/AVP", "RTP/S")
    + f"a=crypto:1 ODD inline:{'A' * 40}\r\n",
    "an attribute without a name": PHONE + "a=\r\n",
    "no user in o=": PHONE.replace("o=phone ", "o= "),
    **{f"{lines!r} above v=": f"{lines}{PHONE}" for lines in ("\r\n", "\n", "\r\n\r\n")},
    **{f"m= with {name}": PHONE.replace(AUDIO, line) for name, line in BLANKS.items()},
    **{f"{tail!r} behind the body": f"{PHONE}{tail}" for tail in ("\r\n", "\n", "x", "\r\n\r\n", "\r\nx=1\r\n")},
    "two bodies": PHONE + SECOND,
    "two bodies with an empty line between": f"{PHONE}\r\n{SECOND}",
    "three bodies with directions above": f"{PHONE.replace('t=0 0', 't=0 0' + ABOVE)}{SECOND}{SECOND}",
    "a second body without o=": PHONE + without("o=", SECOND),
    "a second body without s=": PHONE + without("s=", SECOND),
    "a second body without c=": PHONE + without("c=", SECOND),
    "a second body without v=": PHONE + without("v=", SECOND),
    "a second body that is v=1": PHONE + SECOND.replace("v=0", "v=1"),
    "a second body without media": PHONE + SECOND.partition("m=")[0],
    "keys with padding": PHONE.replace("RTP/AVP", "RTP/SAVP")
    + f"a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:{'A' * 62}==|2^20|1:4\r\n",
    "a key with padding inside": PHONE.replace("RTP/AVP", "RTP/SAVP")
    + f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{'A' * 20}={'A' * 19}\r\n",
    "a key with a signed tag": PHONE.replace("RTP/AVP", "RTP/SAVP")
    + f"a=crypto:+1 AES_CM_128_HMAC_SHA1_80 inline:{'A' * 40}\r\n",
    "suites in other letters": PHONE.replace("RTP/AVP", "RTP/SAVP")
    + f"a=crypto:1 aes_cm_128_hmac_sha1_80 inline:{'A' * 40}\r\n"
    + f"a=crypto:2 Aead_Aes_256_Gcm inline:{'B' * 59}=\r\n",
    "channels that are no number": PHONE.replace("PCMA/8000", "PCMA/8000/2x"),
}


@pytest.fixture
async def pair(any_daemon: Rtpengine) -> AsyncIterator[tuple[Client, Client]]:
    """A real daemon and the embedded engine of its version."""
    async with (
        EmbeddedEngine(version=any_daemon.version, interfaces=INTERFACES) as engine,
        Client(any_daemon.url) as real,
        Client(engine.url) as embedded,
    ):
        yield real, embedded


async def asked(client: Client, name: str, flags: dict[str, Any], body: str) -> list[str]:
    """Return what an offer, the same offer once more, and another one come back as."""
    shown = []
    try:
        for sent in (body, body, body.replace("m=audio 4", "m=audio 5")):
            document = {"command": "offer", "call-id": name, "from-tag": "a", "sdp": sent} | flags
            reply = await client.request(document)
            shown.append(str(reply.get("error-reason") or neutral(str(reply.get("sdp")), given=sent)))
    finally:
        await client.request({"command": "delete", "call-id": name, "from-tag": "a", "delete-delay": 0})
    return shown


@pytest.mark.parametrize("what", ODD)
async def test_an_odd_body(pair: tuple[Client, Client], what: str, any_daemon: Rtpengine) -> None:
    for title, flags in FLAGS.items():
        if title == "version" and (
            what == "a second body without o=" or (what == "no o=" and any_daemon.version.startswith("10."))
        ):
            # The body begins with a number drawn by lot, or with the user: nothing that one would want to rely on.
            continue
        real, embedded = [await asked(client, f"{what}, {title}", flags, ODD[what]) for client in pair]
        assert embedded == real, title
