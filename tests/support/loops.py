"""The event loops that the library is tested on."""

from __future__ import annotations

import importlib.util
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio
import pytest

_T = TypeVar("_T")

LOOPS: dict[str, tuple[str, dict[str, Any]]] = {"asyncio": ("asyncio", {}), "trio": ("trio", {})}
"""The backend of anyio for each loop, and its options. Windows has no uvloop."""
if importlib.util.find_spec("uvloop"):
    LOOPS["uvloop"] = "asyncio", {"use_uvloop": True}


@pytest.fixture(name="anyio_backend", params=LOOPS.values(), ids=list(LOOPS))
def every_loop(request: pytest.FixtureRequest) -> Any:
    """Run the async tests of a folder or module on uvloop too, where it is imported: they are about sockets."""
    return request.param


def run_on(loop: str, work: Callable[..., Awaitable[_T]], *args: Any) -> _T:
    """Run an async function on one of the `LOOPS` until its end."""
    backend, options = LOOPS[loop]
    return anyio.run(work, *args, backend=backend, backend_options=options)
