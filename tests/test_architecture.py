"""The architecture, read from the code: what may import what, what is public, and how large a file may be."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

import rtpe_ng

ROOT = Path(rtpe_ng.__file__).parent
REPOSITORY = Path(__file__).parents[1]
# Each may import only what stands left of it; what shares a place may import each other's kind, but not both ways.
ORDER = [
    ["errors"],
    ["legs"],
    ["versions"],
    ["keys"],
    ["wire"],
    ["sdp"],
    ["flags"],
    ["messages"],
    ["protocol"],
    ["transports"],
    ["sender"],
    ["call"],
    ["controller"],
    ["routing"],
    ["client"],
    ["embedded"],
    ["testing"],
    ["console"],
    ["__init__", "__main__"],
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
# What counts, or changes while a call lives, is no value.
STATE = {"Strays", "State", "CallControl", "Tally", "Call", "EngineCall", "EngineParty", "PartyMedia", "Fault"} | {
    *("PortMap", "CodecList", "SideCodecs", "Association", "Exchange", "PassMemory"),
    *("WebCodec", "WebTransport", "WebSection", "WebDescription"),
}
PUBLIC = [
    *("rtpe_ng", "rtpe_ng.sdp", "rtpe_ng.sdp.daemon", "rtpe_ng.flags", "rtpe_ng.messages"),
    *("rtpe_ng.wire", "rtpe_ng.routing"),
    *("rtpe_ng.errors", "rtpe_ng.legs", "rtpe_ng.keys", "rtpe_ng.versions", "rtpe_ng.embedded", "rtpe_ng.testing"),
]
FILES = sorted(ROOT.rglob("*.py"))
SANS_IO = {name for names in ORDER[: RANK["transports"]] for name in names}


def part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield the absolute names of the modules that a file imports, wherever in it."""
    package = ["rtpe_ng", *path.relative_to(ROOT).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_order(path: Path) -> None:
    mine = part(path)
    for name in imports(path):
        if name.startswith("rtpe_ng."):
            theirs = name.split(".")[1]
            # The prompt shows the public names, which only the root has.
            if theirs in RANK and mine != theirs:
                assert RANK[theirs] < RANK[mine], f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_left_of_transports_does_no_io(path: Path) -> None:
    if part(path) in SANS_IO:
        found = {name.partition(".")[0] for name in imports(path)}
        assert not found & {"anyio", "asyncio", "trio", "socket", "select", "selectors", "time", "threading"}


def test_only_transports_opens_sockets_for_the_client() -> None:
    users = {part(path) for path in FILES if "socket" in {name.partition(".")[0] for name in imports(path)}}
    assert users == {"transports", "embedded", "testing"}


def test_the_library_needs_no_pytest() -> None:
    plugin = ROOT / "testing" / "plugin.py"
    for path in FILES:
        if path != plugin:
            assert not {name for name in imports(path) if name.startswith(("pytest", "rtpe_ng.testing.plugin"))}, (
                path
            )


def test_modules_form_no_cycle() -> None:
    def module(path: Path) -> str:
        parts = ["rtpe_ng", *path.relative_to(ROOT).with_suffix("").parts]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    modules = {module(path): path for path in FILES}
    edges = {
        name: {
            target if target in modules else target.rpartition(".")[0]
            for target in imports(path)
            if target.startswith("rtpe_ng")
        }
        - {name}
        for name, path in modules.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        # A package imports its modules, and its modules never import it by its own name.
        assert name not in trail, " -> ".join([*trail, name])
        if name not in done:
            for target in edges.get(name, ()):
                visit(target, (*trail, name))
            done.add(name)

    for name in modules:
        visit(name, ())


LONG = {"controller/methods.py": "made by tools.commands; an editor shows the text of every parameter from it"}
"""The modules of more than 600 lines, each with the reason why it is not two."""
SHORT = {
    "flags/options/call.py": "each group of options has a module",
    "flags/strings/commands.py": "a table: what the proxies' modules send, by command",
    "protocol/schedule.py": "a table of times, which knows nothing of exchanges",
    "versions.py": "the library and the simulator compare versions; neither has a better place for it",
}
"""The modules of fewer than 40 lines, each with the reason why it is not part of another."""


def test_no_module_is_too_long_or_too_short_without_a_reason() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    named = {name for name in lines if Path(name).stem in ("__init__", "__main__")}
    assert {name for name, number in lines.items() if number > 600} == LONG.keys()
    assert {name for name, number in lines.items() if number < 40} - named == SHORT.keys()


def test_no_class_name_is_used_twice() -> None:
    """A private class counts by its name without the underscore: a reader speaks of both by the same word."""
    places: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name.lstrip("_"), []).append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_few_types_are_any() -> None:
    """What is Any, no checker looks at, so each one in the options and commands needs a reason."""
    files = [path for path in FILES if part(path) in ("flags", "messages")]
    assert sum(len(re.findall(r"\bAny\b", path.read_text(encoding="utf-8"))) for path in files) <= 120


def test_the_public_modules_are_these_and_the_stability_page_says_so() -> None:
    page = (REPOSITORY / "docs/reference/stability.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(rtpe_ng[\w.]*)` \|", page, re.MULTILINE) == PUBLIC
    for name in PUBLIC:
        assert importlib.import_module(name).__all__, name
    others = {f"rtpe_ng.{part(path)}" for path in FILES} - set(PUBLIC) - {"rtpe_ng.__init__", "rtpe_ng.__main__"}
    internal = page.partition("All other modules are internal:")[2].partition("\n\n")[0]
    assert {name for name in others if f"`{name}`" not in internal} == set()
    for name in others:
        assert "\nInternal: import " in (importlib.import_module(name).__doc__ or ""), name


def test_the_documentation_imports_from_public_modules_only() -> None:
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]
    imported = {
        (path.name, name)
        for path in pages
        if "contributing" not in path.parts
        for name in re.findall(
            r"^\s*(?:>>> )?(?:from|import) (rtpe_ng[\w.]*)", path.read_text("utf-8"), re.MULTILINE
        )
    }
    assert {name for _, name in imported} >= {"rtpe_ng", "rtpe_ng.testing"}
    # This page says itself that what it shows is internal.
    assert {pair for pair in imported if pair[1] not in PUBLIC} == {("lost-datagrams.md", "rtpe_ng.protocol")}


def test_the_public_names_are_these() -> None:
    assert rtpe_ng.__all__ == [
        "Call",
        "Client",
        "Codec",
        "Controller",
        "Direction",
        "EngineError",
        "Flags",
        "FlagsIgnored",
        "Glare",
        "Leg",
        "LoadLimit",
        "Participant",
        "Profile",
        "RequestTimeout",
        "RtpeError",
        "SdpError",
        "Trace",
        "TransportError",
        "UnknownCall",
        "UntrustedState",
        "UnusableReply",
        "UsageError",
        "WireError",
        "profiles",
        "sdp",
    ]
    assert len(rtpe_ng.__all__) <= 40


def public() -> Iterator[tuple[str, object]]:
    """Yield every function, class and method without an underscore, of every module, by its path."""
    for path in FILES:
        if path.stem == "__main__":
            continue
        name = ".".join(["rtpe_ng", *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")
        module = __import__(name, fromlist=["_"])
        for label, thing in vars(module).items():
            if not label.startswith("_") and getattr(thing, "__module__", None) == name:
                yield f"{name}.{label}", thing
                if inspect.isclass(thing):
                    for key, value in vars(thing).items():
                        if not key.startswith("_") and callable(value):
                            yield f"{name}.{label}.{key}", value


@pytest.mark.parametrize(
    ("name", "thing"), list(public()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_everything_public_says_what_it_does(name: str, thing: object) -> None:
    assert inspect.getdoc(thing), name


def test_every_error_that_a_function_raises_is_in_its_docstring_or_its_class() -> None:
    """A function that raises one of ours names it, or the class above it does."""
    silent = []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for owner in ast.walk(tree):
            if not isinstance(owner, ast.ClassDef | ast.Module):
                continue
            above = (ast.get_docstring(owner) or "") if isinstance(owner, ast.ClassDef) else ""
            for node in owner.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                    said = above + (ast.get_docstring(node) or "")
                    raised = set(re.findall(r"raise (\w+Error|RequestTimeout|LoadLimit)\(", ast.unparse(node)))
                    silent += [f"{path.name}:{node.name} {error}" for error in raised if error not in said]
    assert silent == []


@pytest.mark.parametrize(
    "cls",
    [thing for _, thing in public() if inspect.isclass(thing) and attrs.has(thing)],
    ids=lambda cls: cls.__name__,
)
def test_values_are_frozen_and_take_their_fields_by_name(cls: type) -> None:
    if cls.__name__ not in STATE:
        # At a prompt, `client.cli("list totals")` is all that one wants to type.
        assert cls.__name__ == "Cli" or all(field.kw_only or not field.init for field in attrs.fields(cls))
        assert "frozen" in repr(cls.__setattr__)
