"""Publishers, listeners and connections, on the embedded engine of each version."""

from __future__ import annotations

from typing import Any

import pytest

from rtpe_ng import Leg, sdp
from rtpe_ng.testing import bodies
from tests.support.driven_core import DrivenCore
from tests.support.exercise import VERSIONS

MADE_UP = 64


@pytest.fixture(params=VERSIONS)
def engine(request: pytest.FixtureRequest) -> DrivenCore:
    return DrivenCore(request.param)


@pytest.fixture
def call(engine: DrivenCore) -> DrivenCore:
    engine.establish()
    return engine


@pytest.fixture
def engine_26() -> DrivenCore:
    return DrivenCore("26.0")


def heard(engine: DrivenCore, call_id: str = "c") -> dict[str, list[tuple[str, str]]]:
    """Return whom each party hears, and from which kind of command."""
    tags: dict[str, Any] = engine.ask("query", call_id=call_id)["tags"]
    return {tag: [(it["tag"], it["type"]) for it in party["subscriptions"]] for tag, party in tags.items()}


def test_a_publisher_and_a_listener(engine: DrivenCore) -> None:
    published = engine.ask("publish", sdp=bodies.offer(Leg.SIP), call_id="p", from_tag="s", label="singer")
    assert sdp.parse(published["sdp"]).media[0].direction in ("recvonly", "inactive")
    assert ("call-id" in published) == (engine.version == "26.0")
    offered = engine.ask("subscribe request", call_id="p", from_tag="s", to_tag="ear", set_label="ears")
    assert offered["to-tag"] == "ear"
    assert offered["from-tags"] == ["s"]
    assert sdp.parse(offered["sdp"]).media[0].direction == "sendonly"
    heard_by = sdp.answer(offered["sdp"], address="127.0.3.1", port=42000)
    assert engine.refusal("subscribe answer", call_id="p", to_tag="ear", sdp=heard_by) is None
    assert heard(engine, "p") == {"s": [], "ear": [("s", "pub/sub")]}
    assert engine.refusal("unsubscribe", call_id="p", to_tag="ear") is None
    assert heard(engine, "p") == {"s": [], "ear": []}


def test_who_listens_to_all_hears_those_that_talk(call: DrivenCore) -> None:
    reply = call.ask("subscribe request", call_id="c", flags=["all"])
    assert len(reply["to-tag"]) == MADE_UP
    order = {"10.5": ["a", "b"], "12.5": ["b", "a"], "26.0": ["a", "b"]}[call.version]
    assert reply["from-tags"] == order
    assert len(sdp.parse(reply["sdp"]).media) == len(order)
    assert [tag for tag, _ in heard(call)[reply["to-tag"]]] == order


def test_a_recorder_is_told_whose_sections_they_are(call: DrivenCore) -> None:
    reply = call.ask("subscribe request", call_id="c", from_tags=["a", "b"], flags=["siprec"])
    labels = {label: (it["tag"], it["label"]) for label, it in reply["media-labels"].items()}
    first, second = ("0", "1") if call.version == "26.0" else ("1", "0")
    assert labels == {first: ("a", "caller"), second: ("b", "callee")}
    assert [it["tag"] for it in reply["tag-medias"]] == ["a", "b"]
    assert [media.attribute("label") for media in sdp.parse(reply["sdp"]).media] == [first, second]


def test_refused_publishers(engine: DrivenCore) -> None:
    assert engine.refusal("publish") == "No SDP body in message"
    assert engine.refusal("publish", sdp="nonsense", call_id="p", from_tag="s") == "Failed to parse SDP"
    known = engine.refusal("query", call_id="p") is None
    assert known == (engine.version == "26.0")
    nameless = engine.ask("publish", sdp=bodies.offer(Leg.SIP))
    if engine.version == "26.0":
        assert len(nameless["call-id"]) == len(nameless["from-tag"]) == MADE_UP
    else:
        assert nameless["error-reason"] == "No call-id in message"


def test_refused_listeners(call: DrivenCore) -> None:
    ask = "subscribe request"
    nobody = "No monologues matched" if call.version == "10.5" else "No medias found (no monologues matched)"
    assert call.refusal(ask) == "No call-id in message"
    assert call.refusal(ask, call_id="x") == "Unknown call-ID"
    assert call.refusal(ask, call_id="c") == nobody
    assert call.refusal(ask, call_id="c", from_tags=["x"]) == nobody
    assert call.refusal(ask, call_id="c", from_tag="x") == "From-tag given, but no such tag exists"
    assert call.refusal(ask, call_id="c", label="x") == "No monologue matching the given label"


def test_refused_answers_of_listeners(call: DrivenCore) -> None:
    ask, reads_first = "subscribe answer", call.version == "26.0"
    body = bodies.offer(Leg.SIP)
    assert call.refusal(ask, call_id="x") == "Unknown call-ID"
    assert call.refusal(ask, call_id="c", sdp=body) == "No to-tag in message"
    assert call.refusal(ask, call_id="c", to_tag="x") == "No SDP body in message"
    assert call.refusal(ask, call_id="c", to_tag="x", sdp=body) == "To-tag not found"
    first = "Failed to parse SDP" if reads_first else "To-tag not found"
    assert call.refusal(ask, call_id="c", to_tag="x", sdp="nonsense") == first


def test_who_is_unsubscribed_is_no_longer_found_by_26_0(call: DrivenCore) -> None:
    assert call.refusal("unsubscribe", call_id="c") == "No to-tag in message"
    unknown = call.refusal("unsubscribe", call_id="c", to_tag="x")
    assert unknown == ("To-tag not found" if call.version == "26.0" else None)
    call.ask("subscribe request", call_id="c", from_tag="a", to_tag="ear")
    assert call.refusal("unsubscribe", call_id="c", to_tag="ear") is None
    again = call.refusal("unsubscribe", call_id="c", to_tag="ear")
    assert (again is None) == (call.version != "26.0")


def test_connecting_makes_one_call_of_two(engine_26: DrivenCore) -> None:
    engine_26.establish("c")
    engine_26.ask("publish", sdp=bodies.offer(Leg.SIP), call_id="d", from_tag="s")
    assert engine_26.refusal("connect", call_id="c", from_tag="a") == "No to-tag in message"
    unknown = engine_26.refusal("connect", call_id="c", from_tag="a", to_tag="s", to_call_id="x")
    assert unknown == "Unknown to-tag call-ID"
    assert engine_26.refusal("connect", call_id="c", from_tag="a", to_tag="s", to_call_id="d") is None
    assert heard(engine_26, "c") == heard(engine_26, "d")
    assert heard(engine_26, "d") == {"a": [("s", "offer/answer")], "b": [], "s": [("a", "offer/answer")]}
    assert engine_26.ask("list")["calls"] == ["c", "d"]
    engine_26.ask("delete", call_id="d", delete_delay=0)
    assert engine_26.ask("list")["calls"] == []


def test_calls_with_a_tag_in_common_stay_two(engine_26: DrivenCore) -> None:
    engine_26.establish("c")
    engine_26.establish("d")
    collision = engine_26.refusal("connect", call_id="c", from_tag="a", to_tag="b", to_call_id="d")
    assert collision == "Failed to merge two calls into one (tag collision)"


def test_connecting_one_way_leaves_the_rest(engine_26: DrivenCore) -> None:
    engine_26.establish()
    engine_26.ask("publish", sdp=bodies.offer(Leg.SIP), call_id="c", from_tag="s")
    assert engine_26.refusal("connect", call_id="c", from_tag="s", to_tag="a", flags=["directional"]) is None
    assert heard(engine_26) == {
        "a": [("b", "offer/answer"), ("s", "pub/sub")],
        "b": [("a", "offer/answer")],
        "s": [],
    }


def test_an_injection_comes_and_goes(engine_26: DrivenCore) -> None:
    engine_26.establish()
    engine_26.ask("publish", sdp=bodies.offer(Leg.SIP), call_id="d", from_tag="s")
    who = {"call_id": "c", "to_tag": "a", "source_tag": "s", "source_call_id": "d"}
    assert engine_26.refusal("inject start", **who) is None
    assert heard(engine_26)["a"] == [("b", "offer/answer"), ("s", "pub/sub")]
    assert engine_26.refusal("inject stop", **who) is None
    assert heard(engine_26)["a"] == [("b", "offer/answer")]
    refusals = {
        "No call-id in message": {},
        "No to-tag in message": {"call_id": "c"},
        "No source-tag in message": {"call_id": "c", "to_tag": "a"},
        "Unknown call-ID": who | {"call_id": "x"},
        "Unknown source call-ID": who | {"source_call_id": "x"},
        "To-tag not found": who | {"to_tag": "x"},
        "Source-tag not found": who | {"source_tag": "x"},
        "Trying to inject to self": {"call_id": "c", "to_tag": "a", "source_tag": "a"},
        "Failed to start inject": {"call_id": "c", "to_tag": "a", "source_tag": "b"},
    }
    for reason, wanted in refusals.items():
        assert engine_26.refusal("inject start", **wanted) == reason


def test_the_engine_offers_by_itself(engine_26: DrivenCore) -> None:
    wanted = [{"type": "audio", "codec": ["PCMU"]}, {"type": "video", "codec": ["VP8"]}]
    created = engine_26.ask("create", call_id="c", from_tag="m", medias=wanted)
    assert [media.type for media in sdp.parse(created["sdp"]).media] == ["audio", "video"]
    answer = sdp.answer(created["sdp"], address="127.0.3.1", port=[42000, 42002])
    assert engine_26.refusal("create answer", call_id="c", from_tag="m", sdp=answer) is None
    nameless = engine_26.ask("create")
    assert len(nameless["call-id"]) == len(nameless["from-tag"]) == MADE_UP
    body = bodies.offer(Leg.SIP)
    refusals = {
        "No SDP body in message": {"call_id": "c", "from_tag": "m"},
        "No call-id in message": {"sdp": body, "from_tag": "m"},
        "No from-tag in message": {"sdp": body, "call_id": "c"},
        "unknown call-ID": {"sdp": "nonsense", "call_id": "x", "from_tag": "m"},
        "Failed to parse SDP": {"sdp": "nonsense", "call_id": "c", "from_tag": "x"},
        "from-tag not found": {"sdp": body, "call_id": "c", "from_tag": "x"},
    }
    for reason, wanting in refusals.items():
        assert engine_26.refusal("create answer", **wanting) == reason


def test_what_the_engine_does_not_play_it_says(engine_26: DrivenCore) -> None:
    for command in ("cli", "transform"):
        assert engine_26.refusal(command) == f"The embedded engine does not play {command!r}"
