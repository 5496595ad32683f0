"""`Profile`: the flag sets for the four directions, as functions of the legs.

A flag set depends on three things: whether the message is an offer or an answer, the leg that it comes from,
and the leg that it goes to. Where the leg it comes from does not matter, a profile says so by naming only the
leg it goes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import attrs

from ..errors import UsageError
from ..keys import Field, is_bool
from ..legs import Direction, Leg
from .flags import Flags
from .nested import ReadOnly
from .vocabulary import TransportProtocol

_Sets: TypeAlias = Mapping[Leg | Direction, Flags]


MENDS = ("head", "lines", "sections", "codecs")
"""The words of `Profile.mends`."""


def _words(value: Iterable[str]) -> frozenset[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise UsageError(f"mends={value!r}: several of {', '.join(MENDS)} expected")
    return frozenset(value)


def _are_mends(_: object, attribute: Field, words: frozenset[str]) -> None:
    if unknown := sorted(map(str, words.difference(MENDS))):
        raise UsageError(f"{attribute.name}: no mend {unknown[0]!r}; there are {', '.join(MENDS)}")


def _sets(value: _Sets) -> _Sets:
    if not isinstance(value, Mapping):
        raise UsageError(f"a dictionary of Leg or Direction to Flags expected, not {type(value).__name__}")
    return ReadOnly(value)


def _check(name: str, sets: Mapping[Any, object]) -> None:
    for key, flags in sets.items():
        if not isinstance(key, Leg | Direction) or not isinstance(flags, Flags):
            raise UsageError(f"{name}: {key!r}: {flags!r} is no pair of a Leg or Direction and Flags")


def _complete(_: object, attribute: Field, sets: _Sets) -> None:
    _check(attribute.name, sets)
    for path in Direction:
        if path not in sets and path.callee not in sets:
            raise UsageError(
                f"{attribute.name}: nothing for {path!r}; give it, or {path.callee!r} for all that go there"
            )


@attrs.frozen(kw_only=True, repr=False)
class Profile:
    """Which flags an offer and an answer get, by the leg they come from and the leg they go to.

    `offers` and `answers` map a `Leg` ("whatever goes there") or a `Direction` ("from this leg to that one",
    which wins) to `Flags`. The direction meant is the message's own: an answer in a WEB_TO_SIP call travels
    SIP_TO_WEB. Raises `UsageError` where one of the four has no flags.
    """

    name: str
    offers: _Sets = attrs.field(converter=_sets, validator=_complete)
    answers: _Sets = attrs.field(converter=_sets, validator=_complete)
    clean_for_sip: bool = attrs.field(default=True, validator=is_bool)
    """Whether a browser's leftovers go from what is sent on to a SIP leg: `rtpe_ng.sdp.clean_for_sip`. What a phone
    wrote for another phone stays."""
    keep_dtls: bool = attrs.field(default=True, validator=is_bool)
    """Whether each body of a WEB leg tells the daemon, by a constant ``a=tls-id`` (RFC 8842, section 4), that its
    DTLS association goes on. Without it an ICE restart ends the media on 12.5 and 26.0."""
    keep_ice: bool = attrs.field(default=True, validator=is_bool)
    """Whether the daemon keeps its ICE credentials when a browser on a WEB leg restarts ICE: it learns of the new
    ones in a trickle fragment ahead of the offer. Without it, Chromium loses the media 6 seconds later, unless the
    daemon is on the same machine or another local address takes over. With it, the answer has the credentials of
    before, which RFC 8839, section 4.4, does not allow and Chromium accepts."""
    mends: frozenset[str] = attrs.field(default=frozenset(MENDS), converter=_words, validator=_are_mends)
    """What a call repairs in bodies, each of which is said in ``reply.repairs``:

    ``head``: missing or empty ``v=``, ``o=``, ``s=`` and ``t=``, their order, empty lines;
    ``lines``: what a browser cannot read, in bodies for a browser;
    ``sections``: sections that an answer or a re-offer leaves out are added as rejected ones;
    ``codecs``: the offer is sent again before an answer with codecs that an earlier answer to it did not have."""

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
        offers: _Sets | None = None,
        answers: _Sets | None = None,
        clean_for_sip: bool | None = None,
        keep_dtls: bool | None = None,
        keep_ice: bool | None = None,
        mends: Iterable[str] | None = None,
    ) -> Profile:
        """Return a copy of this profile with some of it changed.

        `sip_transport` is the protocol that SIP is offered in a call from WEB, together with its key exchange:
        ``RTP/SAVP`` and ``RTP/SAVPF`` offer SDES, ``UDP/TLS/RTP/SAVP(F)`` offer DTLS, ``RTP/AVP(F)`` neither.
        `offers` and `answers` are merged over those that are here, by the rule of `Flags`:
        ``evolve(offers={Leg.SIP: Flags(record_call="yes")})``. Raises `UsageError` for unknown values, and for
        ``accept``, which is for answers. `clean_for_sip`, `keep_dtls`, `keep_ice` and `mends` are as above.
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
            keep_ice=self.keep_ice if keep_ice is None else keep_ice,
            mends=self.mends if mends is None else mends,
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


def _merged(name: str, sets: _Sets, over: _Sets | None) -> _Sets:
    merged = dict(sets)
    over = _sets({} if over is None else over)
    _check(name, over)
    for key, flags in over.items():
        for path in Direction:
            if key in (path, path.callee):
                merged[path] = _find(merged, path) | flags
    return merged


def _find(sets: _Sets, path: Direction) -> Flags:
    return sets[path] if path in sets else sets[path.callee]
