"""The page docs/reference/coverage.md: every command and key, and what the interop tests send to which daemon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import attrs

from rtpe_ng import Flags
from rtpe_ng.messages import COMMANDS, Command, Key, is_older, keys_of
from tests.support.exercise import BEGIN, NOT_SENT, STEPS, VERSIONS

PAGE = Path(__file__).parents[1] / "docs/reference/coverage.md"
HEAD = f"""\
# What is covered: every command and key

Look here to see whether your version of the daemon knows a command or a key, and whether the tests have tried it.

The tests in `tests/interop` send each command and key to real daemons of {", ".join(VERSIONS)}. "sent" means that
the daemon knows it, and did what it was asked or refused for the reason that the test expects. "Since" is the first
version that knows it; "old" means one before 10.0, or for an option of `Flags`, 10.5 or older. A command that a
daemon does not know raises an `EngineError` with the hint "known since ..."; the daemon ignores a key that it does
not know.

This page is made from the code: `python -m tools.generate` writes it, and a test compares it.
"""


def since(version: str) -> str:
    return version if version and not is_older(version, "10.0") else "old"


def cells(version: str, until: str | None = None, *, sent: bool = True) -> str:
    """Return the columns of the daemons."""
    found = []
    for daemon in VERSIONS:
        lacks = bool(version) and is_older(daemon, version)
        gone = until is not None and not is_older(daemon, until)
        found.append("" if lacks or gone or not sent else "sent")
    return " | ".join(found)


def rows(kind: type[Command[Any]]) -> Iterator[str]:
    keys: dict[tuple[str, str], Key] = {}
    for argument, key in keys_of(kind):
        keys.setdefault((argument, key.key), key)
    for (argument, _), key in keys.items():
        first = key.since if key.since and is_older(kind.since, key.since) else kind.since
        wire = f"`{key.key}` in `flags`" if key.listed else f"`{key.key}`"
        sent = cells(first, sent=(kind.command, key.key) not in NOT_SENT)
        yield f"| `{kind.command}` | {wire} | `{argument}` | {since(first)} | {sent} |"


def options() -> Iterator[str]:
    for attribute in attrs.fields(Flags):
        option = attribute.metadata.get("key")
        if option is None:
            continue
        wire = f"`{option.key}` in `flags`" if option.listed else f"`{option.key}`"
        # What every daemon of ours knows is not told apart by age.
        first = "old" if option.since == VERSIONS[0] else option.since
        until = f", until {option.until}" if option.until else ""
        sent = cells(option.since, option.until, sent=option.sent)
        yield f"| {wire} | `{attribute.name}` | {first}{until} | {sent} |"
        for word, version in option.words.items():
            yield f"| {wire}: `{word}` | `{attribute.name}` | {version} | {cells(version)} |"


def coverage() -> str:
    """Return the page, made from the commands, the options of `Flags`, and the table of what is sent."""
    daemons = " | ".join(VERSIONS)
    rule = "---|" * len(VERSIONS)
    lines = [
        HEAD,
        "## Commands",
        "",
        f"| Command | Method of `Client` | Reply | Since | {daemons} |",
        f"|---|---|---|---|{rule}",
    ]
    exercised = {step.command.command for step in (*BEGIN, *STEPS)}
    for name, kind in COMMANDS.items():
        method = name.replace(" ", "_").casefold()
        reply = get_type_hints(kind.read)["return"].__name__
        sent = cells(kind.since, sent=name in exercised)
        lines.append(f"| `{name}` | `{method}()` | `{reply}` | {since(kind.since)} | {sent} |")
    lines += [
        "",
        "## Keys of the commands",
        "",
        f"| Command | On the wire | Argument | Since | {daemons} |",
        f"|---|---|---|---|{rule}",
    ]
    lines += [row for kind in COMMANDS.values() for row in rows(kind)]
    lines += ["", "## Keys of `Flags`", "", f"| On the wire | Option | Since | {daemons} |", f"|---|---|---|{rule}"]
    return "\n".join([*lines, *options(), ""])
