"""Which calls go on at a sender. The daemon knows a call by its call-id alone, so two of one id would mix there.

Nobody is told when a program drops a call, or hands it to another process. So this is no list of calls, but of the
objects that are still held: what the garbage collector has taken is over. A restored call goes on where another
object of the same call left off, and is no second one; a new call beside a restored one is.
"""

import weakref
from typing import Protocol

from ..sender import Sender


class LiveCall(Protocol):
    """What is asked of a call, or of the call that a branch is part of."""

    _is_restored: bool
    _began: bool

    @property
    def ng_call_id(self) -> str:
        """The call-id toward the daemon."""
        ...

    @property
    def _goes_on(self) -> bool:
        """Whether there is, or may be, something at the daemon."""
        ...


_CALLS: weakref.WeakKeyDictionary[Sender, weakref.WeakValueDictionary[str, LiveCall]] = weakref.WeakKeyDictionary()


def begun(sender: Sender, call: LiveCall) -> None:
    """Remember the call as the one that goes on under its call-id."""
    _CALLS.setdefault(sender, weakref.WeakValueDictionary())[call.ng_call_id] = call


def ended(sender: Sender, call: LiveCall) -> None:
    """Let another call have the call-id, whichever object of the call was the last."""
    _CALLS.setdefault(sender, weakref.WeakValueDictionary()).pop(call.ng_call_id, None)


def is_second(sender: Sender, call: LiveCall) -> bool:
    """Return whether another call goes on under the call-id of this one."""
    other = _CALLS.setdefault(sender, weakref.WeakValueDictionary()).get(call.ng_call_id)
    if other is None or other is call or call._is_restored or (call._began and other._is_restored):
        return False
    return other._goes_on
