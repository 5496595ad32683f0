"""What the engine offers on its own, which 26.0 knows."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from rtpe_ng import sdp
from rtpe_ng.embedded.request import Context
from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.sdp import creation
from rtpe_ng.embedded.sdp.creation import NewSection
from rtpe_ng.embedded.sdp.party import EngineParty
from rtpe_ng.embedded.versions import Behaviour, behaviour_of
from rtpe_ng.sdp import Session
from tests.embedded.test_codecs import PCMA, PCMU, body


@attrs.define
class Maker:
    """An engine and a party that it makes."""

    behaviour: Behaviour = attrs.field(factory=lambda: behaviour_of("26.0"))
    resources: Resources = attrs.field(factory=Resources)
    party: EngineParty = attrs.field(factory=EngineParty)

    def create(self, *wanted: NewSection, **options: Any) -> Session:
        told = creation.offer(
            wanted,
            Context.of(options, self.resources, self.behaviour),
            party=self.party,
        )
        return sdp.parse(told)

    def answer(self, sent: str) -> None:
        creation.answer(sent, Context.of({}, self.resources, self.behaviour), party=self.party)


@pytest.fixture
def maker() -> Maker:
    return Maker()


def test_what_is_made_of_nothing_is_plain_audio(maker: Maker) -> None:
    (media,) = maker.create().media
    assert (media.type, media.protocol, media.formats) == ("audio", "RTP/AVP", ("0", "8"))
    assert media.direction == "sendrecv"
    assert not media.rtcp_mux


def test_codecs_are_those_that_are_wanted_and_can_be_transcoded(maker: Maker) -> None:
    (media,) = maker.create(codec={"offer": ["opus", "AMR", "PCMA"]}).media
    assert [str(codec) for codec in media.codecs] == ["opus/48000/2", "PCMA/8000"]


def test_sections_are_those_that_are_wanted(maker: Maker) -> None:
    session = maker.create(NewSection(codecs=("G722",)), NewSection(type="video", codecs=("VP8/90000",)))
    assert [(media.type, [str(codec) for codec in media.codecs]) for media in session.media] == [
        ("audio", ["G722/8000"]),
        ("video", ["VP8/90000"]),
    ]


def test_a_browser_may_be_called(maker: Maker) -> None:
    (media,) = maker.create(flags=["WebRTC"]).media
    assert media.protocol == "UDP/TLS/RTP/SAVPF"
    assert media.rtcp_mux
    assert media.setup == "actpass"
    assert media.mid == "1"
    assert len(media.candidates) == 1


def test_it_is_the_same_again_but_for_what_was_answered(maker: Maker) -> None:
    first, again = maker.create(), maker.create()
    assert str(first) == str(again)
    maker.answer(body(PCMA, lines=("a=sendonly",)))
    (media,) = maker.create().media
    assert media.port == first.media[0].port
    assert media.formats == ("8",)


def test_the_answer_goes_nowhere(maker: Maker) -> None:
    maker.create()
    free = maker.resources.free_ports
    maker.answer(body(PCMU))
    assert maker.resources.free_ports == free
