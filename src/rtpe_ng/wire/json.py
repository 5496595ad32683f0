"""JSON documents, which the daemon sends in reply to JSON requests.

The standard library parses them. What it accepts and bencode cannot carry (floats, null, deep nesting) is refused
here, and so are duplicate keys: a document means the same in both encodings.
"""

import json
import re
from typing import Any

from ..errors import WireError
from .bencode import MAX_DEPTH, Document

# An unterminated string is a token up to the end of the text. Otherwise each later quote would start another
# search to the end, and the time would be quadratic.
_NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


def decode(data: bytes) -> Document:
    """Return the dictionary that the JSON text `data` encodes; booleans become 1 and 0.

    Raises `WireError` for anything but a JSON object of strings, 64-bit integers, lists and objects, at most 64
    levels deep.
    """
    text = data.decode("utf-8", "surrogateescape")
    _check_depth(text, data)
    refused: WireError | None = None
    document: Any = None
    try:
        document = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        offset = len(text[: error.pos].encode("utf-8", "surrogateescape"))
        refused = WireError(f"no JSON document ({error.msg})", offset=offset, data=data)
    except _RefusedError as error:
        refused = WireError(f"a JSON document with {error}", offset=0, data=data)
    if refused is not None:
        # Raised here, where it has no context: the parser's error holds the whole text, keys included.
        raise refused
    if not isinstance(document, dict):
        raise WireError("no dictionary", offset=0, data=data)
    return document


class _RefusedError(ValueError):
    pass


def _check_depth(text: str, data: bytes) -> None:
    depth = 0
    for token in _NESTING.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise WireError(f"nested deeper than {MAX_DEPTH} levels", offset=0, data=data)
        elif mark in "]}":
            depth -= 1


def _dictionary(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = {_text(key): _checked(value) for key, value in pairs}
    if len(document) != len(pairs):
        raise _RefusedError("a duplicate key")
    return document


def _checked(value: Any) -> Any:
    # Dictionaries were checked when they were built. Only lists remain, at most 64 levels of them.
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_checked(item) for item in value]
    if value is None:
        raise _RefusedError("a null")
    return int(value) if isinstance(value, bool) else value


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        # Encoded and decoded again, because several escaped surrogates may together be one UTF-8 character.
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise _RefusedError("a lone surrogate") from error


def _integer(digits: str) -> int:
    # Bencode has no negative zero.
    if digits == "-0":
        raise _RefusedError("the number -0")
    # The length is checked first, because converting a very long number takes quadratic time.
    if len(digits) <= len("-9223372036854775808") and -(2**63) <= (number := int(digits)) < 2**63:
        return number
    raise _RefusedError("an integer beyond 64 bits")


def _no_float(digits: str) -> float:
    raise _RefusedError(f"the number {digits[:20]}, which is no integer")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_dictionary, parse_int=_integer, parse_float=_no_float, parse_constant=_no_float
)
