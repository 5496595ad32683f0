"""Bodies that are rewritten for the web are taken by Chromium and by aiortc."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from rtpe_ng import Leg, SdpError, UsageError, sdp
from rtpe_ng.testing import bodies
from tests.media.rig.browser import Chromium
from tests.support.descriptions import CAPTURED, HASH
from tests.support.sdp_helpers import HELPERS, Helper

pytestmark = pytest.mark.anyio

CORPUS = os.environ.get("RTPE_NG_CORPUS")
# What takes away what a browser insists on, or writes what is for answers, is not meant for its offers.
NOT_FOR_WEB = (
    *("remove_ice", "remove_dtls", "clean_for_sip", "set_rtcp_mux('demux')", "set_rtcp_mux('reject')"),
    *("set_profile('RTP/AVP", "set_setup('active')", "set_fingerprint", "set_crypto"),
)
FROM_BROWSERS = [name for name in CAPTURED if not name.startswith("rtpengine")]
FOR_WEB = [helper for helper in HELPERS if not helper.name.startswith(NOT_FOR_WEB)]

ODD_CANDIDATES = {
    "no foundation": " 1 udp 2113932031 192.168.1.7 19305 typ host generation 0",
    "an attribute without a value": "1 1 udp 2130706431 192.168.1.7 50004 typ host generation",
    "component 300": "1 300 udp 1 192.168.1.7 443 typ host",
    "TCP without its type": "1 1 TCP 1 192.168.1.7 9 typ host",
}


def for_browsers(session: sdp.Session) -> sdp.Session:
    """Do by helpers what the daemon does for a browser."""
    # A data channel without ICE of its own is given up.
    for index, section in enumerate(session.media):
        session = session if section.is_rtp else sdp.reject_media(session, media=index)
    secure = session.pipe(sdp.set_profile, "UDP/TLS/RTP/SAVPF", fingerprint=HASH, setup="actpass")
    muxed = secure.pipe(sdp.set_rtcp_mux, "require").pipe(sdp.set_mids)
    with_ice = muxed.pipe(sdp.set_ice_credentials, ufrag="rtpe", pwd="passwordpasswordpasswd")
    return with_ice.pipe(sdp.set_candidates, "1 1 udp 2130706431 127.0.0.1 40000 typ host").pipe(sdp.clean_for_web)


async def refusal_of_aiortc(body: str) -> str | None:
    connection = RTCPeerConnection()
    try:
        await connection.setRemoteDescription(RTCSessionDescription(sdp=body, type="offer"))
        await connection.setLocalDescription(await connection.createAnswer())
    except (ValueError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        await connection.close()
    return None


PHONES = {
    "RTP/AVP": bodies.offer(Leg.SIP),
    "RTP/SAVP": bodies.offer(Leg.SIP, protocol="RTP/SAVP"),
    "what was for a phone": CAPTURED["rtpengine-12.5-to-sip"].decode(),
}


@pytest.mark.parametrize("name", PHONES)
async def test_a_phones_body_made_fit_for_the_web(chromium: Chromium, name: str) -> None:
    plain = PHONES[name]
    assert await chromium.accepts(plain) is not None
    assert sdp.web_problems(plain)
    body = str(for_browsers(sdp.parse(plain)))
    assert await chromium.accepts(body) is None
    # aiortc wants ICE in a rejected section, too.
    if all(media.is_rtp for media in sdp.parse(body).media):
        assert await refusal_of_aiortc(body) is None


@pytest.mark.parametrize("helper", FOR_WEB, ids=lambda it: it.name)
async def test_a_browsers_body_stays_one(chromium: Chromium, helper: Helper) -> None:
    for name in FROM_BROWSERS:
        session = sdp.parse(CAPTURED[name])
        # The codecs in the table are those of audio.
        if "codecs" in helper.name and name != "chromium-audio":
            continue
        assert await chromium.accepts(str(helper.call(session))) is None, name


TWO = CAPTURED["chromium-audio-video-data"].decode()


@pytest.mark.parametrize(
    ("line", "instead", "problem"),
    [
        ("a=mid:1", "", "no section has this mid"),
        ("a=mid:1", "a=mid:0", "a mid that another section has too"),
        ("a=rtcp-mux", "", "no rtcp-mux"),
        ("a=ice-ufrag:", "", "no ICE credentials"),
        ("a=fingerprint:", "", "no DTLS fingerprint"),
        ("m=audio", "m=audio 9 RTP/AVP 111", "RTP/AVP"),
    ],
)
async def test_what_we_say_a_browser_refuses_it_refuses(
    chromium: Chromium, line: str, instead: str, problem: str
) -> None:
    found = next(it for it in TWO.splitlines(keepends=True) if it.startswith(line))
    broken = TWO.replace(found, instead and f"{instead}\r\n", 1)
    if line == "m=audio":
        # By its name alone no profile is refused, but what comes with the name is.
        broken = sdp.remove_dtls(broken, media=0)
    assert any(problem in it.reason for it in sdp.web_problems(broken))
    assert await chromium.accepts(broken) is not None


@pytest.mark.parametrize("name", ODD_CANDIDATES)
async def test_a_view_has_the_candidates_that_a_browser_takes(chromium: Chromium, name: str) -> None:
    line = f"a=candidate:{ODD_CANDIDATES[name]}\r\n"
    body = sdp.set_candidates(CAPTURED["chromium-audio"].decode(), []) + line
    assert await chromium.accepts(body) is None
    (candidate,) = sdp.parse(body).media[0].candidates
    assert (candidate.address, candidate.foundation) == ("192.168.1.7", "" if name == "no foundation" else "1")
    again = sdp.apply_fragment(sdp.set_candidates(body, []), f"a=mid:0\r\n{line}")
    assert await chromium.accepts(again) is None
    assert sdp.parse(again).media[0].candidates == (candidate,)


async def test_what_is_left_when_a_codec_goes_is_taken(chromium: Chromium) -> None:
    more = (
        "a=imageattr:96 send * recv [x=[1:1920],y=[1:1080]]\r\na=rid:hi recv pt=96;max-width=1280\r\n"
        "a=rid:lo recv\r\na=simulcast:recv hi;lo\r\n"
    )
    session = sdp.parse(CAPTURED["chromium-audio-video-data"])
    video = next(media for media in session.media if media.type == "video")
    body = str(session).replace(str(video), str(video) + more)
    assert await chromium.accepts(body) is None
    left = sdp.drop_codecs(body, ["96"], media=session.media.index(video))
    assert "hi" not in "".join(line for line in left.splitlines() if line.startswith(("a=rid", "a=simulcast")))
    assert await chromium.accepts(left) is None


@pytest.mark.skipif(CORPUS is None, reason="RTPE_NG_CORPUS names no folder with a corpus of SDP")
async def test_the_corpus(chromium: Chromium) -> None:
    assert CORPUS is not None
    taken = 0
    for path in sorted(Path(CORPUS, "sdp").glob("*.sdp")):
        text = path.read_bytes().decode("utf-8", "replace")
        try:
            sdp.parse(text)
        except SdpError:
            continue
        if await chromium.accepts(text) is not None:
            continue
        taken += 1
        for helper in FOR_WEB:
            try:
                body = helper.call(text)
            except UsageError:
                continue
            refusal = await chromium.accepts(body)
            assert refusal is None, f"{path.stem}, {helper.name}: {refusal}"
    assert taken > 20
