"""`Flags`: what the daemon is to do to one SDP body, as a value that cannot be misspelt."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import Any

import attrs

from ..errors import UsageError
from ..wire import encode_items
from . import vocabulary as v
from .codec import Codec, CodecLike, codec

__all__ = ["Flags"]

RESERVED = frozenset({"command", "sdp", "call-id", "from-tag", "to-tag", "via-branch", "received-from", "supports"})
"""Keys that belong to the message, not to its flags: given twice, the daemon would take either."""


def _folded(key: object) -> str:
    """Return `key` without what the daemon takes for another spelling of the same."""
    return str(key).casefold().replace(" ", "-").replace("_", "-")


def _read_only(value: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise UsageError(f"extra={value!r}: a dictionary expected")
    extra = deepcopy(dict(value or {}))
    if "flags" in extra:
        words = extra["flags"]
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise UsageError(f"extra={{'flags': {words!r}}}: a list of words expected")
        extra["flags"] = list(dict.fromkeys(words))
    return MappingProxyType(extra)


def _is_given(value: object) -> bool:
    # Not by comparison: the number 0 is given, though it equals False.
    return value is not None and value is not False and value != ()


@v.refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Flags:
    """The options of an offer or an answer. They describe the leg that the message goes *to*.

    A field is an ng key in lower case with underscores; the members of the list named ``flags`` are
    booleans. `flags | other` merges: of scalars the right one wins, lists are joined without repeats.
    `flags.evolve(ice="force")` is a copy with other values. The sections meant below are those of the ng
    document, "`offer` Message".

    Raises `UsageError` for an unknown name or value, and names the nearest known one.
    """

    transport_protocol: v.TransportProtocol | None = v.choice("transport-protocol", v.TransportProtocol)
    """The protocol of the RTP ``m=`` lines that go out; ``accept`` is for answers only."""
    ice: v.ICE | None = v.choice("ICE", v.ICE)
    """What happens to ICE (RFC 8839): ``force`` makes the daemon the only candidate."""
    ice_lite: v.ICELite | None = v.choice("ICE-lite", v.ICELite)
    """Toward whom the daemon is an ICE-lite agent; for offers only."""
    dtls: v.DTLS | None = v.choice("DTLS", v.DTLS)
    """DTLS-SRTP (RFC 5763) toward the receiver: ``off``, or the daemon's role."""
    dtls_reverse: v.DTLS | None = v.choice("DTLS-reverse", v.DTLS)
    """The same toward the sender of this message."""
    dtls_fingerprint: str | None = v.text("DTLS-fingerprint")
    """The hash of the certificate's fingerprint, such as ``SHA-256`` (RFC 8122)."""
    sdes: Sequence[str] = v.words("SDES", v.SDES_KNOWN, v.SDES_PREFIXES)
    """SDES key exchange (RFC 4568): ``off``, or what is offered and how; ``nonew``, ``prefer`` and ``only-...``
    are unknown to 10.5."""
    osrtp: Sequence[v.OSRTP] = v.words("OSRTP", v.OSRTP)
    """Opportunistic SRTP (RFC 8643); 10.5 knows ``offer`` and ``accept`` only."""
    rtcp_mux: Sequence[v.RtcpMux] = v.words("rtcp-mux", v.RtcpMux)
    """RTP and RTCP on one port (RFC 5761): offer, require, demux, accept, reject."""
    codec: CodecLike | None = attrs.field(default=None, converter=codec, metadata={"option": v.Option(key="codec")})
    """Codec operations: a `Codec`, or a dictionary such as ``{"transcode": ["PCMU"]}``."""
    replace: Sequence[v.Replace] = v.words("replace", v.Replace)
    """Which other lines the daemon rewrites; ``session-connection`` has no effect since 12.5."""
    direction: Sequence[str] | None = v.pair("direction")
    """The logical interfaces of the daemon: the sender's side, then the receiver's."""
    address_family: v.AddressFamily | None = v.choice("address-family", v.AddressFamily)
    """The address family of the SDP that goes out."""
    media_address: str | None = v.address("media-address")
    """An address to take instead of the one in the SDP."""
    ptime: int | None = v.integer("ptime", 1, 1000)
    """Packet time toward the receiver, in milliseconds; engages transcoding."""
    ptime_reverse: int | None = v.integer("ptime-reverse", 1, 1000)
    """Packet time toward the sender of this offer, in milliseconds."""
    tos: int | None = v.integer("TOS", -1, 256)
    """The IP TOS byte of RTP packets; negative leaves it, 256 reverts it."""
    record_call: v.YesNo | None = v.choice("record-call", v.YesNo)
    """Whether the call is recorded."""
    metadata: str | None = v.text("metadata")
    """Free text that is stored beside a recording."""
    label: str | None = v.text("label")
    """A name for this participant in logs and statistics."""
    generate_rtcp: v.OnOff | None = v.choice("generate-RTCP", v.OnOff)
    """Whether the daemon consumes RTCP and writes its own."""
    xmlrpc_callback: str | None = v.address("xmlrpc-callback")
    """Where a timeout of the call is reported to."""

    trust_address: bool = v.flag("trust-address")
    """Believe the addresses in the SDP; the default of every daemon of today."""
    sip_source_address: bool = v.flag("SIP-source-address")
    """Believe `received_from` instead of the addresses in the SDP."""
    asymmetric: bool = v.flag("asymmetric")
    """The receiver sends from another address than it receives at: do not learn it."""
    unidirectional: bool = v.flag("unidirectional")
    """Allow kernel forwarding of media that flows one way only."""
    strict_source: bool = v.flag("strict-source")
    """Drop packets from another address than the learnt one."""
    media_handover: bool = v.flag("media-handover")
    """Follow a changing source address; streams can be hijacked that way."""
    reset: bool = v.flag("reset")
    """Forget what was learnt of the endpoints, such as ICE and SRTP support; for offers only."""
    port_latching: bool = v.flag("port-latching")
    """Keep local ports when the remote port changes."""
    no_port_latching: bool = v.flag("no-port-latching")
    """Change local ports when the remote port changes, with ICE too."""
    pierce_nat: bool = v.flag("pierce-NAT")
    """Send empty packets to open a NAT binding."""
    nat_wait: bool = v.flag("NAT-wait")
    """Send nothing to an endpoint before something came from it."""
    trickle_ice: bool = v.flag("trickle-ICE")
    """Offer trickle ICE (RFC 8840)."""
    reject_ice: bool = v.flag("reject-ICE")
    """Refuse ICE toward the sender of this offer."""
    no_rtcp_attribute: bool = v.flag("no-rtcp-attribute")
    """No ``a=rtcp`` line (RFC 3605) in what goes out."""
    full_rtcp_attribute: bool = v.flag("full-rtcp-attribute")
    """The ``a=rtcp`` line with its address."""
    generate_mid: bool = v.flag("generate-mid")
    """Add ``a=mid`` (RFC 5888) where there is none."""
    strip_extmap: bool = v.flag("strip-extmap")
    """Remove ``a=extmap`` (RFC 8285)."""
    loop_protect: bool = v.flag("loop-protect")
    """Mark the SDP, so that the daemon processes it only once."""
    original_sendrecv: bool = v.flag("original-sendrecv")
    """Leave ``a=sendrecv`` and its kin as they came."""
    single_codec: bool = v.flag("single-codec")
    """Leave only the first codec in an answer."""
    reuse_codecs: bool = v.flag("reuse-codecs")
    """Keep the codecs of before in a re-offer."""
    always_transcode: bool = v.flag("always-transcode")
    """Legacy word for codec-accept=all."""
    inject_dtmf: bool = v.flag("inject-DTMF")
    """Prepare the audio for ``play DTMF``; goes into offer and answer."""
    detect_dtmf: bool = v.flag("detect-DTMF")
    """Detect in-band DTMF tones."""
    debug: bool = v.flag("debug")
    """Full debug log of this call on the daemon."""

    extra: Mapping[str, Any] = attrs.field(factory=dict, converter=_read_only, hash=False)
    """Keys that this version of the library does not know; ``{"flags": [...]}`` adds words to that list."""

    @extra.validator
    def _check_extra(self, _: object, extra: Mapping[str, Any]) -> None:
        known = {_folded(option.key): name for name, option, _ in self._options() if not option.listed}
        for key in extra:
            if _folded(key) in RESERVED:
                raise UsageError(f"extra={{{key!r}: ...}}: this key belongs to the message, not to its flags")
            if name := known.get(_folded(key)):
                raise UsageError(f"extra={{{key!r}: ...}}: say {name}=... instead, which is checked")

    def __or__(self, other: Flags) -> Flags:
        """Return both merged: of scalars the one of `other` wins, lists are joined, booleans add up."""
        if not isinstance(other, Flags):
            return NotImplemented
        merged = {name: getattr(self, name) for name, _, _ in self._options()}
        for name, option, value in other._options():
            mine = merged[name]
            if not _is_given(value):
                continue
            if isinstance(value, Codec) and mine is not None:
                merged[name] = mine | value
            elif isinstance(value, tuple) and option.key != "direction":
                merged[name] = (*mine, *value)
            else:
                merged[name] = value
        extra = {**self.extra, **other.extra}
        if words := [*self.extra.get("flags", ()), *other.extra.get("flags", ())]:
            extra["flags"] = words
        return Flags(**merged, extra=extra)

    def evolve(self, **changes: Any) -> Flags:
        """Return a copy with these options changed; None, False or an empty list takes one away.

        Raises `UsageError` as the constructor does.
        """
        return Flags(
            **{attribute.name: getattr(self, attribute.name) for attribute in attrs.fields(Flags)} | changes
        )

    def to_ng(self) -> dict[str, Any]:
        """Return exactly what goes on the wire for these flags, spelt as the ng document does, with hyphens.

        The values are str, int, lists and dictionaries of the caller's own; an option not given is absent.
        """
        document: dict[str, Any] = {}
        listed: list[str] = []
        for _, option, value in self._options():
            if option.listed:
                listed += [option.key] if value else []
            elif isinstance(value, Codec):
                document |= {option.key: value.to_ng()} if value.to_ng() else {}
            elif isinstance(value, tuple):
                document |= {option.key: list(value)} if value else {}
            elif value is not None:
                document[option.key] = value
        document |= deepcopy(dict(self.extra))
        listed += [word for word in document.pop("flags", ()) if word not in listed]
        return document | ({"flags": listed} if listed else {})

    @functools.cached_property
    def encoded(self) -> bytes:
        """The bencoded items of `to_ng`, made once however often the flags are sent."""
        return encode_items(self.to_ng())

    def _options(self) -> Iterator[tuple[str, v.Option, Any]]:
        for attribute in attrs.fields(Flags):
            if option := attribute.metadata.get("option"):
                yield attribute.name, option, getattr(self, attribute.name)

    def __repr__(self) -> str:
        given = [
            f"{name}={list(value) if isinstance(value, tuple) else value!r}"
            for name, _, value in self._options()
            if _is_given(value)
        ]
        given += [f"extra={dict(self.extra)!r}"] if self.extra else []
        return f"Flags({', '.join(given)})"
