"""The commands beside a call's life, on the embedded engine of each version."""

from __future__ import annotations

import pytest

from rtpe_ng.messages import StatisticsReply
from rtpe_ng.messages.commands import COMMANDS
from rtpe_ng.versions import is_older
from tests.support.driven_core import DrivenCore
from tests.support.exercise import VERSIONS, sound

NEWER = ("12.5", "26.0")
DIRECTIONAL = {"flags": ["directional"]}


@pytest.fixture(params=VERSIONS)
def engine(request: pytest.FixtureRequest) -> DrivenCore:
    return DrivenCore(request.param)


@pytest.fixture
def call(engine: DrivenCore) -> DrivenCore:
    engine.establish()
    return engine


@pytest.mark.parametrize("command", ["start recording", "stop recording"])
def test_recording_is_about_the_whole_call(call: DrivenCore, command: str) -> None:
    assert call.refusal(command) == "No call-id in message"
    assert call.refusal(command, call_id="x") == "Unknown call-id"
    for who in ({}, {"from_tag": "a"}, {"from_tag": "x"}, {"label": "nobody"}):
        assert call.refusal(command, call_id="c", **who) is None


OF_A_PARTY = (
    *("start forwarding", "stop forwarding", "block DTMF", "unblock DTMF"),
    *("block media", "unblock media", "silence media", "unsilence media"),
)


@pytest.mark.parametrize("command", OF_A_PARTY)
def test_whom_a_command_is_about(call: DrivenCore, command: str) -> None:
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


def test_a_tag_alone_is_a_hint_to_newer_daemons() -> None:
    hint = {"10.5": set(), "12.5": set(OF_A_PARTY[:4]), "26.0": set(OF_A_PARTY[:6])}
    for version, commands in hint.items():
        engine = DrivenCore(version)
        engine.establish()
        taken = {it for it in OF_A_PARTY if engine.refusal(it, call_id="c", from_tag="x") is None}
        assert taken == commands


def test_a_new_label(call: DrivenCore) -> None:
    assert call.refusal("block DTMF", call_id="c", from_tag="a", set_label="new", **DIRECTIONAL) is None
    for label in ("new", "caller"):
        assert call.refusal("block DTMF", call_id="c", label=label) is None


def test_a_flow_that_does_not_exist(call: DrivenCore) -> None:
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


def test_playing(call: DrivenCore) -> None:
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


def test_no_digit_is_dialled_without_media(call: DrivenCore) -> None:
    a = {"call_id": "c", "from_tag": "a"}
    for code in (None, "", "x", "d", "16", 16, -1):
        more = {} if code is None else {"code": code}
        assert call.refusal("play DTMF", **a, **more) == "Out of range 'code' specified"
    for code in ("5", "#", "D", "15", 5, 0):
        assert call.refusal("play DTMF", code=code, **a) == "No SSRC context present for DTMF injection"


def test_each_version_knows_its_commands_and_counts_them(engine: DrivenCore) -> None:
    known = {name for name, kind in COMMANDS.items() if not is_older(engine.version, kind.since)}
    for name in COMMANDS:
        assert (engine.refusal(name) == "Unrecognized command") == (name not in known)
    engine.now += 61.5
    reply = StatisticsReply(seconds=0, raw=engine.ask("statistics"))
    assert reply.commands == dict.fromkeys(known, 1)
    assert reply.uptime == 61
