"""The embedded engine and a real daemon, asked the same at random: each must answer what the other answers.

A hypothesis state machine plays a signalling proxy: offers, answers, re-offers by either side, forks, deletes,
repeats, wrong tags and Call-IDs, and the other commands. Whatever is drawn goes to both; results, error texts,
warnings, SDP and what a query tells must be equal once ports, credentials and the like are made neutral.
"""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from descriptions import CAPTURED
from mirror import mirror
from rtpe_ng import Direction, Leg, profiles, sdp
from rtpe_ng.testing import Rtpengine, bodies
from sides import Sides, Wire, in_process

CALLS = ("one", "two")
TAGS = ("a", "b", "c")
A = {"from-tag": "a"}
BRANCHES = ("z9hG4bK-1", "z9hG4bK-2")
PROFILES = (profiles.MODERN, profiles.ARTICLE)
FLAGS: dict[str, dict[str, Any]] = {
    "none": {},
    **{f"{it.name} {path}": it.offer_flags(path).to_ng() for it in PROFILES for path in Direction},
    "plain": {"ICE": "remove", "transport-protocol": "RTP/AVP", "rtcp-mux": ["demux"]},
    "DTLS": {"ICE": "force", "transport-protocol": "UDP/TLS/RTP/SAVPF", "rtcp-mux": ["offer"], "SDES": ["off"]},
    "SDES": {"transport-protocol": "RTP/SAVP", "DTLS": "off"},
    "origin": {"replace": ["origin"], "flags": ["trust-address"]},
    "from pub": {"direction": ["pub", "priv"]},
    "from priv": {"direction": ["priv", "pub"], "ICE": "remove"},
}
"""What offers come with."""
ANSWER_FLAGS: dict[str, dict[str, Any]] = {
    "none": {},
    "origin": {"replace": ["origin"]},
    **{f"{it.name} {path}": it.answer_flags(path).to_ng() for it in PROFILES for path in Direction},
}


def _held(body: str) -> str:
    return body.replace("a=sendrecv", "a=sendonly")


PHONE = bodies.offer(Leg.SIP)
OFFERS: dict[str, str] = {
    "web": bodies.offer(Leg.WEB),
    "phone": PHONE,
    "phone again": bodies.offer(Leg.SIP, version=2),
    "phone with SDES": bodies.offer(Leg.SIP, protocol="RTP/SAVP"),
    "web holds": _held(bodies.offer(Leg.WEB, version=3)),
    "phone holds": _held(bodies.offer(Leg.SIP, version=3)),
    "phone holds as of old": PHONE.replace("c=IN IP4 127.0.2.1", "c=IN IP4 0.0.0.0"),
    "phone with video": PHONE + "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n",
    "phone without video": PHONE + "m=video 0 RTP/AVP 96\r\n",
    "phone with fax": PHONE + "m=image 40020 udptl t38\r\na=T38FaxVersion:0\r\n",
    "phone with nothing": PHONE.replace("m=audio 40000", "m=audio 0"),
    # Some were made by a daemon: with its address it would look for loops.
    **{name: body.decode().replace("IP4 127.0.0.1", "IP4 127.0.4.1") for name, body in CAPTURED.items()},
}
SECTIONS = {name: tuple(media.type for media in sdp.parse(body).media) for name, body in OFFERS.items()}
"""What the sections of each of these offers are."""
ODD: dict[str, str | None] = {
    "no body": None,
    "nonsense": "nonsense",
    "no session": "m=audio 4 RTP/AVP 0\r\n",
}
"""What is no body."""
BARE = {"an empty body": "", "a line": "v=0", "no media": PHONE.partition("m=")[0]}
"""Bodies without media: what becomes of them in a call that has media is left out."""

WHOM: list[dict[str, Any]] = [
    {},
    {"from-tag": "a"},
    {"from-tag": "a", "flags": ["directional"]},
    {"from-tag": "x", "flags": ["directional"]},
    {"from-tag": "a", "to-tag": "b", "flags": ["directional"]},
    {"label": "callee"},
    {"label": "nobody"},
    {"address": "127.0.2.1"},
    {"address": "198.51.100.9"},
    {"flags": ["all"]},
    {"from-tag": "a", "flags": ["directional"], "all": "offer-answer"},
]
"""Whom the other commands are about."""


class Proxy(RuleBasedStateMachine):
    """Whoever talks to the two engines."""

    sides: Sides
    numbers: Iterator[int] = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.name = f"{secrets.token_hex(4)}-{next(self.numbers)}"
        self.offered: dict[str, tuple[str, str, str | None]] = {}
        """The last offer of each call that came back: who made it, the body, the branch."""
        self.sections: dict[str, tuple[str, ...]] = {}
        """What the sections of each call are: no offer may have fewer or other ones (RFC 3264, section 8)."""

    def ask(self, command: str, call: str, **more: Any) -> dict[str, Any]:
        document = {"command": command, "call-id": f"{self.name}-{call}"}
        return self.sides.ask(document | {key.replace("_", "-"): value for key, value in more.items()})

    def _offer(
        self, data: st.DataObject, call: str, who: str, to: str | None, branch: str | None, flags: str
    ) -> None:
        had = self.sections.get(call, ())
        body = data.draw(st.sampled_from([name for name, kinds in SECTIONS.items() if kinds[: len(had)] == had]))
        self.sections[call] = SECTIONS[body]
        more: dict[str, Any] = {"from-tag": who, "sdp": OFFERS[body], **FLAGS[flags]}
        if to:
            more["to-tag"] = to
        if branch:
            more["via-branch"] = branch
        reply = self.ask("offer", call, **more)
        if reply.get("sdp"):
            self.offered[call] = (who, reply["sdp"], branch)

    @rule(
        call=st.sampled_from(CALLS),
        who=st.sampled_from(TAGS[:2]),
        to=st.sampled_from([None, None, *TAGS]),
        branch=st.sampled_from([None, None, *BRANCHES]),
        flags=st.sampled_from(sorted(FLAGS)),
        data=st.data(),
    )
    def offer(
        self, data: st.DataObject, call: str, who: str, to: str | None, branch: str | None, flags: str
    ) -> None:
        self._offer(data, call, who, to, branch, flags)

    @precondition(lambda self: self.offered)
    @rule(
        data=st.data(),
        keep=st.sampled_from([1, 2, 20]),
        reject=st.sampled_from([(), (), (), (0,), (1,), (0, 1, 2)]),
        direction=st.sampled_from([None, None, "sendonly", "inactive", "recvonly"]),
        setup=st.sampled_from(["active", "active", "passive"]),
        flags=st.sampled_from(sorted(ANSWER_FLAGS)),
        label=st.sampled_from([None, "callee"]),
    )
    def answer(
        self,
        data: st.DataObject,
        keep: int,
        reject: tuple[int, ...],
        direction: str | None,
        setup: str,
        flags: str,
        label: str | None,
    ) -> None:
        call = data.draw(st.sampled_from(sorted(self.offered)))
        who, body, branch = self.offered[call]
        to = data.draw(st.sampled_from(["b" if who == "a" else "a", "c"]))
        more: dict[str, Any] = {"via-branch": branch} if branch else {}
        if label:
            more["label"] = label
        answer = mirror(body, reject=reject, keep=keep, direction=direction, setup=setup)
        self.ask("answer", call, **{"from-tag": who, "to-tag": to, "sdp": answer}, **more, **ANSWER_FLAGS[flags])

    @precondition(lambda self: self.offered)
    @rule(data=st.data(), flags=st.sampled_from(sorted(FLAGS)))
    def offer_again(self, data: st.DataObject, flags: str) -> None:
        """Either side offers again within the call, as after an answer."""
        call = data.draw(st.sampled_from(sorted(self.offered)))
        who, _, branch = self.offered[call]
        other = "b" if who == "a" else "a"
        first, second = data.draw(st.sampled_from([(who, other), (other, who)]))
        self._offer(data, call, first, second, branch, flags)

    @rule(
        call=st.sampled_from([*CALLS, "none"]),
        command=st.sampled_from(["offer", "answer"]),
        tags=st.sampled_from(
            [{}, {"from-tag": "a"}, {"from-tag": "a", "to-tag": "b"}, {"from-tag": "x", "to-tag": "y"}]
        ),
        body=st.sampled_from(sorted(ODD)),
    )
    def odd(self, call: str, command: str, tags: dict[str, str], body: str) -> None:
        """What no endpoint should send."""
        self.ask(command, call, **tags, **({} if (text := ODD[body]) is None else {"sdp": text}))

    @rule(body=st.sampled_from(sorted(BARE)), command=st.sampled_from(["offer", "answer"]))
    def bare(self, body: str, command: str) -> None:
        """An exchange without media."""
        self.ask(command, "bare", **A, **({"to-tag": "b"} if command == "answer" else {}), sdp=BARE[body])

    @rule(
        call=st.sampled_from([*CALLS, "none"]),
        tags=st.sampled_from(
            [{}, {"from-tag": "a"}, {"from-tag": "b"}, {"from-tag": "x"}, {"from-tag": "a", "to-tag": "b"}]
        ),
        branch=st.sampled_from([None, None, *BRANCHES]),
        delay=st.sampled_from([None, 0, 0, 60]),
        words=st.sampled_from([[], ["fatal"], ["to-tag"]]),
    )
    def delete(
        self, call: str, tags: dict[str, str], branch: str | None, delay: int | None, words: list[str]
    ) -> None:
        more: dict[str, Any] = dict(tags)
        if branch:
            more["via-branch"] = branch
        if delay is not None:
            more["delete-delay"] = delay
        if words:
            more["flags"] = words
        self.ask("delete", call, **more)

    @rule(
        call=st.sampled_from([*CALLS, "none"]),
        tags=st.sampled_from([{}, A, {**A, "to-tag": "b"}, {"from-tag": "x"}]),
    )
    def query(self, call: str, tags: dict[str, str]) -> None:
        self.ask("query", call, **tags)

    @rule()
    def list_calls(self) -> None:
        self.sides.list_calls(self.name)

    @rule()
    def repeat(self) -> None:
        """The last cookie comes again, with another command behind it."""
        self.sides.repeat()

    @rule(
        call=st.sampled_from([*CALLS, "none"]),
        command=st.sampled_from(
            [
                *("start recording", "stop recording", "pause recording", "start forwarding", "stop forwarding"),
                *("block DTMF", "unblock DTMF", "block media", "unblock media", "silence media", "unsilence media"),
                *("stop media", "play DTMF", "no such command"),
            ]
        ),
        who=st.sampled_from(WHOM),
    )
    def steer(self, call: str, command: str, who: dict[str, Any]) -> None:
        self.ask(command, call, **who, **({"code": "5"} if command == "play DTMF" else {}))

    def teardown(self) -> None:
        self.sides.forget(*(f"{self.name}-{call}" for call in (*CALLS, "bare")))


@pytest.fixture
def sides(any_daemon: Rtpengine) -> Iterator[Sides]:
    real = Wire(any_daemon.url)
    yield Sides(real, in_process(any_daemon.version()))
    real.close()


def test_both_answer_the_same(sides: Sides) -> None:
    class Here(Proxy):
        pass

    Here.sides = sides
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=int(os.environ.get("RTPE_NG_EXAMPLES", "60")),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
