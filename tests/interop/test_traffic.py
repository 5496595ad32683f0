"""What passed between each party and the daemon: real RTP and RTCP through each, and the same view of all."""

from __future__ import annotations

import pytest
from anyio import fail_after, sleep

from rtpe_ng import Call, Client, Direction, Flags
from rtpe_ng.messages import Traffic, is_older
from rtpe_ng.testing import Rtpengine
from tests.support.reporter import Reporter

pytestmark = pytest.mark.anyio

ALICE, BOB = 0x1000, 0x2000
PACKETS = 40
"""How many packets each party sends in each section; of alice's, every fifth is lost before the daemon."""


@pytest.fixture
def anyio_backend() -> str:
    # What is tested is the daemon, and it takes its time.
    return "asyncio"


async def talk(call: Call, alice: Reporter, bob: Reporter, *, flags: Flags | None = None) -> None:
    """Connect the two, and let each send its packets."""
    bob.follow((await call.offer(alice.body(), flags=flags)).sdp)
    alice.follow((await call.answer(bob.body(), by="bob", flags=flags)).sdp)
    for number in range(PACKETS):
        # Not the last one, of which nobody would know.
        alice.speak(lose=number % 5 == 2)
        bob.speak()
        await sleep(0.005)
        alice.listen()
        bob.listen()


async def passed(call: Call, alice: Reporter, bob: Reporter) -> None:
    """Wait until all that was sent has come through the daemon."""
    with fail_after(5):
        for listener, speaker in ((alice, bob), (bob, alice)):
            for heard, sent in zip(listener.sections, speaker.sections, strict=True):
                while len(heard.heard) < sent.sent:
                    await sleep(0.01)
                    heard.listen()


async def reported(call: Call, alice: Reporter, bob: Reporter) -> None:
    """Let both report until the daemon has made something of it in all sections."""
    with fail_after(10):
        while True:
            for one in (alice, bob):
                one.report()
                await sleep(0.02)
                alice.listen()
                bob.listen()
            parties = (await call.query()).parties
            flows = [it.received for tag in ("alice", "bob") for it in parties[tag].medias]
            if all(it.mos is not None and it.packets_lost is not None for it in flows):
                return


def quality_of(traffic: Traffic) -> tuple[float, float]:
    """Return loss and MOS, both known, when all else is known and what it can be."""
    assert traffic.jitter is not None
    assert 0 <= traffic.jitter < 1000
    assert traffic.round_trip_time is not None
    assert 0 < traffic.round_trip_time < 5000
    assert traffic.reports > 0
    assert traffic.loss is not None
    assert traffic.mos is not None
    assert 1.0 <= traffic.mos <= 5.0
    return traffic.loss, traffic.mos


@pytest.mark.parametrize("mux", [False, True], ids=["", "rtcp-mux"])
async def test_each_party_has_its_traffic_and_its_quality(any_daemon: Rtpengine, mux: bool) -> None:
    is_old = is_older(any_daemon.version, "11.0")
    kinds = ["audio", "video"]
    async with Client(any_daemon.url) as client:
        call = client.call("traffic", from_tag="alice", direction=Direction.SIP_TO_SIP, delete_delay=0)
        with Reporter(kinds, ALICE, mux=mux) as alice, Reporter(kinds, BOB, mux=mux) as bob:
            async with call:
                await talk(call, alice, bob)
                await passed(call, alice, bob)
                before = (await call.query()).parties
                # Nobody has reported yet.
                for tag, packets in (("alice", 2 * PACKETS * 4 // 5), ("bob", 2 * PACKETS)):
                    received = before[tag].received
                    assert (received.packets, received.bytes) == (packets, packets * 172)
                    assert received.packets_lost is received.loss is received.mos is None
                    assert received.reports == 0
                assert before["alice"].sent.packets == (None if is_old else 2 * PACKETS)
                await reported(call, alice, bob)
                reply = await call.query()
                last = await client.delete(call_id="traffic", from_tag="alice", delete_delay=30)
    for parties in (reply.parties, last.parties):
        for from_alice, from_bob in (
            (parties["alice"].received, parties["bob"].received),
            *(
                (a.received, b.received)
                for a, b in zip(parties["alice"].medias, parties["bob"].medias, strict=True)
            ),
        ):
            loss, mos = quality_of(from_alice)
            # With rtcp-mux, nothing that 10.5 tells parts RTCP from RTP.
            assert 0.0 < loss < 0.2 if mux and is_old else loss == pytest.approx(0.2)
            no_loss, best = quality_of(from_bob)
            assert no_loss == 0.0
            assert mos < best
        # What alice is sent is what bob's media is like at the end, and the other way round.
        assert parties["alice"].sent.mos == parties["bob"].received.mos
        assert parties["bob"].sent.packets_lost == 2 * PACKETS // 5
        if not (mux and is_old):
            assert [media.received.packets for media in parties["bob"].medias] == [PACKETS, PACKETS]
            assert parties["alice"].received.packets == 2 * PACKETS * 4 // 5


async def test_what_is_transcoded_counts_once(any_daemon: Rtpengine) -> None:
    async with Client(any_daemon.url) as client:
        flags = Flags(codec={"transcode": ["PCMA"]})
        call = client.call("twice", from_tag="alice", direction=Direction.SIP_TO_SIP, delete_delay=0)
        with Reporter(["audio"], ALICE) as alice, Reporter(["audio"], BOB) as bob:
            section = bob.sections[0]
            section.payload_type, section.codec = 8, "PCMA/8000"
            async with call:
                await talk(call, alice, bob, flags=flags)
                with fail_after(5):
                    while (found := (await call.query()).parties)["bob"].received.packets != PACKETS:
                        await sleep(0.02)
    assert found["alice"].received.packets == PACKETS * 4 // 5
    # Where a daemon transcodes, it fills the gaps or not: it has sent something, or does not tell.
    assert found["alice"].sent.packets != 0
