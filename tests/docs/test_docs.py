"""Every block of code in README.md and docs/ is executed, and what it shows is compared."""

from __future__ import annotations

import ast
import asyncio
import doctest
import inspect
import itertools
import re
import shlex
import subprocess
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import attrs
import pytest

from rtpe_ng import Client, Direction, Flags, Leg, RtpeError, profiles, sdp
from rtpe_ng.console.report import flags_line
from rtpe_ng.testing import Rtpengine

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
URL = "udp://127.0.0.1:2223"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
CHECKER = doctest.OutputChecker()


def agree(shown: str, expected: str) -> None:
    assert CHECKER.check_output(expected, shown, OPTIONS), f"expected:\n{expected}\nshown:\n{shown}"


class Page:
    """The names that a page's blocks share, and the event loop in which they run."""

    def __init__(self, runner: asyncio.Runner, names: dict[str, Any]) -> None:
        self.runner = runner
        self.names = names

    def run(self, source: str, mode: str) -> str:
        """Run source text with top-level await and return what it printed, errors as doctest shows them."""
        code = compile(source, "<page>", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
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


@pytest.fixture
def page(daemon: Rtpengine) -> Iterator[Page]:
    # What the prompt has at hand, as the tutorial finds it.
    names = {"__name__": "page", "client": Client(daemon.url), "profiles": profiles}
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
def test_a_page_does_what_it_says(path: Path, page: Page, daemon: Rtpengine) -> None:
    blocks = blocks_of(path)
    for (kind, text), (next_kind, expected) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        source = text.replace(URL, daemon.url)
        if kind == "python" and next_kind == "text":
            agree(python("-c", source), expected)
        elif kind == "python":
            page.run(source, "exec")
        elif kind == "pycon":
            for example in doctest.DocTestParser().get_examples(text):
                shown = page.run(example.source.replace(URL, daemon.url), "single")
                wanted = example.want
                if example.exc_msg:
                    wanted = f"Traceback (most recent call last):\n{example.exc_msg}"
                agree(shown.replace(daemon.url, URL), wanted)
        elif kind == "console":
            for command, wanted in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                agree(run(command.replace(URL, daemon.url)).replace(daemon.url, URL), wanted)
        else:
            assert kind in ("text", "sh"), kind


def python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "dev", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def run(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "rtpe-ng"
    return python("-m", "rtpe_ng", *arguments)


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
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"
                if path.name == "index.md":
                    linked.add((path.parent / target).resolve())
    assert linked == {path for path in PAGES[1:] if path.name != "index.md"}


def test_the_tables_of_flag_sets_are_those_of_the_code() -> None:
    text = (ROOT / "docs/explanation/flags.md").read_text(encoding="utf-8")
    for profile in (profiles.MODERN, profiles.ARTICLE):
        section = text.partition(f"## {profile.name}\n")[2].partition("\n## ")[0]
        rows = re.findall(r"^\| (offer|answer) \| (\S+) \| `(.*)` \|$", section, re.MULTILINE)
        assert rows == [
            *(("offer", str(path), flags_line(profile.offer_flags(path))) for path in Direction),
            *(("answer", str(path), flags_line(profile.answer_flags(path.reversed))) for path in Direction),
        ]


def field_texts(cls: type) -> dict[str, str]:
    """Return the strings below the fields of a class, by the names of the fields."""
    source = Path(inspect.getfile(cls)).read_text(encoding="utf-8")
    (body,) = (
        node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == cls.__name__
    )
    return {
        field.target.id: " ".join(str(doc.value.value).split())
        for field, doc in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(doc, ast.Expr)
        and isinstance(doc.value, ast.Constant)
    }


def reference() -> str:
    """Return the page docs/reference/flags.md, made from the fields of `Flags` and the strings below them."""
    texts = field_texts(Flags)
    lines = [
        "# Every option of `Flags`",
        "",
        "Made from the code: `python tests/docs/test_docs.py` writes this page anew, and a test compares it.",
        "The words that an option takes are in its error when another is given, and in `rtpe_ng.flags.vocabulary`.",
        "",
        "| Option | On the wire | What it does |",
        "|---|---|---|",
    ]
    for field in attrs.fields(Flags):
        if option := field.metadata.get("option"):
            wire = f"`{option.key}` in `flags`" if option.listed else f"`{option.key}`"
            lines.append(f"| `{field.name}` | {wire} | {texts[field.name].replace('``', '`')} |")
    extra = 'Keys that this version of the library does not know; `{"flags": [...]}` adds words to that list.'
    return "\n".join([*lines, f"| `extra` | as given | {extra} |", ""])


def test_the_reference_of_flags_is_that_of_the_code() -> None:
    assert (ROOT / "docs/reference/flags.md").read_text(encoding="utf-8") == reference()


SDP_GROUPS = {
    "Read": "parse problems Session Media",
    "Questions": "leg LegFound is_webrtc is_on_hold private_addresses needs_media_proxy has_usable_candidates "
    "candidate_problems size_on_wire fits_datagram web_problems",
    "ICE": "remove_ice set_ice_credentials set_candidates drop_candidates set_ice_lite set_trickle "
    "set_end_of_candidates",
    "rtcp-mux and profile": "set_rtcp_mux set_profile",
    "DTLS and SDES": "set_fingerprint set_setup set_tls_id remove_dtls set_crypto remove_sdes",
    "BUNDLE and mids": "set_mids set_bundle remove_bundle",
    "Direction, addresses, version": "set_direction hold resume set_connection set_port reject_media "
    "set_session_version",
    "Codecs": "keep_codecs drop_codecs order_codecs",
    "What belongs on a leg": "clean_for_sip clean_for_web",
    "Trickle ICE": "parse_fragment apply_fragment fragment_of Fragment",
    "What changed": "diff Diff Change",
    "Values": "Origin Connection Timing Bandwidth Group RtpCodec ExtMap Candidate Rtcp Fingerprint Crypto Msid "
    "Ssrc SsrcGroup Track",
}
"""The names of `rtpe_ng.sdp`, in the order in which the reference has them."""


def first_sentence(text: str | None) -> str:
    paragraph = " ".join((text or "").partition("\n\n")[0].split()).replace("``", "`")
    return re.split(r"(?<=\.) (?=[A-Z`])", paragraph)[0]


def signature_of(function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    parameters = [
        each.replace(annotation=each.empty) for name, each in signature.parameters.items() if name != "self"
    ]
    return f"{function.__name__}{signature.replace(parameters=parameters, return_annotation=signature.empty)}"


def members_of(cls: type[Any]) -> Iterator[tuple[str, str]]:
    """Yield the public fields, properties and methods of a class, inherited ones too, with what is said of them."""
    classes = [each for each in cls.__mro__ if each.__module__.startswith("rtpe_ng")]
    texts = {name: text for each in reversed(classes) for name, text in field_texts(each).items()}
    fields = [field.name for field in attrs.fields(cls)] if attrs.has(cls) else cls._fields
    for name in fields:
        yield name, texts.get(name, "")
    for name, member in itertools.chain.from_iterable(vars(each).items() for each in classes):
        if name.startswith("_") or name in fields:
            continue
        if isinstance(member, property):
            yield name, member.__doc__ or ""
        elif isinstance(member, classmethod) or inspect.isfunction(member):
            yield signature_of(getattr(cls, name)), member.__doc__ or ""


def sdp_reference() -> str:
    """Return the page docs/reference/sdp.md, made from the docstrings of `rtpe_ng.sdp`."""
    lines = [
        "# Session descriptions: `rtpe_ng.sdp`",
        "",
        "Made from the code: `python tests/docs/test_docs.py` writes this page anew, and a test compares it.",
        "It has the first sentence of each docstring; what is written, removed and raised is in the rest, which",
        "`help(sdp.remove_ice)` shows at a prompt. `body` is text, bytes or a `Session`, and a helper gives back",
        "what it took. `media` is the index of one section; without it, all are meant.",
    ]
    for title, names in SDP_GROUPS.items():
        things = [getattr(sdp, name) for name in names.split()]
        functions = [thing for thing in things if not isinstance(thing, type)]
        lines += ["", f"## {title}"]
        if functions:
            lines += ["", "| Function | What it does |", "|---|---|"]
            lines += [f"| `{signature_of(each)}` | {first_sentence(each.__doc__)} |" for each in functions]
        for cls in things:
            if isinstance(cls, type):
                lines += ["", f"### `{cls.__name__}`", "", first_sentence(cls.__doc__), ""]
                lines += ["| Member | What it is |", "|---|---|"]
                lines += [f"| `{name}` | {first_sentence(text)} |" for name, text in members_of(cls)]
    return "\n".join([*lines, ""])


def test_the_reference_of_sdp_is_that_of_the_code() -> None:
    assert sorted(" ".join(SDP_GROUPS.values()).split()) == sorted(sdp.__all__)
    assert (ROOT / "docs/reference/sdp.md").read_text(encoding="utf-8") == sdp_reference()


if __name__ == "__main__":
    (ROOT / "docs/reference/flags.md").write_text(reference(), encoding="utf-8")
    (ROOT / "docs/reference/sdp.md").write_text(sdp_reference(), encoding="utf-8")
