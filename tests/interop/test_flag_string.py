"""The daemon's own flag string: it does what `Flags.parse` says that it does, on each version that knows it."""

from __future__ import annotations

import itertools
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Client, Flags, Leg, UsageError
from rtpe_ng.messages import is_older
from rtpe_ng.testing import EmbeddedEngine, Rtpengine, bodies
from tests.support.engines import INTERFACES
from tests.support.examples import examples
from tests.support.neutral import neutral

WEB, PHONE = bodies.offer(Leg.WEB), bodies.offer(Leg.SIP)
NUMBERS = itertools.count()
SCRIPT = "trust-address replace-origin replace-session-connection ICE=force"
STRINGS = [
    *("ICE=force", "ice=force", "ICE=remove", "ICE-lite=forward ICE=force", "trickle-ICE ICE=force", "DTLS=off"),
    *("transport-protocol=RTP/AVP ICE=remove DTLS=off SDES-off", "transport-protocol=RTP/SAVPF", SCRIPT),
    "transport-protocol=UDP/TLS/RTP/SAVP DTLS=passive DTLS-fingerprint=SHA-1",
    "transport-protocol=RTP/SAVP SDES-no-AES_CM_128_HMAC_SHA1_80 SDES-no-AES_CM_128_HMAC_SHA1_32",
    "transport-protocol=RTP/SAVP SDES=no-AES_CM_128_HMAC_SHA1_80,no-AES_CM_128_HMAC_SHA1_32",
    *("OSRTP-offer transport-protocol=RTP/SAVP", "rtcp-mux-demux", "rtcp-mux=offer,require", "rtcp-mux-accept"),
    *("replace=origin,session-name", "replace-username", "replace-zero-address", "replace-SDP-version"),
    *("codec-strip-PCMA", "codec-strip=PCMU codec-strip-G722", "codec-mask-all transcode-opus", "transcode=G722"),
    *("codec-transcode=opus/48000/2//bitrate=32000", "transcode-opus/48000/2//bitrate--32000 codec-mask=PCMA"),
    *("codec-except-PCMA codec-strip-all", "codec-offer-PCMA codec-strip-all", "codec-consume-PCMA"),
    *("codec-set=opus/48000/2/16000 transcode-opus", "codec-accept-PCMU", "always-transcode", "single-codec"),
    *(
        "sdp-attr-add-audio-x:1",
        "sdp-attr-add-none-y",
        "sdp-attr-add-audio-x:1..y--2",
        "sdp-attr-remove-audio-ptime:20",
    ),
    "sdp-attr-substitute-audio-ptime:20>ptime:30",
    *("direction=pub direction=priv", "direction=priv", "from-interface=pub to-interface=priv", "ptime=40"),
    *("address-family=IP4", "media-address=192.0.2.7", "full-rtcp-attribute", "no-rtcp-attribute", "generate-mid"),
    *("strip-extmap", "inactive", "original-sendrecv", "unidirectional", "T38-decode", "label=caller metadata=a=b"),
    *("loop-protect", "asymmetric", "port-latching", "record-call=off", "record-call", "TOS=184", "TOS=0"),
    *(
        "allow-transcoding",
        "endpoint-learning-off",
        "endpoint-learning=heuristic",
        "media-echo=both",
        "passthrough",
    ),
]
"""Strings that 12.5 and newer read alike."""
LISTS = [
    *("codec=[strip=[PCMA PCMU]]", "codec=[strip=PCMA,PCMU transcode=[opus]]", "replace=[origin session-name]"),
    *("sdp-attr=[audio=[add=[x:1 y=2] remove=[ptime:20]]]", "extmap=[strip=[all]]", "extmap=[strip=all]"),
    *("sdp-attr=[audio=[substitute=[[ptime:20 ptime:30]]] none=[add=[z..z]]]", "SDES=[off] ICE=remove"),
    *("direction=[pub priv]", "rtcp-mux=[demux]", "sdp-media-remove=[video]"),
]
"""Strings with lists in brackets, for 13.0 and newer."""


async def replies(client: Client, body: str, document: dict[str, Any]) -> list[str]:
    """Return what comes back for an offer with these options, and for an answer with them."""
    call = {"call-id": f"flag-string-{next(NUMBERS)}", "from-tag": "a"}
    offered = await client.request({"command": "offer", "sdp": body, **call, **document})
    told = [neutral(str(offered.get("sdp", offered.get("error-reason"))), given=body)]
    if "sdp" in offered:
        answer = bodies.answer(Leg.SIP, PHONE)
        answered = await client.request({"command": "answer", "sdp": answer, "to-tag": "b", **call, **document})
        told.append(neutral(str(answered.get("sdp", answered.get("error-reason"))), given=answer))
        await client.request({"command": "delete", "delete-delay": 0, **call})
    return told


async def same(client: Client, text: str, body: str) -> None:
    """Check that a string, and the string that its flags are written as, do what its flags do."""
    flags = Flags.parse(text, dialect="rtpp-flags", strict=False)
    wanted = await replies(client, body, flags.to_ng())
    for string in {text, flags.format(dialect="rtpp-flags")}:
        assert await replies(client, body, {"rtpp-flags": string}) == wanted, string


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_string_does_what_its_flags_do(any_daemon: Rtpengine) -> None:
    async with Client(any_daemon.url) as client:
        if is_older(any_daemon.version, "12.4"):
            # It does not know the key.
            plain = await replies(client, PHONE, {})
            assert await replies(client, PHONE, {"rtpp-flags": SCRIPT}) == plain
            assert await replies(client, PHONE, Flags.parse(SCRIPT, dialect="rtpp-flags").to_ng()) != plain
            return
        known = STRINGS + LISTS * (not is_older(any_daemon.version, "13.0"))
        for text, body in zip(known, itertools.cycle([WEB, PHONE, PHONE])):
            await same(client, text, body)


TOKENS = [token for text in STRINGS for token in text.split(" ")]
COMBINED = st.lists(st.sampled_from(TOKENS), min_size=6, max_size=10, unique=True)


@examples(15)
@given(COMBINED, st.sampled_from([WEB, PHONE]))
def test_strings_of_many_words_do_what_their_flags_do(any_daemon: Rtpengine, words: list[str], body: str) -> None:
    text = " ".join(words)
    try:
        Flags.parse(text, dialect="rtpp-flags")
    except UsageError:
        return

    async def run() -> None:
        async with Client(any_daemon.url) as client:
            await same(client, text, body)

    if not is_older(any_daemon.version, "12.4"):
        anyio.run(run)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_what_versions_read_differently_is_no_string_to_write(any_daemon: Rtpengine) -> None:
    if is_older(any_daemon.version, "12.4"):
        return
    reads_words = is_older(any_daemon.version, "13.0")
    async with Client(any_daemon.url) as client:
        plain = await replies(client, PHONE, {})
        said = await replies(client, PHONE, {"transport-protocol": "RTP/SAVP"})
        assert await replies(client, PHONE, {"rtpp-flags": "RTP/SAVP"}) == (said if reads_words else plain)
        one = await replies(client, PHONE, {"codec": {"strip": ["PCMA,PCMU"]}})
        two = await replies(client, PHONE, {"codec": {"strip": ["PCMA", "PCMU"]}})
        assert await replies(client, PHONE, {"rtpp-flags": "codec-strip=PCMA,PCMU"}) == (
            one if reads_words else two
        )
    for text in ("RTP/SAVP", "SRTP AVPF", "codec-strip=PCMA,PCMU"):
        with pytest.raises(UsageError, match="write "):
            Flags.parse(text, dialect="rtpp-flags")


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_embedded_engine_reads_strings_too(any_daemon: Rtpengine) -> None:
    odd = [
        "RTP/SAVP",
        "SRTP AVPF",
        "codec-strip=PCMA,PCMU",
        "x =y ICE=force",
        "to-tag from-tags-F label=[a",
        "x=[a",
    ]
    async with (
        EmbeddedEngine(version=any_daemon.version, interfaces=INTERFACES) as engine,
        Client(any_daemon.url) as real,
        Client(engine.url) as embedded,
    ):
        for text in [*STRINGS[::6], *LISTS[:6:2], *odd]:
            string = {"rtpp-flags": text}
            assert await replies(embedded, PHONE, string) == await replies(real, PHONE, string), text
