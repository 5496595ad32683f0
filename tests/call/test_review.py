"""Bodies on their way to the daemon and back: what templates tell is what the bodies themselves tell."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import TypeAlias

import attrs
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Direction, Flags, Leg, SdpError, profiles, sdp
from rtpe_ng.call import review, with_tls_id
from rtpe_ng.call.body import CallBody, codecs_of, readable
from rtpe_ng.call.review import BodyReturned, Way, incoming, outgoing
from rtpe_ng.call.sections import OfferedSections
from rtpe_ng.testing import bodies as examples
from tests.support.examples import examples as tries
from tests.support.values import with_other_values
from tools.mutants import Base, bases, mutated

MODERN = profiles.MODERN
FLAGS = [
    *(MODERN.offer_flags(direction) for direction in Direction),
    *(MODERN.answer_flags(direction) for direction in Direction),
    *(Flags(), Flags(codec={"strip": ["PCMA"]}), Flags(osrtp=["accept-legacy"]), Flags(generate_mid=True)),
]


Exchange: TypeAlias = tuple[str, str, str | None, Way]
"""What came back, what was sent for it, the offer if there is one, and what else is known."""


@st.composite
def texts(draw: st.DrawFn, base: Base) -> str:
    """Draw the body of a base, perhaps with a fault, or with the values of another call."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    body = mutated(base, chance)[0] if draw(st.booleans()) else base.body
    return with_other_values(body, chance) if draw(st.booleans()) else body


def sections_of(body: str | None) -> OfferedSections | None:
    session = None if body is None else readable(body)
    return None if session is None else OfferedSections.of(session)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    base = draw(st.sampled_from(bases()))
    back = draw(texts(base))
    sent = draw(st.just(back) | texts(base) | st.sampled_from(bases()).flatmap(texts))
    role = base.role
    offer = None
    if role == "answer" and draw(st.booleans()):
        offer = draw(texts(attrs.evolve(base, body=base.answering or sent)))
    known = draw(st.sampled_from([offer or sent, back]))
    way = Way(
        role=role,
        legs=(draw(st.sampled_from(Leg)), draw(st.sampled_from(Leg))),
        mends=draw(st.sampled_from([MODERN.mends, frozenset[str]()])),
        cleans=draw(st.booleans()),
        flags=draw(st.sampled_from(FLAGS)),
        offer_flags=draw(st.none() | st.sampled_from(FLAGS)) if role == "answer" else None,
        sections=sections_of(known) if draw(st.booleans()) else None,
        is_first=draw(st.booleans()),
        added=draw(st.sampled_from([(), (0,), (1,)])),
    )
    return back, sent, offer, way


def told(found: BodyReturned) -> tuple[object, ...]:
    return found.body.text, found.repairs, found.ignored, found.faults, found.body.sections, found.body.codecs


@given(exchange=exchanges())
@tries(150)
def test_what_the_templates_say_of_a_reply_is_what_the_bodies_say(
    exchange: Exchange,
) -> None:
    back, sent, offer, way = exchange
    asked = None if offer is None else CallBody(offer)
    short = incoming(back, way=way, sent=CallBody(sent), offer=asked)
    full = review._returned(CallBody(back), way=way, sent=CallBody(sent), offer=asked)
    assert told(short) == told(full)


@given(exchange=exchanges(), to=st.sampled_from(Leg))
@tries(150)
def test_what_its_template_says_of_a_body_to_be_sent_is_what_the_body_says(exchange: Exchange, to: Leg) -> None:
    _, body, _, way = exchange
    short = outgoing(body, profile=MODERN, role=way.role, to=to, whose="caller", there=way.sections)
    full = review._mended(
        CallBody(body), mends=MODERN.mends, role=way.role, to=to, whose="caller", there=way.sections
    )
    assert (short.body.text, short.repairs) == (full.body.text, full.repairs)


@given(base=st.sampled_from(bases()), data=st.data())
def test_what_is_remembered_of_a_body_is_what_it_says(base: Base, data: st.DataObject) -> None:
    text = data.draw(texts(base))
    body, session = CallBody(text), readable(text)
    assert body.session == session
    assert body.sections == sections_of(text)
    if session is not None and body.sections is not None:
        assert body.codecs == codecs_of(session)
        # What does not count in a comparison is remembered too.
        assert repr(body.sections) == repr(OfferedSections.of(session))
    try:
        want = sdp.set_tls_id(text, "x" * 32)
    except SdpError:
        want = text
    if "a=tls-id" not in text:
        given_one = with_tls_id(text, call_id="c", tag="t")
        names = {media.tls_id for media in sdp.parse(given_one).media} - {None} if session is not None else set()
        assert given_one == (want.replace("x" * 32, str(names.pop())) if names else want)


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions are called by some work: what it costs, whatever else this machine does."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_a_body_of_a_kind_that_was_seen_before_costs_little() -> None:
    chance = random.Random(5)
    offer = examples.offer(Leg.WEB).replace("mid:0", "mid:this").replace("BUNDLE 0", "BUNDLE this")
    way = Way.of(MODERN, role="offer", legs=(Leg.SIP, Leg.WEB), flags=Flags(), is_first=True)

    def cost(body: str) -> int:
        return calls_of(lambda: incoming(body, way=way, sent=CallBody(body)))

    first, *others = (cost(with_other_values(offer, chance)) for _ in range(5))
    assert max(others) * 5 < first
