"""What passed between each party and the daemon, and how well: one view for all versions of the daemon.

Versions tell it in different places. How many packets passed stands with the streams of a section; 10.5 counts only
what came in there. With rtcp-mux these counts include RTCP, so the counts of the sources are better, which 12.5 and
26.0 have; but those are doubled where the daemon transcodes, and 12.5 keeps four sources of a section.

How well they passed is what the receiver reports by RTCP, and stands with the receiver's SSRC (see `quality`). So
the figures of what a party was *sent* come from its own SSRCs. Those of what was *received* from it come from the
SSRCs of the parties that hear it, in the section with the same number, which is how offer and answer pair sections.
A party that hears several others does not say which of them it reports on, so its reports count for none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from .call import CallMedia, CallParty, Counters
from .quality import Quality, Source

__all__ = ["MediaTraffic", "PartyTraffic", "Traffic"]

_KEPT = 4
"""How many sources of a section 12.5 remembers; of more than that, it forgets what they sent."""


@attrs.frozen(kw_only=True)
class Traffic:
    """What passed one way between a party and the daemon. A figure that the daemon does not know is None.

    The counts are the daemon's own. The others are those of the RTCP reports of who hears the media, in the end:
    packets that were lost on the way from the daemon to the receiver count as well as those that never reached the
    daemon. They are None while there is no report, which needs sender reports of both sides (RFC 3550, section
    6.4).
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


@attrs.frozen(kw_only=True)
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


@attrs.frozen(kw_only=True)
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


def traffic_of(
    parties: Mapping[str, CallParty], sources: Mapping[int, Source]
) -> Iterator[tuple[str, PartyTraffic]]:
    """Yield the traffic of each party, by its tag. `sources` has what each SSRC reported."""
    for tag, party in parties.items():
        listeners = list(_listeners(party, parties.values()))
        medias = tuple(_media(media, listeners, sources) for media in party.medias)
        received, sent = (_together([getattr(media, way) for media in medias]) for way in ("received", "sent"))
        yield tag, PartyTraffic(tag=tag, received=received, sent=sent, medias=medias)


def _media(media: CallMedia, listeners: Sequence[CallParty], sources: Mapping[int, Source]) -> MediaTraffic:
    heard = [_reporters(other, sources) for it in listeners for other in it.medias if other.index == media.index]
    return MediaTraffic(
        index=media.index,
        type=media.type,
        codec=media.codec,
        received=_traffic(_passed(media, out=False), heard),
        sent=_traffic(_passed(media, out=True), [_reporters(media, sources)]),
    )


def _listeners(party: CallParty, parties: Iterable[CallParty]) -> Iterator[CallParty]:
    """Yield who hears this party, and by offer and answer no other one."""
    for other in parties:
        heard = {peer.tag for peer in other.subscriptions if peer.type == "offer/answer"}
        if heard == {party.tag}:
            yield other


def _reporters(media: CallMedia, sources: Mapping[int, Source]) -> list[Source]:
    """Return what the party of this section reported, under each SSRC that it has."""
    names = {source.ssrc for source in media.sources} | {stream.ssrc for stream in media.streams}
    return [sources[name] for name in names if name is not None and name in sources]


def _passed(media: CallMedia, *, out: bool) -> tuple[int, int] | None:
    """Return how many packets and bytes of RTP passed, as far as the daemon tells."""
    if not media.streams:
        return 0, 0
    # The first stream is that of RTP, and of RTCP too with rtcp-mux.
    rtp = media.streams[0]
    counted: Counters | None = rtp.stats_out if out else rtp.stats
    if counted is None:
        return None
    sources = media.sources_out if out else media.sources
    # A daemon that counts what goes out counts sources too.
    if "rtcp-mux" in media.flags and rtp.stats_out is not None and len(sources) < _KEPT:
        packets, count = sum(it.packets or 0 for it in sources), sum(it.bytes or 0 for it in sources)
        if packets <= counted.packets:
            return packets, count
    return counted.packets, counted.bytes


def _traffic(passed: tuple[int, int] | None, heard: Sequence[Sequence[Source]]) -> Traffic:
    """Return the traffic of a section; `heard` has what each of its listeners reported."""
    packets, count = (None, None) if passed is None else passed
    # Listeners hear the same packets, so what they lost does not add up; a listener's sources follow each other.
    lost = [_sum(_signed(source.packets_lost) for source in sources) for sources in heard]
    known = [max(0, number) for number in lost if number is not None]
    reports = [report for sources in heard for source in sources for report in _reports(source)]
    return Traffic(
        packets=packets,
        bytes=count,
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
