"""Chromium as a party: one browser, a page for each peer."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import time
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, Route, async_playwright

from .party import WITHIN, Heard, MediaDirection, Packets, Refused
from .tones import tones_in

_SCRIPT = Path(__file__).with_name("peer.js").read_text(encoding="utf-8")
# A page that may use a microphone is shown all addresses of the machine, loopback among them; and only a page of
# a secure origin may. Nobody is asked for it: the rig itself answers.
_ORIGIN = "https://rig.test"
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
)
_MOST = 300
"""How many connections a page may have in its life: Chromium refuses the 500th, reloaded or not."""


@dataclass(frozen=True)
class Codecs:
    """What a browser really sends and receives, such as ``audio/opus``; None while it does not."""

    sent: str | None
    received: str | None


class Chromium:
    """A running browser."""

    def __init__(self, context: BrowserContext, deaf: BrowserContext) -> None:
        self._contexts = {False: context, True: deaf if _has_route() else context}
        self._idle: dict[BrowserContext, list[Page]] = {context: [], deaf: []}
        self._connections: Counter[Page] = Counter()
        self._trial: Page | None = None

    @staticmethod
    def find() -> str | None:
        """Return the path of the installed browser, or None."""
        return shutil.which("chromium")

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls, path: str) -> AsyncIterator[Chromium]:
        """Run the browser at `path` for the length of the block."""
        async with (
            async_playwright() as playwright,
            await playwright.chromium.launch(
                executable_path=path, headless=True, chromium_sandbox=False, args=_SWITCHES
            ) as browser,
            await browser.new_context(permissions=["microphone"]) as context,
            await browser.new_context() as deaf,
        ):
            for each in (context, deaf):
                await each.route("**", _serve)
            yield cls(context, deaf)

    async def peer(self, tone: int, *, codecs: Sequence[str] = (), one_address: bool = False) -> BrowserPeer:
        """Return a party in a page of its own; `codecs` are names, such as ``opus``, in order of preference.

        With `one_address`, the page knows one address of the machine, as most browsers on the move do.
        """
        page = await self.page(one_address=one_address)
        await page.evaluate("([tone, codecs]) => { peer = new Peer(tone, codecs); }", [tone, list(codecs)])
        return BrowserPeer(page, tone, self._idle[page.context])

    async def accepts(self, offer: str) -> str | None:
        """Return None where the browser takes this offer, else its error text."""
        page = await self._trials()
        refusal: str | None = await page.evaluate("(sdp) => trial.accepts(sdp)", offer)
        return refusal

    async def accepts_answer(
        self, answered: Callable[[str], Awaitable[str]], *, kinds: Sequence[str] = ("audio",)
    ) -> str | None:
        """Return None where the browser takes what `answered` makes of an offer of its own, else its error text.

        `kinds` are the sections of that offer: ``audio``, ``video`` or ``data``.
        """
        page = await self._trials()
        answer = await answered(await page.evaluate("(kinds) => trial.offer(kinds)", list(kinds)))
        refusal: str | None = await page.evaluate("(sdp) => trial.acceptsAnswer(sdp)", answer)
        return refusal

    async def _trials(self) -> Page:
        """Return the page on which connections are tried; it need not be reloaded for each."""
        if self._trial is not None and self._connections[self._trial] >= _MOST:
            await self._trial.close()
            self._trial = None
        if self._trial is None:
            self._trial = await self.page()
        self._connections[self._trial] += 1
        return self._trial

    async def page(self, *, one_address: bool = False) -> Page:
        """Return a page that nobody uses, reloaded: a new one costs as much as the whole of a short call."""
        context = self._contexts[one_address]
        idle = self._idle[context]
        while idle and self._connections[idle[-1]] >= _MOST:
            await idle.pop().close()
        page = idle.pop() if idle else await context.new_page()
        self._connections[page] += 1
        await page.goto(_ORIGIN)
        await page.add_script_tag(content=f"{_SCRIPT}\nlet peer = null;")
        return page


def _has_route() -> bool:
    """Tell whether the machine has an address besides loopback.

    A page that may not use a microphone is shown the address of the default route, and nothing where there is none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return False
    return True


async def _serve(route: Route) -> None:
    await route.fulfill(content_type="text/html", body="<!doctype html><title>rig</title>")


class BrowserPeer:
    """A party made of a page."""

    def __init__(self, page: Page, tone: int, idle: list[Page]) -> None:
        self._page = page
        self._tone = tone
        self._idle = idle
        self._closed = False
        self._heard_from = 0

    @property
    def tone(self) -> int:
        return self._tone

    async def offer(self, *, ice_restart: bool = False) -> str:
        offer: str = await self._do("offer", {"iceRestart": ice_restart})
        return offer

    async def propose(self, *, ice_restart: bool = False) -> str:
        """Make an offer and leave everything as it is; it has no candidates. `apply` makes it the browser's own."""
        offer: str = await self._do("propose", {"iceRestart": ice_restart})
        return offer

    async def apply(self) -> None:
        """Make the offer of `propose` the browser's own."""
        await self._do("apply")

    async def answer(self, offer: str) -> str:
        await self._take("offer", offer)
        answer: str = await self._do("answer")
        return answer

    async def accept(self, answer: str, *, provisional: bool = False) -> None:
        """Take the answer to its offer; a provisional one (of a 183) may be followed by others."""
        await self._take("pranswer" if provisional else "answer", answer)

    async def add_video(self) -> None:
        """Offer video from now on, in a section of its own."""
        await self._do("addVideo")

    async def direct(self, direction: MediaDirection) -> None:
        await self._do("direct", direction)

    async def rollback(self) -> None:
        """Take back the unanswered offer, its own or the other's (RFC 8829, section 4.1.10.2).

        Chromium 156 ends the media, with no daemon in between as well, where it answered the call, nothing was
        negotiated since, and it takes back an offer of its own.
        """
        await self._do("rollback")

    async def state(self) -> str:
        """Return the connection's state: ``new``, ``connecting``, ``connected``, ``failed`` and so on."""
        state: str = await self._do("state")
        return state

    async def path(self) -> tuple[str, str] | None:
        """Return the ICE username fragments of the path in use, its own and the other's; None without one."""
        path = await self._do("path")
        return (path[0], path[1]) if path else None

    async def leaves(self, path: tuple[str, str] | None, *, within: float = WITHIN) -> None:
        """Wait until packets take another path than this one."""
        deadline = time.monotonic() + within
        while (now := await self.path()) is None or now == path:
            assert time.monotonic() < deadline, f"{self} should leave the path {path} within {within:g} s"
            await asyncio.sleep(0.02)

    async def keeps_consent(self, *, within: float = WITHIN) -> None:
        """Wait until a check of the path in use is answered from now on: without that it ends (RFC 7675)."""
        deadline = time.monotonic() + within
        first: tuple[tuple[str, str] | None, int] | None = None
        while True:
            path, answered = await self.path(), await self._do("checksAnswered")
            if first is None or first[0] != path:
                first = (path, answered)
            elif answered > first[1]:
                return
            assert time.monotonic() < deadline, f"the checks of {self} are not answered within {within:g} s"
            await asyncio.sleep(0.05)

    async def codecs(self) -> Codecs:
        """Return the codecs that are in use."""
        return Codecs(**(await self._do("freshReport"))["codecs"])

    async def listen(self) -> None:
        self._heard_from = (await self._do("report"))["packets"]["received"]

    async def heard(self) -> Heard:
        seen = await self._do("listenAndLook")
        tones = tones_in(array("h", seen["samples"]), round(seen["rate"]))
        return Heard(seen["packets"]["received"] - self._heard_from, tones)

    async def packets(self) -> Packets:
        return Packets(**(await self._do("freshReport"))["packets"])

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._do("close")
        self._idle.append(self._page)

    async def _take(self, kind: str, body: str) -> None:
        if refusal := await self._do("remote", kind, body):
            raise Refused(refusal)

    async def _do(self, method: str, *arguments: Any) -> Any:
        return await self._page.evaluate(f"(arguments) => peer.{method}(...arguments)", list(arguments))

    def __repr__(self) -> str:
        return f"<BrowserPeer {self._tone} Hz>"
