"""`Participant`: which party or parties of a call a command is about."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, ClassVar, Literal

import attrs

from ...errors import UsageError
from .fields import Key, refuse

__all__ = ["By", "Participant", "participant", "toward", "ways_of"]

By = Literal["tag", "label", "address", "tags", "all"]


@attrs.frozen(kw_only=True, repr=False)
class Participant:
    """Which party of a call is meant (ng document, "`block DTMF` and `unblock DTMF` Messages").

    Made by ``Participant.tag("alice")``, ``.label("caller")``, ``.address("198.51.100.7")``,
    ``.tags("alice", "bob")`` or ``Participant.ALL``. It validates when it is made: `UsageError` for an empty name
    or what is no address.
    """

    by: By
    """What it is known by."""
    values: tuple[str, ...] = ()
    """The tags, the label or the address."""

    ALL: ClassVar[Participant]
    """Every party of the call."""

    def __attrs_post_init__(self) -> None:
        if self.by == "all":
            return
        for value in self.values:
            if not isinstance(value, str) or not value:
                raise UsageError(f"Participant.{self.by}({value!r}): a string that is not empty expected")
        if not self.values:
            raise UsageError(f"Participant.{self.by}(): at least one expected")
        if self.by == "address":
            try:
                ip_address(self.values[0])
            except ValueError as error:
                raise UsageError(
                    f"Participant.address({self.values[0]!r}): an IPv4 or IPv6 address expected, as text"
                ) from error

    @classmethod
    def tag(cls, tag: str) -> Participant:
        """Return the party with this From or To tag."""
        return cls(by="tag", values=(tag,))

    @classmethod
    def tags(cls, *tags: str) -> Participant:
        """Return several parties, by their tags: for `subscribe_request` and `connect` only."""
        return cls(by="tags", values=tags)

    @classmethod
    def label(cls, label: str) -> Participant:
        """Return the party that ``Flags(label=...)`` of its offer or answer, or `set_label`, gave this name."""
        return cls(by="label", values=(label,))

    @classmethod
    def address(cls, address: str) -> Participant:
        """Return the party whose SDP has this IPv4 or IPv6 address as that of its media; of several, one."""
        return cls(by="address", values=(address,))

    def __repr__(self) -> str:
        if self.by == "all":
            return "Participant.ALL"
        return f"Participant.{self.by}({', '.join(map(repr, self.values))})"


Participant.ALL = Participant(by="all")


_KEYS: dict[By, Key] = {
    "tag": Key(key="from-tag"),
    "label": Key(key="label"),
    "address": Key(key="address"),
    "all": Key(key="all", listed=True),
    "tags": Key(key="from-tags", since="10.3"),
}
_TOWARD: dict[By, Key] = {"tag": Key(key="to-tag"), "label": Key(key="to-label", since="10.0")}


def participant(*by: By, needed: bool = False) -> Any:
    """Declare a field that takes a `Participant` which is known in one of these ways."""
    return _selecting({way: _KEYS[way] for way in by}, needed=needed)


def toward() -> Any:
    """Declare the field for the party that media goes to: by its tag or label."""
    return _selecting(_TOWARD)


def ways_of(attribute: attrs.Attribute[Any]) -> Mapping[By, Key]:
    """Return how a field of a command selects a participant, with the key of each way; nothing for other fields."""
    ways: Mapping[By, Key] = attribute.metadata.get("ways", {})
    return ways


def _selecting(ways: Mapping[By, Key], *, needed: bool = False) -> Any:
    check = _known(tuple(ways))
    if needed:
        return attrs.field(validator=check, metadata={"ways": ways})
    return attrs.field(default=None, validator=attrs.validators.optional(check), metadata={"ways": ways})


def _known(by: tuple[By, ...]) -> Any:
    shown = " or ".join("Participant.ALL" if it == "all" else f"Participant.{it}(...)" for it in by)

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, Participant) or value.by not in by:
            raise refuse(attribute, value, f"{shown} expected")

    return check
