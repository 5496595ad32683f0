"""`CodecList`: the codecs of one side of a section, and what was changed in them.

The list keeps two orders. The order of preference is that of the ``m=`` line. The order of arrival decides which of
several codecs is found first, as in the daemon, which looks codecs up in a table beside the list. Codecs that the
engine adds stand before the first telephone-event or CN; the list keeps that boundary while codecs come and go.
"""

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
    codecs at these rates, and stay as they are at all others.
    """

    media_type: str
    behaviour: Behaviour
    _codecs: list[CodecEntry] = attrs.field(factory=list)
    """In the order of preference."""
    _added: list[CodecEntry] = attrs.field(factory=list)
    """In the order of arrival, in which they are looked up."""
    _boundary: int | None = None
    """The index at which codecs are added, before the supplemental ones; None for the end."""
    _rates: set[int] = attrs.field(factory=set)
    """The touched clock rates, in Hz."""
    _all_rates: bool = False
    """Every clock rate is touched."""
    stripped_in_full: bool = False
    """``full`` was stripped: a codec does not come back for ``transcode``, but is made."""

    @classmethod
    def of(cls, codecs: Iterable[CodecEntry], media_type: str, behaviour: Behaviour) -> Self:
        """Return a list of these codecs, with nothing touched."""
        new = cls(media_type=media_type, behaviour=behaviour)
        for codec in codecs:
            new.append(codec)
        return new

    def empty(self) -> CodecList:
        """Return an empty list for the same type of section."""
        return CodecList(media_type=self.media_type, behaviour=self.behaviour)

    def copy(self) -> CodecList:
        """Return an independent copy, with the same rates touched."""
        return attrs.evolve(self, codecs=list(self._codecs), added=list(self._added), rates=set(self._rates))

    # Look-up.

    def __iter__(self) -> Iterator[CodecEntry]:
        return iter(tuple(self._codecs))

    def __len__(self) -> int:
        return len(self._codecs)

    def get(self, payload_type: int) -> CodecEntry | None:
        """Return the codec with this payload type."""
        return next((codec for codec in reversed(self._added) if codec.payload_type == payload_type), None)

    def named(self, word: str) -> list[CodecEntry]:
        """Return the codecs that `word` names: by a name, a name and rate, or a name, rate and channels."""
        return [codec for codec in self._added if codec.is_named(word)]

    def like(self, codec: CodecEntry) -> CodecEntry | None:
        """Return the first codec that is the same, whatever its payload type."""
        if not self.behaviour.compares_parameters:
            return next((own for own in self._added if own.is_like(codec)), None)
        return next((own for own in self._of_name(codec.name) if own.matches(codec)), None)

    def matching(self, word: str, wanted: CodecEntry | None) -> CodecEntry | None:
        """Return the codec that matches `wanted`, which an option names; without `wanted` the one named `word`."""
        if wanted is None:
            return next((own for own in self._added if own.name == word), None)
        return next((own for own in self._of_name(wanted.name) if wanted.matches(own)), None)

    def _of_name(self, name: str) -> list[CodecEntry]:
        return [codec for codec in self._added if codec.name.lower() == name.lower()]

    # Changes.

    def append(self, codec: CodecEntry) -> None:
        """Add at the end."""
        self._insert(len(self._codecs), codec)

    def add(self, codec: CodecEntry) -> None:
        """Add behind the others, but before the first supplemental one."""
        self._insert(len(self._codecs) if self._boundary is None else self._boundary, codec)

    def prepend(self, codec: CodecEntry) -> None:
        """Add at the beginning, and remove the codec with the same payload type."""
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
        """Remove a codec."""
        index = self._codecs.index(codec)
        del self._codecs[index]
        self._added.remove(codec)
        if self._boundary is not None and index < self._boundary:
            self._boundary -= 1
        elif self._boundary == len(self._codecs):
            self._boundary = None

    def replace(self, old: CodecEntry, new: CodecEntry) -> None:
        """Replace a codec by the same one with other notes, in both orders."""
        for codecs in (self._codecs, self._added):
            codecs[codecs.index(old)] = new

    def renew(self, old: CodecEntry, new: CodecEntry) -> None:
        """Remove `old` and add `new` in its place; `new` counts as the last to arrive."""
        index = self._codecs.index(old)
        self.remove(old)
        self._insert(index, new)

    # Touched clock rates.

    def touch(self, codec: CodecEntry) -> None:
        """Note that something was changed at the clock rate of this codec; if it is supplemental, at all rates."""
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

    def copy_touches(self, other: CodecList) -> None:
        """Have the same rates touched as another list."""
        self._rates, self._all_rates = set(other._rates), other._all_rates

    # Payload types.

    def numbered(self, codec: CodecEntry, *others: CodecList) -> CodecEntry | None:
        """Return the codec with a payload type that is free here and in `others`: its own, or a dynamic one.

        Return None if none is free. Its own payload type counts as free if the same codec has it.
        """
        for number in (codec.payload_type, *_DYNAMIC):
            if number >= 0:
                holders = [held for codecs in (self, *others) if (held := codecs.get(number)) is not None]
                if not holders or (number == codec.payload_type and codec.is_like(holders[0])):
                    return attrs.evolve(codec, payload_type=number)
        return None


def rates_of(codecs: Sequence[CodecEntry]) -> list[int]:
    """Return the clock rates of codecs that are not supplemental, in ascending order."""
    return sorted({codec.clock_rate for codec in codecs if not codec.supplemental})
