"""The commands beside a call's life, on the embedded engine of each version."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from exercise import VERSIONS, sound
from rtpe_ng import Leg
from rtpe_ng.testing import bodies
from rtpe_ng.testing.embedded.behaviour import behaviour_of
from rtpe_ng.testing.embedded.core import Core
from rtpe_ng.testing.embedded.state import State
from rtpe_ng.wire import decode_document, encode_document, join_message, split_message

YOUNG = ("12.5", "26.0")
DIRECTIONAL = {"flags": ["directional"]}


class Engine:
    """A core that is asked in documents, at a time of the test's own."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.core = Core(State(behaviour=behaviour_of(version)))
        self.now = 1000.0
        self._numbers = itertools.count()

    def ask(self, command: str, **more: Any) -> dict[str, Any]:
        document = {"command": command} | {key.replace("_", "-"): value for key, value in more.items()}
        reply = self.core.receive(join_message(f"c{next(self._numbers)}", encode_document(document)), self.now)
        assert reply is not None
        return dict(decode_document(split_message(reply)[1]))

    def refusal(self, command: str, **more: Any) -> str | None:
        """Return why it refuses; None where it does not."""
        reply = self.ask(command, **more)
        assert (reply["result"] == "error") == ("error-reason" in reply)
        reason: str | None = reply.get("error-reason")
        return reason

    def establish(self, call_id: str = "c") -> None:
        """Let "a", called caller, call "b", called callee."""
        offered = self.ask("offer", sdp=bodies.offer(Leg.SIP), call_id=call_id, from_tag="a", label="caller")
        answer = bodies.answer(Leg.SIP, offered["sdp"])
        self.ask("answer", sdp=answer, call_id=call_id, from_tag="a", to_tag="b", label="callee")


@pytest.fixture(params=VERSIONS)
def engine(request: pytest.FixtureRequest) -> Engine:
    return Engine(request.param)


@pytest.fixture
def call(engine: Engine) -> Engine:
    engine.establish()
    return engine


@pytest.mark.parametrize("command", ["start recording", "stop recording"])
def test_recording_is_about_the_whole_call(call: Engine, command: str) -> None:
    assert call.refusal(command) == "No call-id in message"
    assert call.refusal(command, call_id="x") == "Unknown call-id"
    for who in ({}, {"from_tag": "a"}, {"from_tag": "x"}, {"label": "nobody"}):
        assert call.refusal(command, call_id="c", **who) is None


OF_A_PARTY = (
    *("start forwarding", "stop forwarding", "block DTMF", "unblock DTMF"),
    *("block media", "unblock media", "silence media", "unsilence media"),
)


@pytest.mark.parametrize("command", OF_A_PARTY)
def test_whom_a_command_is_about(call: Engine, command: str) -> None:
    assert call.refusal(command) == "No call-id in message"
    assert call.refusal(command, call_id="x") == "Unknown call-ID"
    assert call.refusal(command, call_id="c") is None
    assert call.refusal(command, call_id="c", flags=["all"], label="nobody") is None
    assert call.refusal(command, call_id="c", label="caller", from_tag="x") is None
    assert call.refusal(command, call_id="c", label="nobody") == "No monologue matching the given label"
    assert call.refusal(command, call_id="c", address="phone") == "Failed to parse network address"
    assert call.refusal(command, call_id="c", address="192.0.2.1") == "Failed to match address to any tag"
    unknown = call.refusal(command, call_id="c", from_tag="x", **DIRECTIONAL)
    assert unknown == "From-tag given, but no such tag exists"


def test_a_tag_alone_is_a_hint_to_young_daemons() -> None:
    hint = {"10.5": set(), "12.5": set(OF_A_PARTY[:4]), "26.0": set(OF_A_PARTY[:6])}
    for version, commands in hint.items():
        engine = Engine(version)
        engine.establish()
        taken = {it for it in OF_A_PARTY if engine.refusal(it, call_id="c", from_tag="x") is None}
        assert taken == commands


def test_a_new_label(call: Engine) -> None:
    assert call.refusal("block DTMF", call_id="c", from_tag="a", set_label="new", **DIRECTIONAL) is None
    for label in ("new", "caller"):
        assert call.refusal("block DTMF", call_id="c", label=label) is None


def test_a_flow_that_does_not_exist(call: Engine) -> None:
    a = {"call_id": "c", "from_tag": "a", **DIRECTIONAL}
    refused = {
        "unknown tag": call.refusal("block media", to_tag="x", **a),
        "unknown label": call.refusal("block media", to_label="nobody", **a),
        "itself": call.refusal("block media", to_tag="a", **a),
        "subscribers": call.refusal("block media", all="except-offer-answer", **a),
    }
    if call.version == "10.5":
        assert set(refused.values()) == {None}
    else:
        assert refused == {
            "unknown tag": "Media flow not found (to-tag not found)",
            "unknown label": "Media flow not found (to-label not found)",
            "itself": "Media flow not found (to-tag not subscribed)",
            "subscribers": "No eligible media subscriptions found",
        }


def test_playing(call: Engine) -> None:
    a = {"call_id": "c", "from_tag": "a"}
    assert call.refusal("stop media", call_id="c") == "No participant party specified"
    assert call.refusal("stop media", **a) == "Not currently playing media"
    assert call.refusal("play media", **a) == "No media file specified"
    assert call.refusal("play media", file="/none.wav", **a) == "Failed to start media playback from file"
    assert call.refusal("play media", blob="noise", **a) == "Failed to start media playback from blob"
    assert call.refusal("play media", db_id=1, **a) == "Failed to start media playback from database"
    assert call.ask("play media", blob=sound(2), **a)["duration"] == 2000
    stopped = call.ask("stop media", **a)
    assert stopped == {"result": "ok"} | ({} if call.version == "10.5" else {"last-frame-pos": 0})


def test_no_digit_is_dialled_without_media(call: Engine) -> None:
    a = {"call_id": "c", "from_tag": "a"}
    for code in (None, "", "x", "d", "16", 16, -1):
        more = {} if code is None else {"code": code}
        assert call.refusal("play DTMF", **a, **more) == "Out of range 'code' specified"
    for code in ("5", "#", "D", "15", 5, 0):
        assert call.refusal("play DTMF", code=code, **a) == "No SSRC context present for DTMF injection"
