"""Message cookies: unguessable, and unique among all clients of a daemon.

The daemon keeps its replies by the cookie alone, whoever sent it and whatever the command was: two clients
that use the same cookie get each other's replies. So a cookie is 96 random bits of its client's own, and
a counter.
"""

from __future__ import annotations

import secrets

__all__ = ["Cookies"]


class Cookies:
    """An endless supply of cookies for one client, and the test whether a cookie is one of them.

    A cookie is `prefix`, an underscore and a decimal counter; it holds neither space nor control character.
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
        """Say whether `cookie` has been given out here."""
        prefix, _, count = cookie.rpartition("_")
        if prefix != self.prefix or not count.isascii() or not count.isdecimal() or len(count) > 19:
            return False
        # The counter is written in one way only.
        return count[0] != "0" and int(count) <= self._count

    def __repr__(self) -> str:
        return f"<Cookies {self._count} issued>"
