"""`LazyDocument`: a reply that is decoded when its content is first read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .bencode import Document, Value
from .document import decode_document

_DONE = b"6:result2:oke"
"""The last bytes of a reply that reports success: the daemon writes the result last."""
_SMALL = 512
"""Up to this many bytes a reply is decoded at once, which takes about 20 microseconds at most."""


class LazyDocument(Mapping[str, Value]):
    """A document whose result, ``ok``, is known before it is decoded.

    Reading any other key decodes the whole document, and raises `WireError` if it is malformed.
    """

    __slots__ = ("_data", "_document")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: Document | None = None

    @classmethod
    def of(cls, data: bytes) -> LazyDocument | None:
        """Return the document if its last bytes say that its result is ``ok``; None if it must be decoded now.

        A document with a ``warning`` is decoded at once, because the warning is logged; so is a small one.
        """
        if len(data) > _SMALL and data[:1] == b"d" and data.endswith(_DONE) and b"7:warning" not in data:
            return cls(data)
        return None

    @property
    def decoded(self) -> Document:
        """The whole document. Raises `WireError` if it is malformed."""
        if self._document is None:
            self._document = decode_document(self._data)
            self._data = b""
        return self._document

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`, or `default`. Raises `WireError` if the document is malformed."""
        # These keys are read for every reply. `of` has seen from the bytes what their values are.
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
