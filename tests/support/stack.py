"""A SIP stack for tests of routing, whose messages are what the router reads of them."""

from __future__ import annotations

from typing import Any

import attrs

from rtpe_ng import Client, Direction, Leg
from rtpe_ng.routing import Router, SipMessage
from rtpe_ng.testing import bodies

SECRET = b"a secret of these tests"


class PlainStack:
    """Messages that need no translation."""

    def read(self, message: SipMessage, /) -> SipMessage:
        return message

    def write(self, message: SipMessage, /, *, body: str | None = None, route: str | None = None) -> SipMessage:
        changed: dict[str, Any] = {"body": body, "route": route}
        return attrs.evolve(message, **{name: value for name, value in changed.items() if value is not None})


def to_the(invite: SipMessage, callee: Direction | None) -> Direction | None:
    """Return what the test says, as a policy does."""
    return callee


def router_of(client: Client, **options: Any) -> Router[SipMessage, Direction | None]:
    return Router(client, PlainStack(), to_the, **{"secret": SECRET} | options)


def invite(call_id: str, *, leg: Leg = Leg.WEB, **more: Any) -> SipMessage:
    """Return an INVITE of alice."""
    given = {"from_tag": "alice", "branch": "z9-invite", "source": "127.0.0.1", "body": bodies.offer(leg)} | more
    return SipMessage(method="INVITE", call_id=call_id, **given)


def response(request: SipMessage, status: int, *, to_tag: str = "", **more: Any) -> SipMessage:
    return attrs.evolve(request, status=status, to_tag=to_tag or request.to_tag, **{"body": "", "route": ""} | more)


def within(request: SipMessage, method: str, *, tags: tuple[str, str], **more: Any) -> SipMessage:
    """Return a request within the dialogue that an INVITE, as it went on, began: From and To tag are given."""
    given = {"body": "", "branch": f"z9-{method}-{tags[0]}"} | more
    return attrs.evolve(request, method=method, from_tag=tags[0], to_tag=tags[1], **given)
