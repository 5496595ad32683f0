"""Messages: ``cookie SP document`` (ng document, introduction), and the cookies that a client writes.

A daemon remembers its replies by the cookie alone, whichever client sent it and whatever the command was. Two
clients that use the same cookie therefore get each other's replies. So a cookie is 96 random bits that only one
client has, followed by a counter.
"""

import secrets

from ..errors import WireError

MAX_COOKIE = 256
"""The longest cookie, in bytes, that is accepted from a peer."""


def join_message(cookie: str, document: bytes) -> bytes:
    """Return the bytes of a message: the `cookie`, a space, the encoded `document`."""
    return b"%b %b" % (cookie.encode("ascii"), document)


def split_message(message: bytes) -> tuple[str, bytes]:
    """Return the cookie and the encoded document of a message; the document may be empty.

    Raises `WireError` if there is no space within the first 257 bytes, or nothing before it.
    """
    space = message.find(b" ", 0, MAX_COOKIE + 1)
    if space < 1:
        raise WireError("a message without a cookie", offset=0, data=message)
    return message[:space].decode("utf-8", "surrogateescape"), message[space + 1 :]


class Cookies:
    """An endless supply of cookies for one client, which also recognizes the cookies that it has issued.

    A cookie is `prefix`, an underscore and a decimal counter; it contains no space and no control character.
    """

    __slots__ = ("_count", "prefix")

    def __init__(self) -> None:
        self.prefix: str = secrets.token_urlsafe(12)
        self._count = 0

    def next(self) -> str:
        """Return a cookie that was never used before."""
        self._count += 1
        return f"{self.prefix}_{self._count}"

    def issued(self, cookie: str) -> bool:
        """Return whether `cookie` was issued here."""
        prefix, _, count = cookie.rpartition("_")
        if prefix != self.prefix or not count.isascii() or not count.isdecimal() or len(count) > 19:
            return False
        # The counter is written without leading zeros: "01" was never issued, although it reads as 1.
        return count[0] != "0" and int(count) <= self._count

    def __repr__(self) -> str:
        return f"<Cookies {self._count} issued>"
