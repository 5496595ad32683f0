"""The ears of a party whose audio is decoded in this process."""

from __future__ import annotations

import time
from array import array

from .tones import tones_in

MOMENT = 0.08
"""How much audio is looked at, in seconds."""
STALE = 0.2
"""For how long audio is something that one hears now."""


class Ears:
    """Keeps the last moment of what came in."""

    def __init__(self) -> None:
        self._samples: array[int] = array("h")
        self._rate = 0
        self._at = 0.0

    def take(self, samples: array[int], rate: int) -> None:
        """Hear these samples now."""
        if rate != self._rate or time.monotonic() - self._at > STALE:
            self.forget()
        self._rate = rate
        self._at = time.monotonic()
        self._samples = (self._samples + samples)[-round(MOMENT * rate) :]

    def forget(self) -> None:
        """Hear nothing until more comes."""
        self._samples = array("h")

    def tones(self) -> frozenset[int]:
        """Tell which tones are heard now."""
        if not self._samples or time.monotonic() - self._at > STALE:
            return frozenset()
        return tones_in(self._samples, self._rate)
