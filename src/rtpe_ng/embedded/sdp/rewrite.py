"""Rewrite a body: an offer for the party that answers, an answer for the party that offered."""

import attrs

from ..request import Context
from .compose import compose
from .negotiate import SdpNegotiation
from .origin import with_version
from .party import EngineParty
from .patch import patch_section, patch_session
from .plan import plan_composition, plan_patch, record_told
from .read import read
from .sdp_attr import with_attribute_changes

__all__ = ["answer", "composed", "count_sections", "offer", "patched"]


def count_sections(body: str, context: Context) -> int:
    """Return how many media sections a body has. Raises `Refused` if it cannot be read."""
    return len(read(body, context)[1]) if body else 0


def offer(body: str, context: Context, *, offerer: EngineParty, answerer: EngineParty) -> str:
    """Return the body for the answerer after the offerer has sent `body`.

    Both parties remember what they need for the messages that follow. Raises `Refused` with the daemon's words.
    """
    return _pass_on(SdpNegotiation(offerer, answerer, context, is_offer=True), body)


def answer(body: str, context: Context, *, answerer: EngineParty, offerer: EngineParty) -> str:
    """Return the body for the offerer after the answerer has sent `body`. Raises `Refused` as `offer` does."""
    return _pass_on(SdpNegotiation(answerer, offerer, context, is_offer=False), body)


def _pass_on(negotiation: SdpNegotiation, body: str) -> str:
    negotiation.take(*read(body, negotiation.context))
    rewritten = composed(negotiation) if negotiation.behaviour.makes_bodies else patched(negotiation)
    return _numbered(negotiation, with_attribute_changes(rewritten, negotiation.options.attributes))


def patched(negotiation: SdpNegotiation) -> str:
    """Return the sender's body as it is patched for the receiver. Raises `Refused` if that fails."""
    plan = plan_patch(negotiation)
    parts = [patch_session(plan)]
    for section, sent in zip(plan.sections, plan.session.media, strict=False):
        parts.append(patch_section(plan, section, sent))
        record_told(negotiation.receiver, section)
    return "".join((*parts, plan.session.trailer))


def composed(negotiation: SdpNegotiation) -> str:
    """Return a new body for the receiver. Raises `NotRewritten` if no section is usable."""
    plan = plan_composition(negotiation)
    for section in plan.sections:
        record_told(negotiation.receiver, section)
    return compose(plan)


def _numbered(negotiation: SdpNegotiation, body: str) -> str:
    """Return the body with a version of the engine's own if that is asked for, and remember it.

    The version goes up when the body differs from the one before, or always if that is forced.
    """
    receiver, replace = negotiation.receiver, negotiation.options.replace
    is_forced = "increment" in replace and not negotiation.behaviour.makes_bodies
    if receiver.origin is None or not (is_forced or replace & {"version", "all"}):
        return body
    if is_forced or receiver.last_sent not in ("", body):
        receiver.origin = attrs.evolve(receiver.origin, version=receiver.origin.version + 1)
        body = with_version(body, receiver.origin.version)
    receiver.last_sent = body
    return body
