"""What a recorder is told of the media that it listens to (ng document, ``siprec``)."""

from __future__ import annotations

from collections.abc import Sequence

from ... import sdp
from ...wire import Document, Value
from ..calls import Call
from ..rewriting import Party, PartyMedia, Source, direction
from ..rewriting.attributes import attribute_of
from ..versions import Behaviour
from .participants import Participants

__all__ = ["labelled", "medias_of"]


def medias_of(participants: Participants, call: Call, behaviour: Behaviour) -> Document:
    """Return ``tag-medias`` and ``media-labels``."""
    if participants.sections and behaviour.tells_each_section:
        entries = [(it.party, [it.media]) for it in participants.sources]
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


def labelled(body: str, sources: Sequence[Source], call: Call, behaviour: Behaviour) -> str:
    """Return a body with the labels of its sections, which are those of `sources`."""
    if not body:
        return body
    session = sdp.parse(body)
    lines = list(session.lines)
    for media, source in zip(session.media, sources, strict=False):
        keeps = behaviour.keeps_other_labels
        own = [line for line in media.lines if keeps or attribute_of(line)[0] != "label"]
        if behaviour.makes_bodies and not source.media.transport.is_rtp:
            # It is passed on as it was.
            lines += media.lines
            continue
        label = f"a=label:{_number(call, source.party, source.media)}\r\n"
        follows = _follows_in_made if behaviour.makes_bodies else _follows_in_kept
        before = next((i for i, line in enumerate(own) if follows(line)), len(own))
        lines += [*own[:before], label, *own[before:]]
    return "".join(lines)


_CODECS_AND_ON = ("rtpmap", "fmtp", "rtcp-fb", "sendrecv", "sendonly", "recvonly", "inactive")


def _follows_in_kept(line: str) -> bool:
    return attribute_of(line)[0] in _CODECS_AND_ON


def _follows_in_made(line: str) -> bool:
    return line[:1] not in "micb" and attribute_of(line)[0] != "mid"


def _number(call: Call, party: Party, media: PartyMedia) -> str:
    number = call.steering.numbers.get((party, media.index))
    return "" if number is None else str(number)


def _mode(media: PartyMedia) -> Document:
    return {"mode": direction(media)}
