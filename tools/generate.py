"""Write everything that is made from the code: ``python -m tools.generate``.

With ``--check`` nothing is written: it ends with status 1 and names the files that the code would write otherwise.
Tests compare them too, so that neither changes alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tools import command_coverage, commands, pages, pictures


def contents() -> Iterator[tuple[Path, str]]:
    """Yield each file and what is to be in it."""
    yield from commands.pages()
    yield from pages.pages()
    yield command_coverage.PAGE, command_coverage.coverage()
    for name, draw in pictures.PICTURES.items():
        yield pictures.FOLDER / name, draw()


def main() -> None:
    if "--check" in sys.argv[1:]:
        stale = [str(path) for path, content in contents() if path.read_text(encoding="utf-8") != content]
        sys.exit(f"python -m tools.generate writes {' and '.join(stale)} differently" if stale else 0)
    for path, content in contents():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
