"""Documents on the wire, decoded and encoded as each version of the daemon does.

The library's own decoder, `rtpe_ng.wire`, is strict, because it reads what a daemon writes. The daemon is lenient
in ways of its own: it takes lists and dictionaries without an end, ignores what follows a document, clamps
integers. A simulator must accept and refuse the same datagrams, so it has a decoder of its own.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ..wire import Document, Value
from .versions import Behaviour

__all__ = ["Undecodable", "read_request", "write_reply"]

MAX_DEPTH = 64
"""How deep lists and dictionaries may be nested; the limit of the newest version, which is the lowest."""

_ZERO = re.compile(rb"(0)")
_INTEGER = re.compile(rb"[ \t\n\v\f\r]*([+-]?[0-9]+)")
_LENGTH = re.compile(rb"0|[1-9][0-9]{0,8}")
_LARGEST = 2**63 - 1


class Undecodable(Exception):
    """The datagram holds no document; the text is the daemon's reason."""


def read_request(data: bytes, behaviour: Behaviour) -> Document:
    """Return the document of a request, bencode or JSON. Raises `Undecodable` for anything else."""
    if not data:
        raise Undecodable("Invalid data (no payload)")
    if data.startswith(b"{"):
        return _read_json(data, behaviour)
    if data.startswith(b"d"):
        document = _Bencode(data, behaviour).read()
        if document is None:
            raise Undecodable("Could not decode bencode dictionary")
        return document
    raise Undecodable("Invalid NG data format")


class _BrokenError(Exception):
    pass


class _Bencode:
    """A lenient decoder: bencode may end early between two values, and anything may follow it."""

    def __init__(self, data: bytes, behaviour: Behaviour) -> None:
        self._data = data
        self._behaviour = behaviour
        self._position = 0

    def read(self) -> Document | None:
        try:
            value = self._value(0)
        except _BrokenError:
            return None
        return value if isinstance(value, dict) else None

    def _value(self, depth: int) -> Value:
        mark = self._data[self._position : self._position + 1]
        if depth >= MAX_DEPTH:
            raise _BrokenError
        if mark == b"d":
            return self._dictionary(depth)
        if mark == b"l":
            items: list[Value] = []
            self._position += 1
            while not self._ends():
                items.append(self._value(depth + 1))
            return items
        return self._integer() if mark == b"i" else self._text()

    def _ends(self) -> bool:
        if self._position >= len(self._data):
            return True
        if self._data[self._position] == ord("e"):
            self._position += 1
            return True
        return False

    def _dictionary(self, depth: int) -> Document:
        document: Document = {}
        self._position += 1
        while not self._ends():
            key = self._text()
            if self._position >= len(self._data):
                raise _BrokenError
            value = self._value(depth + 1)
            # Newer versions go through all items, and the last twin wins; only the command is looked up by its key.
            if key not in document or (self._behaviour.takes_last_of_twins and key != "command"):
                document[key] = value
        return document

    def _integer(self) -> int:
        start = self._position + 1
        # A leading zero ends the number.
        match = _ZERO.match(self._data, start) or _INTEGER.match(self._data, start)
        if match is None or self._data[match.end() : match.end() + 1] != b"e":
            raise _BrokenError
        digits = match[1]
        # More digits are out of range in any case, and are not worth converting.
        number = int(digits) if len(digits) <= 20 else (-_LARGEST - 2 if digits.startswith(b"-") else _LARGEST + 1)
        clamped = max(-_LARGEST - 1, min(_LARGEST, number))
        if self._behaviour.refuses_odd_integers and (clamped != number or (number == 0 and match[0] != b"0")):
            raise _BrokenError
        self._position = match.end() + 1
        return clamped

    def _text(self) -> str:
        match = _LENGTH.match(self._data, self._position)
        if match is None or self._data[match.end() : match.end() + 1] != b":":
            raise _BrokenError
        start = match.end() + 1
        self._position = start + int(match[0])
        if self._position > len(self._data):
            raise _BrokenError
        return self._data[start : self._position].decode("utf-8", "surrogateescape")


def _read_json(data: bytes, behaviour: Behaviour) -> Document:
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_number)
        return _plain(value, behaviour, 0)  # type: ignore[return-value]
    except (ValueError, RecursionError) as error:
        raise Undecodable("Failed to parse JSON document") from error
    except _BrokenError as error:
        raise Undecodable("Could not decode bencode dictionary") from error


def _no_number(name: str) -> float:
    raise ValueError(name)


def _plain(value: Any, behaviour: Behaviour, depth: int) -> Value | None:
    """Return a JSON value as bencode would have it; None for a fraction or null where the version ignores those."""
    if depth > MAX_DEPTH:
        raise ValueError
    if isinstance(value, dict):
        items = {_cut(key): _plain(item, behaviour, depth + 1) for key, item in value.items()}
        return {key: item for key, item in items.items() if item is not None}
    if isinstance(value, list):
        elements = [_plain(item, behaviour, depth + 1) for item in value]
        return [item for item in elements if item is not None]
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, int):
        return max(-_LARGEST - 1, min(_LARGEST, int(value)))
    if not behaviour.reads_any_json:
        raise _BrokenError
    return None


def _cut(text: str) -> str:
    """Return the text before a NUL, where the daemon stops reading. Raises `ValueError` for lone surrogates."""
    text.encode("utf-8")
    return text.partition("\0")[0]


def write_reply(document: Document, *, is_json: bool) -> bytes:
    """Return the bytes of a reply, as JSON to a request in JSON, else as bencode."""
    if not is_json:
        return _bencode(document)
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    # The daemon's JSON library escapes DEL as well.
    return text.replace("\x7f", "\\u007f").encode("utf-8", "surrogateescape")


def _bencode(value: Value) -> bytes:
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogateescape")
        return b"%d:%b" % (len(data), data)
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, list):
        return b"l%be" % b"".join(map(_bencode, value))
    return b"d%be" % b"".join(_bencode(part) for item in value.items() for part in item)
