"""What a daemon knows of a call: the replies to query and delete."""

import functools
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from ...errors import WireError
from .. import decode
from .base import Reply
from .call import CallParty, Totals
from .quality import Source, distinct
from .traffic import PartyTraffic, traffic_of

__all__ = ["DeleteReply", "QueryReply"]


def names_of(tags: Iterable[str], sip_tags: Mapping[str, str]) -> dict[str, str]:
    """Return a name for each of the daemon's tags, no two alike, where `sip_tags` has those of present parties.

    A party without a SIP tag there has left, or is none of the call's: its name is the daemon's tag, with
    `` (left)`` behind it where a present party has that SIP tag.
    """
    names = dict(sip_tags)
    taken = set(names.values())
    for tag in tags:
        if tag not in names:
            name = tag
            while name in taken:
                name += " (left)"
            names[tag] = name
            taken.add(name)
    return names


@attrs.frozen(kw_only=True, repr=False)
class QueryReply(Reply):
    """What the daemon knows of a call (ng document, "`query` Message"), decoded when you look at it.

    A property raises `WireError` where the daemon sent another shape than the ng document promises. If the reply is
    no document at all, although it ends as one that says ``ok`` does, each of them does.
    """

    sip_tags: Mapping[str, str] = attrs.field(factory=dict, eq=False)
    """The SIP tags of parties that the daemon knows by others, by the daemon's: a `Call` gives them."""

    @property
    def created(self) -> int:
        """When the call began, in seconds since 1970."""
        return decode.integer(self.raw, "created")

    @property
    def last_signal(self) -> int:
        """When the last offer, answer or other command for it came, in seconds since 1970."""
        return decode.integer(self.raw, "last signal")

    @property
    def metadata(self) -> str | None:
        """The text of ``Flags(metadata=...)`` about the call; None without one."""
        return decode.text(self.raw, "metadata")

    @property
    def is_recorded(self) -> bool | None:
        """Whether the call is being recorded now; None where it never was, or the daemon does not tell."""
        recording = decode.dictionary(self.raw, "recording")
        return bool(decode.integer(recording, "call recording")) if recording else None

    @property
    def is_forwarded(self) -> bool | None:
        """Whether the audio of the whole call is being forwarded now; None as for `is_recorded`."""
        recording = decode.dictionary(self.raw, "recording")
        return bool(decode.integer(recording, "forwarding")) if recording else None

    @functools.cached_property
    def tags(self) -> Mapping[str, CallParty]:
        """The participants by the daemon's tags; one that has signalled no tag yet has a made-up key."""
        source = decode.dictionary(self.raw, "tags")
        return MappingProxyType({tag: CallParty.from_ng(tag, decode.dictionary(source, tag)) for tag in source})

    @functools.cached_property
    def totals(self) -> Totals:
        """How much has passed in the whole call."""
        return Totals.from_ng(decode.dictionary(self.raw, "totals"))

    @functools.cached_property
    def sources(self) -> Mapping[int, Source]:
        """The sources of what came in, by SSRC: what the key ``SSRC`` and the media tell of each, together."""
        sources = [source for tag in self.tags.values() for m in tag.medias for source in m.sources]
        whole = decode.dictionary(self.raw, "SSRC")
        for key in whole:
            if not (key.isascii() and key.isdecimal() and len(key) < 20):
                raise WireError(f"the reply has the key {key[:40]!r} in 'SSRC', where a number belongs")
            sources.append(Source.from_ng(decode.dictionary(whole, key), int(key)))
        return MappingProxyType(distinct(sources))

    @functools.cached_property
    def parties(self) -> Mapping[str, PartyTraffic]:
        """What passed between each party and the daemon, and how well, by the party's tag.

        ``reply.parties["bob"].received.packets`` is how many RTP packets came from bob. The reply of a `Call` has
        SIP tags here, all others those of the daemon. Parties that have left are found under the daemon's tag too,
        which is the first SIP tag that they had; if a present party has that SIP tag, ``" (left)"`` follows it.
        """
        names = names_of(self.tags, self.sip_tags)
        traffic = ((names[tag], it) for tag, it in traffic_of(self.tags, self.sources))
        return MappingProxyType({tag: attrs.evolve(it, tag=tag) for tag, it in traffic})

    def _shown(self) -> str:
        try:
            return f"tags={list(self.tags)!r}, packets={self.totals.rtp.packets}" if "totals" in self.raw else ""
        except WireError as error:
            return f"<{error}>"


@attrs.frozen(kw_only=True, repr=False)
class DeleteReply(QueryReply):
    """The end of a call (ng document, "`delete` Message"), with its last statistics where the daemon sends any.

    Versions differ: 10.5 sends none for a call that is deleted by Call-ID alone, 12.5 no tags when it is deleted by
    a tag and without delay. Query before you delete, when the figures matter. A reply without any has no `tags` and
    no `parties`; what `created`, `last_signal` and `totals` then say is 0.
    """
