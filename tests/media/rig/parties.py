"""Makes the parties of one test, and hangs up for them at its end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack

from rtpe_ng.legs import Leg

from .aiortc_peer import AiortcPeer, loopback
from .browser import BrowserPeer, Chromium
from .party import Party
from .phone import Phone


class Parties(AsyncExitStack):
    """Parties that hang up when the block ends. Give each one a tone of its own, out of `tones.TONES`."""

    async def phone(self, tone: int) -> Phone:
        """Return a phone."""
        party = await Phone.start(tone)
        self.push_async_callback(party.close)
        return party

    async def browser(
        self, chromium: Chromium, tone: int, *, codecs: Sequence[str] = (), one_address: bool = False
    ) -> BrowserPeer:
        """Return a page of the browser; with `one_address`, it knows one address of the machine."""
        party = await chromium.peer(tone, codecs=codecs, one_address=one_address)
        self.push_async_callback(party.close)
        return party

    async def aiortc(self, tone: int, *, codecs: Sequence[str] = ()) -> AiortcPeer:
        """Return a peer made of aiortc."""
        self.enter_context(loopback())
        party = await AiortcPeer.start(tone, codecs=codecs)
        self.push_async_callback(party.close)
        return party

    async def of(self, leg: Leg, chromium: Chromium, tone: int) -> Party:
        """Return what stands on a leg of this kind: a page of the browser, or a phone."""
        return await self.browser(chromium, tone) if leg is Leg.WEB else await self.phone(tone)
