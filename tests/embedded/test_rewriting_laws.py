"""Laws of rewriting: true for any body, options and version."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from rtpe_ng import sdp
from rtpe_ng.embedded.errors import Refused
from rtpe_ng.embedded.request import Context
from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.sdp.party import EngineParty
from rtpe_ng.embedded.sdp.rewrite import answer, offer
from rtpe_ng.embedded.versions import behaviour_of
from tests.support.descriptions import bodies, damaged
from tests.support.dialogue import TO_SIP, TO_WEB, VERSIONS

versions = st.sampled_from(VERSIONS)
flags = st.sampled_from(
    (
        *({}, TO_WEB, TO_SIP, {"ICE": "optional"}, {"ICE": "force-relay"}, {"flags": ["original-sendrecv"]}),
        {"transport-protocol": "RTP/SAVP", "replace": ["origin", "SDP-version"]},
        {"codec": {"transcode": ["PCMU", "opus"], "strip": ["all"]}, "flags": ["strip-extmap", "generate-mid"]},
    )
)


class Engine:
    """An engine with one call of two parties."""

    def __init__(self, version: str) -> None:
        self.resources, self.behaviour = Resources(seed=7), behaviour_of(version)
        self.a, self.b = EngineParty(tag="a"), EngineParty(tag="b")

    def offer(self, body: str, flags: dict[str, Any]) -> str:
        return offer(body, Context.of(flags, self.resources, self.behaviour), offerer=self.a, answerer=self.b)

    def answer(self, body: str, flags: dict[str, Any]) -> str:
        return answer(body, Context.of(flags, self.resources, self.behaviour), answerer=self.b, offerer=self.a)


def made(engine: Engine, body: str, flags: dict[str, Any]) -> str:
    """Return an offer, of a body that is taken."""
    try:
        return engine.offer(body, flags)
    except Refused:
        assume(False)
        raise


@given(versions, st.one_of(bodies(), damaged(), st.text()), flags)
def test_any_body_gives_one_that_parses_or_is_refused(version: str, body: str, flags: dict[str, Any]) -> None:
    engine = Engine(version)
    with suppress(Refused):
        offered = engine.offer(body, flags)
        assert sdp.parse(offered).media
        assert sdp.parse(engine.answer(offered, {})).media


@given(versions, bodies(), flags)
def test_sections_keep_number_order_and_kind(version: str, body: str, flags: dict[str, Any]) -> None:
    offered = made(Engine(version), body, flags)
    assert [it.type for it in sdp.parse(offered).media] == [it.type for it in sdp.parse(body).media]


@given(versions, bodies(), flags)
def test_an_offer_that_is_repeated_keeps_ports_and_credentials(
    version: str, body: str, flags: dict[str, Any]
) -> None:
    engine = Engine(version)
    first, again = (sdp.parse(made(engine, body, flags)) for _ in range(2))
    assert [it.port for it in again.media] == [it.port for it in first.media]
    for name in ("ice-ufrag", "ice-pwd", "tls-id", "fingerprint", "crypto"):
        assert [it.attributes(name) for it in again.media] == [it.attributes(name) for it in first.media]


@given(versions, bodies(), flags)
def test_the_same_seed_and_the_same_bodies_give_the_same(version: str, body: str, flags: dict[str, Any]) -> None:
    assert made(Engine(version), body, flags) == made(Engine(version), body, flags)


@given(versions, bodies(), flags)
def test_no_port_serves_two_sections(version: str, body: str, flags: dict[str, Any]) -> None:
    engine = Engine(version)
    made(engine, body, flags)
    ports = [it.port for party in (engine.a, engine.b) for media in party.medias for it in media.maps]
    assert len(set(ports)) == len(ports)
