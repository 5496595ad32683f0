"""`Capabilities`: which commands a daemon knows."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ..versions import is_older, version_of
from .commands import COMMANDS

__all__ = ["Capabilities"]


@attrs.frozen(kw_only=True, repr=False)
class Capabilities:
    """What a daemon can do. No command tells its version, but the commands that it counts say a range of versions.

    ``"mesh" in capabilities`` asks for one command by its name in the ng document.
    """

    commands: frozenset[str]
    """The names of the commands that it knows."""

    @classmethod
    def of_version(cls, version: str) -> Capabilities:
        """Return what a daemon of `version` knows. Raises `UsageError` for what is no version."""
        return cls(commands=frozenset(name for name, kind in COMMANDS.items() if not is_older(version, kind.since)))

    @classmethod
    def of_commands(cls, commands: Iterable[str]) -> Capabilities:
        """Return what a daemon knows that counts these commands in its `statistics`."""
        return cls(commands=frozenset(commands))

    @property
    def at_least(self) -> str:
        """The version that the daemon has at least, such as ``13.3``; ``3.3`` where it knows the oldest only."""
        known = (kind.since for name, kind in COMMANDS.items() if name in self.commands)
        return max(known, key=version_of, default="3.3")

    @property
    def older_than(self) -> str | None:
        """The version that the daemon is older than; None where it knows every command that there is."""
        unknown = (kind.since for name, kind in COMMANDS.items() if name not in self.commands)
        return min(unknown, key=version_of, default=None)

    def __contains__(self, command: object) -> bool:
        return command in self.commands

    def __repr__(self) -> str:
        bound = f", older than {self.older_than}" if self.older_than else ""
        return f"<Capabilities {len(self.commands)} commands: at least {self.at_least}{bound}>"
