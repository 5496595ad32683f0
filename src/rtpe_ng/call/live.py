"""Which calls go on at a sender. The daemon knows a call by its call-id alone, so two of one id would mix there.

Nobody is told when a program drops a call, or hands it to another process. So this is no list of calls, but of the
objects that are still held: what the garbage collector has taken is over. A restored call goes on where another
object of the same call left off, and is no second one; a new call beside a restored one is.
"""

import weakref
from typing import Protocol, TypeAlias

from ..errors import UsageError
from ..sender import Sender


class LiveCall(Protocol):
    """What is asked of a call, or of the call that a branch is part of."""

    _is_restored: bool
    _began: bool

    @property
    def call_id(self) -> str:
        """The SIP Call-ID."""
        ...

    @property
    def ng_call_id(self) -> str:
        """The call-id toward the daemon."""
        ...

    @property
    def _goes_on(self) -> bool:
        """Whether there is, or may be, something at the daemon."""
        ...


LiveCalls: TypeAlias = weakref.WeakValueDictionary[str, LiveCall]

_CALLS: weakref.WeakKeyDictionary[Sender, LiveCalls] = weakref.WeakKeyDictionary()


def calls_at(sender: Sender) -> LiveCalls:
    """Return the calls that go on at a sender, by their call-ids. The functions below read and change them."""
    if (calls := _CALLS.get(sender)) is None:
        calls = _CALLS[sender] = weakref.WeakValueDictionary()
    return calls


def begun(calls: LiveCalls, call: LiveCall) -> None:
    """Remember the call as the one that goes on under its call-id."""
    calls[call.ng_call_id] = call


def ended(calls: LiveCalls, call: LiveCall) -> None:
    """Let another call have the call-id, whichever object of the call was the last."""
    calls.pop(call.ng_call_id, None)


def refuse_a_second(calls: LiveCalls, call: LiveCall) -> None:
    """Raise `UsageError` if another call goes on under the call-id of this one."""
    if is_second(calls, call):
        raise UsageError(
            f"call {call.call_id!r} goes on already on this client: if its INVITE passes here a second time (a "
            "spiral), give pass_id='2', or what else tells the passes apart, such as the branch of the topmost "
            "Via; to begin the call anew, delete the other one first"
        )


def is_second(calls: LiveCalls, call: LiveCall) -> bool:
    """Return whether another call goes on under the call-id of this one."""
    other = calls.get(call.ng_call_id)
    if other is None or other is call or call._is_restored or (call._began and other._is_restored):
        return False
    return other._goes_on
