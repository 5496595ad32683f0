"""Time to parse and render a browser's offer, compared with aiortc and sdp-transform in the same run.

    .venv/bin/pip install '.[benchmark]'
    .venv/bin/python benchmarks/sdp.py

aiortc and sdp-transform (PyPI) read every line into objects at once; rtpe_ng reads a value when it is asked for. So
there is a second row for rtpe_ng, in which the codecs, candidates, fingerprints, sources and header extensions of
each section are read too. Times are CPU time of this process for one body, in microseconds, the best of several
rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import sdp_transform
from aiortc.sdp import SessionDescription

from rtpe_ng import sdp

ROUNDS, BODIES = 7, 200
CAPTURED = Path(__file__).parents[1] / "tests" / "data" / "sdp" / "chromium-audio-video-data.sdp"
VIDEO = ["VP8", "97", "102", "103"]


def offer() -> str:
    """Return a Chromium offer of audio, video and data with two video codecs, about 4 KB long."""
    session = sdp.parse(CAPTURED.read_bytes()).pipe(sdp.keep_codecs, VIDEO, media=1)
    return str(session.pipe(sdp.drop_candidates, transport="tcp").pipe(sdp.drop_candidates, address="ipv6"))


def ours(body: str) -> str:
    return str(sdp.parse(body))


def ours_with_views(body: str) -> str:
    session = sdp.parse(body)
    for media in session.media:
        _ = media.codecs, media.candidates, media.fingerprints, media.ssrcs, media.extmaps
        _ = media.ice_ufrag, media.ice_pwd, media.mid, media.direction, media.setup, media.rtcp
    return str(session)


def aiortc(body: str) -> str:
    return str(SessionDescription.parse(body))


def transform(body: str) -> str:
    return str(sdp_transform.write(sdp_transform.parse(body)))


def microseconds(render: Callable[[str], str], body: str) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(BODIES):
            render(body)
        best = min(best, time.process_time() - begun)
    return best / BODIES * 1e6


def main() -> None:
    body = offer()
    print(f"a Chromium offer of {len(body)} bytes, {len(sdp.parse(body).media)} sections: parse and render")
    rows = {
        "rtpe_ng": ours,
        "rtpe_ng, views read": ours_with_views,
        "aiortc": aiortc,
        "sdp-transform": transform,
    }
    times = {name: microseconds(render, body) for name, render in rows.items()}
    for name, render in rows.items():
        ratio = times[name] / times["rtpe_ng"]
        lossless = "lossless" if render(body) == body else "not lossless"
        print(f"{name:<20} {times[name]:8.1f} us  {ratio:6.1f} x  {lossless}")


if __name__ == "__main__":
    main()
