# pyright: strict
"""The embedded engine and the bodies of an application's tests."""

from typing import assert_type

from rtpe_ng import Client, Leg
from rtpe_ng.testing import EmbeddedEngine, bodies


def test_a_gateway() -> None:
    with EmbeddedEngine(version="26.0", interfaces={"pub": "127.0.0.1"}) as engine:
        assert_type(engine, EmbeddedEngine)
        assert_type(engine.url, str)
        engine.advance(30)
        for request in engine.received:
            print(request)


async def test_with_a_client() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        body = bodies.offer(Leg.WEB)
        assert_type(body, str)
        await client.offer(sdp=body, call_id="c", from_tag="a")
