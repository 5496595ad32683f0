"""What passed between each party and the daemon is one view for all versions, and what is unknown is None."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng.messages import Delete, DeleteReply, PartyTraffic, Query, Statistics, Traffic

ALICE, BOB = 0x1000, 0x2000
"""The SSRCs of the two."""
QUALITY: dict[int, dict[str, Any]] = {
    # What alice hears is well; of what alice sends, bob misses a fifth.
    ALICE: {"MOS": 43, "round-trip time": 20_000, "jitter": 1, "packet loss": 0, "samples": 3},
    BOB: {"MOS": 23, "round-trip time": 21_000, "jitter": 4, "packet loss": 19, "samples": 1},
}
LOST = {ALICE: 0, BOB: 20}
UNKNOWN = Traffic(
    packets=None,
    bytes=None,
    packets_lost=None,
    loss=None,
    jitter=None,
    mos=None,
    round_trip_time=None,
    reports=0,
)


def counters(packets: int, size: int = 172) -> dict[str, int]:
    return {"packets": packets, "bytes": packets * size, "errors": 0}


def source(ssrc: int, packets: int, **more: Any) -> dict[str, Any]:
    return {"SSRC": ssrc, "packets": packets, "bytes": packets * 172, "last RTP seq": 7, **more}


def reported(ssrc: int) -> dict[str, Any]:
    return {"cumulative loss": LOST[ssrc], "average MOS": QUALITY[ssrc], "MOS progression": {"interval": 0}}


def section(version: str, ssrc: int, other: int, came: int, went: int, *, mux: bool = False) -> dict[str, Any]:
    """Return a section as a version tells it; with rtcp-mux, ten packets of RTCP came as well, and ten went."""
    rtcp = 10 if mux else 0
    told = {"ingress SSRCs": [source(ssrc, came)], "egress SSRCs": [source(other, went)]}
    rtp: dict[str, Any] = {"flags": ["RTP"], "stats": counters(came + rtcp)}
    control: dict[str, Any] = {"flags": ["RTCP"], "stats": counters(10 - rtcp)}
    if version != "10.5":
        rtp["stats_out"], control["stats_out"] = counters(went + rtcp), counters(10 - rtcp)
    if version != "12.5":
        rtp["SSRC"] = control["SSRC"] = ssrc
    else:
        rtp |= told
        control |= told
    media: dict[str, Any] = {"index": 1, "type": "audio", "codec": "PCMU/8000", "streams": [rtp, control]}
    media["flags"] = ["initialized", *(["rtcp-mux"] if mux else [])]
    if version == "26.0":
        # It tells the quality of a source with the section too.
        media |= told | {"ingress SSRCs": [source(ssrc, came, **reported(ssrc))]}
    return media


def party(tag: str, other: str, *medias: dict[str, Any]) -> dict[str, Any]:
    peers = [{"tag": other, "type": "offer/answer"}]
    return {"tag": tag, "subscriptions": peers, "subscribers": peers, "medias": list(medias)}


def document(version: str, *, mux: bool = False, reports: bool = True) -> dict[str, Any]:
    """Return the report of a call in which alice sent 80 packets and bob 100."""
    whole = {str(ssrc): reported(ssrc) for ssrc in (ALICE, BOB)} if reports else {}
    if version == "26.0":
        whole = {
            str(ssrc): source(ssrc, packets, **whole.get(str(ssrc), {}))
            for ssrc, packets in ((ALICE, 80), (BOB, 100))
        }
    alice = party("a", "b", section(version, ALICE, BOB, 80, 100, mux=mux))
    bob = party("b", "a", section(version, BOB, ALICE, 100, 80, mux=mux))
    return {"SSRC": whole, "tags": {"a": alice, "b": bob}, "totals": {}}


def parties(document: dict[str, Any]) -> tuple[PartyTraffic, ...]:
    return tuple(Query(call_id="c").read(document, 0.1).parties.values())


VERSIONS = pytest.mark.parametrize("version", ["10.5", "12.5", "26.0"])


@VERSIONS
@pytest.mark.parametrize("mux", [False, True], ids=["", "rtcp-mux"])
def test_what_passed_is_the_same_for_every_version(version: str, mux: bool) -> None:
    alice, bob = parties(document(version, mux=mux))
    # With rtcp-mux, nothing that 10.5 says tells RTCP from RTP.
    more = 10 if mux and version == "10.5" else 0
    assert (alice.received.packets, bob.received.packets) == (80 + more, 100 + more)
    assert bob.received.bytes == (100 + more) * 172
    # 10.5 does not count what goes out: that is unknown, and not 0.
    assert (alice.sent.packets, alice.sent.bytes) == ((None, None) if version == "10.5" else (100, 17200))
    # The daemon files a report under the SSRC of the party that reports: bob tells what alice's media is like.
    assert (alice.received.mos, alice.received.jitter, alice.received.round_trip_time) == (2.3, 4.0, 21.0)
    assert (bob.received.mos, bob.received.jitter, bob.received.reports) == (4.3, 1.0, 3)
    assert (bob.sent.mos, bob.sent.packets_lost) == (2.3, 20)
    assert (alice.received.packets_lost, bob.received.packets_lost) == (20, 0)
    assert (alice.received.loss, bob.received.loss) == (20 / (100 + more), 0.0)
    (audio,) = alice.medias
    assert (audio.index, audio.type, audio.codec) == (1, "audio", "PCMU/8000")
    assert (audio.received, audio.sent) == (alice.received, alice.sent)


@VERSIONS
def test_without_reports_the_quality_is_unknown(version: str) -> None:
    alice, _ = parties(strip(document(version, reports=False)))
    assert attrs.evolve(alice.received, packets=None, bytes=None) == UNKNOWN
    assert (alice.received.packets, alice.received.bytes) == (80, 80 * 172)


def strip(document: dict[str, Any]) -> dict[str, Any]:
    """Take the reports out that 26.0 repeats with the section."""
    for tag in document["tags"].values():
        for media in tag["medias"]:
            media["ingress SSRCs"] = [
                {key: value for key, value in it.items() if key in source(0, 0)}
                for it in media.get("ingress SSRCs", [])
            ]
    return document


@VERSIONS
def test_a_delete_tells_the_same(version: str) -> None:
    last = Delete(call_id="c").read(document(version), 0.1)
    assert isinstance(last, DeleteReply)
    assert tuple(last.parties.values()) == parties(document(version))
    assert Delete(call_id="c").read({"warning": "not found"}, 0.1).parties == {}


@VERSIONS
def test_several_sections_together_and_each(version: str) -> None:
    report = document(version)
    for tag in ("a", "b"):
        (audio,) = report["tags"][tag]["medias"]
        rtp: dict[str, Any] = {"stats": counters(5)}
        if version != "10.5":
            rtp["stats_out"] = counters(6)
        quiet = {"index": 2, "type": "video", "streams": [rtp, {"stats": counters(0)}]}
        report["tags"][tag]["medias"] = [audio, quiet]
    alice, _ = parties(report)
    assert [media.received.packets for media in alice.medias] == [80, 5]
    assert alice.received.packets == 85
    assert alice.sent.packets == (None if version == "10.5" else 106)
    # The section that nobody reported on takes no part in what is a share or a mean.
    assert alice.medias[1].received == attrs.evolve(UNKNOWN, packets=5, bytes=5 * 172)
    assert (alice.received.packets_lost, alice.received.loss, alice.received.mos) == (20, 0.2, 2.3)


def test_the_sections_of_a_bundle_are_counted_for_themselves() -> None:
    """26.0 tells what comes in on a port with the first section, and sends everything by the first one's stream."""
    report = document("26.0", mux=True)
    for tag, ssrc, other in (("a", ALICE, BOB), ("b", BOB, ALICE)):
        (audio,) = report["tags"][tag]["medias"]
        came, went = audio["ingress SSRCs"][0]["packets"], audio["egress SSRCs"][0]["packets"]
        audio["ingress SSRCs"].append(source(ssrc + 1, 50))
        audio["streams"][0] |= {"local port": 30000, "stats_out": counters(went + 50 + 10)}
        video = {
            "index": 2,
            "type": "video",
            "flags": ["rtcp-mux"],
            "streams": [{"local port": 30000, "stats": counters(50), "stats_out": counters(0)}],
            "ingress SSRCs": [],
            "egress SSRCs": [source(other + 1, 50)],
        }
        report["tags"][tag]["medias"] = [audio, video]
        report["SSRC"][str(ssrc + 1)] = {"cumulative loss": 3, "average MOS": QUALITY[ssrc]}
        assert audio["streams"][0]["stats"]["packets"] == came + 10
    alice, bob = parties(report)
    assert [media.received.packets for media in alice.medias] == [80, 50]
    assert [media.sent.packets for media in alice.medias] == [100, 50]
    assert (bob.received.packets, bob.sent.packets) == (150, 130)
    assert [media.received.packets_lost for media in alice.medias] == [20, 3]


def test_what_is_counted_twice_is_told_once() -> None:
    """12.5 and 26.0 count a source twice where they transcode it."""
    report = document("26.0", mux=True)
    report["tags"]["a"]["medias"][0]["ingress SSRCs"][0]["packets"] = 160
    alice, _ = parties(report)
    assert alice.received.packets == 90


def test_who_hears_several_counts_for_none_of_them() -> None:
    report = document("12.5")
    report["tags"]["a"]["subscriptions"].append({"tag": "c", "type": "offer/answer"})
    report["tags"]["c"] = party("c", "a", section("12.5", 0x3000, ALICE, 10, 80))
    alice, bob, carol = parties(report)
    assert (bob.received.packets, carol.received.packets) == (100, 10)
    assert bob.received.mos is carol.received.mos is None
    assert alice.sent.mos == 4.3
    # 10.5 lists a party that was replaced so: it is heard no more, and hears nobody.
    report["tags"]["c"]["subscriptions"] = []
    _, bob, carol = parties(report)
    assert (bob.received.mos, carol.received.mos) == (4.3, None)


def test_a_recorder_is_no_party_of_the_quality() -> None:
    report = document("12.5")
    recorder = party("srs", "a", section("12.5", 0x3000, ALICE, 0, 80))
    recorder["subscriptions"] = [{"tag": tag, "type": "pub/sub"} for tag in ("a", "b")]
    recorder["subscribers"] = []
    report["tags"]["srs"] = recorder
    report["SSRC"][str(0x3000)] = {"cumulative loss": 70, "average MOS": QUALITY[BOB] | {"MOS": 10}}
    alice, bob, listener = parties(report)
    assert (alice.received.mos, bob.received.mos) == (2.3, 4.3)
    assert (listener.sent.mos, listener.sent.packets_lost) == (1.0, 70)


@pytest.mark.parametrize(("told", "lost"), [(5, 5), (0, 0), (2**24 - 3, 0), (-3, 0)])
def test_duplicates_are_no_loss(told: int, lost: int) -> None:
    """The count in a report has a sign, because duplicates count too (RFC 3550, section 6.4.1)."""
    report = document("12.5")
    report["SSRC"][str(BOB)]["cumulative loss"] = told
    alice, _ = parties(report)
    assert (alice.received.packets_lost, alice.received.loss) == (lost, lost / (80 + lost))


NUMBERS = st.integers(0, 1000)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.none() | NUMBERS), min_size=1, max_size=4))
def test_the_sum_is_that_of_the_sections(sections: list[tuple[int, int, int | None]]) -> None:
    def medias(first: int, other: int) -> list[dict[str, Any]]:
        passed = enumerate((came, went) for came, went, _ in sections)
        return [section("12.5", first + n, other + n, *each) | {"index": n + 1} for n, each in passed]

    whole = {str(BOB + n): {"cumulative loss": lost} for n, (_, _, lost) in enumerate(sections) if lost is not None}
    report = {
        "SSRC": whole,
        "tags": {"a": party("a", "b", *medias(ALICE, BOB)), "b": party("b", "a", *medias(BOB, ALICE))},
    }
    alice, _ = parties(report)
    assert alice.received.packets == sum(came for came, _, _ in sections)
    assert alice.sent.packets == sum(went for _, went, _ in sections)
    known = [(came, lost) for came, _, lost in sections if lost is not None]
    assert alice.received.packets_lost == (sum(lost for _, lost in known) if known else None)
    for traffic in (alice.received, *(media.received for media in alice.medias)):
        assert (traffic.loss is None) == (traffic.packets_lost is None)
        assert traffic.loss is None or 0.0 <= traffic.loss <= 1.0


@VERSIONS
def test_a_figure_that_a_version_does_not_tell_is_none(version: str) -> None:
    reply = Query(call_id="c").read(document(version), 0.1)
    stream = reply.tags["a"].medias[0].streams[0]
    assert (stream.stats_out is None) == (version == "10.5")
    source = reply.sources[ALICE]
    assert source.packets == (None if version == "10.5" else 80)
    assert source.last_sequence == (None if version == "10.5" else 7)
    assert source.last_timestamp is None
    assert source.packets_lost == 0
    # Where it is told in two places, each source is there once, with all of it.
    assert source.average is not None
    assert (source.average.mos, source.average.reported, source.interval) == (4.3, None, 0)
    assert len(reply.tags["a"].medias[0].sources) == (version != "10.5")
    assert (reply.is_recorded, reply.is_forwarded) == (None, None)


def test_a_report_without_a_round_trip_has_no_mos() -> None:
    entry = {"MOS": 0, "round-trip time": 0, "round-trip time leg": 20_000, "jitter": 14, "packet loss": 15}
    report = document("12.5")
    report["SSRC"] = {
        str(BOB): {"cumulative loss": 22, "MOS progression": {"interval": 0, "entries": [entry, entry]}}
    }
    reply = Query(call_id="c").read(report, 0.1)
    (first, _) = reply.sources[BOB].progression
    assert (first.mos, first.round_trip_time, first.round_trip_time_leg, first.samples) == (None, None, 20.0, None)
    alice, _ = reply.parties.values()
    assert (alice.received.mos, alice.received.round_trip_time) == (None, None)
    assert (alice.received.jitter, alice.received.reports, alice.received.packets_lost) == (14.0, 2, 22)


def test_the_daemons_own_figures_that_a_version_does_not_tell_are_none() -> None:
    reply = Statistics().read({"statistics": {"interfaces": [{"name": "pub", "address": "::1"}]}}, 0.1)
    (interface,) = reply.interfaces
    assert (interface.ingress, interface.egress) == (None, None)
    assert (reply.voip_metrics.packets_lost, reply.voip_metrics.rtp_duplicates) == (None, None)
