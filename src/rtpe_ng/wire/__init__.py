"""Bytes and plain values: the documents, messages and cookies of the ng protocol, without any I/O."""

from .cookie import Cookies
from .document import decode_document, encode_document, encode_items, join_items
from .lazy import LazyDocument
from .message import join_message, split_message
from .values import Document, Value

__all__ = [
    "Cookies",
    "Document",
    "LazyDocument",
    "Value",
    "decode_document",
    "encode_document",
    "encode_items",
    "join_items",
    "join_message",
    "split_message",
]
