"""What a flag string says about tags, branches and addresses: it belongs to the message, not to its flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, get_args

import attrs

from ...errors import UsageError

__all__ = ["Routing", "ViaBranch"]

ViaBranch: TypeAlias = Literal["1", "2", "auto", "extra", "next", "auto-next", "auto-extra"]


def _is_text(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise UsageError(f"Routing: {attribute.name}={value!r}: a string expected")


def _is_tag(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool | str):
        raise UsageError(f"Routing: {attribute.name}={value!r}: True, False or a tag expected")


def _is_bool(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise UsageError(f"Routing: {attribute.name}={value!r}: True or False expected")


def _is_branch(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if value is not None and value not in get_args(ViaBranch):
        known = ", ".join(get_args(ViaBranch))
        raise UsageError(f"Routing: {attribute.name}={value!r}: unknown; known are {known}")


def _tags(value: Any) -> tuple[str, ...]:
    tags = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(tag, str) for tag in tags):
        raise UsageError(f"Routing: from_tags={value!r}: a list of tags expected")
    return tags


@attrs.frozen(kw_only=True, repr=False)
class Routing:
    """How a proxy's module is to fill the keys that it takes from the SIP message.

    From and To are those of the message: where the module sends them the other way round, as for an answer in an
    ACK, it does so with these values. None of it is ever in `Flags.to_ng()`: the client's methods take it. Raises
    `UsageError` for a value of another type.
    """

    call_id: str | None = attrs.field(default=None, validator=_is_text)
    """Instead of the Call-ID."""
    from_tag: str | None = attrs.field(default=None, validator=_is_text)
    """Instead of the tag of From. It makes the command directional too."""
    from_tags: Sequence[str] = attrs.field(default=(), converter=_tags)
    """The parties that a ``subscribe request`` listens to; Kamailio 6 only."""
    to_tag: str | bool = attrs.field(default=False, validator=_is_tag)
    """True: the tag of To is sent where it would not be, as in ``delete``. A string: this tag."""
    via_branch: ViaBranch | None = attrs.field(default=None, validator=_is_branch)
    """Which branch parameter is sent: of the first or second Via (``auto``: 1 in requests, 2 in replies),
    the module's ``extra_id_pv``, or the one that the proxy will put into its own Via (``next``)."""
    via_branch_param: str | None = attrs.field(default=None, validator=_is_text)
    """The branch itself; OpenSIPS only."""
    received_from: str | None = attrs.field(default=None, validator=_is_text)
    """An address instead of the source address of the SIP message."""
    force_answer: bool = attrs.field(default=False, validator=_is_bool)
    """An offer is sent as an answer, so the message needs a tag in To."""
    directional: bool = attrs.field(default=False, validator=_is_bool)
    """From and To are sent as they stand, and by commands that send no tags otherwise."""

    def __or__(self, other: Routing) -> Routing:
        """Return both merged: what `other` says wins."""
        if not isinstance(other, Routing):
            return NotImplemented
        said = {name: value for name, value in other._items() if value not in (None, False, ())}
        # A branch by its number and a branch by itself exclude each other.
        if {"via_branch", "via_branch_param"} & said.keys():
            said = {"via_branch": None, "via_branch_param": None} | said
        return attrs.evolve(self, **said)

    def __bool__(self) -> bool:
        """Return whether anything is said."""
        return self != Routing()

    def _items(self) -> list[tuple[str, Any]]:
        return [(attribute.name, getattr(self, attribute.name)) for attribute in attrs.fields(Routing)]

    def __repr__(self) -> str:
        given = [f"{name}={value!r}" for name, value in self._items() if value not in (None, False, ())]
        return f"Routing({', '.join(given)})"
