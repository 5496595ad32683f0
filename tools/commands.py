"""The methods of `Controller` and their reference, made from the commands.

Each command is a class. Its method, the context manager of a pair, and what the reference says of them follow from
it. The library must load for this: if a command got another name or went away, take its lines out of methods.py
first.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import rtpe_ng
from rtpe_ng.messages import COMMANDS, Command, Paired
from rtpe_ng.messages.commands import GROUPS
from tools import handles
from tools.naming import HELD, method_of, result_of, shown

ROOT = Path(__file__).parents[1]
METHODS = Path(rtpe_ng.__file__).parent / "controller/methods.py"
REFERENCE = ROOT / "docs/reference/client.md"
PAIRS = [kind for kind in COMMANDS.values() if issubclass(kind, Paired)]
HEAD = '''\
"""The ng commands as methods. Made from their classes: ``python -m tools.generate`` writes this file."""

from typing import Final

from ..call import Subscription
from ..messages import (
{names}
)
from ..sender import Sender
from .declare import command, during, with_texts

__all__ = ["CommandMethods"]


@with_texts
class CommandMethods(Sender):
    """One method for each ng command, and one for each command that another one ends."""
'''


def text_of(kind: type[Command[Any]]) -> str:
    """Return what is said of the method of a command."""
    return f"{inspect.getdoc(kind)}\n\nReturns `{result_of(kind.read).__name__}`. Known since {kind.since}."


def text_of_pair(kind: type[Paired[Any]]) -> str:
    """Return what is said of the context manager of a pair."""
    begin, end = method_of(kind), method_of(result_of(kind.end))
    held = HELD.get(kind, result_of(kind.read)).__name__
    return (
        f"Send `{begin}` when the block begins, and `{end}` when it ends.\n\n"
        f"{inspect.getdoc(kind)}\n\n"
        f"The block gets `{held}`. At its end: {inspect.getdoc(kind.end)}"
    )


def methods() -> str:
    """Return the file src/rtpe_ng/controller/methods.py."""
    names = "\n".join(f"    {name}," for name in sorted(kind.__name__ for kind in COMMANDS.values()))
    commands = (declared(method_of(kind), f"command({kind.__name__})", text_of(kind)) for kind in COMMANDS.values())
    return "\n".join([HEAD.format(names=names), *commands, *map(declared_pair, PAIRS)])


def declared_pair(kind: type[Paired[Any]]) -> str:
    held = f", {HELD[kind].__name__}" if kind in HELD else ""
    return declared(kind.block, f"during({kind.__name__}{held})", text_of_pair(kind))


def declared(name: str, value: str, text: str) -> str:
    # Final lets a type checker take the type from the value without guessing.
    return f'    {name}: Final = {value}\n    """{indent(text, "    ").lstrip()}\n    """\n'


def parameters_of(kind: type[Command[Any]]) -> list[inspect.Parameter]:
    return list(inspect.signature(kind).parameters.values())


def markdown(text: str) -> str:
    return text.replace("``", "`")


def command_section() -> Iterator[str]:
    for group in GROUPS:
        kinds = [kind for kind in COMMANDS.values() if kind.__module__ == group.__name__]
        title = (group.__doc__ or "").splitlines()[0].partition(":")[0]
        yield f"### {title}\n"
        for kind in kinds:
            yield f"#### `{shown(method_of(kind), parameters_of(kind))}`\n\n{markdown(text_of(kind))}\n"


def block_section() -> Iterator[str]:
    for kind in PAIRS:
        yield f"#### `{shown(kind.block, parameters_of(kind))}`\n\n{markdown(text_of_pair(kind))}\n"


SECTIONS = {
    "commands": command_section,
    "blocks": block_section,
    "party": handles.party_table,
    "call": handles.call_table,
}


def reference() -> str:
    """Return the page docs/reference/client.md, with what stands between its comments made from the code."""
    return re.sub(
        r"(<!-- made from the code: (\w+) -->\n).*?(<!-- end -->)",
        lambda found: "\n".join([found[1], *SECTIONS[found[2]](), found[3]]),
        REFERENCE.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each file that is made from the commands, whole or in part, and what is to be in it."""
    yield METHODS, methods()
    yield from handles.pages()
    yield REFERENCE, reference()
