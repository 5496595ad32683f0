"""`DrivenCore`: an embedded engine's core that is asked in documents, without a socket."""

from __future__ import annotations

import itertools
from typing import Any

from rtpe_ng import Leg
from rtpe_ng.embedded.server import Server
from rtpe_ng.embedded.state import State
from rtpe_ng.embedded.versions import behaviour_of
from rtpe_ng.testing import bodies
from rtpe_ng.wire import decode_document, encode_document, join_message, split_message

__all__ = ["DrivenCore"]


class DrivenCore:
    """A core that is asked in documents, at a time of the test's own."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.core = Server(State(behaviour=behaviour_of(version)))
        self.now = 1000.0
        self._numbers = itertools.count()

    def ask(self, command: str, **more: Any) -> dict[str, Any]:
        document = {"command": command} | {key.replace("_", "-"): value for key, value in more.items()}
        reply = self.core.receive(join_message(f"c{next(self._numbers)}", encode_document(document)), self.now)
        assert reply is not None
        return dict(decode_document(split_message(reply)[1]))

    def refusal(self, command: str, **more: Any) -> str | None:
        """Return why it refuses; None where it does not."""
        reply = self.ask(command, **more)
        assert (reply["result"] == "error") == ("error-reason" in reply)
        reason: str | None = reply.get("error-reason")
        return reason

    def establish(self, call_id: str = "c") -> None:
        """Let "a", called caller, call "b", called callee."""
        offered = self.ask("offer", sdp=bodies.offer(Leg.SIP), call_id=call_id, from_tag="a", label="caller")
        answer = bodies.answer(Leg.SIP, offered["sdp"])
        self.ask("answer", sdp=answer, call_id=call_id, from_tag="a", to_tag="b", label="callee")
