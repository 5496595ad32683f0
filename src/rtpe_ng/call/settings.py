"""`CallSettings`: what stays the same during a call."""

import functools
from collections.abc import Mapping

import attrs

from ..errors import UsageError
from ..flags import Flags, Profile
from ..legs import Direction, Leg
from ..messages.commands.fields import as_flags
from .negotiation import CALLER, OTHER

_REMEMBERED = 256
"""How many merged flags are remembered: the last ones."""


@attrs.frozen(kw_only=True)
class CallSettings:
    """What stays the same during a call. Raises `UsageError` for values of the wrong kind."""

    call_id: str
    """The SIP Call-ID."""
    from_tag: str
    """The caller's tag."""
    direction: Direction
    """The legs of the caller and the callee."""
    profile: Profile
    """Gives the flags of each message."""
    interfaces: Mapping[Leg, str] | tuple[str, str]
    """The name of the engine's logical interface for each leg, or for the caller and the callee; empty for the
    engine's choice."""
    delete_delay: int | None
    """For how many seconds the daemon keeps a deleted call; None for its own setting."""
    strict: bool = False
    """Whether ignored flags and unusable replies raise `FlagsIgnored` and `UnusableReply` instead of being
    logged."""
    pass_id: str | None = None
    """What tells this pass of a spiral from the first one; None for the first one."""
    via_branch: str | None = None
    """The branch of a forked call; None for the call itself."""

    def __attrs_post_init__(self) -> None:
        for name in ("call_id", "from_tag", "pass_id"):
            value = getattr(self, name)
            if not (isinstance(value, str) and value) and not (name == "pass_id" and value is None):
                raise UsageError(f"{name}={value!r}: a string that is not empty expected")
        if not isinstance(self.direction, Direction):
            raise UsageError(f"direction={self.direction!r}: one such as Direction.WEB_TO_SIP expected")
        if not isinstance(self.profile, Profile):
            raise UsageError(f"profile={self.profile!r}: one such as profiles.MODERN expected")
        delay = self.delete_delay
        if delay is not None and (not isinstance(delay, int) or isinstance(delay, bool) or delay < 0):
            raise UsageError(f"delete_delay={delay!r}: seconds expected, as an integer, 0 for no delay")
        if not isinstance(self.strict, bool):
            raise UsageError(f"strict={self.strict!r}: True or False expected")
        legs = {self.direction.caller, self.direction.callee}
        names = self.interfaces
        if isinstance(names, tuple):
            if len(names) != 2 or not all(isinstance(name, str) and name for name in names):
                raise UsageError(f"interfaces={names!r}: two names expected, the caller's and the callee's")
        elif not isinstance(names, Mapping):
            raise UsageError(
                f"interfaces={names!r}: a dictionary of Leg to name, or a tuple of two names, expected"
            )
        elif names and not legs <= names.keys():
            raise UsageError(f"interfaces={dict(names)!r}: a name for each of {sorted(map(repr, legs))} expected")

    @property
    def ng_call_id(self) -> str:
        """The call-id that the daemon knows this call by: the Call-ID, and for a later pass its `pass_id` too."""
        return self.call_id if self.pass_id is None else f"{self.call_id};pass={self.pass_id}"

    def path(self, place: str) -> Direction:
        """Return the direction that an offer of the party in a place travels in."""
        return self.direction if place == CALLER else self.direction.reversed

    def interface_flags(self, place: str) -> Flags | None:
        """Return the flags that name the engine's logical interfaces in an offer of the party in a place."""
        if not self.interfaces:
            return None
        names = [name for each in (place, OTHER[place]) if (name := self._interface(each))]
        return _between(*names) if names else None

    def _interface(self, place: str) -> str | None:
        if isinstance(self.interfaces, tuple):
            return self.interfaces[0 if place == CALLER else 1]
        leg = self.direction.caller if place == CALLER else self.direction.callee
        return self.interfaces.get(leg)


@functools.lru_cache(_REMEMBERED, typed=True)
def _between(*names: str) -> Flags:
    """Return the flags that name the engine's interfaces of two parties."""
    return Flags(direction=names)


def merge(flags: Flags, *others: Flags | None) -> Flags:
    """Return the flags with those of the others that there are; the last ones win."""
    for other in others:
        if other is not None:
            # Checked here as well as by the command, because merging anything else ends in a TypeError.
            flags = _merged(flags, as_flags(other))
    return flags


def _merged(flags: Flags, other: Flags) -> Flags:
    # What nobody has checked may be equal and differ on the wire, as 1 and True do.
    if flags.extra or flags.unchecked or other.extra or other.unchecked:
        return flags | other
    return _merged_before(flags, other)


@functools.lru_cache(_REMEMBERED)
def _merged_before(flags: Flags, other: Flags) -> Flags:
    """Return the flags with those of the other. The calls of a program have the same few flags, again and again."""
    return flags | other
