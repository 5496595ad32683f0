"""Plain English: phrases that no docstring, comment or page may contain, because a reader stumbles over them."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BANNED = (
    *("be it", "anew", "minded", "let pass", "lets pass", "as does", "as if it was", "such as has"),
    *("did so, but", "has no sense"),
    *(f"{word} who" for word in ("of", "to", "for", "from", "by", "with", "than", "as", "what")),
)
"""Phrases to say otherwise. "Who" is a question word, or stands right behind its person; it is never a noun."""
_PHRASE = re.compile(rf"\b(?:{'|'.join(map(re.escape, BANNED))})\b", re.IGNORECASE)
FILES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(path for folder in ("src", "tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py")),
    ]
)


def prose_of(path: Path) -> Iterator[str]:
    """Yield what a file tells its readers: a page's text, or a module's docstrings and comments."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield source
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text
    comments = [it for it in tokenize.generate_tokens(io.StringIO(source).readline) if it.type == tokenize.COMMENT]
    yield " ".join(comment.string.lstrip("# ") for comment in comments)


def banned_in(text: str) -> list[str]:
    """Return the banned phrases in a text, each with the words around it."""
    line = " ".join(text.split())
    return [line[max(0, found.start() - 30) : found.end() + 30] for found in _PHRASE.finditer(line)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_prose_is_plain(path: Path) -> None:
    assert [phrase for text in prose_of(path) for phrase in banned_in(text)] == []


def test_a_banned_phrase_is_found_across_lines_and_capitals() -> None:
    assert banned_in("The head, Be\n    it itself") == ["The head, Be it itself"]
    assert banned_in("of whom, of the whole, who knows, narrow-minds") == []
