"""`find_engine`: the daemon at a URL, a private daemon, or the embedded engine, for a command to talk to."""

from collections.abc import Iterator
from contextlib import contextmanager

import attrs

from ..errors import UsageError
from ..testing import EmbeddedEngine, Rtpengine


@attrs.frozen(kw_only=True)
class EngineChoice:
    """An engine that a command can talk to."""

    url: str
    """The URL of its ng port."""
    what: str
    """One line for people that says what it is."""


@contextmanager
def find_engine(url: str | None, *, embedded: str | None = None) -> Iterator[EngineChoice]:
    """Yield the daemon at `url`. Without a URL, start an engine that ends with the block.

    That is a private daemon if one is installed, or else the embedded engine. If `embedded` is given, it is the
    embedded engine in any case: `embedded` is the version that it imitates, or empty for its default. Raises
    `UsageError` for a URL together with `embedded`, and for a version that the embedded engine does not know.
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
