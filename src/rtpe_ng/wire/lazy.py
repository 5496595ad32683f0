"""`LazyDocument`: a reply that is decoded when somebody looks at what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .document import decode_document
from .values import Document, Value

__all__ = ["LazyDocument"]

_DONE = b"6:result2:oke"
"""How a reply ends that says no more than that it was done: the daemon writes the result last."""
_SMALL = 512
"""Up to how many bytes a reply is decoded at once: that takes no more than some 20 microseconds."""


class LazyDocument(Mapping[str, Value]):
    """A document of which only the result is known before it is decoded.

    Reading any other key decodes it, and raises `WireError` where it is malformed.
    """

    __slots__ = ("_data", "_document")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: Document | None = None

    @classmethod
    def of(cls, data: bytes) -> LazyDocument | None:
        """Return the document where its end says that its result is ``ok``; None where it must be decoded now.

        A ``warning`` is worth a look, and so is what is small.
        """
        if len(data) > _SMALL and data[:1] == b"d" and data.endswith(_DONE) and b"7:warning" not in data:
            return cls(data)
        return None

    @property
    def decoded(self) -> Document:
        """The whole document. Raises `WireError` where it is malformed."""
        if self._document is None:
            self._document = decode_document(self._data)
            self._data = b""
        return self._document

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value at `key`, `default` where it is absent. Raises `WireError` where it is malformed."""
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
