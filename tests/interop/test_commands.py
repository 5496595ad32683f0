"""Every command is sent to every real daemon, and its reply read into its type; what one lacks is told as such."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, get_args, get_type_hints

import anyio
import attrs
import pytest

from rtpe_ng import Client, EngineError, Flags, Leg, UsageError, sdp
from rtpe_ng.messages import COMMANDS, Command, PartyReply, QueryReply, Reply, is_older
from rtpe_ng.testing import Rtpengine, bodies
from tests.support.engines import AnyEngine
from tests.support.exercise import BEGIN, STEPS, Step, fitting, short

pytestmark = pytest.mark.anyio

ODD = {
    # It takes a tag as enough, and does not know the word that newer ones want beside it.
    "10.5": {"directional"},
    # It reads them, and complains all the same.
    "26.0": {"source-tag", "source-call-id"},
}


@contextmanager
def phone() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.2.1", 0))
        yield one


def moved(command: Any, port: int) -> Any:
    return attrs.evolve(command, sdp=command.sdp.replace("m=audio 40000", f"m=audio {port}"))


def speak(one: socket.socket, body: str, source: int) -> None:
    """Send the daemon a few packets of RTP with PCMU, to where `body` says."""
    port = sdp.parse(body).media[0].port
    for number in range(10):
        header = struct.pack("!BBHII", 0x80, 0, number, 160 * number, source)
        one.sendto(header + b"\xff" * 160, ("127.0.0.1", port))


async def heard(client: Client, call_id: str) -> QueryReply:
    """Return what the daemon knows of a call when the packets that were sent have reached it."""
    with anyio.fail_after(5):
        while (reply := await client.query(call_id=call_id)).totals.rtp.packets < 20:
            await anyio.sleep(0.01)
    return reply


def reply_type(command: Command[Any]) -> type[Reply]:
    found: type[Reply] = get_type_hints(type(command).read)["return"]
    assert get_args(found) == ()
    return found


async def do(client: Client, version: str, step: Step) -> Reply | None:
    command = step.command
    lacking = is_older(version, command.since)
    if not lacking:
        # A key that is newer than the daemon would only be ignored.
        command = fitting(command, version)
    reason = step.reason(version)
    if not lacking and not reason:
        reply = await client.send(command)
        assert type(reply) is reply_type(command)
        assert "\n" not in repr(reply)
        return reply
    with pytest.raises(EngineError) as refused:
        await client.send(command)
    assert refused.value.command == command.command
    if lacking:
        assert refused.value.hint == f"known since {command.since}"
    else:
        assert refused.value.reason == reason
    return None


@pytest.fixture
async def client(any_engine: AnyEngine) -> AsyncIterator[Client]:
    async with Client(any_engine.url) as client:
        yield client


@pytest.fixture
async def real(any_daemon: Rtpengine) -> AsyncIterator[Client]:
    async with Client(any_daemon.url) as client:
        yield client


async def test_every_command_on_every_daemon(any_daemon: Rtpengine, real: Client) -> None:
    version = any_daemon.version
    seen = len(any_daemon.log)
    bodies_made = []
    with phone() as caller, phone() as callee:
        ports = {"offer": caller.getsockname()[1], "answer": callee.getsockname()[1]}
        for step in BEGIN:
            ours = attrs.evolve(step, command=moved(step.command, ports[step.command.command]))
            bodies_made.append((await do(real, version, ours)).sdp)  # type: ignore[union-attr]
        # The offer went to the callee, and what came back is where it sends to; so with the answer.
        speak(callee, bodies_made[2], 1)
        speak(caller, bodies_made[3], 2)
        await heard(real, "c")
        for step in STEPS:
            await do(real, version, step)
    log = any_daemon.log[seen:]
    unknown = set(re.findall(r"Unknown (?:flag|dictionary key) encountered: '(.*)'", log))
    assert unknown <= ODD.get(short(version), set()), unknown


async def test_what_a_daemon_counts_is_what_its_version_knows(any_engine: AnyEngine, client: Client) -> None:
    version = any_engine.version
    capabilities = await client.capabilities()
    assert capabilities.commands == {name for name, kind in COMMANDS.items() if not is_older(version, kind.since)}
    assert not is_older(version, capabilities.at_least)
    assert capabilities.older_than is None or is_older(version, capabilities.older_than)
    for name, kind in COMMANDS.items():
        # Each daemon really knows it, or really does not.
        reply = await client.request({"command": name})
        assert (reply.get("error-reason") == "Unrecognized command") == is_older(version, kind.since)
    async with Client(any_engine.url, version=version) as told:
        assert await told.capabilities() == capabilities


async def test_a_client_that_knows_the_version_refuses_before_it_sends() -> None:
    async with Client("udp://127.0.0.1:9", version="12.5") as client:
        with pytest.raises(EngineError, match=r"known since 26\.0, and this daemon is 12\.5") as refused:
            await client.create()
        assert (refused.value.command, refused.value.reason) == ("create", "Unrecognized command")
    with pytest.raises(UsageError, match=r"'26\.0'"):
        Client("udp://127.0.0.1:9", version="latest")


async def establish(client: Client, call_id: str) -> None:
    sent = await client.offer(sdp=bodies.offer(Leg.SIP), call_id=call_id, from_tag="a", flags=Flags(label="one"))
    body = bodies.answer(Leg.SIP, sent.sdp)
    await client.answer(sdp=body, call_id=call_id, from_tag="a", to_tag="b")


async def test_the_tree_of_a_call(any_daemon: Rtpengine, real: Client) -> None:
    with phone() as caller, phone() as callee:
        offer = bodies.offer(Leg.SIP).replace("m=audio 40000", f"m=audio {caller.getsockname()[1]}")
        sent = await real.offer(sdp=offer, call_id="tree", from_tag="a", flags=Flags(metadata="m"))
        answer = bodies.answer(Leg.SIP, sent.sdp).replace("m=audio 40000", f"m=audio {callee.getsockname()[1]}")
        back = await real.answer(sdp=answer, call_id="tree", from_tag="a", to_tag="b")
        speak(callee, sent.sdp, 1)
        speak(caller, back.sdp, 2)
        reply = await heard(real, "tree")
    one, other = reply.tags["a"], reply.tags["b"]
    assert (one.in_dialogue_with, other.in_dialogue_with) == ("b", "a")
    assert [(peer.tag, peer.type) for peer in one.subscribers] == [("b", "offer/answer")]
    assert reply.totals.rtp.packets == 20
    media = one.medias[0]
    assert (media.type, media.protocol, media.codec) == ("audio", "RTP/AVP", "PCMU/8000")
    stream = media.streams[0]
    assert stream.local_address == "127.0.0.1"
    assert (stream.stats.packets, stream.stats.bytes) == (10, 10 * 172)
    assert stream.ssrc in (2, None)
    assert stream.endpoint == stream.advertised_endpoint
    if is_older(any_daemon.version, "11.0"):
        assert stream.stats_out is None
    else:
        assert stream.stats_out is not None
        assert stream.stats_out.packets == 10
        assert [(source.ssrc, source.packets) for source in media.sources] == [(2, 10)]
        assert reply.sources.keys() == {1, 2}
        assert reply.sources[2].packets == 10
        assert reply.sources[2].average is None
    await real.delete(call_id="tree", delete_delay=0)


async def test_the_figures_of_a_daemon(client: Client) -> None:
    await establish(client, "figures")
    reply = await client.statistics()
    assert reply.sessions == reply.current.sessions == reply.current.sessions_own
    assert reply.sessions >= 1
    assert reply.totals.sessions >= 0
    assert reply.totals.average_duration >= 0
    assert reply.mos.samples == 0
    assert reply.voip_metrics.jitter.average >= 0
    (pub, _priv) = reply.interfaces
    assert (pub.name, pub.address) == ("pub", "127.0.0.1")
    assert pub.ports.used > 0
    assert pub.ports.max > pub.ports.min
    assert pub.ports.free + pub.ports.used == pub.ports.max - pub.ports.min + 1
    await client.delete(call_id="figures", delete_delay=0)


async def test_figures_are_decoded_when_they_are_looked_at(client: Client) -> None:
    await establish(client, "later")
    asked, figures = await client.query(call_id="later"), await client.statistics()
    reply = await client.delete(call_id="later", from_tag="a", delete_delay=30)
    for each in (asked, figures, reply):
        assert repr(each.raw) == "<LazyDocument, not decoded yet>"
    assert figures.sessions >= 1
    assert isinstance(reply, QueryReply)
    assert set(asked.tags) == set(reply.tags) == {"a", "b"}
    plain = await client.request({"command": "delete", "call-id": "later", "from-tag": "a", "delete-delay": 0})
    assert type(plain) is dict
    assert plain["result"] == "ok"


async def test_a_party_that_the_daemon_names(any_engine: AnyEngine, client: Client) -> None:
    sends = bodies.offer(Leg.SIP).replace("sendrecv", "sendonly")
    if is_older(any_engine.version, "26.0"):
        with pytest.raises(EngineError, match="give call_id= and from_tag="):
            await client.publish(sdp=sends)
    else:
        reply = await client.publish(sdp=sends)
        assert isinstance(reply, PartyReply)
        await client.delete(call_id=reply.call_id, delete_delay=0)
    named = await client.publish(sdp=sends, call_id="named", from_tag="p")
    assert (named.call_id, named.from_tag) == ("named", "p")
    assert "a=recvonly" in named.sdp
    await client.delete(call_id="named", delete_delay=0)
