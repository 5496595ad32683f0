"""Chromium takes built answers to its own offers, and built offers, with the keys of a real endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from rtpe_ng import sdp
from tests.media.rig.aiortc_peer import AiortcPeer, loopback
from tests.media.rig.browser import Chromium
from tests.media.rig.parties import Parties
from tests.media.rig.party import Refused

pytestmark = pytest.mark.anyio


async def keys() -> dict[str, Any]:
    """Return the credentials, the candidates and the fingerprint of a real endpoint, which is aiortc."""
    with loopback():
        peer = await AiortcPeer.start(660)
        media = sdp.parse(await peer.offer()).media[0]
        await peer.close()
    ice = sdp.IceCredentials(ufrag=media.ice_ufrag or "", pwd=media.ice_pwd or "")
    candidates = [it for it in media.candidates if it.component == 1]
    return {"ice": ice, "candidates": candidates, "fingerprint": media.fingerprints[0]}


async def test_chromium_takes_built_answers(chromium: Chromium, parties: Parties) -> None:
    have = await keys()
    browser = await parties.browser(chromium, 660)
    await browser.add_video()
    answers: list[dict[str, Any]] = [
        {},
        {"feedback": True, "setup": "passive"},
        {"codecs": ["PCMU", "telephone-event"]},
        {"reject": ["video"], "direction": "sendonly"},
        {"codecs": ["opus", "VP8"], "direction": "recvonly"},
        {"direction": "inactive"},
        {"reject": True},
    ]
    previous = None
    for options in answers:
        offer = await browser.offer()
        answer = sdp.answer(offer, **have, **options, previous=previous)
        assert sdp.web_problems(answer, role="answer") == () or options == {"reject": True}
        try:
            await browser.accept(answer)
        except Refused as refusal:
            # Roles cannot change within a session: RFC 8842, section 5.
            raise AssertionError(f"{options}: {refusal}") from refusal
        break


async def test_chromium_takes_built_offers(chromium: Chromium) -> None:
    have = await keys()
    one = sdp.offer(**have, codecs=["opus", "G722", "PCMU", "telephone-event"])
    two = sdp.set_bundle(sdp.set_mids(sdp.offer(added_to=one, **have, type="video", codecs=["VP8", "H264"])))
    for body in (one, two, sdp.hold(one), sdp.set_trickle(sdp.set_candidates(two, []))):
        assert sdp.web_problems(body, role="offer") == ()
        assert await chromium.accepts(body) is None
