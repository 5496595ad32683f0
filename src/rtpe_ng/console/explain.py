"""``rtpe-ng explain``: a proxy's flag string, or another client's dictionary, in words and in Python."""

import json
import sys
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..flags import DialectName, Flags
from ..messages.sent import bare


def explained(text: str, *, dialect: DialectName, command: str | None, engine: str | None) -> str:
    """Return what a flag string or a dictionary in JSON means; bodies and keys of a whole request are left out.

    `text` is the string or the dictionary itself, the path of a file that has it, or ``-`` for standard input.
    Raises `UsageError` where it cannot be read, with the line and the column of what is no JSON.
    """
    text = _content(text)
    if text.lstrip().startswith("{"):
        return str(Flags.explain_ng(bare(_dictionary(text)), command, engine=engine))
    command = command or "offer"
    flags = Flags.parse(text, dialect=dialect, command=command, strict=False)
    said = str(flags.explain(command, engine=engine))
    try:
        Flags.parse(text, dialect=dialect, command=command)
    except UsageError as error:
        return f"{said}\n\nThe string itself: {error}"
    return said


def _content(text: str) -> str:
    try:
        if text == "-":
            return sys.stdin.read()
        # A string of flags may be longer than a path can be.
        if len(text) < 256 and "\0" not in text and Path(text).is_file():
            return Path(text).read_text(encoding="utf-8-sig")
    except UnicodeError:
        raise UsageError("what is to be explained is no text in UTF-8") from None
    except OSError as error:
        raise UsageError(f"{text}: {error.strerror}") from None
    return text


def _dictionary(text: str) -> dict[str, Any]:
    """Return the dictionary that stands in `text`; no error shows any of it, because it may have keys of SRTP."""
    try:
        document: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        quotes = (
            "; JSON has double quotes around names and texts" if error.msg.startswith("Expecting property") else ""
        )
        raise UsageError(f"no JSON: line {error.lineno}, column {error.colno}: {error.msg}{quotes}") from None
    except ValueError:
        raise UsageError("no dictionary of options: a number has too many digits") from None
    except RecursionError:
        raise UsageError("no dictionary of options: it has too many levels") from None
    return document
