"""The tokens of a flag string, cut as the modules cut them: both proxies do it alike, but for brackets."""

from collections.abc import Callable, Iterator

import attrs

from ...errors import UsageError
from . import brackets

LONGEST = 99_999
"""Bytes that a key or value may have; the modules' bencode code ends the process at one more."""


@attrs.frozen(kw_only=True)
class Token:
    """One word, or a key and its value; `value` is None where there is no ``=``."""

    key: str
    value: str | None = None

    def __str__(self) -> str:
        return self.key if self.value is None else f"{self.key}={self.value}"


def split(text: str, *, bracketed: bool) -> tuple[tuple[Token, ...], str]:
    """Return the tokens of `text`, and the rest that the modules never read: it begins with an ``=``.

    Only the space separates; there are no quotes and no escapes. Where `bracketed`, a value that begins with ``[``
    goes to its closing bracket. Raises `UsageError` for anything that cannot stand in a script, for a bracket that
    is not closed, and for a token that ends the proxy's process.
    """
    check_text(text)
    tokens: list[Token] = []
    for at, token in scan(text, brackets.closing if bracketed else None):
        if not token.key:
            return tuple(tokens), text[at:]
        for part in (token.key, token.value or ""):
            _measure(part)
        tokens.append(token)
    return tuple(tokens), ""


def check_text(text: str) -> None:
    """Raise `UsageError` for anything that cannot stand in a script."""
    if not isinstance(text, str):
        raise UsageError(f"{text!r}: a flag string expected")
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise UsageError(f"{text[:60]!r}: this cannot be encoded as UTF-8") from None
    if "\0" in text:
        raise UsageError(
            f"{text[:60]!r}: a NUL cannot stand in a script; the proxy would see the end of the string"
        )


def scan(
    text: str, closing: Callable[[str, int], int] | None, *, keyless: bool = False
) -> Iterator[tuple[int, Token]]:
    """Yield each token of `text`, with the index at which it begins.

    A value that begins with ``[`` goes to the index that `closing` returns for this bracket, if there is a
    `closing`; without a key before the ``=``, only where `keyless`.
    """
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        start = at
        space = text.find(" ", at)
        at = len(text) if space < 0 else space
        key, equals, value = text[start:at].partition("=")
        if closing and (key or keyless) and value.startswith("["):
            opening = start + len(key) + 1
            at = closing(text, opening)
            value = text[opening:at]
        yield start, Token(key=key, value=value if equals else None)


def _measure(string: str) -> None:
    if len(string) > LONGEST // 4 and len(string.encode("utf-8", "surrogateescape")) > LONGEST:
        raise UsageError(
            f"{string[:40]!r}... has more than {LONGEST} bytes: the proxy's process would end (an assertion); "
            "shorten it"
        )
