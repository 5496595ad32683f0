"""Print the oldest dependencies that pyproject.toml allows, as constraints for pip: ``python -m tools.oldest``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def oldest() -> list[str]:
    """Return a line for each dependency. Raises ValueError for one that does not begin with its lower bound."""
    constraints = []
    for dependency in tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]:
        bound = re.match(r"([\w.-]+?)\s*>=\s*([\w.]+)", dependency)
        if bound is None:
            raise ValueError(f"{dependency}: NAME>=VERSION expected")
        constraints.append("==".join(bound.groups()))
    return constraints


if __name__ == "__main__":
    print("\n".join(oldest()))
