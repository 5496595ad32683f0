"""One DTLS association for each party, and roles that stay what they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Direction, Flags, Leg, UsageError, sdp
from rtpe_ng.call import DtlsRoles, with_tls_id
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import HASH, bodies, damaged

BROWSER = examples.offer(Leg.WEB)
PHONE = examples.offer(Leg.SIP)
PARTIES = st.sampled_from(["caller", "callee"])
BOTH = frozenset({"caller", "callee"})
SETS = st.frozensets(PARTIES)
ROLES = st.builds(lambda passive, some: DtlsRoles(passive=passive, forgotten=passive & some), SETS, SETS)


def test_a_party_keeps_its_association() -> None:
    first, second = (with_tls_id(BROWSER.replace("1 IN IP4", f"{n} IN IP4"), call_id="x", tag="a") for n in (1, 2))
    assert sdp.parse(first).media[0].tls_id == sdp.parse(second).media[0].tls_id
    other = with_tls_id(BROWSER, call_id="x", tag="b")
    assert sdp.parse(other).media[0].tls_id != sdp.parse(first).media[0].tls_id
    assert sdp.parse(with_tls_id(BROWSER, call_id="y", tag="a")).media[0].tls_id != sdp.parse(first).media[0].tls_id


def test_what_needs_no_association_stays_as_it_is() -> None:
    its_own = BROWSER.replace("a=setup", "a=tls-id:itsownitsownitsownitsown\r\na=setup")
    for body in (PHONE, its_own, "what is no SDP"):
        assert with_tls_id(body, call_id="x", tag="\udcff") == body


@given(bodies() | damaged())
def test_only_the_tls_id_is_added(body: str) -> None:
    with_it = with_tls_id(body, call_id="x", tag="a")
    assert with_it == body or sdp.parse(body).media
    without = [line for line in with_it.split("\n") if not line.startswith("a=tls-id")]
    assert [line.rstrip("\r") for line in without] == [
        line.rstrip("\r") for line in body.split("\n") if not line.startswith("a=tls-id")
    ]


def test_keys_of_ones_own_stay() -> None:
    assert HASH in with_tls_id(BROWSER + f"a=fingerprint:{HASH}\r\n", call_id="x", tag="a")


# DtlsRoles.


def roles(*passive: str) -> DtlsRoles:
    return DtlsRoles(passive=frozenset(passive))


@pytest.mark.parametrize(
    ("flags", "after"),
    [
        ({}, roles()),
        ({"dtls": "passive"}, roles("callee")),
        ({"dtls_reverse": "passive"}, roles("caller")),
        ({"dtls": "active", "dtls_reverse": "passive"}, roles("caller")),
        ({"dtls": "passive", "dtls_reverse": "passive"}, roles("caller", "callee")),
    ],
)
def test_an_offer_makes_the_daemon_the_server(flags: dict[str, Any], after: DtlsRoles) -> None:
    assert DtlsRoles().offered(Flags(**flags), sender="caller") == after


@pytest.mark.parametrize(
    ("answer", "before", "after"),
    [
        ("a=setup:active\r\n", roles(), roles("callee")),
        ("m=audio 9 RTP/AVP 0\na=setup:active\n", roles("caller"), roles("caller", "callee")),
        ("a=setup:passive\r\n", roles("caller", "callee"), roles("caller")),
        ("a=setup:actpass\r\n", roles("callee"), roles("callee")),
        ("v=0\r\n\udcff", roles("callee"), roles("callee")),
    ],
)
def test_who_answers_active_makes_the_daemon_the_server(answer: str, before: DtlsRoles, after: DtlsRoles) -> None:
    assert before.answered(answer, sender="callee", leg=Leg.WEB) == after
    # What a phone says of DTLS does not matter to a browser's association.
    assert before.answered(answer, sender="callee", leg=Leg.SIP) == before


@pytest.mark.parametrize(
    ("answer", "before", "after"),
    [
        ("a=setup:active\r\n", roles("caller", "callee"), roles("callee")),
        ("m=audio 9 RTP/AVP 0\na=setup:passive\n", roles("callee"), roles("caller", "callee")),
        ("m=audio 9 RTP/AVP 0\n", roles("caller"), roles("caller")),
    ],
)
def test_what_the_daemon_answers_is_its_role(answer: str, before: DtlsRoles, after: DtlsRoles) -> None:
    assert before.told(answer, receiver="caller", leg=Leg.WEB) == after
    assert before.told(answer, receiver="caller", leg=Leg.SIP) == before


@given(ROLES, st.sampled_from(["active", "passive", "actpass", "holdconn"]), PARTIES, st.sampled_from(Leg))
def test_what_the_daemon_answers_concerns_that_party_alone(
    before: DtlsRoles, role: str, party: str, leg: Leg
) -> None:
    after = before.told(f"a=setup:{role}\r\n", receiver=party, leg=leg)
    assert after.passive - {party} == before.passive - {party}
    assert after.forgotten <= before.forgotten


def test_what_the_daemon_forgot_it_is_told_with_the_next_offer_of_that_party() -> None:
    settled = roles("callee").rejected(offerer="caller")
    path = Direction.WEB_TO_SIP
    assert settled.offering(Flags(), sender="callee", path=path, settled=BOTH).dtls_reverse == "passive"
    assert settled.offering(Flags(), sender="caller", path=path.reversed, settled=BOTH).dtls_reverse is None
    # Who says a role means it, and an answer ends it.
    said = Flags(dtls_reverse="active")
    assert settled.offering(said, sender="callee", path=path, settled=BOTH) == said
    assert settled.answered(PHONE, sender="caller", leg=Leg.SIP) == roles("callee")
    # Nothing is forgotten that did not hold.
    assert roles("caller").rejected(offerer="caller") == roles("caller")


def test_a_passive_role_that_comes_too_late_is_refused() -> None:
    with pytest.raises(UsageError, match=r"an answer to a browser comes too late.*dtls_reverse='passive' in the"):
        DtlsRoles().answering(Flags(dtls="passive"), offerer="caller", leg=Leg.WEB)
    for flags, path in (
        (Flags(dtls="passive"), Direction.SIP_TO_WEB),
        (Flags(dtls_reverse="passive"), Direction.WEB_TO_SIP),
    ):
        with pytest.raises(UsageError, match="a re-offer to or by a browser changes one that is settled"):
            DtlsRoles().offering(flags, sender="caller", path=path, settled=BOTH)
        assert DtlsRoles().offering(flags, sender="caller", path=path, settled=frozenset()) == flags
        assert DtlsRoles().offering(flags, sender="caller", path=path.reversed, settled=BOTH) == flags
        assert roles("caller", "callee").offering(flags, sender="caller", path=path, settled=BOTH) == flags
    for before, flags in (
        (roles("caller"), Flags(dtls="passive")),
        (DtlsRoles(), Flags(dtls="active")),
        (DtlsRoles(), Flags()),
    ):
        assert before.answering(flags, offerer="caller", leg=Leg.WEB) == flags
    assert DtlsRoles().answering(Flags(dtls="passive"), offerer="caller", leg=Leg.SIP).dtls == "passive"


@given(ROLES, st.sampled_from(["caller", "callee"]), st.sampled_from(Direction), SETS)
def test_reminding_changes_no_role(
    before: DtlsRoles, sender: str, path: Direction, settled: frozenset[str]
) -> None:
    flags = before.offering(Flags(), sender=sender, path=path, settled=settled)
    assert before.offered(flags, sender=sender).passive == before.passive


@pytest.mark.parametrize(
    "words",
    [
        {"passive": frozenset({"caler"})},
        {"forgotten": frozenset({"caller"})},
        {"passive": frozenset({"callee"}), "forgotten": frozenset({"caller"})},
    ],
)
def test_other_words_are_refused(words: dict[str, frozenset[str]]) -> None:
    with pytest.raises(UsageError, match="caller and callee are the parties"):
        DtlsRoles(**words)
