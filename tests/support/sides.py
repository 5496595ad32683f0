"""The embedded engine and a real daemon behind one `ask`, which insists that both say the same."""

from __future__ import annotations

import difflib
import pprint
import re
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import bencodepy

from rtpe_ng import WireError
from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.server import Server
from rtpe_ng.embedded.state import State
from rtpe_ng.embedded.versions import behaviour_of
from rtpe_ng.wire import decode_document, encode_document, join_message, split_message
from tests.support.engines import INTERFACES

__all__ = ["Names", "Sides", "Wire"]

Ask: TypeAlias = Callable[[bytes], bytes]
"""Takes a request, returns the reply: both whole datagrams."""
MADE_UP = re.compile(r"[0-9a-f]{64}")
KEPT = " as before"
"""What is put behind a port that a section had before."""
SESSION = re.compile(r"(?<= )\d{6,}(?= )")
OWN_SESSION = re.compile(r"(?<= )\d+(?= )")
EMPTY_ORIGIN = re.compile(r"o=- \d+ 0 IN  ")
"""What stands where nobody gave an origin."""
TIMES = {"created", "created_us", "created_ts", "last signal", "last redis update"} | {
    f"last {which}packet" for which in ("", "kernel ", "user ")
}

SOCKETS = {"local port", "local address", "family", "stats_out"}
"""Of a stream: when a daemon opens its sockets and knocks at doors is its own affair; the bodies tell the ports."""

UNTOLD = {"transcoding"}
"""Of a section: the embedded engine has no codecs to transcode with."""


class Names:
    """Names for what engines choose freely, such as ports, by their first appearance: equal where these agree.

    The names of one call last as long as it does, so that a re-offer that keeps a password is told from one that
    does not. Those of ports do not, because a daemon gives a freed port to whom it likes; whether a section kept
    its port is told instead.
    """

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._ports: dict[str, list[int]] = {}

    def name(self, kind: str, value: str) -> str:
        """Return the name of a `value` of this kind."""
        return self._given.setdefault((kind, value), f"<{kind} {sum(key[0] == kind for key in self._given) + 1}>")

    def port(self, port: int, below: int = 0) -> str:
        """Return the name of a port; that of an RTCP port where it is the one above `below`."""
        if port in (0, 9):
            return str(port)
        return f"{self.port(below)}+1" if below and port == below + 1 else self.name("port", str(port))

    def body(self, body: str, flow: str = "") -> list[str]:
        """Return the lines of an SDP body with names in it; `flow` says from whom to whom it goes."""
        before = self._ports.get(flow, [])
        lines: list[str] = []
        ports: list[int] = []
        rtp = 0
        own = "\ns=rtpengine-" in body
        for line in body.splitlines():
            if line.startswith("m="):
                kind, port, rest = (*line[2:].split(" ", 2), "", "")[:3]
                rtp = int(port) if port.isdecimal() else 0
                kept = KEPT if len(ports) < len(before) and before[len(ports)] == rtp else ""
                lines.append(f"m={kind} {self.port(rtp)}{kept} {rest}")
                ports.append(rtp)
            else:
                lines.append(self._line(line, rtp, own=own))
        self._ports[flow] = ports
        return lines

    def _line(self, line: str, rtp: int, *, own: bool) -> str:
        name, colon, value = line.partition(":")
        match name:
            case _ if EMPTY_ORIGIN.fullmatch(line):
                return f"o=- {self.name('session', line)}"
            case _ if line.startswith("o="):
                # A number of many digits was drawn by lot, unless it is the same on both sides anyway.
                # In a session of an engine's own, even a small one was.
                numbers = OWN_SESSION if own else SESSION
                return numbers.sub(lambda found: self.name("session", found[0]), line)
            case "a=rtcp":
                port, space, rest = value.partition(" ")
                value = f"{self.port(int(port), rtp) if port.isdecimal() else port}{space}{rest}"
            case "a=ice-ufrag" | "a=ice-pwd" | "a=tls-id":
                value = self.name(name[2:], value)
            case "a=fingerprint":
                kind, _, digest = value.partition(" ")
                value = f"{kind} {self.name('fingerprint', digest)}"
            case "a=crypto":
                head, _, key = value.partition("inline:")
                key, bar, rest = key.partition("|")
                value = f"{head}inline:{self.name('key', key)}{bar}{rest}"
            case "a=candidate":
                parts = value.split(" ")
                parts[0] = self.name("foundation", parts[0])
                if len(parts) > 5 and parts[5].isdecimal():
                    parts[5] = self.port(int(parts[5]), rtp)
                value = " ".join(parts)
        return f"{name}{colon}{value}"

    def reply(self, reply: Mapping[str, Any], flow: str) -> Any:
        """Return a reply with names in it, and without what tells the time."""
        self._given = {key: name for key, name in self._given.items() if key[0] != "port"}
        body = {"sdp": self.body(reply["sdp"], flow)} if "sdp" in reply else {}
        return self._named(reply) | body

    def _named(self, value: Any, key: str = "") -> Any:
        if isinstance(value, Mapping):
            hidden = TIMES | SOCKETS if key == "streams" else TIMES
            return {self._text(name): self._named(it, name) for name, it in value.items() if name not in hidden}
        if isinstance(value, list):
            value = [it for it in value if it not in UNTOLD] if key == "flags" else value
            return [self._named(it, key) for it in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, value: str) -> str:
        return self.name("made up", value) if MADE_UP.fullmatch(value) else value


class Wire:
    """A real daemon on its socket, one question at a time."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("udp://").partition(":")
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.connect((host, int(port)))

    def __call__(self, datagram: bytes) -> bytes:
        """Return the reply to a request."""
        self._socket.send(datagram)
        cookie = datagram.partition(b" ")[0]
        while not (reply := self._socket.recv(65536)).startswith(cookie + b" "):
            pass
        return reply

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def in_process(version: str) -> Ask:
    """Return an embedded engine of a version, without its socket."""
    core = Server(State(behaviour=behaviour_of(version), resources=Resources(interfaces=INTERFACES)))

    def ask(datagram: bytes) -> bytes:
        reply = core.receive(datagram, time.time())
        assert reply is not None
        return reply

    return ask


class Sides:
    """Both engines: `ask` sends the same to both and fails where their replies differ."""

    def __init__(self, real: Ask, embedded: Ask) -> None:
        self._sides = (real, embedded)
        self._names: dict[str, tuple[Names, Names]] = {}
        self._prefix = secrets.token_hex(8)
        self._number = 0
        self._drawn_again = 0
        self._last: tuple[str, list[bytes]] | None = None

    def ask(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the real daemon's reply, which is the embedded engine's too."""
        names = self._names.setdefault(document.get("call-id", ""), (Names(), Names()))
        replies = self._put(document)
        flow = " ".join(str(document.get(key)) for key in ("command", "from-tag", "to-tag", "via-branch"))
        theirs, ours = (it.reply(reply, flow) for it, reply in zip(names, replies, strict=True))
        if ours != theirs and not self._is_chance(theirs, ours):
            self.differ(document, theirs, ours)
        return replies[0]

    def _is_chance(self, theirs: Any, ours: Any) -> bool:
        """Tell whether a daemon may have drawn by lot a port that it had given before: once, that is accepted."""
        redrawn = [line.replace(KEPT, "") for line in theirs.get("sdp", ())]
        untold = [line.replace(KEPT, "") for line in ours.get("sdp", ())]
        keeps_what_ours_keeps = all(
            KEPT in it or KEPT not in our
            for it, our in zip(theirs.get("sdp", ()), ours.get("sdp", ()), strict=False)
        )
        is_like = redrawn == untold and keeps_what_ours_keeps and theirs | {"sdp": ()} == ours | {"sdp": ()}
        self._drawn_again += is_like
        return is_like and self._drawn_again == 1

    def differ(self, document: Mapping[str, Any], theirs: Any, ours: Any) -> None:
        """Fail, because the real daemon replied with `theirs` and the embedded engine with `ours`."""
        raise AssertionError(f"asked {shown(document)}\n{difference(theirs, ours)}")

    def forget(self, *calls: str) -> None:
        """End calls on both sides, whatever they say to it."""
        for call in calls:
            self._put({"command": "delete", "call-id": call, "delete-delay": 0})
            self._names.pop(call, None)

    def list_calls(self, prefix: str) -> None:
        """Insist that both list the same calls of those whose Call-ID begins so."""
        theirs, ours = (
            {call for call in reply["calls"] if call.startswith(prefix)}
            for reply in self._put({"command": "list", "limit": 10_000})
        )
        if ours != theirs:
            self.differ({"command": "list"}, sorted(theirs), sorted(ours))

    def repeat(self) -> None:
        """Send the last cookie again, with another command: the first reply must come again."""
        if self._last is not None:
            cookie, replies = self._last
            again = [ask(join_message(cookie, b"d7:command4:pinge")) for ask in self._sides]
            assert again == replies

    def _put(self, document: Mapping[str, Any]) -> list[dict[str, Any]]:
        self._number += 1
        cookie = f"{self._prefix}_{self._number}"
        datagram = join_message(cookie, encode_document(document))
        self._last = cookie, [ask(datagram) for ask in self._sides]
        return [_decoded(split_message(reply)[1]) for reply in self._last[1]]


def _decoded(reply: bytes) -> dict[str, Any]:
    try:
        return dict(decode_document(reply))
    except WireError:
        # Where the legs of several branches have one tag, a query has its key more than once.
        return dict(bencodepy.Bencode(encoding="utf-8").decode(reply))


def difference(theirs: Any, ours: Any) -> str:
    """Show where a reply of the embedded engine is another than the real daemon's."""
    real, embedded = (pprint.pformat(it, width=150).splitlines() for it in (theirs, ours))
    return "\n".join(difflib.unified_diff(real, embedded, "real daemon", "embedded engine", n=3, lineterm=""))


def shown(document: Mapping[str, Any]) -> str:
    """Show a request without its body."""
    return str({key: f"<{len(value)}>" if key == "sdp" else value for key, value in document.items()})
