"""The engine on its socket: what the library's own client sees of it."""

from __future__ import annotations

import pytest

from rtpe_ng import Client, Leg
from rtpe_ng.testing import EmbeddedEngine, bodies

pytestmark = pytest.mark.anyio


async def test_a_call_from_offer_to_delete() -> None:
    async with EmbeddedEngine() as engine, Client(engine.url) as client:
        await client.ping()
        ids = {"call-id": "1", "from-tag": "a"}
        offered = await client.request({"command": "offer", "sdp": bodies.offer(Leg.SIP), **ids})
        assert "c=IN IP4 127.0.0.1" in str(offered["sdp"])
        assert (await client.request({"command": "list"}))["calls"] == ["1"]
        await client.request({"command": "answer", "sdp": bodies.offer(Leg.SIP), "to-tag": "b", **ids})
        await client.request({"command": "delete", "delete-delay": 0, **ids})
        assert engine.calls == []
