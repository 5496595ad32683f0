"""What a flag string of a proxy says besides options.

It tells the proxy's module which tags, branches and addresses to send: these concern the message, not its flags,
and are in a `Routing`. And it says options in one of several ways: twice, in another order, in another spelling.
Where the module sends other bytes for that, the flags keep the string, as a `FlagString`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import UnionType
from typing import Any, Literal, TypeAlias, get_args

import attrs

from ..errors import UsageError
from ..keys import Field, Validator

DialectName: TypeAlias = Literal["kamailio", "kamailio-5.6", "opensips", "rtpp-flags"]
ViaBranch: TypeAlias = Literal["1", "2", "auto", "extra", "next", "auto-next", "auto-extra"]


@attrs.frozen(kw_only=True)
class FlagString:
    """A flag string, with its dialect and its command."""

    text: str
    """Its tokens, with one space between them."""
    dialect: DialectName
    command: str
    """The command that it was given to, in lower case, such as ``offer`` or ``block dtmf``."""


def _is(kind: UnionType | type, wanted: str) -> Validator:
    def check(_: object, attribute: Field, value: object) -> None:
        if not isinstance(value, kind):
            raise UsageError(f"Routing: {attribute.name}={value!r}: {wanted} expected")

    return check


_is_text = _is(str | None, "a string")
_is_bool = _is(bool, "True or False")


def _is_branch(_: object, attribute: Field, value: object) -> None:
    if value is not None and value not in get_args(ViaBranch):
        known = ", ".join(get_args(ViaBranch))
        raise UsageError(f"Routing: {attribute.name}={value!r}: unknown; known are {known}")


def _tags(value: Iterable[str]) -> tuple[str, ...]:
    tags = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(tag, str) for tag in tags):
        raise UsageError(f"Routing: from_tags={value!r}: a list of tags expected")
    return tags


@attrs.frozen(kw_only=True, repr=False)
class Routing:
    """How a proxy's module fills the keys that it takes from the SIP message.

    From and To are those of the message: where the module swaps them, as for an answer in an ACK, it swaps these
    values. Nothing here is ever in `Flags.to_ng()`: the methods of the client take it. Raises `UsageError` for a
    value of another type.
    """

    call_id: str | None = attrs.field(default=None, validator=_is_text)
    """Instead of the Call-ID."""
    from_tag: str | None = attrs.field(default=None, validator=_is_text)
    """Instead of the tag of From. It makes the command directional too."""
    from_tags: Sequence[str] = attrs.field(default=(), converter=_tags)
    """The parties that a ``subscribe request`` listens to; Kamailio 6 only."""
    to_tag: str | bool = attrs.field(default=False, validator=_is(bool | str, "True, False or a tag"))
    """True: the tag of To is sent also where it would not be, as in ``delete``. A string: this tag is sent."""
    via_branch: ViaBranch | None = attrs.field(default=None, validator=_is_branch)
    """Which branch parameter is sent: of the first or second Via (``auto``: 1 in requests, 2 in replies),
    the module's ``extra_id_pv``, or the one that the proxy will put into its own Via (``next``)."""
    via_branch_param: str | None = attrs.field(default=None, validator=_is_text)
    """The branch itself; OpenSIPS and the daemon only."""
    received_from: str | None = attrs.field(default=None, validator=_is_text)
    """An address instead of the source address of the SIP message."""
    force_answer: bool = attrs.field(default=False, validator=_is_bool)
    """An offer is sent as an answer, so the message needs a tag in To."""
    directional: bool = attrs.field(default=False, validator=_is_bool)
    """From and To are sent as they stand, and by commands that send no tags otherwise."""

    def __or__(self, other: Routing) -> Routing:
        """Return both merged: the values of `other` win."""
        if not isinstance(other, Routing):
            return NotImplemented
        changes = dict(other._given())
        # A message has one branch: by its number, or by itself.
        if {"via_branch", "via_branch_param"} & changes.keys():
            changes = {"via_branch": None, "via_branch_param": None} | changes
        return attrs.evolve(self, **changes)

    def __bool__(self) -> bool:
        """Return whether any field has a value."""
        return self != Routing()

    def _given(self) -> list[tuple[str, Any]]:
        values = ((attribute.name, getattr(self, attribute.name)) for attribute in attrs.fields(Routing))
        return [(name, value) for name, value in values if value not in (None, False, ())]

    def __repr__(self) -> str:
        return f"Routing({', '.join(f'{name}={value!r}' for name, value in self._given())})"
