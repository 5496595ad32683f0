"""Replies: which are decoded when they arrive, and `LazyDocument`, which is decoded when its content is first read.

A daemon tells all it knows of a call when the call is deleted, and most programs do not read it. To decode it takes
several times as long as all else that a request needs. What must be known at once is how the command ended, and
that stands at the end, because a daemon writes the result last. So a long reply that ends with the result ``ok`` is
taken for a success, and nothing before that is checked until somebody reads it. Every other reply is decoded when
it arrives.

A peer that sends garbage before the result has said ``ok`` all the same, and nothing else of the reply is acted
upon until it is read. To look through what stands there, even with one regular expression, would nearly double what
such a request costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import WireError
from .bencode import Document, Value
from .document import decode_document

LAZY = frozenset({"query", "statistics", "delete"})
"""The commands whose replies are long, and are full of figures that few programs read."""
_SMALL = 96
"""Up to this many bytes a reply is decoded at once, which takes about 4 microseconds at most."""
_FORMS = ((b"d", b"6:result2:oke", b"7:warning"), (b"{", b'"result":"ok"}', b'"warning"'))
"""How a reply that reports success begins and ends, in bencode and in JSON, and what it must not contain."""


def decode_reply(data: bytes, command: str) -> Mapping[str, Value]:
    """Return the reply `data` to `command`; raise `WireError` if it is malformed, as far as that is known already.

    A long reply to one of the commands in `LAZY` that ends with the result ``ok`` and has no ``warning`` is a
    `LazyDocument`. Of that, only these bytes have been looked at.
    """
    if command in LAZY and len(data) > _SMALL:
        for first, last, warning in _FORMS:
            if data.startswith(first) and data.endswith(last) and warning not in data:
                return LazyDocument(data, command)
    return decode_document(data)


class LazyDocument(Mapping[str, Value]):
    """The reply to a command, of which only the result, ``ok``, is known before it is decoded.

    Reading anything but ``result``, ``warning`` and ``error-reason`` decodes the whole document, as strictly as any
    other. If it is malformed, `WireError` is raised then, and each time again.
    """

    __slots__ = ("_command", "_data", "_document")

    def __init__(self, data: bytes, command: str) -> None:
        self._data = data
        self._command = command
        self._document: Document | None = None

    @property
    def decoded(self) -> Document:
        """The whole document. Raises `WireError`, which names the command, if it is malformed."""
        if self._document is None:
            try:
                self._document = decode_document(self._data)
            except WireError as error:
                reason = f"the reply to {self._command!r}: {error.reason}"
                raise WireError(reason, offset=error.offset, data=self._data) from None
            self._data = b""
        return self._document

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`, or `default`. Raises `WireError` if the document is malformed."""
        # These keys are read for every reply, and `decode_reply` has seen from the bytes what their values are.
        if self._document is None:
            if key == "result":
                return "ok"
            if key in ("warning", "error-reason"):
                return default
        return self.decoded.get(key, default)

    def __getitem__(self, key: str) -> Value:
        return self.decoded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.decoded)

    def __len__(self) -> int:
        return len(self.decoded)

    def __repr__(self) -> str:
        return "<LazyDocument, not decoded yet>" if self._document is None else repr(self._document)
