"""Bytes and plain values: the documents, messages and cookies of the ng protocol, without any I/O."""

from .bencode import Document, Value
from .document import Encoding, as_json, decode_document, encode_document, encode_items, join_items
from .lazy import LazyDocument, decode_reply
from .message import Cookies, join_message, split_message

__all__ = [
    "Cookies",
    "Document",
    "Encoding",
    "LazyDocument",
    "Value",
    "as_json",
    "decode_document",
    "decode_reply",
    "encode_document",
    "encode_items",
    "join_items",
    "join_message",
    "split_message",
]
