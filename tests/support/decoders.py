"""What both encodings of the wire have: a decoder in two halves, of which the quick one decides nothing."""

from __future__ import annotations

from typing import Protocol

from rtpe_ng import WireError
from rtpe_ng.wire import Document

__all__ = ["both_decoders_agree"]


class TwoHalves(Protocol):
    """The module of an encoding."""

    def decode(self, data: bytes) -> Document: ...

    def decode_plain(self, data: bytes) -> Document | None: ...

    def decode_strictly(self, data: bytes) -> Document: ...


def both_decoders_agree(encoding: TwoHalves, data: bytes) -> Document | None:
    """Return what the plain decoder made of `data`: what the strict one makes of it, or nothing."""
    outcomes: list[object] = []
    for decode in (encoding.decode, encoding.decode_strictly):
        try:
            outcomes.append(decode(data))
        except WireError as error:
            outcomes.append(error)
    chosen, strict = map(repr, outcomes)
    # By their texts, so that the order of keys counts, True is not 1, and an error has its message and its place.
    assert chosen == strict
    plain = encoding.decode_plain(data)
    assert plain is None or repr(plain) == strict
    return plain
