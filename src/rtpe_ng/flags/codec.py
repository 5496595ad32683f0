"""What is to happen to the codecs of an offer (ng document, "Optionally included codec manipulations")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

from ..errors import UsageError
from .vocabulary import refusing_unknown, words

__all__ = ["Codec", "CodecLike", "codec"]


@refusing_unknown
@attrs.frozen(kw_only=True)
class Codec:
    """Operations on codecs, each a list of names such as ``PCMU``, ``opus/48000/2`` or ``all``.

    `codec_a | codec_b` joins the lists, without repeats. Raises `UsageError` for an unknown operation, and for
    what is no list of strings.
    """

    strip: Sequence[str] = words("strip")
    """Remove them from the offer that goes out."""
    offer: Sequence[str] = words("offer")
    """Keep them although `strip` or `mask` would remove them."""
    mask: Sequence[str] = words("mask")
    """Remove them from the offer that goes out, but accept them toward the offerer, by transcoding."""
    transcode: Sequence[str] = words("transcode")
    """Add them to the offer that goes out, transcoding where the offerer has none of them."""
    set: Sequence[str] = words("set")
    """Options, such as a bit rate, for codecs that are transcoded to or from."""
    accept: Sequence[str] = words("accept")
    """Accept them toward the offerer even where the answerer refused them."""
    consume: Sequence[str] = words("consume")
    """Like `mask`, and `accept` them."""
    ignore: Sequence[str] = words("ignore")
    """Treat them as if the offerer had not listed them; unknown to 10.5 and 12.5."""

    def __or__(self, other: Codec) -> Codec:
        if not isinstance(other, Codec):
            return NotImplemented
        mine, theirs = self.to_ng(), other.to_ng()
        return Codec(**{name: mine.get(name, []) + theirs.get(name, []) for name in mine | theirs})

    def to_ng(self) -> dict[str, list[str]]:
        """Return the dictionary for the key ``codec``: the operations that have members, in a fixed order."""
        return {a.name: list(names) for a in attrs.fields(Codec) if (names := getattr(self, a.name))}

    def __repr__(self) -> str:
        return f"Codec({', '.join(f'{name}={names!r}' for name, names in self.to_ng().items())})"


CodecLike: TypeAlias = Codec | Mapping[str, Sequence[str]]


def codec(value: CodecLike | None) -> Codec | None:
    """Return a `Codec` for a dictionary of operations; an unknown one is a `UsageError`."""
    if value is None or isinstance(value, Codec):
        return value
    if not isinstance(value, Mapping):
        raise UsageError(f"codec={value!r}: a Codec or a dictionary of lists expected")
    return Codec(**{str(name): names for name, names in value.items()})
