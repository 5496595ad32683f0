"""What publishers are answered, and subscribers are offered."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from rtpe_ng import sdp
from rtpe_ng.embedded.errors import Refused
from rtpe_ng.embedded.request import Context
from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.sdp import rewrite, subscription
from rtpe_ng.embedded.sdp.party import EngineParty
from rtpe_ng.embedded.sdp.subscription import SourceSection
from rtpe_ng.embedded.versions import Behaviour, behaviour_of
from rtpe_ng.sdp import Media
from tests.embedded.test_codecs import EVENTS, OPUS, PCMA, PCMU, VERSIONS, body

LINES = ("a=mid:voice", "a=x-anything:1", "a=sendonly", "a=ptime:20")
WEB = body(
    OPUS,
    PCMU,
    lines=(
        "a=rtcp-mux",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuv",
        "a=ice-options:trickle",
        f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}",
        "a=setup:actpass",
    ),
).replace("RTP/AVP", "UDP/TLS/RTP/SAVPF")


@attrs.define
class Room:
    """An engine, without the calls around its parties."""

    behaviour: Behaviour
    resources: Resources = attrs.field(factory=Resources)

    def _context(self, options: dict[str, Any]) -> Context:
        return Context.of(options, self.resources, self.behaviour)

    def publish(self, sent: str, publisher: EngineParty, **options: Any) -> str:
        return subscription.publish(
            sent,
            self._context(options),
            publisher=publisher,
        )

    def subscribe(self, subscriber: EngineParty, *parties: EngineParty, **options: Any) -> str:
        return subscription.offer(
            sources(*parties),
            self._context(options),
            subscriber=subscriber,
        )

    def answer(self, sent: str, subscriber: EngineParty, *parties: EngineParty, **options: Any) -> None:
        subscription.answer(
            sent,
            self._context(options),
            subscriber=subscriber,
            sources=sources(*parties),
        )

    def call(self, offered: str, answered: str) -> tuple[EngineParty, EngineParty]:
        caller, callee = EngineParty(tag="caller"), EngineParty(tag="callee")
        rewrite.offer(
            offered,
            self._context({}),
            offerer=caller,
            answerer=callee,
        )
        rewrite.answer(
            answered,
            self._context({}),
            answerer=callee,
            offerer=caller,
        )
        return caller, callee


def sources(*parties: EngineParty) -> list[SourceSection]:
    return [SourceSection(party=party, media=media) for party in parties for media in party.medias]


def only(told: str) -> Media:
    (media,) = sdp.parse(told).media
    return media


@pytest.fixture(params=VERSIONS)
def room(request: pytest.FixtureRequest) -> Room:
    return Room(behaviour_of(request.param))


def test_a_publisher_is_answered_by_who_only_listens(room: Room) -> None:
    told = room.publish(body(PCMA, PCMU, lines=LINES), EngineParty(tag="p"))
    media = only(told)
    assert media.direction == "recvonly"
    assert media.formats == ("8",)
    assert media.mid == "voice"
    assert media.ptime == 20
    assert not media.has("x-anything")
    assert sdp.parse(told).name == room.behaviour.session_name


def test_sections_of_one_name_are_answered_one_by_one(room: Room) -> None:
    first = body(PCMU, PCMA, lines=("a=mid:voice",))
    second = body(PCMA, lines=("a=mid:voice",)).partition("t=0 0\r\n")[2]
    told = sdp.parse(room.publish(first + second, EngineParty()))
    assert [media.formats for media in told.media] == [("0",), ("8",)]
    assert {media.direction for media in told.media} == {"recvonly"}


def test_a_publisher_may_only_listen_too(room: Room) -> None:
    sent = body(PCMU, lines=("a=recvonly",))
    assert only(room.publish(sent, EngineParty())).direction == "inactive"
    told = only(room.publish(sent, EngineParty(), flags=["bidirectional"]))
    assert told.direction == ("sendonly" if room.behaviour.publishes_both_ways else "inactive")


def test_the_first_codec_that_can_be_transcoded_is_taken_or_the_one_that_is_wanted(room: Room) -> None:
    sent = body("97 AMR/8000", PCMU, PCMA)
    assert only(room.publish(sent, EngineParty())).formats == ("0",)
    assert only(room.publish(sent, EngineParty(), codec={"accept": ["PCMA"]})).formats == ("8",)
    assert only(room.publish(sent, EngineParty(), codec={"accept": ["any"]})).formats == ("97",)


def test_without_such_a_codec_nothing_is_published(room: Room) -> None:
    with pytest.raises(Refused, match="Failed to create SDP"):
        room.publish(body("96 VP8/90000", kind="video"), EngineParty())


def test_a_browser_is_answered_as_one(room: Room) -> None:
    media = only(room.publish(WEB, EngineParty()))
    assert media.rtcp_mux
    assert media.setup == "active"
    assert len(media.candidates) == 1
    assert media.end_of_candidates


def test_a_subscriber_is_offered_what_was_taken(room: Room) -> None:
    publisher = EngineParty()
    room.publish(body(PCMA, PCMU, lines=LINES), publisher)
    media = only(room.subscribe(EngineParty(), publisher))
    assert media.direction == "sendonly"
    assert media.formats == ("8",)
    assert media.has("x-anything")


def test_codecs_are_added_for_a_subscriber(room: Room) -> None:
    publisher = EngineParty()
    room.publish(body(PCMU), publisher)
    media = only(room.subscribe(EngineParty(), publisher, codec={"transcode": ["PCMA"]}))
    assert media.formats == ("0", "8")


def test_a_subscriber_to_both_parties_has_a_section_for_each(room: Room) -> None:
    parties = room.call(body(PCMU, EVENTS), body(PCMU, EVENTS))
    told = sdp.parse(room.subscribe(EngineParty(), *parties))
    assert [media.direction for media in told.media] == ["sendonly", "sendonly"]
    assert len({media.port for media in told.media}) == 2


def test_who_sends_nothing_is_not_heard(room: Room) -> None:
    caller, callee = room.call(body(PCMU, lines=("a=sendonly",)), body(PCMU, lines=("a=recvonly",)))
    assert only(room.subscribe(EngineParty(), caller)).direction == "sendonly"
    assert only(room.subscribe(EngineParty(), callee)).direction == "inactive"


def test_a_subscriber_must_take_all_codecs(room: Room) -> None:
    parties = room.call(body(PCMU, PCMA), body(PCMU, PCMA))
    one, other = EngineParty(), EngineParty()
    room.subscribe(one, parties[0])
    with pytest.raises(Refused, match="Failed to process subscription answer"):
        room.answer(body(PCMA), one, parties[0])
    room.subscribe(other, parties[0])
    room.answer(body(PCMU, PCMA), other, parties[0])


def test_a_subscriber_may_have_it_transcoded(room: Room) -> None:
    publisher, subscriber = EngineParty(), EngineParty()
    room.publish(body(PCMU), publisher)
    room.subscribe(subscriber, publisher, codec={"transcode": ["PCMA"]})
    room.answer(body(PCMA), subscriber, publisher, flags=["allow transcoding"])


def test_the_sources_are_left_as_they_are(room: Room) -> None:
    parties = room.call(WEB, body(OPUS).replace("RTP/AVP", "UDP/TLS/RTP/SAVPF"))
    before = [attrs.asdict(media, recurse=False) for party in parties for media in party.medias]
    room.subscribe(EngineParty(), *parties, ICE="remove", codec={"transcode": ["PCMU"]}, **{"rtcp-mux": ["demux"]})
    assert [attrs.asdict(media, recurse=False) for party in parties for media in party.medias] == before


def test_ports_that_nobody_is_told_are_free_again(room: Room) -> None:
    free = room.resources.free_ports
    publisher = EngineParty()
    room.publish(body(PCMU), publisher)
    room.subscribe(EngineParty(), publisher)
    assert room.resources.free_ports == free - 4
