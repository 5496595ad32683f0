"""Requests with keys and words in odd spellings: the embedded engine reads what the daemon of its version reads."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from rtpe_ng import Client, Leg
from rtpe_ng.flags.spellings import DEADLY
from rtpe_ng.testing import EmbeddedEngine, Rtpengine, bodies
from tests.support.engines import INTERFACES
from tests.support.neutral import neutral
from tools.spellings import cases

pytestmark = pytest.mark.anyio

NUMBERS = itertools.count()
BODY = bodies.offer(Leg.SIP)
DTLS = {"transport-protocol": "UDP/TLS/RTP/SAVPF"}


def spelt(value: Any, *keys: str, **others: Any) -> list[dict[str, Any]]:
    """Return options with the same value under each of these keys."""
    return [{key: value, **others} for key in keys]


OPTIONS: list[dict[str, Any]] = [
    *spelt("force", "ICE", "ice"),
    *spelt("RTP/SAVP", "transport-protocol", "transport protocol", "transport_protocol", "Transport-Protocol"),
    *spelt(["offer"], "rtcp-mux", "rtcp mux", "RTCP-mux"),
    *spelt("192.0.2.9", "media-address", "media address", "media_address"),
    *spelt("off", "DTLS", "dtls", **DTLS),
    *spelt("SHA-1", "DTLS-fingerprint", "DTLS fingerprint", "dtls-fingerprint", "dtls fingerprint", **DTLS),
    *spelt(["off"], "SDES", "sdes", **DTLS),
    *spelt(["offer"], "OSRTP", "osrtp", "bundle", "BUNDLE"),
    *spelt({"strip": ["PCMA"]}, "codec", "codecs", "CODEC"),
    *spelt("priv", "to-interface", "to interface", "to_interface"),
    *spelt({"audio": {"add": ["odd"]}}, "sdp-attr", "sdp attr", "sdp_attr", "SDP-attr"),
    *({"flags": [word], "ICE": "force"} for word in ("trickle-ICE", "trickle-ice", "trickle ICE", "TRICKLE-ICE")),
    *({"flags": [word]} for word in ("no-rtcp-attribute", "no-RTCP-attribute", "no rtcp attribute")),
    *({"flags": [word]} for word in ("webrtc", "webRTC", "WebRTC", "WebRtc", "WEBRTC")),
    *({"flags": words} for words in ("generate-mid", "generate-mid,no-rtcp-attribute", "generate-mid x")),
    *spelt("offer,require", "rtcp-mux"),
    *spelt("offer require", "rtcp-mux"),
    *spelt("session-name,origin", "replace"),
    *({"codec": {"transcode": names}} for names in ("G722", "G722,GSM", "G722 GSM")),
    *({"SDES": value, "transport-protocol": "RTP/SAVP"} for value in ("off", ["off"], "off,pad", "disable")),
    *({key: "offer"} for key in ("rtcp-mux", "OSRTP", "bundle")),
    *({"codec": {operation: "PCMU"}} for operation in ("strip", "mask", "consume", "accept", "except", "offer")),
    *({"flags": [word]} for word in ("rtcp-mux-offer", "rtcp-mux-demux", "rtcp-mux-require", "rtcp mux offer")),
    *({"flags": [f"replace-{what}"]} for what in ("origin", "session-connection", "session-name", "username")),
    *({"flags": [word], **DTLS} for word in ("SDES-off", "SDES-no", "SDES off", "sdes-off")),
    *({"flags": [word]} for word in ("OSRTP-offer", "BUNDLE-offer", "codec-strip-PCMA", "transcode-G722")),
    *({"sdp-attr": value} for value in ({"audio": {"add": "x,y"}}, {"global": {"add": ["x"]}}, "x", ["x"])),
    *({"direction": value} for value in ("priv", "pub,priv", ["priv"], ["priv", "pub", "x"])),
    *({"ptime": value} for value in ("30", "+30", "30ms", [30])),
    *({"passthrough": value} for value in ("on", "off", "yes", 1)),
]
CALL_ID = ("call-id", "call-ID", "call id", "call ID", "call_id", "CALL-ID")
COMMANDS = (
    *("query", "delete", "start recording", "stop recording", "block DTMF", "start forwarding", "offer", "answer"),
)


@pytest.fixture
def call_id() -> str:
    """A Call-ID that no test has used: a daemon remembers what parties agreed on."""
    return f"spelt {next(NUMBERS)}"


@pytest.fixture
async def pair(any_daemon: Rtpengine) -> AsyncIterator[tuple[Client, Client]]:
    """Yield a client of the daemon, and one of the embedded engine as its version."""
    with EmbeddedEngine(version=any_daemon.version, interfaces=INTERFACES) as engine:
        async with Client(any_daemon.url) as real, Client(engine.url) as embedded:
            yield real, embedded


async def ask(client: Client, command: str, **keys: Any) -> dict[str, Any]:
    return await client.request({"command": command, **keys})


def told(reply: dict[str, Any]) -> Any:
    """Return what a reply says, without what no two engines choose alike."""
    if "sdp" in reply:
        return neutral(reply["sdp"])
    return reply.get("result"), reply.get("error-reason"), reply.get("warning")


@pytest.mark.parametrize("options", OPTIONS, ids=str)
async def test_options(pair: tuple[Client, Client], call_id: str, options: dict[str, Any]) -> None:
    given = {"call-id": call_id, "from-tag": "a", "sdp": BODY}
    real, embedded = [told(await ask(client, "offer", **given, **options)) for client in pair]
    assert embedded == real


LEFT_OUT = ("T.38", "T38", "sdp-media-remove", "SDP-media-remove", "sdp_media_remove", "SDP_media_remove", "loop")
"""What the embedded engine lacks, and a mark in the body that is the engine's own."""
BY_LIST: dict[str, Any] = {"DTLS": ["off"]}
"""26.0 reads a list there, which no table of the library says."""


def is_left_out(options: dict[str, Any]) -> bool:
    names = {*options, *(word for word in options.get("flags", ()) if isinstance(word, str))}
    return bool(DEADLY & options.keys()) or any(name.startswith(LEFT_OUT) for name in names)


def shown(reply: dict[str, Any]) -> Any:
    """Return what a reply says; at the end of a relay's candidate stands its port once more."""
    text = told(reply)
    return re.sub(r"rport \d+", "rport", text) if isinstance(text, str) else text


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_each_option_in_odd_forms(pair: tuple[Client, Client], call_id: str) -> None:
    """Every tenth of the spellings that are held against the library's table: it is the embedded engine's too."""
    for number, options in enumerate(list(cases())[::10]):
        if is_left_out(options) or BY_LIST.items() <= options.items():
            continue
        given: dict[str, Any] = {"call-id": f"{call_id} {number}", "from-tag": "a", "sdp": BODY}
        given["received-from"] = ["IP4", "127.0.0.1"]
        real, embedded = [shown(await ask(client, "offer", **given, **options)) for client in pair]
        assert embedded == real, options
        await ask(pair[0], "delete", **{"call-id": given["call-id"], "delete-delay": 0})


@pytest.mark.parametrize("key", CALL_ID)
@pytest.mark.parametrize("command", COMMANDS)
async def test_names_of_the_call(pair: tuple[Client, Client], call_id: str, command: str, key: str) -> None:
    both = []
    for client in pair:
        await ask(client, "offer", **{"call-id": call_id, "from-tag": "a", "sdp": BODY})
        given = {"from-tag": "a", "to-tag": "b", "sdp": BODY} if command in ("offer", "answer") else {}
        both.append(told(await ask(client, command, **{key: call_id}, **given)))
    assert both[1] == both[0]


@pytest.mark.parametrize("key", ["to-tag", "to_tag", "to tag", "TO-TAG"])
async def test_names_of_the_other_party(pair: tuple[Client, Client], call_id: str, key: str) -> None:
    both = []
    for client in pair:
        given = {"call-id": call_id, "from-tag": "a", "sdp": BODY}
        await ask(client, "offer", **given)
        both.append(told(await ask(client, "answer", **given, **{key: "b"})))
    assert both[1] == both[0]


@pytest.mark.parametrize(
    "key", ["ptime-reverse", "ptime reverse", "reverse-ptime", "reverse ptime", "ptime_reverse"]
)
async def test_names_of_what_the_answer_shows(pair: tuple[Client, Client], call_id: str, key: str) -> None:
    both = []
    for client in pair:
        given = {"call-id": call_id, "from-tag": "a", "sdp": BODY}
        await ask(client, "offer", **given, **{key: 30})
        both.append(told(await ask(client, "answer", **given, **{"to-tag": "b"})))
    assert both[1] == both[0]


@pytest.mark.parametrize("words", [["SIPREC"], ["siprec"], ["SIPrec"], "siprec", "siprec,x", "siprec x"], ids=str)
async def test_words_of_a_subscription(pair: tuple[Client, Client], call_id: str, words: Any) -> None:
    both = []
    for client in pair:
        given = {"call-id": call_id, "from-tag": "a", "sdp": BODY}
        await ask(client, "offer", **given)
        await ask(client, "answer", **given, **{"to-tag": "b"})
        subscribed = {"call-id": given["call-id"], "from-tags": ["a"], "flags": words}
        both.append(sorted(await ask(client, "subscribe request", **subscribed)))
    assert both[1] == both[0]
