"""Commands become exactly their documents, and replies exactly what the daemon said, or a clear error."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import EngineError, Flags, LoadLimit, UnknownCall, UsageError, WireError
from rtpe_ng.messages import (
    Answer,
    Command,
    Delete,
    DeleteReply,
    List,
    ListReply,
    Offer,
    Ping,
    Pong,
    Query,
    QueryReply,
    Raw,
    Reply,
    SdpReply,
    Statistics,
    StatisticsReply,
)
from rtpe_ng.wire import decode_document

OFFER: dict[str, Any] = {"sdp": "v=0", "call_id": "c", "from_tag": "a"}
COMMANDS: list[tuple[Command[Any], dict[str, Any]]] = [
    (Ping(), {"command": "ping"}),
    (List(), {"command": "list"}),
    (List(limit=5), {"command": "list", "limit": 5}),
    (Statistics(), {"command": "statistics"}),
    (Query(call_id="c"), {"command": "query", "call-id": "c"}),
    (
        Query(call_id="c", from_tag="a", to_tag="b"),
        {"command": "query", "call-id": "c", "from-tag": "a", "to-tag": "b"},
    ),
    (Delete(call_id="c"), {"command": "delete", "call-id": "c"}),
    (
        Delete(call_id="c", from_tag="a", to_tag="b", via_branch="z", delete_delay=0, fatal=True),
        {
            "command": "delete",
            "call-id": "c",
            "from-tag": "a",
            "to-tag": "b",
            "via-branch": "z",
            "delete-delay": 0,
            "flags": ["fatal"],
        },
    ),
    (
        Offer(**OFFER),
        {"command": "offer", "sdp": "v=0", "call-id": "c", "from-tag": "a", "supports": ["load limit"]},
    ),
    (
        Answer(
            **OFFER,
            to_tag="b",
            via_branch="z",
            received_from="2001:DB8:0:0::1",
            flags=Flags(debug=True, ice="force"),
        ),
        {
            "command": "answer",
            "sdp": "v=0",
            "call-id": "c",
            "from-tag": "a",
            "to-tag": "b",
            "via-branch": "z",
            "received-from": ["IP6", "2001:db8::1"],
            "ICE": "force",
            "flags": ["debug"],
        },
    ),
    (Raw(document={"command": "x", "call-id": "c", "n": [1, {}]}), {"command": "x", "call-id": "c", "n": [1, {}]}),
]


@pytest.mark.parametrize(("command", "document"), COMMANDS, ids=lambda value: getattr(value, "name", ""))
def test_a_command_is_its_document(command: Command[Any], document: dict[str, Any]) -> None:
    assert decode_document(command.encode()) == document
    assert command.to_ng() == document
    assert command.name == document["command"]
    assert command.call_id == document.get("call-id")


TEXT = st.binary(min_size=1, max_size=9).map(lambda data: data.decode("utf-8", "surrogateescape"))
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "to_tag": TEXT,
    "via_branch": TEXT,
    "from_tag": TEXT,
    "delete_delay": st.integers(0, 9),
    "fatal": st.booleans(),
    "discard_recording": st.booleans(),
    "received_from": st.ip_addresses().map(str),
    "flags": st.sampled_from(
        [None, Flags(), Flags(debug=True), Flags(extra={"flags": ["x"]}), Flags(metadata="é")]
    ),
}
NEEDED: dict[Any, tuple[str, ...]] = {
    Offer: ("sdp", "call_id", "from_tag"),
    Answer: ("sdp", "call_id", "from_tag", "to_tag"),
    Delete: ("call_id",),
    Query: ("call_id",),
}


@given(st.sampled_from([*NEEDED]), st.data())
def test_whatever_is_given_is_sent_as_it_is_shown(kind: Any, data: st.DataObject) -> None:
    names = {field.name for field in attrs.fields(kind) if field.init}
    required = {name: TEXT.filter(str.strip) for name in NEEDED[kind]}
    optional = {name: values for name, values in OPTIONS.items() if name in names - required.keys()}
    command = kind(**data.draw(st.fixed_dictionaries(required, optional=optional)))
    assert decode_document(command.encode()) == command.to_ng()


@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        (Offer, {"sdp": ""}, "empty body"),
        (Offer, {"sdp": "  \r\n"}, "sdp"),
        (Offer, {"sdp": None}, "not NoneType"),
        (Offer, {"sdp": b""}, "empty body"),
        (Offer, {"call_id": ""}, "call_id"),
        (Offer, {"from_tag": None}, "from_tag"),
        (Offer, {"to_tag": ""}, "to_tag"),
        (Offer, {"received_from": "phone.example"}, "received_from"),
        (Offer, {"received_from": 2130706433}, "as text"),
        (Offer, {"received_from": b"\x7f\0\0\1"}, "as text"),
        (Offer, {"received_from": ""}, "received_from"),
        (Offer, {"via_branch": b"z9hG4bK"}, "via_branch"),
        (Offer, {"flags": {"ICE": "force"}}, "Flags"),
        (Answer, {"to_tag": None}, "to_tag"),
    ],
)
def test_what_a_message_lacks_is_told_before_it_is_sent(kind: type, options: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        kind(**(OFFER | options))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: List(limit=0), "limit"),
        (lambda: List(limit=True), "limit"),
        (lambda: Delete(call_id="c", delete_delay=-1), "delete_delay"),
        (lambda: Raw(document={"comand": "ping"}), "command"),
        (lambda: Raw(document=[]), "command"),  # type: ignore[arg-type]
    ],
)
def test_numbers_and_raw_requests_are_checked(make: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        make()


def test_a_body_may_come_as_bytes() -> None:
    command = Offer(**(OFFER | {"sdp": b"v=0\r\ns=\xff\r\n"}))
    assert command.sdp == "v=0\r\ns=\udcff\r\n"
    assert b"s=\xff\r\n" in command.encode()


def test_no_repr_shows_a_body() -> None:
    body = "v=0\r\na=ice-pwd:secretsecretsecretsecret"
    commands = (Offer(**(OFFER | {"sdp": body})), Raw(document={"command": "offer", "sdp": body}))
    for shown in map(repr, commands):
        assert "secret" not in shown
        assert "\n" not in shown
    assert repr(commands[1]) == "<Raw 'offer' with sdp>"
    assert repr(Raw(document={"command": "x"})) == "<Raw 'x' with no keys>"
    # What is refused when it is sent is shown all the same.
    assert repr(Raw(document={"command": "x", 1: 2})) == "<Raw 'x' with 1>"  # type: ignore[dict-item]


def test_a_command_can_be_evolved() -> None:
    offer = Offer(**OFFER, received_from="192.0.2.1")
    assert offer.received_from == "192.0.2.1"
    again = attrs.evolve(offer, to_tag="b")
    assert again.to_ng() == offer.to_ng() | {"to-tag": "b"}


def test_what_the_daemon_refuses_is_raised_with_what_and_whose() -> None:
    query = Query(call_id="c")
    for result in ("ok", "pong"):
        query.check({"result": result})
    with pytest.raises(UnknownCall) as unknown:
        query.check({"result": "error", "error-reason": "Unknown call-id"})
    assert (unknown.value.reason, unknown.value.command, unknown.value.call_id) == ("Unknown call-id", "query", "c")
    with pytest.raises(EngineError, match="Out of ports"):
        query.check({"result": "error", "error-reason": "Out of ports"})
    with pytest.raises(LoadLimit, match="full up"):
        query.check({"result": "load limit", "message": "full up"})
    with pytest.raises(LoadLimit, match="another engine"):
        query.check({"result": "load limit"})
    for odd in ({"result": "maybe"}, {"result": "error"}, {"result": "x" * 5000}):
        with pytest.raises(EngineError) as refused:
            query.check(odd)
        assert len(str(refused.value)) < 200
    wrongs: list[dict[str, Any]] = [{"result": ["ok"]}, {"result": {"sdp": "v=0"}}]
    for wrong in (*wrongs, {"result": "error", "error-reason": 5}):
        with pytest.raises(WireError, match="a string belongs"):
            query.check(wrong)
    for none in ({}, {"result": ""}, {"command": "query", "call-id": "c"}):
        with pytest.raises(WireError, match="'query' has no 'result'"):
            query.check(none)


def test_a_known_refusal_names_the_cure() -> None:
    for reason in ("Unknown call-id", "Unrecognized command", "Error rewriting SDP"):
        with pytest.raises(EngineError) as refused:
            Query(call_id="c").check({"result": "error", "error-reason": reason})
        assert refused.value.hint
        assert refused.value.hint in str(refused.value)


STATS = {"packets": 3, "bytes": 480, "errors": 1}
STREAM = {
    "local port": 30000,
    "endpoint": {"family": "IPv4", "address": "192.0.2.1", "port": 4000},
    "advertised endpoint": {"family": "IPv6", "address": "2001:db8::1", "port": 4000},
    "last packet": 1795523400,
    "flags": ["RTP", "filled"],
    "stats": STATS,
}
CALL: dict[str, Any] = {
    "result": "ok",
    "created": 1795523400,
    "last signal": 1795523401,
    "SSRC": {},
    "tags": {
        "a": {
            "tag": "a",
            "created": 1795523400,
            "label": "alice",
            "medias": [
                {
                    "index": 1,
                    "type": "audio",
                    "protocol": "RTP/AVP",
                    "flags": ["initialized"],
                    "streams": [STREAM, {"flags": ["RTCP"], "a new key": {}}],
                }
            ],
        },
        "<untagged 1>": {"via-branch": "z9hG4bK", "medias": []},
    },
    "totals": {"RTP": STATS, "RTCP": {"packets": 0, "bytes": 0, "errors": 0}},
}


def test_a_call_as_the_daemon_tells_it() -> None:
    reply = Query(call_id="c").read(CALL, 0.01)
    assert (reply.created, reply.last_signal) == (1795523400, 1795523401)
    assert (reply.totals.rtp.packets, reply.totals.rtp.bytes, reply.totals.rtp.errors) == (3, 480, 1)
    alice, unknown = reply.tags["a"], reply.tags["<untagged 1>"]
    assert (alice.tag, alice.label, alice.via_branch) == ("a", "alice", None)
    assert (unknown.via_branch, unknown.medias) == ("z9hG4bK", ())
    rtp, rtcp = alice.medias[0].streams
    assert (rtp.local_port, str(rtp.endpoint), str(rtp.advertised_endpoint)) == (
        30000,
        "192.0.2.1:4000",
        "[2001:db8::1]:4000",
    )
    assert (rtcp.local_port, rtcp.endpoint, rtcp.stats.packets) == (0, None, 0)
    assert repr(reply) == "QueryReply(tags=['a', '<untagged 1>'], packets=3, seconds=0.0100)"
    assert repr(alice) == "<CallParty 'a' audio RTP/AVP>"


def test_statistics_as_the_daemon_tells_them() -> None:
    figures: dict[str, Any] = {
        "currentstatistics": {"sessionstotal": 7},
        "totalstatistics": {"uptime": "18"},
        "controlstatistics": {"totalpingcount": 3, "totaltrnsfmcount": 1, "totalerrorcount": 2, "proxies": []},
    }
    reply = Statistics().read({"result": "ok", "statistics": figures}, 0.01)
    assert (reply.sessions, reply.uptime, reply.errors) == (7, 18, 2)
    assert reply.commands == {"ping": 3, "transform": 1}
    assert reply.section("mos") == {}
    assert repr(reply) == "StatisticsReply(sessions=7, uptime=18, seconds=0.0100)"


def test_the_other_replies() -> None:
    assert repr(Ping().read({"result": "pong"}, 0.0004)) == "Pong(seconds=0.0004)"
    assert repr(Offer(**OFFER).read({"sdp": "v=0é"}, 0.1)) == "SdpReply(sdp=<5 bytes>, seconds=0.1000)"
    assert List().read({"calls": ["x", "y"]}, 0.1).calls == ("x", "y")
    assert repr(List().read({"calls": ["x"] * 9}, 0.1)) == "ListReply(calls=<9>, seconds=0.1000)"
    gone = Delete(call_id="c").read({"warning": "not found", "result": "ok"}, 0.1)
    assert gone.warning == "not found"
    assert gone.totals.rtp.packets == 0
    assert repr(gone) == "DeleteReply(seconds=0.1000, warning='not found')"


@pytest.mark.parametrize(
    ("command", "document", "why"),
    [
        (Offer(**OFFER), {"result": "ok"}, "no 'sdp'"),
        (Offer(**OFFER), {"sdp": 1}, "'sdp'"),
        (List(), {"calls": "x"}, "'calls'"),
        (List(), {"calls": [1]}, "'calls'"),
    ],
)
def test_a_reply_without_what_it_promises_is_a_wire_error(command: Command[Any], document: Any, why: str) -> None:
    with pytest.raises(WireError, match=why):
        command.read(document, 0.1)


WORDS = """
    tags totals RTP RTCP packets medias streams stats flags endpoint a created warning statistics
    controlstatistics currentstatistics totalstatistics totalpingcount uptime
"""
KEYS = st.sampled_from(WORDS.split())
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.integers(-5, 5) | st.text("0x", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, ANYTHING, max_size=5))
def test_whatever_shape_a_reply_has_it_gives_a_value_or_our_error(document: dict[str, Any]) -> None:
    replies: list[Reply] = [
        Pong(seconds=0.1, raw=document),
        QueryReply(seconds=0.1, raw=document),
        DeleteReply(seconds=0.1, raw=document),
        StatisticsReply(seconds=0.1, raw=document),
        SdpReply(seconds=0.1, raw=document, sdp="x"),
        ListReply(seconds=0.1, raw=document, calls=()),
    ]
    for reply in replies:
        assert "\n" not in repr(reply)
        for name in (
            "warning",
            "created",
            "last_signal",
            "tags",
            "totals",
            "commands",
            "errors",
            "sessions",
            "uptime",
        ):
            try:
                getattr(reply, name, None)
            except WireError as error:
                assert "the reply has" in str(error)  # noqa: PT017
