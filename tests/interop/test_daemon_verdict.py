"""What `sdp.problems` says of a daemon, beside what that daemon does: refusals, mended ones, silent misreadings."""

from __future__ import annotations

from typing import Any

import anyio
import attrs
import pytest

from rtpe_ng import Client, EngineError, Leg, SdpError, sdp
from rtpe_ng.testing import Rtpengine, bodies
from tools.mutants import mutants
from tools.verdicts.daemon import refusals

PHONE = (
    "v=0\r\no=a 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 0 96\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:96 iLBC/8000\r\na=fmtp:96 mode=20\r\n"
    "a=ptime:20\r\na=sendonly\r\na=mid:a\r\n"
)
ORIGIN = "o=a 1 1 IN IP4 198.51.100.1\r\n"
PLACE = "c=IN IP4 198.51.100.1\r\n"
WEB = bodies.offer(Leg.WEB).replace("a=ice-options:trickle\r\n", "")
KEY = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{'A' * 40}\r\n"
HASH = f"a=fingerprint:sha-1 {':'.join(['0A'] * 20)}\r\n"
VIDEO = "m=video 40010 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\n"
EVERY = ("10.5", "12.5", "26.0")
OLD = EVERY[:2]
NEW = EVERY[1:]


@attrs.frozen
class Refused:
    """A change for which the daemons refuse a sound body, and the line that they refuse then."""

    old: str
    new: str
    line: int
    engines: tuple[str, ...] = EVERY
    body: str = PHONE


REFUSED = {
    "no equals sign": Refused("t=0 0", "t0 0", 5),
    "a type in capitals": Refused("t=0 0", "T=0 0", 5),
    "not v=0 first": Refused("v=0\r\n", "", 1),
    "another version": Refused("v=0", "v=1", 1),
    "something behind v=0": Refused("v=0", "v=0 ", 1),
    "a part of MIME": Refused("v=0", "--x\r\n\r\nv=0", 1),
    "o= with too few words": Refused("o=a 1 1 IN IP4 198.51.100.1", "o=a 1 1 IN", 2),
    "two o= lines": Refused("s=-", "o=a 1 1 IN IP4 198.51.100.1\r\ns=-", 3),
    "o= in a section": Refused("a=ptime:20", "o=a 1 1 IN IP4 198.51.100.1", 10),
    "s= in a section": Refused("a=ptime:20", "s=-", 10),
    "t= in a section": Refused("a=ptime:20", "t=0 0", 10, NEW),
    "u= in a section": Refused("a=ptime:20", "u=http://example.com", 10, ("26.0",)),
    "e= in a section": Refused("a=ptime:20", "e=a@example.com", 10, ("26.0",)),
    "p= in a section": Refused("a=ptime:20", "p=+1 617 555 6011", 10, ("26.0",)),
    "c= with swapped words": Refused("c=IN IP4 198.51.100.1", "c=IN 198.51.100.1 IP4", 4),
    "c= said twice": Refused("c=IN IP4", "c=IN c=IN IP4", 4),
    "c= with too few words": Refused("c=IN IP4 198.51.100.1", "c=IN IP4", 4),
    "c= with an empty word": Refused("c=IN IP4", "c=IN  IP4", 4),
    "c= without a type": Refused("c=IN IP4 198", "c=IN  198", 4, OLD),
    "c= of another network": Refused("c=IN IP4", "c=ATM IP4", 4),
    "c= with a name": Refused("c=IN IP4 198.51.100.1", "c=IN IP4 phone.example", 4),
    "c= of another family": Refused("c=IN IP4", "c=IN IP6", 4),
    "c= of multicast": Refused("c=IN IP4 198.51.100.1", "c=IN IP4 224.2.1.1/127", 4),
    "c= with a type in lower case": Refused("c=IN IP4", "c=IN ip4", 4),
    "two c= lines": Refused("t=0 0", "c=IN IP4 198.51.100.1\r\nt=0 0", 5),
    "no c= line": Refused("c=IN IP4 198.51.100.1\r\n", "", 5),
    "no c= line for a rejected section": Refused(
        "c=IN IP4 198.51.100.1\r\n",
        "",
        5,
        body=PHONE.replace("40000", "0") + VIDEO.replace("97\r", "97\r\nc=IN IP4 198.51.100.1\r", 1),
    ),
    "m= with too few words": Refused("m=audio 40000 RTP/AVP 0 96", "m=audio 40000", 6),
    "m= without a port": Refused("m=audio 40000 RTP/AVP", "m=audio RTP/AVP", 6),
    "a port too large": Refused("40000", "70000", 6),
    "a negative port": Refused("40000", "-1", 6),
    "no ports": Refused("40000", "40000/0", 6),
    "eleven ports": Refused("40000", "40000/11", 6),
    "nine ports": Refused("40000", "40000/9", 6),
    "a payload type too large": Refused(" 0 96", " 0 255", 6),
    "a payload type that is none": Refused(" 0 96", " 0 x", 6),
    "two blanks behind the payload types": Refused(" 0 96\r", " 0 96  \r", 6),
    "a large payload type of a rejected section": Refused(
        "RTP/AVP 97", "RTP/AVP 255", 13, OLD, PHONE + VIDEO.replace("40010", "0")
    ),
    "every section rejected": Refused("40000", "0", 6, NEW),
    "no section": Refused(PHONE[PHONE.index("m=") :], "", 5),
    "an empty line above the section": Refused("m=", "\r\nm=", 5),
    "an empty line first": Refused("v=0", "\r\nv=0", 1),
    "a second description without a section": Refused("a=mid:a", "a=mid:a\r\nv=0", 13, OLD),
    "c= above o=": Refused(ORIGIN + "s=-\r\n" + PLACE, PLACE + ORIGIN + "s=-\r\n", 2, OLD),
    "an attribute above o=": Refused("v=0", "v=0\r\na=sendrecv", 2, OLD),
    "an attribute above c=": Refused("s=-", "s=-\r\na=setup:active", 4, OLD),
    "c= below the attributes": Refused("a=mid:a", "a=mid:a\r\nc=IN IP4 198.51.100.1", 13, OLD),
    "c= below a codec": Refused("a=fmtp", "c=IN IP4 198.51.100.1\r\na=fmtp", 9, OLD),
    "c= below an unknown attribute": Refused(
        "a=rtpmap:0", "a=x\r\nc=IN IP4 198.51.100.1\r\na=rtpmap:0", 8, ("12.5",)
    ),
}
"""One entry for each rule."""


def short(daemon: Rtpengine) -> str:
    return ".".join(daemon.version.split(".")[:2])


def refused(body: str, engine: str) -> list[sdp.SdpProblem]:
    return [it for it in sdp.problems(body, engine=engine) if it.effect == "refused"]


def misread(body: str, engine: str) -> list[sdp.SdpProblem]:
    return [it for it in sdp.problems(body, engine=engine) if it.effect == "misread"]


def test_a_daemon_refuses_what_each_rule_says_and_takes_the_mended_body(any_daemon: Rtpengine) -> None:
    engine = short(any_daemon)
    assert all(it.old in it.body for it in REFUSED.values())
    bad = [it.body.replace(it.old, it.new, 1) for it in REFUSED.values()]
    said = refusals(any_daemon, [*bad, *(it.body for it in REFUSED.values())])
    for (name, it), body, words, of_mended in zip(
        REFUSED.items(), bad, said[: len(bad)], said[len(bad) :], strict=True
    ):
        assert of_mended == "", name
        assert refused(it.body, engine) == [], name
        found = refused(body, engine)
        assert bool(words) == bool(found) == (engine in it.engines), f"{name}: {words}"
        if found:
            assert it.line in [problem.line for problem in found], f"{name}: {found}"
            assert all(problem.rule == f"RTPEngine {engine}" and problem.cure for problem in found)


def test_the_verdict_on_mutants_is_the_daemon_s(any_daemon: Rtpengine) -> None:
    """`python -m tools.verdicts daemon` does the same with more of them; see "How truth is measured"."""
    engine = short(any_daemon)
    chosen = list(mutants(20_261_130, 400))
    said = refusals(any_daemon, [mutant.body for mutant in chosen])
    wrong = [
        f"{mutant.how}: {words or 'ok'}"
        for mutant, words in zip(chosen, said, strict=True)
        if bool(words) != bool(refused(mutant.body, engine))
    ]
    assert len(wrong) <= 2, wrong
    assert 50 < sum(map(bool, said)) < 350


@attrs.frozen
class Misread:
    """A change that a daemon takes otherwise than it is meant, and a change that shows it.

    `meant` is what the sender means, and the daemon does not do. Where that is anybody's guess, `taken` is what the
    daemon takes it for. They stand in the place of `old`, as `new` does.
    """

    old: str
    new: str
    meant: str | None = None
    taken: str | None = None
    engines: tuple[str, ...] = EVERY
    body: str = PHONE


OTHER = PHONE.replace("198.51.100.1", "198.51.100.2").replace("40000", "40100")
GROUP = "a=group:BUNDLE a b\r\n"
BOTH = f"{PHONE}{VIDEO}a=mid:b\r\n".replace("m=", f"{GROUP}m=", 1)
ABOVE = WEB.replace("t=0 0", "t=0 0\r\na=ice-options:trickle\r\na=ice-lite")

MISREAD = {
    "a blank behind a name": Misread("a=sendonly", "a=sendonly ", "a=sendonly"),
    "a name in capitals": Misread("a=sendonly", "a=SENDONLY", "a=sendonly"),
    "rtpmap without a rate": Misread("iLBC/8000", "iLBC", "iLBC/8000"),
    "fmtp without a payload type": Misread("a=fmtp:96 mode", "a=fmtp: mode", "a=fmtp:96 mode"),
    "a key of an unknown suite": Misread("a=mid", KEY.replace("80 ", "81 ") + "a=mid", KEY + "a=mid"),
    "an unknown hash": Misread("a=mid", HASH.replace("sha-1", "sha-3") + "a=mid", HASH + "a=mid"),
    "an RTCP port too large": Misread("a=mid", "a=rtcp:71001\r\na=mid", "a=rtcp:41001\r\na=mid"),
    "a DTLS role with a blank": Misread("actpass", "actpass ", "actpass", body=WEB),
    "a DTLS role in capitals": Misread("actpass", "ACTIVE", "active", body=WEB),
    "a mid with a blank": Misread("a=mid:a", "a=mid:a ", "a=mid:a"),
    "a packet time with a fraction": Misread("ptime:20", "ptime:30.5", taken="ptime:30", engines=OLD),
    "a packet time with a unit": Misread("ptime:20", "ptime:30ms", "ptime:30", engines=("26.0",)),
    "no packet time": Misread("ptime:20", "ptime:x30", "ptime:30"),
    "a payload type with letters": Misread("rtpmap:96 iLBC", "rtpmap:96x iLBC", taken="rtpmap:96 iLBC"),
    "a clock rate with a sign": Misread("iLBC/8000", "iLBC/+8000", taken="iLBC/8000"),
    "channels with letters": Misread("iLBC/8000", "L16/8000/2x", "L16/8000/2"),
    "an RTCP port with letters": Misread(
        "a=mid", "a=rtcp:41001x\r\na=mid", taken="a=rtcp:41001\r\na=mid", engines=OLD
    ),
    "a direction of the session": Misread("t=0 0", "t=0 0\r\na=recvonly", "t=0 0"),
    "two rtpmap lines": Misread("a=rtpmap:96", "a=rtpmap:96 GSM/8000\r\na=rtpmap:96", taken="a=rtpmap:96"),
    "two fmtp lines": Misread("a=fmtp:96", "a=fmtp:96 mode=30\r\na=fmtp:96", taken="a=fmtp:96"),
    "a second description": Misread("a=mid:a\r\n", f"a=mid:a\r\n{OTHER}", "a=mid:a\r\n"),
    "an empty line": Misread("a=sendonly", "\r\na=sendonly", "a=sendonly"),
    "a blank too many": Misread("audio 40000", "audio  40000", "audio 40000"),
    "a port with letters": Misread("40000", "40000x", taken="40000"),
    "an unknown protocol": Misread("RTP/AVP", "RTP/AVPX", "RTP/AVP"),
    "words of m= in another order": Misread("RTP/AVP 0", "0 RTP/AVP", "RTP/AVP 0"),
    "a payload type in hexadecimal": Misread(" 0 96", " 0x8 96", " 8 96"),
    "a payload type that wraps": Misread(" 0 96", " 4294967304 96", taken=" 8 96"),
    "an empty word for a payload type": Misread(" 0 96", " 0  96", " 0 96"),
    "a payload type twice": Misread(" 0 96", " 0 96 96", " 0 96"),
    "no payload type": Misread(" 0 96", "", taken=" 0", engines=("26.0",)),
    "the port of RTP for RTCP": Misread("a=mid", "a=rtcp:40000\r\na=mid", "a=rtcp:41001\r\na=mid"),
    "a packet time above": Misread("t=0 0", "t=0 0\r\na=ptime:30", taken="t=0 0"),
    "rtcp-mux above": Misread("t=0 0", "t=0 0\r\na=rtcp-mux", taken="t=0 0"),
    "BUNDLE in lower case": Misread("group:BUNDLE", "group:bundle", "group:BUNDLE", engines=OLD, body=BOTH),
    "BUNDLE in a section": Misread(
        BOTH, BOTH.replace(GROUP, "").replace("a=mid", f"{GROUP}a=mid", 1), BOTH, engines=OLD, body=BOTH
    ),
    "trickle ICE and ICE-lite above": Misread(
        "a=mid:0", "a=mid:0", "a=mid:0\r\na=ice-options:trickle\r\na=ice-lite", engines=("10.5",), body=ABOVE
    ),
    "a bandwidth below 0": Misread("t=0 0", "b=AS:-1\r\nt=0 0", taken="t=0 0", engines=("26.0",)),
    "a bandwidth that is no number": Misread(
        "t=0 0", "b=AS:x\r\nt=0 0", taken="b=AS:0\r\nt=0 0", engines=("26.0",)
    ),
    "an extension with a direction": Misread(
        "extmap:1 ", "extmap:1/sendonly ", "extmap:1 ", engines=("26.0",), body=WEB
    ),
    "an extension out of range": Misread("extmap:1 ", "extmap:256 ", "extmap:1 ", engines=("26.0",), body=WEB),
    "an origin with a blank": Misread("o=a 1 1 IN", "o=John Doe 1 1 IN", "o=John 1 1 IN"),
    "a version that is no number": Misread("o=a 1 1", "o=a 1 x", taken="o=a 1 0", engines=("26.0",)),
    "no origin": Misread(ORIGIN, "", ORIGIN, engines=NEW),
    "no line end": Misread("a=mid:a\r\n", "a=mid:a\r\nb=AS:64", "a=mid:a\r\nb=AS:64\r\n", engines=OLD),
}
"""One entry for each kind of misreading."""
ELSE = {
    "no payload type",
    "a packet time with a fraction",
    "a packet time with a unit",
    "an RTCP port with letters",
}
"""The kinds that the other versions misread in another way."""


async def seen(client: Client, body: str, call_id: str) -> list[Any]:
    """Return what a daemon makes of an offer: the body that it writes, by its views, and what it knows of it."""
    call = {"call-id": call_id}
    offer = {"command": "offer", "from-tag": "a", "sdp": body, "replace": ["origin"]}
    reply = await client.request(offer | call)
    known: Any = await client.request({"command": "query"} | call)
    await client.request({"command": "delete", "delete-delay": 0} | call)
    text = str(reply.get("sdp"))
    facts: list[Any] = [
        (tag == "a", media.get("protocol"), sorted(media["flags"]), [it.get("endpoint") for it in media["streams"]])
        for tag, party in known["tags"].items()
        for media in party["medias"]
    ]
    facts += [line for line in text.splitlines() if line.startswith(("o=", "b=", "a=mid:", "a=group"))]
    try:
        session = sdp.parse(text)
    except SdpError:
        return [*facts, "no SDP"]
    for media in session.media:
        facts += [media.type, media.protocol, media.formats, media.direction, media.rtcp_mux, media.ptime]
        facts += [(codec, codec.parameters) for codec in media.codecs]
        facts += [(extension.id, extension.direction, extension.uri) for extension in media.extmaps]
    return facts


def test_a_daemon_misreads_what_each_kind_says(any_daemon: Rtpengine) -> None:
    engine = short(any_daemon)
    chosen = {name: it for name, it in MISREAD.items() if engine in it.engines}

    async def ask() -> None:
        async with Client(any_daemon.url) as client:
            for number, (name, it) in enumerate(chosen.items()):
                assert it.old in it.body, name
                wrong = it.body.replace(it.old, it.new, 1)
                assert refused(wrong, engine) == [], name
                assert misread(wrong, engine), name
                other = it.meant if it.meant is not None else it.taken
                assert other is not None
                right = it.body.replace(it.old, other, 1)
                of_wrong = await seen(client, wrong, f"wrong-{number}")
                of_right = await seen(client, right, f"right-{number}")
                if it.meant is not None:
                    assert misread(right, engine) == [] or it.old == it.new, name
                    assert of_wrong != of_right, f"{name}: it does what is meant"
                else:
                    assert of_wrong == of_right, f"{name}: it is not taken so"

    anyio.run(ask)


def test_what_is_misread_by_some_versions_only_is_not_said_of_others(any_daemon: Rtpengine) -> None:
    engine = short(any_daemon)
    for name, it in MISREAD.items():
        if engine not in it.engines and name not in ELSE:
            assert misread(it.body.replace(it.old, it.new, 1), engine) == [], name


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_an_error_about_the_body_names_the_line(any_daemon: Rtpengine) -> None:
    for version in (None, any_daemon.version):
        async with Client(any_daemon.url, version=version) as client:
            for name, it in REFUSED.items():
                if short(any_daemon) in it.engines and name != "an empty line first":
                    body = it.body.replace(it.old, it.new, 1)
                    call_id = f"{name}-{version}"
                    with pytest.raises(EngineError) as error:
                        await client.offer(sdp=body, call_id=call_id, from_tag="a")
                    assert f"line {refused(body, short(any_daemon))[0].line}:" in error.value.hint, name
                    await client.delete(call_id=call_id, from_tag="a", delete_delay=0)
