"""The ``o=`` line: who made the session, and which version of it a body is (RFC 8866, section 5.2)."""

import re

import attrs

from ... import sdp
from ...sdp import Session
from ..request import Context
from .party import EngineParty, SessionOrigin

__all__ = ["next_origin", "own_session", "with_version"]

_VERSION = re.compile(r"^(o=\S* \S+ )\d+ ", re.MULTILINE)


def next_origin(
    session: Session, former: SessionOrigin | None, interface: str, context: Context
) -> tuple[str, SessionOrigin]:
    """Return the ``o=`` line for the receiver of a `session`, and the origin to remember for its next body.

    `former` is what was remembered before; `interface` is the logical interface whose address the line may have.
    """
    replace, makes = context.options.replace, context.behaviour.makes_bodies
    sent, network = session.origin, "IN"
    if sent is not None:
        network = "IN" if makes else sent.network_type
        origin = SessionOrigin(
            username=sent.username or ((former.username if former else "-") if makes else ""),
            session_id=sent.session_id,
            version=int(sent.session_version) if sent.session_version.isdecimal() else 0,
            family=sent.address_type,
            address=sent.address,
        )
    else:
        # A body without an o= line gets a session id, but no address.
        number = former.session_id if former else str(context.resources.number())
        origin = SessionOrigin(username="-", session_id=number, version=0, family="", address="")
    if replace & {"origin", "all"} and (makes or not context.options.relays):
        family, address = context.resources.address(interface)
        origin = attrs.evolve(origin, family=family, address=address)
    if not makes:
        # The first origin that the receiver was told counts from then on.
        former = former or origin
    told = origin if former is None else _with_former(origin, former, replace, makes=makes)
    line = f"o={told.username} {told.session_id} {told.version} {network} {told.family} {told.address}"
    if makes or former is None:
        return line, told
    # A patched line keeps whatever follows the address.
    rest = "".join(session.values("o")[:1]).split(" ", 6)[6:]
    return line + "".join(f" {text}" for text in rest), former


def _with_former(
    origin: SessionOrigin, former: SessionOrigin, replace: frozenset[str], *, makes: bool
) -> SessionOrigin:
    """Return an origin with what ``replace`` takes from the former one."""
    if replace & {"username", "all"}:
        origin = attrs.evolve(origin, username=former.username)
    if "all" in replace:
        origin = attrs.evolve(origin, session_id=former.session_id)
    if "increment" in replace and makes:
        origin = attrs.evolve(origin, version=former.version + 1)
    elif replace & {"version", "all", "increment"}:
        origin = attrs.evolve(origin, version=former.version)
    if replace & {"origin", "all"} and makes:
        origin = attrs.evolve(origin, family=former.family, address=former.address)
    return origin


def with_version(body: str, version: int) -> str:
    """Return the body with this version in its ``o=`` line, or in each of those of glued bodies."""
    return _VERSION.sub(rf"\g<1>{version} ", body)


def own_session(session: Session | None, party: EngineParty, context: Context) -> Session:
    """Return a session of the engine's own toward a party; what the party was told before stays.

    Some versions take the origin from `session`, the party's own.
    """
    resources, behaviour = context.resources, context.behaviour
    first = next((media for media in party.medias if media.interface), None)
    family, address = resources.address(first.interface if first is not None else resources.interface())
    sent = session.origin if session is not None and behaviour.publishes_their_origin else None
    if sent is not None:
        names = f"{sent.username} {sent.session_id} {sent.session_version}"
    elif party.origin is not None:
        names = f"{party.origin.username} {party.origin.session_id} {party.origin.version}"
    else:
        number = resources.number()
        names = f"- {number} {number if behaviour.numbers_sessions_once else resources.number()}"
    return sdp.parse(f"v=0\r\no={names} IN {family} {address}\r\ns={behaviour.session_name}\r\nt=0 0\r\n")
