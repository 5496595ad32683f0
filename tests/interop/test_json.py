"""A client that speaks JSON gets from every engine what one that speaks bencode gets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import attrs
import pytest

from rtpe_ng import Client, Direction, EngineError, Flags, Leg, UnknownCall, UsageError
from rtpe_ng.testing import bodies
from tests.support.engines import AnyEngine
from tests.support.peers import Peer, silent

pytestmark = pytest.mark.anyio


@attrs.frozen(kw_only=True)
class Both:
    """Two clients of one engine."""

    bencode: Client
    json: Client


@pytest.fixture
async def both(any_engine: AnyEngine) -> AsyncIterator[Both]:
    async with Client(any_engine.url) as bencode, Client(any_engine.url, encoding="json") as json:
        yield Both(bencode=bencode, json=json)


async def test_a_call_in_json_is_the_same_call(both: Both) -> None:
    flags = Flags(label='Zoë "1"', ice="remove")
    offered = await both.json.offer(sdp=bodies.offer(Leg.SIP), call_id="json", from_tag="a", flags=flags)
    answer = bodies.answer(Leg.SIP, offered.sdp).replace("s=call", "s=ü")
    answered = await both.json.answer(sdp=answer, call_id="json", from_tag="a", to_tag="b")
    assert "\r\ns=ü\r\n" in answered.sdp
    asked = await both.json.query(call_id="json")
    assert repr(asked.raw) == "<LazyDocument, not decoded yet>"
    assert dict(asked.raw) == dict((await both.bencode.query(call_id="json")).raw)
    assert asked.tags["a"].label == 'Zoë "1"'
    assert "json" in (await both.json.list(limit=1000)).calls
    ended = await both.json.delete(call_id="json", from_tag="a", delete_delay=0)
    assert ended.created == asked.created
    with pytest.raises(UnknownCall):
        await both.json.query(call_id="json")


async def test_what_a_daemon_tells_of_itself_is_the_same_in_json(both: Both) -> None:
    assert (await both.json.ping()).seconds > 0
    assert await both.json.capabilities() == await both.bencode.capabilities()
    figures, same = await both.json.statistics(), await both.bencode.statistics()
    assert figures.raw.keys() == same.raw.keys()
    assert figures.interfaces[0].address == same.interfaces[0].address
    unknown = {"command": "no such thing"}
    assert await both.json.request(unknown) == await both.bencode.request(unknown)
    with pytest.raises(EngineError, match="SDP"):
        await both.json.offer(sdp="v=0\r\nm=x", call_id="wrong", from_tag="a")


async def test_a_browsers_call_goes_through_in_json(both: Both) -> None:
    async with both.json.call("web", from_tag="a", direction=Direction.WEB_TO_SIP) as call:
        offered = await call.offer(bodies.offer(Leg.WEB))
        answered = await call.answer(bodies.answer(Leg.SIP, offered.sdp), by="b")
        assert "RTP/AVP" in offered.sdp
        assert "a=fingerprint" in answered.sdp


@pytest.mark.parametrize("text", ["\udcff", "\0"])
async def test_what_json_cannot_carry_is_not_sent(text: str) -> None:
    body = f"v=0\r\ns={text}\r\na=ice-pwd:secretsecretsecretsecret\r\n"
    with Peer(silent) as peer:
        async with Client(peer.url, encoding="json") as client:
            with pytest.raises(UsageError, match="bencode does") as refused:
                await client.offer(sdp=body, call_id="c", from_tag="a")
        assert peer.received == []
    # Its object would be the whole request.
    assert refused.value.__cause__ is refused.value.__context__ is None


async def test_another_encoding_is_refused() -> None:
    with pytest.raises(UsageError, match="'bencode' or 'json'"):
        Client("udp://127.0.0.1:9", encoding="xml")  # type: ignore[arg-type]
