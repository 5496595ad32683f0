"""Chromium's verdict on descriptions: what `setRemoteDescription` says to each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from playwright.async_api import Error, Page

from rtpe_ng import SdpError, sdp
from tests.media.rig.browser import Chromium

from ..mutants import Base, Mutant
from .comparison import Comparison, Judged

SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
_MOST = 250
"""How many connections are made in one page: Chromium refuses the 500th."""


async def page_of(chromium: Chromium) -> Page:
    """Return a page that can play scenes and judge bodies."""
    page = await chromium.page()
    await page.add_script_tag(content=SCRIPT)
    return page


class _Judge:
    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium
        self._page: Page | None = None
        self._made = 0

    async def told(self, base: Base, bodies: Sequence[str]) -> list[str | None]:
        """Return the browser's words for each body. A body that ends the page counts as refused."""
        if self._page is None or self._made + len(bodies) > _MOST:
            await self.close()
            self._made, self._page = 0, await page_of(self._chromium)
        self._made += len(bodies)
        steps = [list(step) for step in base.before or ()]
        try:
            return list(await self._page.evaluate(_ASK, [steps, base.role, list(bodies)]))
        except Error as error:
            if "crashed" not in str(error):
                raise
        await self.close()
        if len(bodies) == 1:
            return ["the page crashed"]
        half = len(bodies) // 2
        return [*await self.told(base, bodies[:half]), *await self.told(base, bodies[half:])]

    async def close(self) -> None:
        if self._page is not None:
            await self._page.close()
        self._page = None


_ASK = "([steps, type, bodies]) => verdicts(steps, type, bodies)"


async def verdicts(chromium: Chromium, mutants: Iterable[Mutant]) -> list[tuple[Mutant, str | None]]:
    """Return each mutant with the browser's words, or None where it takes the body; those of a base together."""
    by_base: dict[Base, list[Mutant]] = {}
    for mutant in mutants:
        by_base.setdefault(mutant.base, []).append(mutant)
    found: list[tuple[Mutant, str | None]] = []
    judge = _Judge(chromium)
    for base, group in by_base.items():
        for start in range(0, len(group), _MOST):
            some = group[start : start + _MOST]
            told = await judge.told(base, [mutant.body for mutant in some])
            found += zip(some, told, strict=True)
    await judge.close()
    return found


def ours(mutant: Mutant) -> tuple[str, ...]:
    """Return what the library says of a mutant: empty where it finds nothing that a browser refuses."""
    base = mutant.base
    try:
        problems = sdp.web_problems(mutant.body, role=base.role, answering=base.answering, after=base.after)
    except SdpError as error:
        return (f"no SDP: {error}",)
    return tuple(map(str, problems))


async def compared(chromium: Chromium, mutants: Iterable[Mutant]) -> Comparison:
    """Return both verdicts on each of the mutants."""
    told = await verdicts(chromium, mutants)
    return Comparison(judged=[Judged(mutant=it, ours=ours(it), theirs=words) for it, words in told])
