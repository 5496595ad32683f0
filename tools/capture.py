"""Write the bodies in tests/data/sdp: what Chromium and aiortc offer, and what the daemons at hand make of it.

python -m tools.capture
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from aiortc import RTCPeerConnection

from rtpe_ng import Client, Direction
from rtpe_ng.testing import Rtpengine
from tests.media.rig.aiortc_peer import loopback
from tests.media.rig.browser import Chromium

FOLDER = Path(__file__).parents[1] / "tests/data/sdp"
KINDS = {
    "audio": "connection.addTransceiver('audio');",
    "audio-video-data": (
        "connection.addTransceiver('audio'); connection.addTransceiver('video'); connection.createDataChannel('x');"
    ),
    "simulcast": (
        "connection.addTransceiver('video', {direction: 'sendonly', sendEncodings: "
        "[{rid: 'q', scaleResolutionDownBy: 4}, {rid: 'h', scaleResolutionDownBy: 2}, {rid: 'f'}]});"
    ),
}
OFFER = """async (adds) => {
  const connection = new RTCPeerConnection();
  new Function('connection', adds)(connection);
  await connection.setLocalDescription();
  const trickling = connection.localDescription.sdp;
  const whole = await described(connection);
  connection.close();
  return [trickling, whole];
}"""


async def from_chromium() -> dict[str, str]:
    found = {}
    async with Chromium.start(str(Chromium.find())) as chromium:
        page = await chromium.page()
        for name, adds in KINDS.items():
            trickling, whole = await page.evaluate(OFFER, adds)
            found[f"chromium-{name}"] = whole
            found[f"chromium-{name}-trickling"] = trickling
    return found


async def from_aiortc() -> dict[str, str]:
    with loopback():
        connection = RTCPeerConnection()
        connection.addTransceiver("audio")
        connection.addTransceiver("video")
        connection.createDataChannel("x")
        await connection.setLocalDescription(await connection.createOffer())
        body = connection.localDescription.sdp
        await connection.close()
    return {"aiortc-audio-video-data": body}


async def from_daemons(offers: dict[str, str]) -> dict[str, str]:
    found = {}
    roots = filter(None, os.environ.get("RTPE_NG_ROOTS", "").split(":"))
    for command in (None, *(["chroot", root, "rtpengine"] for root in roots)):
        with Rtpengine(command=command) as daemon:
            version = ".".join(daemon.version.split(".")[:2])
            async with Client(daemon.url) as client:
                for direction in (Direction.WEB_TO_WEB, Direction.WEB_TO_SIP):
                    async with client.call("x", from_tag="a", direction=direction, delete_delay=0) as call:
                        reply = await call.offer(offers["chromium-audio-video-data"])
                        found[f"rtpengine-{version}-to-{direction.callee}"] = reply.sdp
    return found


async def capture() -> None:
    found = await from_chromium() | await from_aiortc()
    found |= await from_daemons(found)
    FOLDER.mkdir(exist_ok=True)
    for name, body in found.items():
        (FOLDER / f"{name}.sdp").write_bytes(body.encode())
        print(name, len(body))


if __name__ == "__main__":
    asyncio.run(capture())
