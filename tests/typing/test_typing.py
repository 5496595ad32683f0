"""Type checkers see what is required and what does not fit: programs that must pass, and programs that must fail.

A line that must be refused ends in ``# E: MYPY, PYRIGHT``, the kinds of error that mypy and pyright give for it. A
program without such a line must pass. Both checkers run once over all programs, as the test command runs them over
the library; those in must_pass ask pyright to be strict, as a careful reader's project is.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import rtpe_ng

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(Path(__file__).parent.glob("must_*/*.py"))
_MARK = re.compile(r"# E: ([\w-]+), (\w+)$")
Errors = Mapping[Path, list[str]]
"""The errors of each file, in the order of the lines, as a mark has them: ``12 call-arg``."""


def expected(path: Path, checker: str) -> list[str]:
    """Return the errors that the marks of a program announce."""
    marks = (_MARK.search(line) for line in path.read_text(encoding="utf-8").splitlines())
    kind = {"mypy": 1, "pyright": 2}[checker]
    return [f"{number} {mark[kind]}" for number, mark in enumerate(marks, 1) if mark]


def output_of(*command: str) -> str:
    # To verify types, pyright looks for the package with the Python that is first on PATH, whatever it is told.
    env = os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}
    command = (sys.executable, "-m", *command)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def pyright(*arguments: str) -> Any:
    return json.loads(output_of("pyright", "--outputjson", "--pythonpath", sys.executable, *arguments))


@functools.cache
def errors_of(checker: str) -> Errors:
    """Return what a checker finds in all programs."""
    programs = [str(path) for path in PROGRAMS]
    errors: set[tuple[Path, int, str]]
    if checker == "mypy":
        lines = map(json.loads, output_of("mypy", "--output=json", *programs).splitlines())
        errors = {(ROOT / it["file"], it["line"], it["code"]) for it in lines if it["severity"] == "error"}
    else:
        # pyright may say twice of one call what is wrong with it.
        errors = {
            (Path(it["file"]), it["range"]["start"]["line"] + 1, it["rule"])
            for it in pyright(*programs)["generalDiagnostics"]
            if it["severity"] == "error"
        }
    found = defaultdict(list)
    for path, number, kind in sorted(errors):
        found[path].append(f"{number} {kind}")
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_program_has_the_errors_that_it_announces(path: Path, checker: str) -> None:
    announced = expected(path, checker)
    assert errors_of(checker).get(path, []) == announced
    assert bool(announced) == (path.parent.name == "must_fail")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_no_error_is_anywhere_else(checker: str) -> None:
    assert errors_of(checker).keys() <= set(PROGRAMS)


@pytest.mark.timeout(300)
def test_every_public_name_has_a_complete_type() -> None:
    report = pyright("--verifytypes", "rtpe_ng", "--ignoreexternal")["typeCompleteness"]
    package = Path(rtpe_ng.__file__).parent
    found = report.get("packageRootDirectory")
    assert found == str(package), f"pyright was to verify {package}, and found {found or 'no rtpe_ng'}"
    assert [it["name"] for it in report["symbols"] if it["isExported"] and not it["isTypeKnown"]] == []
    assert report["completenessScore"] == 1
