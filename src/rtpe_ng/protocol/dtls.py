"""DTLS through the life of a call: one association for each party, and roles that do not change (RFC 8842)."""

from __future__ import annotations

import hashlib
import re

from .. import sdp
from ..errors import SdpError, UsageError
from ..flags import Flags

__all__ = ["check_role", "kept", "made_passive", "settled"]

_SETUP = re.compile(r"^a=setup:(active|passive)\s*$", re.MULTILINE)


def kept(body: str, *, call_id: str, tag: str) -> str:
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


def made_passive(flags: Flags, *, sender: str, receiver: str) -> frozenset[str]:
    """Return toward whom these flags of an offer make the daemon the DTLS server, out of the two."""
    roles = ((receiver, flags.dtls), (sender, flags.dtls_reverse))
    return frozenset(party for party, role in roles if role == "passive")


def settled(passive: frozenset[str], answer: str, *, sender: str) -> frozenset[str]:
    """Return toward whom the daemon is the DTLS server once `sender`, a browser, has answered like this.

    Whoever answers ``a=setup:active`` begins the handshake, and is the client for as long as the association
    lasts (RFC 8842, section 5.3); `passive` is what held before. An answer without a role changes nothing.
    """
    roles = _SETUP.findall(answer)
    if "active" in roles:
        return passive | {sender}
    return passive - {sender} if "passive" in roles else passive


def check_role(role: str | None, *, is_passive: bool, answer: bool) -> None:
    """Raise `UsageError` where the role ``passive`` would end the media of a browser that it comes too late for.

    `role` is what the flags say of the daemon's role toward that browser, and `is_passive` whether it is passive
    by the first offer, or by the browser's answer. Where it is not, the daemon begins the handshake itself as soon
    as the browser's ICE checks come, before the answer; told then to wait, it waits for a handshake that nobody
    begins: on 10.5 most such calls are silent. In a re-offer, browsers refuse a change of roles (RFC 8842, section
    5.5).
    """
    if role != "passive" or is_passive:
        return
    if answer:
        raise UsageError(
            "dtls='passive' in an answer to a browser comes too late: the daemon has begun the DTLS handshake "
            "after the offer, and would wait for one that nobody begins. Say dtls_reverse='passive' in the offer, "
            "or leave dtls out"
        )
    raise UsageError(
        "the role passive in a re-offer to or by a browser changes one that is settled: say it in the first offer "
        "(dtls='passive' to a browser, dtls_reverse='passive' by one), or leave it out"
    )
