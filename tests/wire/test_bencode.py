"""Decoding what a network sends: strict, bounded, and the inverse of encoding."""

from __future__ import annotations

from typing import Any

import bencodepy
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtpe_ng import WireError
from rtpe_ng.wire import Document, bencode, decode_document, encode_document
from tests.support.decoders import both_decoders_agree

INT64 = st.integers(-(2**63), 2**63 - 1)
# Whatever bytes a peer may send, as the text they become.
TEXTS = st.binary(max_size=20).map(lambda data: data.decode("utf-8", "surrogateescape"))
VALUES: st.SearchStrategy[Any] = st.recursive(
    INT64 | TEXTS | st.text(max_size=20).filter(lambda text: text.isprintable()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=5)


def test_a_negative_length_in_a_key_is_refused() -> None:
    # bencode.py never returns from these twelve bytes: the cursor goes backwards for ever.
    with pytest.raises(WireError, match="at byte 7"):
        decode_document(b"d1:ai1e-6:e")


@given(DOCUMENTS)
def test_decoding_is_the_inverse_of_encoding(document: Document) -> None:
    assert decode_document(encode_document(document)) == document


def as_bytes(value: Any) -> Any:
    if isinstance(value, dict):
        return {as_bytes(key): as_bytes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_bytes(item) for item in value]
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


@given(DOCUMENTS)
def test_bencode_py_reads_the_same(document: Document) -> None:
    decoded = bencodepy.Bencode(encoding=None).decode(encode_document(document))  # type: ignore[arg-type]
    assert decoded == as_bytes(document)


@given(st.binary(max_size=200))
def test_every_byte_survives_as_text(data: bytes) -> None:
    document = decode_document(b"d%d:%b%d:%be" % (len(data), data, len(data), data))
    text = data.decode("utf-8", "surrogateescape")
    assert document == {text: text}
    assert encode_document(document) == b"d%d:%b%d:%be" % (len(data), data, len(data), data)


def gives_a_value_or_our_error(data: bytes) -> None:
    error = None
    try:
        document = decode_document(data)
    except WireError as refused:
        error = refused
    else:
        # What was read is all of it, and can be said again.
        assert decode_document(encode_document(document)) == document
        if data.startswith(b"d"):
            assert bencodepy.Bencode(encoding=None).decode(data) == as_bytes(document)  # type: ignore[arg-type]
    assert error is None or (error.offset is not None and 0 <= error.offset <= len(data))


ASCII = st.text(st.characters(max_codepoint=127), max_size=12)
FEW = st.dictionaries(
    ASCII,
    st.recursive(
        st.integers(-(10**18) + 1, 10**18 - 1) | ASCII | st.sampled_from(["x" * 10, "e" * 99]),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ASCII, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


@given(FEW)
def test_the_plain_decoder_reads_what_it_is_made_for(document: Document) -> None:
    whole = encode_document(document)
    assert both_decoders_agree(bencode, whole) == document
    for length in range(len(whole)):
        assert bencode.decode_plain(whole[:length]) is None
    assert both_decoders_agree(bencode, whole + whole) is None


@pytest.mark.parametrize(
    "document",
    [
        {"a": "x" * 100},
        {"a" * 100: 1},
        {"a": ["x" * 5000]},
        {"a": 10**18},
        {"a": "é"},
        b"d1:ai1e1:ai2ee",
        b"d1:a" + b"l" * 64 + b"e" * 64 + b"e",
        b"d" + b"1:ad" * 64 + b"e" * 64 + b"e",
    ],
)
def test_the_plain_decoder_leaves_the_rest_to_the_strict_one(document: Document | bytes) -> None:
    data = document if isinstance(document, bytes) else encode_document(document)
    assert both_decoders_agree(bencode, data) is None


@given(FEW | DOCUMENTS, st.data())
def test_both_decoders_agree_about_a_damaged_document(document: Document, data: st.DataObject) -> None:
    whole = encode_document(document)
    at, until = sorted(data.draw(st.integers(0, len(whole))) for _ in range(2))
    put = data.draw(st.binary(max_size=3) | st.text("dile:-0123456789", max_size=4).map(str.encode))
    both_decoders_agree(bencode, whole[:at] + put + whole[until:])
    both_decoders_agree(bencode, whole[:at] + put + whole[at:])


@given(st.binary(max_size=300) | st.text("dile:-+_ 0123456789a", max_size=150).map(str.encode))
def test_both_decoders_agree_about_any_bytes(data: bytes) -> None:
    both_decoders_agree(bencode, data)
    both_decoders_agree(bencode, b"d" + data)


@example([b"d", b"1:a", b"e", b"e"])
@example([b"d", b"i5e", b"1:a", b"e"])
@example([b"d", b"1:a", b"e", b"1:b", b"e"])
@given(st.lists(st.sampled_from([b"d", b"l", b"e", b"e", b"1:a", b"0:", b"i0e", b"i-1e", b"1:e", b"2:ab"])))
def test_both_decoders_agree_about_any_order_of_pieces(pieces: list[bytes]) -> None:
    both_decoders_agree(bencode, b"".join(pieces))
    both_decoders_agree(bencode, b"d" + b"".join(pieces) + b"e" * pieces.count(b"d") + b"e")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_value_or_our_error(data: bytes) -> None:
    gives_a_value_or_our_error(data)
    gives_a_value_or_our_error(b"d" + data)
    gives_a_value_or_our_error(b"{" + data)


@given(st.text(alphabet="dile:-+_ 0123456789a", max_size=40))
def test_any_text_in_its_own_alphabet_gives_a_value_or_our_error(text: str) -> None:
    gives_a_value_or_our_error(b"d" + text.encode())


@given(DOCUMENTS, st.data())
def test_a_damaged_document_gives_a_value_or_our_error(document: Document, data: st.DataObject) -> None:
    whole = encode_document(document)
    at = data.draw(st.integers(0, len(whole) - 1))
    gives_a_value_or_our_error(whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :])


@given(DOCUMENTS)
def test_a_truncated_document_is_never_read(document: Document) -> None:
    whole = encode_document(document)
    for length in range(len(whole)):
        with pytest.raises(WireError):
            decode_document(whole[:length])


@given(DOCUMENTS, st.binary(min_size=1, max_size=5))
def test_bytes_after_the_end_are_refused(document: Document, more: bytes) -> None:
    with pytest.raises(WireError, match="after the end"):
        decode_document(encode_document(document) + more)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"", 0),
        (b"x", 0),
        (b"le", 0),
        (b"i1e", 0),
        (b"4:abcd", 0),
        (b"d", 1),
        (b"d1:ae", 4),
        (b"d1:ai1e", 7),
        (b"di1e1:ae", 1),
        (b"dle1:ae", 1),
        (b"dde1:ae", 1),
        (b"d" + b"1:a0:" * 17 + b"e", 83),
        (b"d01:ai1ee", 1),
        (b"d00:i1ee", 1),
        (b"d-1:ai1ee", 1),
        (b"d+1:ai1ee", 1),
        (b"d 1:ai1ee", 1),
        (b"d1_0:abcdefghiji1ee", 1),
        (b"d:i1ee", 1),
        (b"d1:ai01ee", 4),
        (b"d1:ai-0ee", 4),
        (b"d1:ai-01ee", 4),
        (b"d1:ai+1ee", 4),
        (b"d1:ai 1ee", 4),
        (b"d1:ai1_0ee", 4),
        (b"d1:aiee", 4),
        (b"d1:ai-ee", 4),
        (b"d1:ai9223372036854775808ee", 4),
        (b"d1:ai-9223372036854775809ee", 4),
        (b"d1:ai" + b"1" * 5000 + b"ee", 4),
        (b"d1:a" + b"1" * 5000 + b":e", 4),
        (b"d1:a5:abe", 4),
        ("d1:a٣:abce".encode(), 4),
        ("d1:ai٣ee".encode(), 4),
    ],
)
def test_what_is_not_canonical_is_refused_where_it_stands(data: bytes, offset: int) -> None:
    with pytest.raises(WireError) as error:
        decode_document(data)
    assert error.value.offset == offset


def test_nothing_is_lost_where_a_key_stands_twice() -> None:
    assert decode_document(b"d1:a1:b1:a1:c1:a1:de") == {"a": "b", "a (2)": "c", "a (3)": "d"}
    assert decode_document(b"d5:a (2)1:x1:a1:b1:a1:ce") == {"a (2)": "x", "a": "b", "a (3)": "c"}


def test_unsorted_keys_are_accepted() -> None:
    assert list(decode_document(b"d1:bi1e1:ai2e1:ci-3ee")) == ["b", "a", "c"]


def test_the_largest_and_smallest_integers() -> None:
    document = decode_document(b"d1:ai9223372036854775807e1:bi-9223372036854775808e1:ci0ee")
    assert document == {"a": 2**63 - 1, "b": -(2**63), "c": 0}


@pytest.mark.parametrize(("opening", "kernel", "closing"), [(b"l", b"", b"e"), (b"d1:k", b"i1e", b"e")])
def test_nesting_is_bounded(opening: bytes, kernel: bytes, closing: bytes) -> None:
    def nested(levels: int) -> bytes:
        return b"d1:x" + opening * (levels - 1) + kernel + closing * levels

    decode_document(nested(64))
    with pytest.raises(WireError, match="64 levels"):
        decode_document(nested(65))


@pytest.mark.parametrize(
    "data",
    [
        b"d1:x" + b"l" * 1_000_000,
        b"d" + b"1:ad" * 250_000,
        b"d1:x" + b"1" * 1_000_000,
        b"d1:xi" + b"1" * 1_000_000,
        b"d1:xl" + b"le" * 500_000,
        b"d1:xl" + b"i1e" * 333_333,
        b"d1:xl" + b"0:" * 500_000,
        b"d1:xl" + b"1000000:" * 125_000,
        b"d" + b"".join(b"%d:%d0:" % (len(str(n)), n) for n in range(150_000)),
        b'{"a":' + b"[" * 1_000_000,
        b'{"a":"' + b"\\" * 1_000_000,
        b'{"a":' + b"1" * 1_000_000,
        # Each of these quotes may look like the beginning of a string that never ends.
        b'{"' + b'\\"' * 500_000,
        b'{"a":1,' * 140_000,
        b'{"a":' + b'"",' * 330_000,
    ],
    ids=lambda data: data[:16].decode(),
)
def test_a_hostile_megabyte_is_refused_like_a_small_one(data: bytes) -> None:
    # The time limit of the suite is the witness: anything quadratic takes minutes.
    with pytest.raises(WireError):
        decode_document(data)
    assert bencode.decode_plain(data) is None


def test_size_is_bounded() -> None:
    with pytest.raises(WireError, match="more than 16777216"):
        decode_document(b"d1:x" + b"20000000:" + b"x" * 20_000_000 + b"e")
