"""How an offer is answered, section by section: what is accepted, on which port, with which keys and codecs.

An answer has the sections of its offer, one for one (RFC 3264, section 6). So the offer is walked through three
times: which BUNDLE group each section is in, why it cannot be accepted if it cannot, and then its lines. The
reasons are collected before anything is written, so that the error about an offer of which nothing can be accepted
gives all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs

from ..errors import UsageError
from .codec import NOT_ALONE, RtpCodec
from .composing import (
    UNKNOWN,
    codec_lines,
    destination,
    head,
    ice_lines,
    milliseconds,
    port_number,
    rejection,
    session_of,
)
from .keys import Crypto, IceCredentials
from .media import Media
from .rewrite.security import uses_dtls
from .session import Session
from .values import ANSWERS, Group

_DATA_CHANNEL = ("UDP/DTLS/SCTP", ("webrtc-datachannel",))

_ROLES: Mapping[str | None, tuple[str, ...]] = {
    "actpass": ("active", "passive"),
    "active": ("passive",),
    "passive": ("active",),
    # Without a role the offerer is the active one (RFC 4145, section 4); not everybody knows that.
    None: ("passive", "active"),
}
"""The DTLS roles that may answer each role, the usual one first (RFC 5763, section 5)."""


@attrs.frozen(kw_only=True)
class Answerer:
    """What `answer` was given."""

    address: str | None
    ports: int | tuple[int, ...] | None
    codecs: tuple[str, ...] | None
    direction: str | None
    rejects: bool | tuple[str | int, ...]
    ptime: float | None
    feedback: bool
    rtcp_mux: bool
    bundle: bool
    ice: IceCredentials | None
    candidates: tuple[str, ...]
    fingerprint: str | None
    setup: str | None
    keys: tuple[Crypto, ...] = attrs.field(repr=False)
    sctp_port: int | None
    previous: Session | None

    def answer(self, session: Session) -> Session:
        """Return the answer to an offer. Raises `UsageError` as `rtpe_ng.sdp.answer` does."""
        bundles = self._bundles(session)
        reasons = list(self._reasons(session, bundles))
        accepted = [index for index, reason in enumerate(reasons) if reason is None]
        if not accepted and any(reasons):
            said = [f"{_name(session, index)}: {reason}" for index, reason in enumerate(reasons) if reason]
            raise UsageError(f"nothing to accept: {'; '.join(said)}; say reject=True if you mean it, or answer 488")
        found: dict[object, list[int]] = {}
        for index in accepted:
            found.setdefault(("BUNDLE", bundles[index]) if index in bundles else index, []).append(index)
        # The sections that share the transport of each accepted section; the first of them comes first.
        transports = {index: members for members in map(tuple, found.values()) for index in members}
        address, ports = self._places(session, accepted, transports)
        keys = list(self.keys)
        lines: list[str] = []
        for index, section in enumerate(session.media):
            if index in ports:
                try:
                    lines += self._section(section, index, ports[index], transports, keys)
                except UsageError as error:
                    raise UsageError(f"{_name(session, index)}: {error}; or say reject=[{index}]") from None
            else:
                lines += rejection(section.type, section.protocol, section.formats, mid=section.mid or "")
        groups = [
            str(Group(semantics="BUNDLE", mids=tuple(session.media[index].mid or "" for index in members)))
            for members in dict.fromkeys(transports.values())
            if members[0] in bundles
        ]
        times = [str(timing) for timing in session.timings] or ["0 0"]
        return session_of(head(lines, address, times=times, groups=groups, previous=self.previous) + lines)

    def _bundles(self, session: Session) -> dict[int, int]:
        """Return the number of the BUNDLE group that each section is offered in, if it is to be taken."""
        groups = [group for group in session.groups if group.semantics == "BUNDLE"] if self.bundle else []
        numbers = {mid: number for number, group in reversed([*enumerate(groups)]) for mid in group.mids}
        return {index: numbers[it.mid] for index, it in enumerate(session.media) if it.mid and it.mid in numbers}

    def _reasons(self, session: Session, bundles: Collection[int]) -> Iterator[str | None]:
        """Yield for each section why it is rejected: None if it is not, an empty text if that is as wanted."""
        rejects = [] if isinstance(self.rejects, bool) else list(self.rejects)
        types = {section.type for section in session.media}
        for word in rejects:
            if word not in types and not (isinstance(word, int) and 0 <= word < len(session.media)):
                have = ", ".join(_name(session, index) for index in range(len(session.media))) or "none"
                raise UsageError(f"reject={word!r}: there is no such section; the offer has {have}")
        if isinstance(self.ports, tuple) and len(self.ports) != len(session.media):
            raise UsageError(f"port= has {len(self.ports)} ports for {len(session.media)} sections; 0 rejects one")
        for index, section in enumerate(session.media):
            wanted = self.rejects is not True and index not in rejects and section.type not in rejects
            if not wanted or section.is_rejected or (isinstance(self.ports, tuple) and self.ports[index] == 0):
                yield ""
            elif section.port == 0 and index not in bundles:
                yield "it is offered within BUNDLE only"
            elif section.is_rtp:
                have = ", ".join(dict.fromkeys(map(str, section.codecs))) or "none"
                yield None if self._codecs(section) else f"no common codec; it has {have}"
            elif (section.protocol.upper(), section.formats) != _DATA_CHANNEL:
                yield f"{section.protocol or 'no protocol'} is not answered here"
            elif not section.fingerprints:
                yield "a data channel without a fingerprint"
            else:
                yield None if self.sctp_port is not None else "a data channel: say sctp_port="

    def _places(
        self, session: Session, accepted: Sequence[int], transports: Mapping[int, tuple[int, ...]]
    ) -> tuple[str, dict[int, int]]:
        """Return the address, and the port of each accepted section."""
        if not accepted:
            return (self.address or UNKNOWN), {}
        several_transports = len(set(transports.values())) > 1
        named = " and ".join(_name(session, members[0]) for members in dict.fromkeys(transports.values()))
        ports = self.ports
        ice = self.ice if any(_has_ice(session.media[index]) for index in accepted) else None
        if several_transports and self.candidates:
            raise UsageError(f"{named} have ICE of their own: leave out candidates=, use set_candidates(media=)")
        if isinstance(ports, tuple):
            for members in transports.values():
                if len({ports[index] for index in members}) > 1:
                    raise UsageError(f"{named}: bundled sections have one port; say bundle=False for one each")
            address, _ = destination(self.address, ports[accepted[0]], ice, self.candidates)
            return address, {index: port_number(ports[index]) for index in accepted}
        if several_transports and ports is not None:
            raise UsageError(f"{named} need a port each: port=[{ports}, ...], one for each section; 0 rejects one")
        address, number = destination(self.address, ports, ice, self.candidates)
        return address, dict.fromkeys(accepted, port_number(number))

    def _codecs(self, section: Media) -> list[RtpCodec]:
        """Return the codecs of a section that are taken; none if only such are left that carry no media alone."""
        known = [codec for codec in section.codecs if codec.name and codec.clock_rate]
        chosen = known
        if self.codecs is not None:
            named = {it.payload_type: it for name in self.codecs for it in known if it.matches(name)}
            rates = {it.clock_rate for it in named.values() if it.name.lower() not in NOT_ALONE}
            bare = {name.lower() for name in self.codecs if "/" not in name} & {"telephone-event", "cn"}
            fits = [it for it in named.values() if it.name.lower() not in bare or it.clock_rate in rates]
            chosen = fits if rates else list(named.values())
        # What repairs or carries a format that is not taken is of no use.
        while len(left := _complete(chosen)) < len(chosen):
            chosen = left
        offers_media = any(it.name.lower() not in NOT_ALONE for it in known)
        return chosen if any(it.name.lower() not in NOT_ALONE for it in chosen) or not offers_media else []

    def _section(
        self,
        section: Media,
        index: int,
        port: int,
        transports: Mapping[int, tuple[int, ...]],
        keys: list[Crypto],
    ) -> list[str]:
        """Return the lines of an accepted section. The key that it uses is taken out of `keys`."""
        connection = section.connection
        if connection is not None and (connection.multicast or (connection.ip and connection.ip.is_multicast)):
            raise UsageError(f"{connection.address} is a multicast address, which cannot be answered with your own")
        is_bundled = len(transports[index]) > 1
        chosen = self._codecs(section) if section.is_rtp else []
        formats = [str(codec.payload_type) for codec in chosen] or section.formats
        lines = [f"m={section.type} {port} {section.protocol} {' '.join(formats)}"]
        has_feedback = self.feedback and section.protocol.upper().endswith("F")
        lines += codec_lines(chosen, feedback=has_feedback)
        if section.mid:
            lines.append(f"a=mid:{section.mid}")
        if section.is_rtp:
            if self.ptime is not None and section.type == "audio":
                lines.append(f"a=ptime:{milliseconds(self.ptime)}")
            lines.append(f"a={self._direction_for(section)}")
            lines += self._rtcp_lines(section, is_bundled=is_bundled, has_feedback=has_feedback)
        else:
            lines.append(f"a=sctp-port:{port_number(self.sctp_port, 'sctp_port')}")
        lines += self._key_lines(section, index, keys)
        if _has_ice(section):
            if self.ice is not None:
                # Browsers repeat the credentials in each section, and the candidates in the first one alone.
                is_first = transports[index][0] == index
                lines += ice_lines(self.ice, self.candidates, own=is_first)
            elif section.fingerprints:
                raise UsageError("a browser's offer has ICE: say ice=sdp.IceCredentials(...), of your ICE agent")
        return lines

    def _direction_for(self, section: Media) -> str:
        allowed = ANSWERS[section.direction]
        if self.direction is not None and self.direction not in allowed:
            raise UsageError(
                f"direction={self.direction!r} cannot answer {section.direction}; {' or '.join(allowed)} can"
            )
        return self.direction or allowed[0]

    def _rtcp_lines(self, section: Media, *, is_bundled: bool, has_feedback: bool) -> Iterator[str]:
        if section.rtcp_mux and self.rtcp_mux:
            yield "a=rtcp-mux"
        elif section.has("rtcp-mux-only"):
            raise UsageError("it is offered with rtcp-mux only (RFC 8858): say rtcp_mux=True")
        elif is_bundled:
            raise UsageError("BUNDLE needs rtcp-mux (RFC 9143, section 9.3): say bundle=False")
        if has_feedback and section.has("rtcp-rsize"):
            yield "a=rtcp-rsize"

    def _key_lines(self, section: Media, index: int, keys: list[Crypto]) -> Iterator[str]:
        by_dtls = "TLS" in section.protocol.upper()
        is_secure = "SAVP" in section.protocol.upper()
        if uses_dtls(section) and (by_dtls or self.fingerprint is not None or not section.cryptos):
            if not section.fingerprints:
                raise UsageError(f"{section.protocol} is offered without a fingerprint that can be read (RFC 8122)")
            if self.fingerprint is None:
                raise UsageError("it is offered with DTLS: say fingerprint=, of your certificate (RFC 8122)")
            yield f"a=fingerprint:{self.fingerprint}"
            yield f"a=setup:{self._role(section, index)}"
        elif section.cryptos and (is_secure or keys):
            yield f"a=crypto:{_taken(section.cryptos, keys)}"
        elif is_secure:
            raise UsageError(f"{section.protocol} is offered without a key that can be read (RFC 4568)")

    def _role(self, section: Media, index: int) -> str:
        allowed = _ROLES.get(section.setup)
        if allowed is None:
            raise UsageError(f"a=setup:{section.setup} has no place in an offer (RFC 5763, section 5)")
        before = self.previous.media[index : index + 1] if self.previous is not None else ()
        kept = [media.setup for media in before if not media.is_rejected and media.setup in allowed]
        wanted = self.setup or next(iter(kept), None) or allowed[0]
        if wanted not in allowed:
            raise UsageError(f"setup={wanted!r} cannot answer {section.setup}; {' or '.join(allowed)} can")
        return wanted


def _complete(codecs: list[RtpCodec]) -> list[RtpCodec]:
    """Return the codecs without those that repair or carry another one."""
    numbers = {codec.payload_type for codec in codecs}
    return [codec for codec in codecs if numbers.issuperset(codec.refers_to)]


def _taken(offered: Sequence[Crypto], keys: list[Crypto]) -> Crypto:
    """Return the key of one's own that answers an offered one, with its tag, and take it out of `keys`."""
    for theirs in offered:
        for mine in keys:
            # Parameters such as UNENCRYPTED_SRTCP hold for both sides (RFC 4568, section 6.3).
            same = _agreed(theirs) == _agreed(mine)
            if theirs.suite == mine.suite and same:
                keys.remove(mine)
                return attrs.evolve(mine, tag=theirs.tag)
    suites = ", ".join(dict.fromkeys(" ".join((it.suite, *_agreed(it))) for it in offered))
    raise UsageError(f"it needs a key of its own for one of {suites}: say crypto=[sdp.Crypto.generate(...), ...]")


def _agreed(crypto: Crypto) -> tuple[str, ...]:
    return tuple(sorted(word for word in crypto.session_params if word.upper().startswith("UN")))


def _has_ice(section: Media) -> bool:
    return section.ice_ufrag is not None and section.ice_pwd is not None


def _name(session: Session, index: int) -> str:
    return f"{session.media[index].type} {index}"
