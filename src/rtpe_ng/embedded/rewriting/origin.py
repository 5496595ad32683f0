"""The ``o=`` line: whose session it is, and which version of it."""

from __future__ import annotations

import re

from ...sdp import Session
from .negotiation import Negotiation
from .party import PartyMedia

__all__ = ["origin", "with_version"]

_VERSION = re.compile(r"^(o=\S+ \S+ )\d+ ", re.MULTILINE)


def origin(negotiation: Negotiation, sent: Session, first: PartyMedia) -> str:
    """Return the ``o=`` line for the receiver, and remember it."""
    theirs, replace = sent.origin, negotiation.options.replace
    before = negotiation.receiver.origin
    network = "IN"
    if theirs is not None:
        user, session_id = theirs.username, theirs.session_id
        version = int(theirs.session_version) if theirs.session_version.isdecimal() else 0
        network, family, address = theirs.network_type, theirs.address_type, theirs.address
    else:
        # Who has none is given a session, but no address.
        user, session_id, version = "-", before[1] if before else str(negotiation.resources.number()), 0
        family = address = ""
    makes = negotiation.behaviour.makes_bodies
    if replace & {"origin", "all"} and (makes or not negotiation.options.relays):
        family, address = negotiation.resources.address(first.interface)
    if not makes:
        # What it was told first counts for ever.
        before = negotiation.receiver.origin = before or (user, session_id, version, family, address)
    if before is not None:
        if replace & {"username", "all"}:
            user = before[0]
        if "all" in replace:
            session_id = before[1]
        if "increment" in replace and makes:
            version = before[2] + 1
        elif replace & {"version", "all", "increment"}:
            version = before[2]
        if replace & {"origin", "all"} and makes:
            family, address = before[3:]
    if makes:
        network = "IN"
        negotiation.receiver.origin = (user, session_id, version, family, address)
    # What stands behind the address stays where nothing is made anew.
    rest = "" if makes else "".join(f" {text}" for text in "".join(sent.values("o")[:1]).split(" ", 6)[6:])
    return f"o={user} {session_id} {version} {network} {family} {address}{rest}"


def with_version(negotiation: Negotiation, body: str) -> str:
    """Return the body with a version of the engine's own, where that is asked for: a new one when it says more."""
    receiver, replace = negotiation.receiver, negotiation.options.replace
    is_forced = "increment" in replace and not negotiation.behaviour.makes_bodies
    if receiver.origin is None or not (is_forced or replace & {"version", "all"}):
        return body
    if is_forced or (receiver.last_sent and body != receiver.last_sent):
        user, session_id, version, family, address = receiver.origin
        receiver.origin = (user, session_id, version + 1, family, address)
        body = _VERSION.sub(rf"\g<1>{version + 1} ", body, count=1)
    receiver.last_sent = body
    return body
