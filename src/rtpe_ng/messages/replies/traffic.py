"""What passed between each party and the daemon, and how well: one view for all versions of the daemon.

Versions tell it in different places. How many packets passed stands with the streams of a section; 10.5 counts only
what came in there. With rtcp-mux these counts include RTCP, so the counts of the sources are better, which 12.5 and
26.0 have; but those are doubled where the daemon transcodes, and 12.5 keeps four sources of a section. With BUNDLE
some figures of all sections stand with the first one.

How well they passed is what the receiver reports by RTCP, and stands with the receiver's SSRC (see `quality`). So
the figures of what a party was *sent* come from its own SSRCs. Those of what was *received* from it come from the
SSRCs of the parties that hear it, in the section with the same number, which is how offer and answer pair sections.
A party that hears several others does not say which of them it reports on, so its reports count for none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import attrs

from .call import CallMedia, CallParty
from .quality import Quality, Source

__all__ = ["MediaTraffic", "PartyTraffic", "Traffic"]

_KEPT = 4
"""How many sources of a section 12.5 remembers; of more than that, it forgets what they sent."""


@attrs.frozen(kw_only=True)
class Traffic:
    """What passed one way between a party and the daemon. A figure that the daemon does not know is None.

    The counts are the daemon's own. The other figures are from the RTCP reports of the party that hears the media
    in the end: packets that were lost on the way from the daemon to that party count as well as those that never
    reached the daemon. They are None while there is no report, which needs sender reports of both sides (RFC 3550,
    section 6.4).
    """

    packets: int | None
    """The number of RTP packets. With rtcp-mux, 10.5 counts all packets of the port, and those of RTCP too; so do
    later daemons where they transcode, or where a section has four sources or more."""
    bytes: int | None
    """The number of bytes of these packets, without the headers of IP and UDP."""
    packets_lost: int | None
    """The number of packets that were lost, by the last reports."""
    loss: float | None
    """The share of packets that were lost, from 0.0 (none) to 1.0 (all): `packets_lost` of `packets` and
    `packets_lost` together."""
    jitter: float | None
    """The jitter of the packets' arrival (RFC 3550, section 6.4.1), in milliseconds; the mean of the reports."""
    mos: float | None
    """The mean opinion score, from 1.0 (bad) to 5.0 (excellent), as the daemon estimates it from each report; the
    mean of the reports."""
    round_trip_time: float | None
    """The time from end to end and back, in milliseconds; the mean of the reports."""
    reports: int
    """The number of RTCP reports that these are the means of."""


@attrs.frozen(kw_only=True, repr=False)
class MediaTraffic:
    """What passed in one media section of a party."""

    index: int
    """The number of the section, counted from 1."""
    type: str
    """``audio``, ``video`` and so on."""
    codec: str | None
    """The codec of most of what came in, such as ``PCMU/8000``; None before anything came."""
    received: Traffic
    """What the daemon received from the party."""
    sent: Traffic
    """What the daemon sent to the party; `packets` and `bytes` are None from a daemon that does not tell, such as
    10.5."""

    def __repr__(self) -> str:
        return f"<MediaTraffic {self.index} {self.type}: {_shown(self.received, self.sent)}>"


@attrs.frozen(kw_only=True, repr=False)
class PartyTraffic:
    """What passed between a party and the daemon, in all its sections together and in each of them."""

    tag: str
    """The party's tag."""
    received: Traffic
    """What the daemon received from the party: the sum of the sections, or the mean of their reports."""
    sent: Traffic
    """What the daemon sent to the party; `packets` and `bytes` are None from a daemon that does not tell, such as
    10.5."""
    medias: tuple[MediaTraffic, ...]
    """The same for each media section."""

    def __repr__(self) -> str:
        return f"<PartyTraffic {self.tag!r}: {_shown(self.received, self.sent)}>"


def _shown(received: Traffic, sent: Traffic) -> str:
    out = "" if sent.packets is None else f", {sent.packets} sent"
    return f"{received.packets} packets received{out}"


class _Passed(NamedTuple):
    packets: int
    bytes: int

    @classmethod
    def of(cls, sources: Iterable[Source]) -> _Passed:
        return cls(packets=sum(it.packets or 0 for it in sources), bytes=sum(it.bytes or 0 for it in sources))


def traffic_of(
    parties: Mapping[str, CallParty], sources: Mapping[int, Source]
) -> Iterator[tuple[str, PartyTraffic]]:
    """Yield the traffic of each party, by its tag. `sources` has what each SSRC reported."""
    listeners = {tag: list(_listeners(party, parties)) for tag, party in parties.items()}
    voices = {tag: _voices(party, [parties[it] for it in listeners[tag]]) for tag, party in parties.items()}

    def reports(tag: str, index: int) -> list[Source]:
        return [sources[ssrc] for ssrc in voices[tag].get(index, ()) if ssrc in sources]

    for tag, party in parties.items():
        received, sent = _passed(party, out=False), _passed(party, out=True)
        medias = tuple(
            MediaTraffic(
                index=media.index,
                type=media.type,
                codec=media.codec,
                received=_traffic(came, [reports(it, media.index) for it in listeners[tag]]),
                sent=_traffic(went, [reports(tag, media.index)]),
            )
            for media, came, went in zip(party.medias, received, sent, strict=True)
        )
        yield (
            tag,
            PartyTraffic(
                tag=tag,
                received=_together([media.received for media in medias]),
                sent=_together([media.sent for media in medias]),
                medias=medias,
            ),
        )


def _listeners(party: CallParty, parties: Mapping[str, CallParty]) -> Iterator[str]:
    """Yield the tags of those that hear this party, and by offer and answer no other one."""
    for tag, other in parties.items():
        heard = _heard(other)
        if len(heard) > 1:
            # 10.5 still lists a party that was replaced, which hears nobody any more.
            heard = {each for each in heard if each in parties and other.tag in _heard(parties[each])}
        if heard == {party.tag}:
            yield tag


def _heard(party: CallParty) -> set[str]:
    return {peer.tag for peer in party.subscriptions if peer.type == "offer/answer"}


def _voices(party: CallParty, listeners: Iterable[CallParty]) -> dict[int, set[int]]:
    """Return the SSRCs of a party by the number of their section."""
    # With BUNDLE, 26.0 names all that come in on a port with the first section; what goes out has its own again.
    placed = {source.ssrc: media.index for it in listeners for media in it.medias for source in media.sources_out}
    voices: dict[int, set[int]] = {}
    for media in party.medias:
        for ssrc in {source.ssrc for source in media.sources} | {stream.ssrc for stream in media.streams}:
            if ssrc is not None:
                voices.setdefault(placed.get(ssrc, media.index), set()).add(ssrc)
    return voices


def _passed(party: CallParty, *, out: bool) -> list[_Passed | None]:
    """Return how much RTP passed in each section of a party; None where the daemon does not tell."""
    ports: dict[int, list[CallMedia]] = {}
    for media in party.medias:
        port = media.streams[0].local_port if media.streams else 0
        # Sections without a port have none in common.
        ports.setdefault(port or -media.index, []).append(media)
    passed = {}
    for medias in ports.values():
        for media, one in zip(medias, _passed_on_port(medias, out=out), strict=True):
            passed[media.index] = one
    return [passed[media.index] for media in party.medias]


def _passed_on_port(medias: Sequence[CallMedia], *, out: bool) -> list[_Passed | None]:
    """Return how much RTP passed in each of the sections that have one port: with BUNDLE they are several."""
    # The first stream is that of RTP, and with rtcp-mux of RTCP too, which counts for the first section of a port.
    streams = [media.streams[0] if media.streams else None for media in medias]
    counters = [None if it is None else it.stats_out if out else it.stats for it in streams]
    counts = [None if it is None else _Passed(packets=it.packets, bytes=it.bytes) for it in counters]
    # A daemon that counts what goes out counts sources too.
    told = [it.stats_out is not None for it in streams if it is not None]
    if "rtcp-mux" not in medias[0].flags or not all(told) or None in counts:
        return counts
    by_source = [media.sources_out if out else media.sources for media in medias]
    named = [_Passed.of(sources) for sources in by_source]
    all_counted, all_named = (sum(it.packets for it in each if it) for each in (counts, named))
    if all_named > all_counted or any(len(sources) >= _KEPT for sources in by_source):
        return counts
    if out or all(sources or not it or not it.packets for sources, it in zip(by_source, counts, strict=True)):
        return list(named)
    # The sources of all sections stand with the first one; the counts of the others have no RTCP in them.
    others = [it for it in counts[1:] if it]
    first = _Passed(
        packets=all_named - sum(it.packets for it in others),
        bytes=sum(it.bytes for it in named) - sum(it.bytes for it in others),
    )
    return [first, *counts[1:]] if first.packets >= 0 <= first.bytes else counts


def _traffic(passed: _Passed | None, heard: Sequence[Sequence[Source]]) -> Traffic:
    """Return the traffic of a section; `heard` has what each of its listeners reported."""
    packets = None if passed is None else passed.packets
    # Listeners hear the same packets, so what they lost does not add up; a listener's sources follow each other.
    lost = [_sum(_signed(source.packets_lost) for source in sources) for sources in heard]
    known = [max(0, number) for number in lost if number is not None]
    reports = [report for sources in heard for source in sources for report in _reports(source)]
    return Traffic(
        packets=packets,
        bytes=None if passed is None else passed.bytes,
        packets_lost=max(known) if known else None,
        loss=_share(max(known), packets) if known and packets is not None else None,
        jitter=_mean((report.jitter, number) for report, number in reports),
        mos=_mean((report.mos, number) for report, number in reports),
        round_trip_time=_mean((report.round_trip_time, number) for report, number in reports),
        reports=sum(number for _, number in reports),
    )


def _together(parts: Sequence[Traffic]) -> Traffic:
    """Return the traffic of several sections as one."""
    reported = [it for it in parts if it.packets_lost is not None]
    packets, lost = _sum(it.packets for it in reported), _sum(it.packets_lost for it in reported)
    return Traffic(
        packets=_sum(it.packets for it in parts),
        bytes=_sum(it.bytes for it in parts),
        packets_lost=lost,
        # Of those sections alone that have reports.
        loss=None if lost is None or packets is None else _share(lost, packets),
        jitter=_mean((it.jitter, it.reports) for it in parts),
        mos=_mean((it.mos, it.reports) for it in parts),
        round_trip_time=_mean((it.round_trip_time, it.reports) for it in parts),
        reports=sum(it.reports for it in parts),
    )


def _reports(source: Source) -> list[tuple[Quality, int]]:
    """Return the mean of a source's reports and their number, or what there is of single ones."""
    if source.average is not None and source.average.samples:
        return [(source.average, source.average.samples)]
    return [(report, 1) for report in source.progression]


def _signed(number: int | None) -> int | None:
    # Duplicates make it negative (RFC 3550, section 6.4.1); it has 24 bits, which a reader may take for unsigned.
    return number - 2**24 if number is not None and number >= 2**23 else number


def _share(lost: int, packets: int) -> float:
    return lost / (packets + lost) if lost else 0.0


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _mean(weighed: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in weighed if value is not None and weight]
    return sum(value * weight for value, weight in known) / sum(weight for _, weight in known) if known else None
