"""The session of a body that is the engine's own: for publishers, and for who is offered something."""

from __future__ import annotations

from ... import sdp
from ...sdp import Session
from ..context import Context
from .party import Party

__all__ = ["own_session"]


def own_session(session: Session | None, party: Party, context: Context) -> Session:
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
