"""What a proxy's module sends for a flag string, and what the daemon understands: the arguments of `Flags`.

The daemon reads the same thing in several places: ``SDES-off`` in the list ``flags`` is a member of the list
``SDES``, ``transcode-PCMU`` is one of ``codec``, and a key has several names. So the list ``flags`` is read first:
a word that is a boolean option is taken, and a word that belongs to a key is added to that key. Then each key is
read, with the words that were added to it, in the form that its field takes. A value that its field refuses is in
``unchecked``, and a key or a word without a field in ``extra``. Each of these is a problem too; only the first is
put into words, because finding the nearest known word takes a while.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy

import attrs

from ...errors import UsageError
from ...keys import Field, nearest
from ...wire import Value
from ..fields import VOCABULARY, Arguments, spelt_out, taken
from ..routing import DialectName, FlagString, Routing
from ..spellings import LISTS_ALONE
from .commands import MORE_KEYS, MORE_WORDS, command_of
from .daemon import RTPP_FLAGS
from .dialect import Dialect, clip, run
from .kamailio import KAMAILIO, KAMAILIO_5_6
from .opensips import OPENSIPS

_DIALECTS = {dialect.name: dialect for dialect in (KAMAILIO, KAMAILIO_5_6, OPENSIPS, RTPP_FLAGS)}
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
_SDP_ATTR = re.compile(r"sdp-attr-(add|remove|substitute)-(\w+)-(.+)", re.DOTALL)


@attrs.frozen(kw_only=True)
class Interpretation:
    """How a proxy's module and the daemon behind it understand a flag string."""

    string: FlagString
    sent: Mapping[str, Value]
    """What the module puts on the wire, in its order, without the keys that it takes from the SIP message. Where it
    writes a key twice, the daemon takes the last, and only that one is here."""
    arguments: Arguments
    """The arguments of `Flags` that say the same."""
    traps: tuple[str, ...]
    """Those of the problems that are about what the module does."""
    problems: tuple[str, ...]
    """Sentences: one on each thing that the module does and nobody wants, one on the first that no daemon knows."""


def read(text: str, dialect: DialectName, command: str) -> Interpretation:
    """Return how a dialect's module and the daemon understand a flag string in this command.

    Raises `UsageError` where the module rejects the string, where its process would end, and for a dialect or a
    command that no module has.
    """
    module, command = dialect_of(dialect), command_of(command)
    tokens, output = run(module, text, command)
    string = FlagString(text=" ".join(map(str, tokens)), dialect=dialect, command=command)
    sent = dict(output.wire())
    meaning = _Meaning(output.command)
    # These are in `Routing`.
    meaning.take(
        {key: deepcopy(sent[key]) for key in sent if key != "from-tags" or "from_tags" not in output.routing}
    )
    return Interpretation(
        string=string,
        # The daemon is sent the string itself, if there is any.
        sent={module.wire_key: string.text} if module.wire_key and tokens else sent,
        arguments=spelt_out(meaning.arguments() | {"routing": Routing(**output.routing)}),
        traps=tuple(output.traps),
        problems=(*output.traps, *filter(None, [meaning.problem])),
    )


def dialect_of(name: str) -> Dialect:
    """Return the dialect of this name. Raises `UsageError` for an unknown one."""
    if name not in _DIALECTS:
        raise UsageError(f"dialect={name!r}: unknown; {nearest(name, _DIALECTS)}")
    return _DIALECTS[name]


class _Meaning:
    """The meaning of a module's dictionary, while it is read."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.options: dict[str, object] = {}
        self.extra: dict[str, Value] = {}
        self.unchecked: dict[str, Value] = {}
        self.words: list[str] = []
        """The words of the list ``flags`` that have no field."""
        self.problem = ""
        """A sentence on the first thing that no daemon understands."""

    def arguments(self) -> Arguments:
        """Return the arguments of `Flags`."""
        return self.options | {"extra": {"flags": self.words} | self.extra, "unchecked": self.unchecked}

    def complain(self, say: Callable[..., str], *about: object) -> None:
        """Note a problem: `say(*about)` makes the sentence, unless there is one already."""
        self.problem = self.problem or say(*about)

    def take(self, wire: Mapping[str, Value]) -> None:
        """Read the whole dictionary."""
        listed = wire.get("flags", [])
        if isinstance(listed, list):
            spread = self._spread(listed)
        else:
            spread = {}
            self.unchecked["flags"] = listed
            self.complain(str, "'flags=...': daemons before 11.2 expect a list here; write each word by itself")
        for key in dict.fromkeys((*spread, *wire)):
            if key != "flags":
                self._take_key(key, wire.get(key), *spread.get(key, ([], None)))

    def _spread(self, listed: list[Value]) -> dict[str, tuple[list[str], Value | None]]:
        """Read the list ``flags``. Return the keys that its words belong to, with these words and their value."""
        spread: dict[str, tuple[list[str], Value | None]] = {}
        for word in map(str, listed):
            if word == "directional":
                # This one is in `Routing`.
                continue
            if word in VOCABULARY.words:
                self.options[VOCABULARY.words[word].name] = True
            elif (meant := _meant(word)) is not None:
                key, value = meant
                words, before = spread.get(key, ([], None))
                words.append(word)
                spread[key] = words, value if before is None else _joined(before, value)
            else:
                if self.command in _OFFERS or word not in MORE_WORDS:
                    self.complain(_unknown_word, word)
                self.words.append(word)
        return spread

    def _take_key(self, key: str, value: Value | None, words: list[str], more: Value | None) -> None:
        """Read a key with its value, and with the value `more` that `words` of the list ``flags`` make."""
        name = key.replace(" ", "-")
        field = VOCABULARY.keys.get(name)
        if field is None:
            if name not in self.extra and value is not None:
                self._take_unknown(name, value)
            return
        both = value if more is None else more
        if value is not None and more is not None:
            both = _joined(value, more) if type(more) is type(value) else value
        try:
            self.options[field.name] = _fit(field, both)
        except (ValueError, TypeError) as error:
            if value is None:
                self.complain(str, error)
            else:
                self.complain(_refused, field, name, value, error)
                self.unchecked[key] = value
            self.words += words

    def _take_unknown(self, key: str, value: Value) -> None:
        """Read a key that has no field."""
        if key not in MORE_KEYS or self.command in _OFFERS:
            self.complain(_unknown_key, key)
        # The daemon does not know a key in other letters, and `extra` refuses it.
        (self.unchecked if VOCABULARY.refusal(key) else self.extra)[key] = value


def _meant(word: str) -> tuple[str, Value] | None:
    """Return the key and the value that `word` stands for in the list ``flags``; None where no field takes them."""
    if word in VOCABULARY.keys:
        bare: str | None = VOCABULARY.keys[word].metadata["key"].bare
        return None if bare is None else (word, bare)
    key, value = _behind_prefix(word)
    field = VOCABULARY.keys.get(key)
    if field is None or value is None:
        return None
    try:
        _fit(field, value)
    except (ValueError, TypeError):
        return None
    return key, value


def _behind_prefix(word: str) -> tuple[str, Value | None]:
    """Return the key at the beginning of `word` and the value behind it; None for the value where it has no key."""
    for prefix, key in LISTS.items():
        rest = word.removeprefix(f"{prefix}-")
        if rest and rest != word:
            return key, [rest]
    if codec := _CODEC.fullmatch(word):
        operation, name = (part for part in codec.groups() if part is not None)
        return "codec", {operation: [name]}
    if line := _SDP_ATTR.fullmatch(word):
        change, section, text = line.groups()
        if change != "substitute":
            return "sdp-attr", {section: {change: [text]}}
        before, arrow, after = text.partition(">")
        return ("sdp-attr", {section: {change: [[before, after]]}}) if arrow else ("", None)
    learning = word.removeprefix("endpoint-learning-")
    if learning != word:
        return "endpoint-learning", learning
    return "", None


def _joined(left: Value, right: Value) -> Value:
    """Return two values of one form joined; `left` is changed."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key, item in right.items():
            left[key] = _joined(left[key], item) if key in left else item
        return left
    if isinstance(left, list) and isinstance(right, list):
        left.extend(right)
        return left
    return right


def _fit(field: Field, value: Value | None) -> Value | None:
    """Return `value` in a form that the field takes: as it is, with hyphens for spaces, or as a number.

    Raises `UsageError` where it takes none of these.
    """
    candidates = [value]
    if field.default == ():
        if not isinstance(value, list):
            raise UsageError(f"{field.name}={value!r}: a list expected")
        candidates += [[_hyphened(item) for item in value], [_number(item) for item in value]]
    elif isinstance(value, str):
        candidates.append(_number(value))
    refusal: Exception | None = None
    for candidate in candidates:
        try:
            taken(field, candidate)
        except (ValueError, TypeError) as error:
            refusal = refusal or error
        else:
            return candidate
    raise refusal or UsageError(f"{field.name}={value!r}")


def _hyphened(word: Value) -> Value:
    return word.replace(" ", "-") if isinstance(word, str) else word


def _number(text: Value) -> Value:
    return int(text) if isinstance(text, str) and re.fullmatch(r"-?(0|[1-9][0-9]{0,18})", text) else text


# Problems in words.


def _refused(field: Field, key: str, value: object, error: Exception) -> str:
    if field.default == () and isinstance(value, str):
        prefix = next((prefix for prefix, name in LISTS.items() if name == key), None)
        cure = f"; write {prefix}-{value}" if prefix and value else ""
        who = "the daemon expects" if key in LISTS_ALONE else "daemons before 11.2 expect"
        return f"{clip(f'{key}={value}')}: this is sent as a string, and {who} a list{cure}"
    return f"{key}: {error}"


def _unknown_word(word: str) -> str:
    for prefix, key in LISTS.items():
        if word.startswith(f"{prefix}-"):
            try:
                _fit(VOCABULARY.keys[key], [word.removeprefix(f"{prefix}-")])
            except UsageError as error:
                return f"{clip(word)}: {error}"
    if word in VOCABULARY.keys:
        between = "-" if word in LISTS or word == "codec" else "="
        return f"{clip(word)}: the daemon expects a value here; write {word}{between}..."
    return (
        f"{clip(word)}: no daemon knows this flag; {_near(word, [*VOCABULARY.words, *VOCABULARY.keys, *_TOKENS])}"
    )


def _unknown_key(key: str) -> str:
    shown = clip(f"{key}=...")
    if key in ("in-iface", "out-iface"):
        return (
            f"{shown}: only opensips knows this; write direction=... for the sender's side, then for the receiver's"
        )
    if key in VOCABULARY.words:
        return f"{shown}: the daemon knows this as a word without a value; write {key}"
    return f"{shown}: no daemon knows this key; {_near(key, [*VOCABULARY.keys, *_TOKENS])}"


def _near(word: str, known: list[str]) -> str:
    return nearest(word, known, cutoff=0.6, otherwise="leave it out")
