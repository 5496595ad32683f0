"""Rewrite a body: an offer for the party that answers, an answer for the party that offered."""

from __future__ import annotations

from ..request import Context
from .compose import compose
from .negotiate import SdpNegotiation
from .origin import with_version
from .party import EngineParty
from .patch import patch
from .read import read
from .sdp_attr import with_attribute_changes

__all__ = ["answer", "count_sections", "offer"]


def count_sections(body: str, context: Context) -> int:
    """Return how many media sections a body has. Raises `Refused` where it cannot be read."""
    return len(read(body, context)[1]) if body else 0


def offer(body: str, context: Context, *, offerer: EngineParty, answerer: EngineParty) -> str:
    """Return what the answerer is to be told when the offerer has sent `body`.

    Both parties remember what they need for the messages that follow. Raises `Refused` with the daemon's words.
    """
    return _pass_on(SdpNegotiation(offerer, answerer, context, is_offer=True), body)


def answer(body: str, context: Context, *, answerer: EngineParty, offerer: EngineParty) -> str:
    """Return what the offerer is to be told when the answerer has sent `body`. Raises `Refused` as `offer` does."""
    return _pass_on(SdpNegotiation(answerer, offerer, context, is_offer=False), body)


def _pass_on(negotiation: SdpNegotiation, body: str) -> str:
    session, sections = read(body, negotiation.context)
    negotiation.take(session, sections)
    rewritten = compose(negotiation) if negotiation.behaviour.makes_bodies else patch(negotiation)
    return with_version(negotiation, with_attribute_changes(rewritten, negotiation.options.attributes))
