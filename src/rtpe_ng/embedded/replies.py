"""Writing a reply as the daemon writes it: keys in the order in which they came, not sorted."""

from __future__ import annotations

import json

from ..wire import Document, Value

__all__ = ["write_reply"]


def write_reply(document: Document, *, is_json: bool) -> bytes:
    """Return the bytes of a reply, as JSON to a request in JSON, else as bencode."""
    if not is_json:
        return _bencode(document)
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    # The daemon's library escapes this one as well.
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
