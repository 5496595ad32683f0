"""What every party of a call can do, whatever it is made of, and what a test may ask of its ears."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

MediaDirection = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
WITHIN = 20.0
"""For how long to wait for what takes half a second on an idle machine."""
ENOUGH = 10
"""How many packets are not just the last ones under way: a fifth of a second of them."""


class Refused(Exception):
    """A party does not take a body. The text is the party's own, word by word."""


@dataclass(frozen=True)
class Heard:
    """What a party heard since it began to listen."""

    packets: int
    """How many RTP packets came."""
    tones: frozenset[int]
    """The tones of the last moment, in Hz."""


@dataclass(frozen=True)
class Packets:
    """The packets of a party, counted from its start."""

    sent: int
    """RTP."""
    received: int
    """RTP."""
    sent_in_all: int
    """RTP and whatever else went from the same port: RTCP and DTLS."""


class Party(Protocol):
    """One end of a call: it plays a tone of its own and listens."""

    @property
    def tone(self) -> int:
        """The tone that it plays, in Hz."""

    async def offer(self) -> str:
        """Make an offer, or another one later in the call."""

    async def answer(self, offer: str) -> str:
        """Take an offer and answer it; media flows from here on. Raises `Refused`."""

    async def accept(self, answer: str) -> None:
        """Take the answer to its offer. Raises `Refused`."""

    async def direct(self, direction: MediaDirection) -> None:
        """Send and receive like this from its next offer or answer on."""

    async def listen(self) -> None:
        """Forget what was heard."""

    async def heard(self) -> Heard:
        """Tell what was heard since `listen`."""

    async def packets(self) -> Packets:
        """Count what was sent and received until now, and not a moment before the question."""

    async def close(self) -> None:
        """Hang up and leave nothing behind."""


Maker = Callable[..., Awaitable[Party]]
"""Makes a party that plays the tone it is given."""


async def hears(listener: Party, speaker: Party, *, packets: int = ENOUGH, within: float = WITHIN) -> None:
    """Wait until the listener, from now on, got so many packets and hears the speaker's tone and no other."""
    await listener.listen()
    deadline = time.monotonic() + within
    while True:
        heard = await listener.heard()
        if heard.packets >= packets and heard.tones == {speaker.tone}:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{listener} should hear {speaker} within {within:g} s; now: {heard}")
        await asyncio.sleep(0.04)


async def hear_each_other(one: Party, other: Party, *, packets: int = ENOUGH, within: float = WITHIN) -> None:
    """Wait until each of them hears the other, from now on."""
    await asyncio.gather(
        hears(one, other, packets=packets, within=within), hears(other, one, packets=packets, within=within)
    )


async def hears_nothing(listener: Party, *, seconds: float = 0.4, within: float = WITHIN) -> None:
    """Wait until the listener has heard no tone for so many seconds on end, from now on."""
    await listener.listen()
    quiet_since = time.monotonic()
    deadline = quiet_since + within
    while True:
        heard, now = await listener.heard(), time.monotonic()
        if heard.tones:
            quiet_since = now
        elif now - quiet_since >= seconds:
            return
        if now > deadline:
            raise AssertionError(f"{listener} should hear nothing within {within:g} s; now: {heard}")
        # Often enough that no tone slips through between two looks.
        await asyncio.sleep(0.02)
