"""The daemon's own flag string, under the key ``rtpp-flags``: known since 12.4, lists in brackets since 13.0.

A proxy may hand the string of its script on unread, and then the daemon reads it. It never rejects one: what it
does not know, it logs. As with a proxy's module, reading is a table of tokens that is run over the string. But the
result goes into no document; so what the handlers collect here is the document that says the same. Each key comes
by the name of its option, because the daemon takes several names for one. Of a number or a text, the daemon takes
the last; lists grow.

What the measured daemons do not read alike, 12.5.1.31 and 26.0.1.26, is a trap: it is no string to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import UsageError
from ...keys import Field
from ...wire import Value
from ..fields import RESERVED, VOCABULARY
from ..spellings import NEWEST, spellings_of
from . import handlers as h
from .dialect import Dialect, Handler, ModuleOutput, are_changes, are_codecs
from .kamailio import KAMAILIO
from .tokens import Token, check_text, scan

_DEEPEST = 16
"""Levels of brackets; the daemon has no bound, and no option has more than four."""
_CODEC = ("transcode", "strip", "offer", "mask", "set", "accept", "except")
"""The operations on codecs that stand before a ``-`` or a ``=``; others are words of the list ``flags`` only."""
_ESCAPED = frozenset({"offer", "strip", "ignore", "accept", "consume", "mask", "transcode"})
"""Those of which the daemon reads ``--`` as ``=`` and ``..`` as a space, in documents as in strings."""
_PREFIXED = {
    "replace": "replace", "rtcp-mux": "rtcp-mux", "SDES": "SDES", "OSRTP": "OSRTP", "T.38": "T38",
    "bundle": "BUNDLE",
}  # fmt: skip
"""The keys whose words stand in the list ``flags`` too, and what stands before them there."""
_TRANSPORTS = {"RTP", "AVP", "SRTP", "AVPF", "DTLS", *filter(None, KAMAILIO.transports)}
"""The words about the transport protocol, which mean what they mean to Kamailio."""
_CHANGES = ("add", "remove", "substitute")
_KEYS: Mapping[str, Field] = {
    name: VOCABULARY.keys[key] for name, key in spellings_of(NEWEST).keys.items() if " " not in name
}
_WORDS = {variant: name for name in VOCABULARY.words for variant in (name.lower(), name)}
_WORDS |= {
    variant: name
    for name, field in VOCABULARY.keys.items()
    if field.metadata["key"].bare is not None
    for variant in (name.lower(), name)
}


def split(text: str) -> tuple[tuple[Token, ...], str]:
    """Return the tokens of `text` as the daemon cuts it, and an empty string: it reads all.

    Raises `UsageError` for what no string can be, and for a bracket that is not closed.
    """
    check_text(text)
    return tuple(token for _, token in scan(text, _closing, keyless=True)), ""


def _closing(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        if text[at] in "[]":
            depth += 1 if text[at] == "[" else -1
            if depth > _DEEPEST:
                raise UsageError(f"{text[start : start + 40]!r}: more than {_DEEPEST} levels of brackets")
            if not depth:
                return at + 1
    raise UsageError(f"{text[start : start + 40]!r}: versions differ where a bracket is not closed; add ']'")


def _items(text: str) -> Iterator[str]:
    """Yield what stands in brackets, cut at the spaces that are in no bracket within."""
    depth, item = 0, ""
    for sign in text[1:-1]:
        depth += (sign == "[") - (sign == "]")
        if sign == " " and not depth:
            if item:
                yield item
            item = ""
        else:
            item += sign
    if item:
        yield item


def _value(text: str, output: ModuleOutput, token: Token) -> Value:
    """Return a value: text, or what stands in brackets. Its first item says whether that is a dictionary."""
    if not text.startswith("["):
        return text
    items = list(_items(text))
    if not items or items[0].startswith("[") or not items[0].partition("=")[2]:
        return [_value(item, output, token) for item in items]
    pairs: dict[str, Value] = {}
    for item in items:
        key, equals, inner = item.partition("=")
        if not equals:
            output.trap(token, f"stops at {item!r}, because the first item has a '='; give each item one")
            break
        pairs[key] = _value(inner, output, token)
    return pairs


def _written(value: object) -> str:
    """Return `value` as it stands in brackets; reading it again tells whether it could."""
    if isinstance(value, Mapping):
        return f"[{' '.join(f'{key}={_written(item)}' for key, item in value.items())}]"
    if isinstance(value, list | tuple):
        return f"[{' '.join(map(_written, value))}]"
    return str(value)


def _plain(word: str) -> str:
    return word.replace("--", "=").replace("..", " ")


def _escaped(word: str) -> str:
    return word.replace("=", "--").replace(" ", "..")


# Reading.


def _take(output: ModuleOutput, token: Token) -> None:
    """Take a token that is no word about the transport protocol or the message."""
    if not token.key:
        output.trap(token, "ignores what begins with '='; leave it out")
    elif _is_codec(output, token):
        return
    elif token.value is None:
        _take_word(output, token)
    elif token.value == "":
        output.trap(token, "has no use for this without a value; leave it out")
    elif token.key in RESERVED:
        output.trap(token, "takes this for the message's own; leave it out")
    else:
        _take_key(output, token, token.value)


def _is_codec(output: ModuleOutput, token: Token) -> bool:
    """Take an operation on codecs. Return whether the token was one."""
    for operation in _CODEC:
        for prefix in ("transcode", "codec-transcode") if operation == "transcode" else (f"codec-{operation}",):
            if token.key == prefix and token.value:
                if token.value.startswith("["):
                    output.trap(token, f"reads the first word of a list here; write {prefix}-... for each")
                first = token.value.strip("[] ").split(" ")[0]
                _add_codecs(output, token, operation, first)
                return True
            word = token.key.removeprefix(f"{prefix}-")
            if word and word != token.key:
                if token.value is not None:
                    output.trap(
                        token,
                        f"cuts it at the first '=' and takes {word!r} only; write {prefix}={word}={token.value}",
                    )
                _add_codecs(output, token, operation, word)
                return True
    for operation in ("consume", "ignore"):
        word = token.key.removeprefix(f"codec-{operation}-")
        if word and word != token.key and token.value is None:
            output.add(("codec", operation), _plain(word))
            return True
    return False


def _add_codecs(output: ModuleOutput, token: Token, operation: str, words: str) -> None:
    if "," in words:
        output.trap(token, "takes this for several names since 13.0 and for one before; write each by itself")
    for word in words.split(","):
        output.add(("codec", operation), _plain(word) if operation in _ESCAPED else word)


def _take_word(output: ModuleOutput, token: Token) -> None:
    word = _WORDS.get(token.key, token.key)
    learning = word.removeprefix("endpoint-learning-")
    tag = word.removeprefix("from-tags-")
    section, _, change = word.removeprefix("sdp-attr-").partition("-")
    if learning != word:
        _put(output, token, "endpoint-learning", learning)
    elif tag != word:
        _from_tags(output, Token(key="from-tags", value=tag))
    elif word.startswith("sdp-attr-") and section in _CHANGES and "-" in change:
        _change_lines(output, token, section, *change.split("-", 1))
    else:
        output.add(("flags",), word)


def _change_lines(output: ModuleOutput, token: Token, change: str, section: str, line: str) -> None:
    before, arrow, after = line.partition(">")
    if change == "substitute" and not arrow:
        output.trap(token, f"expects two lines with a '>' between them; write sdp-attr-substitute-{section}-a>b")
        return
    lines: list[Value] = (
        [[before, after]] if change == "substitute" else [_plain(line) if change == "add" else line]
    )
    _merge_read(output, token, "sdp-attr", {section: {change: lines}})


def _take_key(output: ModuleOutput, token: Token, text: str) -> None:
    field = _KEYS.get(token.key)
    value = _value(text, output, token)
    if field is None:
        _put(output, token, token.key, value)
        return
    key: str = field.metadata["key"].key
    if key == "codec" and isinstance(value, dict):
        for operation, names in value.items():
            for name in _words(names):
                output.add(("codec", operation), _plain(name) if operation in _ESCAPED else name)
    elif key in ("sdp-attr", "extmap") and isinstance(value, dict):
        _merge_read(output, token, key, _with_lists(value))
    elif field.default == () and key not in ("sdp-media-remove", "frequencies"):
        for word in _words(value):
            output.add((key,), word)
    elif key == "direction" and isinstance(value, list):
        output.interfaces[:] = [*map(str, value), "", ""][:2]
    elif isinstance(value, list) and field.name not in ("ice", "sdp_media_remove", "frequencies"):
        output.trap(token, "expects no list here, and ignores it; write a text")
    else:
        if key == "sdp-media-remove" and not isinstance(value, list):
            output.trap(token, f"expects a list here; write {key}=[{value}]")
        _put(output, token, key, value)


def _words(value: Value) -> list[str]:
    return value.split(",") if isinstance(value, str) else list(map(str, value)) if isinstance(value, list) else []


def _with_lists(value: dict[str, Value]) -> dict[str, Any]:
    """Return a dictionary of lists, in which a list may stand as a text with commas; added lines are escaped."""
    lists: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            lists[key] = _with_lists(inner)
        elif key == "substitute" and isinstance(inner, list):
            lists[key] = inner
        else:
            lists[key] = [_plain(word) if key == "add" else word for word in _words(inner)]
    return lists


def _kept(output: ModuleOutput, key: str) -> dict[str, Any]:
    """Return the dictionary under a key, to be added to."""
    for name, value in output.pairs:
        if name == key and isinstance(value, dict):
            return value
    new: dict[str, Any] = {}
    output.put(key, new)
    return new


def _merge_read(output: ModuleOutput, token: Token, key: str, more: Mapping[str, Any]) -> None:
    """Add what was read to the dictionary under a key. What has another shape than before is a trap."""
    if not _merge(_kept(output, key), more):
        output.trap(token, "does not join this with what was said before in another shape; say it once")


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> bool:
    """Add to lists and dictionaries what has the same shape. Return whether all had."""
    fits = True
    for key, value in more.items():
        known = into.setdefault(key, {} if isinstance(value, Mapping) else [])
        if isinstance(known, dict) and isinstance(value, Mapping):
            fits = _merge(known, value) and fits
        elif isinstance(known, list) and isinstance(value, list):
            known.extend(value)
        else:
            fits = False
    return fits


def _put(output: ModuleOutput, token: Token, key: str, value: Value) -> None:
    if any(name == key for name, _ in output.pairs):
        output.trap(token, "takes the last of these; say it once")
    output.put(key, value)


def _interface(output: ModuleOutput, token: Token) -> None:
    """Take an interface: the sender's first, then the receiver's."""
    name = token.key if token.key in ("internal", "external") else token.value
    if name and name.startswith("["):
        _take(output, token)
    elif not name or all(output.interfaces):
        output.trap(token, "has no use for this: the first names the sender's side, the second the receiver's")
    else:
        output.interfaces[1 if output.interfaces[0] else 0] = name


def _override(name: str) -> Handler:
    def handle(output: ModuleOutput, token: Token) -> None:
        if token.value:
            output.routing[name] = token.value
        else:
            output.trap(token, f"has no use for this without a value; write {token.key}=...")

    return handle


def _from_tags(output: ModuleOutput, token: Token) -> None:
    if not token.value:
        output.trap(token, f"has no use for this without a value; write {token.key}=...")
    else:
        value = _value(token.value, output, token)
        output.routing["from_tags"] = (*output.routing.get("from_tags", ()), *_words(value))


def _received_from(output: ModuleOutput, token: Token) -> None:
    value = _value(token.value or "", output, token)
    # A family and an address; only the address says which family it is.
    address = h.address_of(str(value[-1] if isinstance(value, list) and value else value))
    if address is None:
        output.trap(token, "expects an IPv4 or IPv6 address; write received-from=192.0.2.1")
    else:
        output.routing["received_from"] = address


def _by_key(handler: Handler) -> Handler:
    """Note a word about the transport protocol, which 26.0 does not know."""

    def handle(output: ModuleOutput, token: Token) -> None:
        if token.value is None:
            output.trap(token, "reads this in 12.5 and not in 26.0; write transport-protocol=RTP/AVP, or another")
            handler(output, token)
        else:
            _take(output, token)

    return handle


def _finish(output: ModuleOutput) -> None:
    """Name the interfaces; check that the words about the transport protocol stand for one."""
    sender, receiver = output.interfaces
    if receiver:
        output.lists["direction",] = [sender, receiver]
    elif sender:
        output.put("from-interface", sender)
    if output.transport is not None and output.dialect.transport(output.transport) is None:
        output.traps.append("transport protocol: these words stand for none; write transport-protocol=...")


# Writing.


def _say(key: str, value: object) -> list[str] | None:
    """Return the tokens that say a key, in the form that most versions read; None where the common way does."""
    if key == "transport-protocol" and isinstance(value, str):
        return [f"{key}={value}"]
    if key == "codec" and are_codecs(value):
        return [_codec_word(operation, name) for operation, names in value.items() for name in names]
    if key == "sdp-attr" and are_changes(value):
        return [
            f"{key}-{change}-{section}-{_line(change, line)}"
            for section, changes in value.items()
            for change, lines in changes.items()
            for line in lines
        ]
    if key in _PREFIXED and isinstance(value, list):
        return [f"{_PREFIXED[key]}-{word}" for word in value]
    if key == "endpoint-learning" and isinstance(value, list):
        return [f"{key}-{word}" for word in value]
    if isinstance(value, Mapping) or (isinstance(value, list) and key != "direction"):
        return [f"{key}={_written(value)}"]
    return None


def _codec_word(operation: str, name: str) -> str:
    prefix = "transcode" if operation == "transcode" else f"codec-{operation}"
    if operation in _ESCAPED:
        return f"{prefix}-{_escaped(name)}"
    # Only the first "=" separates.
    return f"{prefix}={name}" if "=" in name else f"{prefix}-{name}"


def _line(change: str, line: Any) -> str:
    if change == "substitute":
        return ">".join(line)
    return _escaped(line) if change == "add" else str(line)


RTPP_FLAGS = Dialect(
    name="rtpp-flags",
    subject="the daemon",
    words={
        **{name: _by_key(handler) for name, handler in KAMAILIO.words.items() if name in _TRANSPORTS},
        **dict.fromkeys(("direction", "internal", "external"), _interface),
        **dict.fromkeys(("call-id", "call-ID"), _override("call_id")),
        "from-tag": _override("from_tag"),
        **dict.fromkeys(("to-tag", "to_tag"), h.to_tag),
        "via-branch": _override("via_branch_param"),
        "from-tags": _from_tags,
        "received-from": _received_from,
        "directional": h.alone(h.direct(listed=False)),
    },
    prefixes={f"codec-{operation}": ("codec", operation) for operation in _CODEC},
    transports=KAMAILIO.transports,
    order=("direction", *_PREFIXED, "DTLS", "codec", "transport-protocol", "flags"),
    with_sdp=frozenset(),
    bracketed=True,
    split=split,
    say=_say,
    wire_key="rtpp-flags",
    unknown=_take,
    finish=_finish,
)
