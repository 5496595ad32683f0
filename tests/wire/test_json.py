"""JSON documents mean the same as bencoded ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtpe_ng import WireError
from rtpe_ng.wire import decode_document, encode_document

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_a_json_object_is_read(document: dict[str, Any], ascii_only: bool) -> None:
    assert decode_document(json.dumps(document, ensure_ascii=ascii_only).encode()) == document


def test_booleans_are_numbers() -> None:
    assert decode_document(b'{"a": true, "b": [false]}') == {"a": 1, "b": [0]}


def test_bytes_that_are_no_utf_8_survive() -> None:
    assert decode_document(b'{"a": "\xff\xc3\xa9"}') == {"a": "\udcffé"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": null}', "null"),
        ('{"a": [null]}', "null"),
        ('{"a": 1.5}', "integer"),
        ('{"a": 1e3}', "integer"),
        ('{"a": NaN}', "integer"),
        ('{"a": 9223372036854775808}', "64 bits"),
        ('{"a": 1, "a": 2}', "duplicate"),
        (r'{"a": "\ud800"}', "surrogate"),
        (r'{"\ud800": 1}', "surrogate"),
        ('{"a": -0}', "-0"),
        ('{"a": -9223372036854775809}', "64 bits"),
        ('{"a": 01}', "JSON"),
        ('{"a": Infinity}', "integer"),
        (r'{"\udcc3\udca9": 1, "é": 2}', "duplicate"),
        ('{"a": {"b": {"c": [[], [null]]}}}', "null"),
        ('{"a": 1', "JSON"),
        ('{"a": 1} x', "JSON"),
        ('{"a": "\n"}', "JSON"),
        ("{" + '"a":[' * 70 + "]" * 70 + "}", "64 levels"),
    ],
)
def test_what_bencode_could_not_say_is_refused(text: str, why: str) -> None:
    with pytest.raises(WireError, match=why):
        decode_document(text.encode())


def test_the_offset_counts_bytes() -> None:
    with pytest.raises(WireError) as error:
        decode_document('{"éé": x}'.encode())
    assert error.value.offset == 9


def test_brackets_in_strings_are_no_nesting() -> None:
    assert decode_document(json.dumps({"a": "[" * 500 + '\\"{' * 500}).encode())["a"]


def test_the_largest_and_smallest_integers() -> None:
    text = b'{"a": 9223372036854775807, "b": -9223372036854775808, "c": 0}'
    assert decode_document(text) == {"a": 2**63 - 1, "b": -(2**63), "c": 0}


@example("\udcc3\udca9")
@given(st.text(st.sampled_from("Ã©a\ud83d\ude00\udcc3\udca9\udcff"), max_size=6))
def test_text_that_was_read_can_be_sent_and_read_again(text: str) -> None:
    # Escapes may stand for the bytes of one character: it is that character then, in both encodings.
    try:
        document = decode_document(json.dumps({"a": text}).encode())
    except WireError as error:
        assert "surrogate" in str(error)  # noqa: PT017
    else:
        assert decode_document(encode_document(document)) == document


def test_nesting_is_as_deep_as_in_bencode() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"

    decode_document(nested(64))
    with pytest.raises(WireError, match="64 levels"):
        decode_document(nested(65))


@pytest.mark.parametrize("text", ['{"sdp":"a=crypto:1 X inline:KEYKEYKEY', '{"sdp":"inline:KEYKEYKEY","x":null}'])
def test_the_error_has_no_other_error_with_the_text_behind_it(text: str) -> None:
    with pytest.raises(WireError) as refused:
        decode_document(text.encode())
    assert refused.value.__cause__ is refused.value.__context__ is None
    assert "KEYKEYKEY" not in str(refused.value) + repr(vars(refused.value))
