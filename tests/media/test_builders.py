"""Chromium takes built answers to its own offers, and built offers, with the keys of a real endpoint."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from rtpe_ng import sdp
from tests.media.rig.aiortc_peer import AiortcPeer, loopback
from tests.media.rig.browser import Chromium

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


async def test_chromium_takes_built_answers(chromium: Chromium) -> None:
    have = await keys()
    ways: list[dict[str, Any]] = [
        {},
        {"feedback": True, "setup": "passive"},
        {"sctp_port": 5000},
        {"codecs": ["PCMU", "telephone-event"]},
        {"codecs": ["VP8", "rtx"]},
        {"reject": ["video"], "direction": "sendonly"},
        {"codecs": ["opus", "VP8"], "direction": "recvonly"},
        {"direction": "inactive"},
        {"bundle": False, "candidates": []},
        {"reject": True},
    ]
    for way in ways:
        for kinds in (["audio", "video"], ["video", "audio", "data"]):
            assert await chromium.accepts_answer(partial(built, have | way), kinds=kinds) is None, (way, kinds)


async def built(options: dict[str, Any], offer: str) -> str:
    return sdp.answer(offer, **options)


async def test_chromium_takes_built_offers(chromium: Chromium) -> None:
    have = await keys()
    one = sdp.offer(**have, codecs=["opus", "G722", "PCMU", "telephone-event"])
    two = sdp.set_bundle(sdp.offer(added_to=one, **have, type="video", codecs=["VP8", "H264"]))
    for body in (one, two, sdp.hold(one), sdp.set_trickle(sdp.set_candidates(two, []))):
        assert sdp.web_problems(body, role="offer") == ()
        assert await chromium.accepts(body) is None
