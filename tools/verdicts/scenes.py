"""Write tests/data/scenes.jsonl: descriptions that two Chromiums, and a Chromium and a daemon, exchange.

    python -m tools.verdicts.scenes

A scene has one or two rounds of offer and answer. Its recipes say what the browser adds before it offers, so that
the offer can be made again: a browser takes answers to its own offers only.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from rtpe_ng import Client, Direction, Leg
from rtpe_ng.testing import Rtpengine, bodies
from tests.media.rig.browser import Chromium

from .chromium import page_of

FILE = Path(__file__).parents[2] / "tests/data/scenes.jsonl"

SCENES = {
    "audio": [("first", "audio", "both"), ("first", "audio", "both")],
    "audio-back": [("first", "audio", ""), ("second", "", "both")],
    "audio-hold": [("first", "audio", "both"), ("second", "hold", "")],
    "audio-restart": [("first", "audio", "both"), ("first", "restart", "")],
    "audio-video-data": [("first", "audio video data", "both"), ("second", "", "both")],
    "audio-adds-video": [("first", "audio", "both"), ("first", "video data", "")],
    "audio-full": [("first", "audio full", "both")],
    "data": [("first", "data", ""), ("second", "audio/recvonly", "both")],
    "rejected": [("first", "audio video", "reject"), ("first", "audio/sendonly", "")],
    "recycled": [("first", "video audio", "both"), ("first", "stop", ""), ("first", "audio", "")],
    "simulcast": [("first", "simulcast", "")],
    "four": [("first", "audio audio/recvonly video/sendonly data", ""), ("second", "", "")],
    "no-bundle": [("first", "audio video max-compat", ""), ("first", "", "")],
    "max-bundle": [("first", "audio video data max-bundle", ""), ("second", "", "")],
    "balanced": [("first", "audio audio video balanced", "both reject")],
}
"""By name the rounds of each scene: who offers, what is added for the offer, and what the other does."""
FROM_DAEMONS = ("audio", "audio-video-data")
"""The scenes of which the first offer is also given to daemons, and a phone answers."""


async def between_browsers(page: Page) -> list[dict[str, Any]]:
    found = []
    for name, rounds in SCENES.items():
        told = [{"by": by, "asks": asks, "answers": answers} for by, asks, answers in rounds]
        written = iter(await page.evaluate("(rounds) => scene(rounds)", told))
        found.append(
            {"name": name, "rounds": [it | {"offer": next(written), "answer": next(written)} for it in told]}
        )
    return found


async def with_daemons(scenes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    roots = filter(None, os.environ.get("RTPE_NG_ROOTS", "").split(":"))
    for command in (None, *(["chroot", root, "rtpengine"] for root in roots)):
        with Rtpengine(command=command) as daemon:
            version = ".".join(daemon.version.split(".")[:2])
            async with Client(daemon.url) as client:
                for scene in scenes:
                    if scene["name"] not in FROM_DAEMONS:
                        continue
                    first = scene["rounds"][0]
                    calls = {"web": (Direction.WEB_TO_WEB, first["answer"])}
                    if scene["name"] == "audio":
                        calls["sip"] = (Direction.WEB_TO_SIP, bodies.answer(Leg.SIP, bodies.offer(Leg.SIP)))
                    for callee, (direction, answer) in calls.items():
                        async with client.call("x", from_tag="a", direction=direction, delete_delay=0) as call:
                            offered = (await call.offer(first["offer"])).sdp
                            answered = (await call.answer(answer, by="b")).sdp
                        found.append(
                            {
                                "name": f"rtpengine-{version}-{scene['name']}-{callee}",
                                "rounds": [
                                    first | {"offer": offered, "answer": answered, "answering": first["offer"]}
                                ],
                            }
                        )
    return found


async def capture() -> None:
    async with Chromium.start(str(Chromium.find())) as chromium:
        scenes = await between_browsers(await page_of(chromium))
    scenes += await with_daemons(scenes)
    FILE.write_text("".join(f"{json.dumps(scene)}\n" for scene in scenes), encoding="utf-8")
    print(f"{len(scenes)} scenes, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    asyncio.run(capture())
