"""`Request`: what was sent, kept with its reply, its trace or its error, and safe to show.

Once a body is sent, nobody needs it again, and its keys are nobody's business. But which flags went with it is what
people ask when a call goes wrong. So a `Request` keeps two things that the command has at hand: its own keys,
without the body, and its flags. That takes some three microseconds. The dictionary is put together, and secrets are
looked for, only when somebody reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..errors import UsageError, redact
from ..flags import Flags
from ..flags.fields import VOCABULARY
from ..flags.flags import flags_as_sent
from ..keys import folded

__all__ = ["Request"]

_BODY = re.compile(r"(?:^|[\r\n])v=0[\r\n]")
_WORDS = (
    r"(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential|authori[sz]ation"
    r"|(?:access|api|auth|crypto|encryption|master|private|session|shared|signing|srtp)[-_ ]?(?:key|salt))"
)
_SECRET = re.compile(
    rf".*{_WORDS}.*|(?:.*-)?(?:auth|bearer|cookie|crypto|inline|keys?|(?:db|user)?pass|salt)(?:-?[0-9]+)?"
)
"""Names of keys whose values nobody may see, as `_split` has them; the options of `Flags` are none of these."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_IN_TEXT = re.compile(
    rf"""
    ( \b(?:proxy-)?authorization["']?\s*[:=]\s* )( [^\r\n]+ )   # a whole header field
  | ( \bbearer\s+ )( [^\s"',;]+ )
  | ( {_WORDS}s?["']?\s*[:=]\s* )( "[^"]*" | '[^']*' | [^\s,;&|]+ )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Secrets in a text of the caller's own, such as ``metadata``."""
_AUDIO = frozenset({"blob", "blob64"})
_DEEPEST = 32
"""Levels of dictionaries and lists that are shown."""


@attrs.frozen(kw_only=True, repr=False, eq=False)
class Request:
    """What was sent to the daemon, without bodies, keys and credentials.

    Keys and passwords are masked with ``*``, as `rtpe_ng.errors.redact` does. Two requests are equal if their
    documents are. A reply that no daemon gave, such as one that a test made, has a request without a command.
    """

    _own: Mapping[str, Any] = attrs.field(factory=dict, alias="own")
    """The keys of the command itself, as plain values."""
    _flags: Flags | None = attrs.field(default=None, alias="flags")
    """The options beside them; None where the command takes none."""

    @property
    def command(self) -> str:
        """The ng command."""
        return _shown(self._own.get("command", ""))

    @property
    def call_id(self) -> str | None:
        """The Call-ID, if the command is about a call."""
        call_id = self._own.get("call-id")
        return None if call_id is None else _shown(call_id)

    @property
    def flags(self) -> Flags | None:
        """The flags as they were sent; None where the command takes none, or was given as plain values."""
        flags = self._flags
        if flags is None:
            return None
        sent = flags.to_ng()
        safe = bare(sent)
        # A text that came from a proxy's script is not sent, but it is shown.
        if safe == sent and (flags.source is None or _hidden(flags.source.text) == flags.source.text):
            return flags
        try:
            return flags_as_sent(safe)
        except UsageError:
            # What is not even a list of words was not checked before it was sent either.
            return Flags(unchecked=safe)

    @property
    def document(self) -> dict[str, Any]:
        """The dictionary that was sent, in the spelling of the wire; it is the caller's own.

        The ``sdp`` is left out, wherever it stood; a file of audio is given by its size.
        """
        return bare(joined(self._own, self._flags))

    def __eq__(self, other: object) -> bool:
        """Return whether both say the same."""
        return self.document == other.document if isinstance(other, Request) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.command, self.call_id))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a pickle or a copy is made of; it has no secrets either."""
        return _request, (bare(self._own), self.flags)

    def __str__(self) -> str:
        """Return what was sent beside the command and the Call-ID."""
        flags = self.flags
        words = [
            f"{key}={value!r}"
            for key, value in bare(self._own).items()
            if key not in ("command", "call-id", "supports")
        ]
        return " ".join([*words, *([repr(flags)] if flags is not None and flags != _NOTHING else [])])

    def __repr__(self) -> str:
        if not self._own:
            return "<Request of nothing that was sent>"
        about = "" if self.call_id is None else f" of {self.call_id!r}"
        return f"<Request {' '.join(filter(None, [repr(self.command) + about, str(self)]))}>"


_NOTHING = Flags()


def _request(own: Mapping[str, Any], flags: Flags | None) -> Request:
    return Request(own=own, flags=flags)


def joined(own: Mapping[str, Any], flags: Flags | None) -> dict[str, Any]:
    """Return a whole request: a command's own keys and its flags. Both may have words for the list ``flags``."""
    if flags is None:
        return dict(own)
    more = flags.to_ng()
    words = more.get("flags", [])
    if "flags" in own and isinstance(words, list):
        more["flags"] = [*own["flags"], *(word for word in words if word not in own["flags"])]
    return {**own, **more}


def bare(document: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a copy of a request that is safe to show: no body in it, and each key and password masked.

    A key named ``sdp`` is left out, at any depth; another text that is a body is given by its size. Raises nothing.
    """
    return dict(_items(document, 0))


def _items(document: Mapping[Any, Any], depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        name = _shown(key)
        known = folded(name)
        if known == "sdp":
            continue
        if known in _AUDIO:
            yield name, _size(value)
        elif _SECRET.fullmatch(_split(name)) and name not in VOCABULARY.keys:
            yield name, _masked(value, depth)
        else:
            yield name, _safe(value, depth)


def _safe(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return "..."
    if isinstance(value, Mapping):
        return dict(_items(value, depth + 1))
    if isinstance(value, list | tuple):
        return [_safe(item, depth + 1) for item in value]
    if isinstance(value, str | bytes | bytearray | memoryview):
        text = _text(value)
        if _BODY.search(text):
            return _size(value)
        # As it came where there is nothing to hide: bytes stay bytes.
        safe = _hidden(text)
        return value if safe == text else safe
    return value


def _masked(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return "..."
    if isinstance(value, Mapping):
        return {_shown(key): _masked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item, depth + 1) for item in value]
    return "*" * len(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "surrogateescape")
    return str(value)


def _split(name: str) -> str:
    """Return the name of a key as `folded` does, with a hyphen between the words of a ``camelCase`` one too."""
    return folded(_CAMEL.sub("-", name))


def _hidden(text: str) -> str:
    def masked(match: re.Match[str]) -> str:
        before, secret = (group for group in match.groups() if group is not None)
        return before + "*" * len(secret)

    return _IN_TEXT.sub(masked, redact(text))


def _shown(value: Any) -> str:
    return redact(_text(value))


def _size(value: Any) -> str:
    # Each surrogate, which stands for one byte, becomes one question mark.
    return f"<{len(_text(value).encode('utf-8', 'replace'))} bytes>"
