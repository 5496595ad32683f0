"""The ``o=`` line and the session of a body: whose it is, and which version of it."""

from __future__ import annotations

import re

from ... import sdp
from ...sdp import Session
from ..request import Context
from .negotiate import SdpNegotiation
from .party import EngineParty, PartyMedia

__all__ = ["origin", "own_session", "with_version"]

_VERSION = re.compile(r"^(o=\S+ \S+ )\d+ ", re.MULTILINE)


def origin(negotiation: SdpNegotiation, sent: Session, first: PartyMedia) -> str:
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


def with_version(negotiation: SdpNegotiation, body: str) -> str:
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


def own_session(session: Session | None, party: EngineParty, context: Context) -> Session:
    """Return the session, but for what the version takes from the party's own `session`; once told, it stays."""
    resources, behaviour = context.resources, context.behaviour
    first = next((media for media in party.medias if media.interface), None)
    family, address = resources.address(first.interface if first is not None else resources.interface())
    theirs = session.origin if session is not None and behaviour.publishes_their_origin else None
    if theirs is not None:
        names = f"{theirs.username} {theirs.session_id} {theirs.session_version}"
    elif party.origin is not None:
        names = " ".join(map(str, party.origin[:3]))
    else:
        number = resources.number()
        names = f"- {number} {number if behaviour.numbers_sessions_once else resources.number()}"
    return sdp.parse(f"v=0\r\no={names} IN {family} {address}\r\ns={behaviour.session_name}\r\nt=0 0\r\n")
