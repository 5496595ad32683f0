"""Rewrite a body: an offer for the party that answers, an answer for the party that offered."""

import attrs

from ..errors import Refused
from ..request import Context
from .attributes import ReadMedia
from .compose import compose
from .negotiate import SdpNegotiation
from .origin import next_origin, with_version
from .party import EngineParty
from .patch import patch_opening, patch_section, patch_session
from .plan import BodyPlan, plan_composition, plan_patch, record_told
from .read import read
from .sdp_attr import with_attribute_changes

__all__ = ["answer", "composed", "count_sections", "offer", "patched"]


def count_sections(body: str, context: Context) -> int:
    """Return how many media sections a body has. Raises `Refused` if it cannot be read."""
    return len(read(body, context)[1])


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
        if isinstance(sent, ReadMedia) and sent.opening:
            parts.append(_glued(plan, sent.opening, negotiation))
        parts.append(patch_section(plan, section, sent))
        record_told(negotiation.receiver, section)
    trailer = plan.session.trailer
    if trailer.startswith("v="):
        # A session without sections was glued behind the last one.
        raise Refused("Error rewriting SDP")
    # The daemon lets a single character pass at the very end, and drops what follows an empty line.
    return "".join((*parts, trailer if len(trailer) == 1 else ""))


def _glued(plan: BodyPlan, opening: tuple[str, ...], negotiation: SdpNegotiation) -> str:
    """Return the lines of a session behind another one."""
    session = attrs.evolve(plan.session, lines=opening, media=())
    interface = next(media.interface for media in negotiation.receiver.medias if media.index == plan.first.index)
    origin, _ = next_origin(session, negotiation.receiver.origin, interface, negotiation.context)
    return patch_opening(plan, opening, origin)


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
