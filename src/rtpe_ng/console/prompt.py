"""The prompt: Python's own, with ``await`` at the top level and a client bound to a name."""

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

_NAMES = ("Client", "Direction", "Flags", "Leg", "profiles", "sdp")
_BANNER = """\
rtpe_ng {version}: {what}.
client is {client!r}.
Also at hand: {names}.
await works here: await client.ping()"""


def prompt(url: str, what: str) -> None:
    """Run the prompt, with a client of the engine at `url`, until its input ends. The banner shows `what`."""
    client = Client(url)
    names = {name: getattr(rtpe_ng, name) for name in _NAMES}
    bound: dict[str, Any] = {"__name__": "__console__", "client": client, **names}
    banner = _BANNER.format(version=rtpe_ng.__version__, what=what, client=client, names=", ".join(names))
    # Each line runs as a task of its own in this loop. Between two lines the loop stands still.
    with asyncio.Runner() as runner:
        try:
            with _line_editing(bound):
                _Prompt(bound, runner).interact(banner=banner, exitmsg="")
        finally:
            runner.run(client.aclose())


class _Prompt(code.InteractiveConsole):
    def __init__(self, bound: dict[str, Any], runner: asyncio.Runner) -> None:
        super().__init__(bound)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._runner = runner

    def runcode(self, code: types.CodeType) -> None:
        """Run one line; show errors of this library without a traceback."""
        try:
            # A line with await compiles to a coroutine function; others run here and return None.
            result = types.FunctionType(code, self.locals)()
            if inspect.iscoroutine(result):
                self._runner.run(result)
        except SystemExit:
            raise
        except RtpeError as error:
            self.write(f"{type(error).__name__}: {error}\n")
        except KeyboardInterrupt:
            self.write("KeyboardInterrupt\n")
        except BaseException:  # noqa: BLE001 - no line may end the prompt
            self.showtraceback()


@contextlib.contextmanager
def _line_editing(bound: dict[str, Any]) -> Any:
    """Switch on completion and history, if the platform has them and the input is a terminal."""
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
        # If the history cannot be written, the session itself was still fine.
        with contextlib.suppress(OSError):
            history.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            readline.set_history_length(1000)
            readline.write_history_file(history)
