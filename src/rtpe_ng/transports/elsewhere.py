"""`Elsewhere`: replies from an address that was not asked.

A daemon that listens on all addresses of a host with several may answer from another one than it was asked at. The
system drops such a reply, because the socket is connected to the address that was asked, and the request ends in
silence. So when a daemon is silent from the beginning, a second socket is bound to the same local port. The system
gives the connected socket all that comes from its peer, and the second one the rest. Nothing that it receives ends
a request, since anybody could have sent it; it only explains the silence.
"""

import contextlib
import socket
from collections.abc import Callable

MOST_AT_ONCE = 16
"""How many messages are looked at in one turn."""


class Elsewhere:
    """Receives at the local port of a connected socket what does not come from its peer."""

    def __init__(self, connected: socket.socket) -> None:
        """Begin to receive. Raises `OSError` where the system does not allow a second socket."""
        self._socket = socket.socket(connected.family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            # Both have to allow it, for as long as the second one is bound. Nobody else may share the port later.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                self._socket.bind(connected.getsockname())
            finally:
                for each in (connected, self._socket):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        except OSError:
            self._socket.close()
            raise

    def answered(self, is_reply: Callable[[bytes], bool]) -> str | None:
        """Return the address, as text, that a reply has come from since the last call; None if none has."""
        with contextlib.suppress(OSError):
            for _ in range(MOST_AT_ONCE):
                message, address = self._socket.recvfrom(65_536)
                if is_reply(message):
                    host, port = address[:2]
                    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return None

    def close(self) -> None:
        """Stop."""
        self._socket.close()
