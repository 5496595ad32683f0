"""DTLS through the life of a call: one association for each party, and roles that do not change (RFC 8842).

The daemon has a DTLS association with each browser, in which one side is the client and begins the handshake. The
first offer and answer settle that, and it must stay for as long as the association lasts; RTPEngine forgets it when
an offer is rejected, and begins a new association when an ICE restart comes without a tls-id. So a call remembers
the roles, and says them again where the daemon would choose otherwise.
"""

import functools
import hashlib
import re
from typing import Self

import attrs

from .. import sdp
from ..errors import UsageError
from ..flags import Flags
from ..legs import Direction, Leg
from ..sdp.template import Plan
from .body import REMEMBERED, CallBody, readable
from .negotiation import OTHER

_SETUP = re.compile(r"^a=setup:(active|passive)\s*$", re.MULTILINE)


def with_tls_id(body: str | CallBody, *, call_id: str, tag: str) -> str:
    """Return `body` with an ``a=tls-id`` that is the same in all bodies of this party (RFC 8842, section 4).

    Without it, RTPEngine 12.5 and 26.0 begin a new DTLS association after an ICE restart, which a browser does not
    expect: the media stops. A body that has a tls-id, has no DTLS or cannot be read stays as it is. Raises nothing.
    """
    body = CallBody(body) if isinstance(body, str) else body
    if "a=tls-id" in body.text:
        return body.text
    # Every process that handles the call can compute it, so it need not be stored.
    name = hashlib.sha256(f"{call_id}\n{tag}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    if body.template is not None and (plan := _plan(body.template)) is not None:
        return plan.apply(body.text, new=f"a=tls-id:{name}")
    return body.text if body.session is None else str(sdp.set_tls_id(body.session, name))


@functools.lru_cache(REMEMBERED)
def _plan(template: str) -> Plan | None:
    """Return where a body with this template gets its tls-id; None if that takes more than new lines."""
    before = readable(template)
    return None if before is None else Plan.of(before, sdp.set_tls_id(before, "0" * 32), new=f"a=tls-id:{'0' * 32}")


@attrs.frozen(kw_only=True)
class DtlsRoles:
    """The parties, of ``caller`` and ``callee``, toward which the daemon is the DTLS server.

    A value: each message returns the next one. A role lasts as long as the association does (RFC 8842, section
    5.5). Raises `UsageError` for other words.
    """

    passive: frozenset[str] = frozenset()
    """The parties toward which it is the server: it waits for their handshake."""
    forgotten: frozenset[str] = frozenset()
    """Those of `passive` for which the daemon has forgotten it, because an offer to them was rejected."""

    def __attrs_post_init__(self) -> None:
        if not self.passive <= OTHER.keys() or not self.forgotten <= self.passive:
            raise UsageError(f"{self}: caller and callee are the parties, and only a passive party is forgotten")

    def offering(self, flags: Flags, *, sender: str, path: Direction, settled: frozenset[str]) -> Flags:
        """Return the flags for an offer of `sender`; they remind the daemon of a role that it has forgotten.

        `path` has the legs of sender and receiver; `settled` are the parties that have had a final answer. Raises
        `UsageError` if the flags would change a settled role toward a browser.
        """
        if sender in self.forgotten and flags.dtls_reverse is None:
            flags = flags.evolve(dtls_reverse="passive")
        wanted = ((OTHER[sender], path.callee, flags.dtls), (sender, path.caller, flags.dtls_reverse))
        for party, leg, role in wanted:
            if party in settled and leg is Leg.WEB and role == "passive" and party not in self.passive:
                raise UsageError(
                    "the role passive in a re-offer to or by a browser changes one that is settled: say it in the "
                    "first offer (dtls='passive' to a browser, dtls_reverse='passive' by one), or leave it out"
                )
        return flags

    def offered(self, flags: Flags, *, sender: str) -> Self:
        """Return the roles after the daemon has accepted an offer of `sender` with these flags."""
        wanted = ((OTHER[sender], flags.dtls), (sender, flags.dtls_reverse))
        return self._with(self.passive | {party for party, role in wanted if role == "passive"}, self.forgotten)

    def answering(self, flags: Flags, *, offerer: str, leg: Leg) -> Flags:
        """Return the flags for an answer to the `offerer`, whose leg is `leg`.

        Raises `UsageError` if they make the daemon passive toward a browser, which is too late. The daemon begins
        the handshake as soon as the browser's ICE checks arrive, before the answer. If it is then told to wait, it
        waits for a handshake that nobody begins. On 10.5 most such calls are silent.
        """
        if leg is Leg.WEB and flags.dtls == "passive" and offerer not in self.passive:
            raise UsageError(
                "dtls='passive' in an answer to a browser comes too late: the daemon has begun the DTLS handshake "
                "after the offer, and would wait for one that nobody begins. Say dtls_reverse='passive' in the "
                "offer, or leave dtls out"
            )
        return flags

    def answered(self, body: str, *, sender: str, leg: Leg) -> Self:
        """Return the roles after `sender`, whose leg is `leg`, has answered with `body`.

        A browser that answers ``a=setup:active`` begins the handshake and stays the client for as long as the
        association lasts (RFC 8842, section 5.3). An answer without a role changes nothing.
        """
        passive = self._passive_by(body, "active", party=sender, leg=leg)
        return self._with(passive, frozenset())

    def told(self, body: str, *, receiver: str, leg: Leg) -> Self:
        """Return the roles after the daemon has sent `receiver`, whose leg is `leg`, this `body` as an answer.

        Mostly it says what is known. But a daemon that has restarted knows no role, and begins another association
        in the role that it chooses.
        """
        passive = self._passive_by(body, "passive", party=receiver, leg=leg)
        return self._with(passive, self.forgotten & passive)

    def _with(self, passive: frozenset[str], forgotten: frozenset[str]) -> Self:
        """Return these roles; most messages change none."""
        if passive == self.passive and forgotten == self.forgotten:
            return self
        return type(self)(passive=passive, forgotten=forgotten)

    def _passive_by(self, body: str, word: str, *, party: str, leg: Leg) -> frozenset[str]:
        """Return `passive` after an answer in which `word` makes the daemon the server toward this party."""
        roles = _SETUP.findall(body) if leg is Leg.WEB else []
        if word in roles:
            return self.passive | {party}
        return self.passive - {party} if roles else self.passive

    def replaced(self, party: str) -> Self:
        """Return the roles after another party has taken the place of `party`: it begins an association."""
        return self._with(self.passive - {party}, self.forgotten - {party})

    def rejected(self, *, offerer: str) -> Self:
        """Return the roles after an offer of `offerer` was rejected: the daemon forgets its role there."""
        return self._with(self.passive, self.forgotten | (self.passive & {OTHER[offerer]}))


NO_ROLES = DtlsRoles()
"""The roles at the beginning of a call: the daemon is nobody's server yet."""
