"""The commands of publishers and subscribers: ``publish``, ``subscribe request``, its answer, and ``unsubscribe``.

A publisher offers and only sends; the engine answers it. A subscriber only receives: ``subscribe request`` offers
it the media of one or more parties, and ``subscribe answer`` takes its answer. Where the subscriber is a recorder
for SIPREC, the reply also lists the parties and sections, and the sections of the offer are labelled with their
numbers.
"""

from collections.abc import Sequence

import attrs

from ... import sdp
from ...wire import Document, Value
from ..call import EngineCall, MediaSubscription
from ..errors import Refused
from ..request import EngineRequest
from ..sdp import rewrite, subscription
from ..sdp.attributes import attribute_of
from ..sdp.party import EngineParty, PartyMedia
from ..sdp.subscription import SourceSection
from ..state import State
from ..versions import Behaviour
from .participants import Participants, unknown_tag
from .selection import call_of

__all__ = ["party_with", "publish", "subscribe_answer", "subscribe_request", "unsubscribe"]


def _medias(participants: Participants, call: EngineCall, behaviour: Behaviour) -> Document:
    """Return ``tag-medias`` and ``media-labels`` of the reply to a recorder."""
    if participants.sections and behaviour.tells_each_section:
        entries = [(source.party, [source.media]) for source in participants.sources]
    else:
        entries = [(party, party.medias) for party in participants.told]
    by_tag: list[Value] = []
    by_label: Document = {}
    for party, medias in entries:
        name: Document = {} if party.label is None else {"label": party.label}
        told: list[Value] = []
        for media in medias:
            number = _number(call, party, media)
            kind = media.source.type if media.source is not None else ""
            first: Document = {"index": media.index + 1, "type": kind}
            mode = _mode(media)
            told.append({**first, "label": number, **mode})
            if number:
                by_label[number] = {"tag": party.tag, **first, **name, **mode}
        by_tag.append({"tag": party.tag, **name, "medias": told})
    return {"tag-medias": by_tag, "media-labels": by_label}


def _labelled(body: str, sources: Sequence[SourceSection], call: EngineCall, behaviour: Behaviour) -> str:
    """Return a body with a label in each section, which is the number of the section in `sources`."""
    if not body:
        return body
    session = sdp.parse(body)
    lines = list(session.lines)
    for media, source in zip(session.media, sources, strict=False):
        keeps = behaviour.keeps_other_labels
        own = [line for line in media.lines if keeps or attribute_of(line)[0] != "label"]
        if behaviour.makes_bodies and not source.media.transport.is_rtp:
            # It is passed on unchanged.
            lines += media.lines
            continue
        label = f"a=label:{_number(call, source.party, source.media)}\r\n"
        follows = _follows_in_composed if behaviour.makes_bodies else _follows_in_patched
        before = next((i for i, line in enumerate(own) if follows(line)), len(own))
        lines += [*own[:before], label, *own[before:]]
    return "".join(lines)


_CODECS_AND_ON = ("rtpmap", "fmtp", "rtcp-fb", "sendrecv", "sendonly", "recvonly", "inactive")


def _follows_in_patched(line: str) -> bool:
    return attribute_of(line)[0] in _CODECS_AND_ON


def _follows_in_composed(line: str) -> bool:
    return line[:1] not in "micb" and attribute_of(line)[0] != "mid"


def _number(call: EngineCall, party: EngineParty, media: PartyMedia) -> str:
    number = call.control.numbers.get((party, media.index))
    return "" if number is None else str(number)


def _mode(media: PartyMedia) -> Document:
    return {"mode": media.direction}


def publish(request: EngineRequest, state: State, now: float) -> Document:
    """Answer the offer of a publisher (ng document, "`publish` Message")."""
    behaviour = state.behaviour
    names: Document = {}
    if behaviour.makes_up_names:
        if not request.body:
            raise Refused("No SDP body in message")
        call_id = request.call_id or state.resources.name()
        from_tag = request.from_tag or state.resources.name()
        request = attrs.evolve(request, call_id=call_id, from_tag=from_tag)
        names = {"call-id": call_id, "from-tag": from_tag}
    if request.missing:
        raise Refused(f"No {request.missing} in message")
    body, name = request.body or "", request.call_id or ""
    call = _call(name, state, now) if behaviour.finds_call_before_body else None
    context = state.context(request)
    if body:
        rewrite.count_sections(body, context)
    call = call or _call(name, state, now)
    publisher = party_with(call, request.from_tag or "", now)
    call.revive(now)
    if request.label is not None:
        call.set_label(publisher, request.label)
    if not body:
        raise Refused("Failed to create SDP")
    sdp = subscription.publish(body, context, publisher=publisher)
    call.control.set_metadata(request.metadata, publisher)
    call.control.number(publisher)
    return names | {"sdp": sdp}


def subscribe_request(request: EngineRequest, state: State, now: float) -> Document:
    """Offer the media of other parties to a subscriber (ng document, "`subscribe request` Message")."""
    behaviour = state.behaviour
    call = call_of(request, state)
    participants = Participants.of(request, state, call)
    if not participants.told and not behaviour.adds_listener_first:
        raise Refused(behaviour.words_for_no_source)
    to_tag = request.to_tag or state.resources.name()
    subscriber = party_with(call, to_tag, now)
    label = request.set_label or request.to_label
    if label:
        call.set_label(subscriber, label)
    sources = participants.sources
    if not participants.told:
        raise Refused(behaviour.words_for_no_source)
    _replace(call, subscriber, participants)
    context = state.context(request)
    sdp = ""
    if sources:
        sdp = subscription.offer(sources, context, subscriber=subscriber)
    tags: list[Value] = [party.tag for party in participants.told]
    reply: Document = {}
    if "SIPREC" in request.flags:
        reply |= _medias(participants, call, behaviour)
        sdp = _labelled(sdp, sources, call, behaviour)
    call.control.number(subscriber)
    if sdp:
        reply["sdp"] = sdp
    if len(tags) == 1:
        reply["from-tag"] = tags[0]
    return reply | {"from-tags": tags, "to-tag": to_tag}


def subscribe_answer(request: EngineRequest, state: State, now: float) -> Document:
    """Take the answer of a subscriber (ng document, "`subscribe answer` Message")."""
    behaviour = state.behaviour
    call = call_of(request, state)
    body, to_tag = request.body, request.to_tag
    context = state.context(request)
    if behaviour.finds_call_before_body:
        if not body:
            raise Refused("No SDP body in message")
        rewrite.count_sections(body, context)
    if to_tag is None:
        raise Refused("No to-tag in message")
    if not body:
        raise Refused("No SDP body in message")
    subscriber = call.by_tag(to_tag)
    if subscriber is None:
        raise unknown_tag("To-tag")
    subscription.answer(body, context, subscriber=subscriber, sources=_sources(call, subscriber, state))
    call.revive(now)
    return {}


def unsubscribe(request: EngineRequest, state: State, now: float) -> Document:
    """End the subscriptions of a party, or one of them (ng document, "`unsubscribe` Message")."""
    behaviour = state.behaviour
    call = call_of(request, state)
    to_tag = request.to_tag
    if to_tag is None:
        raise Refused("No to-tag in message")
    subscriber = call.by_tag(to_tag)
    if subscriber is None:
        if behaviour.unsubscribes_only_known:
            raise unknown_tag("To-tag")
        subscriber = party_with(call, to_tag, now)
    source: EngineParty | None = None
    if behaviour.unsubscribes_only_known and "directional" in request.flags:
        from_tag = request.from_tag
        source = call.by_tag(from_tag) if from_tag is not None else None
        if source is None and from_tag is not None:
            raise unknown_tag("From-tag")
    call.subscriptions = [
        edge
        for edge in call.subscriptions
        if edge.subscriber is not subscriber or source not in (None, edge.source)
    ]
    if behaviour.unsubscribes_only_known and source is None:
        # The party remains in the call, but is no longer found.
        del call.tags[to_tag]
        state.calls.topology(call).forget(subscriber)
    return {}


def _call(name: str, state: State, now: float) -> EngineCall:
    return state.calls.get(name) or state.calls.create(name, now)


def party_with(call: EngineCall, tag: str, now: float) -> EngineParty:
    """Return the party with this tag, a new one where the tag is unknown."""
    party = call.by_tag(tag)
    if party is None:
        party = call.add(now)
        party.tag, call.tags[tag] = tag, party
    return party


def _replace(call: EngineCall, subscriber: EngineParty, participants: Participants) -> None:
    """Replace the subscriptions of a party by subscriptions to these participants."""
    call.subscriptions = [edge for edge in call.subscriptions if edge.subscriber is not subscriber]
    if participants.sections:
        links = [(source.party, source.media.index) for source in participants.sources]
    else:
        links = [(party, 0) for party in participants.told]
    call.subscriptions += [
        MediaSubscription(source=party, subscriber=subscriber, source_section=section, subscriber_section=index)
        for index, (party, section) in enumerate(links)
    ]


def _sources(call: EngineCall, subscriber: EngineParty, state: State) -> list[SourceSection]:
    """Return the sections that a party is subscribed to."""
    sources: list[SourceSection] = []
    for edge in call.subscriptions_of(subscriber):
        if state.behaviour.subscribes_sections:
            medias = edge.source.medias[edge.source_section : edge.source_section + 1]
        else:
            medias = edge.source.medias
        sources += [SourceSection(party=edge.source, media=media) for media in medias]
    return sources
