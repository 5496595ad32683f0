"""JSON documents, which the daemon sends in reply to JSON requests.

The standard library parses them. What it accepts and bencode cannot carry (floats, null, deep nesting) is refused
here, and so are duplicate keys: a document means the same in both encodings.

`decode_strictly` decides what is accepted. It looks at every value in Python, which takes many times as long as the
parser itself, which is written in C. `decode_plain` does without where a document has no escapes. Then every second
quotation mark ends a string, so what stands outside of strings is every second piece between the marks. That is
short: brackets, numbers, and a colon for each key. All that is refused shows there, except that a key stands twice;
then the dictionaries have fewer keys than there are colons. Where it gives up, `decode_strictly` has to decide.
"""

import json
import re
from typing import Any

from ..errors import WireError
from .bencode import MAX_DEPTH, MAX_PLAIN, Document

# An unterminated string is a token up to the end of the text. Otherwise each later quote would start another
# search to the end, and the time would be quadratic.
_NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)

_FEW = 128
"""Up to so many bytes, as in the reply to a ping, `decode_strictly` takes no longer."""
_ROUND = bytes.maketrans(b"{}[]", b"()()")
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
# Fewer digits fit into 64 bits, whichever they are.
_LONG = b"0" * 19


def encode(document: Document) -> bytes:
    """Return `document` as JSON. Raises `UnicodeEncodeError` for bytes that are not UTF-8."""
    return _ENCODER.encode(document).encode("utf-8")


def decode(data: bytes) -> Document:
    """Return the dictionary that the JSON text `data` encodes; booleans become 1 and 0.

    Raises `WireError` for anything but a JSON object of strings, 64-bit integers, lists and objects, at most 64
    levels deep.
    """
    document = decode_plain(data) if _FEW < len(data) <= MAX_PLAIN else None
    return decode_strictly(data) if document is None else document


def decode_plain(data: bytes) -> Document | None:
    """Return the dictionary that the bytes `data` encode, or None where `decode_strictly` has to decide.

    That is where a string has an escape or more than ASCII, a number has more than 18 digits, spaces stand outside
    of strings, or something is malformed.
    """
    if b"\\" in data or not data.isascii():
        return None
    outside = b"".join(data.split(b'"')[::2])
    nesting = outside.translate(_ROUND, b":,-0123456789")
    for _ in range(MAX_DEPTH):
        # Each turn takes away the innermost level.
        nesting = nesting.replace(b"()", b"")
        if not nesting:
            break
    if nesting or b"-0" in outside or _LONG in outside.translate(_ZEROS):
        return None
    keys = 0

    def count(document: Document) -> Document:
        nonlocal keys
        keys += len(document)
        return document

    try:
        document = json.loads(data.decode("ascii"), object_hook=count)
    except json.JSONDecodeError:
        return None
    return document if isinstance(document, dict) and keys == outside.count(b":") else None


def decode_strictly(data: bytes) -> Document:
    """Return what `decode` returns, for any bytes; raise `WireError` where it does."""
    text = data.decode("utf-8", "surrogateescape")
    if text.count("{") + text.count("[") > MAX_DEPTH:
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


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(
    object_pairs_hook=_dictionary, parse_int=_integer, parse_float=_no_float, parse_constant=_no_float
)
