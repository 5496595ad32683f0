"""The embedded engine and a real daemon, asked the same at random: each must answer what the other answers.

A hypothesis state machine plays a signalling proxy: offers, answers, re-offers by either side, forks, deletes,
repeats, wrong tags and Call-IDs, and the other commands. Whatever is drawn goes to both; results, error texts,
warnings, SDP and what a query tells must be equal once ports, credentials and the like are made neutral.

What it leaves out, because the embedded engine does not do it as the daemon does:
- Who sends what never changes its kind within a call: a tag is a browser or a phone, has one set of options in each
  direction, and a re-offer has the sections of the first one (RFC 3264, section 8). Answers to one offer reject
  the same sections, and have the ICE name of their author's last offer.
- An answer that rejects all sections ends it: none does so in a call that was answered before, and no offer
  follows.
- Nobody listens where sections were rejected, or in calls with more than audio; and whoever publishes does so once.
- Bodies without media in a call that has media: 26.0 repeats what it said before.
- When the daemon opens and closes its sockets: see `sides`.
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

from rtpe_ng import Direction, Leg, Profile, profiles, sdp
from rtpe_ng.testing import Rtpengine, bodies
from tests.support.descriptions import CAPTURED
from tests.support.mirror import mirror
from tests.support.sides import Sides, Wire, in_process

CALLS = ("one", "two")
BRANCHES = ("z9hG4bK-1", "z9hG4bK-2")
FROM_A, FROM_B, FROM_X = {"from-tag": "a"}, {"from-tag": "b"}, {"from-tag": "x"}
PROFILES: dict[str, Profile] = {it.name: it for it in (profiles.MODERN, profiles.ARTICLE)}
MORE: list[dict[str, Any]] = [{}, {}, {"direction": ["pub", "priv"]}, {"label": "caller"}, {"metadata": "m"}]
"""What an offer has beside the flags of its profile."""


def _held(body: str) -> str:
    return body.replace("a=sendrecv", "a=sendonly")


def _bodies(leg: Leg, name: str) -> dict[str, str]:
    """Return a browser's or a phone's bodies with audio alone: the first, the same again, and on hold."""
    return {
        name: bodies.offer(leg),
        f"{name} again": bodies.offer(leg, version=2),
        f"{name} holds": _held(bodies.offer(leg, version=3)),
    }


PHONE = bodies.offer(Leg.SIP)
VIDEO = "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
OFFERS: dict[Leg, dict[str, str]] = {
    Leg.WEB: _bodies(Leg.WEB, "web")
    | {name: body.decode() for name, body in CAPTURED.items() if not name.startswith("rtpengine")},
    Leg.SIP: _bodies(Leg.SIP, "phone")
    | {
        "phone holds as of old": PHONE.replace("c=IN IP4 127.0.2.1", "c=IN IP4 0.0.0.0"),
        "phone with video": PHONE + VIDEO,
        "phone with video, which holds": _held(PHONE + VIDEO),
        "phone without video": PHONE + "m=video 0 RTP/AVP 96\r\n",
        "phone with fax": PHONE + "m=image 40020 udptl t38\r\na=T38FaxVersion:0\r\n",
    },
}
SECTIONS = {
    name: tuple(media.type for media in sdp.parse(body).media)
    for leg in OFFERS
    for name, body in OFFERS[leg].items()
}
"""What the sections of each of these offers are."""
ODD: dict[str, str | None] = {
    "no body": None,
    "nonsense": "nonsense",
    "no session": "m=audio 4 RTP/AVP 0\r\n",
}
"""What is no body."""
BARE = {"an empty body": "", "a line": "v=0", "no media": PHONE.partition("m=")[0]}
"""Bodies without media."""
WHOM: list[dict[str, Any]] = [
    {},
    FROM_A,
    {**FROM_A, "flags": ["directional"]},
    {**FROM_X, "flags": ["directional"]},
    {**FROM_A, "to-tag": "b", "flags": ["directional"]},
    {"label": "callee"},
    {"label": "nobody"},
    {"address": "127.0.2.1"},
    {"address": "198.51.100.9"},
    {"flags": ["all"]},
    {**FROM_A, "flags": ["directional"], "all": "offer-answer"},
]
"""Whom the other commands are about."""


class Dialogue:
    """A call as the proxy sees it."""

    def __init__(self, direction: Direction, profile: Profile) -> None:
        self.direction = direction
        self.profile = profile
        self.sections: tuple[str, ...] = ()
        """What its sections are, from the first offer on."""
        self.offered: tuple[str, str, str | None] | None = None
        """The last offer that came back: who made it, the body, the branch."""
        self.invite: str | None = None
        """The name of the body of the first offer."""
        self.callee: str | None = None
        """The tag of the party that answered last."""
        self.rejected: tuple[int, ...] | None = None
        """Which sections of that offer were rejected; None before it was answered."""
        self.agreed = False
        """It was answered once."""
        self.over = False
        """All sections were rejected."""
        self.ice: dict[str, tuple[str, str]] = {}
        """The ICE name and password of each party that has offered."""

    def path(self, who: str) -> Direction:
        """Return which way a message by `who` goes."""
        return self.direction if who == "a" else self.direction.reversed

    def fitting(self, who: str) -> list[str]:
        """Return the names of the offers that `who` can make now."""
        names = OFFERS[self.path(who).caller]
        return [name for name in names if not self.sections or SECTIONS[name] == self.sections]


class Proxy(RuleBasedStateMachine):
    """Whoever talks to the two engines."""

    sides: Sides
    numbers: Iterator[int] = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.name = f"{secrets.token_hex(4)}-{next(self.numbers)}"
        self.calls: dict[str, Dialogue] = {}
        self.published = False

    def ask(self, command: str, call: str, **more: Any) -> dict[str, Any]:
        document = {"command": command, "call-id": f"{self.name}-{call}"}
        return self.sides.ask(document | {key.replace("_", "-"): value for key, value in more.items()})

    def _offer(
        self, data: st.DataObject, call: str, who: str, to: str | None, branch: str | None, more: dict[str, Any]
    ) -> None:
        dialogue = self.calls[call]
        names = dialogue.fitting(who)
        if dialogue.callee is None and dialogue.invite is not None:
            # One INVITE goes to all branches.
            names = [dialogue.invite]
        if not names:
            return
        body = data.draw(st.sampled_from(names))
        dialogue.invite = dialogue.invite or body
        path = dialogue.path(who)
        request = {"from-tag": who, "sdp": OFFERS[path.caller][body], **dialogue.profile.offer_flags(path).to_ng()}
        if to:
            request["to-tag"] = to
        if branch:
            request["via-branch"] = branch
        reply = self.ask("offer", call, **request, **more)
        if reply.get("sdp"):
            dialogue.sections = SECTIONS[body]
            dialogue.offered = (who, reply["sdp"], branch)
            dialogue.rejected = None
            first = sdp.parse(OFFERS[path.caller][body]).media[0]
            if first.ice_ufrag and first.ice_pwd:
                dialogue.ice[who] = (first.ice_ufrag, first.ice_pwd)

    @rule(
        data=st.data(),
        call=st.sampled_from(CALLS),
        direction=st.sampled_from(list(Direction)),
        profile=st.sampled_from(sorted(PROFILES)),
        branch=st.sampled_from([None, *BRANCHES]),
        more=st.sampled_from(MORE),
    )
    def call(
        self,
        data: st.DataObject,
        call: str,
        direction: Direction,
        profile: str,
        branch: str | None,
        more: dict[str, Any],
    ) -> None:
        """The caller offers, possibly to one more branch."""
        dialogue = self.calls.setdefault(call, Dialogue(direction, PROFILES[profile]))
        if dialogue.callee is None:
            self._offer(data, call, "a", None, branch, more)

    @precondition(lambda self: any(it.offered for it in self.calls.values()))
    @rule(
        data=st.data(),
        keep=st.sampled_from([1, 2, 20]),
        reject=st.sampled_from([(), (), (), (0,), (1,), (0, 1, 2)]),
        direction=st.sampled_from([None, None, None, "sendonly", "inactive", "recvonly"]),
        setup=st.sampled_from(["active", "active", "passive"]),
        label=st.sampled_from([None, "callee"]),
    )
    def answer(
        self,
        data: st.DataObject,
        keep: int,
        reject: tuple[int, ...],
        direction: str | None,
        setup: str,
        label: str | None,
    ) -> None:
        """The party that has an open offer answers it, possibly once more."""
        call = data.draw(st.sampled_from(sorted(name for name, it in self.calls.items() if it.offered)))
        dialogue = self.calls[call]
        assert dialogue.offered is not None
        who, body, branch = dialogue.offered
        to = (dialogue.callee or (f"b-{branch}" if branch else "b")) if who == "a" else "a"
        if who == "a":
            dialogue.callee = to
        more: dict[str, Any] = {"via-branch": branch} if branch else {}
        if label:
            more["label"] = label
        dialogue.rejected = reject = self._rejected(dialogue, reject)
        dialogue.agreed = True
        ice = dialogue.ice.get(to, ("Mirr", "madeUpByTheMirrorAndLong"))
        answer = mirror(body, reject=reject, keep=keep, direction=direction, setup=setup, ice=ice)
        flags = dialogue.profile.answer_flags(dialogue.path(to)).to_ng()
        self.ask("answer", call, **{"from-tag": who, "to-tag": to, "sdp": answer}, **more, **flags)

    def _rejected(self, dialogue: Dialogue, reject: tuple[int, ...]) -> tuple[int, ...]:
        if dialogue.rejected is not None:
            return dialogue.rejected
        if set(range(len(dialogue.sections))) <= set(reject):
            if dialogue.agreed:
                return ()
            dialogue.over = True
        return reject

    @precondition(lambda self: any(it.callee and not it.over for it in self.calls.values()))
    @rule(data=st.data(), more=st.sampled_from(MORE))
    def offer_again(self, data: st.DataObject, more: dict[str, Any]) -> None:
        """Either side offers again within the call."""
        call = data.draw(
            st.sampled_from(sorted(name for name, it in self.calls.items() if it.callee and not it.over))
        )
        dialogue = self.calls[call]
        assert dialogue.callee is not None
        who = data.draw(st.sampled_from(["a", dialogue.callee]))
        to = dialogue.callee if who == "a" else "a"
        more = {key: value for key, value in more.items() if key != "direction"}
        self._offer(data, call, who, to, None, more)

    @rule(
        call=st.sampled_from([*CALLS, "none"]),
        command=st.sampled_from(["offer", "answer"]),
        tags=st.sampled_from([{}, FROM_A, {**FROM_A, "to-tag": "b"}, {**FROM_X, "to-tag": "y"}]),
        body=st.sampled_from(sorted(ODD)),
    )
    def odd(self, call: str, command: str, tags: dict[str, str], body: str) -> None:
        """What no endpoint should send."""
        self.ask(command, call, **tags, **({} if (text := ODD[body]) is None else {"sdp": text}))

    @rule(body=st.sampled_from(sorted(BARE)), command=st.sampled_from(["offer", "answer"]))
    def bare(self, body: str, command: str) -> None:
        """An exchange without media."""
        self.ask(command, "bare", **FROM_A, **({"to-tag": "b"} if command == "answer" else {}), sdp=BARE[body])

    @rule(to=st.sampled_from(["b", "x"]), leg=st.sampled_from(list(Leg)))
    def answer_nothing(self, to: str, leg: Leg) -> None:
        """An answer in a call that is not there."""
        self.ask("answer", "nowhere", **FROM_A, **{"to-tag": to, "sdp": bodies.offer(leg)})

    @rule(
        call=st.sampled_from([*CALLS, "none"]),
        tags=st.sampled_from([{}, FROM_A, FROM_B, FROM_X, {**FROM_A, "to-tag": "b"}]),
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
        # What comes after belongs to another call: in one that is half gone, no proxy goes on.
        if call in self.calls:
            self.sides.forget(f"{self.name}-{call}")
            del self.calls[call]

    @rule(
        call=st.sampled_from([*CALLS, "none"]),
        tags=st.sampled_from([{}, {}, FROM_A, {**FROM_A, "to-tag": "b"}, FROM_X]),
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

    @rule(
        call=st.sampled_from([*CALLS, "stage"]),
        whom=st.sampled_from([FROM_A, FROM_B, FROM_X, {"from-tags": ["a", "b"]}, {"label": "callee"}, {}]),
        words=st.sampled_from([[], [], ["siprec"], ["all"]]),
        number=st.integers(min_value=0, max_value=10**6),
        answers=st.booleans(),
        leaves=st.booleans(),
    )
    def listen(
        self, call: str, whom: dict[str, Any], words: list[str], number: int, answers: bool, leaves: bool
    ) -> None:
        """Somebody listens, and may leave again."""
        dialogue = self.calls.get(call)
        if dialogue is not None and (dialogue.sections != ("audio",) or dialogue.rejected != ()):
            return
        who = {"to-tag": f"ear-{number}"}
        reply = self.ask("subscribe request", call, **whom, **({"flags": words} if words else {}), **who)
        if answers and reply.get("sdp"):
            self.ask("subscribe answer", call, **who, sdp=mirror(reply["sdp"]))
        if leaves:
            self.ask("unsubscribe", call, **who)

    @precondition(lambda self: not self.published)
    @rule(body=st.sampled_from(sorted(it for it in SECTIONS if SECTIONS[it] == ("audio",))))
    def publish(self, body: str) -> None:
        """Somebody sings."""
        self.published = True
        self.ask("publish", "stage", **FROM_A, sdp={**OFFERS[Leg.WEB], **OFFERS[Leg.SIP]}[body])

    def teardown(self) -> None:
        self.sides.forget(*(f"{self.name}-{call}" for call in (*CALLS, "bare", "stage")))


@pytest.fixture
def sides(any_daemon: Rtpengine) -> Iterator[Sides]:
    real = Wire(any_daemon.url)
    yield Sides(real, in_process(any_daemon.version))
    real.close()


def test_both_answer_the_same(sides: Sides) -> None:
    class Here(Proxy):
        pass

    Here.sides = sides
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=int(os.environ.get("RTPE_NG_EXAMPLES", "150")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
