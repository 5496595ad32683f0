"""Every block of code in README.md and docs/ is executed, and what it shows is compared."""

from __future__ import annotations

import ast
import asyncio
import builtins
import doctest
import inspect
import os
import re
import shlex
import subprocess
import sys
import traceback
import types
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from rtpe_ng import Client, Direction, Flags, Leg, RtpeError, profiles, sdp
from rtpe_ng.console.demo import flags_line
from rtpe_ng.messages import COMMANDS
from rtpe_ng.testing import EmbeddedEngine, Faults, Rtpengine
from tests.support.engines import INTERFACES
from tests.support.exercise import BEGIN, STEPS
from tools import command_coverage, pages, pictures

pytest_plugins = ("pytester",)

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
URL = "udp://127.0.0.1:2223"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\w+\.py)\n")
"""How a block begins that is a file of its own, for pytest to find."""
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
CHECKER = doctest.OutputChecker()


def agree(shown: str, expected: str) -> None:
    assert CHECKER.check_output(expected, shown, OPTIONS), f"expected:\n{expected}\nshown:\n{shown}"


class Page:
    """The names that a page's blocks share, and the event loop in which they run."""

    def __init__(self, runner: asyncio.Runner, names: dict[str, Any]) -> None:
        self.runner = runner
        # Python 3.13 and later look for them here where a class of the page is made.
        self.names = {"__builtins__": builtins, **names}

    def run(self, source: str, mode: str) -> str:
        """Run source text with top-level await and return what it printed, errors as doctest shows them."""
        # Without what this file imports from __future__: a page has only what it says.
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(source, "<page>", mode, flags=flags, dont_inherit=True)
        with redirect_stdout(StringIO()) as shown:
            try:
                result = types.FunctionType(code, self.names)()
                if inspect.iscoroutine(result):
                    self.runner.run(result)
            except RtpeError as error:
                if mode == "exec":
                    raise
                (last,) = traceback.format_exception_only(error)
                print("Traceback (most recent call last):\n" + last.removeprefix("rtpe_ng.errors.").rstrip())
        return shown.getvalue()


@pytest.fixture(params=[pytest.param("real", marks=pytest.mark.daemon), "embedded"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The daemon that is installed, and the embedded engine as the one that the pages were written with.

    Each page has its own, as its reader has: what a page shows of a daemon's figures is of its calls alone.
    """
    if request.param == "real":
        yield request.getfixturevalue("own_daemon").url
    else:
        with EmbeddedEngine(version="10.5", interfaces=INTERFACES) as engine:
            yield engine.url


@pytest.fixture
def page(url: str) -> Iterator[Page]:
    # What the prompt has at hand, as the tutorial finds it.
    names = {"__name__": "page", "client": Client(url), "profiles": profiles}
    names |= {thing.__name__: thing for thing in (Client, Direction, Flags, Leg)}
    with asyncio.Runner() as runner:
        yield Page(runner, names)
        for client in [value for value in names.values() if isinstance(value, Client)]:
            runner.run(client.aclose())


def blocks_of(path: Path) -> list[tuple[str, str]]:
    return FENCE.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", [path for path in PAGES if blocks_of(path)], ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_page_does_what_it_says(path: Path, page: Page, url: str) -> None:
    blocks = blocks_of(path)
    for (kind, text), (next_kind, expected) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        source = text.replace(URL, url)
        if kind == "python" and next_kind == "text":
            agree(python("-c", source), expected)
        elif kind == "python" and not FILE.match(text):
            page.run(source, "exec")
        elif kind == "pycon":
            for example in doctest.DocTestParser().get_examples(text):
                shown = page.run(example.source.replace(URL, url), "single")
                wanted = example.want
                if example.exc_msg:
                    wanted = f"Traceback (most recent call last):\n{example.exc_msg}"
                agree(shown.replace(url, URL), wanted)
        elif kind == "console":
            for command, wanted in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                agree(run(command.replace(URL, url)).replace(url, URL), wanted)
        else:
            assert kind in ("text", "sh") or FILE.match(text), kind


@pytest.mark.parametrize("engine", ["embedded", "real"])
def test_the_tests_that_a_page_shows_pass(pytester: pytest.Pytester, daemon: Rtpengine, engine: str) -> None:
    files: dict[str, str] = {}
    for path in PAGES:
        files |= {found[1]: text for _, text in blocks_of(path) if (found := FILE.match(text))}
    assert "test_gateway.py" in files
    for name, text in files.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    result = pytester.runpytest_inprocess(f"--rtpengine={engine}", "-p", "no:asyncio", "-W", "error")
    outcomes = result.parseoutcomes()
    assert outcomes.keys() <= ({"passed"} if engine == "embedded" else {"passed", "skipped"})
    assert outcomes["passed"] >= 3


def python(*arguments: str, statuses: tuple[int, ...] = (0,)) -> str:
    # A page shows what a machine without a daemon shows: none is found.
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PATH": "/nowhere"},
        check=False,
    )
    assert (done.returncode in statuses, done.stderr) == (True, "")
    return done.stdout


def run(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "rtpe-ng"
    # What lint shows has problems, or it would not be worth showing.
    return python("-m", "rtpe_ng", *arguments, statuses=(1,) if "lint" in arguments else (0,))


def test_a_wrong_page_fails(page: Page) -> None:
    with pytest.raises(AssertionError):
        agree(page.run("1 + 1", "single"), "3\n")
    with pytest.raises(AssertionError):
        agree(page.run("await client.ping()", "single"), "Pong\n")


def test_every_block_is_of_a_kind_that_is_executed() -> None:
    executed = {"python", "pycon", "console"}
    kinds = {kind for path in PAGES for kind, _ in blocks_of(path)}
    assert executed <= kinds <= executed | {"text", "sh"}
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        # A fence without a language, or indented, would escape.
        assert len(re.findall(r"^\s*```", text, re.MULTILINE)) == 2 * len(blocks_of(path)), path


def test_links_lead_somewhere_and_every_page_is_in_the_index() -> None:
    linked = set()
    for path in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"
                if path.name == "index.md":
                    linked.add((path.parent / target).resolve())
    assert linked == {ROOT / "CONTRIBUTING.md", *(path for path in PAGES[1:] if path.name != "index.md")}


def test_the_tables_of_flag_sets_are_those_of_the_code() -> None:
    text = (ROOT / "docs/explanation/flags.md").read_text(encoding="utf-8")
    for profile in (profiles.MODERN, profiles.ARTICLE):
        section = text.partition(f"## {profile.name}\n")[2].partition("\n## ")[0]
        rows = re.findall(r"^\| (offer|answer) \| (\S+) \| `(.*)` \|$", section, re.MULTILINE)
        assert rows == [
            *(("offer", str(path), flags_line(profile.offer_flags(path))) for path in Direction),
            *(("answer", str(path), flags_line(profile.answer_flags(path.reversed))) for path in Direction),
        ]


def test_what_is_made_from_the_code_is_that_of_the_code() -> None:
    for path, content in pages.pages():
        assert path.read_text(encoding="utf-8") == content, path


def test_the_page_of_coverage_is_that_of_the_code_and_has_every_command() -> None:
    text = command_coverage.coverage()
    assert command_coverage.PAGE.read_text(encoding="utf-8") == text
    assert all(f"| `{name}` | `" in text for name in COMMANDS)
    assert {step.command.command for step in (*BEGIN, *STEPS)} == COMMANDS.keys()


def test_each_name_of_sdp_is_in_its_reference() -> None:
    shown = [*" ".join(pages.SDP_GROUPS.values()).split(), *pages.SDP_CONSTANTS]
    assert sorted(shown) == sorted(sdp.__all__)


def test_the_reference_has_each_argument_of_the_embedded_engine_and_each_fault() -> None:
    text = (ROOT / "docs/reference/testing.md").read_text(encoding="utf-8")
    for name, argument in inspect.signature(EmbeddedEngine).parameters.items():
        shown = {"interfaces": '{"default": "127.0.0.1"}', "ports": "range(30000, 40000)"}.get(name)
        assert f"| `{name}={shown or repr(argument.default).replace(chr(39), chr(34))}` |" in text
    for name in dir(EmbeddedEngine):
        assert name.startswith("_") or f"`{name}`" in text or f"`{name}(" in text, name
    for name in dir(Faults):
        if not name.startswith("_"):
            parameters = inspect.signature(getattr(Faults, name)).parameters.values()
            given = [f"{it.name}={'...' if it.default is it.empty else it.default}" for it in parameters]
            assert f"| `{name}({', '.join(it for it in given[1:] if not it.startswith('command'))})` |" in text


def test_each_table_that_is_made_stands_in_a_page() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert {name: text.count(f"<!-- made from the code: {name} -->") for name in pages.TABLES} == {
        "moves": 1,
        "refusals": 1,
    }


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_a_picture_is_that_of_the_code(name: str) -> None:
    assert (pictures.FOLDER / name).read_text(encoding="utf-8") == pictures.PICTURES[name]()
