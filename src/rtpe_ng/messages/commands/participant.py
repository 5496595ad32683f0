"""`Participant`: which party or parties of a call a command is about."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, ClassVar, Literal

import attrs

from ...errors import UsageError
from ...keys import Key, refuse

By = Literal["tag", "label", "address", "tags", "all"]


@attrs.frozen(kw_only=True, repr=False)
class Participant:
    """Which party of a call is meant (ng document, "`block DTMF` and `unblock DTMF` Messages").

    Made by ``Participant.tag("alice")``, ``.label("caller")``, ``.address("198.51.100.7")``,
    ``.tags("alice", "bob")`` or ``Participant.ALL``. It is checked when it is made: `UsageError` for an empty name,
    or for an address that is neither IPv4 nor IPv6.
    """

    by: By = attrs.field()
    """Which of the five ways it was made in."""
    values: tuple[str, ...] = ()
    """The tags, the label or the address; empty for ``Participant.ALL``."""

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
        """Return a party whose SDP has this IPv4 or IPv6 address for its media; where several do, one of them."""
        return cls(by="address", values=(address,))

    def __repr__(self) -> str:
        if self.by == "all":
            return "Participant.ALL"
        return f"Participant.{self.by}({', '.join(map(repr, self.values))})"


Participant.ALL = Participant(by="all")


@attrs.frozen(kw_only=True)
class Ways:
    """The ways in which a field of a command may name a participant. It is the field's check as well."""

    keys: Mapping[By, Key] = attrs.field()
    """The key of each way."""

    @property
    def metadata(self) -> dict[str, Ways]:
        """The metadata of such a field."""
        return {"ways": self}

    def __call__(self, _: object, attribute: attrs.Attribute[Any], value: object) -> None:
        """Raise `UsageError` unless `value` is a `Participant` named in one of these ways."""
        if not isinstance(value, Participant) or value.by not in self.keys:
            shown = " or ".join("Participant.ALL" if by == "all" else f"Participant.{by}(...)" for by in self.keys)
            raise refuse(attribute, value, f"{shown} expected")


_TAG, _LABEL, _ADDRESS = Key(key="from-tag"), Key(key="label"), Key(key="address")
_TAGS, _ALL = Key(key="from-tags", since="10.3"), Key(key="all", listed=True)

ONE_PARTY = Ways(keys={"tag": _TAG, "label": _LABEL, "address": _ADDRESS, "all": _ALL})
"""The ways to name one party, or all."""
ANY_PARTY = Ways(keys={"tag": _TAG, "tags": _TAGS, "label": _LABEL, "address": _ADDRESS, "all": _ALL})
"""The ways to name one party, several, or all."""
OTHER_PARTY = Ways(keys={"tag": Key(key="to-tag"), "label": Key(key="to-label", since="10.0")})
"""The ways to name the party that media goes to."""
