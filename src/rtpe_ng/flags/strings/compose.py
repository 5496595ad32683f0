"""From flags to a string, checked by reading the string again.

A proxy's module has words of its own, and reads some of them in surprising ways. Instead of knowing for each option
in which dialects it can be said, the writer makes the plain tokens for it, lets the emulated module read them, and
compares what comes out with the flags that were to be said. What does not come back the same is refused.
"""

from collections.abc import Iterator, Mapping

import attrs

from ...errors import UsageError
from ..fields import Fields, document_of
from ..routing import DialectName, FlagString, Routing
from . import brackets
from .dialect import Dialect, are_changes, are_codecs, run
from .interpret import LISTS, Interpretation, dialect_of, read

_PREFIXES = {key: prefix for prefix, key in reversed(LISTS.items())} | {
    "codec-transcode": "transcode",
    "endpoint-learning": "endpoint-learning",
}


def compose(flags: Fields, dialect: DialectName, command: str) -> Interpretation:
    """Return the string that says `flags` in a dialect, as its module reads it in this command.

    Raises `UsageError` where the dialect has no words for them, and where its module would understand something
    else.
    """
    reading = read(" ".join(_tokens(flags, dialect_of(dialect))), dialect, command)
    _refuse_change(flags, Fields(**reading.arguments), dialect, reading.string.command)
    if reading.traps:
        raise UsageError(reading.traps[0])
    return reading


def says(flags: Fields, reading: Interpretation) -> bool:
    """Return whether a module sends exactly the same for these flags as for the string that was read.

    It has to do so in the command of the string, and in an offer, which is the default of `Flags.format`.
    """
    string, module = reading.string, dialect_of(reading.string.dialect)
    if reading.traps:
        return False
    if module.wire_key:
        return _is_said(flags, string)
    try:
        text = " ".join(_tokens(flags, module))
        outputs = [run(module, text, command)[1] for command in {"offer", string.command}]
    except UsageError:
        return False
    # As text, because dictionaries compare equal in any order.
    return all(
        str(dict(output.wire())) == str(reading.sent) and Routing(**output.routing) == flags.routing
        for output in outputs
    )


def _is_said(flags: Fields, string: FlagString) -> bool:
    """Return whether a string made of these flags says them, in an offer and in the command of `string`."""
    try:
        for command in {"offer", string.command}:
            compose(flags, string.dialect, command)
    except UsageError:
        return False
    return True


def _tokens(flags: Fields, dialect: Dialect) -> Iterator[str]:
    """Yield the tokens for `flags` in the order of most scripts: words, codecs, the other keys, the routing."""
    document = document_of(flags)
    words = document.pop("flags", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise UsageError(f"flags={words!r}: {dialect.name} has no way to say this")
    yield from words
    # The daemon never gets these words, but a script may say them.
    yield from (key.key for _, key, _ in flags.given() if key.listed and not key.sent)
    for key in sorted(document, key=lambda key: key != "codec"):
        yield from _of_key(flags, dialect, key, document[key])
    yield from _of_routing(flags.routing, dialect)


def _of_key(flags: Fields, dialect: Dialect, key: str, value: object) -> Iterator[str]:
    if dialect.say and (tokens := dialect.say(key, value)) is not None:
        yield from tokens
    elif key == "transport-protocol" and isinstance(value, str) and value in dialect.words:
        yield value
    elif isinstance(value, str | int):
        yield f"{key}={value}"
    elif key == "direction" and isinstance(value, list):
        yield from _interfaces(dialect, value)
    elif dialect.bracketed and (key in flags.unchecked or not _in_words(key, value)):
        yield f"{key}={brackets.write(value)}"
    elif isinstance(value, list) and key in _PREFIXES:
        yield from (_word(dialect, key, each) for each in value)
    elif key == "codec" and are_codecs(value):
        yield from (_word(dialect, f"codec-{name}", each) for name, names in value.items() for each in names)
    elif key == "sdp-attr" and are_changes(value):
        for section, changes in value.items():
            for change, lines in changes.items():
                told = (">".join(line) if change == "substitute" else line for line in lines)
                yield from (f"{key}-{change}-{section}-{line}" for line in told)
    else:
        raise UsageError(f"{key}={value!r}: {dialect.name} has no way to say this")


def _in_words(key: str, value: object) -> bool:
    """Return whether the members of a list can stand in the list ``flags``, each behind its key."""
    if key == "codec" and isinstance(value, Mapping):
        return all(_are_words(names) for names in value.values())
    return key in _PREFIXES and _are_words(value)


def _are_words(value: object) -> bool:
    return isinstance(value, list) and not any(set(str(word)) & set(" =") for word in value)


def _word(dialect: Dialect, key: str, word: object) -> str:
    # A value may have another "=" behind the first one, where the module knows the list.
    if "=" in str(word) and key in dialect.prefixes:
        return f"{key}={word}"
    return f"{_PREFIXES.get(key, key)}-{word}"


def _interfaces(dialect: Dialect, names: list[str]) -> Iterator[str]:
    if "in-iface" not in dialect.words:
        yield from (f"direction={name}" for name in names)
    elif len(names) == 2:
        yield f"in-iface={names[0]}"
        yield f"out-iface={names[1]}"
    else:
        yield f"direction={brackets.write(names)}"


def _of_routing(routing: Routing, dialect: Dialect) -> Iterator[str]:
    for name in ("call_id", "from_tag", "via_branch", "via_branch_param", "received_from"):
        if (value := getattr(routing, name)) is not None:
            # The daemon takes the branch itself under this name.
            word = "via_branch" if dialect.wire_key and name == "via_branch_param" else name
            yield f"{word.replace('_', '-')}={value}"
    yield from (f"from-tags={tag}" for tag in routing.from_tags)
    if routing.to_tag is not False:
        yield "to-tag" if routing.to_tag is True else f"to-tag={routing.to_tag}"
    yield from ["directional"] * routing.directional
    yield from ["force-answer"] * routing.force_answer


def _refuse_change(flags: Fields, read_back: Fields, dialect: str, command: str) -> None:
    """Raise `UsageError` where the flags that were read back are not those that were written."""
    mine, theirs = document_of(flags), document_of(read_back)
    pairs = {key: (mine.get(key), theirs.get(key)) for key in (*mine, *theirs)}
    for field in attrs.fields(Routing):
        name = field.name
        pairs[f"routing.{name}"] = getattr(flags.routing, name), getattr(read_back.routing, name)
    for name, (value, becomes) in pairs.items():
        if value != becomes:
            lost = name == "flags" and "directional" in (value or ())
            raise UsageError(
                f"{dialect} cannot say {name}={value!r} in {command!r}: it would become {becomes!r}"
                + ("; say routing=Routing(directional=True)" if lost else "")
            )
