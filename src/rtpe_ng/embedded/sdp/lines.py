"""The lines of a section that the engine writes itself.

Both ways to make a body, `patch` and `compose`, need the same lines: about codecs, direction, RTCP, keys, packet
times and ICE. A `SectionWriter` yields them, each group by a method of its own, so that the caller chooses what
stands where. It reads a `SectionPlan` and the options of the message, and changes neither.
"""

from collections.abc import Iterable, Iterator
from typing import Self

import attrs

from ...sdp import Section
from ..codecs.entry import CodecEntry
from ..codecs.opus import opus_parameters
from ..request import Options
from ..versions import Behaviour
from .plan import BodyPlan, SectionPlan

__all__ = ["SectionWriter", "legacy_offer", "with_rejected_twin"]

_TYPE_PREFERENCES = {"host": 126, "relay": 0}
"""The ICE type preferences (RFC 8445, section 5.1.2.2)."""
_TOP_LOCAL_PREFERENCE = 65_535
_NO_ASSOCIATION = "0" * 32
"""The ``tls-id`` after an association has ended."""


@attrs.frozen(kw_only=True)
class SectionWriter:
    """Yields the engine's own lines for one section."""

    section: SectionPlan
    options: Options
    behaviour: Behaviour

    @classmethod
    def of(cls, plan: BodyPlan, section: SectionPlan) -> Self:
        """Return the writer for a section of a body."""
        return cls(section=section, options=plan.options, behaviour=plan.behaviour)

    def codecs(self) -> Iterator[str]:
        """Yield the lines about each payload type."""
        yield from _codec_lines(self.section.codecs, self.behaviour)

    def direction(self) -> Iterator[str]:
        """Yield the direction, unless the sender's own is passed on."""
        if "original-sendrecv" not in self.options.words:
            yield f"a={self.section.direction}"

    def rtcp(self) -> Iterator[str]:
        """Yield where the engine takes RTCP."""
        section = self.section
        if not section.transport.is_rtp or (self.options.relays and not section.is_muxed):
            return
        if "no-rtcp-attribute" not in self.options.words:
            port = section.port if section.is_muxed else section.rtcp_port
            is_full = "full-rtcp-attribute" in self.options.words
            yield f"a=rtcp:{port}" + (f" IN {' '.join(section.address)}" if is_full else "")
        if section.mux:
            yield "a=rtcp-mux"

    def keys(self) -> Iterator[str]:
        """Yield the SDES keys, and then the lines that DTLS needs."""
        section = self.section
        if not section.has_keys:
            return
        for key in section.sdes_keys:
            yield " ".join((f"a=crypto:{key.tag} {key.suite} {self._key(key.key)}", *key.session_params))
        if section.dtls:
            roles = section.roles
            yield f"a=setup:{'actpass' if len(roles) == 2 else next(iter(roles), 'holdconn')}"
            yield f"a=fingerprint:{' '.join(section.fingerprint)}"
            if self.behaviour.has_tls_id and "no-tls-id" not in self.options.words:
                yield f"a=tls-id:{section.tls_id or _NO_ASSOCIATION}"

    def _key(self, key: str) -> str:
        # The lifetime of a key that came from the other side is dropped; its master key identifier stays.
        key, *parameters = key.split("|")
        identifiers = "".join(f"|{parameter}" for parameter in parameters if ":" in parameter)
        if "pad-crypto" in self.options.words or "pad" in self.options.sdes:
            text = key.removeprefix("inline:").rstrip("=")
            key = f"inline:{text}{'=' * (-len(text) % 4)}"
        return f"{key}|2^31{identifiers}" if "lifetime" in self.options.sdes else key + identifiers

    def times(self) -> Iterator[str]:
        """Yield how much media a packet holds."""
        if self.section.transport.is_rtp and self.section.ptime:
            yield f"a=ptime:{self.section.ptime}"

    def ice(self, beside: Section | None = None) -> Iterator[str]:
        """Yield the name and the candidates of the ICE agent; `beside` may hold candidates of others."""
        section = self.section
        if section.ice and section.ufrag:
            yield f"a=ice-ufrag:{section.ufrag}"
            yield f"a=ice-pwd:{section.pwd}"
        if section.trickle and section.ufrag:
            yield "a=ice-options:trickle"
        if section.ice:
            yield from self.candidates(for_rtcp=section.transport.is_rtp and not section.is_muxed, beside=beside)

    def candidates(self, *, for_rtcp: bool, beside: Section | None = None) -> Iterator[str]:
        """Yield a candidate for RTP on each address, and one `for_rtcp` if RTCP has a port of its own.

        If media may bypass the engine, its candidates get a lower priority than those `beside` them.
        """
        section = self.section
        kind = "relay" if self.options.relays else "host"
        preferences = _TYPE_PREFERENCES[kind], _TOP_LOCAL_PREFERENCE
        if section.passthrough and beside is not None:
            preferences = _preferences_below(beside, kind)
        has_rtcp = for_rtcp and (not section.shares_port or section.rtcp_port)
        places = ((section.foundation, section.address[1], section.port), *section.others)
        for component in (1, 2) if has_rtcp else (1,):
            for number, (foundation, address, first) in enumerate(places):
                # Below 0, the daemon's arithmetic of 32 bits goes on at the top.
                priority = (preferences[0] << 24 | (preferences[1] - number) << 8 | 256 - component) % 2**32
                port = first + component - 1
                base = "" if kind == "host" else f" raddr {address} rport {port}"
                yield f"a=candidate:{foundation} {component} UDP {priority} {address} {port} typ {kind}{base}"


def _preferences_below(section: Section, kind: str) -> tuple[int, int]:
    """Return a type preference and a local preference next to the lowest of a section's own candidates."""
    candidates = (value.split(" ") for value in section.attributes("candidate"))
    priorities = [
        int(words[3])
        for words in candidates
        if len(words) > 7
        and words[1] == "1"
        and words[2].lower() == "udp"
        and words[7] == kind
        and words[3].isdecimal()
    ]
    if not priorities:
        return _TYPE_PREFERENCES[kind], _TOP_LOCAL_PREFERENCE
    taken = {priority >> 8 for priority in priorities}
    type_preference, local = divmod(min(taken), _TOP_LOCAL_PREFERENCE + 1)
    while local <= _TOP_LOCAL_PREFERENCE and type_preference << 16 | local in taken:
        local += 1
    return (type_preference, local) if local <= _TOP_LOCAL_PREFERENCE else (max(type_preference - 1, 0), 0)


def legacy_offer(plan: BodyPlan, section: SectionPlan) -> SectionPlan | None:
    """Return the section without keys that precedes one with keys, if ``OSRTP-offer-legacy`` asks for it."""
    asked = plan.is_offer and "offer-legacy" in plan.options.osrtp
    if not asked or not section.transport.is_srtp or section.twin == "before":
        return None
    return section.without_keys()


def with_rejected_twin(section: SectionPlan, formats: Iterable[str], lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a section, and reject its twin without keys if the receiver had offered one."""
    rejected = f"m={section.type} 0 {section.transport.without_keys} {' '.join(formats)}"
    is_srtp = section.transport.is_srtp
    if is_srtp and section.twin == "before":
        yield rejected
    yield from lines
    if is_srtp and section.twin == "after":
        yield rejected


def _codec_lines(codecs: Iterable[CodecEntry], behaviour: Behaviour) -> list[str]:
    """Return the rtpmap, fmtp and rtcp-fb lines, codec by codec."""
    lines = []
    for codec in codecs:
        lines.append(f"a=rtpmap:{codec.payload_type} {codec.encoding}")
        parameters = codec.parameters
        if behaviour.rewrites_opus_parameters and codec.kind is not None and codec.kind.name == "opus":
            parameters = opus_parameters(parameters, behaviour)
        lines += [f"a=fmtp:{codec.payload_type} {parameters}"] if parameters else []
        lines += [f"a=rtcp-fb:{codec.payload_type} {value}" for value in codec.feedback]
    return lines
