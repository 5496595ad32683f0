"""Replies that are spoilt on their way: whatever the spoiler does, a call mends it or refuses the reply."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from rtpe_ng import Call, Client, Direction, Leg, RtpeError, profiles
from rtpe_ng.messages import SdpReply
from rtpe_ng.testing import bodies
from tests.support.descriptions import KEY
from tests.support.engines import EMBEDDED, REAL, AnyEngine
from tests.support.neutral import neutral
from tests.support.peers import Spoiler

pytestmark = pytest.mark.anyio

MODERN = profiles.MODERN
PHONE_VIDEO = "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\na=sendrecv\r\n"
WEB, SIP = frozenset({Leg.WEB}), frozenset({Leg.SIP})


def browser(*, answers: str = "") -> str:
    """Return audio and video of a browser in one BUNDLE; as an answer, with the mids of what it answers."""
    body = bodies.answer(Leg.WEB, answers) if answers else bodies.offer(Leg.WEB)
    mid = re.findall("^a=mid:(.*)\r$", answers, re.MULTILINE)[1:] or ["1"]
    first = body[body.index("m=") :]
    video = re.sub("^a=(rtpmap|fmtp|rtcp-fb|ssrc|msid):?.*\r\n", "", first, flags=re.MULTILINE)
    video = re.sub("^m=audio (\\d+) (\\S+) .*\r$", r"m=video \1 \2 96\r", video, flags=re.MULTILINE)
    video = re.sub("^a=mid:.*\r$", f"a=mid:{mid[0]}\r", video, flags=re.MULTILINE)
    return body.replace("a=group:BUNDLE", f"a=group:BUNDLE {mid[0]}", 1) + video + "a=rtpmap:96 VP8/90000\r\n"


def phone(*, answers: str = "", protocol: str = "RTP/AVP") -> str:
    """Return audio and video of a phone."""
    if answers:
        return bodies.answer(Leg.SIP, answers) + PHONE_VIDEO.replace("RTP/AVP", _protocol(answers))
    return bodies.offer(Leg.SIP, protocol=protocol) + PHONE_VIDEO


def _protocol(body: str) -> str:
    found = re.search("^m=video \\d+ (\\S+)", body, re.MULTILINE)
    assert found is not None
    return found[1]


def _without(prefix: str) -> Callable[[str], str]:
    return lambda body: "".join(line for line in body.splitlines(keepends=True) if not line.startswith(prefix))


def _sub(pattern: str, to: str, *, every: bool = False) -> Callable[[str], str]:
    return lambda body: re.sub(pattern, to, body, count=0 if every else 1, flags=re.MULTILINE)


def _parts(body: str) -> list[str]:
    return re.split("(?=^m=)", body, flags=re.MULTILINE)


def _only(formats: str, rtpmap: str = "") -> Callable[[str], str]:
    def spoil(body: str) -> str:
        above, audio, *others = _parts(body)
        audio = re.sub("^a=(rtpmap|fmtp|rtcp-fb):.*\r\n", "", audio, flags=re.MULTILINE)
        audio = re.sub("^(m=audio \\d+ \\S+) .*\r$", rf"\1 {formats}\r", audio, flags=re.MULTILINE)
        return "".join([above, audio + rtpmap, *others])

    return spoil


def _swapped(body: str) -> str:
    above, first, *others = _parts(body)
    return "".join([above, *others, first])


def _without_codec(name: str) -> Callable[[str], str]:
    def spoil(body: str) -> str:
        for payload in re.findall(f"^a=rtpmap:(\\d+) {name}/", body, re.MULTILINE):
            body = re.sub(f"^(m=.*) {payload}(?= |\r)", r"\1", body, flags=re.MULTILINE)
            body = re.sub(f"^a=(rtpmap|fmtp|rtcp-fb):{payload} .*\r\n", "", body, flags=re.MULTILINE)
        return body

    return spoil


SPOILERS: dict[str, Callable[[str], str]] = {
    "s= is empty": _sub("^s=.*\r$", "s=\r"),
    "no s=": _without("s="),
    "no t=": _without("t="),
    "t= is empty": _sub("^t=.*\r$", "t=\r"),
    "no o=": _without("o="),
    "o= without a name": _sub("^o=\\S+ ", "o= "),
    "o= is cut": _sub("^(o=\\S+ \\S+).*\r$", r"\1\r"),
    "no v=": _without("v="),
    "v= twice": lambda body: "v=0\r\n" + body,
    "another version": _sub("^v=0", "v=7"),
    "s= before o=": _sub("^(o=.*\r\n)(s=.*\r\n)", r"\2\1"),
    "an address glued to the first line": lambda body: "IP4 127.0.0.1" + body,
    "an empty line first": lambda body: "\r\n" + body,
    "an empty line before the media": _sub("^m=", "\r\nm="),
    "an empty line at the end": lambda body: body + "\r\n",
    "something behind an empty line": lambda body: body + "\r\nbye",
    "a byte order mark": lambda body: "\ufeff" + body,
    "the last line without its end": str.rstrip,
    "cut in half": lambda body: body[: len(body) // 2],
    "cut near the end": lambda body: body[:-7],
    "one long line": lambda body: body.replace("\r\n", " "),
    "CR alone": lambda body: body.replace("\r\n", "\r"),
    "empty": lambda _: "",
    "no SDP": lambda _: "<html>502 Bad Gateway</html>",
    "bytes between the lines": _sub("^m=", "\x00\udcff\x07\r\nm="),
    "an unknown type of line": _sub("^m=", "x=1\r\nm="),
    "two bodies": lambda body: body + body,
    "no section": lambda body: _parts(body)[0],
    "the last section is missing": lambda body: "".join(_parts(body)[:-1]),
    "the first section is missing": lambda body: "".join(_parts(body)[:1] + _parts(body)[2:]),
    "a section is there twice": lambda body: body + _parts(body)[-1],
    "the sections are swapped": _swapped,
    "the type of a section is another": _sub("^m=video", "m=application"),
    "image in the place of audio": _sub("^m=audio", "m=image"),
    "a section without formats": _sub("^(m=audio \\d+ \\S+).*\r$", r"\1\r"),
    "port 0": _sub("^m=audio \\d+", "m=audio 0"),
    "port 0 in all sections": _sub("^m=(\\w+) \\d+", r"m=\1 0", every=True),
    "no port": _sub("^m=audio \\d+", "m=audio x"),
    "a port that is too high": _sub("^m=audio \\d+", "m=audio 70000"),
    "a plain protocol": _sub("^(m=audio \\d+) \\S*SAVPF?", r"\1 RTP/AVP"),
    "a secure protocol": _sub("^(m=audio \\d+) RTP/AVP", r"\1 RTP/SAVP"),
    "an unknown protocol": _sub("^(m=audio \\d+) \\S+", r"\1 RTP/FOO"),
    "only DTMF": _only("101", "a=rtpmap:101 telephone-event/8000\r\n"),
    "only comfort noise": _only("13", "a=rtpmap:13 CN/8000\r\n"),
    "only redundancy": _only("121", "a=rtpmap:121 red/8000\r\n"),
    "a codec that nobody offered": _only("18", "a=rtpmap:18 G729/8000\r\n"),
    "a payload type without a name": _only("99"),
    "PCMU is missing": _without_codec("PCMU"),
    "DTMF is missing": _without_codec("telephone-event"),
    "an rtpmap without a clock rate": _sub("^(a=rtpmap:96 VP8)/90000", r"\1"),
    "an rtpmap is missing": _without("a=rtpmap:96"),
    "no fingerprint": _without("a=fingerprint"),
    "half a fingerprint": _sub("^(a=fingerprint:\\S+ .{20}).*\r$", r"\1\r"),
    "no setup": _without("a=setup"),
    "an unknown setup": _sub("^a=setup:.*\r$", "a=setup:later\r"),
    "no key": _without("a=crypto"),
    "half a key": _sub("^(a=crypto:\\d+ \\S+) .*\r$", r"\1\r", every=True),
    "no ufrag": _without("a=ice-ufrag"),
    "no ICE password": _without("a=ice-pwd"),
    "a short ICE password": _sub("^a=ice-pwd:.*\r$", "a=ice-pwd:short\r"),
    "no candidates": _without("a=candidate"),
    "a malformed candidate": _sub("^a=candidate:.*\r$", "a=candidate:1 1 udp\r", every=True),
    "no rtcp-mux": _without("a=rtcp-mux"),
    "one mid for two sections": _sub("^a=mid:.*\r$", "a=mid:7\r", every=True),
    "a BUNDLE of a section that is not there": _sub("^t=.*\r\n", "t=0 0\r\na=group:BUNDLE nobody\r\n"),
    "inactive": _sub("^a=sendrecv", "a=inactive"),
    "no address": _without("c="),
    "the address 0.0.0.0": _sub("^c=IN IP4 .*\r$", "c=IN IP4 0.0.0.0\r", every=True),
    "half an address": _sub("^c=.*\r$", "c=IN IP4\r"),
    "an address of the other family": _sub("^c=IN IP4", "c=IN IP6"),
}
"""Ways to spoil a body. Where one changes nothing, there is nothing to find."""
BROWSERS_ONLY: dict[str, Callable[[str], str]] = {
    "a negative bandwidth": _sub("^a=rtcp-mux", "b=AS:-1\r\na=rtcp-mux"),
    "a source without an attribute": lambda body: body + "a=ssrc:4711\r\n",
    "parameters of nothing": lambda body: body + "a=fmtp:96\r\n",
}
"""What a phone skips and a browser refuses."""


@pytest.fixture(scope="module")
def spoiler(any_engine: AnyEngine) -> Iterator[Spoiler]:
    with Spoiler(any_engine.url) as spoiler:
        yield spoiler


@pytest.fixture
async def client(spoiler: Spoiler) -> AsyncIterator[Client]:
    async with Client(spoiler.url) as client:
        yield client


class Talk:
    """One call through the spoiler, with audio and video. For each way to spoil it, its message is repeated."""

    def __init__(self, call: Call, spoiler: Spoiler, *, protocol: str, role: str) -> None:
        self._call, self._spoiler, self._role = call, spoiler, role
        self._caller, self._callee = call.direction.caller, call.direction.callee
        self._offer = browser() if self._caller is Leg.WEB else phone(protocol=protocol)
        self._answer = ""

    async def whole(self) -> SdpReply:
        """Return the reply as the engine made it."""
        reply = await self._call.offer(self._offer)
        if self._role == "answer":
            self._answer = browser(answers=reply.sdp) if self._callee is Leg.WEB else phone(answers=reply.sdp)
            reply = await self._call.answer(self._answer, by="b")
        return reply

    async def spoilt(self, spoil: Callable[[str], str]) -> tuple[SdpReply, bool]:
        """Return the spoilt reply, and whether that changed anything. Raises what the call raises."""
        changed = False

        def spoil_and_tell(body: str) -> str:
            nonlocal changed
            result = spoil(body)
            changed = result != body
            return result

        self._spoiler.spoil = spoil_and_tell
        try:
            if self._role == "answer":
                return await self._call.answer(self._answer, by="b"), changed
            return await self._call.offer(self._offer), changed
        finally:
            self._spoiler.spoil = str


CASES = [
    *((direction, "RTP/AVP", role) for direction in Direction for role in ("offer", "answer")),
    *((Direction.SIP_TO_SIP, "RTP/SAVP", role) for role in ("offer", "answer")),
]


# The spoiler does the same to all engines, so most is shown on one.
ON_DAEMONS = [case for case in CASES if case[0].caller is not case[0].callee or case[1] == "RTP/SAVP"]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("any_engine", REAL, indirect=True)
@pytest.mark.parametrize(("direction", "protocol", "role"), ON_DAEMONS, ids=str)
async def test_no_spoilt_reply_goes_on_in_silence(
    client: Client, spoiler: Spoiler, direction: Direction, protocol: str, role: str
) -> None:
    await nothing_is_silent(client, spoiler, direction, protocol, role, mends=MODERN.mends)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("any_engine", [EMBEDDED[1]], indirect=True)
@pytest.mark.parametrize(("direction", "protocol", "role"), CASES, ids=str)
@pytest.mark.parametrize("mends", [MODERN.mends, frozenset[str]()], ids=["mended", "unmended"])
async def test_the_same_in_all_directions_and_without_mends(
    client: Client, spoiler: Spoiler, direction: Direction, protocol: str, role: str, mends: frozenset[str]
) -> None:
    await nothing_is_silent(client, spoiler, direction, protocol, role, mends=mends)


async def nothing_is_silent(
    client: Client, spoiler: Spoiler, direction: Direction, protocol: str, role: str, *, mends: frozenset[str]
) -> None:
    """Spoil the reply in every way, and insist that the call refuses it, or says what it has mended."""
    name = f"spoilt-{direction}-{protocol}-{role}-{len(mends)}"
    profile = MODERN.evolve(mends=mends)
    silent, errors, mended = [], [], 0
    async with client.call(
        name, from_tag="a", direction=direction, profile=profile, strict=True, delete_delay=0
    ) as call:
        talk = Talk(call, spoiler, protocol=protocol, role=role)
        whole = await talk.whole()
        assert whole.repairs == ()
        receiver = direction.callee if role == "offer" else direction.caller
        for what, spoil in (SPOILERS | (BROWSERS_ONLY if receiver is Leg.WEB else {})).items():
            try:
                reply, changed = await talk.spoilt(spoil)
            except RtpeError as error:
                errors.append(str(error))
            else:
                mended += bool(reply.repairs)
                # What goes from a body for a phone anyway may be spoilt before.
                if changed and not reply.repairs and neutral(reply.sdp) != neutral(whole.sdp):
                    silent.append(what)
    assert silent == []
    assert len(errors) + mended >= 50
    assert bool(mended) == bool(mends)
    assert KEY[7:] not in "".join(errors)
