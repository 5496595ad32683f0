"""Rarer options of offers and answers: the embedded engine says what a real daemon of the same version says."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import pytest

from rtpe_ng import Client, Flags, Leg
from rtpe_ng.testing import EmbeddedEngine, Rtpengine, bodies
from tests.support.engines import INTERFACES, missing
from tests.support.neutral import neutral

pytestmark = pytest.mark.anyio

Step: TypeAlias = tuple[str, str | Callable[[str], str], dict[str, Any]]
"""Who speaks, ``a`` or ``b``; the body, or what makes it of the last one that came back; and the options."""

PHONE, WEB = bodies.offer(Leg.SIP), bodies.offer(Leg.WEB)
SAVP = bodies.offer(Leg.SIP, protocol="RTP/SAVP")
PHONE_6 = PHONE.replace("IN IP4 127.0.2.1", "IN IP6 2001:db8::7")
FAMILIES: dict[str, str | tuple[str, str]] = {"default": "127.0.0.1", "six": "::1"}
NOWHERE = PHONE.replace("c=IN IP4 127.0.2.1", "c=IN IP4 0.0.0.0")
MOVED = PHONE.replace("m=audio 40000", "m=audio 40400")
TWINS = PHONE + SAVP[SAVP.index("m=") :]
TWINS_REVERSED = SAVP + PHONE[PHONE.index("m=") :]
RELAY: dict[str, Any] = {"ICE": "force-relay", "replace": ["origin", "session-connection"]}
OPTIONAL = {"ICE": "optional"}
VIDEO = "m=video 40002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
MID = "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
BUNDLED = (PHONE + "a=mid:a\r\n" + MID + VIDEO + "a=mid:v\r\n" + MID).replace(
    "t=0 0\r\n", "t=0 0\r\na=group:BUNDLE a v\r\n"
)
STRICT: dict[str, Any] = {"bundle": ["accept", "strict"]}
WEBRTC: dict[str, Any] = {"flags": ["WebRTC"]}
KEYS: dict[str, Any] = {
    "SDES": ["unencrypted_srtcp", "no-AES_CM_128_HMAC_SHA1_80"],
    "transport-protocol": "RTP/SAVP",
}

ATTRIBUTES: dict[str, Any] = {
    "none": {"add": ["from:here"]},
    "audio": {
        "add": ["x-y:z", "a..b--c"],
        "remove": ["PTIME", "rtpmap:0", "rtpmap:8 PCMA/8000"],
        "substitute": [["sendrecv", "inactive"], "rtcp-mux>x"],
    },
    "text": {"add": ["x"]},
    "odd": {"add": ["x"]},
}
ATTRIBUTE_WORDS = [
    *("sdp-attr-add-audio-foo..bar--x", "sdp-attr-add-audio-two words", "sdp-attr-remove-audio-ptime:20"),
    *("sdp-attr-substitute-audio-sendrecv>inactive", "sdp-attr-add-global-x", "sdp-attr-odd-audio-x"),
]
LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


def echo(body: str) -> str:
    """Return the answer of a phone that does whatever it is offered."""
    known = (
        "m=",
        "a=crypto:1 ",
        "a=fingerprint:",
        "a=mid:",
        "a=rtpmap:",
        "a=fmtp:",
        "a=send",
        "a=ice-",
        "a=rtcp-mux",
    )
    head = "v=0\r\no=echo 1 1 IN IP4 127.0.3.1\r\ns=-\r\nc=IN IP4 127.0.3.1\r\nt=0 0\r\n"
    lines = [line for line in body.split("\r\n") if line.startswith(known)]
    return head + "".join(f"{line}\r\n" for line in lines) + ("a=setup:active\r\n" if "a=setup:" in body else "")


def bundling(body: str) -> str:
    """Return the answer of such a phone that takes bundles too."""
    group = "".join(f"{line}\r\n" for line in body.split("\r\n") if line.startswith("a=group"))
    return echo(body).replace("t=0 0\r\n", f"t=0 0\r\n{group}")


def rejecting(body: str) -> str:
    """Return the answer of such a phone that rejects the first section."""
    return re.sub(r"m=audio \d+", "m=audio 0", bundling(body), count=1)


def browser(body: str) -> str:
    """Return the answer of a browser."""
    return bodies.answer(Leg.WEB, body)


CALLS: dict[str, list[Step]] = {
    "keys": [("a", SAVP, KEYS), ("b", echo, KEYS), ("a", SAVP, KEYS), ("b", SAVP, KEYS)],
    "no suite": [("a", SAVP, {"SDES": ["no-AES_CM_128_HMAC_SHA1_80"]}), ("b", SAVP, {})],
    "a named address": [("a", NOWHERE, {"media-address": "192.0.2.9"}), ("b", PHONE, {"media-address": "0.0.0.0"})],
    "hidden hold": [
        ("a", NOWHERE, {"replace": ["zero-address"]}),
        ("b", PHONE, {}),
        ("a", NOWHERE, {"replace": ["zero-address"]}),
        ("b", NOWHERE, {"replace": ["zero-address"]}),
    ],
    "ICE removed": [("a", WEB, {}), ("b", PHONE, {}), ("b", MOVED, {"ICE": "remove"}), ("a", WEB, {})],
    "ICE optional": [
        ("a", WEB, OPTIONAL),
        ("b", echo, OPTIONAL),
        ("a", WEB, OPTIONAL),
    ],
    "a relay": [("a", WEB, RELAY), ("b", echo, RELAY), ("b", WEB, RELAY), ("a", echo, {})],
    "two sections": [
        ("a", SAVP, {"OSRTP": ["offer-legacy"]}),
        ("b", echo, {"OSRTP": ["accept-legacy"]}),
        ("b", TWINS, {"OSRTP": ["accept"]}),
        ("a", SAVP, {}),
    ],
    "two sections, the other way": [("a", TWINS_REVERSED, {"OSRTP": ["accept-legacy"]}), ("b", SAVP, {})],
    "pairs in a bundle": [("a", BUNDLED, {"OSRTP": ["offer-legacy"], "transport-protocol": "RTP/SAVP", **STRICT})],
    "pairs in a bundle without ports": [
        (
            "a",
            BUNDLED,
            {"OSRTP": ["offer-legacy"], "transport-protocol": "RTP/SAVP", "bundle": ["accept", "require"]},
        ),
    ],
    "bundles": [("a", BUNDLED, STRICT), ("b", bundling, {}), ("a", BUNDLED, STRICT), ("b", rejecting, {})],
    "no bundle any more": [("a", BUNDLED, STRICT), ("b", echo, {}), ("a", PHONE + VIDEO, {}), ("b", echo, {})],
    "WebRTC": [("a", PHONE + VIDEO, WEBRTC), ("b", bundling, {}), ("a", PHONE + VIDEO, WEBRTC), ("b", echo, {})],
    "attributes": [
        ("a", PHONE, {"sdp-attr": ATTRIBUTES}),
        ("b", echo, {"sdp-attr": ATTRIBUTES}),
        ("b", WEB, {"sdp-attr": ATTRIBUTES}),
    ],
    "attributes in words": [("a", PHONE, {"flags": ATTRIBUTE_WORDS}), ("b", PHONE, {"flags": ATTRIBUTE_WORDS})],
    "one extension masked": [("a", WEB, {"extmap": {"mask": [LEVEL]}}), ("b", browser, {}), ("a", WEB, {})],
    "all extensions stripped": [("a", WEB, {"extmap": {"strip": ["all"]}}), ("b", browser, {})],
    "interfaces one by one": [
        ("a", PHONE, {"to-interface": "priv"}),
        ("b", PHONE, {}),
        ("b", PHONE, {"from-interface": "priv", "direction": ["pub", "priv"]}),
    ],
    "opportunistic": [("a", PHONE, {"OSRTP": ["offer-rfc"]}), ("b", echo, {"OSRTP": ["accept-RFC"]})],
}


def shared(body: str) -> list[int]:
    """Return of each port and name in a body where it stands first, which tells those that are shared."""
    drawn = re.findall(r"^(?:m=\w+ |a=ice-ufrag:|a=tls-id:)(\w+)", body, re.MULTILINE)
    return [drawn.index(it) for it in drawn]


async def said(client: Client, steps: list[Step]) -> list[str]:
    """Return what comes back at each step, made neutral; an offer of a dialogue is followed by its answer."""
    answers: list[str] = []
    last = ""
    offerer = ""
    for who, what, options in steps:
        other = "b" if who == "a" else "a"
        body = what if isinstance(what, str) else what(last)
        document = {"call-id": "c", "sdp": body, **options}
        if offerer in ("", who):
            offerer = who
            document |= {"command": "offer", "from-tag": who} | ({"to-tag": other} if answers else {})
        else:
            offerer = ""
            document |= {"command": "answer", "from-tag": other, "to-tag": who}
        reply = await client.request(document)
        last = str(reply.get("sdp", ""))
        told = neutral(re.sub(r"a=rtpengine:.*\r\n", "", last), given=body)
        answers.append(f"{reply.get('result')} {reply.get('error-reason')}\n{told}{shared(last)}")
    await client.request({"command": "delete", "call-id": "c", "from-tag": "a", "delete-delay": 0})
    return answers


Interfaces: TypeAlias = dict[str, str | tuple[str, str]]
BOTH: Interfaces = {"default": ("127.0.0.1", "::1"), "other": "127.0.0.2"}
"""An interface with an address of each family, and one of IPv4 alone."""


@asynccontextmanager
async def two_clients(any_daemon: Rtpengine, interfaces: Interfaces) -> AsyncIterator[tuple[Client, Client]]:
    """Yield clients of a daemon of this version and of the embedded engine, both with these interfaces."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        missing("the address ::1", "sysctl net.ipv6.conf.lo.disable_ipv6=0")
    with Rtpengine(command=any_daemon._program(), interfaces=interfaces) as daemon:
        async with (
            Client(daemon.url) as real,
            EmbeddedEngine(version=daemon.version, interfaces=interfaces) as engine,
            Client(engine.url) as embedded,
        ):
            yield real, embedded


def without_chance(told: list[str]) -> list[str]:
    """Return bodies without the ports of candidates, of which each address has its own by chance."""
    return [re.sub(r"(a=candidate:.* )\S+ typ", r"\1PORT typ", text) for text in told]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_an_interface_of_two_families(any_daemon: Rtpengine) -> None:
    async with two_clients(any_daemon, BOTH) as (real, embedded):
        for body, other in ((PHONE, PHONE_6), (PHONE_6, PHONE), (WEB, PHONE)):
            for asked in (
                {},
                {"address-family": "IP6"},
                {"ICE": "force"},
                {"ICE": "force", "address-family": "IP6"},
                {"ICE": "force", "rtcp-mux": ["offer", "require"]},
                {"direction": ["default", "other"], "address-family": "IP6"},
                {"direction": ["other", "default"], "address-family": "IP6", "ICE": "force"},
            ):
                steps: list[Step] = [("a", body, asked), ("b", other, {})]
                expected = without_chance(await said(real, steps))
                assert without_chance(await said(embedded, steps)) == expected, asked


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_what_is_told_of_such_an_interface(any_daemon: Rtpengine) -> None:
    async with two_clients(any_daemon, BOTH) as clients:
        both = []
        for client in clients:
            await client.offer(sdp=PHONE, call_id="c", from_tag="a", flags=Flags(ice="force", address_family="IP6"))
            reply = await client.statistics()
            both.append([(it.name, it.address, it.ports.used) for it in reply.interfaces])
        assert both[1] == both[0]


async def test_interfaces_of_two_families(any_daemon: Rtpengine) -> None:
    async with two_clients(any_daemon, FAMILIES) as (real, embedded):
        for body in (PHONE, WEB, PHONE_6):
            for asked in ({}, {"address-family": "IP6"}, {"direction": ["six", "default"]}, {"ICE": "force"}):
                steps: list[Step] = [("a", body, asked), ("b", PHONE, {}), ("b", PHONE_6, asked), ("a", body, {})]
                assert await said(embedded, steps) == await said(real, steps), asked


async def test_the_same_is_said(any_daemon: Rtpengine) -> None:
    async with (
        Client(any_daemon.url) as real,
        EmbeddedEngine(version=any_daemon.version, interfaces=INTERFACES) as engine,
        Client(engine.url) as embedded,
    ):
        for name, steps in CALLS.items():
            assert await said(embedded, steps) == await said(real, steps), name
