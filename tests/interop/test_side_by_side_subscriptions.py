"""Publishers and subscribers: the embedded engine and the real daemon of its version say the same."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from rtpe_ng import Leg
from rtpe_ng.testing import Rtpengine, bodies
from tests.support import sides
from tests.support.exercise import ANSWER, PHONE, RECEIVES, SENDS

SECOND = RECEIVES[RECEIVES.index("m=") :]
TOLD: list[tuple[str, dict[str, Any]]] = [
    ("publish", {}),
    ("publish", {"sdp": SENDS, "from-tag": "p"}),
    ("publish", {"sdp": "nonsense", "from-tag": "n"}),
    ("publish", {"sdp": "", "from-tag": "n"}),
    ("query", {}),
    ("subscribe request", {"from-tag": "p", "to-tag": "l", "set-label": "ear"}),
    ("query", {}),
    ("subscribe answer", {"to-tag": "l", "sdp": RECEIVES, "flags": ["allow-transcoding"]}),
    ("query", {}),
    ("subscribe answer", {"to-tag": "nobody", "sdp": RECEIVES}),
    ("subscribe answer", {"sdp": RECEIVES}),
    ("subscribe answer", {"to-tag": "l"}),
    ("subscribe answer", {"to-tag": "l", "sdp": "nonsense"}),
    ("unsubscribe", {"to-tag": "l"}),
    ("query", {}),
    ("unsubscribe", {"to-tag": "l"}),
    ("unsubscribe", {"to-tag": "nobody"}),
    ("unsubscribe", {}),
    ("query", {}),
]
"""What is asked of a call that begins with a publisher."""
HEARD: list[tuple[str, dict[str, Any]]] = [
    ("offer", {"from-tag": "a", "sdp": PHONE}),
    ("answer", {"from-tag": "a", "to-tag": "b", "sdp": ANSWER}),
    ("subscribe request", {"from-tag": "a", "to-tag": "r"}),
    ("query", {}),
    ("subscribe request", {"from-tags": ["a", "b"], "to-tag": "both"}),
    ("subscribe answer", {"to-tag": "both", "sdp": RECEIVES + SECOND}),
    ("query", {}),
    ("subscribe request", {"flags": ["all", "siprec"], "to-tag": "s"}),
    ("subscribe request", {"flags": ["all", "siprec"], "to-tag": "t", "to-label": "recorder"}),
    ("query", {}),
    ("subscribe request", {"from-tags": ["nobody"], "to-tag": "r"}),
    ("subscribe request", {"from-tag": "nobody", "to-tag": "r"}),
    ("subscribe request", {"label": "nobody", "to-tag": "r"}),
    ("subscribe request", {"to-tag": "r"}),
    ("subscribe request", {"from-tag": "a", "to-tag": "r"}),
    ("unsubscribe", {"to-tag": "both", "from-tag": "a", "flags": ["directional"]}),
    ("query", {}),
    ("unsubscribe", {"to-tag": "s"}),
    ("query", {}),
    ("delete", {"from-tag": "a", "delete-delay": 0}),
    ("query", {}),
]
"""What is asked of a call of two parties that others listen to."""
BROWSER: list[tuple[str, dict[str, Any]]] = [
    ("publish", {"sdp": bodies.offer(Leg.WEB), "from-tag": "p"}),
    ("subscribe request", {"from-tag": "p", "to-tag": "l", "flags": ["generate-mid"]}),
    ("query", {}),
]


@pytest.fixture
def both(any_daemon: Rtpengine) -> Iterator[sides.Sides]:
    wire = sides.Wire(any_daemon.url)
    yield sides.Sides(wire, sides.in_process(any_daemon.version))
    wire.close()


@pytest.mark.parametrize("told", [TOLD, HEARD, BROWSER], ids=["published", "listened to", "from a browser"])
def test_both_say_the_same(both: sides.Sides, told: list[tuple[str, dict[str, Any]]]) -> None:
    call_id = f"subscriptions-{secrets.token_hex(4)}"
    for command, more in told:
        both.ask({"command": command, "call-id": call_id} | more)
    both.forget(call_id)


def test_both_say_the_same_of_no_call(both: sides.Sides) -> None:
    for command in ("subscribe request", "subscribe answer", "unsubscribe"):
        both.ask({"command": command, "from-tag": "a", "to-tag": "b", "sdp": RECEIVES})
        both.ask({"command": command, "call-id": "nobody", "from-tag": "a", "to-tag": "b", "sdp": RECEIVES})
