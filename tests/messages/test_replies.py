"""Replies of every shape become typed values, or a clear error; versions may add, drop and rename."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Participant, WireError
from rtpe_ng.messages import (
    Cli,
    Command,
    Delete,
    Endpoint,
    PlayMedia,
    Publish,
    Query,
    QueryReply,
    Reply,
    Statistics,
    StatisticsReply,
    StopMedia,
    SubscribeRequest,
    Transform,
)
from rtpe_ng.wire import decode_reply
from tests.support.exercise import BEGIN, STEPS

A = Participant.tag("a")
COMMANDS: dict[str, Command[Any]] = {step.command.command: step.command for step in (*BEGIN, *STEPS)}
REPORT: dict[str, Any] = {
    "MOS": 43,
    "round-trip time": 20500,
    "round-trip time leg": 9000,
    "jitter": 3,
    "packet loss": 2,
}
SOURCE: dict[str, Any] = {
    "SSRC": 7,
    "bytes": 1720,
    "packets": 10,
    "last RTP timestamp": 1440,
    "last RTP seq": 9,
    "cumulative loss": 1,
    "average MOS": REPORT | {"samples": 4},
    "lowest MOS": REPORT | {"reported at": 1795523400},
    "highest MOS": REPORT | {"reported at": 1795523405},
    "MOS progression": {"interval": 1, "entries": [REPORT | {"reported at": 1795523400}]},
}


def test_quality_has_units() -> None:
    (source,) = Query(call_id="c").read({"SSRC": {"7": SOURCE}}, 0.1).sources.values()
    assert (source.ssrc, source.packets, source.bytes, source.packets_lost) == (7, 10, 1720, 1)
    assert source.average is not None
    assert (source.average.mos, source.average.samples) == (4.3, 4)
    assert (source.average.round_trip_time, source.average.round_trip_time_leg) == (20.5, 9.0)
    assert (source.average.jitter, source.average.packet_loss) == (3, 2)
    assert source.lowest is not None
    assert source.lowest.reported == 1795523400
    assert (source.interval, len(source.progression)) == (1, 1)


@pytest.mark.parametrize(
    "document",
    [
        {"SSRC": {"7": SOURCE}, "tags": {"a": {"medias": [{}]}}},
        {"tags": {"a": {"medias": [{"ingress SSRCs": [SOURCE]}]}}},
        {"SSRC": {}, "tags": {"a": {"medias": [{"streams": [{"ingress SSRCs": [SOURCE]}]}]}}},
    ],
    ids=["of the call", "of the media", "of the stream"],
)
def test_sources_are_found_where_each_version_has_them(document: dict[str, Any]) -> None:
    assert Query(call_id="c").read(document, 0.1).sources[7].packets == 10


def test_a_participant_in_full() -> None:
    tag: dict[str, Any] = {
        "tag-aliases": ["a2"],
        "metadata": "m",
        "in dialogue with": "b",
        "subscriptions": [{"tag": "b", "type": "offer/answer"}],
        "VSC": [{"type": "start rec", "trigger": "*1", "active": 1}],
        "recording": {"excluded": 0, "forwarding": 1},
    }
    reply = Query(call_id="c").read({"tags": {"a": tag, "b": {}}, "recording": {"call recording": 1}}, 0.1)
    one, other = reply.tags.values()
    assert (one.aliases, one.metadata, one.in_dialogue_with) == (("a2",), "m", "b")
    assert (one.is_recorded, one.is_forwarded) == (True, True)
    assert (other.is_recorded, other.in_dialogue_with) == (None, None)
    assert (one.triggers[0].trigger, one.triggers[0].active) == ("*1", True)
    assert (reply.is_recorded, reply.is_forwarded, reply.metadata) == (True, False, None)


def test_the_labels_of_a_recorder_in_full() -> None:
    # As 12.5 repeats them for each section, with the second value of a key under another one.
    section = {"index": 1, "type": "audio", "label": "0", "mode": "sendonly"}
    party = {"tag": "b", "label": "agent", "medias": [section, {"index": 2, "type": "video", "label": ""}]}
    labelled = {"tag": "b", "index": 1, "type": "audio", "label": "agent", "mode": "sendonly"}
    document: dict[str, Any] = {
        "sdp": "v=0",
        "to-tag": "srs",
        "tag-medias": [party, party],
        "media-labels": {"0": labelled, "0 (2)": labelled},
    }
    request = SubscribeRequest(call_id="c", participant=A, siprec=True)
    reply = request.read(document, 0.1)
    (media,) = reply.labels.values()
    assert (media.label, media.tag, media.index, media.type) == ("0", "b", 1, "audio")
    assert (media.mode, media.party_label) == ("sendonly", "agent")
    # A section without a label is told with its party alone.
    assert reply.tag_medias["b"][0] is media
    assert [(it.index, it.label) for it in reply.tag_medias["b"]] == [(1, "0"), (2, None)]
    del document["tag-medias"]
    assert request.read(document, 0.1).labels == reply.labels
    wrong: dict[str, Any]
    for wrong in ({"tag-medias": {}}, {"media-labels": {"0": 1}}, {"tag-medias": [{"medias": [{"index": "x"}]}]}):
        with pytest.raises(WireError, match="the reply has"):
            request.read(document | wrong, 0.1)


def test_statistics_in_full() -> None:
    figures: dict[str, Any] = {
        "currentstatistics": {"sessionsown": 1, "packetrate": 50},
        "totalstatistics": {"managedsessions": 9, "avgcallduration": "61.500000", "relayedbytes": 8},
        "mos": {"mos_average": "4.300000", "mos_samples_total": 5, "mos_stddev": "0.1"},
        "voip_metrics": {"jitter_average": "2.5", "packets_lost": 3},
        "interfaces": [{"name": "pub", "address": "::1", "ports": {"min": 1, "max": 9, "used": 2, "free": 7}}],
    }
    reply = Statistics().read({"statistics": figures}, 0.1)
    assert (reply.current.sessions_own, reply.current.packet_rate) == (1, 50)
    assert (reply.totals.sessions, reply.totals.average_duration, reply.totals.bytes) == (9, 61.5, 8)
    assert (reply.mos.average, reply.mos.samples, reply.mos.stddev) == (4.3, 5, 0.1)
    assert (reply.voip_metrics.jitter.average, reply.voip_metrics.packets_lost) == (2.5, 3)
    assert reply.interfaces[0].ports.free == 7
    with pytest.raises(WireError, match="'mos_average'"):
        _ = Statistics().read({"statistics": {"mos": {"mos_average": "nan"}}}, 0.1).mos


def test_the_others() -> None:
    assert PlayMedia(call_id="c", participant=A, file="x").read({"duration": 900}, 0.1).duration == 900
    assert PlayMedia(call_id="c", participant=A, file="x").read({}, 0.1).duration is None
    assert StopMedia(call_id="c", participant=A).read({"last-frame-pos": 5}, 0.1).last_frame_pos == 5
    assert repr(Cli(line="x").read({"response": "a=ice-pwd:secret\n"}, 0.1)).count("secret") == 0
    subscribed = SubscribeRequest(call_id="c", participant=A).read(
        {"sdp": "v=0", "to-tag": "t", "from-tag": "a"}, 0.1
    )
    assert (subscribed.to_tag, subscribed.from_tags) == ("t", ("a",))
    published = Publish(sdp="v=0", call_id="c").read({"sdp": "v=0", "from-tag": "made-up"}, 0.1)
    assert (published.call_id, published.from_tag) == ("c", "made-up")
    transform = COMMANDS["transform"]
    assert isinstance(transform, Transform)
    media: dict[str, Any] = {"id": "one", "family": "IP6", "address": "::1", "port": 4}
    reply = transform.read({"call-id": "c", "from-tag": "t", "media": [media, {}]}, 0.1)
    assert reply.media[0].endpoint == Endpoint(address="::1", port=4)
    assert repr(reply) == "TransformReply(call_id='c', media=[[::1]:4, None], seconds=0.1000)"
    with pytest.raises(WireError, match="'from-tag'"):
        transform.read({"call-id": "c"}, 0.1)


LONG = b"d7:createdi5e4:tagsd1:ad5:label70:" + b"x" * 70 + b"ee6:result2:oke"


def test_figures_are_decoded_when_they_are_looked_at() -> None:
    for command in (Delete(call_id="c"), Query(call_id="c"), Statistics()):
        raw = decode_reply(LONG, command.name)
        command.check(raw)
        reply = command.read(raw, 0.1)
        assert reply.warning is None
        assert repr(raw) == "<LazyDocument, not decoded yet>"
        assert reply.raw["created"] == 5
        assert repr(raw) != "<LazyDocument, not decoded yet>"


def test_figures_that_are_malformed_raise_when_they_are_looked_at() -> None:
    raw = decode_reply(LONG.replace(b"70:", b"69:"), "delete")
    reply = Delete(call_id="c").read(raw, 0.1)
    for _ in range(2):
        with pytest.raises(WireError, match=r"^the reply to 'delete': a string or "):
            _ = reply.tags
    assert "the reply to 'delete'" in repr(reply)


WORDS = """
    result warning sdp call-id from-tag to-tag from-tags calls duration last-frame-pos response media id address
    port created tags totals RTP RTCP packets bytes errors medias streams stats stats_out flags endpoint SSRC 7
    label subscriptions subscribers tag type VSC trigger active recording excluded forwarding MOS entries
    interval samples statistics controlstatistics currentstatistics totalstatistics mos mos_average voip_metrics
    jitter_average interfaces ports min avgcallduration totalpingcount
"""
SPACED = ["ingress SSRCs", "egress SSRCs", "average MOS", "lowest MOS", "MOS progression", "round-trip time"]
KEYS = st.sampled_from([*WORDS.split(), *SPACED])
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.integers(-5, 5) | st.sampled_from(["", "0", "ok", "1.5", "x", "7"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


def looked_at(value: object) -> None:
    """Look at every property and field of a reply, and of what is in it."""
    for name in dir(type(value)):
        if not name.startswith("_") and name not in ("section", "from_ng", "KEYS", "evolve"):
            try:
                found = getattr(value, name)
            except WireError as error:
                assert "the reply has" in str(error)  # noqa: PT017
            else:
                assert not callable(found), name


@given(st.sampled_from(sorted(COMMANDS)), st.dictionaries(KEYS, ANYTHING, max_size=8))
def test_any_plain_reply_gives_the_typed_one_or_our_error(name: str, document: dict[str, Any]) -> None:
    try:
        reply: Reply = COMMANDS[name].read(document, 0.1)
    except WireError:
        return
    assert attrs.has(type(reply))
    try:
        assert "\n" not in repr(reply)
    except WireError:
        raise AssertionError("a repr must not raise") from None
    looked_at(reply)


BRANCHES: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {}, optional={"SSRC": ANYTHING, "tags": st.dictionaries(st.just("a"), ANYTHING), "totals": ANYTHING}
)


@given(BRANCHES | st.fixed_dictionaries({"statistics": ANYTHING}))
def test_trees_of_any_shape(document: dict[str, Any]) -> None:
    looked_at(QueryReply(seconds=0.1, raw=document))
    looked_at(StatisticsReply(seconds=0.1, raw=document))
