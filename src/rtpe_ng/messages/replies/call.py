"""The parts of a call in a daemon's reply: participants, media sections, packet streams.

Daemons of different versions tell different things. A figure that one does not tell is None here, and never 0; a
list that it does not tell is empty, as each field says.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ...wire import Value
from .. import decode
from .quality import Source, distinct

__all__ = ["CallMedia", "CallParty", "Counters", "Endpoint", "Peer", "Stream", "Totals", "Trigger"]


@attrs.frozen(kw_only=True)
class Counters:
    """How much has passed: packets, bytes and errors."""

    packets: int
    """The number of packets."""
    bytes: int
    """The number of bytes, without the headers of IP and UDP."""
    errors: int
    """The number of packets that could not be sent on."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Counters:
        """Read the dictionary ``stats``; raise `WireError` where a counter is no integer."""
        return cls(**decode.integers(document, ("packets", "bytes", "errors")))

    @classmethod
    def read(cls, document: Mapping[str, Value], key: str) -> Counters | None:
        """Read the counters at `key`; None where the daemon does not tell. Raises `WireError` as `from_ng` does."""
        return cls.from_ng(decode.dictionary(document, key)) if key in document else None


@attrs.frozen(kw_only=True)
class Totals:
    """The counters of a whole call, of RTP and of RTCP."""

    rtp: Counters
    """What came in as RTP from all parties."""
    rtcp: Counters
    """What came in as RTCP from all parties."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Totals:
        """Read the dictionary ``totals``; raise `WireError` where it has another shape."""
        rtp, rtcp = (Counters.from_ng(decode.dictionary(document, name)) for name in ("RTP", "RTCP"))
        return cls(rtp=rtp, rtcp=rtcp)


@attrs.frozen(kw_only=True, repr=False)
class Endpoint:
    """An address and a UDP port."""

    address: str
    """An IPv4 or IPv6 address."""
    port: int
    """The UDP port; 0 where there is none yet."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Endpoint | None:
        """Read an endpoint; None where there is none. Raises `WireError` where it has another shape."""
        address = decode.text(document, "address")
        return cls(address=address, port=decode.integer(document, "port")) if address else None

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    def __repr__(self) -> str:
        return f"<Endpoint {self}>"


@attrs.frozen(kw_only=True)
class Stream:
    """One packet stream of a media section: RTP or RTCP."""

    local_port: int
    """The daemon's UDP port; 0 where it has none."""
    local_address: str | None
    """The daemon's address; None where it is not told."""
    endpoint: Endpoint | None
    """Where the daemon sends packets to; None where it does not know yet."""
    advertised_endpoint: Endpoint | None
    """The address and port in the party's SDP; None where it had none."""
    crypto_suite: str | None
    """The SRTP suite, such as ``AES_CM_128_HMAC_SHA1_80``; None where what comes in is not encrypted."""
    ssrc: int | None
    """The source of what came in, or one of several; None before anything came, or where it is not told."""
    last_packet: int
    """When the last packet came, in seconds since 1970."""
    flags: tuple[str, ...]
    """The daemon's own words for its state, such as ``RTP``, ``filled``, ``confirmed``."""
    stats: Counters
    """How much came in."""
    stats_out: Counters | None
    """How much went out; None from a daemon that does not tell, such as 10.5."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Stream:
        """Read a member of ``streams``; raise `WireError` where it has another shape."""
        return cls(
            local_port=decode.integer(document, "local port"),
            local_address=decode.text(document, "local address"),
            endpoint=Endpoint.from_ng(decode.dictionary(document, "endpoint")),
            advertised_endpoint=Endpoint.from_ng(decode.dictionary(document, "advertised endpoint")),
            crypto_suite=decode.text(document, "crypto suite"),
            ssrc=decode.integer_or_none(document, "SSRC"),
            last_packet=decode.integer(document, "last packet"),
            flags=decode.strings(document, "flags"),
            stats=Counters.from_ng(decode.dictionary(document, "stats")),
            stats_out=Counters.read(document, "stats_out"),
        )


@attrs.frozen(kw_only=True)
class CallMedia:
    """One media section of a participant."""

    index: int
    """Its number, counted from 1."""
    type: str
    """``audio``, ``video`` and so on."""
    protocol: str | None
    """The transport protocol, such as ``RTP/AVP``; None where the daemon does not know it."""
    codec: str | None
    """The codec of most of what came in, such as ``PCMU/8000``; None before anything came."""
    flags: tuple[str, ...]
    """The daemon's own words for its state, such as ``rtcp-mux``, ``DTLS-SRTP``, ``ICE``."""
    streams: tuple[Stream, ...]
    """The streams: RTP and RTCP, or one for both."""
    sources: tuple[Source, ...]
    """The sources of what came in (``ingress SSRCs``), each once; empty from old daemons, such as 10.5."""
    sources_out: tuple[Source, ...]
    """The sources of what went out, as the daemon named them (``egress SSRCs``)."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> CallMedia:
        """Read a member of ``medias``; raise `WireError` where it has another shape."""
        # Some versions, such as 12.5, tell the sources of each stream, later ones those of the whole section.
        holders = [document, *decode.dictionaries(document, "streams")]
        incoming, outgoing = (
            distinct(Source.from_ng(source) for holder in holders for source in decode.dictionaries(holder, key))
            for key in ("ingress SSRCs", "egress SSRCs")
        )
        return cls(
            index=decode.integer(document, "index"),
            type=decode.text(document, "type") or "",
            protocol=decode.text(document, "protocol"),
            codec=decode.text(document, "codec"),
            flags=decode.strings(document, "flags"),
            streams=tuple(Stream.from_ng(stream) for stream in decode.dictionaries(document, "streams")),
            sources=tuple(incoming.values()),
            sources_out=tuple(outgoing.values()),
        )


@attrs.frozen(kw_only=True)
class Peer:
    """Another participant to which or from which media flows."""

    tag: str
    """Its tag; empty where it has signalled none yet."""
    type: str
    """How media came to flow: ``offer/answer`` or ``pub/sub``."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Peer:
        """Read a member of ``subscriptions`` or ``subscribers``; raise `WireError` where it has another shape."""
        return cls(tag=decode.text(document, "tag") or "", type=decode.text(document, "type") or "")


@attrs.frozen(kw_only=True)
class Trigger:
    """Digits that do something when the participant dials them (``VSC``)."""

    type: str
    """What they do, such as ``start rec``."""
    trigger: str
    """The digits."""
    active: bool
    """Whether they do it now."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Trigger:
        """Read a member of ``VSC``; raise `WireError` where it has another shape."""
        return cls(
            type=decode.text(document, "type") or "",
            trigger=decode.text(document, "trigger") or "",
            active=bool(decode.integer(document, "active")),
        )


@attrs.frozen(kw_only=True, repr=False)
class CallParty:
    """One participant of a call, known by its From or To tag."""

    tag: str
    """Its tag; where it has signalled none yet, a made-up key."""
    created: int
    """When the daemon first saw it, in seconds since 1970."""
    label: str | None
    """The name that ``Flags(label=...)`` gave it; None without one."""
    via_branch: str | None
    """The branch of a forked call that it is; None where it is none."""
    aliases: tuple[str, ...]
    """Other tags by which it is known."""
    metadata: str | None
    """The text of ``Flags(metadata=...)`` about it; None without one."""
    in_dialogue_with: str | None
    """The tag of the other side; None where there is none yet, or more than one."""
    subscriptions: tuple[Peer, ...]
    """The participants that it hears; empty from a daemon that does not tell."""
    subscribers: tuple[Peer, ...]
    """The participants that hear it; empty from a daemon that does not tell."""
    medias: tuple[CallMedia, ...]
    """Its media sections."""
    triggers: tuple[Trigger, ...]
    """Digits that do something when it dials them."""
    is_recorded: bool | None
    """Whether a recording includes it; None where the call is not recorded, or the daemon does not tell."""
    is_forwarded: bool | None
    """Whether its audio is forwarded; None where the call is not recorded, or the daemon does not tell."""

    @classmethod
    def from_ng(cls, tag: str, document: Mapping[str, Value]) -> CallParty:
        """Read a member of ``tags``; raise `WireError` where it has another shape."""
        subscriptions, subscribers = (
            tuple(map(Peer.from_ng, decode.dictionaries(document, key))) for key in ("subscriptions", "subscribers")
        )
        dialogue = [peer.tag for peer in subscribers if peer.type == "offer/answer" and peer.tag]
        recording = decode.dictionary(document, "recording")
        return cls(
            tag=tag,
            created=decode.integer(document, "created"),
            label=decode.text(document, "label"),
            via_branch=decode.text(document, "via-branch"),
            aliases=decode.strings(document, "tag-aliases"),
            metadata=decode.text(document, "metadata"),
            in_dialogue_with=decode.text(document, "in dialogue with")
            or (dialogue[0] if len(dialogue) == 1 else None),
            subscriptions=subscriptions,
            subscribers=subscribers,
            medias=tuple(CallMedia.from_ng(media) for media in decode.dictionaries(document, "medias")),
            triggers=tuple(map(Trigger.from_ng, decode.dictionaries(document, "VSC"))),
            is_recorded=not decode.integer(recording, "excluded") if recording else None,
            is_forwarded=bool(decode.integer(recording, "forwarding")) if recording else None,
        )

    def __repr__(self) -> str:
        medias = ", ".join(f"{media.type} {media.protocol}" for media in self.medias)
        return f"<CallParty {self.tag!r} {medias or 'without media'}>"
