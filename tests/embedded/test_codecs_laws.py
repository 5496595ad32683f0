"""Laws of codecs on their way: true for any codecs, options and version."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import sdp
from rtpe_ng.embedded.versions import behaviour_of
from tests.embedded.test_codecs import PCMA, VERSIONS, Dialogue

_ENCODINGS = (
    *("PCMU/8000", "PCMA/8000", "G722/8000", "GSM/8000", "opus/48000/2", "speex/16000", "AMR/8000", "ISAC/16000"),
    *("telephone-event/8000", "telephone-event/48000", "CN/8000", "CN/16000", "VP8/90000"),
)
_WORDS = (
    *("PCMU", "pcma", "G722", "opus", "opus/48000/2", "speex/8000", "telephone-event", "CN", "AMR", "x"),
    "all",
)
versions = st.sampled_from(VERSIONS)
codecs = st.lists(
    st.tuples(st.integers(96, 127), st.sampled_from(_ENCODINGS)), min_size=1, max_size=8, unique_by=lambda it: it[0]
).map(lambda pairs: [f"{number} {encoding}" for number, encoding in pairs])
words = st.lists(st.sampled_from(_WORDS), max_size=3)
operations = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("strip", "mask", "consume", "accept", "offer", "transcode", "ignore"), words)
)


def numbers(maps: list[str]) -> list[str]:
    return [it.split(" ")[0] for it in maps]


def dialogue(version: str) -> Dialogue:
    return Dialogue(behaviour_of(version))


@given(versions, codecs)
def test_without_options_codecs_pass(version: str, sent: list[str]) -> None:
    call = dialogue(version)
    assert call.offer(*sent) == sent
    assert call.answer(*sent) == sent


@given(versions, codecs, operations)
def test_each_payload_type_stands_for_one_codec(version: str, sent: list[str], options: dict[str, Any]) -> None:
    told = dialogue(version).offer(*sent, **options)
    assert len(set(numbers(told))) == len(told)


@given(versions, codecs, operations)
def test_the_formats_are_those_that_the_lines_are_about(
    version: str, sent: list[str], options: dict[str, Any]
) -> None:
    call = dialogue(version)
    told = numbers(call.offer(*sent, **options))
    formats = sdp.parse(call.told).media[0].formats
    # Where all codecs went, older daemons leave the lines about them behind, and newer ones the formats.
    assert formats == tuple(told) or not (formats and told)


@given(versions, codecs, words, words, st.data())
def test_the_offerer_is_answered_only_media_that_it_offered(
    version: str, sent: list[str], added: list[str], masked: list[str], data: st.DataObject
) -> None:
    call = dialogue(version)
    offered = call.offer(*sent, PCMA, transcode=added, mask=masked)
    if offered:
        chosen = data.draw(st.lists(st.sampled_from(offered), min_size=1, unique=True))
        answered = call.answer(*chosen)
        media = {it for it in answered if " telephone-event/" not in it and " CN/" not in it}
        assert media <= {*sent, PCMA}


@given(versions, codecs, st.lists(st.sampled_from(["PCMU", "G722", "opus", "opus/48000/2", "ISAC", "VP8"])))
def test_what_is_stripped_is_not_told(version: str, sent: list[str], stripped: list[str]) -> None:
    told = dialogue(version).offer(*sent, PCMA, strip=stripped)
    names = {word.partition("/")[0] for word in stripped}
    assert not {it.split(" ")[1].partition("/")[0] for it in told} & names


@given(versions, codecs, operations)
def test_what_is_done_twice_is_done_once(version: str, sent: list[str], options: dict[str, Any]) -> None:
    once, twice = dialogue(version), dialogue(version)
    doubled = {key: value * 2 for key, value in options.items()}
    assert once.offer(*sent, **options) == twice.offer(*sent, **doubled)
