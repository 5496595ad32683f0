"""What serves a call is taken out, piece by piece, to see its scenario fail: so the others show something."""

from __future__ import annotations

import asyncio

import attrs
import pytest

from rtpe_ng import Call, Client, Direction, Profile, profiles
from rtpe_ng.call import DtlsRoles
from rtpe_ng.call.settings import CallSettings
from rtpe_ng.flags import Flags
from rtpe_ng.testing import Rtpengine
from tests.media.rig.browser import Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import Refused, hear_each_other, hears, hears_nothing
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio

ONE_VERSION = pytest.mark.parametrize("any_daemon", [pytest.param(None, id="installed")], indirect=True)
FROM_A_BROWSER = pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP], ids=str)


async def test_without_a_constant_tls_id(
    any_daemon: Rtpengine, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rtpe_ng.call.call.with_tls_id", lambda body, **_: body.text)
    # Where the daemon is told of the restart ahead, it begins no new association.
    monkeypatch.setattr("rtpe_ng.call.call.restart_fragment", lambda _: None)
    await talk.connect()
    await hear_each_other(talk.caller, talk.callee)
    await talk.restart_ice(talk.web)
    if any_daemon.version.startswith("10."):
        await hear_each_other(talk.caller, talk.callee)  # it takes no notice of tls-id
    else:
        # It must not be the 26.0 that checks paths for four seconds: toward the browser nothing waits for that.
        await asyncio.gather(hears_nothing(talk.web, seconds=1), hears_nothing(talk.phone, seconds=1))


@ONE_VERSION
@FROM_A_BROWSER
async def test_without_the_reversed_direction(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    await talk.connect()
    monkeypatch.setattr(CallSettings, "path", lambda settings, place: settings.direction)
    with pytest.raises(Refused, match="without DTLS fingerprint"):
        await talk.negotiate(talk.callee)


@FROM_A_BROWSER
async def test_without_via_branch(
    any_daemon: Rtpengine,
    call: Call,
    parties: Parties,
    chromium: Chromium,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = await parties.browser(chromium, 660)
    lost, won = [
        Talk(call.fork(via_branch=tag), caller, await parties.phone(tone), tag)
        for tag, tone in (("b1", 1000), ("b2", 1400))
    ]
    monkeypatch.setattr(Call, "via_branch", None)
    body = await caller.offer()
    offers = [await branch.offer(caller, body) for branch in (lost, won)]
    await lost.answer(lost.callee, await lost.callee.answer(offers[0]), provisional=True)
    await hears(caller, lost.callee)
    if any_daemon.version.startswith(("10.", "12.")):
        with pytest.raises(Refused, match="RTCP-MUX is not enabled"):
            await won.answer(won.callee, await won.callee.answer(offers[1]))
    else:
        await won.answer(won.callee, await won.callee.answer(offers[1]))
        await hear_each_other(caller, won.callee)
        await lost.call.delete()
        await asyncio.gather(hears_nothing(caller), hears_nothing(won.callee))


def without(path: Direction, **changes: object) -> Profile:
    """Return MODERN, but for these flags of the offers on this path."""
    changed: Flags = profiles.MODERN.offer_flags(path).evolve(**changes)
    return attrs.evolve(profiles.MODERN, offers={**profiles.MODERN.offers, path: changed})


@ONE_VERSION
@pytest.mark.parametrize(
    ("direction", "profile", "refusal"),
    [
        (Direction.SIP_TO_WEB, without(Direction.SIP_TO_WEB, rtcp_mux=None), "RTCP-MUX is not enabled"),
        (Direction.SIP_TO_WEB, without(Direction.SIP_TO_WEB, ice="remove"), "without ice-ufrag"),
        (Direction.SIP_TO_WEB, without(Direction.SIP_TO_WEB, transport_protocol=None), "DTLS fingerprint"),
        (Direction.WEB_TO_SIP, without(Direction.WEB_TO_SIP, rtcp_mux=None), "RTCP-MUX is not enabled"),
    ],
    ids=["rtcp-mux to web", "ICE", "protocol", "rtcp-mux to sip"],
)
async def test_without_a_flag(
    client: Client, parties: Parties, chromium: Chromium, direction: Direction, profile: Profile, refusal: str
) -> None:
    async with client.call("flag", from_tag="a", direction=direction, profile=profile, delete_delay=0) as call:
        caller = await parties.of(direction.caller, chromium, 660)
        talk = Talk(call, caller, await parties.of(direction.callee, chromium, 1000))
        with pytest.raises(Refused, match=refusal):
            await talk.connect()


@ONE_VERSION
@pytest.mark.parametrize("direction", [Direction.SIP_TO_WEB], ids=str)
async def test_without_the_settled_dtls_roles(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DtlsRoles, "answered", lambda roles, *_, **__: roles)
    await talk.connect()
    await talk.offer(talk.phone)
    talk.call.rollback()
    with pytest.raises(Refused, match="Failed to set SSL role"):
        await talk.negotiate(talk.web)
