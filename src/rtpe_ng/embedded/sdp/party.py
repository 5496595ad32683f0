"""`EngineParty` and `PartyMedia`: what an engine remembers of a party of a call, and of each of its sections."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from ...sdp import Crypto, Media, Session
from ..codecs.negotiate import SideCodecs
from .transport import MediaTransport

__all__ = [
    "Association",
    "Endpoint",
    "EngineParty",
    "Extension",
    "PartyMedia",
    "PortMap",
    "SdesKey",
    "SessionOrigin",
]

_DIRECTIONS = {
    (True, True): "sendrecv",
    (True, False): "sendonly",
    (False, True): "recvonly",
    (False, False): "inactive",
}

Endpoint: TypeAlias = tuple[str, int]
"""An address and a port."""


@attrs.frozen(kw_only=True)
class SdesKey:
    """An SDES key of the engine's own."""

    tag: int
    suite: str
    key: str = attrs.field(repr=False)
    session_params: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Extension:
    """An RTP header extension (RFC 8285)."""

    identifier: int
    name: str
    is_made: bool = False
    """The engine added it: the other side does not know it."""
    ends_here: bool = False
    """It is between the party and the engine, whatever the other side says."""

    def __str__(self) -> str:
        return f"{self.identifier} {self.name}"


@attrs.frozen(kw_only=True)
class SessionOrigin:
    """What the ``o=`` line toward a party says (RFC 8866, section 5.2)."""

    username: str
    session_id: str
    version: int
    family: str
    """``IP4`` or ``IP6``; empty, like the address, where the body had no such line."""
    address: str


@attrs.define(kw_only=True, eq=False)
class Association:
    """A DTLS association between the engine and a party."""

    name: str = ""
    """Its ``tls-id`` (RFC 8842); empty while there is none."""
    is_active: bool = False
    """Whether the engine is the client in it."""


@attrs.define(kw_only=True, eq=False)
class PortMap:
    """A port of the engine, and whose media comes to it."""

    interface: str
    """The logical interface that it is on."""
    port: int
    """The port, of RTP."""
    count: int
    """For how many ports it was made: 2 where RTCP has its own."""
    has_rtcp: bool
    """Whether RTCP still has its own."""
    endpoint: Endpoint | None
    """The address and port of who is at the other side; None while nobody has said."""
    association: Association = attrs.field(factory=Association)
    """What DTLS makes on it without ICE."""
    is_held: bool = False
    """Whether its port for RTCP is not closed any more: a section that shared it was rejected."""


@attrs.define(kw_only=True, eq=False)
class PartyMedia:
    """A section of a party: what the party said of it, and what the engine says of it to the party."""

    index: int
    type: str = ""
    """``audio`` and the like; empty where nobody ever spoke of it, but of one behind it."""
    transport: MediaTransport = MediaTransport()
    """The protocol that is spoken with the party."""
    formats: tuple[str, ...] = ()
    codecs: SideCodecs = attrs.field(factory=SideCodecs)
    twin: str = ""
    """Where the party had the same section without keys: ``before`` this one, ``after`` it, or nowhere."""
    mid: str | None = None
    label: str = ""
    sends: bool = True
    """Whether the engine sends to the party."""
    receives: bool = True
    """Whether the engine receives from the party."""
    ptime: int = 0
    """In milliseconds; 0 where nobody said."""
    ptime_fixed: bool = False
    maxptime: int = 0
    """In milliseconds; 0 where nobody said."""
    extensions: tuple[Extension, ...] = ()
    """Those that the party said or was told last."""
    allows_mixed: bool = True
    """Whether the party may be told that extensions of both lengths may be mixed (RFC 8285, section 6)."""
    source: Media | None = None
    """The section as the party sent it last."""

    advertised: tuple[Endpoint, ...] = ()
    """Where the party wants to get RTP and RTCP; empty while it takes nothing."""
    endpoints: tuple[Endpoint, ...] = ()
    """Where the engine would send them to."""
    is_zero: bool = False
    """Whether the party says that this is nowhere."""
    interface: str = ""
    """The logical interface toward the party: that of the port."""
    family: str = ""
    """That of the addresses for the party: ``IP4`` or ``IP6``; empty while nobody said."""
    wanted_interface: str = ""
    """The logical interface for its next port."""
    port: int = 0
    """The engine's own port toward the party; 0 while there is none."""
    maps: list[PortMap] = attrs.field(factory=list)
    """The ports that it ever had; they stay its own until the call ends."""

    bundle: PartyMedia | None = None
    """The head of the bundle that it is in (RFC 9143), be it itself; None where it is in none."""
    bundle_only: bool = False
    """Whether it has no port of its own while it is in a bundle."""
    shares_port: bool = False
    """Whether it has the port of another since the message before."""
    is_shared: bool = False
    """Whether others have its port since the message before."""
    telling_formats: set[int] = attrs.field(factory=set)
    """Of the head of a bundle: the payload types that only one section of the bundle has."""

    has_streams: bool = False
    """Whether it ever was more than rejected."""
    mux_of_streams: bool = False
    """What `mux` was then."""
    ice_of_streams: bool = False
    """What `ice` was then."""
    gives_feedback: bool = False
    """Whether the party says how it gives feedback (RFC 4585), be it of a section that it rejects by now."""
    initialized: bool = False
    """Whether the party has spoken."""
    mux: bool = False
    mux_decided: bool = False
    """The answer does not decide about mux."""
    ice: bool = False
    ice_lite: bool = False
    """Whether the engine is ICE-lite toward the party."""
    party_lite: bool = False
    controlling: bool = False
    """Whether the engine has the controlling role of ICE toward the party, be there ICE or not."""
    trickle: bool = False
    end_of_candidates: bool = False
    passthrough: bool = False
    """ICE finds its path past the engine, maybe: what it says of media is left as it is."""
    ufrag: str = ""
    """The engine's own; empty while it has no ICE agent for the party."""
    pwd: str = attrs.field(default="", repr=False)
    party_ufrag: str = ""

    dtls: bool = False
    sdes: bool = False
    roles: frozenset[str] = frozenset()
    """The DTLS roles that the engine may take toward the party."""
    fingerprint: tuple[str, str] = ("", "")
    """The party's hash function and fingerprint."""
    hash_function: str = ""
    """That of the engine's own fingerprint toward the party."""
    party_tls_id: str = ""
    ice_association: Association = attrs.field(factory=Association)
    """What DTLS makes with ICE, on whatever port."""
    sdes_in: tuple[Crypto, ...] = ()
    sdes_out: tuple[SdesKey, ...] = ()

    @property
    def carrier(self) -> PartyMedia:
        """The section whose port, ICE and DTLS it uses: the head of its bundle, or itself."""
        return self.bundle if self.bundle is not None and self.bundle_only else self

    @property
    def direction(self) -> str:
        """The direction as the engine tells it to the party: ``sendrecv``, ``sendonly`` ..."""
        return _DIRECTIONS[self.sends, self.receives]

    @property
    def current(self) -> PortMap | None:
        """What is known of the port that it has now."""
        return next((it for it in self.maps if self.port and it.port == self.port), None)

    @property
    def rtcp_port(self) -> int:
        """The engine's own port for RTCP toward the party; 0 where there is none."""
        return self.port + 1 if self.current is not None and self.current.has_rtcp else 0

    @property
    def association(self) -> Association:
        """The DTLS association that is used: with ICE it is not bound to a port."""
        return self.ice_association if self.ice or self.current is None else self.current.association


@attrs.define(kw_only=True, eq=False)
class EngineParty:
    """A party of a call: who has this tag, on this branch."""

    tag: str = ""
    via_branch: str | None = None
    label: str | None = None
    interface: str = ""
    """The logical interface that was chosen last."""
    medias: list[PartyMedia] = attrs.field(factory=list)
    bundles: bool = False
    """Whether the bundles of its sections are minded."""
    by_mid: dict[str, PartyMedia] = attrs.field(factory=dict)
    """The sections by their ``a=mid``."""
    session: Session | None = None
    """What the party sent last."""
    first_session: Session | None = None
    """What the party sent first."""
    origin: SessionOrigin | None = None
    """The origin of the session toward the party."""
    name: str | None = None
    """The session name toward the party, where it is to stay."""
    last_sent: str = ""
    """The last body that was sent to the party, where its version is the engine's own."""

    def media(self, index: int) -> PartyMedia:
        """Return the section with this index, made where it is missing."""
        while len(self.medias) <= index:
            self.medias.append(PartyMedia(index=len(self.medias)))
        return self.medias[index]

    def found(self, media: Media, index: int, *, by_mid: bool) -> PartyMedia:
        """Return the section that one of a body is about: that of its ``a=mid``, else that at `index`."""
        named = self.by_mid.get(media.mid) if by_mid and media.mid is not None else None
        return named if named is not None and named.type == media.type else self.media(index)

    def paired(self, other: PartyMedia) -> PartyMedia | None:
        """Return the section that a section of the other party was about before; None where they do not fit."""
        mine = self.medias[other.index] if other.index < len(self.medias) else None
        if mine is None or mine.type != other.type or (mine.mid and other.mid and mine.mid != other.mid):
            return None
        return mine

    def name_section(self, media: PartyMedia, mid: str | None) -> None:
        """Take note of the identification of a section, where it has one."""
        if mid is None:
            return
        if media.mid not in (None, mid):
            self.by_mid.pop(media.mid, None)
        media.mid = mid
        self.by_mid[mid] = media
