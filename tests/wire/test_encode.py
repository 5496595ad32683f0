"""Encoding what a caller gives, messages and cookies."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtpe_ng import UsageError, WireError
from rtpe_ng.wire import (
    Cookies,
    decode_document,
    document,
    encode_document,
    encode_items,
    join_items,
    join_message,
    split_message,
)


class Word(enum.StrEnum):
    PING = "ping"


class Number(enum.IntEnum):
    ONE = 1


def test_what_counts_as_text_numbers_and_lists() -> None:
    given: dict[str, Any] = {
        "word": Word.PING,
        "number": Number.ONE,
        "yes": True,
        "bytes": b"\xff",
        "array": bytearray(b"x"),
        "tuple": (1, 2),
        "made": (n for n in range(2)),
        "nested": {"key": [{}]},
    }
    assert decode_document(encode_document(given)) == {
        "word": "ping",
        "number": 1,
        "yes": 1,
        "bytes": "\udcff",
        "array": "x",
        "tuple": [1, 2],
        "made": [0, 1],
        "nested": {"key": [{}]},
    }


DEEP: Any = []
for _ in range(70):
    DEEP = [DEEP]
ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (None, "a"),
        (1.5, "a"),
        ([1, None], r"a\[1\]"),
        ({"b": [{"c": object()}]}, r"a\.b\[0\]\.c"),
        (2**63, "a"),
        (-(2**63) - 1, "a"),
        ({1: 2}, "1"),
        ("\ud800", "surrogate"),
        ({"\ud800": 1}, "surrogate"),
        ({"é": 1, "\udcc3\udca9": 2}, "same bytes"),
        (DEEP, "64 levels"),
        (ENDLESS, "64 levels"),
    ],
)
def test_what_cannot_be_carried_is_refused_by_its_path(value: object, path: str) -> None:
    with pytest.raises(UsageError, match=path):
        encode_document({"a": value})


ASCII = st.text(st.characters(max_codepoint=127), max_size=9)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
PLAIN = st.dictionaries(ASCII, ASCII | NUMBERS | st.lists(ASCII, min_size=1, max_size=3), min_size=1, max_size=5)
ODD: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, 1.5, 2**63, -(2**63) - 1, b"x", "é", "\udcff", "\ud800", Word.PING, Number.ONE])
    | ASCII
    | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ASCII, inner, max_size=3) | st.tuples(inner),
    max_leaves=5,
)
KEYS: st.SearchStrategy[Any] = ASCII | st.sampled_from([1, None, b"x", "é", "\udcc3\udca9", "\ud800", Word.PING])


@given(PLAIN)
def test_the_plain_encoder_writes_what_it_is_made_for(plain: dict[str, Any]) -> None:
    assert document.encode_plain(plain) == document.encode_any(plain) == encode_items(plain)


def encoded(encode: Callable[[Any], bytes], given: object) -> bytes | str:
    try:
        return encode(given)
    except UsageError as error:
        return str(error)


@given(st.dictionaries(KEYS, ODD, max_size=4))
def test_the_plain_encoder_leaves_the_rest_to_the_general_one(odd: dict[Any, Any]) -> None:
    expected = encoded(document.encode_any, odd)
    assert encoded(encode_items, odd) == expected
    assert document.encode_plain(odd) in (None, expected)


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(0, 9), max_size=4), st.data())
def test_items_can_be_encoded_apart_and_joined(document: dict[str, int], data: st.DataObject) -> None:
    keys = list(document)
    cut = data.draw(st.integers(0, len(keys)))
    parts = [{key: document[key] for key in some} for some in (keys[:cut], keys[cut:])]
    assert decode_document(join_items(*map(encode_items, parts))) == document


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=250), st.binary(max_size=50)
)
def test_splitting_is_the_inverse_of_joining(cookie: str, document: bytes) -> None:
    assert split_message(join_message(cookie, document)) == (cookie, document)


@given(st.binary(max_size=400))
def test_any_message_gives_a_cookie_or_our_error(message: bytes) -> None:
    try:
        cookie, document = split_message(message)
    except WireError:
        assert b" " not in message[1:257] or message.startswith(b" ")
    else:
        assert cookie.encode("utf-8", "surrogateescape") + b" " + document == message


def test_cookies_never_repeat_and_have_96_random_bits() -> None:
    one, other = Cookies(), Cookies()
    given = [cookies.next() for _ in range(500) for cookies in (one, other)]
    assert len(set(given)) == 1000
    assert all(" " not in cookie and cookie.isascii() and cookie.isprintable() for cookie in given)
    # 16 characters of 64 kinds are 96 bits.
    assert len(one.prefix) == 16
    assert len({Cookies().prefix for _ in range(1000)}) == 1000


def test_a_supply_knows_its_own_cookies() -> None:
    cookies, other = Cookies(), Cookies()
    first = cookies.next()
    assert cookies.issued(first)
    assert not cookies.issued(other.next())
    for wrong in (cookies.prefix, f"{cookies.prefix}_2", f"{cookies.prefix}_0", f"{cookies.prefix}_x", "", "_1"):
        assert not cookies.issued(wrong)
    assert cookies.prefix not in repr(cookies)


@example("01", 5)
@example("٣", 5)
@given(st.text("0123456789_٣-+ ", max_size=4) | st.integers(-2, 12).map(str), st.integers(0, 10))
def test_only_what_was_given_out_is_its_own(count: str, given_out: int) -> None:
    cookies = Cookies()
    own = {cookies.next() for _ in range(given_out)}
    cookie = f"{cookies.prefix}_{count}"
    assert cookies.issued(cookie) is (cookie in own)
