"""What becomes of codecs on their way: rule by rule, as the real daemons do it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from rtpe_ng import sdp
from rtpe_ng.embedded.request import Context
from rtpe_ng.embedded.resources import Resources
from rtpe_ng.embedded.sdp import rewrite
from rtpe_ng.embedded.sdp.party import EngineParty
from rtpe_ng.embedded.versions import Behaviour, behaviour_of

VERSIONS = ("10.5", "12.5", "26.0")
NEWER = ("12.5", "26.0")

PCMU, PCMA, G722, G729 = "0 PCMU/8000", "8 PCMA/8000", "9 G722/8000", "18 G729/8000"
OPUS, ISAC, AMR = "111 opus/48000/2", "103 ISAC/16000", "97 AMR/8000"
EVENTS, EVENTS_48, NOISE = "101 telephone-event/8000", "110 telephone-event/48000", "13 CN/8000"


def body(*codecs: str, lines: tuple[str, ...] = (), kind: str = "audio", port: int = 4000) -> str:
    """Return a body with one section with these codecs, each as its rtpmap line has it."""
    formats = " ".join(codec.split(" ")[0] for codec in codecs)
    said = [
        "v=0",
        "o=- 1 1 IN IP4 198.51.100.7",
        "s=-",
        "c=IN IP4 198.51.100.7",
        "t=0 0",
        f"m={kind} {port} RTP/AVP {formats}",
        *(f"a=rtpmap:{codec}" for codec in codecs),
        *lines,
    ]
    return "".join(f"{line}\r\n" for line in said)


@attrs.define
class Dialogue:
    """Two parties and what they are told of each other's codecs: as rtpmap lines have them, in their order."""

    behaviour: Behaviour
    caller: EngineParty = attrs.field(factory=lambda: EngineParty(tag="caller"))
    callee: EngineParty = attrs.field(factory=lambda: EngineParty(tag="callee"))
    resources: Resources = attrs.field(factory=Resources)
    told: str = ""
    """The whole body that was told last."""

    def offer(self, *codecs: str, by_callee: bool = False, lines: tuple[str, ...] = (), **codec: Any) -> list[str]:
        parties = (self.callee, self.caller) if by_callee else (self.caller, self.callee)
        return self._say(body(*codecs, lines=lines), codec, offer=parties)

    def answer(self, *codecs: str, by_caller: bool = False, lines: tuple[str, ...] = (), **codec: Any) -> list[str]:
        parties = (self.caller, self.callee) if by_caller else (self.callee, self.caller)
        return self._say(body(*codecs, lines=lines), codec, answer=parties)

    def _say(self, sent: str, codec: dict[str, Any], **parties: tuple[EngineParty, EngineParty]) -> list[str]:
        words = codec.pop("words", [])
        operations = {key.rstrip("_"): value for key, value in codec.items()}
        context = Context.of({"codec": operations, "flags": words}, self.resources, self.behaviour)
        ((message, (sender, receiver)),) = parties.items()
        if message == "offer":
            self.told = rewrite.offer(sent, context, offerer=sender, answerer=receiver)
        else:
            self.told = rewrite.answer(sent, context, answerer=sender, offerer=receiver)
        return list(sdp.parse(self.told).media[0].attributes("rtpmap"))


@pytest.fixture(params=VERSIONS)
def dialogue(request: pytest.FixtureRequest) -> Dialogue:
    return Dialogue(behaviour_of(request.param))


@pytest.fixture(params=NEWER)
def newer(request: pytest.FixtureRequest) -> Dialogue:
    return Dialogue(behaviour_of(request.param))


@pytest.fixture
def newest() -> Dialogue:
    return Dialogue(behaviour_of("26.0"))


# What is written of a codec.


def test_codecs_pass_as_they_are(dialogue: Dialogue) -> None:
    assert dialogue.offer(ISAC, PCMA, EVENTS) == [ISAC, PCMA, EVENTS]
    assert dialogue.answer(PCMA, EVENTS) == [PCMA, EVENTS]


def test_each_codec_has_its_lines_behind_it_and_static_ones_get_a_map(dialogue: Dialogue) -> None:
    lines = ("a=fmtp:101 0-16 ", "a=rtcp-fb:0 nack", "a=fmtp:18 annexb=no")
    dialogue.offer(EVENTS, lines=lines)
    sent = body(lines=lines).replace("RTP/AVP ", "RTP/AVP 18 0 101")
    told = rewrite.offer(
        sent,
        Context.of({}, dialogue.resources, dialogue.behaviour),
        offerer=dialogue.caller,
        answerer=dialogue.callee,
    )
    about = [line for line in told.split("\r\n") if line.startswith(("a=rtpmap", "a=fmtp", "a=rtcp-fb"))]
    assert about == [
        "a=rtpmap:18 G729/8000",
        "a=fmtp:18 annexb=no",
        "a=rtpmap:0 PCMU/8000",
        "a=rtcp-fb:0 nack",
        "a=rtpmap:101 /0",
        "a=fmtp:101 0-16 ",
    ]


def test_one_channel_is_not_said(dialogue: Dialogue) -> None:
    assert dialogue.offer("0 PCMU/8000/1", "97 AMR/8000/1", OPUS) == [PCMU, AMR, OPUS]


@pytest.mark.parametrize(
    ("version", "written"),
    [
        ("10.5", "maxptime=40;minptime=10; useinbandfec=1;stereo=0;usedtx=0;cbr=2"),
        ("12.5", "stereo=0; useinbandfec=0; minptime=10"),
        ("26.0", "stereo=0; useinbandfec=1; usedtx=0; minptime=10"),
    ],
)
def test_parameters_of_opus_are_written_anew(version: str, written: str) -> None:
    dialogue = Dialogue(behaviour_of(version))
    dialogue.offer(OPUS, lines=("a=fmtp:111 maxptime=40;minptime=10; useinbandfec=1;stereo=0;usedtx=0;cbr=2",))
    assert f"a=fmtp:111 {written}\r\n" in dialogue.told


# Transcoding.


def test_what_is_there_is_not_added(dialogue: Dialogue) -> None:
    assert dialogue.offer(ISAC, PCMU, transcode=["PCMU"]) == [ISAC, PCMU]
    assert dialogue.offer(ISAC, "96 pcmu/8000", transcode=["PCMU"]) == [ISAC, "96 pcmu/8000"]


def test_what_is_added_stands_before_events_and_drops_what_cannot_be_transcoded(dialogue: Dialogue) -> None:
    offered = dialogue.offer(PCMA, ISAC, AMR, EVENTS, NOISE, transcode=["PCMU", "G722"])
    assert offered == [PCMA, PCMU, G722, EVENTS, NOISE]


def test_events_are_added_at_the_clock_rate_of_what_is_added(dialogue: Dialogue) -> None:
    assert dialogue.offer(OPUS, EVENTS_48, transcode=["PCMU"]) == [
        OPUS,
        PCMU,
        "96 telephone-event/8000",
        EVENTS_48,
    ]


def test_a_dynamic_payload_type_is_the_next_free_one(dialogue: Dialogue) -> None:
    assert dialogue.offer(PCMU, "96 GSM/8000", transcode=["opus"])[-1] == "97 opus/48000/2"


def test_a_static_payload_type_may_be_taken(dialogue: Dialogue) -> None:
    assert dialogue.offer("0 PCMA/8000", transcode=["PCMU"]) == ["0 PCMA/8000", "96 PCMU/8000"]


def test_what_the_daemon_cannot_encode_is_not_added(dialogue: Dialogue) -> None:
    assert dialogue.offer(PCMU, transcode=["AMR-WB", "iLBC", "nonsense"]) == [PCMU]


def test_video_is_not_transcoded(dialogue: Dialogue) -> None:
    context = Context.of({"codec": {"transcode": ["PCMU"]}}, dialogue.resources, dialogue.behaviour)
    told = rewrite.offer(
        body("96 VP8/90000", kind="video"),
        context,
        offerer=dialogue.caller,
        answerer=dialogue.callee,
    )
    assert [codec.name for codec in sdp.parse(told).media[0].codecs] == ["VP8"]


def test_a_word_may_give_rate_channels_and_parameters(dialogue: Dialogue) -> None:
    assert dialogue.offer(PCMU, transcode=["speex/8000", "opus/48000/2/16000"])[1:] == [
        "96 speex/8000",
        "97 opus/48000/2",
    ]
    dialogue.offer(PCMU, transcode=["G729/8000/1///annexb=no"])
    assert "a=fmtp:18 annexb=no\r\n" in dialogue.told


def test_newer_daemons_say_what_opus_of_their_own_can(newer: Dialogue) -> None:
    newer.offer(PCMU, transcode=["opus"])
    assert "a=fmtp:96 useinbandfec=1\r\n" in newer.told


def test_an_answer_with_a_codec_of_the_daemons_own_is_taken_back(dialogue: Dialogue) -> None:
    dialogue.offer(OPUS, EVENTS_48, transcode=["PCMU", "G722"])
    assert dialogue.answer(PCMU, "96 telephone-event/8000") == [OPUS, EVENTS_48]


def test_an_answer_with_a_codec_of_the_offerers_passes_without_the_others(dialogue: Dialogue) -> None:
    dialogue.offer(OPUS, EVENTS_48, transcode=["PCMU"])
    assert dialogue.answer(OPUS, PCMU, EVENTS_48) == [OPUS, EVENTS_48]


@pytest.mark.parametrize(("version", "parameters"), [("12.5", "stereo=0; useinbandfec=1"), ("10.5", "minptime=10")])
def test_opus_that_the_daemon_encodes_is_answered_by_it(version: str, parameters: str) -> None:
    dialogue = Dialogue(behaviour_of(version))
    dialogue.offer(OPUS, lines=("a=fmtp:111 minptime=10",), transcode=["PCMU"])
    dialogue.answer(PCMU)
    assert f"a=fmtp:111 {parameters}\r\n" in dialogue.told


def test_what_was_never_offered_is_dropped_from_an_answer(dialogue: Dialogue) -> None:
    dialogue.offer(PCMU, PCMA)
    assert dialogue.answer(PCMA, "120 GSM/8000") == [PCMA]


# Stripping, masking, offering, accepting.


def test_strip_takes_out_by_name_rate_or_all(dialogue: Dialogue) -> None:
    assert dialogue.offer(PCMU, PCMA, OPUS, strip=["pcmu", "opus/48000/2"]) == [PCMA]
    assert dialogue.offer(PCMU, PCMA, OPUS, strip=["all"], except_=["PCMA"]) == [PCMA]
    assert dialogue.offer(PCMU, PCMA, strip=["all"], offer=["PCMA"]) == [PCMA]


def test_not_all_can_be_stripped(dialogue: Dialogue) -> None:
    assert dialogue.offer(PCMU, PCMA, strip=["all"]) == [PCMU, PCMA]


def test_events_go_with_the_codecs_they_belong_to(dialogue: Dialogue) -> None:
    assert dialogue.offer(PCMU, OPUS, EVENTS, EVENTS_48, strip=["PCMU"]) == [OPUS, EVENTS_48]


def test_what_is_masked_is_hidden_from_the_answerer_only(dialogue: Dialogue) -> None:
    assert dialogue.offer(OPUS, PCMA, mask=["opus"]) == [PCMA]
    assert dialogue.answer(PCMA) == [PCMA]
    assert dialogue.offer(OPUS, mask=["opus"], transcode=["PCMU"]) == [PCMU]
    assert dialogue.answer(PCMU) == [OPUS]


def test_what_is_consumed_or_accepted_is_answered_though_the_answerer_has_it_not(dialogue: Dialogue) -> None:
    assert dialogue.offer(OPUS, PCMA, consume=["opus"]) == [PCMA]
    assert dialogue.answer(PCMA) == [OPUS]
    assert dialogue.offer(OPUS, PCMA, accept=["opus"]) == [OPUS, PCMA]
    assert dialogue.answer(PCMA) == [OPUS]


def test_always_transcode_accepts_all(dialogue: Dialogue) -> None:
    dialogue.offer(PCMU, PCMA, words=["always transcode"])
    assert dialogue.answer(PCMA) == [PCMU]


def test_words_in_flags_say_the_same(dialogue: Dialogue) -> None:
    words = ["codec-strip-PCMU", "codec-transcode-G722", "transcode-GSM"]
    assert dialogue.offer(PCMU, PCMA, words=words) == [PCMA, G722, "3 GSM/8000"]


def test_what_is_ignored_is_transcoded_for_the_answerer(newest: Dialogue) -> None:
    assert newest.offer(PCMU, PCMA, ignore=["PCMU"]) == [PCMU, PCMA]
    assert newest.answer(PCMU) == [PCMA]


# Answers.


def test_a_single_codec_is_answered_with_its_events(dialogue: Dialogue) -> None:
    dialogue.offer(PCMU, PCMA, EVENTS)
    assert dialogue.answer(PCMU, PCMA, EVENTS, words=["single codec"]) == [PCMU, EVENTS]


def test_answers_are_stripped_too(dialogue: Dialogue) -> None:
    dialogue.offer(PCMU, PCMA)
    assert dialogue.answer(PCMU, PCMA, strip=["PCMU"]) == [PCMA]


def test_a_second_answer_is_one_to_the_offer_since_26(dialogue: Dialogue) -> None:
    dialogue.offer(PCMU, PCMA, G722)
    assert dialogue.answer(PCMA) == [PCMA]
    again = dialogue.answer(PCMU)
    if dialogue.behaviour.remembers_offered_codecs:
        assert again == [PCMU]
    else:
        assert again != [PCMU, PCMA]


def test_all_is_transcoded_by_force(newest: Dialogue) -> None:
    assert newest.offer(ISAC, PCMU, words=["force transcoding"]) == [PCMU]


def test_a_section_may_go_with_its_codecs(newest: Dialogue) -> None:
    assert newest.offer(PCMU, strip=["all"], words=["allow no codec media"]) == []
    assert sdp.parse(newest.told).media[0].port == 0


# Re-offers.


def test_an_added_codec_keeps_its_payload_type(newer: Dialogue) -> None:
    assert newer.offer(PCMU, transcode=["opus"]) == [PCMU, "96 opus/48000/2"]
    newer.answer("96 opus/48000/2")
    assert newer.offer(PCMU, "97 GSM/8000", transcode=["opus"])[2:] == ["96 opus/48000/2"]


def test_the_callee_may_offer(dialogue: Dialogue) -> None:
    dialogue.offer(OPUS, transcode=["PCMU"])
    dialogue.answer(PCMU)
    number = 111 if dialogue.behaviour.merges_former_codecs else 96
    assert dialogue.offer(PCMU, by_callee=True, transcode=["opus"]) == [PCMU, f"{number} opus/48000/2"]
    assert dialogue.answer(f"{number} opus/48000/2", by_caller=True) == [PCMU]


def test_codecs_are_reused_in_their_order(dialogue: Dialogue) -> None:
    dialogue.offer(PCMU, PCMA)
    dialogue.answer(PCMU, PCMA)
    assert dialogue.offer(G722, PCMA, PCMU, words=["reuse codecs"]) == [PCMU, PCMA, G722]
