"""The lines of a section that the engine writes itself, in the order in which it writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

import attrs

from ...sdp import Section
from ..codecs.entry import CodecEntry
from ..codecs.opus import opus_parameters
from ..request import Context
from ..versions import Behaviour
from .negotiate import SdpNegotiation
from .party import PartyMedia

__all__ = ["OwnLines", "direction", "offered_twin", "with_rejected_twin"]

_TYPES = {"host": 126, "relay": 0}
"""The ICE type preferences (RFC 8445, section 5.1.2.2)."""
_NO_NAME = "0" * 32
"""The ``tls-id`` of an association that has ended."""
_DIRECTIONS = {
    (True, True): "sendrecv",
    (True, False): "sendonly",
    (False, True): "recvonly",
    (False, False): "inactive",
}


def direction(media: PartyMedia) -> str:
    """Return the direction of a section as the engine tells it to the party."""
    return _DIRECTIONS[media.sends, media.receives]


@attrs.frozen(kw_only=True)
class OwnLines:
    """Writes a party's section."""

    media: PartyMedia
    context: Context
    is_offer: bool
    mux_required: bool

    @classmethod
    def of(cls, negotiation: SdpNegotiation, media: PartyMedia) -> Self:
        """Return what writes a section for the receiver of a message."""
        return cls(
            media=media,
            context=negotiation.context,
            is_offer=negotiation.is_offer,
            mux_required=negotiation.mux_required,
        )

    @property
    def address(self) -> tuple[str, str]:
        """The family and the address where the engine takes media."""
        if self.context.options.media_address:
            return (
                "IP6" if ":" in self.context.options.media_address else "IP4"
            ), self.context.options.media_address
        return self.context.resources.address(self.media.carrier.interface)

    def codecs(self) -> Iterator[str]:
        """Yield what is said of each payload type."""
        yield from _codec_lines(self.media.codecs, self.context.behaviour)

    def direction(self) -> Iterator[str]:
        """Yield the direction, unless it is passed through."""
        if "original-sendrecv" not in self.context.options.words:
            yield f"a={direction(self.media)}"

    @property
    def _muxed(self) -> bool:
        """Whether there is no port for RTCP."""
        return self.media.mux and (not self.is_offer or self.mux_required)

    def rtcp(self) -> Iterator[str]:
        """Yield where RTCP is taken."""
        if not self.media.transport.is_rtp or (self.context.options.relays and not self._muxed):
            return
        if not self.context.options.words & {"no-rtcp-attribute", "no-RTCP-attribute"}:
            carrier = self.media.carrier
            port = carrier.port if self._muxed else carrier.rtcp_port
            full = self.context.options.words & {"full-rtcp-attribute", "full-RTCP-attribute"}
            yield f"a=rtcp:{port}" + (f" IN {' '.join(self.address)}" if full else "")
        if self.media.mux:
            yield "a=rtcp-mux"

    def keys(self) -> Iterator[str]:
        """Yield the keys: those of SDES, then what DTLS needs."""
        media = self.media
        if not media.transport.is_rtp or media.passthrough:
            return
        if media.sdes:
            for key in media.sdes_out:
                yield " ".join((f"a=crypto:{key.tag} {key.suite} {self._key(key.key)}", *key.session_params))
        if media.dtls:
            roles = media.roles
            yield f"a=setup:{'actpass' if len(roles) == 2 else next(iter(roles), 'holdconn')}"
            wanted = media.hash_function or media.fingerprint[0]
            media.hash_function, value = self.context.resources.fingerprint(wanted)
            yield f"a=fingerprint:{media.hash_function} {value}"
            if self.context.behaviour.has_tls_id and "no-tls-id" not in self.context.options.words:
                yield f"a=tls-id:{media.carrier.association.name or _NO_NAME}"

    def _key(self, key: str) -> str:
        # The lifetime of the other side's key goes, its master key identifier stays.
        key, *more = key.split("|")
        identifiers = "".join(f"|{part}" for part in more if ":" in part)
        if self.context.options.words & {"pad-crypto"} or "pad" in self.context.options.sdes:
            text = key.removeprefix("inline:").rstrip("=")
            key = f"inline:{text}{'=' * (-len(text) % 4)}"
        return f"{key}|2^31{identifiers}" if "lifetime" in self.context.options.sdes else key + identifiers

    def times(self) -> Iterator[str]:
        """Yield how much media a packet holds."""
        if self.media.transport.is_rtp and self.media.ptime:
            yield f"a=ptime:{self.media.ptime}"

    def ice(self, beside: Section | None = None) -> Iterator[str]:
        """Yield the names of ICE and the candidates, which may have to stand `beside` others."""
        media = self.media
        agent = media.bundle or media
        if media.ice and agent.ufrag:
            yield f"a=ice-ufrag:{agent.ufrag}"
            yield f"a=ice-pwd:{agent.pwd}"
        if media.trickle and agent.ufrag:
            yield "a=ice-options:trickle"
        if media.ice:
            yield from self.candidates(for_rtcp=media.transport.is_rtp and not self._muxed, beside=beside)

    def candidates(self, *, for_rtcp: bool, beside: Section | None = None) -> Iterator[str]:
        """Yield the candidates: one for RTP, and one `for_rtcp` where it has a port of its own.

        Where media may pass the engine by they get a lower priority than those `beside` them.
        """
        media = self.media
        carrier = media.carrier
        kind = "relay" if self.context.options.relays else "host"
        preferences = _TYPES[kind], 65_535
        if media.passthrough and beside is not None:
            preferences = _below(beside, kind)
        foundation = self.context.resources.foundations[carrier.interface]
        has_rtcp = for_rtcp and (carrier is media or carrier.rtcp_port)
        for component in (1, 2) if has_rtcp else (1,):
            priority = preferences[0] << 24 | preferences[1] << 8 | 256 - component
            place = f"{self.address[1]} {carrier.port + component - 1}"
            via = "" if kind == "host" else f" raddr {self.address[1]} rport {carrier.port + component - 1}"
            yield f"a=candidate:{foundation} {component} UDP {priority} {place} typ {kind}{via}"


def _below(section: Section, kind: str) -> tuple[int, int]:
    """Return the type and local preference for candidates that a section's own ones are to be preferred to."""
    said = (value.split(" ") for value in section.attributes("candidate"))
    found = [
        int(it[3])
        for it in said
        if len(it) > 7 and it[1] == "1" and it[2].lower() == "udp" and it[7] == kind and it[3].isdecimal()
    ]
    if not found:
        return _TYPES[kind], 65_535
    lowest = min(found)
    of_type, local = lowest >> 24, (lowest >> 8 & 65_535) + 1
    return (of_type, local) if local <= 65_535 else (max(of_type - 1, 0), 0)


def offered_twin(negotiation: SdpNegotiation, media: PartyMedia) -> PartyMedia | None:
    """Return the section without keys that stands before one in an offer, where that is asked for."""
    asked = negotiation.is_offer and "offer-legacy" in negotiation.options.osrtp
    if not asked or not media.transport.is_srtp or media.twin == "before":
        return None
    return attrs.evolve(media, transport=media.transport.without_keys, dtls=False, sdes=False)


def with_rejected_twin(media: PartyMedia, formats: Iterable[str], lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a section, and beside them that its twin, which the party had sent, is rejected."""
    rejected = f"m={media.type} 0 {media.transport.without_keys} {' '.join(formats)}"
    is_srtp = media.transport.is_srtp
    if is_srtp and media.twin == "before":
        yield rejected
    yield from lines
    if is_srtp and media.twin == "after":
        yield rejected


def _codec_lines(codecs: Iterable[CodecEntry], behaviour: Behaviour) -> list[str]:
    """Return the lines of an RTP section about its codecs: rtpmap, fmtp and rtcp-fb, codec by codec."""
    lines = []
    for codec in codecs:
        lines.append(f"a=rtpmap:{codec.payload_type} {codec.encoding}")
        parameters = codec.parameters
        if behaviour.rewrites_opus_parameters and codec.kind is not None and codec.kind.name == "opus":
            parameters = opus_parameters(parameters, behaviour)
        lines += [f"a=fmtp:{codec.payload_type} {parameters}"] if parameters else []
        lines += [f"a=rtcp-fb:{codec.payload_type} {value}" for value in codec.feedback]
    return lines
