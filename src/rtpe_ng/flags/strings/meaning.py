"""From what a module sends to what the daemon understands: the fields of `Flags`, and what they refuse."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from ...errors import UsageError
from ...keys import Key
from .commands import MORE_KEYS, MORE_WORDS
from .module import clip

__all__ = ["LISTS", "Meaning", "Vocabulary", "understand"]

LISTS = {
    "replace": "replace", "rtcp-mux": "rtcp-mux", "SDES": "SDES", "OSRTP": "OSRTP",
    "T38": "T.38", "T.38": "T.38", "BUNDLE": "bundle",
}  # fmt: skip
"""The keys whose words the daemon reads in the list ``flags`` too, by what stands before them there."""

_TOKENS = (
    "RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF",
    "call-id", "from-tag", "to-tag", "via-branch", "received-from", "directional", "force-answer",
    *(f"{prefix}-" for prefix in LISTS), "transcode-", "codec-",
)  # fmt: skip
_OFFERS = ("offer", "answer", "manage", "info")
# The daemon reads these in the list "flags" too.
_CODEC = re.compile(r"(?:codec-)?(transcode)-(.+)|codec-(\w+)-(.+)", re.DOTALL)
_SDP_ATTR = re.compile(r"sdp-attr-(\w+)-(add|remove)-(.+)", re.DOTALL)


@attrs.frozen(kw_only=True)
class Vocabulary:
    """The fields of a class, by what stands for them on the wire."""

    words: Mapping[str, str]
    """The names of boolean fields, by the words of the list ``flags``."""
    keys: Mapping[str, attrs.Attribute[Any]]
    """The other fields, by their keys."""

    @classmethod
    @functools.cache
    def of(cls, kind: Any) -> Vocabulary:
        """Return the vocabulary of a class whose fields are declared as options."""
        words: dict[str, str] = {}
        keys: dict[str, attrs.Attribute[Any]] = {}
        for attribute in attrs.fields(kind):
            option: Key | None = attribute.metadata.get("key")
            for name in (option.key, *option.spellings) if option else ():
                if option and option.listed:
                    words[name] = attribute.name
                else:
                    keys[name] = attribute
        return cls(words=words, keys=keys)


class Meaning:
    """What a dictionary of a module means."""

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}
        self.extra: dict[str, Any] = {}
        self.unchecked: dict[str, Any] = {}
        self.problem = ""
        """A sentence on the first thing in it that no daemon understands."""

    def complain(self, say: Callable[..., str], *about: Any) -> None:
        """Note a problem. Only the first one is put into words, which takes a while."""
        self.problem = self.problem or say(*about)

    @property
    def words(self) -> list[str]:
        """The words of the list ``flags`` that no field stands for."""
        found: list[str] = self.extra.setdefault("flags", [])
        return found


def understand(kind: Any, wire: Mapping[str, Any], command: str) -> Meaning:
    """Return what `wire`, a module's dictionary, means in terms of the fields of `kind`. Raises nothing."""
    vocabulary = Vocabulary.of(kind)
    meaning = Meaning()
    listed = wire.get("flags", [])
    if isinstance(listed, list):
        spread = dict(_spread(vocabulary, listed, meaning, command))
    else:
        spread = {}
        meaning.unchecked["flags"] = listed
        meaning.complain(str, "'flags=...': the daemon expects a list here; write each word by itself")
    for key in dict.fromkeys((*spread, *wire)):
        if key != "flags":
            _take(vocabulary, key, wire.get(key), spread.get(key), meaning, command)
    if not meaning.extra.get("flags", True):
        del meaning.extra["flags"]
    return meaning


def _spread(
    vocabulary: Vocabulary, listed: list[str], meaning: Meaning, command: str
) -> Iterator[tuple[str, tuple[list[str], Any]]]:
    """Take the list ``flags``: yield the keys that its words stand for, the words, and the value they make."""
    found: dict[str, tuple[list[str], Any]] = {}
    for word in listed:
        if word == "directional":
            # It is in `Routing`.
            continue
        if word in vocabulary.words:
            meaning.options[vocabulary.words[word]] = True
        elif (meant := _meant(vocabulary, word)) is not None:
            key, value = meant
            words, before = found.setdefault(key, ([], None))
            words.append(word)
            found[key] = words, value if before is None else _joined(before, value)
        else:
            if command in _OFFERS or word not in MORE_WORDS:
                meaning.complain(_unknown_word, vocabulary, word)
            meaning.words.append(word)
    yield from found.items()


def _meant(vocabulary: Vocabulary, word: str) -> tuple[str, Any] | None:
    """Return the key and value that `word` stands for in the list ``flags``, where a field takes them."""
    attribute = vocabulary.keys.get(word)
    if attribute is not None:
        bare = attribute.metadata["key"].bare
        return None if bare is None else (word, bare)
    for prefix, key in LISTS.items():
        rest = word.removeprefix(f"{prefix}-")
        if rest and rest != word:
            return None if _fitting(vocabulary.keys[key], [rest]) is None else (key, [rest])
    value: Any
    if codec := _CODEC.fullmatch(word):
        operation, name = (part for part in codec.groups() if part is not None)
        key, value = "codec", {operation: [name]}
    elif line := _SDP_ATTR.fullmatch(word):
        key, value = "sdp-attr", {line.group(1): {line.group(2): [line.group(3)]}}
    else:
        return None
    attribute = vocabulary.keys.get(key)
    return None if attribute is None or _fitting(attribute, value) is None else (key, value)


def _joined(left: Any, right: Any) -> Any:
    """Return both, which are of one form, as one; `left` is used up."""
    if isinstance(left, dict):
        for key, item in right.items():
            left[key] = _joined(left[key], item) if key in left else item
    elif isinstance(left, list):
        left.extend(right)
    else:
        return right
    return left


def _take(
    vocabulary: Vocabulary,
    key: str,
    value: Any,
    spread: tuple[list[str], Any] | None,
    meaning: Meaning,
    command: str,
) -> None:
    """Take a key of the dictionary, its value, and what the list ``flags`` says of it."""
    name = key.replace(" ", "-")
    attribute = vocabulary.keys.get(name)
    if attribute is None:
        if name in meaning.extra:
            return
        if name not in MORE_KEYS or command in _OFFERS:
            meaning.complain(_unknown_key, vocabulary, name)
        meaning.extra[name] = value
        return
    words, said = spread or ([], None)
    both = (
        said if value is None else value if said is None or type(said) is not type(value) else _joined(value, said)
    )
    try:
        meaning.options[attribute.name] = _fit(attribute, both)
    except (ValueError, TypeError) as error:
        if value is None:
            meaning.complain(str, error)
        else:
            meaning.complain(_refused, attribute, name, value, error)
            meaning.unchecked[key] = value
        meaning.words.extend(words)


def _refused(attribute: attrs.Attribute[Any], key: str, value: Any, error: Exception) -> str:
    if attribute.default == () and isinstance(value, str):
        prefix = next((prefix for prefix, name in LISTS.items() if name == key), None)
        cure = f"; write {prefix}-{value}" if prefix and value else ""
        return f"{clip(f'{key}={value}')}: this is sent as a string, and the daemon expects a list{cure}"
    return f"{key}: {error}"


def _fitting(attribute: attrs.Attribute[Any], value: Any) -> Any:
    """Return `value` as the field takes it, or None."""
    try:
        return _fit(attribute, value)
    except (ValueError, TypeError):
        return None


def _fit(attribute: attrs.Attribute[Any], value: Any) -> Any:
    """Return `value` as the field takes it: text as a number where it wants one, a word with hyphens for spaces.

    Raises `UsageError` where it takes none of this.
    """
    candidates = [value]
    if attribute.default == ():
        if not isinstance(value, list):
            raise UsageError(f"{attribute.name}={value!r}: a list expected")
        candidates.append([_spelt(item) for item in value])
        candidates.append([_number(item) for item in value])
    elif isinstance(value, str):
        candidates.append(_number(value))
    refusal: Exception | None = None
    for candidate in candidates:
        try:
            _validated(attribute, candidate)
        except (ValueError, TypeError) as error:
            refusal = refusal or error
        else:
            return candidate
    raise refusal or UsageError(f"{attribute.name}={value!r}")


def _validated(attribute: attrs.Attribute[Any], value: Any) -> None:
    convert: Any = attribute.converter
    value = convert(value) if convert else value
    if attribute.validator:
        attribute.validator(None, attribute, value)


def _spelt(word: Any) -> Any:
    return word.replace(" ", "-") if isinstance(word, str) else word


def _number(text: Any) -> Any:
    return int(text) if isinstance(text, str) and re.fullmatch(r"-?(0|[1-9][0-9]{0,18})", text) else text


def _unknown_word(vocabulary: Vocabulary, word: str) -> str:
    for prefix, key in LISTS.items():
        if word.startswith(f"{prefix}-"):
            try:
                _fit(vocabulary.keys[key], [word.removeprefix(f"{prefix}-")])
            except UsageError as error:
                return f"{clip(word)}: {error}"
    if word in vocabulary.keys:
        between = "-" if word in LISTS or word == "codec" else "="
        return f"{clip(word)}: the daemon expects a value here; write {word}{between}..."
    return (
        f"{clip(word)}: no daemon knows this flag; {_near(word, [*vocabulary.words, *vocabulary.keys, *_TOKENS])}"
    )


def _unknown_key(vocabulary: Vocabulary, key: str) -> str:
    shown = clip(f"{key}=...")
    if key in ("in-iface", "out-iface"):
        return (
            f"{shown}: only opensips knows this; write direction=... for the sender's side, then for the receiver's"
        )
    if key in vocabulary.words:
        return f"{shown}: the daemon knows this as a word without a value; write {key}"
    return f"{shown}: no daemon knows this key; {_near(key, [*vocabulary.keys, *_TOKENS])}"


def _near(word: str, known: list[str]) -> str:
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold()[:80], folded, n=1, cutoff=0.6)
    return f"did you mean {folded[close[0]]!r}?" if close else "leave it out"
