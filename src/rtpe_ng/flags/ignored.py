"""What daemons ignore of a dictionary of options, in words: each version on its own.

A daemon answers ``ok`` to a name that it does not know and to a text where it reads a list only. So each entry is
read as every measured version reads it, and where one reads less than the newest that understands it, a `Problem`
says which version, why, and how to write the entry so that every version reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..keys import Key, folded, nearest
from ..versions import MEASURED
from .conflicts import Problem
from .dictionary import Entry, best, best_word, clipped, read
from .fields import RESERVED, VOCABULARY
from .spellings import NEWEST, spellings_of

_SINCE = ("known since", "unknown since")


def ignored(document: Mapping[str, object], engine: str | None = None) -> Iterator[Problem]:
    """Yield what a daemon of version `engine`, or each measured version, ignores of the options of `document`.

    Keys of the message, such as ``call-id``, and what no option of `Flags` stands for are left out. Raises
    `UsageError` for what is no version.
    """
    versions = (engine,) if engine else MEASURED
    readings = {version: list(read(document, version)) for version in versions}
    for entry in _entries(document):
        if folded(entry.name) in RESERVED:
            continue
        losses: dict[str, list[str]] = {}
        for version, entries in readings.items():
            for said in _losses(entry, entries):
                losses.setdefault(said, []).append(version)
        for said, those in losses.items():
            yield Problem(
                severity="warning",
                options=_options(entry),
                why=f"{_who(those, versions)} {said}",
                engines=tuple(those),
            )


def statement(name: str, given: object) -> str:
    """Return what daemons make of an entry that `Flags` keep as it was given."""
    entry = best(name, given)
    said = [f"{problem.why[0].upper()}{problem.why[1:]}" for problem in ignored({name: given})]
    if entry.value is not None:
        said.append(f"Where it is read, it means {_spelt(entry.key, entry.value)}")
        if entry.key == "direction":
            said[-1] += ", the sender's side alone"
    return " ".join(each if each.endswith("?") else f"{each}." for each in said)


def _entries(document: Mapping[str, object]) -> Iterator[Entry]:
    """Yield the entries as the newest version reads them that reads most of each."""
    for name, given in document.items():
        if name != "flags":
            yield best(name, given)
            continue
        words = given.split(",") if isinstance(given, str) else given
        if isinstance(given, str):
            yield Entry(name=name, given=given, value=given)
        for word in words if isinstance(words, list | tuple) else ():
            yield best_word(str(word))


def _losses(entry: Entry, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what a version ignores of an entry, behind its name: the part, the reason, and the cure."""
    for other in entries:
        if other.name != entry.name or other.is_word != entry.is_word:
            continue
        for part, why in other.lost:
            cure = ""
            if entry.name == "flags" and not entry.is_word and isinstance(entry.given, str):
                cure = f"; write 'flags': {entry.given.split(',')!r}"
            elif entry.value is not None and not why.startswith(_SINCE) and "did you mean" not in why:
                cure = f"; write {_spelt(entry.key, entry.value)}"
            elif entry.value is None and (near := _near(entry)):
                cure = f"; {near}"
            yield f"{_part(entry, part, whole=other.value is None)}: {why}{cure}"
        return


def _part(entry: Entry, part: object, *, whole: bool) -> str:
    if whole or entry.is_word:
        return str(entry)
    return f"{clipped(repr(part))} of {entry}" if part != entry.given else str(entry)


def _who(those: Sequence[str], versions: Sequence[str]) -> str:
    if len(those) > 1 and len(those) == len(versions):
        return "every measured version ignores"
    *first, last = those
    return f"{', '.join(first)} and {last} ignore" if first else f"{last} ignores"


def _options(entry: Entry) -> tuple[str, ...]:
    key = entry.key or entry.name
    field = VOCABULARY.words.get(key) or VOCABULARY.keys.get(key)
    if field is not None:
        return (field.name,)
    name = VOCABULARY.spellings.get(folded(entry.name))
    return (name,) if name else ()


def _near(entry: Entry) -> str:
    name = VOCABULARY.spellings.get(folded(entry.name))
    if name is None or entry.key:
        return ""
    key: Key = next(key for option, key in VOCABULARY.options if option == name)
    return f"write {key.key!r}"


def _spelt(key: str, value: object) -> str:
    return f"{key!r} in 'flags'" if value is True else clipped(f"{key!r}: {value!r}")


def hint(word: str, *, listed: bool) -> str:
    """Return the sentence that names what an unknown key or word may have been meant to be; or an empty string."""
    if not listed and (same := spellings_of(NEWEST).words.get(word)):
        return f" Daemons know {same[0]!r} as a word in the list 'flags'."
    known = [*VOCABULARY.words, *VOCABULARY.keys] if listed else list(VOCABULARY.keys)
    near = nearest(word, known, cutoff=0.75, otherwise=" ").strip()
    return f" {near[0].upper()}{near[1:]}" if near else ""


def twins(document: Mapping[str, object]) -> Iterator[Problem]:
    """Yield the keys that stand in a dictionary by two names, and which of the two counts."""
    seen: dict[str, Entry] = {}
    for name in sorted(document.keys() - {"flags"}):
        entry = best(name, document[name])
        if entry.value is None or isinstance(entry.value, list | dict):
            continue
        if entry.key in seen:
            why = f"{seen[entry.key]} and {entry} are one key, and the second counts; give one of them"
            yield Problem(severity="warning", options=_options(entry), why=why)
        seen[entry.key] = entry
