"""Where a router keeps the states of its calls: a dictionary, or a store that several processes share."""

from collections.abc import MutableMapping
from typing import Protocol, runtime_checkable

from ..errors import UsageError

ENDED = "ended"
"""What `StateStore.get` may return for a call whose state was deleted a short while ago: it is no state, and says
that the call is over, whatever a Route says."""


@runtime_checkable
class StateStore(Protocol):
    """A store of states that is asked asynchronously, such as Redis. Errors of its own go through to the caller.

    The key of a call is its Call-ID; behind it stand ``;pass=`` and ``;branch=`` for a later pass of a spiral and
    for a branch of a fork. A state is text of at most 2,048 characters.
    """

    async def get(self, key: str, /) -> str | None:
        """Return the state with this key, None if there is none, or `ENDED`."""
        raise NotImplementedError

    async def set(self, key: str, state: str, /) -> None:
        """Keep a state. Give it an expiry that is longer than any call goes on without a message."""
        raise NotImplementedError

    async def delete(self, key: str, /) -> None:
        """Remove a state, if it is there. If you can, keep `ENDED` in its place for a minute.

        Then a re-INVITE that comes to another process behind the BYE begins nothing at the engine.
        """
        raise NotImplementedError


class MappingStore:
    """A dictionary, or any other mapping that can be changed, as a `StateStore`."""

    def __init__(self, states: MutableMapping[str, str]) -> None:
        self._states = states

    async def get(self, key: str, /) -> str | None:
        """Return the state with this key; None if there is none."""
        return self._states.get(key)

    async def set(self, key: str, state: str, /) -> None:
        """Keep a state."""
        self._states[key] = state

    async def delete(self, key: str, /) -> None:
        """Remove a state, if it is there."""
        self._states.pop(key, None)


def store_of(states: MutableMapping[str, str] | StateStore) -> StateStore:
    """Return what keeps these states. Raises `UsageError` for anything that is neither kind of store."""
    if isinstance(states, MutableMapping):
        return MappingStore(states)
    if not isinstance(states, StateStore):
        raise UsageError(f"states={states!r}: a dictionary, or a store with get, set and delete, expected")
    return states


def key_of(call_id: str, pass_id: str | None = None, via_branch: str | None = None) -> str:
    """Return the key of a call, a later pass or a branch."""
    later = "" if pass_id is None else f";pass={pass_id}"
    branch = "" if via_branch is None else f";branch={via_branch}"
    return f"{call_id}{later}{branch}"
