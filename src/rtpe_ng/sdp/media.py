"""`Media`: a media section, with a typed view for everything that the library asks of it.

A view is a property that reads the section's lines when it is asked for, so there is no second copy that could
differ from the text. RFC 8866 lets the session speak for all its sections. A view therefore looks at the section
first, and then at the session's lines, `Media.above`, if the attribute is one that sections inherit. A malformed
line is left out of the view instead of failing the whole body: peers send them, and the daemon accepts them.
"""

import functools
import re

import attrs

from ..errors import SdpError
from .candidate import Candidate
from .codec import RtpCodec, codecs_of
from .keys import Crypto, Fingerprint
from .lines import Section, content, read_each, words_of
from .tracks import Msid, Ssrc, SsrcGroup, Track, tracks_of
from .values import DIRECTIONS, Bandwidth, Connection, ExtMap, MediaDirection, Rtcp

__all__ = ["Media"]

RTP_PROTOCOLS = (
    "RTP/AVP",
    "RTP/AVPF",
    "RTP/SAVP",
    "RTP/SAVPF",
    "UDP/TLS/RTP/SAVP",
    "UDP/TLS/RTP/SAVPF",
)
"""The protocols of RTP over UDP (RFC 3551, RFC 4585, RFC 3711, RFC 5124, RFC 5764)."""

# As lenient as the daemon, which reads a number and ignores what follows it.
_PORT = re.compile(r"\s*([+-]?\d+)(?:/(\d+))?", re.ASCII)


@attrs.frozen(kw_only=True, repr=False)
class Media(Section):
    """A media section (RFC 8866, section 5.14): the ``m=`` line and the lines that follow it.

    Views are computed from the lines when you ask for them. If a section lacks an attribute that it may inherit
    from the session, the view has the session's. A malformed line is missing from its view; it stays in `lines`,
    and `problems` reports it. Raises `SdpError` if the first line is no ``m=`` line.
    """

    above: Section = attrs.field(default=Section(lines=()), eq=False)
    """The session's own lines, from which the section inherits. `Session` sets it."""

    def __attrs_post_init__(self) -> None:
        line = content(self.lines[0]) if self.lines else ""
        words = words_of(line) if line.startswith("m=") else []
        port = _PORT.match(words[1]) if len(words) > 1 else None
        # The length is bounded, because converting a very long number takes quadratic time.
        if port is None or len(port[1]) > 32 or not 0 <= int(port[1]) <= 65535:
            raise SdpError("m=type port protocol format expected", text=line)

    @functools.cached_property
    def _words(self) -> list[str]:
        return words_of(content(self.lines[0]))

    # The m= line.

    @property
    def type(self) -> str:
        """The media type: ``audio``, ``video``, ``application``, ``image`` and so on."""
        return self._words[0]

    @property
    def port(self) -> int:
        """The port; 0 if the section is rejected, disabled or ``bundle-only``; 9 with trickle ICE."""
        match = _PORT.match(self._words[1])
        return int(match[1]) if match else 0

    @property
    def port_count(self) -> int:
        """The number of ports, such as 2 for ``4000/2``; usually 1."""
        match = _PORT.match(self._words[1])
        return int(match[2]) if match and match[2] and len(match[2]) < 6 else 1

    @property
    def protocol(self) -> str:
        """The transport protocol, such as ``RTP/AVP`` or ``UDP/TLS/RTP/SAVPF``."""
        words = self._words
        return words[2] if len(words) > 2 else ""

    @property
    def formats(self) -> tuple[str, ...]:
        """The payload types of RTP, or the formats of another protocol."""
        return tuple(self._words[3:])

    @property
    def is_rtp(self) -> bool:
        """Whether the protocol is RTP over UDP: one of `RTP_PROTOCOLS`."""
        return self.protocol.upper() in RTP_PROTOCOLS

    @property
    def is_rejected(self) -> bool:
        """Whether it is rejected or disabled: port 0 and not ``bundle-only`` (RFC 3264, section 6; RFC 9143)."""
        return self.port == 0 and not self.has("bundle-only")

    # Attributes of the section, or else of the session.

    def _owner(self, name: str) -> Section:
        return self if self.has(name) else self.above

    def effective(self, name: str) -> tuple[str, ...]:
        """Return the values of the section's ``a=name`` lines, or the session's if the section has none."""
        return self._owner(name).attributes(name)

    def _first(self, name: str) -> str | None:
        return next(iter(self.effective(name)), None)

    @property
    def connection(self) -> Connection | None:
        """Its ``c=`` line, or the session's (RFC 8866, section 5.7)."""
        # The first line counts, even if it is malformed: a later one must not take its place.
        return next(iter(read_each(Connection.parse, (self.values("c") or self.above.values("c"))[:1])), None)

    @property
    def bandwidths(self) -> tuple[Bandwidth, ...]:
        """Its own ``b=`` lines (RFC 8866, section 5.8)."""
        return read_each(Bandwidth.parse, self.values("b"))

    @property
    def direction(self) -> MediaDirection:
        """Which way media flows, as seen by the author; ``sendrecv`` if neither section nor session says."""
        return _direction_in(self) or _direction_in(self.above) or "sendrecv"

    @property
    def mid(self) -> str | None:
        """The name by which groups refer to the section: ``a=mid`` (RFC 5888, section 4)."""
        return self.attribute("mid")

    # Codecs.

    @property
    def codecs(self) -> tuple[RtpCodec, ...]:
        """The codecs of an RTP section in the order of preference; empty for other protocols."""
        # Kept among the views, under a name that no attribute has.
        if "m=" not in self._views:
            self._views["m="] = codecs_of(self, self.formats) if self.is_rtp else ()
        return self._views["m="]

    @property
    def ptime(self) -> float | None:
        """The recommended length of media in a packet, in milliseconds (RFC 8866, section 6.4)."""
        return _milliseconds(self.attribute("ptime"))

    @property
    def maxptime(self) -> float | None:
        """The greatest length of media in a packet, in milliseconds (RFC 8866, section 6.5)."""
        return _milliseconds(self.attribute("maxptime"))

    @property
    def extmaps(self) -> tuple[ExtMap, ...]:
        """The RTP header extensions (RFC 8285, section 5)."""
        return self._owner("extmap").view("extmap", ExtMap.parse)

    # ICE.

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The ICE candidates (RFC 8839, section 5.1), and those that only browsers take (see `Candidate.read`)."""
        return self.view("candidate", Candidate.read)

    @property
    def ice_ufrag(self) -> str | None:
        """The ICE user name fragment (RFC 8839, section 5.4)."""
        return self._first("ice-ufrag")

    @property
    def ice_pwd(self) -> str | None:
        """The ICE password (RFC 8839, section 5.4). Do not log it."""
        return self._first("ice-pwd")

    @property
    def ice_options(self) -> tuple[str, ...]:
        """The ICE options, such as ``trickle`` (RFC 8839, section 5.6; RFC 8840, section 4.1)."""
        return tuple(word for value in self.effective("ice-options") for word in value.split())

    @property
    def end_of_candidates(self) -> bool:
        """Whether no more candidates will come (RFC 8840, section 8.2)."""
        return bool(self.effective("end-of-candidates"))

    # RTCP.

    @property
    def rtcp(self) -> Rtcp | None:
        """The port for RTCP (RFC 3605); if it is None, RTCP uses the port above that of RTP."""
        return next(iter(self.view("rtcp", Rtcp.parse)), None)

    @property
    def rtcp_mux(self) -> bool:
        """Whether RTCP may share the port of RTP: ``a=rtcp-mux`` (RFC 5761, section 5.1.1)."""
        return self.has("rtcp-mux")

    # Security.

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """The hashes of the DTLS certificates (RFC 8122, section 5)."""
        return self._owner("fingerprint").view("fingerprint", Fingerprint.parse)

    @property
    def setup(self) -> str | None:
        """The DTLS role: ``actpass``, ``active``, ``passive`` or ``holdconn`` (RFC 5763, section 5)."""
        return self._first("setup")

    @property
    def tls_id(self) -> str | None:
        """The identity of the DTLS association (RFC 8842, section 4)."""
        return self._first("tls-id")

    @property
    def cryptos(self) -> tuple[Crypto, ...]:
        """The SDES keys that are offered or chosen (RFC 4568)."""
        return self.view("crypto", Crypto.parse)

    # Media streams.

    @property
    def msids(self) -> tuple[Msid, ...]:
        """The media streams and tracks (RFC 8830)."""
        return self.view("msid", Msid.parse)

    @property
    def ssrcs(self) -> tuple[Ssrc, ...]:
        """The attributes of RTP sources (RFC 5576, section 4.1)."""
        return self.view("ssrc", Ssrc.parse)

    @property
    def ssrc_groups(self) -> tuple[SsrcGroup, ...]:
        """The groups of RTP sources (RFC 5576, section 4.2)."""
        return self.view("ssrc-group", SsrcGroup.parse)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The media stream tracks, with the RTP sources of each (RFC 8830, RFC 5576)."""
        return tracks_of(self.msids, self.ssrcs)

    def __repr__(self) -> str:
        ice = f", ICE with {len(self.candidates)} candidates" if self.ice_ufrag is not None else ""
        names = " ".join(list(dict.fromkeys(map(str, self.codecs)))[:6])
        return f"<Media {self.type} {self.port} {self.protocol} {self.direction}{ice}{names and f': {names}'}>"


def _direction_in(section: Section) -> MediaDirection | None:
    return next(filter(section.has, DIRECTIONS), None)


def _milliseconds(value: str | None) -> float | None:
    try:
        number = float(value or "x")
    except ValueError:
        return None
    return number if 0 < number < 1_000_000 else None
