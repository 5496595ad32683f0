"""What the embedded engine may import, and where versions of the daemon are told apart."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import rtpe_ng
from rtpe_ng import embedded

ROOT = Path(rtpe_ng.__file__).parent
EMBEDDED = Path(embedded.__file__).parent
LIBRARY = {"errors", "legs", "versions", "keys", "wire", "sdp", "flags", "messages"}
"""The parts of the library that the embedded engine is built of."""
FILES = sorted(EMBEDDED.rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each import within `rtpe_ng`, wherever in a file it stands."""
    package = ["rtpe_ng", *path.relative_to(ROOT).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names if module.startswith("rtpe_ng"))
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.startswith("rtpe_ng"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EMBEDDED)))
def test_of_the_library_only_public_names_are_imported(path: Path) -> None:
    for module, name in imported(path):
        if module.startswith("rtpe_ng.embedded"):
            continue
        if module == "rtpe_ng":
            assert name in LIBRARY, f"{name} of {module}"
            continue
        assert module.removeprefix("rtpe_ng.") in LIBRARY, f"{name} of {module}, which is not a public module"
        assert name in importlib.import_module(module).__all__, f"{name} of {module}"


def test_nothing_of_the_library_imports_the_embedded_engine() -> None:
    importing = {
        path.relative_to(ROOT).parts[0]
        for path in ROOT.rglob("*.py")
        if EMBEDDED not in path.parents
        and any(f"{module}.{name}".startswith("rtpe_ng.embedded") for module, name in imported(path))
    }
    assert importing == {"console", "testing"}
