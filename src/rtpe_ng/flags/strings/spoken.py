"""`Spoken`: the part of `Flags` that reads and prints the flag strings of the SIP proxies."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, TypeAlias

import attrs

from ...errors import UsageError
from ...keys import nearest
from .. import rules
from .commands import command_of
from .compose import compose
from .kamailio import KAMAILIO, KAMAILIO_5_6
from .meaning import understand
from .module import MESSAGE_KEYS, Dialect, Sent, run
from .opensips import OPENSIPS
from .routing import Routing

__all__ = ["DialectName", "Spoken"]

DialectName: TypeAlias = Literal["kamailio", "kamailio-5.6", "opensips"]
_DIALECTS = {dialect.name: dialect for dialect in (KAMAILIO, KAMAILIO_5_6, OPENSIPS)}


@attrs.frozen(kw_only=True)
class _Said:
    """The string that flags were read from, as it was understood: it may say a thing twice."""

    dialect: str
    command: str
    text: str


def _is_routing(_: object, __: object, value: object) -> None:
    if not isinstance(value, Routing):
        raise UsageError(f"routing={value!r}: a Routing expected")


def _read_only(value: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise UsageError(f"unchecked={value!r}: a dictionary expected")
    for key in value or ():
        if key in MESSAGE_KEYS:
            raise UsageError(f"unchecked={{{key!r}: ...}}: this key belongs to the message, not to its flags")
    return MappingProxyType(deepcopy(dict(value or {})))


@attrs.frozen(kw_only=True, repr=False, slots=False)
class Spoken:
    """What flags have beside their options: what a flag string said that is none."""

    routing: Routing = attrs.field(default=Routing(), validator=_is_routing)
    """What a flag string said about tags, branches and addresses; never in `to_ng()`."""
    unchecked: Mapping[str, Any] = attrs.field(factory=dict, converter=_read_only, hash=False)
    """Known keys with values that their fields refuse, as a proxy would send them: `parse` with ``strict=False``
    puts them here. They go on the wire as they are."""

    # Not a field: it is no part of the value, and what is made from these flags does not have it.
    _said: ClassVar[_Said | None] = None

    @classmethod
    def parse(
        cls, text: str, *, dialect: DialectName = "kamailio", command: str = "offer", strict: bool = True
    ) -> Self:
        """Return what a proxy's rtpengine module makes of the flag string `text` in this `command`.

        `dialect` is ``kamailio`` (6.x), ``kamailio-5.6`` or ``opensips``. What the string says about tags, branches
        and addresses is in `routing`. What the module does not send with this command, such as ``replace-origin``
        with ``delete``, is left out.

        Raises `UsageError` where the module rejects the string or its process would end. If `strict`, also where
        it does something that nobody wants, and for what no daemon knows; if not, that is followed, and
        what the fields refuse is in `extra` and `unchecked`.
        """
        module = _dialect(dialect)
        command = command_of(command)
        tokens, sent = run(module, text, command)
        flags, problem = _understood(cls, sent)
        if strict:
            if sent.traps or problem:
                raise UsageError(f"{[*sent.traps, problem][0]} (strict=False does as the proxy does)")
            rules.refuse(flags)
        object.__setattr__(flags, "_said", _Said(dialect=dialect, command=command, text=" ".join(map(str, tokens))))
        read: Self = flags
        return read

    def format(self, *, dialect: DialectName = "kamailio", command: str | None = None) -> str:
        """Return these flags as a string for a proxy's module; `parse` makes the same flags of it.

        Without a `command` it is the one that these flags were parsed for, or an offer. Raises `UsageError` for
        what this dialect cannot say.
        """
        module, said = _dialect(dialect), self._said
        if said and said.dialect == dialect and command in (None, said.command):
            return said.text
        command = command_of(command or (said.command if said else "offer"))
        text = compose(self, module)
        self._compare(_understood(type(self), run(module, text, command)[1])[0], module, command)
        return text

    def _wire(self, dialect: DialectName, command: str | None) -> dict[str, Any]:
        """Return what the module of `dialect` sends for these flags, without what it takes from the SIP message."""
        module, said = _dialect(dialect), self._said
        name = command_of(command or (said.command if said else "offer"))
        text = said.text if said and said.dialect == dialect else self.format(dialect=dialect, command=name)
        # Of a key that is there twice, the daemon takes the last one.
        return dict(run(module, text, name)[1].wire())

    def _compare(self, other: Any, module: Dialect, command: str) -> None:
        """Refuse what the module would not have understood."""
        mine, theirs = self.to_ng(), other.to_ng()
        for key in dict.fromkeys((*mine, *theirs)):
            value, becomes = mine.get(key), theirs.get(key)
            if value != becomes:
                lost = key == "flags" and "directional" in mine.get(key, ())
                raise UsageError(
                    f"{module.name} cannot say {key}={value!r} in {command!r}: it would become {becomes!r}"
                    + ("; say routing=Routing(directional=True)" if lost else "")
                )
        for field in attrs.fields(Routing):
            value, becomes = getattr(self.routing, field.name), getattr(other.routing, field.name)
            if value != becomes:
                raise UsageError(
                    f"{module.name} cannot say routing.{field.name}={value!r} in {command!r}: "
                    f"it would become {becomes!r}"
                )

    def to_ng(self) -> dict[str, Any]:
        """Return what goes on the wire."""
        raise NotImplementedError


def _dialect(name: str) -> Dialect:
    if name not in _DIALECTS:
        raise UsageError(f"dialect={name!r}: unknown; {nearest(name, _DIALECTS)}")
    return _DIALECTS[name]


def _understood(cls: type[Any], sent: Sent) -> tuple[Any, str]:
    """Return the flags that stand for what a module sends, and what is wrong with them first."""
    # What is in `Routing` is in no field.
    routed = {"from-tags"} if "from_tags" in sent.routing else set()
    wire = {key: value for key, value in sent.wire() if key not in routed}
    meaning = understand(cls, wire, sent.command)
    given = {"routing": Routing(**sent.routing), "unchecked": meaning.unchecked}
    with rules.lenient():
        try:
            return cls(**meaning.options, **given, extra=meaning.extra), meaning.problem
        except UsageError as error:
            # An unknown key that is a known one in other letters.
            meaning.complain(str, error)
        words = {key: meaning.extra.pop(key) for key in list(meaning.extra) if key == "flags"}
        given["unchecked"] = meaning.unchecked | meaning.extra
        return cls(**meaning.options, **given, extra=words), meaning.problem
