"""RTP sources, and what they report of what they hear, by RTCP (RFC 3550, section 6.4).

Only the receiver of a packet stream knows which packets were lost, so quality comes from receivers' reports. The
daemon reads the reports that pass through it, and files each under the SSRC of its sender. The quality that stands
with a source is therefore that of the media that it *hears*, and not of the media that it sends. It keeps a report
only if both sides send sender reports, because it measures the round-trip time with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from ...wire import Value
from .. import decode

__all__ = ["Quality", "Source"]


@attrs.frozen(kw_only=True)
class Quality:
    """One report, or the mean of several. What it does not tell is None."""

    mos: float | None
    """The mean opinion score, from 1.0 (bad) to 5.0 (excellent); None while the round-trip time is not known."""
    round_trip_time: float | None
    """The time from end to end and back, in milliseconds."""
    round_trip_time_leg: float | None
    """The time from the daemon to the party that reports and back, in milliseconds."""
    jitter: int | None
    """The jitter, in milliseconds."""
    packet_loss: int | None
    """The share of packets that were lost since the report before, in percent."""
    reported: int | None
    """When the report came, in seconds since 1970; None for a mean."""
    samples: int | None
    """The number of reports that this is the mean of; None for a single report."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Quality:
        """Read a dictionary such as ``average MOS``; raise `WireError` where it has another shape."""
        # The daemon counts in tenths, and in microseconds. Its 0 says that it does not know.
        return cls(
            mos=decode.number(document, "MOS") / 10 or None,
            round_trip_time=decode.number(document, "round-trip time") / 1000 or None,
            round_trip_time_leg=decode.number(document, "round-trip time leg") / 1000 or None,
            jitter=decode.integer_or_none(document, "jitter"),
            packet_loss=decode.integer_or_none(document, "packet loss"),
            reported=decode.integer_or_none(document, "reported at"),
            samples=decode.integer_or_none(document, "samples"),
        )


@attrs.frozen(kw_only=True)
class Source:
    """One RTP source, known by its SSRC (RFC 3550, section 3): what it sends, and what it reports of what it hears.

    A figure that the daemon does not tell is None.
    """

    ssrc: int
    """Its number, of 32 bits."""
    packets: int | None
    """The number of packets that it sent; None where the daemon does not count them for each source, such as 10.5.
    A daemon that transcodes them counts them twice."""
    bytes: int | None
    """The number of bytes that it sent; None and twice as for `packets`."""
    last_timestamp: int | None
    """The RTP timestamp of its last packet; None where the daemon does not tell."""
    last_sequence: int | None
    """The sequence number of its last packet, extended by 65,536 for each time it began again at 0; None where the
    daemon does not tell."""
    packets_lost: int | None
    """The number of packets that it missed of what it hears, by its last report; None before it has reported."""
    average: Quality | None
    """The mean of all its reports that have a MOS; None before there is one."""
    lowest: Quality | None
    """Its report with the lowest MOS; None before there is one."""
    highest: Quality | None
    """Its report with the highest MOS; None before there is one."""
    interval: int | None
    """The time between the members of `progression`, in seconds; None before it has reported."""
    progression: tuple[Quality, ...]
    """About ten of its reports, from the first to the last."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value], ssrc: int | None = None) -> Source:
        """Read a member of ``SSRC`` or ``ingress SSRCs``; raise `WireError` where it has another shape."""
        average, lowest, highest = (
            Quality.from_ng(found) if (found := decode.dictionary(document, f"{name} MOS")) else None
            for name in ("average", "lowest", "highest")
        )
        progression = decode.dictionary(document, "MOS progression")
        return cls(
            ssrc=decode.integer(document, "SSRC") if ssrc is None else ssrc,
            packets=decode.integer_or_none(document, "packets"),
            bytes=decode.integer_or_none(document, "bytes"),
            last_timestamp=decode.integer_or_none(document, "last RTP timestamp"),
            last_sequence=decode.integer_or_none(document, "last RTP seq"),
            packets_lost=decode.integer_or_none(document, "cumulative loss"),
            average=average,
            lowest=lowest,
            highest=highest,
            interval=decode.integer_or_none(progression, "interval"),
            progression=tuple(map(Quality.from_ng, decode.dictionaries(progression, "entries"))),
        )


def distinct(sources: Iterable[Source]) -> dict[int, Source]:
    """Return each source once, by its SSRC, with all that is told of it in different places.

    12.5 repeats a source for each stream, and tells what it sends there and what it reports elsewhere. Where two
    places tell the same thing, the later one counts.
    """
    found: dict[int, Source] = {}
    for source in sources:
        known = found.get(source.ssrc)
        if known is not None:
            told = {
                field: value
                for field, value in attrs.asdict(source, recurse=False).items()
                if value not in (None, ())
            }
            source = attrs.evolve(known, **told)  # noqa: PLW2901 - the same source, better known
        found[source.ssrc] = source
    return found
