"""Tones: G.711 µ-law by its definition, sine waves, and which of the known tones some audio holds."""

from __future__ import annotations

import bisect
import functools
import math
from array import array
from collections.abc import Iterable, Sequence

RATE = 8000
"""Samples in a second of PCMU."""
TONES = (440, 660, 1000, 1400)
"""The tones that parties play, in Hz. None is a multiple of another, so that distortion is no other tone."""

_LOUDNESS = 0.3
_FULL = 32768


def _decoded(code: int) -> int:
    # ITU-T G.711: inverted bits; a sign, three bits of exponent, four of mantissa; 0x84 is the bias.
    bits = code ^ 0xFF
    size = ((((bits & 0x0F) << 3) + 0x84) << (bits >> 4 & 7)) - 0x84
    return -size if bits & 0x80 else size


_DECODED = tuple(map(_decoded, range(256)))
# The codes of the positive levels are 0xFF down to 0x80.
_LEVELS = tuple(_DECODED[code] for code in range(0xFF, 0x7F, -1))


def pcmu_decode(payload: bytes) -> list[int]:
    """Return the samples, of 16 bits each."""
    return [_DECODED[code] for code in payload]


def pcmu_encode(samples: Iterable[int]) -> bytes:
    """Return the nearest code for each sample."""
    return bytes(map(_encoded, samples))


def _encoded(sample: int) -> int:
    size = abs(sample)
    above = min(bisect.bisect_left(_LEVELS, size), len(_LEVELS) - 1)
    index = above - 1 if above and size - _LEVELS[above - 1] <= _LEVELS[above] - size else above
    return (0x7F if sample < 0 else 0xFF) - index


@functools.cache
def second_of(tone: int, rate: int = RATE) -> array[int]:
    """Return one second of a tone. Played again and again it has no seam, as the tone is a whole number of Hz."""
    return array("h", (round(_LOUDNESS * _FULL * math.sin(math.tau * tone * n / rate)) for n in range(rate)))


@functools.cache
def pcmu_second_of(tone: int) -> bytes:
    """Return one second of a tone as PCMU."""
    return pcmu_encode(second_of(tone))


@functools.cache
def _window(size: int) -> tuple[float, ...]:
    # Hann: what is a little beside a tone does not count for it.
    return tuple(0.5 - 0.5 * math.cos(math.tau * n / size) for n in range(size))


def loudness(samples: Sequence[int], tone: int, rate: int) -> float:
    """Return how loud a tone is in the samples, 1.0 being the loudest there can be (Goertzel's algorithm)."""
    turn = 2 * math.cos(math.tau * tone / rate)
    last = before = 0.0
    for sample, weight in zip(samples, _window(len(samples)), strict=True):
        last, before = sample * weight + turn * last - before, last
    power = last * last + before * before - turn * last * before
    return 4 * math.sqrt(max(power, 0.0)) / (len(samples) * _FULL)


def tones_in(samples: Sequence[int], rate: int) -> frozenset[int]:
    """Return the tones of `TONES` that the samples hold; some 40 ms are enough to tell them apart."""
    if len(samples) < rate // 50:
        return frozenset()
    found = {tone: loudness(samples, tone, rate) for tone in TONES}
    least = max(_LOUDNESS / 10, max(found.values()) / 5)
    return frozenset(tone for tone, loud in found.items() if loud >= least)
