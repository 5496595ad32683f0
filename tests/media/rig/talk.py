"""A call and its two parties: what a gateway does between them, one body after the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from rtpe_ng import Call

from .browser import BrowserPeer
from .party import Party
from .phone import Phone


@dataclass(frozen=True)
class Talk:
    """A call, or a branch of one, with the two that are in it; ``b`` is the callee's tag."""

    call: Call
    caller: Party
    callee: Party
    callee_tag: str = "b"

    @property
    def web(self) -> BrowserPeer:
        """The browser of the two, the caller where both are one."""
        return next(party for party in (self.caller, self.callee) if isinstance(party, BrowserPeer))

    @property
    def phone(self) -> Phone:
        """The phone of the two, the caller where both are one."""
        return next(party for party in (self.caller, self.callee) if isinstance(party, Phone))

    def other(self, party: Party) -> Party:
        """Return the party at the other end."""
        return self.callee if party is self.caller else self.caller

    def tag(self, party: Party) -> str:
        """Return the tag of one of them."""
        return self.call.from_tag if party is self.caller else self.callee_tag

    async def offer(self, offerer: Party, body: str | None = None) -> str:
        """Pass an offer, this one or one that is made now; return what the other party gets."""
        body = await offerer.offer() if body is None else body
        return (await self.call.offer(body, by=self.tag(offerer))).sdp

    async def answer(self, answerer: Party, body: str, *, provisional: bool = False) -> None:
        """Pass an answer, of a 183 or a final one, and let the offerer take it."""
        reply = await self.call.answer(body, by=self.tag(answerer), provisional=provisional)
        offerer = self.other(answerer)
        if provisional and isinstance(offerer, BrowserPeer):
            await offerer.accept(reply.sdp, provisional=True)
        else:
            # A phone takes what comes, and what comes last counts.
            await offerer.accept(reply.sdp)

    async def negotiate(self, offerer: Party, body: str | None = None) -> None:
        """Offer and answer: an INVITE, a re-INVITE, an UPDATE, or a 200 and its ACK."""
        answerer = self.other(offerer)
        await self.answer(answerer, await answerer.answer(await self.offer(offerer, body)))

    async def connect(self) -> None:
        """Take the call."""
        await self.negotiate(self.caller)

    async def restart_ice(
        self, web: BrowserPeer, *, delay: float = 0.0, back: float | None = None, late: bool = False
    ) -> None:
        """Let a browser offer an ICE restart.

        Each body is under way for `delay` seconds between it and the gateway; `back` is the delay of the answer, if
        it is another one. The offer has all candidates, so the browser applies it before anyone else sees it; with
        `late`, it has none, and the browser applies it together with the answer.
        """
        body = await (web.propose(ice_restart=True) if late else web.offer(ice_restart=True))
        await asyncio.sleep(delay)
        answerer = self.other(web)
        answer = await answerer.answer(await self.offer(web, body))
        reply = await self.call.answer(answer, by=self.tag(answerer))
        await asyncio.sleep(delay if back is None else back)
        if late:
            await web.apply()
        await web.accept(reply.sdp)
