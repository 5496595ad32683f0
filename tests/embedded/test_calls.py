"""Calls, parties and branches, as the daemons keep them. What is said here was asked of all three."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.server import Server
from rtpe_ng.embedded.state import State
from rtpe_ng.embedded.versions import behaviour_of
from rtpe_ng.wire import decode_document, encode_document, join_message, split_message
from tests.support.exercise import VERSIONS

SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.5.1\r\ns=-\r\nc=IN IP4 127.0.5.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
)
VIDEO = SDP + "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
UNKNOWN = "Call-ID not found or tags didn't match"
every_version = pytest.mark.parametrize("version", VERSIONS)


class Engine:
    """A core with a clock of its own, which is asked in documents about the call "c"."""

    def __init__(self, version: str, **more: Any) -> None:
        self.resources = Resources(
            ports=more.pop("ports", range(30_000, 40_000)), interfaces=more.pop("interfaces", None)
        )
        self.core = Server(State(behaviour=behaviour_of(version), resources=self.resources, **more))
        self.now = 1_000_000.0
        self._cookies = itertools.count()

    def ask(self, command: str, **more: Any) -> dict[str, Any]:
        document = {"command": command, "call-id": "c"} | {k.replace("_", "-"): v for k, v in more.items()}
        datagram = join_message(f"c{next(self._cookies)}", encode_document(document))
        reply = self.core.receive(datagram, self.now)
        assert reply is not None
        return dict(decode_document(split_message(reply)[1]))

    def offer(self, *tags: str, sdp: str = SDP, **more: Any) -> str:
        """Offer from the first tag to the second, if any; return the port that the receiver is told."""
        return port(self.ask("offer", sdp=sdp, **dict(zip(("from_tag", "to_tag"), tags, strict=False)), **more))

    def answer(self, caller: str, callee: str, sdp: str = SDP, **more: Any) -> str:
        """Answer; return the port that the caller is told."""
        return port(self.ask("answer", sdp=sdp, from_tag=caller, to_tag=callee, **more))

    def delete(self, *tags: str, **more: Any) -> dict[str, Any]:
        return self.ask("delete", **dict(zip(("from_tag", "to_tag"), tags, strict=False)), **more)

    @property
    def tags(self) -> list[str]:
        """The tags by which somebody is found."""
        call = self.core.state.calls.get("c")
        return [] if call is None else sorted(call.tags)

    @property
    def pairs(self) -> set[str]:
        """Who hears whom."""
        call = self.core.state.calls.get("c")
        return set() if call is None else {f"{it.subscriber.tag}<{it.source.tag}" for it in call.subscriptions}


def port(reply: dict[str, Any]) -> str:
    assert reply["result"] == "ok", reply
    return str(reply["sdp"]).partition("m=audio ")[2].split(" ")[0]


@every_version
def test_a_reinvite_of_either_side_is_of_the_same_two_parties(version: str) -> None:
    engine = Engine(version)
    to_callee = engine.offer("a")
    to_caller = engine.answer("a", "b")
    assert to_callee != to_caller
    assert engine.offer("b", "a") == to_caller
    assert engine.answer("b", "a") == to_callee
    assert engine.offer("a", "b") == to_callee
    assert engine.tags == ["a", "b"]
    assert engine.pairs == {"a<b", "b<a"}


@every_version
def test_an_answer_before_its_offer_and_one_to_a_call_that_is_unknown(version: str) -> None:
    engine = Engine(version)
    assert engine.ask("answer", sdp=SDP, from_tag="a", to_tag="b")["error-reason"] == "Unknown call-id"
    engine.offer("a")
    engine.answer("z", "b")
    assert "b" in engine.tags


@every_version
def test_what_is_missing_is_named_in_this_order(version: str) -> None:
    engine = Engine(version)
    given_: dict[str, Any] = {"call_id": 5}
    for key, value, reason in [
        ("sdp", SDP, "No SDP body in message"),
        ("call_id", "c", "No call-id in message"),
        ("from_tag", "a", "No from-tag in message"),
        ("to_tag", "b", "No to-tag in message"),
    ]:
        assert engine.ask("answer", **given_)["error-reason"] == reason
        given_[key] = value
    assert engine.ask("answer", **given_)["error-reason"] == "Unknown call-id"
    assert engine.ask("delete", call_id=5)["error-reason"] == "No call-id in message"


@every_version
def test_a_body_that_is_none(version: str) -> None:
    engine = Engine(version)
    assert engine.ask("offer", sdp="garbage", from_tag="a")["error-reason"] == "Failed to parse SDP"
    is_newest = version == "26.0"
    assert engine.ask("list")["calls"] == (["c"] if is_newest else [])
    wrong = engine.ask("answer", call_id="z", sdp="garbage", from_tag="a", to_tag="b")["error-reason"]
    assert wrong == ("Unknown call-id" if is_newest else "Failed to parse SDP")


@every_version
def test_talking_to_oneself(version: str) -> None:
    engine = Engine(version)
    engine.offer("a")
    reply = engine.ask("answer", sdp=SDP, from_tag="a", to_tag="a")
    assert reply.get("error-reason") == (None if version == "10.5" else "Invalid dialogue association")


@every_version
def test_branches_with_their_names_are_apart_and_the_loser_does_not_take_the_winner_along(version: str) -> None:
    engine = Engine(version)
    first = engine.offer("a", via_branch="1")
    second = engine.offer("a", via_branch="2")
    assert first != second
    engine.answer("a", "x", via_branch="1")
    engine.answer("a", "y", via_branch="2")
    reply = engine.delete("a", via_branch="1", delete_delay=0)
    assert "warning" not in reply
    assert engine.tags == ["a", "y"]
    assert engine.offer("a", "y", via_branch="2") == second


@every_version
def test_a_delete_without_the_branch_ends_the_whole_call(version: str) -> None:
    engine = Engine(version)
    for branch, tag in (("1", "x"), ("2", "y")):
        engine.offer("a", via_branch=branch)
        engine.answer("a", tag, via_branch=branch)
    engine.delete("a", delete_delay=0)
    assert engine.ask("list")["calls"] == []


def test_the_tag_of_the_callee_counts_in_a_delete_only_when_newer_daemons_are_told_so() -> None:
    for version in VERSIONS:
        engine = Engine(version)
        engine.offer("a")
        engine.answer("a", "b")
        assert ("warning" in engine.delete("a", "nobody", delete_delay=0)) == (version == "10.5")
        engine = Engine(version)
        engine.offer("a")
        engine.answer("a", "b")
        assert engine.delete("a", "nobody", delete_delay=0, flags=["to-tag"])["warning"] == UNKNOWN


@every_version
def test_a_delete_of_nobody_is_an_error_only_when_it_is_fatal(version: str) -> None:
    engine = Engine(version)
    assert engine.delete("a") == {"result": "ok", "warning": UNKNOWN}
    assert engine.delete("a", flags=["fatal"]) == {"result": "error", "error-reason": UNKNOWN}
    engine.offer("a")
    assert engine.delete("z") == {"result": "ok", "warning": UNKNOWN}
    assert engine.delete("z", flags=["fatal"])["error-reason"] == UNKNOWN
    assert engine.tags == ["a"]


@every_version
def test_a_deleted_call_goes_on_for_its_delay(version: str) -> None:
    engine = Engine(version)
    engine.offer("a")
    engine.answer("a", "b")
    engine.delete("a")
    engine.now += 29
    assert engine.ask("list")["calls"] == ["c"]
    assert engine.ask("query")["result"] == "ok"
    assert "warning" not in engine.delete("a", delete_delay=5)
    engine.now += 4
    assert engine.ask("query")["result"] == "ok"
    engine.now += 2
    assert engine.ask("query")["error-reason"] == "Unknown call-id"
    assert engine.ask("list")["calls"] == []


@every_version
def test_the_figures_tell_how_long_calls_lasted(version: str) -> None:
    engine = Engine(version)
    engine.offer("a")
    engine.now += 10
    engine.delete("a", delete_delay=5)
    engine.now += 10
    totals = engine.ask("statistics")["statistics"]["totalstatistics"]
    assert (totals["managedsessions"], totals["totalcallsduration"]) == (1, "10.000000")


@every_version
def test_an_offer_takes_the_deletion_back(version: str) -> None:
    engine = Engine(version)
    engine.offer("a")
    engine.answer("a", "b")
    engine.delete("a")
    engine.offer("a", "b")
    engine.now += 100
    assert engine.ask("list")["calls"] == ["c"]
    assert engine.tags == ["a", "b"]


@every_version
@pytest.mark.parametrize(("delay", "effect"), [(0, 0), ("0", 0), (7, 7), ("7", 7), (-1, 30), ("x", 30)])
def test_the_delay_as_it_may_be_written(version: str, delay: object, effect: float) -> None:
    engine = Engine(version)
    engine.offer("a")
    engine.ask("delete", **{"delete delay": delay})
    engine.now += effect - 0.5
    assert engine.ask("list")["calls"] == ([] if effect == 0 else ["c"])
    engine.now += 0.5
    assert engine.ask("list")["calls"] == []


@every_version
def test_a_delete_replies_with_what_a_query_says(version: str) -> None:
    engine = Engine(version)
    engine.offer("a")
    engine.answer("a", "b")
    assert set(engine.delete("a", delete_delay=3)["tags"]) == {"a", "b"}
    at_once = engine.delete("a", delete_delay=0).get("tags")
    assert (at_once is not None and set(at_once)) == ({"a", "b"} if version != "12.5" else set())
    engine.offer("a")
    assert ("tags" in engine.delete(delete_delay=0)) == (version != "10.5")


def test_a_fast_delete_replies_without_figures() -> None:
    engine = Engine("26.0")
    engine.offer("a")
    assert engine.delete("a", flags=["fast"]) == {"result": "ok"}


@every_version
def test_list_tells_thirty_two_calls_unless_it_is_told_how_many(version: str) -> None:
    engine = Engine(version)
    for number in range(40):
        engine.offer("a", call_id=str(number))
    assert len(engine.ask("list")["calls"]) == 32
    for limit, count in ((0, 0), (5, 5), ("7", 7), ("x", 32), (100, 40)):
        assert len(engine.ask("list", limit=limit)["calls"]) == count
    assert engine.ask("list", limit=-1)["error-reason"] == "invalid limit, must be >= 0"


@every_version
def test_ports_come_back_with_the_call_and_an_engine_that_has_none_left_ends_the_call(version: str) -> None:
    engine = Engine(version, ports=range(30_000, 30_008))
    for _ in range(5):
        engine.offer("a")
        engine.answer("a", "b")
        engine.delete("a", delete_delay=0)
    assert engine.resources.free_ports == 8
    engine.offer("a")
    engine.answer("a", "b")
    reply = engine.ask(
        "offer", sdp=VIDEO + VIDEO.partition("m=audio")[1] + VIDEO.partition("m=audio")[2], from_tag="a"
    )
    assert reply["error-reason"] == "Ran out of ports"
    assert engine.ask("list")["calls"] == []
    assert engine.resources.free_ports == 8


@every_version
def test_the_ports_of_both_addresses_of_an_interface_come_back(version: str) -> None:
    engine = Engine(version, interfaces={"default": ("127.0.0.1", "::1")})
    engine.offer("a", ICE="force")
    assert engine.resources.free_ports == 10_000 - 6
    engine.ask("subscribe request", **{"from-tags": ["a"], "to-tag": "ear"})
    engine.delete("a", delete_delay=0)
    assert engine.resources.free_ports == 10_000


@every_version
def test_a_label_finds_the_party_that_was_given_it_last(version: str) -> None:
    engine = Engine(version)
    engine.offer("a", label="caller")
    engine.answer("a", "b", label="callee")
    call = engine.core.state.calls.get("c")
    assert call is not None
    assert [(party.tag, party.label) for party in call.parties] == [("a", "caller"), ("b", "callee")]
    assert call.by_label("callee") is call.by_tag("b")
    assert repr(call) == "<Call 'c': a b>"


def test_another_tag_in_a_later_answer_is_the_same_party_on_26_0() -> None:
    for version in VERSIONS:
        engine = Engine(version)
        engine.offer("a")
        early = engine.answer("a", "b")
        late = engine.answer("a", "b2")
        call = engine.core.state.calls.get("c")
        assert call is not None
        same = call.by_tag("b") is call.by_tag("b2")
        assert same == (early == late and version == "26.0")
        assert same == (version == "26.0")


def test_a_final_answer_keeps_its_tag_on_26_0() -> None:
    for code, flags, same in (
        (200, [], False),
        (200, ["provisional"], True),
        (183, [], True),
        (183, ["new-branch"], False),
    ):
        engine = Engine("26.0")
        engine.offer("a")
        engine.answer("a", "b", sip_code=code, sip_message_type="reply")
        engine.answer("a", "b2", flags=flags)
        call = engine.core.state.calls.get("c")
        assert call is not None
        assert (call.by_tag("b") is call.by_tag("b2")) == same


@every_version
def test_a_looped_body_is_passed_on_as_it_is(version: str) -> None:
    engine = Engine(version)
    marked = engine.ask("offer", sdp=SDP, from_tag="a", flags=["loop-protect"])["sdp"]
    assert "\r\na=rtpengine:" in marked
    assert engine.ask("offer", call_id="d", sdp=marked, from_tag="a", flags=["loop-protect"])["sdp"] == marked
    assert engine.ask("offer", call_id="d", sdp=marked, from_tag="a")["sdp"] != marked


@every_version
def test_candidates_that_trickle_in_are_taken_without_a_reply_body(version: str) -> None:
    engine = Engine(version)
    fragment = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
    assert engine.ask("offer", sdp=fragment, from_tag="a", flags=["fragment"]) == {"result": "ok"}
    assert engine.ask("list")["calls"] == (["c"] if version == "26.0" else [])
    refused = engine.ask("offer", sdp="garbage", from_tag="a", flags=["fragment"])
    assert refused["error-reason"] == "Failed to parse SDP"


tags = st.sampled_from("abc")
steps = st.one_of(
    st.fixed_dictionaries(
        {"command": st.sampled_from(["offer", "answer"]), "from_tag": tags, "sdp": st.sampled_from([SDP, VIDEO])},
        optional={"to_tag": tags, "via_branch": st.sampled_from("XY")},
    ),
    st.fixed_dictionaries(
        {"command": st.just("delete"), "delete_delay": st.sampled_from([0, 5])},
        optional={"from_tag": tags, "via_branch": st.sampled_from("XY"), "flags": st.just(["to-tag"])},
    ),
)


@every_version
@settings(max_examples=60)
@given(st.lists(steps, max_size=12))
def test_whatever_comes_calls_stay_whole(version: str, asked: list[dict[str, Any]]) -> None:
    """Only parties of the call are found, no port is lost, and in the end nothing is left."""
    engine = Engine(version)
    for step in asked:
        assert engine.ask(**step).get("error-reason", "").find("engine failed") < 0
        for call in engine.core.state.calls:
            parties = set(call.parties)
            assert {*call.tags.values(), *call.branches.values()} <= parties
            assert {party for it in call.subscriptions for party in (it.source, it.subscriber)} <= parties
    engine.delete(delete_delay=0)
    assert engine.ask("list")["calls"] == []
    assert engine.resources.free_ports == 10_000
