"""JSON documents mean the same as bencoded ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtpe_ng import WireError
from rtpe_ng.wire import Document, decode_document, encode_document
from rtpe_ng.wire import json as wire_json
from tests.support.decoders import both_decoders_agree

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_a_json_object_is_read(document: dict[str, Any], ascii_only: bool) -> None:
    assert decode_document(json.dumps(document, ensure_ascii=ascii_only).encode()) == document


SIMPLE = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='\\"'), max_size=9)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.integers(-(10**18) + 1, 10**18 - 1) | SIMPLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SIMPLE, inner, max_size=4),
    max_leaves=12,
)
PIECES = [
    *'{}[],:"',
    '"a"',
    '"b":',
    '"a":1',
    "0",
    "-0",
    "-1",
    "01",
    "1.5",
    "null",
    "true",
    "NaN",
    " ",
    "\n",
    "\\u0041",
]


@given(st.dictionaries(SIMPLE, PLAIN, max_size=5))
def test_the_plain_decoder_reads_what_it_is_made_for(document: Document) -> None:
    whole = json.dumps(document, separators=(",", ":")).encode()
    assert both_decoders_agree(wire_json, whole) == document
    assert both_decoders_agree(wire_json, whole + whole) is None
    assert both_decoders_agree(wire_json, whole[:-1]) is None


@pytest.mark.parametrize("value", [r'"\/"', '"é"', "1000000000000000000", "1 ", '1,"a":1', "-0", "null", "true"])
def test_the_plain_decoder_leaves_the_rest_to_the_strict_one(value: str) -> None:
    assert both_decoders_agree(wire_json, f'{{"a":{value}}}'.encode()) is None


@given(st.dictionaries(SIMPLE, PLAIN, max_size=5), st.data())
def test_both_decoders_agree_about_a_damaged_document(document: Document, data: st.DataObject) -> None:
    whole = json.dumps(document, separators=(",", ":")).encode()
    at, until = sorted(data.draw(st.integers(0, len(whole))) for _ in range(2))
    put = data.draw(
        st.binary(max_size=3) | st.lists(st.sampled_from(PIECES), max_size=3).map("".join).map(str.encode)
    )
    both_decoders_agree(wire_json, whole[:at] + put + whole[until:])
    both_decoders_agree(wire_json, whole[:at] + put + whole[at:])


@example(['"a":1', ",", '"a":1'])
@example(['"a":', "{", '"a":1', ",", '"a":1', "}"])
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_both_decoders_agree_about_any_order_of_pieces(pieces: list[str]) -> None:
    text = "".join(pieces)
    both_decoders_agree(wire_json, text.encode())
    both_decoders_agree(wire_json, f"{{{text}}}".encode())
    both_decoders_agree(wire_json, f'{{"b":[{text}]}}'.encode())


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
    assert both_decoders_agree(wire_json, nested(64)) is not None
    with pytest.raises(WireError, match="64 levels"):
        decode_document(nested(65))
    assert both_decoders_agree(wire_json, nested(65)) is None


@pytest.mark.parametrize("text", ['{"sdp":"a=crypto:1 X inline:KEYKEYKEY', '{"sdp":"inline:KEYKEYKEY","x":null}'])
def test_the_error_has_no_other_error_with_the_text_behind_it(text: str) -> None:
    with pytest.raises(WireError) as refused:
        decode_document(text.encode())
    assert refused.value.__cause__ is refused.value.__context__ is None
    assert "KEYKEYKEY" not in str(refused.value) + repr(vars(refused.value))
