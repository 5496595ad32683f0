"""What the embedded engine may import, where versions of the daemon are told apart, and what changes a party."""

from __future__ import annotations

import ast
import importlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import attrs
import pytest

import rtpe_ng
from rtpe_ng import embedded
from rtpe_ng.embedded.sdp.plan import BodyPlan, SectionPlan
from rtpe_ng.embedded.versions import Behaviour
from rtpe_ng.versions import MEASURED

ROOT = Path(rtpe_ng.__file__).parent
EMBEDDED = Path(embedded.__file__).parent
LIBRARY = {"errors", "legs", "versions", "keys", "wire", "sdp", "sdp.daemon", "flags", "messages"}
"""The parts of the library that the embedded engine is built of; of `sdp.daemon` the facts about readers."""
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
    assert importing <= {"console", "testing"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EMBEDDED)))
def test_versions_differ_by_name_in_one_table_only(path: Path) -> None:
    """All but the table ask `Behaviour` what a version does, and never which version it is."""
    if path.name == "versions.py":
        return
    assert not {name for _, name in imported(path)} & {"version_of", "is_older", "MEASURED"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = [it for it in ast.walk(tree) if isinstance(it, ast.Attribute) and it.attr == "version"]
    # The engine tells its version, and nothing depends on it.
    told = [it for it in asked if ast.unparse(it.value).endswith("behaviour")]
    assert len(told) == (path.name == "engine.py")
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.Subscript | ast.Dict):
            assert not {it.value for it in ast.walk(node) if isinstance(it, ast.Constant)} & set(MEASURED)


def _looks_up(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Return the mapping and the key that it is asked for, where that is what happens here."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and node.args
    ):
        return node.func.value, node.args[0]
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return node.value, node.slice
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EMBEDDED)))
def test_one_package_reads_requests(path: Path) -> None:
    """Elsewhere nothing is looked up in a request or its document by the name of a key."""
    if path.parent.name == "request":
        return
    looked_up = filter(None, map(_looks_up, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    read = [
        f"{ast.unparse(mapping)}: {ast.unparse(key)}"
        for mapping, key in looked_up
        if isinstance(key, ast.Constant) and ast.unparse(mapping).endswith(("request", "document"))
    ]
    assert read == []


def test_each_difference_has_a_sentence_and_differs() -> None:
    tree = ast.parse((EMBEDDED / "versions.py").read_text(encoding="utf-8"))
    (table,) = (it for it in tree.body if isinstance(it, ast.ClassDef))
    sentences = {
        ast.unparse(field.target): after.value.value
        for field, after in itertools.pairwise(table.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
        and isinstance(after.value.value, str)
    }
    for field in attrs.fields(Behaviour):
        values = field.metadata["values"]
        assert sentences[field.name].endswith("."), field.name
        assert 2 <= len(values) <= len(MEASURED), field.name
        assert values[-1] != values[-2], f"{field.name}: the last value holds for later versions anyway"


@pytest.mark.parametrize("name", ["lines", "patch", "compose", "origin", "sdp_attr"])
def test_writers_of_sdp_change_no_state(name: str) -> None:
    """A body is decided first and written afterwards: writers assign to nothing but names of their own."""
    path = EMBEDDED / "sdp" / f"{name}.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.NamedExpr):
            targets = [node.target]
        elif isinstance(node, ast.Delete):
            targets = node.targets
        attributes = [
            ast.unparse(it) for target in targets for it in ast.walk(target) if isinstance(it, ast.Attribute)
        ]
        assert not attributes, f"{path.name} assigns to {attributes}"
        assert not (isinstance(node, ast.Name) and node.id in ("setattr", "delattr", "vars")), path.name


@pytest.mark.parametrize("name", ["lines", "patch", "compose"])
def test_writers_of_sdp_see_a_plan_and_no_party(name: str) -> None:
    names = {name for _, name in imported(EMBEDDED / "sdp" / f"{name}.py")}
    assert not names & {
        "SdpNegotiation",
        "EngineParty",
        "PartyMedia",
        "PortMap",
        "Association",
        "Context",
        "Resources",
    }


@pytest.mark.parametrize("plan", [BodyPlan, SectionPlan])
def test_a_plan_holds_nothing_that_can_change(plan: type) -> None:
    attrs.resolve_types(plan)
    for field in attrs.fields(plan):
        kinds = [kind for kind in (field.type, *get_args(field.type)) if isinstance(kind, type)]
        for kind in kinds:
            frozen = attrs.has(kind) and "frozen" in repr(kind.__setattr__)
            assert frozen or kind in {str, int, bool, tuple, frozenset, type(None)}, f"{field.name}: {kind}"
