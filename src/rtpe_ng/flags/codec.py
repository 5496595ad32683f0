"""What is to happen to the codecs of an offer (ng document, "Optionally included codec manipulations")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

from ..keys import refusing_unknown, words
from .parts import Part, reading

__all__ = ["Codec", "CodecLike", "codec"]

_OFFERS = ("offer", "subscribe request", "publish", "play media")


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False)
class Codec(Part):
    """Operations on codecs, each a list of names such as ``PCMU``, ``opus/48000/2`` or ``all``.

    `codec_a | codec_b` joins the lists, without repeats. Raises `UsageError` for an unknown operation, and for
    what is no list of strings.
    """

    strip: Sequence[str] = words("strip")
    """Remove them from the SDP that goes out: a name, a payload type, ``all``, or ``full``, which lets `transcode`
    add none of them as they were."""
    offer: Sequence[str] = words("offer")
    """Keep them although `strip` or `mask` would remove them, and put them first, in this order."""
    mask: Sequence[str] = words("mask", commands=_OFFERS)
    """Remove them from the offer that goes out, but accept them toward the offerer, by transcoding."""
    transcode: Sequence[str] = words("transcode", commands=_OFFERS)
    """Add them to the offer that goes out, transcoding where the offerer has none of them."""
    set: Sequence[str] = words("set", commands=_OFFERS)
    """Options, such as a bit rate in bit/s, for codecs that are transcoded to or from: ``opus/48000/2/32000``."""
    accept: Sequence[str] = words("accept", commands=_OFFERS)
    """Accept them toward the offerer even where the answerer refused them."""
    consume: Sequence[str] = words("consume", commands=_OFFERS)
    """Like `mask`, and engage transcoding even where nothing else asks for it."""
    # "except" is a word of Python's own.
    except_: Sequence[str] = words("except")
    """Keep them although `strip` or `mask` would remove them, in the order in which they came."""
    ignore: Sequence[str] = words("ignore", since="13.3", toward="sender")
    """Treat them as if the offerer had not listed them. Since 13.3."""


CodecLike: TypeAlias = Codec | Mapping[str, Sequence[str]]

codec = reading("codec", Codec)
