"""The await-ready prompt: Python's own, with ``await`` at its top level and a client at hand."""

from __future__ import annotations

import ast
import asyncio
import code
import contextlib
import inspect
import os
import sys
import types
from pathlib import Path
from typing import Any

import rtpe_ng

from ..client import Client
from ..errors import RtpeError

__all__ = ["prompt"]

_NAMES = ("Client", "Direction", "Flags", "Leg", "profiles", "sdp")
_BANNER = """\
rtpe_ng {version}: {what}.
client is {client!r}.
Also at hand: {names}.
await works here: await client.ping()"""


def prompt(url: str, what: str) -> None:
    """Run the prompt with a client of the engine at `url` until its input ends; `what` tells which that is."""
    client = Client(url)
    names = {name: getattr(rtpe_ng, name) for name in _NAMES}
    bound: dict[str, Any] = {"__name__": "__console__", "client": client, **names}
    # Each line is a task of its own in this loop, which does not run while a person thinks.
    with asyncio.Runner() as runner:
        try:
            with _line_editing(bound):
                banner = _BANNER.format(client=client, what=what, version=_version(), names=", ".join(names))
                _Prompt(bound, runner).interact(banner=banner, exitmsg="")
        finally:
            runner.run(client.aclose())


class _Prompt(code.InteractiveConsole):
    def __init__(self, bound: dict[str, Any], runner: asyncio.Runner) -> None:
        super().__init__(bound)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._runner = runner

    def runcode(self, code: types.CodeType) -> None:
        """Run one line; the errors of this library are shown without their traceback."""
        try:
            result = types.FunctionType(code, self.locals)()
            if inspect.iscoroutine(result):
                self._runner.run(result)
        except SystemExit:
            raise
        except RtpeError as error:
            self.write(f"{type(error).__name__}: {error}\n")
        except KeyboardInterrupt:
            self.write("KeyboardInterrupt\n")
        except BaseException:  # noqa: BLE001 - a prompt survives whatever a line does
            self.showtraceback()


@contextlib.contextmanager
def _line_editing(bound: dict[str, Any]) -> Any:
    """Offer completion and history where the platform has them and a person sits at the terminal."""
    try:
        import readline  # noqa: PLC0415
        import rlcompleter  # noqa: PLC0415
    except ImportError:
        yield
        return
    if not sys.stdin.isatty():
        yield
        return
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    history = state / "rtpe_ng" / "history"
    readline.set_completer(rlcompleter.Completer(bound).complete)
    readline.parse_and_bind("tab: complete")
    with contextlib.suppress(OSError):
        readline.read_history_file(history)
    try:
        yield
    finally:
        # A home that cannot be written to is no reason to end with an error.
        with contextlib.suppress(OSError):
            history.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            readline.set_history_length(1000)
            readline.write_history_file(history)


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("rtpe-ng")
