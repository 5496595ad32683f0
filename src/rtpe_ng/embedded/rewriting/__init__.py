"""What the engine makes of a body: of an offer for the one who is to answer it, and of an answer for the offerer.

Values in, values out: nothing here knows of sockets or clocks.
"""

from ..context import Context
from ..manipulation import manipulated
from ..refused import Refused
from .creation import Wanted, create, create_answer
from .described import described
from .kept import kept
from .made import made
from .negotiation import Negotiation
from .origin import with_version
from .own_lines import direction
from .party import Endpoint, Party, PartyMedia
from .subscription import Source, publish, subscription_answer, subscription_offer

__all__ = [
    "Endpoint",
    "Party",
    "PartyMedia",
    "Refused",
    "Source",
    "Wanted",
    "answer",
    "create",
    "create_answer",
    "direction",
    "offer",
    "publish",
    "sections",
    "subscription_answer",
    "subscription_offer",
]


def sections(body: str, context: Context) -> int:
    """Return how many media sections a body has. Raises `Refused` where it cannot be read."""
    return len(described(body, context)[1]) if body else 0


def offer(body: str, context: Context, *, offerer: Party, answerer: Party) -> str:
    """Return what the answerer is to be told when the offerer has sent `body`.

    Both parties remember what they need for the messages that follow. Raises `Refused` with the daemon's words.
    """
    return _pass_on(Negotiation(offerer, answerer, context, is_offer=True), body)


def answer(body: str, context: Context, *, answerer: Party, offerer: Party) -> str:
    """Return what the offerer is to be told when the answerer has sent `body`. Raises `Refused` as `offer` does."""
    return _pass_on(Negotiation(answerer, offerer, context, is_offer=False), body)


def _pass_on(negotiation: Negotiation, body: str) -> str:
    session, sections = described(body, negotiation.context)
    negotiation.take(session, sections)
    made_body = made(negotiation) if negotiation.behaviour.makes_bodies else kept(negotiation)
    return with_version(negotiation, manipulated(made_body, negotiation.options.attributes))
