"""What is parsed, rewritten and rendered is accepted by real daemons, as an offer in all four directions."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from rtpe_ng import Client, Direction, EngineError, Flags, Leg, UsageError, profiles, sdp
from rtpe_ng.testing import Rtpengine, bodies
from tests.support.descriptions import CAPTURED, HASH
from tests.support.sdp_helpers import HELPERS

# One loop does: what is tested is not of the loop.
pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

Rewrite = Callable[[sdp.Session], sdp.Session]
OURS = CAPTURED | {
    f"{leg}-{name}".lower().replace("/", "-"): body.encode()
    for leg, name, body in (
        (Leg.WEB, "offer", bodies.offer(Leg.WEB)),
        (Leg.SIP, "offer", bodies.offer(Leg.SIP)),
        (Leg.SIP, "RTP/SAVP", bodies.offer(Leg.SIP, protocol="RTP/SAVP")),
    )
}


def for_phones(session: sdp.Session) -> sdp.Session:
    plain = session.pipe(sdp.remove_ice).pipe(sdp.set_rtcp_mux, "demux").pipe(sdp.set_profile, "RTP/AVP")
    return plain.pipe(sdp.clean_for_sip)


def for_browsers(session: sdp.Session) -> sdp.Session:
    secure = session.pipe(sdp.set_profile, "UDP/TLS/RTP/SAVPF", fingerprint=HASH, setup="actpass")
    muxed = secure.pipe(sdp.set_rtcp_mux, "require").pipe(sdp.set_mids)
    with_ice = muxed.pipe(sdp.set_ice_credentials, ufrag="rtpe", pwd="passwordpasswordpasswd")
    return with_ice.pipe(sdp.set_candidates, ["1 1 udp 2130706431 127.0.0.1 40000 typ host"])


def _applied(call: Callable[..., Any], session: sdp.Session) -> sdp.Session:
    try:
        changed: sdp.Session = call(session)
    except UsageError as error:
        if "no codec would be left" not in str(error):
            raise
        return session
    return changed


REWRITES: dict[str, Rewrite] = {
    "as it is": lambda it: it,
    "for phones": for_phones,
    "for browsers": for_browsers,
    "bundled": lambda it: it.pipe(sdp.set_mids).pipe(sdp.set_bundle) if in_use(it) else it,
    "moved": lambda it: sdp.set_port(it, 40404, media=0),
} | {helper.name: functools.partial(_applied, helper.call) for helper in HELPERS}


def in_use(session: sdp.Session) -> bool:
    return any(not media.is_rejected for media in session.media)


async def refused(client: Client, offers: Iterable[tuple[str, bytes, Direction]]) -> dict[str, str]:
    """Offer these bodies, each in a call of its own, and return what was refused, with the daemon's words.

    One after the other: with many under way at once, 12.5 died once in four runs.
    """
    found = {}
    for name, body, direction in offers:
        call_id = f"{name} {direction}"
        try:
            flags = profiles.MODERN.offer_flags(direction)
            await client.offer(sdp=body, call_id=call_id, from_tag="a", flags=flags)
            await client.delete(call_id=call_id, from_tag="a", delete_delay=0)
        except EngineError as error:
            found[call_id] = error.reason
    return found


async def test_our_bodies_in_all_directions(any_daemon: Rtpengine) -> None:
    offers = (
        (f"{name}, {how}", bytes(rewrite(sdp.parse(body))), direction)
        for (name, body), (how, rewrite) in itertools.product(OURS.items(), REWRITES.items())
        for direction in Direction
    )
    async with Client(any_daemon.url, timeout=20) as client:
        assert await refused(client, offers) == {}


CORPUS = os.environ.get("RTPE_NG_CORPUS")


@pytest.mark.skipif(CORPUS is None, reason="RTPE_NG_CORPUS names no folder with a corpus of SDP")
async def test_the_corpus(any_daemon: Rtpengine) -> None:
    """What the daemon accepts comes back byte for byte; rewritten, it is accepted still."""
    assert CORPUS is not None
    bodies = {path.stem: path.read_bytes() for path in sorted(Path(CORPUS, "sdp").glob("*.sdp"))}
    assert len(bodies) > 200
    async with Client(any_daemon.url, timeout=20) as client:
        as_they_are = ((name, body, Direction.WEB_TO_SIP) for name, body in bodies.items())
        not_accepted = {key.rpartition(" ")[0] for key in await refused(client, as_they_are)}
        accepted = {name: body for name, body in bodies.items() if name not in not_accepted}
        assert len(accepted) > 200
        for name, body in accepted.items():
            assert bytes(sdp.parse(body)) == body, name
        ways = itertools.cycle(Direction)
        offers = (
            (f"{name}, {how}", bytes(rewrite(sdp.parse(body))), next(ways))
            for (name, body), (how, rewrite) in itertools.product(accepted.items(), REWRITES.items())
        )
        assert await refused(client, offers) == {}


async def test_two_bodies_glued_are_two_sessions_for_the_daemon_too(any_daemon: Rtpengine) -> None:
    """The daemon sends to the addresses that our views have: each section's is that of its own session."""
    one = bodies.offer(Leg.SIP)
    glued = sdp.parse(one + one.replace("127.0.2.1", "127.0.2.9").replace("m=audio 40000", "m=audio 40100"))
    async with Client(any_daemon.url, timeout=20) as client:
        await client.offer(sdp=str(glued), call_id="glued", from_tag="a", flags=Flags(trust_address=True))
        found = await client.query(call_id="glued")
        await client.delete(call_id="glued", from_tag="a", delete_delay=0)
    told = [
        (stream.endpoint.address, stream.endpoint.port)
        for media in found.tags["a"].medias
        for stream in media.streams[:1]
        if stream.endpoint is not None
    ]
    assert told == [(it.connection and it.connection.address, it.port) for it in glued.media]
