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
from ..keys import DTMF_DIGITS, Field, Key, folded, nearest
from ..versions import MEASURED, is_older
from .fields import RESERVED, VOCABULARY, Arguments, joined_values, taken
from .nested import Codec, Extmap, Moh, Part, SdpAttr, listed, on_wire
from .spellings import DEADLY, LISTS_ALONE, NEWEST, Spellings, spellings_of, unknown_since

_ANY = (NEWEST, *reversed(MEASURED))
"""The versions that are asked for what an entry means, newest first."""
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}", re.ASCII)
_NO_LIST = "a text stands for a list since 11.2 only"

_WHOLE = frozenset({"direction", "frequencies", "endpoint-learning", "ICE"})
"""The keys of which the later of two lists counts."""
_PARTS: Mapping[str, type[Part]] = {"codec": Codec, "extmap": Extmap, "sdp-attr": SdpAttr, "moh": Moh}
_INNER: Mapping[str, Mapping[str, Key]] = {
    name: {key.key: key for key in (field.metadata["key"] for field in attrs.fields(part))}
    for name, part in _PARTS.items()
}
"""The keys within the dictionary of a key, by their names."""

_LONGEST = 400


def clipped(text: str) -> str:
    """Return a text as a sentence shows it. Each of many parts that are ignored names the whole entry."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


Lost: TypeAlias = tuple[object, str]
"""A part of an entry that is ignored, and why."""
Reading: TypeAlias = tuple[object, tuple[Lost, ...]]
"""What is read of a value, None for nothing, and what is lost of it."""


@attrs.frozen(kw_only=True)
class Entry:
    """One entry of a dictionary, as one version of the daemon reads it: a key, or a word of the list ``flags``."""

    name: str
    """The key, or the word, as it was given."""
    given: object = None
    """The value that was given; None for a word."""
    is_word: bool = False
    """It is a word of the list ``flags``."""
    key: str = ""
    """The key of the ng document that it stands for, or the word of ``flags``; empty where it stands for none."""
    value: object = None
    """What is read under that key, in the form that every version takes; None where nothing is."""
    lost: tuple[Lost, ...] = ()
    """What of it is ignored, and why."""

    def __str__(self) -> str:
        return clipped(repr(self.name) if self.is_word else f"{self.name!r}: {self.given!r}")


def read(document: Mapping[str, object], version: str) -> Iterator[Entry]:
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


def as_read(document: Mapping[str, object], version: str) -> dict[str, Any]:
    """Return what a daemon of `version` reads in a dictionary, in the spelling that every version takes.

    What it ignores is absent. Keys and words that no option of `Flags` stands for stay as they are.
    Of two names for one key the later one counts, lists grow. Raises `UsageError` for what is no version.
    """
    said: dict[str, object] = {}
    words: list[object] = []
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


def _put(said: dict[str, object], key: str, value: object) -> None:
    """Put a value under its key; a list or a dictionary is joined with the one that is there."""
    alone = key in _WHOLE
    said[key] = joined_values(said[key], value) if key in said and not alone else deepcopy(value)


# Words of the list ``flags``.


def _words(given: object, spellings: Spellings) -> Iterator[Entry]:
    if isinstance(given, str):
        if not spellings.reads_text_as_list:
            yield Entry(name="flags", given=given, lost=((given, _NO_LIST),))
            return
        given = [word for word in given.split(",") if word]
    if not isinstance(given, list | tuple):
        yield Entry(name="flags", given=given, lost=((given, "a list of words belongs here"),))
        return
    for word in given:
        if isinstance(word, str):
            yield _word(word, spellings)
        else:
            yield Entry(name=str(word), given=word, is_word=True, lost=((word, "a text belongs here"),))


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


def _behind(path: tuple[str, ...], rest: str, spellings: Spellings) -> Reading:
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
            return ((given, why or "unknown spelling"),)
        for prefix in other.prefixes:
            if heard.startswith(prefix) and heard != prefix:
                return ((given, "unknown word"),)
    return ()


def _key_of(name: str) -> Key | None:
    field = VOCABULARY.words.get(name) or VOCABULARY.keys.get(name)
    key: Key | None = field.metadata["key"] if field else None
    return key


# Keys.


def _entry(name: str, given: object, spellings: Spellings) -> Entry:
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
    why = unknown_since(known, spellings.version) or "unknown name"
    return Entry(name=name, given=given, lost=((given, why),))


def _option(name: str) -> Key:
    return next(key for option, key in VOCABULARY.options if option == name)


def _value(key: str, given: object, spellings: Spellings) -> Reading:
    """Return what is read of a value, in the form that every version takes, and what is lost of it."""
    field = VOCABULARY.keys[key]
    option: Key = field.metadata["key"]
    if isinstance(given, tuple):
        given = list(given)
    if key in _READERS:
        return _READERS[key](key, given, spellings)
    if option.low is not None:
        return _one(field, _number(given), given, "a number belongs here")
    if field.default == ():
        members, lost = _members(field, given, spellings)
        return (members or None), lost
    return _word_value(field, given, spellings)


def _word_value(field: Field, given: object, spellings: Spellings) -> Reading:
    option: Key = field.metadata["key"]
    if option.key == "ICE" and isinstance(given, list):
        if is_older(spellings.version, "26.2"):
            return None, ((given, "a list, which is read since 26.2"),)
        return _one(field, given, given)
    if not isinstance(given, str):
        why = "; the process of 12.5 ends" if option.key in DEADLY else ""
        return None, ((given, f"a text belongs here{why}"),)
    word = spellings.member(option.key, given)
    why = unknown_since(option, spellings.version, word)
    return (None, ((given, why),)) if why else _one(field, word, given)


def _one(field: Field, value: object, given: object, why: str = "") -> Reading:
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


def _number(given: object) -> int | None:
    if isinstance(given, str):
        return int(given) if _NUMBER.fullmatch(given) else None
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _learning(key: str, given: object, spellings: Spellings) -> Reading:
    """Return how endpoints are learnt: of several words the last one counts."""
    words, lost = _members(VOCABULARY.keys[key], given, spellings)
    return words[-1:] or None, lost


def _role(key: str, given: object, spellings: Spellings) -> Reading:
    """Return the role in DTLS: since 26.0 also from a list, in which the last word counts and no DTLS wins."""
    field = VOCABULARY.keys[key]
    if is_older(spellings.version, "26.0") or not isinstance(given, list | str):
        return _word_value(field, given, spellings)
    words, lost = _members(field, given, spellings)
    off = [word for word in words if word not in ("active", "passive")]
    return (off or words or [None])[-1], lost


def _digit(key: str, given: object, _: Spellings) -> Reading:
    """Return a digit, which may be given as the number of its event."""
    number = _number(given) if not isinstance(given, str) or len(given) > 1 else None
    digit = given if number is None else dict(enumerate(DTMF_DIGITS)).get(number)
    return _one(VOCABULARY.keys[key], digit, given, "a DTMF digit belongs here, as text")


def _members(field: Field, given: object, spellings: Spellings) -> tuple[list[object], tuple[Lost, ...]]:
    """Return the members of a list of words that are read."""
    option: Key = field.metadata["key"]
    if isinstance(given, str):
        if option.key in LISTS_ALONE:
            return [], ((given, "a list belongs here, not a text"),)
        if not spellings.reads_text_as_list:
            return [], ((given, _NO_LIST),)
        given = given.split(",")
    if not isinstance(given, list):
        return [], ((given, "a list belongs here"),)
    members: list[object] = []
    lost: list[Lost] = []
    many = field.default == ()
    for each in given:
        if not isinstance(each, str):
            lost.append((each, "a text belongs here"))
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


def _texts(given: object, spellings: Spellings) -> tuple[list[str], tuple[Lost, ...]]:
    """Return the texts of a list, whatever they say."""
    if isinstance(given, str):
        if not spellings.reads_text_as_list:
            return [], ((given, _NO_LIST),)
        return [word for word in given.split(",") if word], ()
    if not isinstance(given, list | tuple):
        return [], ((given, "a list belongs here"),)
    texts = [each for each in given if isinstance(each, str) and each]
    return texts, tuple((each, "a text belongs here") for each in given if not (isinstance(each, str) and each))


def _operations(key: str, given: object, spellings: Spellings) -> Reading:
    """Return the lists of ``codec`` or ``extmap`` that are read."""
    if not isinstance(given, Mapping):
        return None, ((given, "a dictionary belongs here"),)
    known = _INNER[key]
    said: dict[str, list[str]] = {}
    lost: list[Lost] = []
    for name, names in given.items():
        why = unknown_since(known[name], spellings.version) if name in known else nearest(str(name), known)
        texts, more = ([], ((names, why),)) if why else _texts(names, spellings)
        if texts:
            said[name] = texts
        listed_ = bool(texts) or isinstance(names, list | tuple)
        lost += [({name: [each] if listed_ and not why else each}, reason) for each, reason in more]
    return said or None, tuple(lost)


def _changes(_: str, given: object, spellings: Spellings) -> Reading:
    """Return the changes of ``sdp-attr`` that are read."""
    if not isinstance(given, Mapping):
        return None, ((given, "a dictionary belongs here"),)
    sections = _INNER["sdp-attr"]
    said: dict[str, object] = {}
    lost: list[Lost] = []
    for section, changes in given.items():
        name = "none" if section == "global" else section
        why = unknown_since(sections[name], spellings.version) if name in sections else nearest(str(name), sections)
        if why or not isinstance(changes, Mapping):
            lost.append(({section: changes}, why or "a dictionary belongs here"))
            continue
        for change, lines in changes.items():
            read_, reason = _lines(str(change), lines, spellings)
            if read_:
                said = joined_values(said, {name: {str(change): read_}})
            if reason:
                lost.append(({section: {change: lines}}, reason))
    return said or None, tuple(lost)


def _lines(change: str, lines: object, spellings: Spellings) -> tuple[list[object], str]:
    """Return the lines of a change that are read, and why some are not."""
    if change not in ("add", "remove", "substitute"):
        return [], nearest(change, ("add", "remove", "substitute"))
    if isinstance(lines, str):
        lines = lines.split(",") if spellings.reads_text_as_list else []
    if not isinstance(lines, list | tuple):
        return [], "a list belongs here"
    if change != "substitute":
        kept: list[object] = [line for line in lines if isinstance(line, str) and line]
        return kept, "" if len(kept) == len(lines) else "a text belongs here"
    pairs = [line.split(">", 1) if isinstance(line, str) else line for line in lines]
    kept = [list(pair[:2]) for pair in pairs if _is_pair(pair)]
    return kept, "" if len(kept) == len(lines) else "pairs of lines belong here"


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list | tuple) and len(pair) > 1 and all(isinstance(it, str) and it for it in pair[:2])


def _moh(key: str, given: object, spellings: Spellings) -> Reading:
    if not isinstance(given, Mapping):
        return None, ((given, "a dictionary belongs here"),)
    known = _INNER["moh"]
    value = {name: _number(item) if name == "db-id" else item for name, item in given.items()}
    for name, item in value.items():
        why = unknown_since(known[name], spellings.version, str(item)) if name in known else ""
        if why:
            return None, ((given, why),)
    return _one(VOCABULARY.keys[key], value, given)


def _interfaces(_: str, given: object, __: Spellings) -> Reading:
    if not isinstance(given, list):
        return None, (
            (given, "a list belongs here, not a text" if isinstance(given, str) else "a list belongs here"),
        )
    names = [each for each in given if isinstance(each, str) and each]
    if not names or len(names) < len(given):
        return None, ((given, "two interface names belong here"),)
    return names[:2], tuple((each, "a third interface") for each in names[2:])


def _tones(key: str, given: object, spellings: Spellings) -> Reading:
    """Return the pitches that are read: since 11.2 several, and until 13.0 also as a text with commas."""
    many = not is_older(spellings.version, "11.2")
    if isinstance(given, str) and "," in given and many and is_older(spellings.version, "13.0"):
        given = given.split(",")
    if isinstance(given, list):
        if not many:
            return None, ((given, "a list, which is read since 11.2"),)
        pitches = [_number(each) for each in given]
        field = VOCABULARY.keys["frequencies"]
        return (None, ((given, "numbers belong here"),)) if None in pitches else _one(field, pitches, given)
    number = _number(given)
    return _one(
        VOCABULARY.keys[key],
        [number] if key == "frequencies" and number else number,
        given,
        "a number belongs here",
    )


_READERS: Mapping[str, Callable[[str, object, Spellings], Reading]] = {
    "codec": _operations,
    "extmap": _operations,
    "sdp-attr": _changes,
    "moh": _moh,
    "direction": _interfaces,
    "frequency": _tones,
    "frequencies": _tones,
    "endpoint-learning": _learning,
    "digit": _digit,
    "DTLS": _role,
    "DTLS-reverse": _role,
}
"""The keys whose values have a form of their own."""

# Flags.


def arguments_of(document: Mapping[str, object], *, exact: bool = False) -> Arguments:
    """Return the arguments of `Fields` for `document`, a request or a part of one.

    Each entry means what the newest version that reads it makes of it; of two names for one key the one counts that
    stands behind the other when the keys are sorted, as bencode has them. What no version reads is in ``extra``, or
    in ``unchecked`` where ``extra`` would refuse it; with `exact`, so is what the fields would write otherwise.
    Raises `UsageError` where ``flags`` is neither a list of words nor, unless `exact`, a text, and for a key that
    belongs to the message.
    """
    words = document.get("flags", [])
    if isinstance(words, str) and not exact:
        words = [word for word in words.split(",") if word]
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise UsageError("flags: a list of words expected")
    for key in document:
        if folded(key) in RESERVED:
            raise UsageError(VOCABULARY.refusal(key))
    known: dict[str, object] = {}
    extra: dict[str, object] = {}
    unread: list[str] = []
    unchecked: dict[str, object] = {}
    for name in sorted(document.keys() - {"flags"}):
        entry = _taken_up(best(name, document[name]), exact=exact)
        if entry.value is not None:
            _put(known, entry.key, entry.value)
        if entry.value is None or entry.lost:
            (unchecked if VOCABULARY.refusal(name) else extra)[entry.key or name] = _left(entry)
    for word in words:
        entry = _taken_up(best_word(word), exact=exact)
        if entry.value is None:
            unread.append(word)
        else:
            _put(known, entry.key, entry.value)
    fields = {**VOCABULARY.keys, **VOCABULARY.words}
    return {fields[key].name: _of_field(fields[key], value) for key, value in known.items()} | {
        "extra": extra | {"flags": unread},
        # What is ignored beside a value that counts must not take its place.
        "unchecked": {
            key: left for key, left in unchecked.items() if key not in known or _joins(key, known[key], left)
        },
    }


def _taken_up(entry: Entry, *, exact: bool) -> Entry:
    """Return an entry with no value where no field of `Flags` has it, or, if `exact`, writes it otherwise."""
    if exact and not _is_plain(entry):
        return attrs.evolve(entry, key="", value=None)
    # A field wants both interfaces of ``direction``, and the shorthand ``WebRTC`` is never sent.
    one_side = entry.key == "direction" and isinstance(entry.value, list) and len(entry.value) != 2
    unsent = entry.value is True and not VOCABULARY.words[entry.key].metadata["key"].sent
    return attrs.evolve(entry, value=None) if one_side or unsent else entry


def _is_plain(entry: Entry) -> bool:
    """Return whether `Flags` write what they read in an entry in just the same way."""
    if entry.is_word:
        return entry.value is True and entry.name == entry.key
    return entry.name == entry.key and entry.value == listed(entry.given) and not entry.lost


def _of_field(field: Field, value: object) -> object:
    option: Key = field.metadata["key"]
    return option.read(value) if option.read else value


def _joins(key: str, known: object, left: object) -> bool:
    """Return whether what is left of a value can stand beside what is known of it."""
    return key not in _WHOLE and isinstance(left, type(known)) and isinstance(known, list | dict)


def _left(entry: Entry) -> object:
    """Return what of an entry no version reads."""
    if entry.value is None or not isinstance(entry.value, list | dict) or entry.key in _WHOLE:
        return entry.given
    parts = [part for part, _ in entry.lost]
    if isinstance(entry.value, list):
        return parts
    left: dict[str, object] = {}
    for part in parts:
        left = joined_values(left, part)
    return left


def best(name: str, given: object) -> Entry:
    """Return an entry as the newest version reads it that reads most of it."""
    return _best(_entry(name, given, spellings_of(version)) for version in _ANY)


def best_word(word: str) -> Entry:
    """Return a word of ``flags`` as the newest version reads it that reads it."""
    return _best(_word(word, spellings_of(version)) for version in _ANY)


def _best(entries: Iterator[Entry]) -> Entry:
    best_ = next(entries)
    for entry in entries:
        if _loss(best_) == (False, 0):
            break
        if _loss(entry) < _loss(best_):
            best_ = entry
    return best_


def _loss(entry: Entry) -> tuple[bool, int]:
    return entry.value is None, len(entry.lost)
