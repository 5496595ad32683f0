"""Profiles: the flag sets for the four directions, as functions of the legs.

A flag set depends on three things: whether the message is an offer or an answer, the leg that it comes from,
and the leg that it goes to. Where the leg it comes from does not matter, a profile says so by naming only the
leg it goes to.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from ..errors import UsageError
from ..legs import Direction, Leg
from .flags import Flags
from .vocabulary import TransportProtocol

__all__ = ["ARTICLE", "MODERN", "Profile"]


def _sets(value: Any) -> Mapping[Leg | Direction, Flags]:
    if not isinstance(value, Mapping):
        raise UsageError(f"a dictionary of Leg or Direction to Flags expected, not {type(value).__name__}")
    return MappingProxyType(dict(value))


def _check(name: str, sets: Mapping[Any, Any]) -> None:
    for key, flags in sets.items():
        if not isinstance(key, Leg | Direction) or not isinstance(flags, Flags):
            raise UsageError(f"{name}: {key!r}: {flags!r} is no pair of a Leg or Direction and Flags")


def _complete(_: object, attribute: attrs.Attribute[Any], sets: Mapping[Leg | Direction, Flags]) -> None:
    _check(attribute.name, sets)
    for path in Direction:
        if path not in sets and path.callee not in sets:
            raise UsageError(
                f"{attribute.name}: nothing for {path!r}; give it, or {path.callee!r} for all that go there"
            )


def _yes_or_no(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise UsageError(f"{attribute.name}={value!r}: True or False expected")


@attrs.frozen(kw_only=True, repr=False)
class Profile:
    """Which flags an offer and an answer get, by the leg they come from and the leg they go to.

    `offers` and `answers` map a `Leg` ("whatever goes there") or a `Direction` ("from this leg to that one",
    which wins) to `Flags`. The direction meant is the message's own: an answer in a WEB_TO_SIP call travels
    SIP_TO_WEB. Raises `UsageError` where one of the four has no flags.
    """

    name: str
    offers: Mapping[Leg | Direction, Flags] = attrs.field(converter=_sets, validator=_complete, hash=False)
    answers: Mapping[Leg | Direction, Flags] = attrs.field(converter=_sets, validator=_complete, hash=False)
    clean_for_sip: bool = attrs.field(default=True, validator=_yes_or_no)
    """Whether a browser's leftovers go from what is sent on to a SIP leg: `rtpe_ng.sdp.clean_for_sip`."""
    keep_dtls: bool = attrs.field(default=True, validator=_yes_or_no)
    """Whether each body of a WEB leg tells the daemon, by a constant ``a=tls-id`` (RFC 8842, section 4), that its
    DTLS association goes on. Without it an ICE restart ends the media on 12.5 and 26.0."""

    def offer_flags(self, direction: Direction) -> Flags:
        """Return the flags of an offer that travels in this `direction`: from its `caller` to its `callee`."""
        return _find(self.offers, direction)

    def answer_flags(self, direction: Direction) -> Flags:
        """Return the flags of the answer to an offer of this `direction`: it travels the other way."""
        return _find(self.answers, direction.reversed)

    def evolve(
        self,
        *,
        name: str | None = None,
        sip_transport: TransportProtocol | None = None,
        offers: Mapping[Leg | Direction, Flags] | None = None,
        answers: Mapping[Leg | Direction, Flags] | None = None,
        clean_for_sip: bool | None = None,
        keep_dtls: bool | None = None,
    ) -> Profile:
        """Return a profile like this one, but for what is given.

        `sip_transport` is the protocol that a call from WEB is offered to SIP with, with the key exchange
        that belongs to it: ``RTP/SAVP`` and ``RTP/SAVPF`` offer SDES, ``UDP/TLS/RTP/SAVP(F)`` offer DTLS,
        ``RTP/AVP(F)`` neither. `offers` and `answers` are merged over those that are here, by `Flags`' own
        rule: ``evolve(offers={Leg.SIP: Flags(record_call="yes")})``. Raises `UsageError` for unknown values, and
        for ``accept``, which is for answers. `clean_for_sip` and `keep_dtls` are as above.
        """
        changed = dict(self.offers)
        if sip_transport is not None:
            changed[Direction.WEB_TO_SIP] = _over(self.offer_flags(Direction.WEB_TO_SIP), sip_transport)
        label = f"{self.name} ({sip_transport} to SIP)" if sip_transport else f"{self.name}, changed"
        return Profile(
            name=name or label,
            offers=_merged("offers", changed, offers),
            answers=_merged("answers", self.answers, answers),
            clean_for_sip=self.clean_for_sip if clean_for_sip is None else clean_for_sip,
            keep_dtls=self.keep_dtls if keep_dtls is None else keep_dtls,
        )

    def __repr__(self) -> str:
        return f"<Profile {self.name}>"


def _over(flags: Flags, transport: TransportProtocol) -> Flags:
    """Return `flags` for this transport protocol, with its key exchange switched on and the others off."""
    if transport == "accept":
        raise UsageError("sip_transport='accept': this word is for answers; an offer names a protocol")
    Flags(transport_protocol=transport)
    dtls = transport.startswith("UDP/TLS/")
    srtp = "/SAVP" in transport
    sdes = tuple(word for word in flags.sdes if word not in ("off", "no", "disable"))
    return flags.evolve(
        transport_protocol=transport,
        dtls=None if dtls else "off",
        sdes=sdes if srtp and not dtls else ("off",),
    )


def _merged(
    name: str, sets: Mapping[Leg | Direction, Flags], over: Mapping[Leg | Direction, Flags] | None
) -> Mapping[Leg | Direction, Flags]:
    merged = dict(sets)
    over = _sets({} if over is None else over)
    _check(name, over)
    for key, flags in over.items():
        for path in Direction:
            if key in (path, path.callee):
                merged[path] = _find(merged, path) | flags
    return merged


def _find(sets: Mapping[Leg | Direction, Flags], path: Direction) -> Flags:
    return sets[path] if path in sets else sets[path.callee]


_ORIGIN = Flags(replace=["origin"])
_TO_WEB = Flags(webrtc=True)
_WEB_TO_SIP = Flags(
    transport_protocol="RTP/AVP",
    ice="remove",
    dtls="off",
    sdes=["off"],
    rtcp_mux=["demux"],
    strip_extmap=True,
)

MODERN = Profile(
    name="MODERN",
    offers={
        Leg.WEB: _TO_WEB | _ORIGIN,
        Direction.WEB_TO_SIP: _WEB_TO_SIP | _ORIGIN,
        # No protocol override: two SRTP phones keep their SRTP.
        Direction.SIP_TO_SIP: Flags(ice="remove") | _ORIGIN,
    },
    # The daemon restores protocol, rtcp-mux, ICE and setup in answers by itself.
    answers={Leg.WEB: _ORIGIN, Leg.SIP: Flags(strip_extmap=True) | _ORIGIN},
)
"""The default: what today's browsers and phones want, media proven with Chromium."""

_ARTICLE = Flags(trust_address=True, replace=["origin", "session-connection"])
_PLAIN = _ARTICLE | Flags(rtcp_mux=["demux"], ice="remove", transport_protocol="RTP/AVP")
_BETWEEN_WEB = _ARTICLE | Flags(sdes=["off"], ice="force")

ARTICLE = Profile(
    name="ARTICLE",
    offers={
        Direction.WEB_TO_WEB: _BETWEEN_WEB,
        Direction.SIP_TO_WEB: _ARTICLE
        | Flags(
            rtcp_mux=["offer"],
            ice="force",
            codec={"transcode": ["PCMU", "G722"]},
            sdes=["off"],
            transport_protocol="UDP/TLS/RTP/SAVP",
        ),
        Leg.SIP: _PLAIN,
    },
    answers={
        Direction.WEB_TO_WEB: _BETWEEN_WEB,
        Direction.SIP_TO_WEB: _ARTICLE | Flags(rtcp_mux=["require"], ice="force", transport_protocol="RTP/SAVPF"),
        Leg.SIP: _PLAIN,
    },
    clean_for_sip=False,
    keep_dtls=False,
)
"""The eight sets of a well-known article on WebRTC with OpenSIPS and RTPEngine, exact."""
