"""DTLS through the life of a call: one association for each party, and roles that do not change (RFC 8842)."""

from __future__ import annotations

import hashlib
import re
from typing import Self

import attrs

from .. import sdp
from ..errors import SdpError, UsageError
from ..flags import Flags
from ..legs import Direction, Leg

__all__ = ["DtlsRoles", "with_tls_id"]

_OTHER = {"caller": "callee", "callee": "caller"}

_SETUP = re.compile(r"^a=setup:(active|passive)\s*$", re.MULTILINE)


def with_tls_id(body: str, *, call_id: str, tag: str) -> str:
    """Return `body` with an ``a=tls-id`` that is the same in all bodies of this party (RFC 8842, section 4).

    After an ICE restart without one, RTPEngine 12.5 and 26.0 begin DTLS anew, which a browser does not expect: the
    media ends. A body that has one, that has no DTLS, or that cannot be read stays as it is. Raises nothing.
    """
    if "a=tls-id" in body:
        return body
    # Made of what every process knows that takes part in the call, so that nothing must be remembered.
    name = hashlib.sha256(f"{call_id}\n{tag}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    try:
        return sdp.set_tls_id(body, name)
    except SdpError:
        return body


@attrs.frozen(kw_only=True)
class DtlsRoles:
    """Toward which of ``caller`` and ``callee`` the daemon is the DTLS server, as settled by the call's messages.

    A value: each message gives the next one. A role lasts as long as the association does (RFC 8842, section 5.5).
    Raises `UsageError` for other words.
    """

    passive: frozenset[str] = frozenset()
    """Toward whom it is the server: it waits for the handshake of these."""
    forgotten: frozenset[str] = frozenset()
    """Toward whom, of these, it no longer knows it, because an offer to this party was rejected."""

    def __attrs_post_init__(self) -> None:
        if not self.passive <= _OTHER.keys() or not self.forgotten <= self.passive:
            raise UsageError(f"{self}: caller and callee are the parties, and only who is passive is forgotten")

    def offering(self, flags: Flags, *, sender: str, path: Direction, is_first: bool) -> Flags:
        """Return the flags for an offer of `sender`, in which the daemon is told a role that it forgot.

        `path` has the legs of sender and receiver; `is_first` says that nothing was answered yet. Raises
        `UsageError` where a browser would be told of another role than the settled one.
        """
        if sender in self.forgotten and flags.dtls_reverse is None:
            flags = flags.evolve(dtls_reverse="passive")
        told = ((_OTHER[sender], path.callee, flags.dtls), (sender, path.caller, flags.dtls_reverse))
        for party, leg, role in told:
            if not is_first and leg is Leg.WEB and role == "passive" and party not in self.passive:
                raise UsageError(
                    "the role passive in a re-offer to or by a browser changes one that is settled: say it in the "
                    "first offer (dtls='passive' to a browser, dtls_reverse='passive' by one), or leave it out"
                )
        return flags

    def offered(self, flags: Flags, *, sender: str) -> Self:
        """Return what holds once the daemon has taken an offer of `sender` with these flags."""
        told = ((_OTHER[sender], flags.dtls), (sender, flags.dtls_reverse))
        return attrs.evolve(self, passive=self.passive | {party for party, role in told if role == "passive"})

    def answering(self, flags: Flags, *, offerer: str, leg: Leg) -> Flags:
        """Return the flags for an answer to the `offerer`, whose leg is `leg`.

        Raises `UsageError` where the daemon would be passive toward a browser too late: it begins the handshake
        itself as soon as the browser's ICE checks come, before the answer; told then to wait, it waits for a
        handshake that nobody begins. On 10.5 most such calls are silent.
        """
        if leg is Leg.WEB and flags.dtls == "passive" and offerer not in self.passive:
            raise UsageError(
                "dtls='passive' in an answer to a browser comes too late: the daemon has begun the DTLS handshake "
                "after the offer, and would wait for one that nobody begins. Say dtls_reverse='passive' in the "
                "offer, or leave dtls out"
            )
        return flags

    def answered(self, body: str, *, sender: str, leg: Leg) -> Self:
        """Return what holds once `sender`, whose leg is `leg`, has answered with `body`.

        A browser that answers ``a=setup:active`` begins the handshake, and is the client for as long as the
        association lasts (RFC 8842, section 5.3). An answer without a role changes nothing.
        """
        roles = _SETUP.findall(body) if leg is Leg.WEB else []
        passive = self.passive
        if "active" in roles:
            passive |= {sender}
        elif "passive" in roles:
            passive -= {sender}
        return attrs.evolve(self, passive=passive, forgotten=frozenset())

    def rejected(self, *, offerer: str) -> Self:
        """Return what holds once an offer of `offerer` was rejected: of the other the daemon forgets its role."""
        return attrs.evolve(self, forgotten=self.forgotten | (self.passive & {_OTHER[offerer]}))
