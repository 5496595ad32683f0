"""The commands of who only sends or only listens: to publish, to subscribe, and to unsubscribe."""

from __future__ import annotations

import attrs

from ...wire import Document, Value
from .. import rewriting
from ..calls import Call, Subscription
from ..identity import Identity, words
from ..refused import Refused
from ..rewriting import Party, Source
from ..state import State
from .participants import Participants, unknown_tag
from .selection import call_of, text_of, words_of
from .siprec import labelled, medias_of

__all__ = ["party_with", "publish", "subscribe_answer", "subscribe_request", "unsubscribe"]


def publish(request: Document, state: State, now: float) -> Document:
    """Take the offer of who only sends, and answer it (ng document, "`publish` Message")."""
    behaviour = state.behaviour
    identity = Identity.from_ng(request, behaviour)
    names: Document = {}
    if behaviour.makes_up_names:
        if not identity.body:
            raise Refused("No SDP body in message")
        call_id = identity.call_id or state.resources.name()
        from_tag = identity.from_tag or state.resources.name()
        identity = attrs.evolve(identity, call_id=call_id, from_tag=from_tag)
        names = {"call-id": call_id, "from-tag": from_tag}
    if identity.missing:
        raise Refused(f"No {identity.missing} in message")
    body, name = identity.body or "", identity.call_id or ""
    call = _call(name, state, now) if behaviour.finds_call_before_body else None
    context = state.context(request)
    rewriting.sections(body, context)
    call = call or _call(name, state, now)
    publisher = party_with(call, identity.from_tag or "", now)
    call.revive(now)
    if identity.label is not None:
        call.set_label(publisher, identity.label)
    if not body:
        raise Refused("Failed to create SDP")
    sdp = rewriting.publish(body, context, publisher=publisher)
    call.steering.set_metadata(identity.metadata, publisher)
    call.steering.number(publisher)
    return names | {"sdp": sdp}


def subscribe_request(request: Document, state: State, now: float) -> Document:
    """Offer to who only listens what others send (ng document, "`subscribe request` Message")."""
    behaviour = state.behaviour
    call = call_of(request, state)
    participants = Participants.of(request, state, call)
    if not participants.told and not behaviour.adds_listener_first:
        raise Refused(behaviour.words_for_no_source)
    to_tag = text_of(request, "to-tag") or state.resources.name()
    subscriber = party_with(call, to_tag, now)
    label = text_of(request, "set-label", "to-label")
    if label:
        call.set_label(subscriber, label)
    sources = participants.sources
    if not participants.told:
        raise Refused(behaviour.words_for_no_source)
    _replace(call, subscriber, participants)
    context = state.context(request)
    sdp = ""
    if sources:
        sdp = rewriting.subscription_offer(sources, context, subscriber=subscriber)
    tags: list[Value] = [party.tag for party in participants.told]
    reply: Document = {}
    if "siprec" in words(request.get("flags"), behaviour):
        reply |= medias_of(participants, call, behaviour)
        sdp = labelled(sdp, sources, call, behaviour)
    call.steering.number(subscriber)
    if sdp:
        reply["sdp"] = sdp
    if len(tags) == 1:
        reply["from-tag"] = tags[0]
    return reply | {"from-tags": tags, "to-tag": to_tag}


def subscribe_answer(request: Document, state: State, now: float) -> Document:
    """Take the answer of who only listens (ng document, "`subscribe answer` Message")."""
    behaviour = state.behaviour
    call = call_of(request, state)
    body, to_tag = text_of(request, "sdp", "SDP"), text_of(request, "to-tag")
    context = state.context(request)
    if behaviour.finds_call_before_body:
        if not body:
            raise Refused("No SDP body in message")
        rewriting.sections(body, context)
    if to_tag is None:
        raise Refused("No to-tag in message")
    if not body:
        raise Refused("No SDP body in message")
    subscriber = call.by_tag(to_tag)
    if subscriber is None:
        raise unknown_tag("To-tag")
    rewriting.subscription_answer(body, context, subscriber=subscriber, sources=_heard(call, subscriber, state))
    call.revive(now)
    return {}


def unsubscribe(request: Document, state: State, now: float) -> Document:
    """Let a party listen to nobody (ng document, "`unsubscribe` Message")."""
    behaviour = state.behaviour
    call = call_of(request, state)
    to_tag = text_of(request, "to-tag")
    if to_tag is None:
        raise Refused("No to-tag in message")
    subscriber = call.by_tag(to_tag)
    if subscriber is None:
        if behaviour.unsubscribes_only_known:
            raise unknown_tag("To-tag")
        subscriber = party_with(call, to_tag, now)
    source: Party | None = None
    if behaviour.unsubscribes_only_known and "directional" in words_of(request):
        from_tag = text_of(request, "from-tag")
        source = call.by_tag(from_tag) if from_tag is not None else None
        if source is None and from_tag is not None:
            raise unknown_tag("From-tag")
    call.subscriptions = [
        it for it in call.subscriptions if it.subscriber is not subscriber or source not in (None, it.source)
    ]
    if behaviour.unsubscribes_only_known and source is None:
        # It stays in the call, and is found no more.
        del call.tags[to_tag]
        state.calls.dialogues(call).forget(subscriber)
    return {}


def _call(name: str, state: State, now: float) -> Call:
    return state.calls.get(name) or state.calls.create(name, now)


def party_with(call: Call, tag: str, now: float) -> Party:
    """Return the party with this tag, a new one where there is none."""
    party = call.by_tag(tag)
    if party is None:
        party = call.add(now)
        party.tag, call.tags[tag] = tag, party
    return party


def _replace(call: Call, subscriber: Party, participants: Participants) -> None:
    """Let a party listen to these, and to nobody else."""
    call.subscriptions = [it for it in call.subscriptions if it.subscriber is not subscriber]
    if participants.sections:
        links = [(source.party, source.media.index) for source in participants.sources]
    else:
        links = [(party, 0) for party in participants.told]
    call.subscriptions += [
        Subscription(source=party, subscriber=subscriber, source_section=section, subscriber_section=index)
        for index, (party, section) in enumerate(links)
    ]


def _heard(call: Call, subscriber: Party, state: State) -> list[Source]:
    """Return what a party listens to, section by section."""
    found: list[Source] = []
    for it in call.subscriptions_of(subscriber):
        if state.behaviour.subscribes_sections:
            medias = it.source.medias[it.source_section : it.source_section + 1]
        else:
            medias = it.source.medias
        found += [Source(party=it.source, media=media) for media in medias]
    return found
