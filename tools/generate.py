"""Write all that the repository keeps of the code's own making: ``python -m tools.generate``.

Tests compare the same contents with the files, so that neither changes alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools import command_coverage, pages, pictures


def contents() -> Iterator[tuple[Path, str]]:
    """Yield each file and what is to be in it."""
    yield from pages.pages()
    yield command_coverage.PAGE, command_coverage.coverage()
    for name, draw in pictures.PICTURES.items():
        yield pictures.FOLDER / name, draw()


def main() -> None:
    for path, content in contents():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
