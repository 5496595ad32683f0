"""What this process remembers of its calls beside their states: locks, repeats, and calls that are over.

None of it is needed to go on with a call: another process goes on from the state alone. It decides what the state
cannot tell, such as whether an INVITE is the same again or passes a second time. All of it is forgotten by itself.
"""

import contextlib
import hashlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator

import anyio
import attrs

from ..call import Call
from ..errors import UsageError
from .message import SipMessage

REMEMBERED = 300.0
"""For how many seconds a call is remembered after its last message: longer than an INVITE may ring (RFC 3261,
section 16.6, timer C: more than 3 minutes), and than any message of it is resent."""
REPEATED = 32.0
"""For how many seconds a message may be resent: 64 times T1 (RFC 3261, section 17.1.1.2)."""


class CallLocks:
    """One lock for each Call-ID, which exists only while a message holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[anyio.Lock, int]] = {}

    @contextlib.asynccontextmanager
    async def hold(self, call_id: str) -> AsyncIterator[None]:
        """Let one message of a call through at a time, in the order in which they came.

        Raises `UsageError` in a task that holds it already, because that would wait for ever.
        """
        lock, users = self._locks.get(call_id) or (anyio.Lock(), 0)
        if users and lock.statistics().owner == anyio.get_current_task():
            raise UsageError(f"call {call_id!r} is locked by this task: call the router behind the locked() block")
        self._locks[call_id] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            # Others may have come or gone in the meantime.
            lock, users = self._locks.pop(call_id)
            if users > 1:
                self._locks[call_id] = lock, users - 1

    def __len__(self) -> int:
        return len(self._locks)


@attrs.frozen(kw_only=True)
class DescribedInvite:
    """What a response to an INVITE described: the last one of its dialogue that had a body."""

    branch: str
    """The branch of the INVITE."""
    received: str | bytes = attrs.field(repr=False)
    """The body as its sender wrote it."""
    relayed: str = attrs.field(repr=False)
    """The body as it went on."""


@attrs.define(kw_only=True)
class PassMemory:
    """What is remembered of a call, or of one pass of a spiral."""

    call_id: str
    """The Call-ID."""
    branch: str = ""
    """The branch of the INVITE that began it."""
    confirmed: set[str] = attrs.field(factory=set)
    """The key of each branch of the fork, or of the call itself, that a 2xx answered. From then on no CANCEL and no
    failure of another dialogue ends the call."""
    is_answered_early: bool = False
    """Whether a reliable provisional response had the answer."""
    is_ended: bool = False
    """Whether the call is over."""
    has_failed: bool = False
    """Whether it is over because its INVITE failed, so that the program may try the next callee."""
    callee: object = attrs.field(default=None, repr=False)
    """The callee that the program gave with the INVITE."""
    is_ending: bool = False
    """Whether the call is over, but the engine did not confirm that it deleted it."""
    offer_branch: str = ""
    """The branch of the request that the last offer belongs to."""
    last: dict[str, str] = attrs.field(factory=dict, repr=False)
    """The last body that went on from each party, by its tag: an offer or an answer."""
    is_offer_late: bool = False
    """Whether the last offer was in a response, so that an ACK or PRACK is to answer it."""
    described: dict[tuple[bool, str], DescribedInvite] = attrs.field(factory=dict, repr=False)
    """What the responses to an INVITE described, by whether it is the first INVITE, and by the tag."""
    forks: set[str] = attrs.field(factory=set)
    """The branches of the fork that go on."""
    calls: dict[str, Call] = attrs.field(factory=dict)
    """The `Call` of each key."""
    seen: float = 0.0
    """When the last message came."""

    def has_other_offer(self, branch: str) -> bool:
        """Return whether the last offer belongs to another request than that with this branch, as far as known."""
        return bool(branch) and self.offer_branch not in ("", branch)

    def end(self) -> None:
        """Remember that the call is over, and forget the rest but its branch."""
        self.is_ended, self.is_ending = True, False
        for each in (self.confirmed, self.forks, self.last, self.described, self.calls):
            each.clear()

    def description(self, asked: SipMessage, by: str | None) -> DescribedInvite | None:
        """Return what a party described in an earlier response to this INVITE, if it is known."""
        found = self.described.get((asked.begins, by or ""))
        return found if found is not None and found.branch == asked.branch else None


class RouterMemory:
    """The memories of calls, and the results of messages that may be resent."""

    def __init__(self) -> None:
        self._passes: OrderedDict[str, PassMemory] = OrderedDict()
        self._keys: dict[str, dict[str, None]] = {}
        self._results: OrderedDict[tuple[str, ...], tuple[float, str]] = OrderedDict()

    def of(self, key: str, call_id: str, *, branch: str | None = None) -> PassMemory:
        """Return the memory of a pass; it begins now if there was none, or if `branch`, its INVITE's, is given."""
        now = time.monotonic()
        found = self._passes.pop(key, None)
        if found is None or branch is not None:
            found = PassMemory(call_id=call_id, branch=branch or "")
        found.seen = now
        self._passes[key] = found
        self._keys.setdefault(call_id, {})[key] = None
        while (oldest := next(iter(self._passes))) and self._passes[oldest].seen < now - REMEMBERED:
            self._drop(oldest)
        return found

    def get(self, key: str) -> PassMemory | None:
        """Return the memory of a pass, if there is one."""
        return self._passes.get(key)

    def passes(self, call_id: str) -> list[str]:
        """Return the keys of the passes of a Call-ID, the first one first."""
        return list(self._keys.get(call_id, ()))

    def states(self, call_id: str) -> dict[str, str]:
        """Return the states of a Call-ID as far as they are remembered, by their keys."""
        calls = [call for root in self.passes(call_id) for call in self._passes[root].calls.items()]
        return {key: call.state for key, call in calls if call.phase != "deleted"}

    def result(self, message: SipMessage, request: SipMessage) -> str | None:
        """Return the body that went on for this message before, if it is one that was resent."""
        found = self._results.get(_identity(message, request))
        return None if found is None or found[0] < time.monotonic() - REPEATED else found[1]

    def keep_result(self, message: SipMessage, request: SipMessage, body: str) -> None:
        """Remember the body that went on for a message."""
        now = time.monotonic()
        if request.branch:
            self._results[_identity(message, request)] = now, body
        while self._results and next(iter(self._results.values()))[0] < now - REPEATED:
            self._results.popitem(last=False)

    def _drop(self, key: str) -> None:
        call_id = self._passes.pop(key).call_id
        del self._keys[call_id][key]
        if not self._keys[call_id]:
            del self._keys[call_id]

    def __len__(self) -> int:
        return len(self._passes)


def _identity(message: SipMessage, request: SipMessage) -> tuple[str, ...]:
    """Return what a resent message shares: transaction (RFC 3261, section 17.2.3), status, tags and body."""
    body = message.body if isinstance(message.body, bytes) else message.body.encode("utf-8", "surrogateescape")
    return (
        *(request.call_id, request.branch, request.method, request.from_tag, request.to_tag),
        *(str(message.status), message.to_tag, str(message.reliable)),
        hashlib.blake2b(body, digest_size=16).hexdigest(),
    )
