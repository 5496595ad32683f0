"""The subjects and how each is started; what they need beside this checkout is made once, in a folder of its own.

`~/.cache/rtpe-ng/benchmark` then has npm's rtpengine-client, Debian's rtpengine-utils with the Perl modules that it
needs, unpacked and not installed, and the program in C. What cannot be made is named, and the benchmark goes on
without it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs

from rtpe_ng import __version__

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "rtpe-ng", "benchmark")
SOURCES = Path(__file__).parent / "subjects"
NODE_PACKAGES = ("rtpengine-client@0.4.12", "debug@4.4.3")
"""The second is one that the first needs, and does not name as a dependency."""
PERL_PACKAGES = ("rtpengine-utils", "libbencode-perl", "libexporter-tidy-perl", "libsocket6-perl", "libjson-perl")


class MissingError(Exception):
    """A subject cannot be started; the text says what it lacks."""


@attrs.frozen
class Subject:
    """One column of the table of figures."""

    name: str
    """By which `--only` knows it."""
    title: str
    command: Callable[[], list[str]]
    """Returns its command line, to which the place of the daemon is added. Raises `MissingError`."""
    version: Callable[[], str]


def _needed(program: str) -> str:
    if (path := shutil.which(program)) is None:
        raise MissingError(f"no {program} on the PATH")
    return path


def _run(*command: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1]
        raise MissingError(f"{Path(command[0]).name}: {last[:160]}")
    return done.stdout


def _python(module: str, *arguments: str, needs: str = "") -> Callable[[], list[str]]:
    def command() -> list[str]:
        if needs and importlib.util.find_spec(needs) is None:
            raise MissingError(f"no {needs}: pip install '.[benchmark]'")
        return [sys.executable, "-m", f"benchmarks.subjects.{module}", *arguments]

    return command


def node() -> list[str]:
    program, folder = _needed("node"), FOLDER / "node"
    if not all((folder / "node_modules" / each.partition("@")[0]).exists() for each in NODE_PACKAGES):
        options = ("--no-audit", "--no-fund", "--prefix", str(folder))
        _run(_needed("npm"), "install", *options, *NODE_PACKAGES, folder=folder)
    return ["env", f"NODE_PATH={folder / 'node_modules'}", program, str(SOURCES / "client.js")]


def perl() -> list[str]:
    program, folder = _needed("perl"), FOLDER / "perl"
    if not (folder / "usr/share/perl5/NGCP/Rtpengine.pm").exists():
        packages = folder / "packages"
        _run(_needed("apt-get"), "download", *PERL_PACKAGES, folder=packages)
        for package in sorted(packages.glob("*.deb")):
            _run(_needed("dpkg"), "-x", str(package), str(folder), folder=folder)
    # Modules that are made for this perl have its architecture in their path.
    libraries = (folder / "usr/share/perl5", *(folder / "usr/lib").glob("*/perl5/*"))
    return [program, *(f"-I{each}" for each in libraries), str(SOURCES / "client.pl")]


def compiled() -> list[str]:
    source = SOURCES / "client.c"
    # Named by what it was made from, because several checkouts share the folder.
    program = FOLDER / "c" / f"client-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
    if not program.exists():
        made = program.with_suffix(f".{os.getpid()}")
        _run(_needed("cc"), "-O2", "-Wall", "-Wextra", "-o", str(made), str(source), folder=program.parent)
        made.replace(program)
    return [str(program)]


def _version(*command: str) -> str:
    found = re.search(r"\d+\.\d+[.\d]*", _run(*command, folder=FOLDER))
    return found[0] if found else "unknown"


def _versions(*packages: str) -> Callable[[], str]:
    return lambda: ", ".join(f"{each} {importlib.metadata.version(each)}" for each in packages)


def subjects() -> tuple[Subject, ...]:
    """Return all subjects, those that cannot be started too."""
    ours = f"rtpe_ng {__version__}"
    return (
        Subject("asyncio", "rtpe_ng, asyncio", _python("ours", "asyncio"), lambda: ours),
        Subject("trio", "rtpe_ng, trio", _python("ours", "trio", needs="trio"), _versions("trio")),
        Subject("uvloop", "rtpe_ng, uvloop", _python("ours", "uvloop", needs="uvloop"), _versions("uvloop")),
        Subject(
            "node",
            "npm rtpengine-client",
            node,
            lambda: f"{NODE_PACKAGES[0]}, node {_version('node', '--version')}",
        ),
        Subject("bare", "bare asyncio", _python("bare"), _versions("bencode.py")),
        Subject(
            "perl",
            "Perl NGCP::Rtpengine",
            perl,
            lambda: f"perl {_version('perl', '-e', 'printf q(%vd), $^V')}",
        ),
        Subject("c", "C, sendmmsg", compiled, lambda: f"cc {_version('cc', '-dumpfullversion')}"),
    )


def machine() -> str:
    """Return what this machine is, in a few words."""
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    name = model[1].strip() if model else platform.machine()
    return f"{os.cpu_count()} cores of {name}, Linux {platform.release()}, Python {platform.python_version()}"
