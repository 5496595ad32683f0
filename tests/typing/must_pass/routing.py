# pyright: strict
"""A router, for the messages of a stack and what a registrar knows."""

from dataclasses import dataclass, replace
from typing import assert_type

from rtpe_ng import Call, Client, Direction, Leg, RtpeError
from rtpe_ng.routing import Router, SipMessage, StateStore, branch_of, seal, unseal


@dataclass(frozen=True)
class Message:
    method: str
    headers: dict[str, str]
    body: str = ""
    route: str = ""


class Stack:
    def read(self, message: Message, /) -> SipMessage:
        return SipMessage(
            method=message.method,
            call_id=message.headers["Call-ID"],
            from_tag="a",
            to_tag=None,
            branch=branch_of(message.headers["Via"]),
            body=message.body,
        )

    def write(self, message: Message, /, *, body: str | None = None, route: str | None = None) -> Message:
        return replace(message, body=body or message.body, route=route or message.route)


class Store:
    async def get(self, key: str, /) -> str | None: ...
    async def set(self, key: str, state: str, /) -> None: ...
    async def delete(self, key: str, /) -> None: ...


def policy(invite: Message, callee: Leg) -> Direction | None:
    return Direction.of(Leg.of_via(invite.headers["Via"]), callee)


async def main(client: Client, invite: Message, reply: Message) -> None:
    router = Router(client, Stack(), policy, secret=b"sixteen or more bytes")
    assert_type(router, Router[Message, Leg])
    assert_type(await router.on_invite(invite, Leg.WEB, fork="z9"), Message)
    assert_type(await router.on_reply(invite, reply), Message)
    assert_type(await router.on_request(invite), Message)
    async with router.locked("x") as call:
        assert_type(call, Call)
    await router.transfer("x", "bob", to="carol", leg=Leg.SIP)
    store: StateStore = Store()
    Router(client, Stack(), policy, states=store, interfaces=("a", "b"))
    assert_type(unseal(seal("s", secret=b""), secret=b""), str)


def status(error: RtpeError) -> int:
    return error.sip_status
