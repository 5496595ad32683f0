"""Flags explained to a person: what each option does, toward which leg, since when; and the same in Python.

Nothing is written twice for this. What an option does is the text below its field, which `field_texts` reads from
the source; where an option takes words that need an explanation of their own, the glossary has it; leg and version
are those of the option's `Key`. A program that was shipped without its source gets the rest.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..keys import Key, field_texts, folded
from .conflicts import Problem, problems, since_of
from .fields import RESERVED, VOCABULARY, Fields, spelt
from .glossary import MEANINGS, OBSOLETE
from .ignored import hint, ignored, statement, twins
from .nested import Part

_TOWARD = {
    "receiver": "toward the leg that the message goes to",
    "sender": "toward the leg that the message comes from",
    "both": "toward both legs",
    "call": "for the whole call",
    "message": "for this message",
}
_UNKNOWN = "No option that this library knows: the daemon gets it as it is, and may ignore it."
_WIDTH = 100


@attrs.frozen(kw_only=True)
class Explained:
    """One option that is given."""

    option: str
    """The field of `Flags`; empty for a key or a word that this library does not know."""
    wire: str
    """The option on the wire, such as ``rtcp-mux=[offer,require]``."""
    text: str
    """What it does."""
    toward: str
    """The leg on which it acts, in words."""
    since: str | None
    """The first version of the daemon that knows it with this value; ``10.5`` stands for 10.5 and any before it."""

    def __str__(self) -> str:
        age = {None: "", "10.5": "; since 10.5 or before"}.get(self.since, f"; since {self.since}")
        lines = textwrap.wrap(self.text, _WIDTH - 4, initial_indent="    ", subsequent_indent="    ")
        return "\n".join([f"{self.wire}  ({self.toward}{age})", *lines])


@attrs.frozen(kw_only=True, repr=False)
class Explanation:
    """An explanation of flags. Its `str`, which a prompt shows too, is the whole text."""

    command: str
    options: tuple[Explained, ...]
    """Each option that is given."""
    problems: tuple[Problem, ...]
    """Options that contradict each other, have no effect, or are obsolete."""
    routing: str
    """What a flag string said about tags, branches and addresses; empty where there is nothing."""
    python: str
    """The Python that says the same."""
    message: tuple[str, ...] = ()
    """The keys of a request that belong to the message, such as ``call-id``."""

    def __str__(self) -> str:
        parts = [str(option) for option in self.options] or [
            "No option is given: the daemon does as it always does."
        ]
        if self.problems:
            parts.append("\n".join(_bullet(f"{problem.severity}: {problem}") for problem in self.problems))
        if self.routing:
            parts.append(f"The proxy's module takes this for itself:\n    {self.routing}")
        if self.message:
            parts.append(_bullet(f"Parameters of the client's methods, no flags: {', '.join(self.message)}"))
        return "\n\n".join([*parts, f"In Python:\n{textwrap.indent(self.python, '    ')}"])

    def __repr__(self) -> str:
        return str(self)


def explain(flags: Fields, command: str = "offer", engine: str | None = None) -> Explanation:
    """Return an explanation of these flags in this command, also of what a daemon of version `engine` ignores."""
    options = [*_aliases(flags)]
    options += [_explained(name, option, value) for name, option, value in flags.given()]
    extra = {key: value for key, value in flags.extra.items() if key != "flags"}
    options += [_other(word, _extra_word(word)) for word in flags.extra.get("flags", ())]
    options += [
        _other(f"{key}={_value(value)}", OBSOLETE.get(key, _UNKNOWN + hint(key, listed=False)))
        for key, value in extra.items()
    ]
    options += [_other(f"{key}={_value(value)}", statement(key, value)) for key, value in flags.unchecked.items()]
    return Explanation(
        command=command,
        options=tuple(options),
        problems=problems(flags, command, engine),
        routing=repr(flags.routing) if flags.routing else "",
        python=_python(flags),
    )


def explain_ng(
    flags: Fields, document: Mapping[str, object], command: str = "offer", engine: str | None = None
) -> Explanation:
    """Return an explanation of the flags that were read from `document`, and of what daemons ignore there."""
    explanation = explain(flags, command, engine)
    # What is said of a spelling is not said of the option once more.
    options = options_in(document)
    spelling = (*ignored(options, engine), *twins(options))
    told = {problem.options for problem in spelling if problem.options}
    rest = tuple(each for each in explanation.problems if not (each.engines and each.options in told))
    own = [key for key in document if folded(key) in RESERVED]
    return attrs.evolve(explanation, problems=(*spelling, *rest), message=tuple(own))


def options_in(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request without the keys that are parameters of the client's methods."""
    return {key: value for key, value in document.items() if folded(key) not in RESERVED}


def _extra_word(word: str) -> str:
    """Return what is known of a word that is no option of `Flags`."""
    if word in OBSOLETE:
        return OBSOLETE[word]
    field = VOCABULARY.words.get(word)
    if field is not None:
        return field_texts(Fields).get(field.name, "").replace("``", "") or _UNKNOWN
    return _UNKNOWN + hint(word, listed=True)


def _aliases(flags: Fields) -> Iterator[Explained]:
    """Yield the shorthand ``WebRTC`` where the string has it: the flags have the options that it stands for."""
    words = set(flags.source.text.split()) if flags.source else set()
    for name, option in VOCABULARY.options:
        if name == "webrtc" and words & {option.key, *option.spellings}:
            yield _explained(name, option, True)


def _explained(name: str, option: Key, value: object) -> Explained:
    text = field_texts(Fields).get(name, "").replace("``", "") or f"The option {option.key} of the ng protocol."
    meanings = MEANINGS.get(option.key, {})
    many = value if isinstance(value, tuple) else value.to_ng() if isinstance(value, Part) else (value,)
    told = [f"{it}: {meanings[it]}" for it in many if isinstance(it, str) and it in meanings]
    if told:
        # First what the option is about, then what these words of it do.
        text = f"{re.split('[:;.] ', text)[0].rstrip('.')}. {'; '.join(told)}."
    return Explained(
        option=name,
        wire=_wire(option, value),
        text=text,
        toward=_TOWARD[option.toward],
        since=since_of(option, value) if option.sent else None,
    )


def _other(wire: str, text: str) -> Explained:
    return Explained(option="", wire=wire, text=text, toward=_TOWARD["message"], since=None)


def _wire(option: Key, value: object) -> str:
    if option.listed:
        return option.key
    if isinstance(value, Part):
        return " ".join(f"{option.key}-{key}={_value(item)}" for key, item in value.to_ng().items()) or option.key
    return f"{option.key}={_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{','.join(_value(item) for item in value)}]"
    if isinstance(value, dict):
        return f"[{' '.join(f'{key}={_value(item)}' for key, item in value.items())}]"
    return str(value)


def _python(flags: Fields) -> str:
    """Return the call that builds these flags, on several lines where it is long."""
    arguments = list(spelt(flags))
    line = f"Flags({', '.join(arguments)})"
    if len(line) <= _WIDTH - 8:
        return line
    return "\n".join(["Flags(", *(f"    {argument}," for argument in arguments), ")"])


def _bullet(text: str) -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)
