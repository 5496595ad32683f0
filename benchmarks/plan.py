"""What the benchmark does: its workloads, and what one unit of each sends.

All subjects send the same documents, with the flags of the profile `MODERN`. The bodies are a phone's offer of 230
bytes, and Chromium's audio offer as it is on a machine with several addresses, of 3 KB.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs

from rtpe_ng import Direction, Leg, profiles
from rtpe_ng.testing import bodies
from rtpe_ng.wire import encode_document

CAPTURED = Path(__file__).parents[1] / "tests/data/sdp/chromium-audio.sdp"
STANDING = "standing"
"""The Call-ID of the call that is asked about."""
OURS = ("asyncio", "trio", "uvloop")


@attrs.frozen
class Workload:
    """One row of the table of figures."""

    name: str
    """By which `--only` knows it."""
    title: str
    order: str
    """By which the subjects know it. What follows a hyphen is a way to do it that only this library has."""
    count: int
    """How many units a round has."""
    in_flight: int
    subjects: tuple[str, ...] | None = None
    """The subjects that have it; None for all."""
    calls: str = ""
    """The calls that must be there before: ``one`` for all units, or ``each`` for one for each unit."""
    is_apart: bool = False
    """Client and daemon are kept on cores of their own, as a machine with nothing else to do would keep them."""


WORKLOADS = (
    Workload("ping", "ping, 16 in flight", "ping", 16_000, 16),
    Workload("ping-alone", "ping, 1 in flight", "ping", 3000, 1, is_apart=True),
    Workload("sip", "SIP cycle, 16 in flight", "sip", 1000, 16),
    Workload("sip-call", "SIP cycle through `Call`, 16", "sip-call", 1000, 16, OURS),
    Workload("chrome", "Chrome cycle, 16 in flight", "chrome", 600, 16),
    Workload("chrome-call", "Chrome cycle through `Call`, 16", "chrome-call", 600, 16, OURS),
    Workload("offers", "Chrome offers, 256 callers", "offers", 1500, 256),
    Workload("offers-32", "Chrome offers, 32 in flight", "offers", 1500, 32, ("c",)),
    Workload("query", "query, read, 16 in flight", "query", 3000, 16, calls="one"),
    Workload("query-json", "query as JSON, read, 16", "query-json", 3000, 16, OURS, calls="one"),
    Workload("unread", "query, statistics, delete, not read", "unread", 500, 16, calls="each"),
    Workload("decode", "decoding alone, a query's reply", "decode", 400, 1, ("asyncio", "bare")),
)
MEMORY = Workload("memory", "200,000 requests, timeout=20", "memory", 40_000, 16, ("asyncio",), calls="one")
"""Apart from the others, because it takes a process of its own, once."""


def chrome_offer() -> str:
    """Return Chromium's audio offer with the candidates of several addresses, all of them of loopback."""
    text = CAPTURED.read_text("utf-8").replace("192.0.2.2", "127.0.1.2").replace("fd00::2", "::1")
    text = text.replace("\r\n", "\n")
    more = "".join(
        f"a=candidate:302262481{number} 1 udp 212206361{number} 127.0.1.{number} 4000{number} typ host "
        f"generation 0 network-id {number}\n"
        f"a=candidate:159502516{number} 1 tcp 151808383{number} 127.0.1.{number} 9 typ host tcptype active "
        f"generation 0 network-id {number}\n"
        for number in range(5, 10)
    )
    before, mark, after = text.partition("a=ice-ufrag:")
    return (before + more + mark + after).replace("\n", "\r\n")


def calls() -> dict[str, list[dict[str, Any]]]:
    """Return an offer, an answer and a delete for a call between phones, and for one from Chromium to a phone."""
    phone = bodies.offer(Leg.SIP)
    answer = bodies.answer(Leg.SIP, phone)
    # Each answer takes a payload type of its offer for the digits.
    to_chrome = answer.replace("101", "126")
    return {
        "sip": _cycle(Direction.of(Leg.SIP, Leg.SIP), phone, answer),
        "chrome": _cycle(Direction.WEB_TO_SIP, chrome_offer(), to_chrome),
    }


def _cycle(direction: Direction, offer: str, answer: str) -> list[dict[str, Any]]:
    offer_flags = profiles.MODERN.offer_flags(direction).to_ng()
    answer_flags = profiles.MODERN.answer_flags(direction).to_ng()
    call = {"call-id": None, "from-tag": "a"}
    return [
        {"command": "offer", **call, "sdp": offer, "supports": ["load limit"], **offer_flags},
        {"command": "answer", **call, "to-tag": "b", "sdp": answer, **answer_flags},
        {"command": "delete", **call, "delete-delay": 0},
    ]


def units() -> dict[str, list[dict[str, Any]]]:
    """Return what one unit of each workload sends; None as a Call-ID stands for a new one."""
    cycles = calls()
    ping, query = {"command": "ping"}, {"command": "query", "call-id": STANDING}
    return {
        "ping": [ping],
        **cycles,
        "offers": cycles["chrome"][:1],
        "query": [query],
        "unread": [query | {"call-id": None}, {"command": "statistics"}, cycles["sip"][2]],
        "memory": [*4 * [ping], query],
    }


def write(folder: Path, replies: list[bytes]) -> None:
    """Write into a folder what the subjects read: see `subjects/orders.py` and `subjects/client.c`."""
    plan = units()
    (folder / "plan.json").write_text(json.dumps(plan), "utf-8")
    for name, documents in plan.items():
        for step, document in enumerate(documents):
            is_new = "call-id" in document and document["call-id"] is None
            data = encode_document(document | {"call-id": "\1"} if is_new else document)
            (folder / f"{name}.{step}").write_bytes(data.replace(b"1:\1", b"\1"))
    for number, reply in enumerate(replies):
        (folder / f"reply.{number}").write_bytes(reply)
