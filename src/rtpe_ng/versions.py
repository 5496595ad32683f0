"""Versions of the daemon, such as ``10.5`` and ``mr13.2.1``: reading and comparing them, and those measured."""

import re

from .errors import UsageError

__all__ = ["MEASURED", "is_older", "version_of"]

MEASURED = ("10.5", "12.5", "26.0")
"""The versions whose behaviour was measured, oldest first: the embedded engine behaves as they do, and what the
library knows of spellings and of descriptions is of them."""

_FORM = re.compile(r"(?:mr)?(\d{1,6}(?:\.\d{1,6}){1,5})(?:[-+~].*)?", re.ASCII)


def version_of(text: str) -> tuple[int, ...]:
    """Return the numbers of a version such as ``26.0``, ``mr12.5.1.31`` or ``10.5.3.5-1+b2``.

    Raises `UsageError` for anything else.
    """
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise UsageError(f"version={text!r}: numbers with dots expected, such as '26.0' or '12.5.1.31'")
    return tuple(map(int, match[1].split(".")))


def is_older(version: str, since: str) -> bool:
    """Return whether a daemon of `version` is older than `since`. Raises `UsageError` if one is no version."""
    return version_of(version) < version_of(since)
