"""The core: what any bytes are to it, and what it says to them, as each version says it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtpe_ng import Leg
from rtpe_ng.embedded.server import Server
from rtpe_ng.embedded.state import State
from rtpe_ng.embedded.versions import behaviour_of
from rtpe_ng.testing import bodies
from rtpe_ng.wire import decode_document, encode_document, join_message
from tests.support.exercise import VERSIONS

PONG = b"d6:result4:ponge"
OFFER = {"command": "offer", "call-id": "1", "from-tag": "a", "sdp": bodies.offer(Leg.WEB)}
every_version = pytest.mark.parametrize("version", VERSIONS)


def core_of(version: str) -> Server:
    return Server(State(behaviour=behaviour_of(version)))


def said(version: str, data: bytes) -> bytes:
    """Return the document that a new engine replies with."""
    reply = core_of(version).receive(b"c " + data, 0)
    assert reply is not None
    assert reply.startswith(b"c ")
    return reply[2:]


def error(reason: str) -> bytes:
    return b"d6:result5:error12:error-reason%d:%be" % (len(reason), reason.encode())


@every_version
@pytest.mark.parametrize("datagram", [b"", b"c", b"d7:command4:pinge", b" d7:command4:pinge"])
def test_a_datagram_without_a_cookie_gets_no_reply(version: str, datagram: bytes) -> None:
    assert core_of(version).receive(datagram, 0) is None


@every_version
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Invalid data (no payload)"),
        (b"l7:commande", "Invalid NG data format"),
        (b" d7:command4:pinge", "Invalid NG data format"),
        (b"d7:command4:pin", "Could not decode bencode dictionary"),
        (b"d7:command", "Could not decode bencode dictionary"),
        (b"d7:command04:pinge", "Could not decode bencode dictionary"),
        (b"d7:command4:ping3:fooi01ee", "Could not decode bencode dictionary"),
        (b"d7:command4:ping3:fooiee", "Could not decode bencode dictionary"),
        (b"d7:command4:ping3:fooi5 ee", "Could not decode bencode dictionary"),
        (b"di5e7:command4:pinge", "Could not decode bencode dictionary"),
        (b"dd7:command4:pinge1:a", "Could not decode bencode dictionary"),
        (b"d7:command4:ping3:foo99999999999999999999999:ee", "Could not decode bencode dictionary"),
        (b"d" + b"1:ad" * 70, "Could not decode bencode dictionary"),
    ],
)
def test_what_is_no_document(version: str, data: bytes, reason: str) -> None:
    """26.0 says nothing about it, in an empty document."""
    assert said(version, data) == (b"" if version == "26.0" else error(reason))


@every_version
@pytest.mark.parametrize(
    "data",
    [
        b"d7:command4:pinge",
        b"d7:command4:ping",
        b"d7:command4:pingetrailing",
        b"d7:command4:ping3:food1:a1:b",
        b"d7:command4:ping3:fooi+1ee",
        b"d7:command4:ping3:fooi 1ee",
        b"d7:command4:ping3:fooi-05ee",
        b"d7:command4:ping7:command4:foo!e",
        b"d1:zi1e7:command4:ping1:ai1ee",
    ],
)
def test_what_is_read_leniently(version: str, data: bytes) -> None:
    assert said(version, data) == PONG


@every_version
@pytest.mark.parametrize("number", [b"-0", b"+0", b" 0", b"9223372036854775808", b"-9223372036854775809"])
def test_odd_numbers(version: str, number: bytes) -> None:
    assert said(version, b"d7:command4:ping1:ai%bee" % number) == (b"" if version == "26.0" else PONG)


@every_version
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"de", 'Dictionary contains no key "command"'),
        (b"d7:commandi5ee", 'Dictionary contains no key "command"'),
        (b"d7:command4:Pinge", "Unrecognized command"),
        (b"d7:command0:e", "Unrecognized command"),
        (b"d7:command4:foo!7:command4:pinge", "Unrecognized command"),
        (b"d7:command4:meshe", "Unrecognized command"),
    ],
)
def test_what_is_no_command(version: str, data: bytes, reason: str) -> None:
    assert said(version, data) == error(reason)


def test_a_command_is_known_since_its_version() -> None:
    reasons = {version: said(version, b"d7:command15:pause recordinge") for version in VERSIONS}
    assert reasons["10.5"] == error("Unrecognized command")
    assert reasons["12.5"] == reasons["26.0"] == error("No call-id in message")


@every_version
def test_json_is_answered_in_json(version: str) -> None:
    core = core_of(version)
    name = 'a/b"c\\\x01\x7fé\n'
    reply = core.receive(b"1 " + json.dumps({**OFFER, "call-id": name}).encode(), 0)
    assert reply is not None
    assert json.loads(reply[2:])["result"] == "ok"
    assert core.receive(b'2 {"command":"list"}', 0) == (
        '2 {"calls":["a/b\\"c\\\\\\u0001\\u007fé\\n"],"result":"ok"}'.encode()
    )
    assert core.receive(b'3 {"command":"foo","command":"ping"}', 0) == b'3 {"result":"pong"}'
    assert core.receive(b'4 {"command":"ping","call-id":"a\\u0000b","x":[{"y":true}]}', 0) == b'4 {"result":"pong"}'


@every_version
def test_json_that_is_none(version: str) -> None:
    is_newest = version == "26.0"
    unparsed = b"" if is_newest else b'{"result":"error","error-reason":"Failed to parse JSON document"}'
    for data in (b"{", b'{"command":"ping"} x', b'{"command":"ping","a":"\xff"}', b'{"a":"\\ud800"}', b'{"a":NaN}'):
        assert said(version, data) == unparsed
    fraction = b'{"result":"error","error-reason":"Could not decode bencode dictionary"}'
    for value in (b"1.5", b"null", b"[null]"):
        assert said(version, b'{"command":"ping","a":%b}' % value) == (
            b'{"result":"pong"}' if is_newest else fraction
        )


@every_version
def test_keys_that_stand_twice(version: str) -> None:
    core = core_of(version)
    twice = encode_document(OFFER)[:-1] + b"7:call-id3:twoe"
    core.receive(b"1 " + twice, 0)
    assert [call.call_id for call in core.state.calls] == (["1"] if version == "10.5" else ["two"])


@every_version
def test_replies_have_the_daemons_order_of_keys(version: str) -> None:
    reply = said(version, encode_document(OFFER))
    assert reply.startswith(b"d3:sdp")
    assert reply.endswith(b"6:result2:oke")


@every_version
def test_a_cookie_has_its_reply_for_thirty_seconds_at_least_and_sixty_at_most(version: str) -> None:
    core = core_of(version)
    first = core.receive(b"c d7:command5:queryd", 100.0)
    assert core.receive(b"c d7:command4:pinge", 129.9) == first
    assert core.receive(b"d d7:command4:pinge", 130.0) == b"d " + PONG
    assert core.receive(b"c d7:command4:pinge", 159.9) == first
    assert core.receive(b"c d7:command4:pinge", 160.0) == b"c " + PONG


def test_a_cookie_alone_replaces_its_reply_in_10_5_only() -> None:
    for version in VERSIONS:
        core = core_of(version)
        core.receive(b"c d7:command4:pinge", 0)
        again = core.receive(b"c ", 0)
        replaced = b"c " + error("Invalid data (no payload)")
        assert again == (replaced if version == "10.5" else b"c " + PONG)
        assert core.receive(b"c d7:command4:pinge", 0) == again


def test_what_goes_wrong_within_is_a_refusal_and_tells_no_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a=ice-pwd:secret")

    core = core_of("26.0")
    with monkeypatch.context() as patch:
        patch.setattr("rtpe_ng.embedded.commands.COMMANDS", {})
        patch.setattr("rtpe_ng.embedded.server.COMMANDS", {"offer": broken})
        reply = core.receive(join_message("c", encode_document(OFFER)), 0)
    assert reply == b"c " + error("the embedded engine failed with RuntimeError")
    assert "secret" not in caplog.text
    assert core.receive(b"d d7:command4:pinge", 0) == b"d " + PONG


keys = st.sampled_from(
    ["command", "sdp", "call-id", "from-tag", "to-tag", "via-branch", "flags", "supports", "limit", "all"]
)
texts = st.sampled_from(
    ["offer", "answer", "delete", "list", "query", "1", "a", "", "fragment", OFFER["sdp"], "\udcff"]
)
values = st.one_of(
    texts,
    texts,
    texts,
    st.integers(-(2**63), 2**63 - 1),
    st.lists(texts, max_size=3),
    st.dictionaries(keys, texts, max_size=2),
)
documents = st.dictionaries(keys, values, max_size=7).map(encode_document)
junk = st.binary(max_size=40)
datagrams = junk | st.builds(b"c%d %b".__mod__, st.tuples(st.integers(0, 3), documents | junk))
few = settings(max_examples=60)


@every_version
@few
@given(data=st.lists(datagrams, max_size=8))
def test_any_datagram_gives_a_reply_or_none_and_the_engine_lives_on(version: str, data: list[bytes]) -> None:
    core = core_of(version)
    for number, datagram in enumerate(data):
        reply = core.receive(datagram, number)
        assert reply is None or reply.startswith(datagram.partition(b" ")[0] + b" ")
        assert reply is None or b"engine failed" not in reply
    assert core.receive(b"alive d7:command4:pinge", len(data)) == b"alive " + PONG


@every_version
@few
@given(data=st.lists(st.tuples(st.sampled_from([b"a", b"b", b"c"]), documents), min_size=1, max_size=12))
def test_a_repeated_cookie_gets_the_first_reply(version: str, data: list[tuple[bytes, bytes]]) -> None:
    core = core_of(version)
    first: dict[bytes, bytes | None] = {}
    for cookie, document in data:
        reply = core.receive(b"%b %b" % (cookie, document), 0)
        assert first.setdefault(cookie, reply) == reply


@every_version
def test_a_document_is_read_back_as_it_was_sent(version: str) -> None:
    request = core_of(version).read(join_message("c", encode_document(OFFER)))
    assert request is not None
    assert request.document == OFFER == decode_document(request.data)
    assert request.command == "offer"
