"""The page of promises: every test that it names is there, and every fault that is tried is told of."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS
from tests.support.scenarios import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/reliability.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_named_test_exists(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    # A state machine of hypothesis is a test under the name that its case is given.
    defined = {it.name for it in tree.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)} | {
        target.id
        for it in tree.body
        if isinstance(it, ast.Assign)
        for target in it.targets
        if isinstance(target, ast.Name)
    }
    assert not name or (name in defined and re.match(r"test|Test", name))


def test_each_promise_names_its_test() -> None:
    promises = [part for part in PAGE.split("\n\n") if part.startswith("**")]
    assert len(promises) >= 12
    for promise in promises:
        assert re.search(r"Tests?:\s+`tests/", promise), promise[:60]
    assert PAGE.count("`tests/") >= len(NAMED)


def test_the_commands_of_the_page_are_lawful() -> None:
    (kind,) = re.findall(r"--only (\S+)", PAGE)
    assert kind in KINDS
    (target,) = re.findall(r"tools\.fuzz (\S+)", PAGE)
    assert target in TARGETS
