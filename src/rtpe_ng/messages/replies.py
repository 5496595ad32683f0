"""Replies of the daemon, typed. Each keeps the plain values that it was made of in `raw`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from ..errors import WireError, redact
from . import read

__all__ = [
    "Counters",
    "DeleteReply",
    "Endpoint",
    "ListReply",
    "Media",
    "Pong",
    "QueryReply",
    "Reply",
    "SdpReply",
    "StatisticsReply",
    "Stream",
    "Tag",
    "Totals",
]


@attrs.frozen(kw_only=True, repr=False)
class Reply:
    """What a command came back with when the daemon did as it was told."""

    seconds: float
    """How long the reply took, in seconds, resends included."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, eq=False)
    """The reply as plain values, whatever it holds."""

    @property
    def warning(self) -> str | None:
        """The daemon's ``warning`` (ng document, introduction): it did so, but."""
        return read.text(self.raw, "warning")

    def _shown(self) -> str:
        return ""

    def __repr__(self) -> str:
        parts = [self._shown(), f"seconds={self.seconds:.4f}"]
        if warning := self.raw.get("warning"):
            parts.append(f"warning={redact(str(warning))!r}")
        return f"{type(self).__name__}({', '.join(part for part in parts if part)})"


@attrs.frozen(kw_only=True, repr=False)
class Pong(Reply):
    """The daemon is alive (ng document, "`ping` Message")."""


@attrs.frozen(kw_only=True, repr=False)
class SdpReply(Reply):
    """The SDP body to send on (ng document, "`offer` Message" and "`answer` Message")."""

    sdp: str
    """The body as the daemon rewrote it; bytes that are not UTF-8 stand as surrogates."""

    def _shown(self) -> str:
        return f"sdp=<{len(self.sdp.encode('utf-8', 'surrogateescape'))} bytes>"


@attrs.frozen(kw_only=True)
class Counters:
    """What has passed: packets, bytes and errors."""

    packets: int
    bytes: int
    errors: int

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Counters:
        """Read the dictionary ``stats``; raise `WireError` where a counter is no integer."""
        return cls(**{name: read.integer(document, name) for name in ("packets", "bytes", "errors")})


@attrs.frozen(kw_only=True)
class Totals:
    """The counters of a whole call, of RTP and of RTCP."""

    rtp: Counters
    rtcp: Counters

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Totals:
        """Read the dictionary ``totals``; raise `WireError` where it has another shape."""
        rtp, rtcp = (Counters.from_ng(read.dictionary(document, name)) for name in ("RTP", "RTCP"))
        return cls(rtp=rtp, rtcp=rtcp)


@attrs.frozen(kw_only=True, repr=False)
class Endpoint:
    """An address and a UDP port."""

    address: str
    port: int

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Endpoint | None:
        """Read an endpoint; None where there is none. Raises `WireError` where it has another shape."""
        address = read.text(document, "address")
        return cls(address=address, port=read.integer(document, "port")) if address else None

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    def __repr__(self) -> str:
        return f"<Endpoint {self}>"


@attrs.frozen(kw_only=True)
class Stream:
    """One packet stream of a media section: RTP or RTCP."""

    local_port: int
    """The daemon's UDP port; 0 when it has none."""
    endpoint: Endpoint | None
    """Where packets are sent to."""
    advertised_endpoint: Endpoint | None
    """What the SDP said of it."""
    last_packet: int
    """When the last packet came, in seconds since 1970."""
    flags: tuple[str, ...]
    """The daemon's own words for its state, such as ``RTP``, ``filled``, ``confirmed``."""
    stats: Counters
    """What came in."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Stream:
        """Read a member of ``streams``; raise `WireError` where it has another shape."""
        return cls(
            local_port=read.integer(document, "local port"),
            endpoint=Endpoint.from_ng(read.dictionary(document, "endpoint")),
            advertised_endpoint=Endpoint.from_ng(read.dictionary(document, "advertised endpoint")),
            last_packet=read.integer(document, "last packet"),
            flags=read.strings(document, "flags"),
            stats=Counters.from_ng(read.dictionary(document, "stats")),
        )


@attrs.frozen(kw_only=True)
class Media:
    """One media section of a participant."""

    index: int
    """Its number, counted from 1."""
    type: str
    """``audio``, ``video`` and so on."""
    protocol: str | None
    """Such as ``RTP/AVP``; None where the daemon does not know the protocol."""
    flags: tuple[str, ...]
    """The daemon's own words for its state, such as ``rtcp-mux``, ``DTLS-SRTP``, ``ICE``."""
    streams: tuple[Stream, ...]

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Media:
        """Read a member of ``medias``; raise `WireError` where it has another shape."""
        return cls(
            index=read.integer(document, "index"),
            type=read.text(document, "type") or "",
            protocol=read.text(document, "protocol"),
            flags=read.strings(document, "flags"),
            streams=tuple(Stream.from_ng(stream) for stream in read.dictionaries(document, "streams")),
        )


@attrs.frozen(kw_only=True, repr=False)
class Tag:
    """One participant of a call, known by its From or To tag."""

    tag: str
    created: int
    """When the daemon first saw it, in seconds since 1970."""
    label: str | None
    via_branch: str | None
    medias: tuple[Media, ...]

    @classmethod
    def from_ng(cls, tag: str, document: Mapping[str, Any]) -> Tag:
        """Read a member of ``tags``; raise `WireError` where it has another shape."""
        return cls(
            tag=tag,
            created=read.integer(document, "created"),
            label=read.text(document, "label"),
            via_branch=read.text(document, "via-branch"),
            medias=tuple(Media.from_ng(media) for media in read.dictionaries(document, "medias")),
        )

    def __repr__(self) -> str:
        return f"<Tag {self.tag!r} {', '.join(f'{m.type} {m.protocol}' for m in self.medias) or 'without media'}>"


@attrs.frozen(kw_only=True, repr=False)
class QueryReply(Reply):
    """What the daemon knows of a call (ng document, "`query` Message"); read out of `raw` when looked at.

    A property raises `WireError` where the daemon sent another shape than it promises.
    """

    @property
    def created(self) -> int:
        """When the call began, in seconds since 1970."""
        return read.integer(self.raw, "created")

    @property
    def last_signal(self) -> int:
        """When the last offer, answer or other signal came, in seconds since 1970."""
        return read.integer(self.raw, "last signal")

    @functools.cached_property
    def tags(self) -> Mapping[str, Tag]:
        """The participants, by their tag; one that has not signalled its tag yet has a made-up key."""
        source = read.dictionary(self.raw, "tags")
        return MappingProxyType({tag: Tag.from_ng(tag, read.dictionary(source, tag)) for tag in source})

    @functools.cached_property
    def totals(self) -> Totals:
        """What has passed in the whole call."""
        return Totals.from_ng(read.dictionary(self.raw, "totals"))

    def _shown(self) -> str:
        try:
            return f"tags={list(self.tags)!r}, packets={self.totals.rtp.packets}" if "totals" in self.raw else ""
        except WireError as error:
            return f"<{error}>"


@attrs.frozen(kw_only=True, repr=False)
class DeleteReply(QueryReply):
    """The end of a call (ng document, "`delete` Message"), with its last statistics where the daemon sends any.

    Versions differ: 10.5 sends none for a call that is deleted by Call-ID alone, 12.5 no tags when it is
    deleted without delay. Query before deleting when the figures matter.
    """


@attrs.frozen(kw_only=True, repr=False)
class ListReply(Reply):
    """The calls that run (ng document, "`list` Message")."""

    calls: tuple[str, ...]
    """Their Call-IDs: 32 at most unless `limit` said otherwise."""

    def _shown(self) -> str:
        return f"calls={list(self.calls)!r}" if len(self.calls) <= 4 else f"calls=<{len(self.calls)}>"


_COUNTERS = {
    "ping": "ping", "offer": "offer", "answer": "answer", "delete": "delete", "query": "query", "list": "list",
    "start recording": "startrec", "stop recording": "stoprec", "pause recording": "pauserec",
    "start forwarding": "startfwd", "stop forwarding": "stopfwd",
    "block DTMF": "blkdtmf", "unblock DTMF": "unblkdtmf", "block media": "blkmedia", "unblock media": "unblkmedia",
    "silence media": "slnmedia", "unsilence media": "unslnmedia",
    "play media": "playmedia", "stop media": "stopmedia", "play DTMF": "playdtmf", "statistics": "stats",
    "publish": "pub", "subscribe request": "subreq", "subscribe answer": "subans", "unsubscribe": "unsub",
    "inject start": "injstart", "inject stop": "injstop", "connect": "conn", "cli": "cli",
    "transform": "trnsfm", "create": "create", "create answer": "crtansw", "mesh": "mesh",
}  # fmt: skip


@attrs.frozen(kw_only=True, repr=False)
class StatisticsReply(Reply):
    """The daemon's own figures (ng document, "`statistics` Message"); read out of `raw` when looked at."""

    @functools.cached_property
    def commands(self) -> Mapping[str, int]:
        """How often each command was executed since the daemon started; one that it does not know is absent."""
        counts = self.section("controlstatistics")
        return MappingProxyType(
            {
                command: read.integer(counts, f"total{short}count")
                for command, short in _COUNTERS.items()
                if f"total{short}count" in counts
            }
        )

    @property
    def errors(self) -> int:
        """How often the daemon replied with an error since it started."""
        return read.integer(self.section("controlstatistics"), "totalerrorcount")

    @property
    def sessions(self) -> int:
        """How many calls run now."""
        return read.integer(self.section("currentstatistics"), "sessionstotal")

    @property
    def uptime(self) -> int:
        """For how long the daemon has been running, in seconds."""
        return read.integer(self.section("totalstatistics"), "uptime")

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a part of the figures as plain values, such as ``currentstatistics`` or ``mos``.

        It is empty where this daemon has no such part. Raises `WireError` where it has another shape.
        """
        return read.dictionary(read.dictionary(self.raw, "statistics"), name)

    def _shown(self) -> str:
        try:
            return f"sessions={self.sessions}, uptime={self.uptime}"
        except WireError as error:
            return f"<{error}>"


def sdp_of(document: Mapping[str, Any], command: str) -> str:
    """Return the ``sdp`` of a reply to `command`; raise `WireError` where it has none or it is no text."""
    sdp = read.text(document, "sdp")
    if sdp is None:
        raise WireError(f"the reply to {command!r} carries no 'sdp'")
    return sdp
