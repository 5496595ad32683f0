"""The proxies' rtpengine modules: each is a table of tokens that is run over a string.

A module reads a flag string token by token. Some tokens it knows, and does something of its own with each. The
others go on the wire as they are: a word into the list ``flags``, a key with its value. So a module is a table of
handlers, a `Dialect`, and what it has collected when the string ends is a `ModuleOutput`: the keys in the order of
the string, then the lists in the module's own order. Where a module does something that nobody wants, the handler
notes a trap; where it rejects the string, or its process would end, the handler raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias, TypeGuard

import attrs

from ...errors import UsageError
from ...wire import Value
from ..fields import RESERVED
from .brackets import read
from .commands import WITH_SDP
from .tokens import Token, split

_MESSAGE_KEYS = RESERVED | {"sip-message-type"}
"""Keys that the modules take from the SIP message and from the function that the script calls."""

Path: TypeAlias = tuple[str, ...]
"""The place of a list: its key, or the key of a dictionary and the key of the list in it."""


class ModuleOutput:
    """What a module collects from a string, token by token."""

    def __init__(self, dialect: Dialect, command: str) -> None:
        self.dialect = dialect
        self.command = command
        self.pairs: list[tuple[str, Value]] = []
        """The keys that it writes first, in the order of the string, each with its value."""
        self.lists: dict[Path, list[str]] = {}
        self.transport: int | None = None
        """The bits of the transport protocol; None where no token has set one."""
        self.interfaces: list[str] = ["", ""]
        self.routing: dict[str, Any] = {}
        """The fields of a `Routing`."""
        self.traps: list[str] = []
        """Sentences, each on something that it did and nobody wants."""

    def add(self, path: Path, word: str) -> None:
        """Append `word` to a list."""
        self.lists.setdefault(path, []).append(word)

    def put(self, key: str, value: Value) -> None:
        """Write a key and its value; a key that is there already stands on the wire twice."""
        self.pairs.append((key, value))

    def trap(self, token: object, what: str) -> None:
        """Note what the proxy does to `token`, and the cure: a sentence that begins with the proxy's name."""
        self.traps.append(f"{clip(token)}: {self.dialect.subject or self.dialect.name} {what}")

    def refuse(self, token: object, why: str) -> NoReturn:
        """Refuse the string, as the module does. Raises `UsageError`."""
        raise UsageError(f"{clip(token)}: {self.dialect.name} rejects the whole string: {why}")

    def wire(self) -> Iterator[tuple[str, Value]]:
        """Yield the keys and values in the module's order, without those that come from the SIP message."""
        left_out = () if self.dialect.wire_key else _MESSAGE_KEYS
        yield from ((key, value) for key, value in self.pairs if key not in left_out)
        for key in self.dialect.order:
            if key in self.dialect.with_sdp and self.command not in WITH_SDP:
                continue
            if key == "transport-protocol" and self.transport is not None:
                if name := self.dialect.transport(self.transport):
                    yield key, name
            elif (key,) in self.lists:
                yield key, list(self.lists[key,])
            else:
                inner: dict[str, Value] = {
                    path[1]: list(words) for path, words in self.lists.items() if path[0] == key
                }
                if inner:
                    yield key, inner


Handler: TypeAlias = Callable[[ModuleOutput, Token], None]


@attrs.frozen(kw_only=True)
class Dialect:
    """One proxy's module, or the daemon, as data: what it does with which token, and what it writes."""

    name: str
    subject: str = ""
    """Who does what a sentence says, where that is not `name`."""
    words: Mapping[str, Handler]
    """The handlers of the tokens that it knows, by their keys."""
    prefixes: Mapping[str, Path] = attrs.field(factory=dict)
    """The lists to which ``prefix-word`` and ``prefix=word`` add any word."""
    transports: Sequence[str | None]
    """Protocols by their bits; None where the module sends no protocol."""
    order: Sequence[str]
    """The lists that it writes after those keys, in this order."""
    with_sdp: frozenset[str]
    """Those of them that it writes only with a session description."""
    bracketed: bool = False
    split: Callable[[str], tuple[tuple[Token, ...], str]] | None = None
    """How it cuts a string into tokens, where that is not as both proxies do."""
    say: Callable[[str, object], list[str] | None] | None = None
    """How a key is said to it, where that is not as it is said to the others; it may return None too."""
    wire_key: str = ""
    """The key under which the string itself goes on the wire: the dialect of the daemon has one."""
    unknown: Handler = attrs.field(factory=lambda: take_unknown)
    """The handler of all other tokens."""
    finish: Callable[[ModuleOutput], None]
    """What it does at the end of the string."""

    def transport(self, bits: int) -> str | None:
        """Return the protocol for these bits; None where the module sends no protocol."""
        return self.transports[bits] if bits < len(self.transports) else None


def run(dialect: Dialect, text: str, command: str) -> tuple[tuple[Token, ...], ModuleOutput]:
    """Read `text` as the module does, and return its tokens and what the module has collected.

    Raises `UsageError` where the module rejects the string, and where its process would end.
    """
    tokens, unread = dialect.split(text) if dialect.split else split(text, bracketed=dialect.bracketed)
    output = ModuleOutput(dialect, command)
    for token in tokens:
        warn_of_text(output, token)
        dialect.words.get(token.key, dialect.unknown)(output, token)
    if unread:
        output.trap(unread, "stops reading at a token that begins with '=', and what follows is lost; remove it")
    dialect.finish(output)
    if not dialect.wire_key:
        warn_of_repeats(output)
    return tokens, output


def clip(token: object) -> str:
    """Return `token` as an error shows it."""
    text = str(token)
    return repr(text if len(text) <= 80 else text[:80] + "...")


def are_codecs(value: object) -> TypeGuard[Mapping[str, list[str]]]:
    """Return whether a value has the shape of ``codec``: names by operation. A proxy may send any other."""
    return isinstance(value, Mapping) and all(map(_are_texts, value.values()))


def are_changes(value: object) -> TypeGuard[Mapping[str, Mapping[str, list[Any]]]]:
    """Return whether a value has the shape of ``sdp-attr``: lines, or pairs of lines, by section and change."""
    return isinstance(value, Mapping) and all(
        isinstance(changes, Mapping)
        and all(
            isinstance(lines, list) and all(map(_are_texts, lines)) if change == "substitute" else _are_texts(lines)
            for change, lines in changes.items()
        )
        for changes in value.values()
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def warn_of_text(output: ModuleOutput, token: Token) -> None:
    """Note characters that look special and are not: quotes, tabs, and the text of an undefined variable."""
    text = str(token)
    if re.search(r"[\x00-\x1f\x7f]", text):
        output.trap(token, "separates at spaces only, so a tab or a line break stays in the word; write a space")
    if "<null>" in text:
        output.trap(token, "sends this word for a variable that is not defined; define it, or leave it out")
    if '"' in text:
        output.trap(token, "knows no quotes: they are sent, and a space ends the value; leave them out")


def warn_of_repeats(output: ModuleOutput) -> None:
    """Note keys that are on the wire twice."""
    seen = set()
    for key, _ in output.wire():
        if key in seen:
            output.trap(key, "writes this key twice, and the daemon takes the last; say it once")
        seen.add(key)
    for key, value in output.pairs:
        if key in _MESSAGE_KEYS:
            output.trap(f"{key}={value}", "writes this key twice, for it is the message's own; leave it out")


def take_unknown(output: ModuleOutput, token: Token) -> None:
    """Take a token that has no handler: as a word of a list, by its prefix, or as it is."""
    if not in_list(output, token):
        generic(output, token)


def in_list(output: ModuleOutput, token: Token) -> bool:
    """Add the word of ``prefix-word`` or ``prefix=word`` to its list. Return whether the token was one of these."""
    for prefix, path in output.dialect.prefixes.items():
        if token.key == prefix and token.value:
            if token.value.startswith("["):
                output.trap(token, f"has no bracket lists; write {prefix}-... for each word")
            output.add(path, token.value)
            return True
        word = token.key.removeprefix(f"{prefix}-")
        if word and word != token.key:
            if token.value is not None:
                key = f"codec-{path[1]}" if path[1:] else prefix
                output.trap(
                    token, f"cuts it at the first '=' and sends {word!r} only; write {key}={word}={token.value}"
                )
            output.add(path, word)
            return True
    return False


def generic(output: ModuleOutput, token: Token) -> None:
    """Take a token that the module does not know: a word into the list ``flags``, a key with its value as it is."""
    if token.value is None:
        output.add(("flags",), token.key)
    elif output.dialect.bracketed and token.value.startswith("["):
        ignored: list[str] = []
        output.put(token.key, read(token.value, ignored))
        if ignored:
            output.trap(token, f"drops {', '.join(map(repr, ignored))}: where one item has a '=', all must")
    else:
        if token.value.startswith("["):
            output.trap(token, "has no bracket lists and cuts at each space; say it in another way")
        output.put(token.key, token.value)
