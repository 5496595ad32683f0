"""Every file of the corpus, and bytes that hypothesis makes of them, through each target of the fuzzer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS
from tests.support.examples import examples
from tools import fuzz

FILES = {name: sorted((fuzz.CORPUS / name).iterdir()) for name in TARGETS}
EACH = [pytest.param(name, path, id=f"{name}-{path.name}") for name, files in FILES.items() for path in files]


@pytest.mark.parametrize(("name", "path"), EACH)
def test_the_corpus_shows_no_defect(name: str, path: Path) -> None:
    TARGETS[name](path.read_bytes())


def test_each_target_has_a_small_corpus_and_nothing_else_is_there() -> None:
    assert {path.name for path in fuzz.CORPUS.iterdir()} == TARGETS.keys()
    for name, files in FILES.items():
        assert 3 <= len(files) <= 100, name
        assert max(path.stat().st_size for path in files) <= fuzz.LONGEST, name


@st.composite
def changed(draw: st.DrawFn, name: str) -> bytes:
    """Draw a file of the corpus with some pieces of it and of others cut out, doubled and put elsewhere."""
    files = [path.read_bytes() for path in FILES[name]]
    data = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(0, 3))):
        begin, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        other = draw(st.sampled_from(files))
        at = draw(st.integers(0, len(other)))
        piece = draw(st.sampled_from([b"", data[begin:end] * 2, other[at : at + 20]]) | st.binary(max_size=4))
        data = data[:begin] + piece + data[end:]
    return data


@pytest.mark.parametrize("name", TARGETS)
@examples(30)
@given(data=st.data())
def test_neither_does_what_is_made_of_it(name: str, data: st.DataObject) -> None:
    TARGETS[name](data.draw(st.binary(max_size=60) | changed(name)))


def test_a_defect_is_shortened_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def breaks_on_xy(data: bytes) -> None:
        if data.find(b"x") < data.find(b"y"):
            raise KeyError(data)
        if data == b"q":
            raise IndexError

    monkeypatch.setattr(fuzz, "CORPUS", tmp_path)
    assert fuzz.defect(breaks_on_xy, b"q") is IndexError
    assert fuzz.defect(breaks_on_xy, b"z") is None
    short = fuzz.shortened(
        b"a long x, and then some more y." * 9, lambda it: fuzz.defect(breaks_on_xy, it) is KeyError
    )
    assert short == b"y"
    path = fuzz.keep("some target", short)
    assert path.parent == tmp_path / "some target"
    assert path.read_bytes() == short


def test_without_atheris_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "atheris", None)
    with pytest.raises(SystemExit, match=r"atheris is missing: pip install"):
        fuzz.run_atheris("url", [])
