"""ICE (RFC 8445) and rtcp-mux (RFC 5761): what the engine does toward each party."""

from ..request import Context, Options
from ..resources import Resources
from .party import PartyMedia
from .read import SentSection

__all__ = ["decide_ice", "decide_mux", "restart_ice", "restarts_ice", "start_ice"]


def decide_mux(receiver: PartyMedia, sender: PartyMedia, options: Options, *, is_offer: bool, offers: bool) -> None:
    """Decide about rtcp-mux toward the receiver; with `offers` it is offered even if the sender has none."""
    if not is_offer:
        if not sender.mux_decided:
            receiver.mux = sender.mux
        return
    receiver.mux = receiver.mux or sender.mux
    if offers:
        receiver.mux = True
    elif "demux" in options.mux:
        receiver.mux = False
    receiver.mux_decided = not sender.mux or not receiver.mux or bool(options.mux & {"accept", "reject"})
    if "reject" in options.mux and not ("accept" in options.mux and receiver.mux):
        sender.mux = False


def decide_ice(
    receiver: PartyMedia,
    sender: PartyMedia,
    context: Context,
    *,
    is_offer: bool,
    restarts: bool,
) -> None:
    """Decide about ICE toward the receiver, and about the roles; `restarts` tells that the sender restarts ICE."""
    options = context.options
    if not receiver.initialized:
        receiver.ice = sender.ice
    if options.ice == "remove":
        receiver.ice = False
    elif options.ice != "default" and (is_offer or context.behaviour.forces_ice_in_answers):
        receiver.ice = True
    if "reject-ICE" in options.words:
        sender.ice = False
    if "no-passthrough" in options.words or "passthrough" in options.words:
        receiver.passthrough = sender.passthrough = "passthrough" in options.words
        return
    if options.ice not in ("force", "default"):
        if receiver.ice and sender.ice:
            receiver.passthrough = sender.passthrough = True
            return
        if not is_offer and not sender.ice and not receiver.ufrag:
            receiver.ice = False
            return
    if is_offer and options.ice_lite:
        receiver.ice_lite = options.ice_lite in ("forward", "both")
        sender.ice_lite = options.ice_lite in ("backward", "both")
    if is_offer and "trickle-ICE" in options.words:
        receiver.trickle = True
    _decide_roles(receiver, sender, is_offer=is_offer, restarts=restarts)


def _decide_roles(receiver: PartyMedia, sender: PartyMedia, *, is_offer: bool, restarts: bool) -> None:
    """Decide who controls ICE: the engine toward a party that it makes an offer to, but never as a lite agent."""
    for media, controls in ((receiver, is_offer), (sender, False)) if is_offer else ((receiver, False),):
        if media.party_lite and not media.ice_lite:
            media.controlling = True
        elif not media.initialized or restarts:
            media.controlling = controls and not media.ice_lite


def restarts_ice(media: PartyMedia, section: SentSection) -> bool:
    """Tell whether the party restarts ICE: it has another ``ice-ufrag`` than before."""
    return not section.rejected and media.party_ufrag not in ("", section.ufrag or "")


def start_ice(media: PartyMedia, section: SentSection | None, context: Context) -> None:
    """Give the section an ICE agent if it needs one, and the agent a new name if the party restarts ICE."""
    if not media.ice or media.passthrough:
        if context.behaviour.drops_ice_agent or media.passthrough:
            media.ufrag = media.pwd = ""
        return
    if not media.ufrag:
        media.ufrag, media.pwd = context.resources.ufrag(), context.resources.pwd()
    elif section is not None and restarts_ice(media, section):
        restart_ice(media, context.resources)
    if section is not None and not section.rejected:
        media.party_ufrag = section.ufrag or ""


def restart_ice(media: PartyMedia, resources: Resources) -> None:
    """Give the section's ICE agent, if there is one, a new name and password."""
    if media.ufrag:
        media.ufrag, media.pwd = resources.ufrag(), resources.pwd()
