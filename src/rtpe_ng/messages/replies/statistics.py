"""The daemon's own figures: the reply to statistics.

The daemon groups its figures in sections, each a dictionary. A class below stands for a section; its `KEYS` has the
daemon's name of each figure, where that is not the field's own. Nothing is read before somebody looks at it.
"""

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
    """A figure that the daemon has measured again and again since it started."""

    samples: int
    """The number of measurements."""
    average: float
    """The mean; 0 without measurements."""
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
    """What the receivers' RTCP reports say of all calls.

    A daemon such as 10.5 tells none of it: the counts are None then, and each distribution is without samples.
    """

    KEYS: ClassVar[tuple[str, ...]] = (
        *("packets_lost", "rtp_duplicates", "rtp_skips", "rtp_seq_resets", "rtp_reordered"),
    )

    jitter: Distribution
    """The jitter that receivers reported, in milliseconds."""
    jitter_measured: Distribution
    """The jitter that the daemon measured, in milliseconds."""
    rtt_e2e: Distribution
    """The time from end to end and back, in microseconds."""
    rtt_dsct: Distribution
    """The time from the daemon to a party and back, in microseconds."""
    packetloss: Distribution
    """The share of packets that were lost, in percent."""
    packets_lost: int | None
    """The number of packets that were lost."""
    rtp_duplicates: int | None
    """The number of packets that came twice."""
    rtp_skips: int | None
    """The number of gaps in sequence numbers."""
    rtp_seq_resets: int | None
    """The number of times that sequence numbers began again elsewhere."""
    rtp_reordered: int | None
    """The number of packets that came out of order."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> VoipMetrics:
        """Read the dictionary ``voip_metrics``; raise `WireError` where it has another shape."""
        names = ("jitter", "jitter_measured", "rtt_e2e", "rtt_dsct", "packetloss")
        sampled = {name: Distribution.from_ng(document, name) for name in names}
        return cls(**sampled, **decode.integers_or_none(document, cls.KEYS))  # type: ignore[arg-type]


@attrs.frozen(kw_only=True)
class CurrentLoad:
    """How busy the daemon is now."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "sessions": "sessionstotal", "sessions_own": "sessionsown", "sessions_foreign": "sessionsforeign",
        "transcoded_media": "transcodedmedia", "packet_rate": "packetrate", "byte_rate": "byterate",
        "error_rate": "errorrate", "packet_rate_user": "packetrate_user", "packet_rate_kernel": "packetrate_kernel",
        "media_user": "media_userspace", "media_kernel": "media_kernel", "media_mixed": "media_mixed",
    }  # fmt: skip

    sessions: int
    """The number of calls that run."""
    sessions_own: int
    """Of these, the daemon's own."""
    sessions_foreign: int
    """Of these, the calls that it took over from another daemon, through Redis."""
    transcoded_media: int
    """Media streams that are transcoded."""
    packet_rate: int
    """All packets per second."""
    byte_rate: int
    """All bytes per second."""
    error_rate: int
    """All errors per second."""
    packet_rate_user: int
    """Packets per second that the daemon itself forwards."""
    packet_rate_kernel: int
    """Packets per second that its kernel module forwards."""
    media_user: int
    """Media streams that the daemon itself forwards."""
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
    """How long the daemon has been running, in seconds."""
    sessions: int
    """Calls that it accepted."""
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
    """Calls that were ended on the daemon's command line."""
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
    """How long a call lasts on average, in seconds."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> LifetimeTotals:
        """Read the dictionary ``totalstatistics``; raise `WireError` where it has another shape."""
        counts = {name: decode.integer(document, key) for name, key in cls.KEYS.items()}
        return cls(**counts, average_duration=decode.number(document, "avgcallduration"))


@attrs.frozen(kw_only=True)
class Ports:
    """The UDP ports of an interface."""

    min: int
    """The lowest port."""
    max: int
    """The highest port."""
    used: int
    """How many ports are in use."""
    free: int
    """How many ports are not in use."""

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
    ingress: Counters | None
    """How much came in; None from a daemon that does not tell, such as 10.5."""
    egress: Counters | None
    """How much went out; None from a daemon that does not tell."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Interface:
        """Read a member of ``interfaces``; raise `WireError` where it has another shape."""
        return cls(
            name=decode.text(document, "name") or "",
            address=decode.text(document, "address") or "",
            ports=Ports.from_ng(decode.dictionary(document, "ports")),
            ingress=Counters.read(document, "ingress"),
            egress=Counters.read(document, "egress"),
        )


@attrs.frozen(kw_only=True, repr=False)
class StatisticsReply(Reply):
    """The daemon's own figures (ng document, "`statistics` Message"), decoded when you look at them.

    A property raises `WireError` where the daemon sent another shape than the ng document promises. If the reply is
    no document at all, although it ends as one that says ``ok`` does, each of them does.
    """

    @functools.cached_property
    def commands(self) -> Mapping[str, int]:
        """How often each command was executed since the daemon started; unknown commands are absent."""
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
        """How busy the daemon is now."""
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
        """The addresses where the daemon takes media."""
        interfaces = decode.dictionaries(decode.dictionary(self.raw, "statistics"), "interfaces")
        return tuple(map(Interface.from_ng, interfaces))

    @property
    def errors(self) -> int:
        """How often the daemon has replied with an error since it started."""
        return decode.integer(self.section("controlstatistics"), "totalerrorcount")

    @property
    def sessions(self) -> int:
        """How many calls run now."""
        return self.current.sessions

    @property
    def uptime(self) -> int:
        """How long the daemon has been running, in seconds."""
        return self.totals.uptime

    def section(self, name: str) -> Mapping[str, Value]:
        """Return a part of the figures as plain values, such as ``currentstatistics`` or ``mos``.

        It is empty where the daemon has no such part. Raises `WireError` where it has another shape.
        """
        return decode.dictionary(decode.dictionary(self.raw, "statistics"), name)

    def _shown(self) -> str:
        try:
            return f"sessions={self.sessions}, uptime={self.uptime}"
        except WireError as error:
            return f"<{error}>"
