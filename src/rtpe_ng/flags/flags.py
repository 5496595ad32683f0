"""`Flags`: what the daemon is to do to one SDP body, as a value that cannot be misspelt."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import attrs

from ..keys import refusing_unknown
from ..wire import encode_items
from . import rules
from .explain import Explanation, explain
from .fields import Fields
from .parts import Part
from .reading import arguments_of, wire
from .strings import DialectName, Spoken

__all__ = ["Flags"]

_WHOLE = frozenset({"direction", "ICE", "frequencies"})
"""Lists of which the right one wins, as of scalars: their members belong together."""


@refusing_unknown
@attrs.frozen(kw_only=True, repr=False, slots=False)
class Flags(Spoken, Fields):
    """The options of an offer or an answer. They describe the leg that the message goes *to*.

    A field is an ng key in lower case with underscores; the members of the list named ``flags`` are
    booleans. `flags | other` merges: of scalars the right one wins, lists are joined without repeats.
    `flags.evolve(ice="force")` is a copy with other values. The sections meant below are those of the ng
    document, "`offer` Message".

    Raises `UsageError` for an unknown name or value, and names the nearest known one, and for options that
    contradict each other, and says why.
    """

    def __attrs_post_init__(self) -> None:
        if self.webrtc:
            # The alias is gone, what it stands for is here: every daemon knows that.
            given = {attribute.name: getattr(self, attribute.name) for attribute in attrs.fields(type(self))}
            merged = _webrtc() | type(self)(**given | {"webrtc": False})
            for name in given:
                object.__setattr__(self, name, getattr(merged, name))
        rules.refuse(self)

    def __or__(self, other: Flags) -> Flags:
        """Return both merged: of scalars the one of `other` wins, lists are joined, booleans add up."""
        if not isinstance(other, Flags):
            return NotImplemented
        merged = {name: value for name, _, value in self.given()}
        for name, option, value in other.given():
            mine = merged.get(name)
            if isinstance(value, Part) and mine is not None:
                merged[name] = mine | value
            elif isinstance(value, tuple) and option.key not in _WHOLE:
                merged[name] = (*(mine or ()), *value)
            else:
                merged[name] = value
        extra = {**self.extra, **other.extra}
        if words := [*self.extra.get("flags", ()), *other.extra.get("flags", ())]:
            extra["flags"] = words
        # What the right side says of a key wins over what the left one could not check.
        said = other.to_ng() if self.unchecked else {}
        unchecked = {key: value for key, value in self.unchecked.items() if key not in said}
        unchecked |= other.unchecked
        return Flags(**merged, extra=extra, unchecked=unchecked, routing=self.routing | other.routing)

    def evolve(self, **changes: Any) -> Flags:
        """Return a copy with these options changed; None, False or an empty list takes one away.

        Raises `UsageError` as the constructor does.
        """
        return Flags(
            **{attribute.name: getattr(self, attribute.name) for attribute in attrs.fields(Flags)} | changes
        )

    def to_ng(self, dialect: DialectName | None = None, *, command: str | None = None) -> dict[str, Any]:
        """Return exactly what goes on the wire for these flags, spelt as the ng document does, with hyphens.

        With a `dialect`, what that proxy's module puts on the wire for them, in its own spelling, in this `command`
        (that of `parse`, or an offer), less what it takes from the SIP message. The values are str, int, lists and
        dictionaries of the caller's own; an option not given is absent. Raises `UsageError` for what the dialect
        cannot say.
        """
        if dialect is not None:
            return self._wire(dialect, command)
        document: dict[str, Any] = {}
        listed: list[str] = []
        for _, option, value in self._options():
            if option.listed:
                listed += [option.key] if value and option.sent else []
            elif value is not None and (said := wire(value)) not in ([], {}):
                document[option.key] = said
        document |= deepcopy(dict(self.extra)) | deepcopy(dict(self.unchecked))
        listed += [word for word in document.pop("flags", ()) if word not in listed]
        return document | ({"flags": listed} if listed else {})

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Flags:
        """Return the flags that `document` says, as an engine reads them: the inverse of `to_ng`.

        What no option says in just this way, such as an unknown key, another spelling or a value that is refused,
        is in `extra` or `unchecked`, so that `to_ng` says the same again; options that contradict each other are
        kept. Raises `UsageError` for a key that belongs to the message, such as ``call-id``, and where ``flags``
        is no list of words.
        """
        with rules.lenient():
            return cls(**arguments_of(cls, document))

    @functools.cached_property
    def encoded(self) -> bytes:
        """The bencoded items of `to_ng`, made once however often the flags are sent."""
        return encode_items(self.to_ng())

    def problems(self, command: str = "offer") -> tuple[rules.Problem, ...]:
        """Return what of these flags an offer, or another `command`, ignores, and what is seldom meant or obsolete.

        Each has a ``severity``, the ``options`` it is about, and a text that says why.
        """
        return rules.problems(self, command)

    def explain(self, command: str = "offer") -> Explanation:
        """Return what each of these flags does, toward which leg, since when, and what is wrong with them.

        The text is its `str`, which a prompt shows too.
        """
        return explain(self, command)


@functools.cache
def _webrtc() -> Flags:
    # What the alias stands for is in the ng document, "`offer` Message". Since 14.0 the daemon adds BUNDLE to it,
    # which older ones do not know.
    return Flags(
        transport_protocol="UDP/TLS/RTP/SAVPF",
        ice="force",
        trickle_ice=True,
        rtcp_mux=["offer", "require"],
        no_rtcp_attribute=True,
        sdes=["off"],
        generate_mid=True,
    )
