"""How a browser takes text apart: lines, fields, values and numbers.

A browser reads lines up to LF, and cuts one CR off their ends. A line has at least three bytes: a small letter, an
equals sign, and something that is no blank; only ``s=`` may go on with one. An attribute has a name up to the first
colon or blank. Numbers are digits, perhaps with a minus before them; nothing else may stand in their place.
"""

import re
from collections.abc import Iterator

__all__: list[str] = []

_NUMBER = re.compile(r"-?[0-9]{1,25}")
_NAME = re.compile("[^: ]*")
TOKEN = re.compile(r"[!#-'*+\-.0-9A-Z^-~]*")
"""What a mid is made of, and the mids of a group: token characters (RFC 8866, section 9)."""


def raw_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line without its end, and whether it has one; one CR before LF belongs to the end."""
    lines = text.split("\n")
    last = lines.pop()
    for line in lines:
        yield (line.removesuffix("\r")), True
    if last:
        yield last, False


def is_line(line: str, letter: str = "") -> bool:
    """Return whether a browser takes this for a line, or for one of the type `letter`."""
    # Its length is counted in bytes.
    if len(line) < 3 and (len(line) < 2 or not line[2:]):
        return False
    if line[1] != "=" or not "a" <= line[0] <= "z" or (line[2] == " " and line[0] != "s"):
        return False
    return not letter or line[0] == letter


def name_of(text: str) -> str:
    """Return the name of an attribute: what stands before the first colon or blank."""
    match = _NAME.match(text)
    return match[0] if match else ""


def value_of(text: str, name: str) -> str | None:
    """Return what follows ``name:``, however many colons there are; None if there is no such value."""
    head, colon, rest = text.partition(":")
    return rest.lstrip(":") if colon and head.endswith(name) else None


def first_of(text: str, mark: str) -> tuple[str, str] | None:
    """Return what stands before and after the first `mark`, or several of them in a row; None if there is none."""
    head, found, rest = text.partition(mark)
    return (head, rest.lstrip(mark)) if found else None


def number(text: str, lowest: int = -(2**31), highest: int = 2**31 - 1) -> int | None:
    """Return a number; None if it is none, or out of range."""
    if _NUMBER.fullmatch(text) is None:
        # A number may have more zeros before it than anybody writes.
        if not text.lstrip("-0").isdecimal() or not text.isascii() or text.count("-") > text.startswith("-"):
            return None
        text = f"{text[: text.startswith('-')]}{text.lstrip('-0')}"
        if len(text) > 25:
            return None
    found = int(text)
    return found if lowest <= found <= highest else None
