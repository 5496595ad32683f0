"""Reading a dictionary of options as a daemon reads it, and as `Flags`, whatever program made it.

A dictionary from another program may have other names, a text where a list belongs, or ``SDES-off`` among the
words of ``flags``. `read` takes it entry by entry, as one version of the daemon does: each `Entry` says which key
of the ng document it stands for, with which value, and what of it that version ignores. `as_read` puts the entries
together again in the spelling that every version reads. `arguments_of` makes the arguments of `Flags` of what any
version reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, TypeAlias

import attrs

from ..errors import UsageError
from ..keys import Field, Key, folded, nearest
from ..versions import is_older
from .fields import RESERVED, VOCABULARY, Arguments, joined_values, taken
from .nested import Codec, Extmap, Moh, Part, SdpAttr, on_wire
from .spellings import LISTS_ALONE, MEASURED, NEWEST, Spellings, spellings_of, unknown_since

_ANY = (NEWEST, *reversed(MEASURED))
"""The versions that are asked for what an entry means, newest first."""
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}", re.ASCII)
_EVENTS = "0123456789*#ABCD"
"""The events of RFC 4733, section 3.2, that are digits, in the order of their numbers."""

_PARTS: Mapping[str, type[Part]] = {"codec": Codec, "extmap": Extmap, "sdp-attr": SdpAttr, "moh": Moh}
_INNER: Mapping[str, Mapping[str, Key]] = {
    name: {key.key: key for key in (field.metadata["key"] for field in attrs.fields(part))}
    for name, part in _PARTS.items()
}
"""The keys within the dictionary of a key, by their names."""

Lost: TypeAlias = tuple[object, str]
"""A part of an entry that is ignored, and why."""


@attrs.frozen(kw_only=True)
class Entry:
    """One entry of a dictionary, as one version of the daemon reads it: a key, or a word of the list ``flags``."""

    name: str
    """The key, or the word, as it was given."""
    given: Any = None
    """The value that was given; None for a word."""
    is_word: bool = False
    """It is a word of the list ``flags``."""
    key: str = ""
    """The key of the ng document that it stands for, or the word of ``flags``; empty where it stands for none."""
    value: Any = None
    """What is read under that key, in the form that every version takes; None where nothing is."""
    lost: tuple[Lost, ...] = ()
    """What of it is ignored, and why."""

    def __str__(self) -> str:
        return repr(self.name) if self.is_word else f"{self.name!r}: {self.given!r}"


def read(document: Mapping[str, Any], version: str) -> Iterator[Entry]:
    """Yield the entries of a dictionary as a daemon of `version` reads them, in their order.

    A key that no option of `Flags` stands for, such as ``call-id``, and a word of that kind, has an empty `key`,
    and nothing of it is lost. Raises `UsageError` for what is no version.
    """
    spellings = spellings_of(version)
    for name, given in document.items():
        if name == "flags":
            yield from _words(given, spellings)
        else:
            yield _entry(str(name), given, spellings)


def as_read(document: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Return what a daemon of `version` reads in a dictionary, in the spelling that every version takes.

    What it ignores is absent. Keys and words that no option of `Flags` stands for stay as they are.
    Of two names for one key the later one counts, lists grow. Raises `UsageError` for what is no version.
    """
    said: dict[str, Any] = {}
    words: list[Any] = []
    for entry in read(document, version):
        if not entry.key:
            if not entry.lost and entry.is_word:
                words.append(entry.name)
            elif not entry.lost:
                said[entry.name] = entry.given
        elif entry.value is True:
            words.append(entry.key)
        elif entry.value is not None:
            _put(said, entry.key, entry.value)
    return said | ({"flags": words} if words else {})


def _put(said: dict[str, Any], key: str, value: Any) -> None:
    """Put a value under its key; a list or a dictionary is joined with the one that is there."""
    # Interfaces and tones belong together.
    alone = key in ("direction", "frequencies")
    said[key] = joined_values(said[key], value) if key in said and not alone else deepcopy(value)


# Words of the list ``flags``.


def _words(given: object, spellings: Spellings) -> Iterator[Entry]:
    if isinstance(given, str):
        if not spellings.reads_text_as_list:
            why = f"a text, where {spellings.version} reads a list only"
            yield Entry(name="flags", given=given, lost=((given, why),))
            return
        given = given.split(",")
    if not isinstance(given, list | tuple):
        yield Entry(name="flags", given=given, lost=((given, "no list of words"),))
        return
    for word in given:
        if isinstance(word, str):
            yield _word(word, spellings)
        else:
            yield Entry(name=str(word), given=word, is_word=True, lost=((word, "no text"),))


def _word(given: str, spellings: Spellings) -> Entry:
    word = spellings.word(given)
    if word in spellings.words:
        key, value = spellings.words[word]
        return Entry(name=given, is_word=True, key=key, value=value)
    for prefix, path in spellings.prefixes.items():
        rest = word.removeprefix(prefix)
        if rest and rest != word:
            value, lost = _behind(path, rest, spellings)
            return Entry(name=given, is_word=True, key=path[0], value=value, lost=lost)
    return Entry(name=given, is_word=True, lost=_unread_word(given, spellings))


def _behind(path: tuple[str, ...], rest: str, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    """Return what stands behind a prefix: the value under the key of its `path`, and what is lost."""
    key = path[0]
    if key == "sdp-attr":
        section, _, line = rest.partition("-")
        return _value(key, {section: {path[1]: [line]}}, spellings)
    if key == "codec":
        return _value(key, {path[1]: [rest]}, spellings)
    return _value(key, [rest], spellings)


def _unread_word(given: str, spellings: Spellings) -> tuple[Lost, ...]:
    """Return what is lost of a word that this version does not know: nothing if no version does."""
    for version in _ANY:
        other = spellings_of(version)
        if other.version == spellings.version:
            continue
        heard = other.word(given)
        if heard in other.words:
            option = _key_of(other.words[heard][0])
            why = unknown_since(option, spellings.version) if option else ""
            return ((given, why or f"no spelling that {spellings.version} reads"),)
        for prefix in other.prefixes:
            if heard.startswith(prefix) and heard != prefix:
                return ((given, f"no word that {spellings.version} reads in 'flags'"),)
    return ()


def _key_of(name: str) -> Key | None:
    field = VOCABULARY.words.get(name) or VOCABULARY.keys.get(name)
    key: Key | None = field.metadata["key"] if field else None
    return key


# Keys.


def _entry(name: str, given: Any, spellings: Spellings) -> Entry:
    key = spellings.keys.get(name)
    if key is not None:
        value, lost = _value(key, given, spellings)
        # Since 11.2 both names of the tone take a list.
        if key == "frequency" and isinstance(value, list):
            key = "frequencies"
        return Entry(name=name, given=given, key=key, value=value, lost=lost)
    option = VOCABULARY.spellings.get(folded(name))
    if option is None:
        return Entry(name=name, given=given)
    known = _option(option)
    why = unknown_since(known, spellings.version) or f"no name that {spellings.version} reads"
    return Entry(name=name, given=given, lost=((given, why),))


def _option(name: str) -> Key:
    return next(key for option, key in VOCABULARY.options if option == name)


def _value(key: str, given: Any, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    """Return what is read of a value, in the form that every version takes, and what is lost of it."""
    field = VOCABULARY.keys[key]
    option: Key = field.metadata["key"]
    if isinstance(given, tuple):
        given = list(given)
    if key in _READERS:
        return _READERS[key](key, given, spellings)
    if option.low is not None:
        return _one(field, _number(given), given, "no number")
    if field.default == ():
        members, lost = _members(field, given, spellings)
        return (members or None), lost
    return _word_value(field, given, spellings)


def _word_value(field: Field, given: Any, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    option: Key = field.metadata["key"]
    if option.key == "ICE" and isinstance(given, list):
        if is_older(spellings.version, "26.2"):
            return None, ((given, "a list, which is read since 26.2"),)
        return _one(field, given, given)
    if not isinstance(given, str):
        return None, ((given, "no text"),)
    word = spellings.member(option.key, given)
    why = unknown_since(option, spellings.version, word)
    return (None, ((given, why),)) if why else _one(field, word, given)


def _one(field: Field, value: Any, given: Any, why: str = "") -> tuple[Any, tuple[Lost, ...]]:
    """Return a value if its field takes it."""
    if value is None:
        return None, ((given, why),)
    try:
        return on_wire(taken(field, value)), ()
    except (ValueError, TypeError) as error:
        return None, ((given, why or _cure(error)),)


def _cure(error: Exception) -> str:
    """Return what an error of a field says behind the name of the field."""
    return str(error).partition(": ")[2] or str(error)


def _number(given: Any) -> int | None:
    if isinstance(given, str):
        return int(given) if _NUMBER.fullmatch(given) else None
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _learning(key: str, given: Any, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    """Return how endpoints are learnt: the last word counts where there are several."""
    words, lost = _members(VOCABULARY.keys[key], given, spellings)
    return (words[-1] if words else None), lost


def _digit(key: str, given: Any, _: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    """Return a digit, which may be given as the number of its event."""
    number = _number(given) if not isinstance(given, str) or len(given) > 1 else None
    digit = given if number is None else dict(enumerate(_EVENTS)).get(number)
    return _one(VOCABULARY.keys[key], digit, given, "no digit")


def _members(field: Field, given: Any, spellings: Spellings) -> tuple[list[Any], tuple[Lost, ...]]:
    """Return the members of a list of words that are read."""
    option: Key = field.metadata["key"]
    if isinstance(given, str):
        if option.key in LISTS_ALONE:
            return [], ((given, "a text, where a list belongs"),)
        if not spellings.reads_text_as_list:
            return [], ((given, f"a text, where {spellings.version} reads a list only"),)
        given = given.split(",")
    if not isinstance(given, list):
        return [], ((given, "no list"),)
    members: list[Any] = []
    lost: list[Lost] = []
    many = field.default == ()
    for each in given:
        if not isinstance(each, str):
            lost.append((each, "no text"))
            continue
        word = spellings.member(option.key, each)
        why = unknown_since(option, spellings.version, word)
        if not why:
            try:
                taken(field, [word] if many else word)
            except (ValueError, TypeError) as error:
                why = _cure(error)
        if why:
            lost.append((each, why))
        elif word not in members:
            members.append(word)
    return members, tuple(lost)


def _texts(given: Any, spellings: Spellings) -> tuple[list[str], tuple[Lost, ...]]:
    """Return the texts of a list, whatever they say."""
    if isinstance(given, str):
        if not spellings.reads_text_as_list:
            return [], ((given, f"a text, where {spellings.version} reads a list only"),)
        return [word for word in given.split(",") if word], ()
    if not isinstance(given, list | tuple):
        return [], ((given, "no list"),)
    texts = [each for each in given if isinstance(each, str) and each]
    return texts, tuple((each, "no text") for each in given if not (isinstance(each, str) and each))


def _operations(key: str, given: Any, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    """Return the lists of ``codec`` or ``extmap`` that are read."""
    if not isinstance(given, Mapping):
        return None, ((given, "no dictionary"),)
    known = _INNER[key]
    said: dict[str, list[str]] = {}
    lost: list[Lost] = []
    for name, names in given.items():
        why = unknown_since(known[name], spellings.version) if name in known else nearest(str(name), known)
        texts, more = ([], ((names, why),)) if why else _texts(names, spellings)
        if texts:
            said[name] = texts
        lost += [({name: each}, reason) for each, reason in more]
    return said or None, tuple(lost)


def _changes(_: str, given: Any, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    """Return the changes of ``sdp-attr`` that are read."""
    if not isinstance(given, Mapping):
        return None, ((given, "no dictionary"),)
    sections = _INNER["sdp-attr"]
    said: dict[str, Any] = {}
    lost: list[Lost] = []
    for section, changes in given.items():
        name = "none" if section == "global" else section
        why = unknown_since(sections[name], spellings.version) if name in sections else nearest(str(name), sections)
        if why or not isinstance(changes, Mapping):
            lost.append(({section: changes}, why or "no dictionary"))
            continue
        for change, lines in changes.items():
            read_, reason = _lines(str(change), lines, spellings)
            if read_:
                said = joined_values(said, {name: {str(change): read_}})
            if reason:
                lost.append(({section: {change: lines}}, reason))
    return said or None, tuple(lost)


def _lines(change: str, lines: Any, spellings: Spellings) -> tuple[list[Any], str]:
    """Return the lines of a change that are read, and why some are not."""
    if change not in ("add", "remove", "substitute"):
        return [], nearest(change, ("add", "remove", "substitute"))
    if isinstance(lines, str):
        lines = lines.split(",") if spellings.reads_text_as_list else []
    if not isinstance(lines, list | tuple):
        return [], "no list"
    if change != "substitute":
        kept: list[Any] = [line for line in lines if isinstance(line, str) and line]
        return kept, "" if len(kept) == len(lines) else "no text"
    pairs = [line.split(">", 1) if isinstance(line, str) else line for line in lines]
    kept = [list(pair[:2]) for pair in pairs if _is_pair(pair)]
    return kept, "" if len(kept) == len(lines) else "no pair of lines"


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list | tuple) and len(pair) > 1 and all(isinstance(it, str) and it for it in pair[:2])


def _moh(key: str, given: Any, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    if not isinstance(given, Mapping):
        return None, ((given, "no dictionary"),)
    known = _INNER["moh"]
    value = {name: _number(item) if name == "db-id" else item for name, item in given.items()}
    for name, item in value.items():
        why = unknown_since(known[name], spellings.version, str(item)) if name in known else ""
        if why:
            return None, ((given, why),)
    return _one(VOCABULARY.keys[key], value, given)


def _interfaces(_: str, given: Any, __: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    if not isinstance(given, list):
        return None, ((given, "a text, where a list belongs" if isinstance(given, str) else "no list"),)
    names = [each for each in given if isinstance(each, str) and each]
    if not names or len(names) < len(given):
        return None, ((given, "two interface names belong here"),)
    return names[:2], tuple((each, "a third interface") for each in names[2:])


def _tones(key: str, given: Any, spellings: Spellings) -> tuple[Any, tuple[Lost, ...]]:
    """Return the pitches that are read: since 11.2 several, and until 13.0 also as a text with commas."""
    many = not is_older(spellings.version, "11.2")
    if isinstance(given, str) and "," in given and many and is_older(spellings.version, "13.0"):
        given = given.split(",")
    if isinstance(given, list):
        if not many:
            return None, ((given, f"a list, where {spellings.version} reads one number"),)
        pitches = [_number(each) for each in given]
        field = VOCABULARY.keys["frequencies"]
        return (None, ((given, "no numbers"),)) if None in pitches else _one(field, pitches, given)
    number = _number(given)
    return _one(VOCABULARY.keys[key], [number] if key == "frequencies" and number else number, given, "no number")


_READERS: Mapping[str, Callable[[str, Any, Spellings], tuple[Any, tuple[Lost, ...]]]] = {
    "codec": _operations,
    "extmap": _operations,
    "sdp-attr": _changes,
    "moh": _moh,
    "direction": _interfaces,
    "frequency": _tones,
    "frequencies": _tones,
    "endpoint-learning": _learning,
    "digit": _digit,
}
"""The keys whose values have a form of their own."""

# Flags.


def arguments_of(document: Mapping[str, object]) -> Arguments:
    """Return the arguments of `Fields` for `document`, a request or a part of one.

    Each entry means what the newest version that reads it makes of it; of two names for one key the one counts that
    stands behind the other when the keys are sorted, as bencode has them. What no version reads is in ``extra``, or
    in ``unchecked`` where ``extra`` would refuse it. Raises `UsageError` where ``flags`` is neither a list of words
    nor a text, and for a key that belongs to the message.
    """
    words = document.get("flags", [])
    if isinstance(words, str):
        words = words.split(",")
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise UsageError("flags: a list of words expected")
    for key in document:
        if folded(key) in RESERVED:
            raise UsageError(VOCABULARY.refusal(key))
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    unchecked: dict[str, Any] = {}
    for name in sorted(document.keys() - {"flags"}):
        entry = best(name, document[name])
        if not _fits(entry):
            entry = attrs.evolve(entry, value=None)
        if entry.value is not None:
            _put(known, entry.key, entry.value)
        if entry.value is None or entry.lost:
            left = _left(entry)
            (unchecked if VOCABULARY.refusal(name) else extra)[entry.key or name] = left
    more: list[str] = []
    for word in words:
        entry = best_word(word)
        field = VOCABULARY.words.get(entry.key)
        if entry.value is True and field is not None and field.metadata["key"].sent:
            known[field.metadata["key"].key] = True
        elif entry.value is not None and entry.value is not True:
            _put(known, entry.key, entry.value)
        else:
            more.append(word)
    unchecked = {key: value for key, value in unchecked.items() if key not in known or _joins(known[key], value)}
    fields = {**VOCABULARY.keys, **VOCABULARY.words}
    return {fields[key].name: value for key, value in known.items()} | {
        "extra": extra | {"flags": more},
        "unchecked": unchecked,
    }


def _fits(entry: Entry) -> bool:
    """Return whether a field of `Flags` takes what daemons read: it wants both interfaces of ``direction``."""
    return entry.key != "direction" or entry.value is None or len(entry.value) == 2


def _joins(known: Any, left: Any) -> bool:
    """Return whether what is left of a value can stand beside what is known of it."""
    return isinstance(left, type(known)) and isinstance(known, list | dict)


def _left(entry: Entry) -> Any:
    """Return what of an entry no version reads."""
    if entry.value is None or not isinstance(entry.value, list | dict) or entry.key in ("direction", "frequencies"):
        return entry.given
    parts = [part for part, _ in entry.lost]
    if isinstance(entry.value, list):
        return parts
    return {name: value for part in parts if isinstance(part, Mapping) for name, value in part.items()}


def best(name: str, given: Any) -> Entry:
    """Return an entry as the newest version reads it that reads most of it."""
    return min((_entry(name, given, spellings_of(version)) for version in _ANY), key=_loss)


def best_word(word: str) -> Entry:
    """Return a word of ``flags`` as the newest version reads it that reads it."""
    return min((_word(word, spellings_of(version)) for version in _ANY), key=_loss)


def _loss(entry: Entry) -> tuple[bool, int]:
    return entry.value is None, len(entry.lost)
