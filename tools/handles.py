"""The methods of `Call` and `Party`, made from the commands: what is about a call or a party, without saying whose.

A method has the parameters of its command but those that the handle knows. They are written out with their types,
because no type checker can take parameters away from a signature. A handle knows parties by their SIP tags, so a
method translates a parameter that names another party.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from textwrap import fill, indent
from typing import Any

import attrs

import rtpe_ng
from rtpe_ng.messages import (
    COMMANDS,
    Command,
    Connect,
    Paired,
    PlayMedia,
    StopMedia,
    SubscribeAnswer,
    SubscribeRequest,
    Unsubscribe,
)
from rtpe_ng.messages.commands import recording
from tools.naming import HELD, method_of, result_of, shown

FOLDER = Path(rtpe_ng.__file__).parent / "call"
KNOWN = frozenset({"call_id", "participant"})
"""The parameters that a handle knows."""
OF_FLOWS = frozenset({"toward", "flows"})
"""The parameters that choose among the flows of one party, which a whole call has not."""
TRANSLATED = {"toward": "self._names().participant(toward)"}
"""What a method makes of a parameter that names another party."""
OTHER_TAG = "to_tag if to_call_id else self._names().tags.get(to_tag, to_tag)"
TO_ALL = (PlayMedia, StopMedia, SubscribeRequest)
"""The commands of a call that name all parties; the others name none."""
OF_LISTENER = (SubscribeAnswer, Unsubscribe)
"""The commands about a listener to the parties of a call, which is none of them."""
WIDTH = 116
PARTICIPANT = '''
    @property
    @abc.abstractmethod
    def _participant(self) -> Participant:
        """The party."""
'''
HEAD = '''\
"""The commands about {what} as methods, made from their classes.

``python -m tools.generate`` writes this file.
"""

{imports}


@naming_cures
class {name}(Handle):
    """One method for each command about {what}, and one for each that another one ends."""
'''


def of_party() -> list[type[Command[Any]]]:
    """Return the commands that are about one party."""
    return [kind for kind in COMMANDS.values() if "participant" in attrs.fields_dict(kind)]


def of_call() -> list[type[Command[Any]]]:
    """Return the commands that are about a call whose parties it has."""
    optional = [kind for kind in of_party() if attrs.fields_dict(kind)["participant"].default is None]
    recorded = [kind for kind in COMMANDS.values() if kind.__module__ == recording.__name__]
    return [kind for kind in COMMANDS.values() if kind in (*recorded, *optional, *TO_ALL, *OF_LISTENER)]


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each file of methods, and what is to be in it."""
    yield FOLDER / "party_methods.py", party_methods()
    yield FOLDER / "call_methods.py", call_methods()


def party_methods() -> str:
    """Return the file src/rtpe_ng/call/party_methods.py."""
    return _module("PartyMethods", "one party", PARTICIPANT, of_party(), KNOWN)


def call_methods() -> str:
    """Return the file src/rtpe_ng/call/call_methods.py."""
    return _module("CallMethods", "a whole call", "", of_call(), KNOWN | OF_FLOWS)


def party_table() -> Iterator[str]:
    """Yield the lines of the reference that list the methods of a `Party`."""
    return _table(of_party(), KNOWN)


def call_table() -> Iterator[str]:
    """Yield the lines of the reference that list the methods of a `Call` that are made from commands."""
    return _table(of_call(), KNOWN | OF_FLOWS)


def _table(kinds: list[type[Command[Any]]], known: Collection[str]) -> Iterator[str]:
    yield "| Method | As a block |\n|---|---|"
    for kind in kinds:
        parameters = parameters_of(kind, known)
        block = f"`{kind.block}(...)`" if issubclass(kind, Paired) else ""
        yield f"| `{shown(method_of(kind), parameters)}` | {block} |"
    yield ""


def parameters_of(kind: type[Command[Any]], known: Collection[str]) -> list[inspect.Parameter]:
    """Return the parameters of a command that a handle does not know, each with its type as it is written."""
    fields = attrs.fields_dict(kind)
    return [
        each.replace(annotation=_type_of(each.annotation, fields[each.name].type))
        for each in inspect.signature(kind).parameters.values()
        if each.name not in known
    ]


def _type_of(annotation: Any, declared: Any) -> str:
    # What takes anything in order to check it itself is typed by its field.
    shown = declared if annotation in (object, "object") else annotation
    return shown if isinstance(shown, str) else str(getattr(shown, "__name__", shown))


def _module(name: str, what: str, place: str, kinds: list[type[Command[Any]]], known: Collection[str]) -> str:
    whole = place == ""
    methods = [_method(kind, known, whole=whole) for kind in kinds]
    blocks = [_block(kind, known, whole=whole) for kind in kinds if issubclass(kind, Paired)]
    body = "\n".join([place, *methods, *blocks]) if place else "\n".join(["", *methods, *blocks])
    return HEAD.format(what=what, name=name, imports=_imports(body)) + body


def _imports(body: str) -> str:
    words = set(re.findall(r"\b[A-Z]\w+", re.sub(r'""".*?"""', "", body, flags=re.DOTALL)))
    named = sorted(words & set(vars(rtpe_ng.messages)), key=str.lower)
    first = ["import abc"] if "abc." in body else []
    first += ["from collections.abc import Sequence"] if "Sequence" in words else []
    first.append("from contextlib import AbstractAsyncContextManager")
    return "\n".join(
        [
            *first,
            "",
            "from ..flags import Flags",
            "from ..messages import (",
            *(f"    {word}," for word in sorted(named)),
            ")",
            "from .handle import Handle, naming_cures",
            "from .subscription import Subscription",
        ]
    )


def _method(kind: type[Command[Any]], known: Collection[str], *, whole: bool) -> str:
    result = result_of(kind.read).__name__
    text, described = _text(kind, known, whole=whole)
    text += f"\n\nReturns `{result}`. Known since {kind.since} {described}."
    return _function(f"async def {method_of(kind)}", kind, known, result, text, "await self._send", whole=whole)


def _block(kind: type[Paired[Any]], known: Collection[str], *, whole: bool) -> str:
    begin, end = method_of(kind), method_of(result_of(kind.end))
    held = HELD.get(kind, result_of(kind.read)).__name__
    text = (
        f"Send `{begin}` when the block begins, and `{end}` when it ends.\n\n"
        f"The parameters are those of `{begin}`. The block gets `{held}`. At its end: {end_sentence(kind)}"
    )
    result = f"AbstractAsyncContextManager[{held}]"
    how = "self._listen" if kind in HELD else "self._hold"
    return _function(f"def {kind.block}", kind, known, result, text, how, whole=whole)


def end_sentence(kind: type[Paired[Any]]) -> str:
    return " ".join((inspect.getdoc(kind.end) or "").split())


def _text(kind: type[Command[Any]], known: Collection[str], *, whole: bool) -> tuple[str, str]:
    """Return the text of a command without the parameters that the handle knows, and where it is described."""
    text = inspect.getdoc(kind) or ""
    for name in known:
        text = re.sub(rf"^- `{name}`: .*?\n(?=- |\n|\Z)", "", f"{text}\n", flags=re.DOTALL | re.MULTILINE).rstrip()
    # What it says of a command without a participant is true of the whole call alone.
    rest = r"Without a participant, the (parties [^;]*); ``Participant\.ALL`` ends\s+that\s+too\."
    text = re.sub(rest, r"The \1." if whole else "", text)
    first, _, more = text.partition("\n")
    described = re.search(r" (\(ng document, .*?\))", first)
    assert described is not None, kind
    first = first.replace(described[0], "")
    if whole and kind in TO_ALL:
        more = f"\nHere it is about all parties that offered and answered.\n{more}"
    return re.sub(r"\n{3,}", "\n\n", f"{first}\n{more}"), described[1]


def _function(
    begins: str,
    kind: type[Command[Any]],
    known: Collection[str],
    result: str,
    text: str,
    how: str,
    *,
    whole: bool,
) -> str:
    parameters = parameters_of(kind, known)
    declared = ["self", "*", *map(_declared, parameters)]
    given = ["call_id=self._ng_call_id"]
    if not whole:
        given.append("participant=self._participant")
    elif kind in TO_ALL:
        given.append("participant=Participant.ALL")
    given += [f"{each.name}={_translated(kind, each.name)}" for each in parameters]
    head = f"    {begins}({', '.join(declared)}) -> {result}:"
    if not parameters:
        head = head.replace("self, *", "self")
    elif len(head) > WIDTH:
        head = "\n".join([f"    {begins}(", *(f"        {each}," for each in declared), f"    ) -> {result}:"])
    command = f"{kind.__name__}({', '.join(given)})"
    body = f"        return {how}({command})"
    if len(body) > WIDTH:
        if len(command) + 12 > WIDTH:
            command = "\n".join(
                [f"{kind.__name__}(", *(f"                {each}," for each in given), " " * 12 + ")"]
            )
        body = f"        return {how}(\n            {command}\n        )"
    return f'{head}\n        """{indent(_wrapped(text), " " * 8).strip()}\n        """\n{body}\n'


def _wrapped(text: str) -> str:
    """Return a text with its lines as long as the place for them."""
    parts: list[str] = [""]
    for line in text.splitlines():
        if line.startswith("- ") or not line or not parts[-1]:
            # A bullet, a gap between paragraphs, or the line behind one.
            parts.append(line)
        else:
            parts[-1] += f" {line.strip()}"
    return "\n".join(
        fill(part, WIDTH - 8, subsequent_indent="  " if part.startswith("- ") else "", break_on_hyphens=False)
        for part in parts
    ).strip()


def _translated(kind: type[Command[Any]], name: str) -> str:
    return OTHER_TAG if (kind, name) == (Connect, "to_tag") else TRANSLATED.get(name, name)


def _declared(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return f"{parameter.name}: {parameter.annotation}"
    default = "None" if parameter.name == "flags" else repr(parameter.default)
    return f"{parameter.name}: {parameter.annotation} = {default}"
