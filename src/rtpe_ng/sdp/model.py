"""A session description as it is: its lines, untouched, in sections, with typed views on them."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, TypeVar, final

import attrs

from ..errors import SdpError, UsageError
from .candidate import Candidate
from .codec import RtpCodec, codecs_of
from .fields import DIRECTIONS, Bandwidth, Connection, ExtMap, Group, MediaDirection, Origin, Rtcp, Timing
from .keys import Crypto, Fingerprint
from .lines import MOST_SECTIONS, Section, content, read_each, split_lines, words_of
from .stream import Msid, Ssrc, SsrcGroup, Track, tracks_of

__all__ = ["RTP_PROTOCOLS", "Media", "Session", "as_session", "no_such_section", "parse", "sections"]

RTP_PROTOCOLS = (
    "RTP/AVP",
    "RTP/AVPF",
    "RTP/SAVP",
    "RTP/SAVPF",
    "UDP/TLS/RTP/SAVP",
    "UDP/TLS/RTP/SAVPF",
)
"""The protocols of RTP over UDP (RFC 3551, RFC 4585, RFC 3711, RFC 5124, RFC 5764)."""

# As lenient as the daemon, which reads a number and lets pass what follows it.
_PORT = re.compile(r"\s*([+-]?\d+)(?:/(\d+))?", re.ASCII)
_P = ParamSpec("_P")
_R = TypeVar("_R")


@attrs.frozen(kw_only=True, repr=False)
class Media(Section):
    """A media section (RFC 8866, section 5.14): the ``m=`` line and what follows it.

    Views are computed from the lines when they are asked for. Where RFC 8866 lets the session speak for a
    section that says nothing itself, the view has what the session says. A line that cannot be read as what it
    should be is missing from the view, stays in `lines`, and is named by `problems`. Raises `SdpError` where
    the first line is no ``m=`` line.
    """

    above: Section = attrs.field(default=Section(lines=()), eq=False)
    """The session's own lines, from which the section inherits. `Session` sees to it."""

    def __attrs_post_init__(self) -> None:
        line = content(self.lines[0]) if self.lines else ""
        words = words_of(line) if line.startswith("m=") else []
        port = _PORT.match(words[1]) if len(words) > 1 else None
        if port is None or len(port[1]) > 32 or not 0 <= int(port[1]) <= 65535:
            raise SdpError("m=type port protocol format expected", text=line)

    @functools.cached_property
    def _words(self) -> list[str]:
        return words_of(content(self.lines[0]))

    # What the m= line says.

    @property
    def type(self) -> str:
        """``audio``, ``video``, ``application``, ``image`` and so on."""
        return self._words[0]

    @property
    def port(self) -> int:
        """The port; 0 where the section is rejected, disabled or ``bundle-only``; 9 with trickle ICE."""
        found = _PORT.match(self._words[1])
        return int(found[1]) if found else 0

    @property
    def port_count(self) -> int:
        """How many ports there are, as ``4000/2`` says; 1 as a rule."""
        found = _PORT.match(self._words[1])
        return int(found[2]) if found and found[2] and len(found[2]) < 6 else 1

    @property
    def protocol(self) -> str:
        """Such as ``RTP/AVP`` or ``UDP/TLS/RTP/SAVPF``."""
        words = self._words
        return words[2] if len(words) > 2 else ""

    @property
    def formats(self) -> tuple[str, ...]:
        """The payload types of RTP, or what stands for them in other protocols."""
        return tuple(self._words[3:])

    @property
    def is_rtp(self) -> bool:
        """Whether it is RTP over UDP: one of `RTP_PROTOCOLS`."""
        return self.protocol.upper() in RTP_PROTOCOLS

    @property
    def is_rejected(self) -> bool:
        """Whether it is rejected or disabled: port 0 and not ``bundle-only`` (RFC 3264, section 6; RFC 9143)."""
        return self.port == 0 and not self.has("bundle-only")

    # What the section, or else the session, says.

    def _whose(self, name: str) -> Section:
        return self if self.has(name) else self.above

    def effective(self, name: str) -> tuple[str, ...]:
        """Return the values of such attributes of the section, or the session's where the section has none."""
        return self._whose(name).attributes(name)

    def _first(self, name: str) -> str | None:
        return next(iter(self.effective(name)), None)

    @property
    def connection(self) -> Connection | None:
        """Its ``c=`` line, or the session's (RFC 8866, section 5.7)."""
        return next(iter(read_each(Connection.parse, (self.values("c") or self.above.values("c"))[:1])), None)

    @property
    def bandwidths(self) -> tuple[Bandwidth, ...]:
        """Its own ``b=`` lines (RFC 8866, section 5.8)."""
        return read_each(Bandwidth.parse, self.values("b"))

    @property
    def direction(self) -> MediaDirection:
        """Which way media flows, as the author sees it: the section's word, the session's, or ``sendrecv``."""
        return _direction_in(self) or _direction_in(self.above) or "sendrecv"

    @property
    def mid(self) -> str | None:
        """Its identification: ``a=mid`` (RFC 5888, section 4)."""
        return self.attribute("mid")

    # Codecs.

    @property
    def codecs(self) -> tuple[RtpCodec, ...]:
        """The codecs of an RTP section in the order of preference; static ones need no rtpmap line."""
        return codecs_of(self, self.formats) if self.is_rtp else ()

    @property
    def ptime(self) -> float | None:
        """How much media a packet should hold, in milliseconds (RFC 8866, section 6.4)."""
        return _milliseconds(self.attribute("ptime"))

    @property
    def maxptime(self) -> float | None:
        """How much media a packet may hold, in milliseconds (RFC 8866, section 6.5)."""
        return _milliseconds(self.attribute("maxptime"))

    @property
    def extmaps(self) -> tuple[ExtMap, ...]:
        """The RTP header extensions (RFC 8285, section 5)."""
        return self._whose("extmap").view("extmap", ExtMap.parse)

    # ICE.

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The ICE candidates (RFC 8839, section 5.1)."""
        return self.view("candidate", Candidate.parse)

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
        """Such as ``trickle`` (RFC 8839, section 5.6; RFC 8840, section 4.1)."""
        return tuple(word for value in self.effective("ice-options") for word in value.split())

    @property
    def end_of_candidates(self) -> bool:
        """Whether no more candidates will come (RFC 8840, section 8.2)."""
        return bool(self.effective("end-of-candidates"))

    # RTCP.

    @property
    def rtcp(self) -> Rtcp | None:
        """Where RTCP goes, if it is said (RFC 3605); else it goes to the port above that of RTP."""
        return next(iter(self.view("rtcp", Rtcp.parse)), None)

    @property
    def rtcp_mux(self) -> bool:
        """Whether RTCP may share the port of RTP: ``a=rtcp-mux`` (RFC 5761, section 5.1.1)."""
        return self.has("rtcp-mux")

    # Security.

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """The certificates of DTLS (RFC 8122, section 5)."""
        return self._whose("fingerprint").view("fingerprint", Fingerprint.parse)

    @property
    def setup(self) -> str | None:
        """Who opens DTLS: ``actpass``, ``active``, ``passive`` or ``holdconn`` (RFC 5763, section 5)."""
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
        """What is said about RTP sources (RFC 5576, section 4.1)."""
        return self.view("ssrc", Ssrc.parse)

    @property
    def ssrc_groups(self) -> tuple[SsrcGroup, ...]:
        """The groups of RTP sources (RFC 5576, section 4.2)."""
        return self.view("ssrc-group", SsrcGroup.parse)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The media stream tracks: which msid and which ssrc belong together (RFC 8830, RFC 5576)."""
        return tracks_of(self.msids, self.ssrcs)

    def __repr__(self) -> str:
        ice = f", ICE with {len(self.candidates)} candidates" if self.ice_ufrag is not None else ""
        names = " ".join(list(dict.fromkeys(map(str, self.codecs)))[:6])
        return f"<Media {self.type} {self.port} {self.protocol} {self.direction}{ice}{names and f': {names}'}>"


def _direction_in(section: Section) -> MediaDirection | None:
    return next(filter(section.has, DIRECTIONS), None)


def _milliseconds(value: str | None) -> float | None:
    try:
        found = float(value or "x")
    except ValueError:
        return None
    return found if 0 < found < 1_000_000 else None


@final
@attrs.frozen(kw_only=True, repr=False)
class Session(Section):
    """A session description: the lines above the first ``m=``, and the media sections. `str` gives it back."""

    media: tuple[Media, ...] = ()
    """The media sections. Their place is their identity in offer and answer (RFC 3264, section 6)."""
    trailer: str = ""
    """What came from the first empty line on, which is no part of the description."""

    def __attrs_post_init__(self) -> None:
        # Each section sees the session's lines as they are here, wherever it was taken from.
        if any(media.above.lines is not self.lines for media in self.media):
            above = Section(lines=self.lines)
            object.__setattr__(self, "media", tuple(attrs.evolve(media, above=above) for media in self.media))

    @property
    def origin(self) -> Origin | None:
        """Who made it: the ``o=`` line."""
        return next(iter(read_each(Origin.parse, self.values("o"))), None)

    @property
    def name(self) -> str:
        """Its name: the ``s=`` line (RFC 8866, section 5.3)."""
        return next(iter(self.values("s")), "")

    @property
    def connection(self) -> Connection | None:
        """The ``c=`` line of the session, for sections that have none."""
        return next(iter(read_each(Connection.parse, self.values("c"))), None)

    @property
    def timings(self) -> tuple[Timing, ...]:
        """The ``t=`` lines."""
        return read_each(Timing.parse, self.values("t"))

    @property
    def bandwidths(self) -> tuple[Bandwidth, ...]:
        """The ``b=`` lines of the session."""
        return read_each(Bandwidth.parse, self.values("b"))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of sections (RFC 5888)."""
        return self.view("group", Group.parse)

    @property
    def bundle(self) -> tuple[str, ...]:
        """The mids of the first BUNDLE group (RFC 9143); empty where there is none."""
        return next((group.mids for group in self.groups if group.semantics == "BUNDLE"), ())

    @property
    def ice_lite(self) -> bool:
        """Whether the author is an ICE-lite agent (RFC 8839, section 5.3)."""
        return self.has("ice-lite")

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The media stream tracks of all sections."""
        return tuple(track for media in self.media for track in media.tracks)

    def pipe(self, helper: Callable[Concatenate[Session, _P], _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Return ``helper(self, *args, **kwargs)``, so that helpers read in the order in which they act.

        ``session.pipe(sdp.remove_ice).pipe(sdp.set_rtcp_mux, "demux")``. Raises what the helper raises.
        """
        return helper(self, *args, **kwargs)

    def __str__(self) -> str:
        lines = list(self.lines)
        for media in self.media:
            lines += media.lines
        lines.append(self.trailer)
        return "".join(lines)

    def __bytes__(self) -> bytes:
        return str(self).encode("utf-8", "surrogateescape")

    def __repr__(self) -> str:
        sections = ", ".join(f"{media.type} {media.protocol}" for media in self.media)
        return f"<Session {len(bytes(self))} bytes: {sections or 'no media'}>"


def parse(body: str | bytes) -> Session:
    """Read a session description (RFC 8866, section 5) without losing a byte: ``str(parse(text)) == text``.

    Bytes are read as UTF-8, with surrogateescape for what is none. Lines end at LF; a CR before it is kept.
    From the first empty line on, everything is kept in `trailer`, unread. Raises `SdpError`, with the number
    and the text of the line, where the first one is not ``v=0``, a line is not ``type=value`` with a type of
    RFC 8866, or an ``m=``, ``o=`` or ``c=`` line lacks a part. Other lines may be malformed: then a view lacks
    them, and `problems` names them.
    """
    lines, trailer = split_lines(body)
    if not lines:
        raise SdpError("a session description begins with v=0, and this one is empty", line=1)
    if content(lines[0]).rstrip(" \t") != "v=0":
        raise SdpError("a session description begins with v=0", line=1, text=content(lines[0]))
    for number, line in enumerate(lines, start=1):
        if read := _READ_AT_ONCE.get(line[0]):
            try:
                read(content(line)[2:])
            except SdpError as error:
                raise SdpError(str(error), line=number, text=content(line)) from None
    session_lines, media = sections(lines)
    return Session(lines=session_lines, media=media, trailer=trailer)


_READ_AT_ONCE: Mapping[str, Callable[[str], object]] = {"o": Origin.parse, "c": Connection.parse}
"""The lines without which a description has no sense, besides ``v=`` and ``m=``; the daemon insists on them too."""


def as_session(body: str | bytes | Session) -> Session:
    """Return `body` itself, or what its text says. Raises `SdpError` as `parse` does."""
    return body if isinstance(body, Session) else parse(body)


def no_such_section(session: Session, media: int) -> UsageError:
    """Return the error for a section that the session does not have."""
    have = f"{len(session.media)}, counted from 0" if session.media else "none"
    return UsageError(f"there is no media section {media}; the body has {have}")


def sections(lines: list[str]) -> tuple[tuple[str, ...], tuple[Media, ...]]:
    """Return the lines above the first ``m=`` line, and the media sections. Raises `SdpError` as `parse` does."""
    starts = [index for index, line in enumerate(lines) if line.startswith("m=")]
    if len(starts) > MOST_SECTIONS:
        raise SdpError(
            f"{len(starts)} media sections; at most {MOST_SECTIONS} are read", line=starts[MOST_SECTIONS] + 1
        )
    above = Section(lines=tuple(lines[: starts[0]] if starts else lines))
    media = []
    for start, end in itertools.pairwise([*starts, len(lines)]):
        try:
            media.append(Media(lines=tuple(lines[start:end]), above=above))
        except SdpError as error:
            raise SdpError("m=type port protocol format expected", line=start + 1, text=error.text) from None
    return above.lines, tuple(media)
