"""`EngineParty` and `PartyMedia`: what the engine remembers of a party and of each of its media sections.

A `PartyMedia` holds both halves of an agreement: what the party said last, and what the engine tells it. Fields
that begin with ``party_`` and the fields of addresses (``advertised``, ``endpoints``) are the party's; ports,
roles, the ICE name and ``sdes_out`` are the engine's. They change in three places only: in `negotiate` with the
modules that it calls, in offers and answers of the engine's own (`creation`, `subscription`), and in `plan`.
"""

from __future__ import annotations

from typing import TypeAlias

import attrs

from ...sdp import Crypto, Media, Session
from ..codecs.negotiate import SideCodecs
from .transport import MediaTransport

__all__ = [
    "NOWHERE",
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
NOWHERE = {"IP4": "0.0.0.0", "IP6": "::"}  # noqa: S104
"""The addresses that stand for nowhere, by their families."""


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
    """Its URI."""
    is_made: bool = False
    """The engine added it; the other side does not know it."""
    ends_here: bool = False
    """It is used between the party and the engine, whatever the other side says."""

    def __str__(self) -> str:
        return f"{self.identifier} {self.name}"


@attrs.frozen(kw_only=True)
class SessionOrigin:
    """What the ``o=`` line toward a party says (RFC 8866, section 5.2)."""

    username: str
    session_id: str
    version: int
    family: str
    """``IP4`` or ``IP6``; empty, like the address, if the body had no such line."""
    address: str


@attrs.define(kw_only=True, eq=False)
class Association:
    """A DTLS association between the engine and a party."""

    name: str = ""
    """Its ``tls-id`` (RFC 8842); empty if there is no association."""
    is_active: bool = False
    """Whether the engine is the client in it."""


@attrs.define(kw_only=True, eq=False)
class PortMap:
    """A port of the engine, and the endpoint that it serves."""

    interface: str
    """Its logical interface."""
    port: int
    """The port for RTP."""
    count: int
    """How many ports were opened: 2 if RTCP got one of its own."""
    has_rtcp: bool
    """Whether RTCP still has a port of its own."""
    endpoint: Endpoint | None
    """The address and port of the other side; None while they are unknown."""
    others: tuple[tuple[str, int], ...] = ()
    """With ICE: the other addresses of the logical interface, by their keys, each with its port for RTP."""
    association: Association = attrs.field(factory=Association)
    """The DTLS association on this port, without ICE."""
    is_held: bool = False
    """Whether its port for RTCP stays open for good: a section that shared it was rejected."""


@attrs.define(kw_only=True, eq=False)
class PartyMedia:
    """A media section of a party: what the party said about it, and what the engine tells the party."""

    index: int
    """Its place among the party's sections, counted from 0."""
    type: str = ""
    """``audio`` and the like; empty if no body had this section, but only a later one."""
    transport: MediaTransport = MediaTransport()
    """The protocol toward the party."""
    formats: tuple[str, ...] = ()
    """The formats in the ``m=`` line, as they came."""
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
    """In milliseconds; 0 if it is unknown."""
    ptime_fixed: bool = False
    """The options set the packet time, so that the party's own does not count."""
    maxptime: int = 0
    """In milliseconds; 0 if it is unknown."""
    extensions: tuple[Extension, ...] = ()
    """The extensions that the party said or was told last."""
    allows_mixed: bool = True
    """Whether the party may be told that extensions of both lengths may be mixed (RFC 8285, section 6)."""
    source: Media | None = None
    """The section as the party sent it last."""

    advertised: tuple[Endpoint, ...] = ()
    """Where the party takes RTP and RTCP; empty if it takes nothing."""
    endpoints: tuple[Endpoint, ...] = ()
    """Where the engine would send RTP and RTCP."""
    is_zero: bool = False
    """Whether the party is told the address that stands for nowhere."""
    interface: str = ""
    """The logical interface of the port toward the party."""
    family: str = ""
    """The address family toward the party, ``IP4`` or ``IP6``; empty while it is unknown."""
    wanted_interface: str = ""
    """The logical interface for its next port."""
    port: int = 0
    """The engine's port toward the party; 0 if there is none."""
    maps: list[PortMap] = attrs.field(factory=list)
    """All ports that the section ever had; it keeps them until the call ends."""

    bundle: PartyMedia | None = None
    """The head of its BUNDLE group (RFC 9143), possibly the section itself; None if it is in no group."""
    bundle_only: bool = False
    """Whether it has no port of its own while it is in a bundle."""
    shares_port: bool = False
    """Whether it has used the port of another section since the last message."""
    is_shared: bool = False
    """Whether others have used its port since the last message."""
    unique_formats: set[int] = attrs.field(factory=set)
    """In the head of a bundle: the payload types that only one section of the bundle has."""

    has_streams: bool = False
    """Whether it was ever accepted."""
    mux_of_streams: bool = False
    """The value of `mux` when it was accepted last."""
    ice_of_streams: bool = False
    """The value of `ice` when it was accepted last."""
    gives_feedback: bool = False
    """Whether the party declares feedback (RFC 4585); a later rejection does not change that."""
    initialized: bool = False
    """Whether the party has sent this section."""
    mux: bool = False
    """Whether RTP and RTCP share a port toward the party (RFC 5761)."""
    mux_decided: bool = False
    """The offer has decided about mux; the answer does not change it."""
    ice: bool = False
    ice_lite: bool = False
    """Whether the engine is ICE-lite toward the party."""
    party_lite: bool = False
    """Whether the party is ICE-lite."""
    controlling: bool = False
    """Whether the engine has the controlling role of ICE toward the party; it is kept even without ICE."""
    trickle: bool = False
    end_of_candidates: bool = False
    """Whether the party will send no more candidates."""
    passthrough: bool = False
    """Media may bypass the engine, so the party's own ICE lines are passed on."""
    ufrag: str = ""
    """The engine's ICE name; empty while it has no ICE agent for the party."""
    pwd: str = attrs.field(default="", repr=False)
    party_ufrag: str = ""

    dtls: bool = False
    sdes: bool = False
    roles: frozenset[str] = frozenset()
    """The DTLS roles that the engine may take toward the party."""
    fingerprint: tuple[str, str] = ("", "")
    """The party's hash function and fingerprint."""
    hash_function: str = ""
    """The hash function of the engine's fingerprint toward the party."""
    party_tls_id: str = ""
    ice_association: Association = attrs.field(factory=Association)
    """The DTLS association with ICE, which is bound to no port."""
    sdes_in: tuple[Crypto, ...] = ()
    """The party's SDES keys."""
    sdes_out: tuple[SdesKey, ...] = ()
    """The engine's SDES keys."""

    def stand_in(self, index: int) -> PartyMedia:
        """Return a copy that takes this section's place in an exchange of which its party is not told.

        The copy has no port and no identification yet, and a list of codecs of its own.
        """
        used = None if self.codecs.used is None else self.codecs.used.copy()
        return attrs.evolve(self, index=index, mid=None, maps=[], port=0, codecs=SideCodecs(used=used))

    @property
    def carrier(self) -> PartyMedia:
        """The section whose port, ICE agent and DTLS association it uses: the head of its bundle, or itself."""
        return self.bundle if self.bundle is not None and self.bundle_only else self

    @property
    def direction(self) -> str:
        """The direction as the engine tells it to the party: ``sendrecv``, ``sendonly`` ..."""
        return _DIRECTIONS[self.sends, self.receives]

    @property
    def current(self) -> PortMap | None:
        """The port that it has now, if any."""
        return next((ports for ports in self.maps if self.port and ports.port == self.port), None)

    @property
    def rtcp_port(self) -> int:
        """The engine's own port for RTCP toward the party; 0 if there is none."""
        return self.port + 1 if self.current is not None and self.current.has_rtcp else 0

    @property
    def association(self) -> Association:
        """The DTLS association in use; with ICE it is not bound to a port."""
        return self.ice_association if self.ice or self.current is None else self.current.association


@attrs.define(kw_only=True, eq=False)
class EngineParty:
    """A party of a call: the one with this tag, on this branch."""

    tag: str = ""
    via_branch: str | None = None
    label: str | None = None
    interface: str = ""
    """The logical interface that was chosen last."""
    medias: list[PartyMedia] = attrs.field(factory=list)
    bundles: bool = False
    """Whether BUNDLE groups among its sections count."""
    by_mid: dict[str, PartyMedia] = attrs.field(factory=dict)
    """The sections by their ``a=mid``."""
    session: Session | None = None
    """The last body that the party sent."""
    first_session: Session | None = None
    """The first body that the party sent."""
    origin: SessionOrigin | None = None
    """The origin of the session toward the party."""
    name: str | None = None
    """The session name to keep for the party; None before there is one."""
    last_sent: str = ""
    """The last body that was sent to the party, if the engine counts the versions itself."""

    def media(self, index: int) -> PartyMedia:
        """Return the section with this index; it is made if it is missing."""
        while len(self.medias) <= index:
            self.medias.append(PartyMedia(index=len(self.medias)))
        return self.medias[index]

    def section_of(self, media: Media, index: int, *, by_mid: bool) -> PartyMedia:
        """Return the section that a body's section is about: the one with its ``a=mid``, or the one at `index`."""
        named = self.by_mid.get(media.mid) if by_mid and media.mid is not None else None
        return named if named is not None and named.type == media.type else self.media(index)

    def counterpart(self, other: PartyMedia) -> PartyMedia | None:
        """Return the section that goes with a section of the other party; None if their types or names differ."""
        own = self.medias[other.index] if other.index < len(self.medias) else None
        if own is None or own.type != other.type or (own.mid and other.mid and own.mid != other.mid):
            return None
        return own

    def name_section(self, media: PartyMedia, mid: str | None) -> None:
        """Give a section its ``a=mid``, if there is one."""
        if mid is None:
            return
        if media.mid not in (None, mid):
            self.by_mid.pop(media.mid, None)
        media.mid = mid
        self.by_mid[mid] = media
