"""A long reply that says ``ok`` is decoded when its content is read, and then as strictly as any other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import WireError
from rtpe_ng.wire import LazyDocument, decode_document, decode_reply, encode_document, encode_items

LONG: dict[str, Any] = {"created": 5, "tags": {"a": {"label": "x" * 70}}, "totals": {}, "result": "ok"}
BENCODED = b"d" + encode_items({key: value for key, value in LONG.items() if key != "result"}) + b"6:result2:oke"
JSON = json.dumps(LONG, separators=(",", ":")).encode()


@pytest.mark.parametrize("data", [BENCODED, JSON])
@pytest.mark.parametrize("command", ["query", "statistics", "delete"])
def test_a_long_reply_that_says_ok_waits_for_its_reader(data: bytes, command: str) -> None:
    lazy = decode_reply(data, command)
    assert (lazy.get("result"), lazy.get("warning"), lazy.get("error-reason", 7)) == ("ok", None, 7)
    assert repr(lazy) == "<LazyDocument, not decoded yet>"
    assert dict(lazy) == decode_document(data) == LONG
    assert (len(lazy), lazy["result"], lazy.get("result"), lazy.get("none")) == (4, "ok", "ok", None)
    assert "tags" in lazy
    assert repr(lazy) == repr(LONG)


@pytest.mark.parametrize(
    ("data", "command"),
    [
        (BENCODED, "offer"),
        (b"d6:result2:oke", "delete"),
        (encode_document(LONG | {"result": "error"}), "delete"),
        (b"d" + encode_items({"warning": "w" * 100}) + b"6:result2:oke", "delete"),
        (b'{"warning":"%b","result":"ok"}' % (b"w" * 100), "delete"),
        (b'{"result":"ok","x":"%b"}' % (b"x" * 100), "delete"),
        (b'{"x":{"y":"%b","result":"ok"}}' % (b"x" * 100), "delete"),
    ],
)
def test_what_is_short_or_not_plainly_well_is_decoded_at_once(data: bytes, command: str) -> None:
    assert decode_reply(data, command) == decode_document(data)
    assert not isinstance(decode_reply(data, command), LazyDocument)


@pytest.mark.parametrize("data", [b"i" + b"5" * 100 + b"6:result2:oke", BENCODED[:-1], b'"result":"ok"}' * 9, b""])
def test_what_is_no_document_is_refused_at_once(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_reply(data, "delete")


@given(st.binary(max_size=120), st.integers(0, 200), st.sampled_from([BENCODED, JSON]))
def test_what_is_malformed_is_refused_in_the_end_and_by_the_name_of_the_command(
    put: bytes, at: int, whole: bytes
) -> None:
    data = whole[:at] + put + whole[at:]
    try:
        expected: object = decode_document(data)
    except WireError as error:
        expected = (error.reason, error.offset, error.data)
    try:
        found: object = dict(decode_reply(data, "query"))
    except WireError as error:
        found = (error.reason.removeprefix("the reply to 'query': "), error.offset, error.data)
    assert found == expected
