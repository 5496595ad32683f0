"""Look for bytes that show a defect: ``python -m tools.fuzz TARGET --seconds 300``.

The targets are in `tests/fuzz/targets.py`, the bytes to begin with in `tests/fuzz/corpus`. atheris changes them,
guided by the code that they reach (``pip install --editable '.[fuzz]'``). What it reaches stays in a folder of this
user (``--cache``), so that the next run goes on there. Bytes that show a defect are shortened while they still show
it, and written into the corpus, where the tests replay them from then on; then the command ends with status 1.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "tests/fuzz/corpus"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "rtpe-ng", "fuzz")
LONGEST = 4096
"""How many bytes an input has at most."""
TOO_LONG = 10
"""An input that takes so many seconds shows a defect, too."""
PATIENCE = 60.0
"""For how many seconds an input is shortened at most."""


def _targets() -> dict[str, Callable[[bytes], None]]:
    # Not at the top: atheris must see the imports to follow the code.
    found: dict[str, Callable[[bytes], None]] = importlib.import_module("tests.fuzz.targets").TARGETS
    return found


def run_atheris(name: str, arguments: list[str]) -> None:
    """Be the fuzzer, which ends this process."""
    try:
        atheris = importlib.import_module("atheris")
    except ModuleNotFoundError:
        sys.exit("atheris is missing: pip install --editable '.[fuzz]'")
    with atheris.instrument_imports(include=["rtpe_ng"]):
        target = _targets()[name]
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


def fuzz(name: str, *, seconds: float, cache: Path, seed: int) -> list[bytes]:
    """Fuzz a target; return the inputs that show a defect, each as the fuzzer found it."""
    own, first = cache / name, CORPUS / name
    for folder in (own, first):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as found:
        options = [
            *(f"-artifact_prefix={found}/", f"-max_total_time={seconds:.0f}", f"-timeout={TOO_LONG}"),
            *(f"-max_len={LONGEST}", f"-seed={seed}", "-rss_limit_mb=2048"),
        ]
        _fuzzer(name, [*options, str(own), str(first)])
        return [
            path.read_bytes() for path in sorted(Path(found).iterdir()) if not path.name.startswith("slow-unit")
        ]


def _fuzzer(name: str, arguments: list[str]) -> None:
    # A process of its own, because it ends where a defect shows.
    subprocess.run([sys.executable, "-m", "tools.fuzz", name, "--as-fuzzer", *arguments], check=False)


def defect(target: Callable[[bytes], None], data: bytes) -> type[BaseException] | None:
    """Return what a target raises, if it raises."""
    try:
        target(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the defect
        return type(error)
    return None


def shortened(data: bytes, shows: Callable[[bytes], bool]) -> bytes:
    """Return bytes that still show what `data` shows, as few and as plain as can be found in a while."""
    ends = time.monotonic() + PATIENCE
    changed = True
    while changed:
        changed = False
        for candidate in _simpler(data):
            if time.monotonic() > ends:
                return data
            if shows(candidate):
                data, changed = candidate, True
                break
    return data


def _simpler(data: bytes) -> Iterator[bytes]:
    size = len(data)
    while size > 0:
        for at in range(0, len(data), size):
            yield data[:at] + data[at + size :]
        size //= 2
    for at, byte in enumerate(data):
        if byte not in b"a0 \n":
            for plain in b"a0":
                yield data[:at] + bytes([plain]) + data[at + 1 :]


def keep(name: str, data: bytes) -> Path:
    """Write an input into the corpus of a target, under a name that its bytes give."""
    path = CORPUS / name / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _kept(name: str, target: Callable[[bytes], None], found: bytes) -> str:
    """Shorten what shows a defect, keep it, and return how to say so."""
    kind = defect(target, found)
    if kind is None:
        return f"it takes too long, or too much memory: {keep(name, found)}"
    short = shortened(found, lambda it: defect(target, it) is kind)
    return f"{kind.__name__}: {short!r} in {keep(name, short)}"


def main() -> None:
    if "--as-fuzzer" in sys.argv[1:]:
        run_atheris(sys.argv[1], sys.argv[sys.argv.index("--as-fuzzer") + 1 :])
        return
    targets = _targets()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=[*targets, "all"])
    parser.add_argument("--seconds", type=float, default=60, help="for how long each target is fuzzed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=CACHE, help="the folder for what it reaches")
    given = parser.parse_args()
    failed = False
    for name in targets if given.target == "all" else [given.target]:
        for found in fuzz(name, seconds=given.seconds, cache=given.cache, seed=given.seed):
            print(f"{name}: {_kept(name, targets[name], found)}")
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
