"""Which engine a person's command talks to: the daemon at a URL, a private one, or the embedded engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import attrs

from ..errors import UsageError
from ..testing import EmbeddedEngine, Rtpengine

__all__ = ["EngineChoice", "find_engine"]


@attrs.frozen(kw_only=True)
class EngineChoice:
    """An engine that a command can talk to."""

    url: str
    """Where it listens."""
    what: str
    """What it is, in one line for a person."""


@contextmanager
def find_engine(url: str | None, *, embedded: str | None = None) -> Iterator[EngineChoice]:
    """Yield the daemon at `url`; without one a private daemon, which ends with the block, where one is installed.

    Else, and where `embedded` is given, it is the embedded engine: `embedded` is the version that it behaves as,
    empty for its default. Raises `UsageError` for a URL beside `embedded`, and for a version that was not measured.
    """
    if url is not None:
        if embedded is not None:
            raise UsageError(f"a URL or --embedded, not both: {url}")
        yield EngineChoice(url=url, what=f"the daemon at {url}")
    elif embedded is None and Rtpengine.find() is not None:
        with Rtpengine() as daemon:
            what = f"a real daemon, rtpengine {daemon.version}, private, at {daemon.url}"
            yield EngineChoice(url=daemon.url, what=what)
    else:
        why = "no rtpengine daemon is installed: " if embedded is None else ""
        with EmbeddedEngine(version=embedded) if embedded else EmbeddedEngine() as engine:
            what = f"{why}the embedded engine, {engine.version}, at {engine.url}; it forwards no media"
            yield EngineChoice(url=engine.url, what=what)
