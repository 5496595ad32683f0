"""The daemon's own figures: the reply to statistics."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import attrs

from ...errors import WireError
from ...wire import Value
from .. import decode
from .base import Reply
from .call import Counters

__all__ = [
    "COUNTERS",
    "CurrentLoad",
    "Distribution",
    "Interface",
    "LifetimeTotals",
    "Ports",
    "StatisticsReply",
    "VoipMetrics",
]

COUNTERS: dict[str, str] = {}
"""How the daemon abbreviates each command in the names of its counters. `rtpe_ng.messages.commands`, which knows
them, fills it in."""


@attrs.frozen(kw_only=True)
class Distribution:
    """A figure that is measured again and again, since the daemon started."""

    samples: int
    """How often it was measured."""
    average: float
    """The mean; 0 without samples."""
    stddev: float
    """The standard deviation."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value], name: str) -> Distribution:
        """Read the keys that begin with `name`; raise `WireError` where one is no number."""
        return cls(
            samples=decode.integer(document, f"{name}_samples_total"),
            average=decode.number(document, f"{name}_average"),
            stddev=decode.number(document, f"{name}_stddev"),
        )


@attrs.frozen(kw_only=True)
class VoipMetrics:
    """What the receivers' RTCP reports say; all 0 from daemons that do not tell, such as 10.5."""

    KEYS: ClassVar[tuple[str, ...]] = (
        *("packets_lost", "rtp_duplicates", "rtp_skips", "rtp_seq_resets", "rtp_reordered"),
    )

    jitter: Distribution
    """As it was reported, in milliseconds."""
    jitter_measured: Distribution
    """As the daemon measured it, in milliseconds."""
    rtt_e2e: Distribution
    """From end to end and back, in microseconds."""
    rtt_dsct: Distribution
    """From the daemon to a party and back, in microseconds."""
    packetloss: Distribution
    """In percent."""
    packets_lost: int
    """In packets."""
    rtp_duplicates: int
    """In packets."""
    rtp_skips: int
    """How often sequence numbers were left out."""
    rtp_seq_resets: int
    """How often they began anew."""
    rtp_reordered: int
    """In packets that came out of order."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> VoipMetrics:
        """Read the dictionary ``voip_metrics``; raise `WireError` where it has another shape."""
        names = ("jitter", "jitter_measured", "rtt_e2e", "rtt_dsct", "packetloss")
        sampled = {name: Distribution.from_ng(document, name) for name in names}
        return cls(**sampled, **decode.integers(document, cls.KEYS))  # type: ignore[arg-type]


@attrs.frozen(kw_only=True)
class CurrentLoad:
    """What happens now."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "sessions": "sessionstotal", "sessions_own": "sessionsown", "sessions_foreign": "sessionsforeign",
        "transcoded_media": "transcodedmedia", "packet_rate": "packetrate", "byte_rate": "byterate",
        "error_rate": "errorrate", "packet_rate_user": "packetrate_user", "packet_rate_kernel": "packetrate_kernel",
        "media_user": "media_userspace", "media_kernel": "media_kernel", "media_mixed": "media_mixed",
    }  # fmt: skip

    sessions: int
    """Calls that run."""
    sessions_own: int
    """Of these, the daemon's own."""
    sessions_foreign: int
    """Of these, those that it took over from another daemon, through Redis."""
    transcoded_media: int
    """Media streams that are transcoded."""
    packet_rate: int
    """In packets per second."""
    byte_rate: int
    """In bytes per second."""
    error_rate: int
    """In errors per second."""
    packet_rate_user: int
    """In packets per second: those that the daemon forwards."""
    packet_rate_kernel: int
    """In packets per second: those that its kernel module forwards."""
    media_user: int
    """Media streams that the daemon forwards."""
    media_kernel: int
    """Media streams that its kernel module forwards."""
    media_mixed: int
    """Media streams that both forward."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> CurrentLoad:
        """Read the dictionary ``currentstatistics``; raise `WireError` where it has another shape."""
        return cls(**{name: decode.integer(document, key) for name, key in cls.KEYS.items()})


@attrs.frozen(kw_only=True)
class LifetimeTotals:
    """What has happened since the daemon started, without the calls that still run."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "sessions": "managedsessions", "rejected": "rejectedsessions", "timed_out": "timeoutsessions",
        "silent_timed_out": "silenttimeoutsessions", "final_timed_out": "finaltimeoutsessions",
        "offer_timed_out": "offertimeoutsessions", "terminated": "regularterminatedsessions",
        "forced": "forcedterminatedsessions", "packets": "relayedpackets", "errors": "relayedpacketerrors",
        "bytes": "relayedbytes", "no_way_streams": "zerowaystreams", "one_way_streams": "onewaystreams",
        "uptime": "uptime",
    }  # fmt: skip

    uptime: int
    """For how long the daemon has been running, in seconds."""
    sessions: int
    """Calls that it took."""
    rejected: int
    """Calls that it refused, because it was full."""
    timed_out: int
    """Calls that ended because no packets came."""
    silent_timed_out: int
    """Calls that ended because no packets came while they were on hold."""
    final_timed_out: int
    """Calls that ended because they had lasted too long."""
    offer_timed_out: int
    """Calls that ended because no answer came."""
    terminated: int
    """Calls that ended with a delete."""
    forced: int
    """Calls that somebody ended on the daemon's command line."""
    packets: int
    """Packets that were sent on."""
    errors: int
    """Packets that could not be sent on."""
    bytes: int
    """Bytes that were sent on."""
    no_way_streams: int
    """Streams on which no packet came."""
    one_way_streams: int
    """Streams on which packets came from one side only."""
    average_duration: float
    """How long a call lasts, in seconds."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> LifetimeTotals:
        """Read the dictionary ``totalstatistics``; raise `WireError` where it has another shape."""
        counts = {name: decode.integer(document, key) for name, key in cls.KEYS.items()}
        return cls(**counts, average_duration=decode.number(document, "avgcallduration"))


@attrs.frozen(kw_only=True)
class Ports:
    """The UDP ports of an interface."""

    min: int
    """The lowest."""
    max: int
    """The highest."""
    used: int
    """How many are in use."""
    free: int
    """How many are not."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Ports:
        """Read the dictionary ``ports``; raise `WireError` where it has another shape."""
        return cls(**decode.integers(document, ("min", "max", "used", "free")))


@attrs.frozen(kw_only=True)
class Interface:
    """One address of a logical interface."""

    name: str
    """The name of the logical interface."""
    address: str
    """The IPv4 or IPv6 address."""
    ports: Ports
    """Its UDP ports."""
    ingress: Counters
    """What came in; all 0 from daemons that do not tell, such as 10.5."""
    egress: Counters
    """What went out."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Interface:
        """Read a member of ``interfaces``; raise `WireError` where it has another shape."""
        return cls(
            name=decode.text(document, "name") or "",
            address=decode.text(document, "address") or "",
            ports=Ports.from_ng(decode.dictionary(document, "ports")),
            ingress=Counters.from_ng(decode.dictionary(document, "ingress")),
            egress=Counters.from_ng(decode.dictionary(document, "egress")),
        )


@attrs.frozen(kw_only=True, repr=False)
class StatisticsReply(Reply):
    """The daemon's own figures (ng document, "`statistics` Message"); read out of `raw` when looked at.

    A property raises `WireError` where the daemon sent another shape than it promises.
    """

    @functools.cached_property
    def commands(self) -> Mapping[str, int]:
        """How often each command was executed since the daemon started; one that it does not know is absent."""
        counts = self.section("controlstatistics")
        return MappingProxyType(
            {
                command: decode.integer(counts, f"total{short}count")
                for command, short in COUNTERS.items()
                if f"total{short}count" in counts
            }
        )

    @functools.cached_property
    def current(self) -> CurrentLoad:
        """What happens now."""
        return CurrentLoad.from_ng(self.section("currentstatistics"))

    @functools.cached_property
    def totals(self) -> LifetimeTotals:
        """What has happened since the daemon started."""
        return LifetimeTotals.from_ng(self.section("totalstatistics"))

    @functools.cached_property
    def mos(self) -> Distribution:
        """The mean opinion score of all calls, from 1.0 to 5.0."""
        return Distribution.from_ng(self.section("mos"), "mos")

    @functools.cached_property
    def voip_metrics(self) -> VoipMetrics:
        """Jitter, round-trip time and loss of all calls."""
        return VoipMetrics.from_ng(self.section("voip_metrics"))

    @functools.cached_property
    def interfaces(self) -> tuple[Interface, ...]:
        """The addresses where media is taken."""
        found = decode.dictionaries(decode.dictionary(self.raw, "statistics"), "interfaces")
        return tuple(map(Interface.from_ng, found))

    @property
    def errors(self) -> int:
        """How often the daemon replied with an error since it started."""
        return decode.integer(self.section("controlstatistics"), "totalerrorcount")

    @property
    def sessions(self) -> int:
        """How many calls run now."""
        return self.current.sessions

    @property
    def uptime(self) -> int:
        """For how long the daemon has been running, in seconds."""
        return self.totals.uptime

    def section(self, name: str) -> Mapping[str, Value]:
        """Return a part of the figures as plain values, such as ``currentstatistics`` or ``mos``.

        It is empty where this daemon has no such part. Raises `WireError` where it has another shape.
        """
        return decode.dictionary(decode.dictionary(self.raw, "statistics"), name)

    def _shown(self) -> str:
        try:
            return f"sessions={self.sessions}, uptime={self.uptime}"
        except WireError as error:
            return f"<{error}>"
