"""What a daemon knows of a call: the replies to query and delete."""

import functools
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from ...errors import WireError
from .. import decode
from .base import Reply
from .call import CallParty, Totals
from .quality import Source

__all__ = ["DeleteReply", "QueryReply"]


@attrs.frozen(kw_only=True, repr=False)
class QueryReply(Reply):
    """What the daemon knows of a call (ng document, "`query` Message"), read from `raw` when you look at it.

    A property raises `WireError` where the daemon sent another shape than the ng document promises.
    """

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
    def is_recorded(self) -> bool:
        """Whether the call is being recorded now."""
        return bool(decode.integer(decode.dictionary(self.raw, "recording"), "call recording"))

    @property
    def is_forwarded(self) -> bool:
        """Whether the audio of the whole call is being forwarded now."""
        return bool(decode.integer(decode.dictionary(self.raw, "recording"), "forwarding"))

    @functools.cached_property
    def tags(self) -> Mapping[str, CallParty]:
        """The participants by their tags; one that has signalled no tag yet has a made-up key."""
        source = decode.dictionary(self.raw, "tags")
        return MappingProxyType({tag: CallParty.from_ng(tag, decode.dictionary(source, tag)) for tag in source})

    @functools.cached_property
    def totals(self) -> Totals:
        """How much has passed in the whole call."""
        return Totals.from_ng(decode.dictionary(self.raw, "totals"))

    @functools.cached_property
    def sources(self) -> Mapping[int, Source]:
        """The sources of what came in, by SSRC: from the key ``SSRC``, and where it lacks one, from the media."""
        sources = {source.ssrc: source for tag in self.tags.values() for m in tag.medias for source in m.sources}
        whole = decode.dictionary(self.raw, "SSRC")
        for key in whole:
            if not (key.isascii() and key.isdecimal() and len(key) < 20):
                raise WireError(f"the reply has the key {key[:40]!r} in 'SSRC', where a number belongs")
            sources[int(key)] = Source.from_ng(decode.dictionary(whole, key), int(key))
        return MappingProxyType(sources)

    def _shown(self) -> str:
        try:
            return f"tags={list(self.tags)!r}, packets={self.totals.rtp.packets}" if "totals" in self.raw else ""
        except WireError as error:
            return f"<{error}>"


@attrs.frozen(kw_only=True, repr=False)
class DeleteReply(QueryReply):
    """The end of a call (ng document, "`delete` Message"), with its last statistics where the daemon sends any.

    Versions differ: 10.5 sends none for a call that is deleted by Call-ID alone, 12.5 no tags when it is deleted
    without delay. Query before you delete, when the figures matter. They are decoded when you look at them, and
    `WireError` is raised then where they are malformed.
    """
