"""A body that is four times as long takes some four times as long, whatever stands in it: a hostile one is long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from rtpe_ng import Leg, sdp
from rtpe_ng.call.mends import mended_head, mended_lines
from rtpe_ng.call.usable import Known, unusable
from rtpe_ng.sdp.template import template_of
from tests.support.sdp_helpers import HELPERS

HEAD = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
MEDIA = "m=audio 40000 RTP/AVP 0 8\r\nc=IN IP4 192.0.2.1\r\n"


def long_line(before: str, words: str) -> Callable[[int], str]:
    return lambda n: f"{HEAD}{before}{' '.join(words.replace('#', str(it)) for it in range(n))}\r\n{MEDIA}"


def many(line: str) -> Callable[[int], str]:
    return lambda n: HEAD + MEDIA + "".join(line.replace("#", str(it)) + "\r\n" for it in range(n))


def many_sections(n: int) -> str:
    sections = (f"m=audio {4000 + it} RTP/AVP 0\r\na=mid:{it}\r\n" for it in range(n // 4))
    return f"{HEAD}c=IN IP4 192.0.2.1\r\n{''.join(sections)}"


BODIES: dict[str, Callable[[int], str]] = {
    "c=": many("c=IN IP4 192.0.2.1"),
    "empty": many("i="),
    "codecs": many("a=rtpmap:0 X#/8000"),
    "no codecs": many("a=rtpmap:0 X#"),
    "candidates": many("a=candidate:# 1 udp 1 192.0.2.1 4000 typ host"),
    "sources": many("a=ssrc:# msid:s# t#"),
    "mids": many("a=mid:#"),
    "extensions": many("a=extmap:# urn:x#"),
    "keys": many("a=crypto:# AES_CM_128_HMAC_SHA1_80 inline:" + "k" * 40),
    "group": long_line("a=group:BUNDLE ", "#"),
    "restrictions": lambda n: f"{HEAD}{MEDIA}a=rid:1 send {';'.join(f'x{it}=1' for it in range(n))}\r\n",
    "sections": many_sections,
}


def judged(session: sdp.Session, *, leg: Leg) -> None:
    unusable(session, role="answer", leg=leg, known=Known(sent=session, offer=session))


WORK: dict[str, Callable[[sdp.Session], object]] = {
    "reading": lambda session: sdp.parse(str(session)),
    "views": lambda session: [(it.codecs, it.candidates, it.tracks, it.extmaps) for it in session.media],
    "a browser": lambda session: sdp.web_problems(session, role="answer", answering=session, after=session),
    "the RFCs": sdp.problems,
    "10.5": lambda session: sdp.problems(session, engine="10.5"),
    "26.0": lambda session: sdp.problems(session, engine="26.0"),
    "a phone": sdp.phone_problems,
    "addresses": sdp.private_addresses,
    "candidates": sdp.candidate_problems,
    "the mend of the head": lambda session: mended_head(str(session), whose="x"),
    "the mend of lines": lambda session: mended_lines(session, whose="x"),
    "usable by a browser": lambda session: judged(session, leg=Leg.WEB),
    "usable by a phone": lambda session: judged(session, leg=Leg.SIP),
    "template": lambda session: template_of(str(session)),
    **{
        helper.name.partition("(")[0]: helper.call
        for helper in HELPERS
        # Some of the bodies have none of the codecs to keep.
        if not helper.name.startswith("keep_codecs")
    },
}


def cost(work: Callable[[sdp.Session], object], body: str) -> float:
    """Return the CPU time of this process for some work, which others on the machine hardly change."""
    session = sdp.parse(body)
    begun = time.process_time()
    work(session)
    return time.process_time() - begun


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("what", WORK)
def test_the_time_grows_as_the_body_does(kind: str, what: str) -> None:
    short, long = BODIES[kind](700), BODIES[kind](2800)
    # What grows with the square takes 16 times as long. Chance can add to one try, not to all of them.
    assert any(cost(WORK[what], long) < 9 * cost(WORK[what], short) + 0.003 for _ in range(6))
