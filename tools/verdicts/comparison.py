"""The comparison of two verdicts: how often they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..mutants import Mutant


@attrs.frozen(kw_only=True)
class Judged:
    """A mutant, and what both sides say of it."""

    mutant: Mutant
    ours: tuple[str, ...]
    """What the library finds; empty if it finds nothing."""
    theirs: str | None
    """Why the real reader refuses it, in its own words; None if it takes the body."""

    @property
    def is_false_alarm(self) -> bool:
        return self.theirs is None and bool(self.ours)

    @property
    def is_miss(self) -> bool:
        return self.theirs is not None and not self.ours


@attrs.frozen(kw_only=True)
class Comparison:
    """All mutants of a run."""

    judged: Sequence[Judged]

    @property
    def false_alarms(self) -> list[Judged]:
        return [it for it in self.judged if it.is_false_alarm]

    @property
    def misses(self) -> list[Judged]:
        return [it for it in self.judged if it.is_miss]

    @property
    def agreement(self) -> float:
        """The part of the mutants on which both agree, from 0 to 1."""
        differing = len(self.false_alarms) + len(self.misses)
        return 1 - differing / len(self.judged) if self.judged else 1.0

    def report(self, reader: str, seed: int, *, most: int = 20, bodies: bool = False) -> str:
        """Return the numbers and the first of the differing mutants, for people; with their bodies if asked."""
        refused = sum(it.theirs is not None for it in self.judged)
        lines = [
            f"{reader}, seed {seed}: {len(self.judged)} mutants, {refused} refused",
            f"agreement {self.agreement:.2%}, {len(self.false_alarms)} false alarms, {len(self.misses)} misses",
        ]
        for it in (*self.false_alarms[:most], *self.misses[:most]):
            kind, words = ("false alarm", it.ours[0]) if it.is_false_alarm else ("miss", it.theirs)
            lines.append(f"{kind}: {it.mutant.base.name}, {it.mutant.role}, {it.mutant.how}: {words}")
            lines += [f"    {line}" for line in it.mutant.body.split("\n") if bodies]
        return "\n".join(lines)
