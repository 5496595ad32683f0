"""A message is ``cookie SP document`` (ng document, introduction)."""

from __future__ import annotations

from ..errors import WireError

__all__ = ["join_message", "split_message"]

MAX_COOKIE = 256
"""The longest cookie, in bytes, that is looked for in what a peer sends."""


def join_message(cookie: str, document: bytes) -> bytes:
    """Return the bytes of a message: the `cookie`, a space, the encoded `document`."""
    return b"%b %b" % (cookie.encode("ascii"), document)


def split_message(message: bytes) -> tuple[str, bytes]:
    """Return the cookie and the encoded document of a message; the document may be empty.

    Raises `WireError` where there is no space within the first 257 bytes, or nothing before it.
    """
    space = message.find(b" ", 0, MAX_COOKIE + 1)
    if space < 1:
        raise WireError("a message without a cookie", offset=0, data=message)
    return message[:space].decode("utf-8", "surrogateescape"), message[space + 1 :]
