"""Documents: the dictionaries of the ng protocol, as bencode or as JSON.

Every string, key or value, is a `str`, decoded as UTF-8 with surrogateescape: bytes that are not UTF-8 survive
decoding and encoding.
"""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import bencodepy

from ..errors import UsageError, WireError
from . import bencode, json
from .bencode import Document

Encoding: TypeAlias = Literal["bencode", "json"]
"""How a request may be written; the reply to it comes in the same way."""

MAX_DEPTH = bencode.MAX_DEPTH
MAX_BYTES = 2**24
"""The longest document that is decoded, in bytes: 16 MiB. A UDP datagram can carry 65,507 bytes."""
_LEAST, _MOST = -(2**63), 2**63 - 1
"""The integers that bencode carries."""
_TEXT = {str}
"""The types of what is text only; a subclass may be written in another way than it reads."""


def decode_document(data: bytes) -> Document:
    """Return the dictionary that `data` encodes: bencode, or JSON if the first byte is ``{``.

    Raises `WireError`, with the offset in bytes, for anything else: an empty or truncated document, trailing
    bytes, numbers or lengths not in their shortest form, more than 64 levels. In bencode, the second value of a
    duplicate key is kept as ``key (2)``; daemons send these when branches of a call share a tag. In JSON,
    duplicate keys are refused. The time is linear in the length of `data`. (ng document, introduction.)
    """
    if len(data) > MAX_BYTES:
        raise WireError(f"a document of {len(data)} bytes, more than {MAX_BYTES}", offset=MAX_BYTES)
    if data[:1] == b"{":
        return json.decode(data)
    if data[:1] != b"d":
        raise WireError("no dictionary" if data else "an empty document", offset=0, data=data)
    return bencode.decode(data)


def encode_document(document: Mapping[str, Any]) -> bytes:
    """Return `document` as bencode. Its keys are `str`; its values are str, bytes, int, lists or dictionaries.

    Booleans become 1 and 0; tuples and other iterables become lists; subclasses of str and int are accepted.
    Raises `UsageError`, with the path to the value, for what bencode cannot carry: None, floats, integers
    beyond 64 bits, more than 64 levels, text that is neither Unicode nor bytes escaped as surrogates.
    """
    return b"d" + encode_items(document) + b"e"


def encode_items(document: Mapping[str, Any]) -> bytes:
    """Return the encoded items of `document`, without the frame of a dictionary, for `join_items`.

    Raises `UsageError` as `encode_document` does.
    """
    items = encode_plain(document)
    return encode_any(document) if items is None else items


def encode_plain(document: Mapping[str, Any]) -> bytes | None:
    """Return what `encode_any` returns, in a quarter of the time, or None where that has to decide.

    Nearly all requests are plain: texts, numbers and lists of words, all of it ASCII. Then characters count as
    bytes, and the text of all items becomes bytes at once.
    """
    items = []
    try:
        keys = sorted(document)
    except TypeError:
        return None
    for key in keys:
        value = document[key]
        kind = type(value) if type(key) is str else None
        if kind is str:
            items.append(f"{len(key)}:{key}{len(value)}:{value}")
        elif kind is int and _LEAST <= value <= _MOST:
            items.append(f"{len(key)}:{key}i{value}e")
        elif kind is list and set(map(type, value)) == _TEXT:
            words = "".join([f"{len(word)}:{word}" for word in value])
            items.append(f"{len(key)}:{key}l{words}e")
        else:
            return None
    text = "".join(items)
    return text.encode("ascii") if items and text.isascii() else None


def encode_any(document: Mapping[str, Any]) -> bytes:
    """Return what `encode_items` returns, for any document; raise `UsageError` where it does."""
    encoded: bytes = bencodepy.encode(_plain(document, "", 0))
    return encoded[1:-1]


def join_items(*items: bytes) -> bytes:
    """Return the encoded dictionary of all these `items`. The daemon wants unique keys, in any order."""
    return b"d" + b"".join(items) + b"e"


def as_json(document: bytes) -> bytes:
    """Return the bencoded `document` as JSON.

    Raises `UsageError` for what JSON cannot carry: bytes that are not UTF-8, and a NUL character, where a daemon
    takes the string for ended.
    """
    encoded = None
    if b"\0" not in document:
        with contextlib.suppress(UnicodeEncodeError):
            encoded = json.encode(bencode.decode(document))
    if encoded is None:
        # Raised here, where it has no context: that error holds the whole text, keys included.
        raise UsageError("JSON carries no NUL and no bytes that are not UTF-8, and bencode does")
    return encoded


def _plain(value: Any, path: str, depth: int) -> Any:
    """Return `value` made of bytes, int, list and dict only, which bencode.py encodes as they are."""
    # Text comes first, because it is iterable too and would otherwise become a list of characters.
    if isinstance(value, str):
        try:
            return value.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError as error:
            lone = value[error.start]
            raise UsageError(f"{path or 'a key'}: the lone surrogate {lone!r} stands for no byte") from error
    if isinstance(value, int):
        if not _LEAST <= value <= _MOST:
            raise UsageError(f"{path}: an integer beyond 64 bits")
        return int(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    # The bound also ends the recursion for a list that contains itself.
    if depth > MAX_DEPTH - 1:
        raise UsageError(f"{path[:60]}...: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        items = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise UsageError(f"{path or 'the document'}: the key {key!r} is no str")
            name = f"{path}.{key}" if path else key
            items[_plain(key, "", depth)] = _plain(item, name, depth + 1)
        # Different strings may be the same bytes: a character, and its bytes written as surrogates.
        if len(items) != len(value):
            raise UsageError(f"{path or 'the document'}: two keys are the same bytes")
        return items
    if isinstance(value, Iterable):
        return [_plain(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]
    raise UsageError(
        f"{path or 'the document'}: bencode carries text, bytes, integers, lists and dictionaries, "
        f"no {type(value).__name__}"
    )
