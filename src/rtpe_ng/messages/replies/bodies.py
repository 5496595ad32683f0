"""Replies with an SDP body, and the reply that says where the daemon takes streams.

A body is kept as it came: what it says is asked of `rtpe_ng.sdp`, not of the reply. Beside a subscription's body,
the reply says which section of it has whose media. 26.0 says so in another way than 12.5; `tag_medias_of` reads
both into one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from ...wire import Value
from .. import decode
from .base import Reply
from .call import Endpoint

__all__ = ["MediaLabel", "PartyReply", "Repair", "SdpReply", "SubscribeReply", "TransformReply", "Transformed"]


@attrs.frozen(kw_only=True)
class Repair:
    """What a `Call` mended in a body, because it would have ended the call. `str` returns that as a sentence."""

    mend: str
    """The word of `Profile.mends` that allows it."""
    where: str
    """``session``, or the media section, such as ``audio 0``."""
    what: str
    """What was done, such as ``s=- written``."""
    why: str
    """Why, with the source of the rule."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.why}"


@attrs.frozen(kw_only=True, repr=False)
class SdpReply(Reply):
    """An SDP body to send on (ng document, "`offer` Message" and "`answer` Message")."""

    sdp: str
    """The body as the daemon rewrote or made it; bytes that are not UTF-8 stand as surrogates."""
    repairs: tuple[Repair, ...] = ()
    """What a `Call` has mended in the body that it sent or in this one; empty from methods such as
    `Client.offer`."""

    def _shown(self) -> str:
        repairs = f", repairs=<{len(self.repairs)}>" if self.repairs else ""
        return f"sdp=<{len(self.sdp.encode('utf-8', 'surrogateescape'))} bytes>{repairs}"


@attrs.frozen(kw_only=True, repr=False)
class PartyReply(SdpReply):
    """A party and the body that the daemon made for it (ng document, "`publish` Message" and others)."""

    call_id: str
    """The SIP Call-ID, as it was given or made up."""
    from_tag: str
    """The party's tag, as it was given or made up."""

    def _shown(self) -> str:
        return f"call_id={self.call_id!r}, from_tag={self.from_tag!r}, {super()._shown()}"


@attrs.frozen(kw_only=True)
class MediaLabel:
    """Whose media a section of the offer for a SIPREC recorder has (RFC 7866, section 7.1.1)."""

    label: str | None
    """The ``a=label`` of the section (RFC 4574), which is unique in the call; None where the daemon gave none."""
    tag: str
    """The tag of the party whose media it is."""
    index: int
    """The number of the section in that party's own SDP, counted from 1."""
    type: str
    """``audio``, ``video`` and so on."""
    mode: str | None
    """How the media flows between that party and the daemon: ``sendrecv``, ``sendonly``, ``recvonly`` or
    ``inactive``. None where the daemon does not tell."""
    party_label: str | None
    """The name that ``Flags(label=...)`` gave the party; None without one."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value], *, label: str | None, tag: str, name: str | None) -> MediaLabel:
        """Read what is told of a section; raise `WireError` where it has another shape."""
        return cls(
            label=label or None,
            tag=tag,
            index=decode.integer(document, "index"),
            type=decode.text(document, "type") or "",
            mode=decode.text(document, "mode"),
            party_label=name,
        )


@attrs.frozen(kw_only=True, repr=False)
class SubscribeReply(SdpReply):
    """The offer for a listener (ng document, "`subscribe request` Message")."""

    to_tag: str
    """The listener's tag, as it was given or made up: the answer and the end of the subscription need it."""
    from_tags: tuple[str, ...]
    """The tags of the parties that are listened to, one for each media section."""
    tag_medias: Mapping[str, tuple[MediaLabel, ...]] = attrs.field(factory=dict)
    """The media sections of each party, by its tag, with ``siprec=True``; empty without it."""

    @functools.cached_property
    def labels(self) -> Mapping[str, MediaLabel]:
        """Whose media stands under which ``a=label`` of `sdp`, with ``siprec=True``; empty without it.

        The order of sections in `sdp` differs between versions of the daemon: go by the labels.
        """
        medias = (media for medias in self.tag_medias.values() for media in medias)
        return MappingProxyType({media.label: media for media in medias if media.label is not None})

    def _shown(self) -> str:
        return f"from_tags={list(self.from_tags)!r}, to_tag={self.to_tag!r}, {super()._shown()}"


def tag_medias_of(document: Mapping[str, Value]) -> Mapping[str, tuple[MediaLabel, ...]]:
    """Read ``tag-medias`` and ``media-labels`` of a reply to ``subscribe request``, each section once.

    26.0 has an entry of ``tag-medias`` for each section, and 12.5 repeats in both a party for each of its sections.
    Raises `WireError` where one has another shape.
    """
    found: dict[tuple[str, int], MediaLabel] = {}

    def add(section: Mapping[str, Value], *, label: str | None, tag: str, name: str | None) -> None:
        media = MediaLabel.from_ng(section, label=label, tag=tag, name=name)
        found.setdefault((media.tag, media.index), media)

    for party in decode.dictionaries(document, "tag-medias"):
        tag, name = decode.text(party, "tag") or "", decode.text(party, "label")
        for section in decode.dictionaries(party, "medias"):
            add(section, label=decode.text(section, "label"), tag=tag, name=name)
    labels = decode.dictionary(document, "media-labels")
    for label in labels:
        section = decode.dictionary(labels, label)
        # Beside these keys, "label" is the name of the party.
        add(section, label=label, tag=decode.text(section, "tag") or "", name=decode.text(section, "label"))
    tags = dict.fromkeys(tag for tag, _ in found)
    return {
        tag: tuple(sorted((it for it in found.values() if it.tag == tag), key=lambda it: it.index)) for tag in tags
    }


@attrs.frozen(kw_only=True)
class Transformed:
    """Where the daemon takes one stream."""

    id: str
    """The name of the stream, as it was given or made up."""
    endpoint: Endpoint | None
    """The daemon's address and UDP port: send the stream there. None where it takes nothing."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Value]) -> Transformed:
        """Read a member of ``media``; raise `WireError` where it has another shape."""
        return cls(id=decode.text(document, "id") or "", endpoint=Endpoint.from_ng(document))


@attrs.frozen(kw_only=True, repr=False)
class TransformReply(Reply):
    """Where the daemon takes the streams that it transcodes (``transform``)."""

    call_id: str
    """The Call-ID, as it was given or made up: a delete with it ends the transcoding."""
    from_tag: str
    """The tag, as it was given or made up."""
    media: tuple[Transformed, ...]
    """The streams, in the order of the request."""

    def _shown(self) -> str:
        shown = ", ".join(str(media.endpoint) for media in self.media)
        return f"call_id={self.call_id!r}, media=[{shown}]"
