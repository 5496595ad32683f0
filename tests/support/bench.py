"""What tests of routing have in common: a router, and the engine's side of its calls."""

from __future__ import annotations

import itertools

from rtpe_ng import Client, Direction, Leg, sdp
from rtpe_ng.routing import SipMessage
from rtpe_ng.testing import bodies
from tests.support.stack import invite, response, router_of

W2S, S2W = Direction.WEB_TO_SIP, Direction.SIP_TO_WEB
_numbers = itertools.count()


class Bench:
    """A client that notes what it sends, and a router on it."""

    def __init__(self, url: str) -> None:
        self.sent: list[str] = []
        self.client = Client(url, trace=lambda trace: self.sent.append(trace.command))
        self.states: dict[str, str] = {}
        self.router = router_of(self.client, states=self.states)
        self.call_id = f"routed-{next(_numbers)}"

    async def lives(self) -> set[str]:
        """Return the ng call-ids of this test that the engine knows."""
        return {name for name in (await self.client.list(limit=500)).calls if name.startswith(self.call_id)}

    async def begin(self, direction: Direction = W2S, **more: object) -> tuple[SipMessage, SipMessage, SipMessage]:
        """Return the INVITE, the INVITE as it went on, and an answer to it."""
        asked = invite(self.call_id, leg=direction.caller, **more)
        sent = await self.router.on_invite(asked, direction)
        body = answer(direction.callee, sent) if sent.body else ""
        return asked, sent, response(asked, 200, to_tag="bob", body=body)


def answer(leg: Leg, offered: SipMessage, version: int = 1, number: int = 1) -> str:
    text = offered.body if isinstance(offered.body, str) else offered.body.decode()
    # The browser keeps its role whoever offers.
    setup = {"setup": "passive"} if leg is Leg.WEB and version > 1 else {}
    body = bodies.answer(leg, text, version=version, **setup)
    return body.replace("127.0.2.1", f"127.0.2.{number}")


def place(message: SipMessage) -> tuple[int, str | None, bool]:
    media = sdp.parse(message.body if isinstance(message.body, str) else message.body.decode()).media[0]
    return media.port, media.ice_ufrag, media.rtcp_mux


def protocol(message: SipMessage) -> str:
    return sdp.parse(message.body if isinstance(message.body, str) else message.body.decode()).media[0].protocol
