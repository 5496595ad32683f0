"""The quality of what each source sends, by the receivers' RTCP reports (RFC 3550, section 6.4)."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ...wire import Value
from .. import decode

__all__ = ["Quality", "Source"]


@attrs.frozen(kw_only=True)
class Quality:
    """One report, or the mean of several."""

    mos: float
    """The mean opinion score, from 1.0 (bad) to 5.0 (excellent)."""
    round_trip_time: float
    """The time from end to end and back, in milliseconds; 0 where it is not known."""
    round_trip_time_leg: float
    """The time from the daemon to this party and back, in milliseconds; 0 where it is not known."""
    jitter: int
    """The jitter, in milliseconds."""
    packet_loss: int
    """The share of packets that were lost, in percent."""
    reported: int
    """When the report came, in seconds since 1970; 0 for a mean."""
    samples: int
    """The number of reports that this is the mean of; 0 for a single report."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Quality:
        """Read a dictionary such as ``average MOS``; raise `WireError` where it has another shape."""
        return cls(
            # The daemon counts in tenths, and in microseconds.
            mos=decode.number(document, "MOS") / 10,
            round_trip_time=decode.number(document, "round-trip time") / 1000,
            round_trip_time_leg=decode.number(document, "round-trip time leg") / 1000,
            jitter=decode.integer(document, "jitter"),
            packet_loss=decode.integer(document, "packet loss"),
            reported=decode.integer(document, "reported at"),
            samples=decode.integer(document, "samples"),
        )


@attrs.frozen(kw_only=True)
class Source:
    """One RTP source, known by its SSRC (RFC 3550, section 3)."""

    ssrc: int
    """Its number, of 32 bits."""
    packets: int
    """The number of packets that it sent."""
    bytes: int
    """The number of bytes that it sent."""
    last_timestamp: int
    """The RTP timestamp of its last packet."""
    last_sequence: int
    """The sequence number of its last packet, extended by 65,536 for each time it began again at 0."""
    packets_lost: int
    """The number of packets that were lost, by its sequence numbers; 0 before a receiver has reported."""
    average: Quality | None
    """The mean of all reports; None before there is one."""
    lowest: Quality | None
    """The report with the lowest MOS."""
    highest: Quality | None
    """The report with the highest MOS."""
    interval: int
    """The time between the members of `progression`, in seconds."""
    progression: tuple[Quality, ...]
    """About ten reports, from the first to the last."""

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
            packets=decode.integer(document, "packets"),
            bytes=decode.integer(document, "bytes"),
            last_timestamp=decode.integer(document, "last RTP timestamp"),
            last_sequence=decode.integer(document, "last RTP seq"),
            packets_lost=decode.integer(document, "cumulative loss"),
            average=average,
            lowest=lowest,
            highest=highest,
            interval=decode.integer(progression, "interval"),
            progression=tuple(map(Quality.from_ng, decode.dictionaries(progression, "entries"))),
        )
