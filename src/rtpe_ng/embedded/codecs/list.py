"""`CodecList`: the codecs of one side of a section in the order of preference, and what was changed in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import attrs

from ..versions import Behaviour
from .entry import CodecEntry

__all__ = ["CodecList"]

_DYNAMIC = range(96, 128)


@attrs.define(kw_only=True, eq=False)
class CodecList:
    """A list of codecs that options change.

    It notes the clock rates at which something was changed (`touch`): telephone-event and CN follow the other
    codecs at these rates, and are left alone at others.
    """

    media_type: str
    behaviour: Behaviour
    _codecs: list[CodecEntry] = attrs.field(factory=list)
    """In the order of preference."""
    _added: list[CodecEntry] = attrs.field(factory=list)
    """In the order in which they came, in which they are looked up."""
    _boundary: int | None = None
    """Where codecs are added that are to stand before the supplemental ones: an index, or None for the end."""
    _rates: set[int] = attrs.field(factory=set)
    _all_rates: bool = False
    stripped_in_full: bool = False

    @classmethod
    def of(cls, codecs: Iterable[CodecEntry], media_type: str, behaviour: Behaviour) -> Self:
        """Return a list of these codecs, nothing touched."""
        made = cls(media_type=media_type, behaviour=behaviour)
        for codec in codecs:
            made.append(codec)
        return made

    def empty(self) -> CodecList:
        """Return a list for the same kind of section, with nothing in it."""
        return CodecList(media_type=self.media_type, behaviour=self.behaviour)

    def copy(self) -> CodecList:
        """Return a list of its own, equally touched."""
        return attrs.evolve(self, codecs=list(self._codecs), added=list(self._added), rates=set(self._rates))

    # What is in it.

    def __iter__(self) -> Iterator[CodecEntry]:
        return iter(tuple(self._codecs))

    def __len__(self) -> int:
        return len(self._codecs)

    def get(self, payload_type: int) -> CodecEntry | None:
        """Return the codec with this payload type."""
        return next((codec for codec in reversed(self._added) if codec.payload_type == payload_type), None)

    def named(self, word: str) -> list[CodecEntry]:
        """Return the codecs that `word` names: a name, with its rate or with rate and channels."""
        return [codec for codec in self._added if codec.is_named(word)]

    def like(self, codec: CodecEntry) -> CodecEntry | None:
        """Return the first that is the same codec, whatever its payload type."""
        if not self.behaviour.compares_parameters:
            return next((it for it in self._added if it.is_like(codec)), None)
        return next((it for it in self.called(codec.name) if it.matches(codec)), None)

    def called(self, name: str) -> list[CodecEntry]:
        """Return the codecs of this name."""
        return [codec for codec in self._added if codec.name.lower() == name.lower()]

    def the_one(self, word: str, wanted: CodecEntry | None) -> CodecEntry | None:
        """Return the codec that an option means: `wanted`, or else the one of just this name."""
        if wanted is None:
            return next((it for it in self._added if it.name == word), None)
        return next((it for it in self.called(wanted.name) if wanted.matches(it)), None)

    # How it changes.

    def append(self, codec: CodecEntry) -> None:
        """Add at the end."""
        self._insert(len(self._codecs), codec)

    def add(self, codec: CodecEntry) -> None:
        """Add behind the others, but before the first of the supplemental ones."""
        self._insert(len(self._codecs) if self._boundary is None else self._boundary, codec)

    def prepend(self, codec: CodecEntry) -> None:
        """Add at the beginning, in the place of one with the same payload type."""
        if (old := self.get(codec.payload_type)) is not None:
            self.remove(old)
        self._insert(0, codec)

    def _insert(self, index: int, codec: CodecEntry) -> None:
        self._codecs.insert(index, codec)
        self._added.append(codec)
        if self._boundary is not None and index <= self._boundary:
            self._boundary += 1
        elif self._boundary is None and codec.supplemental:
            self._boundary = index

    def remove(self, codec: CodecEntry) -> None:
        """Take one out."""
        index = self._codecs.index(codec)
        del self._codecs[index]
        self._added.remove(codec)
        if self._boundary is not None and index < self._boundary:
            self._boundary -= 1
        elif self._boundary == len(self._codecs):
            self._boundary = None

    def replace(self, old: CodecEntry, new: CodecEntry) -> None:
        """Note something else about a codec: `new` is `old` but for that."""
        for codecs in (self._codecs, self._added):
            codecs[codecs.index(old)] = new

    def renew(self, old: CodecEntry, new: CodecEntry) -> None:
        """Take `old` out and add `new` at its place."""
        index = self._codecs.index(old)
        self.remove(old)
        self._insert(index, new)

    # What is touched.

    def touch(self, codec: CodecEntry) -> None:
        """Note that something was changed at the clock rate of this codec; with a supplemental one, at all."""
        if codec.supplemental:
            self._all_rates = True
        else:
            self._rates.add(codec.clock_rate)

    def touch_all(self) -> None:
        """Note that something was changed at all clock rates."""
        self._all_rates = True

    def untouch(self) -> None:
        """Note that nothing was changed."""
        self._rates, self._all_rates = set(), False

    def touched(self, clock_rate: int) -> bool:
        """Tell whether something was changed at this clock rate."""
        return self._all_rates or clock_rate in self._rates

    def take_touches(self, other: CodecList) -> None:
        """Have the same touched as another list."""
        self._rates, self._all_rates = set(other._rates), other._all_rates

    # Payload types.

    def numbered(self, codec: CodecEntry, *others: CodecList) -> CodecEntry | None:
        """Return the codec with a payload type that is free here and in `others`: its own, or a dynamic one.

        None where all are taken. One that is taken by the same codec is not taken.
        """
        for number in (codec.payload_type, *_DYNAMIC):
            if number >= 0:
                holders = [it for one in (self, *others) if (it := one.get(number)) is not None]
                if not holders or (number == codec.payload_type and codec.is_like(holders[0])):
                    return attrs.evolve(codec, payload_type=number)
        return None


def rates_of(codecs: Sequence[CodecEntry]) -> list[int]:
    """Return the clock rates of codecs that are not supplemental, in ascending order."""
    return sorted({codec.clock_rate for codec in codecs if not codec.supplemental})
