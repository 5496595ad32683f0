"""The table of spellings says of each dictionary what the real daemon of that version reads in it."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from tests.support.engines import REAL, in_root, installed
from tools.spellings import cases, differences


@pytest.mark.parametrize("root", REAL)
def test_the_daemon_reads_what_the_table_says(root: Path | None) -> None:
    # Every third one here; `python -m tools.spellings` takes all.
    some = list(cases())[::3]
    for daemon in in_root(root) if root else installed():
        assert anyio.run(differences, daemon, some) == []


def test_there_are_spellings_of_every_kind() -> None:
    every = list(cases())
    assert len(every) > 1500
    for odd in (
        {"transport protocol": "RTP/SAVP"},
        {"flags": ["trust address"]},
        {"flags": ["codec-strip-PCMA"]},
        {"codec": {"strip": "PCMA,G722"}},
        {"rtcp-mux": "offer"},
    ):
        assert any(odd.items() <= dictionary.items() for dictionary in every), odd
