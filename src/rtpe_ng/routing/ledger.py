"""`CallLedger`: which call a message belongs to, and how that call is kept and ended.

The Call-ID does not say it alone. An INVITE may pass here twice under one Call-ID (a spiral), and may be forked, so
a call has *passes* and *branches*, each with a state of its own under a key of its own. A message without a To tag
finds its pass by the branch of its topmost Via. One within a dialogue finds it by the signed state in its Route, or
else by its tags.

The state of a call is read from the store before each message and written behind it, so the store is the only
truth; `RouterMemory` has what needs no store.
"""

import contextlib
import copy
import logging
from collections.abc import Mapping, MutableMapping

import anyio
import attrs

from ..call import DELETE_WITHIN, Call, CallState, negotiation_of
from ..controller import Controller
from ..errors import RtpeError, UntrustedState, UsageError, redact
from ..flags import Profile
from ..legs import Direction, Leg
from .memory import CallLocks, PassMemory, RouterMemory
from .message import SipMessage
from .seal import check_secret, seal, unseal
from .store import ENDED, MappingStore, StateStore, key_of, store_of

_log = logging.getLogger("rtpe_ng")

OPEN = ("offered", "early")
"""The phases in which an offer is unanswered."""
STORE_WITHIN = 5.0
"""How long writing a state may take at most where it is shielded from cancellation, in seconds."""


@attrs.frozen(kw_only=True)
class RoutedCall:
    """The call, pass or branch that a message belongs to."""

    key: str
    """Its key in the store."""
    root: str
    """The key of its pass: the same, unless it is a branch."""
    call: Call
    """The call as the store has it."""
    memory: PassMemory
    """What this process remembers of the pass."""

    @property
    def is_first_offer_open(self) -> bool:
        """Whether the INVITE that began the call has had no final answer."""
        return self.call.phase in ("new", *OPEN) and not negotiation_of(self.call).settled

    def is_between(self, message: SipMessage) -> bool:
        """Whether a message within a dialogue is of the dialogue of this call."""
        tags = (message.from_tag, message.to_tag)
        return self.call.from_tag in tags and self.call.to_tag in (None, *tags)

    def has_open_offer_of(self, request: SipMessage) -> bool:
        """Whether the body of this request is the offer that is open."""
        is_open = self.call.phase in OPEN and self.call.offerer == request.from_tag
        return bool(request.body) and is_open and not self.memory.has_other_offer(request.branch)


@attrs.frozen(kw_only=True)
class CallTerms:
    """What is the same for each call of a router: the settings of ``client.call`` that are no part of a state."""

    profile: Profile
    """Gives the flags of each message."""
    interfaces: Mapping[Leg, str] | tuple[str, str] | None
    """The names of the engine's logical interfaces."""
    delete_delay: int | None
    """For how many seconds the daemon keeps a deleted call."""
    strict: bool
    """Whether a reply that cannot be used raises."""


class CallLedger:
    """The calls of a router: in a store, and in the memory of this process."""

    def __init__(
        self,
        client: Controller,
        states: MutableMapping[str, str] | StateStore,
        terms: CallTerms,
        secret: bytes | None,
    ) -> None:
        if secret is not None:
            check_secret(secret)
        self._client = client
        self._store = store_of(states)
        self._terms = terms
        self._secret = secret
        self.locks: CallLocks = CallLocks()
        self.memory: RouterMemory = RouterMemory()

    def new(self, invite: SipMessage, direction: Direction, pass_id: str | None) -> Call:
        """Return the call that an INVITE begins."""
        return self._client.call(
            invite.call_id,
            from_tag=invite.from_tag,
            direction=direction,
            pass_id=pass_id,
            **attrs.asdict(self._terms, recurse=False),
        )

    def restore(self, state: str, *, within: tuple[str, str] | None = None) -> Call:
        """Return the call with this state."""
        return self._client.restore_call(state, within=within, **attrs.asdict(self._terms, recurse=False))

    def followed(self, found: RoutedCall, tag: str) -> RoutedCall:
        """Return the call behind another dialogue of its first INVITE; its next message is an offer."""
        return attrs.evolve(found, call=self.restore(str(CallState.parse(found.call.state).followed(tag))))

    async def find_to_end(self, message: SipMessage, fork: str | None = None) -> RoutedCall | None:
        """Return what a message that ends a call belongs to. If the store fails, this process's memory counts."""
        try:
            return await self.find(message, fork)
        except RtpeError:
            raise
        except Exception as error:  # noqa: BLE001 - a store raises what it likes
            _log_store_error(message.call_id, error)
        from_memory = copy.copy(self)
        from_memory._store = MappingStore(self.memory.states(message.call_id))
        return await from_memory.find(message, fork)

    async def pass_of(self, invite: SipMessage) -> tuple[str, str | None]:
        """Return the key and the `pass_id` of the pass that an INVITE is of, whether it has begun or not."""
        first, later = key_of(invite.call_id), key_of(invite.call_id, invite.branch)
        if invite.branch and await self._is_kept(later):
            return later, invite.branch
        if invite.branch and await self._is_kept(first):
            memory = self.memory.get(first)
            # Resent INVITEs come to the process that had the first one; what is not known here is another pass.
            if memory is None or memory.branch != invite.branch:
                return later, invite.branch
        return first, None

    async def find(self, message: SipMessage, fork: str | None = None) -> RoutedCall | None:
        """Return what a message belongs to; None if that is over, or never needed the engine."""
        if not message.begins:
            return await self._find_dialogue(message)
        first, later = key_of(message.call_id), key_of(message.call_id, message.branch)
        root = later if message.branch and await self._is_kept(later) else first
        memory = self.memory.get(root)
        is_known = memory is not None and not memory.is_ended and bool(memory.branch and message.branch)
        if memory is not None and is_known and root == first and memory.branch != message.branch:
            # The INVITE of a pass that is over.
            return None
        found = await self.load(key_of(root, via_branch=fork), root, message.call_id)
        if found is None or found.call.from_tag != message.from_tag:
            return None
        found.memory.branch = message.branch
        return found

    async def _find_dialogue(self, message: SipMessage) -> RoutedCall | None:
        if not message.to_tag:
            return None
        if message.route and self._secret is not None:
            return await self._find_routed(message, unseal(message.route, secret=self._secret))
        candidates = []
        for root in self.roots(message.call_id):
            memory = self.memory.get(root)
            forks = sorted(memory.forks) if memory is not None else []
            # A call that is forked has its dialogues in its branches.
            keys = [key_of(root, via_branch=fork) for fork in forks] or [root]
            all_found = [await self.load(key, root, message.call_id) for key in keys]
            known = [each for each in all_found if each is not None]
            if ending := [each for each in known if each.memory.is_ending]:
                return ending[0]
            matching = [each for each in known if each.is_between(message)]
            # A branch whose To tag is not known yet may have any.
            exact = [each for each in matching if each.call.to_tag in (message.from_tag, message.to_tag)]
            candidates += exact[:1] or matching[:1]
        if len(candidates) > 1 and message.body:
            raise UsageError(
                f"{message.method} of call {message.call_id!r}: its INVITE passed here {len(candidates)} times, "
                "and nothing says which pass this is of: give the router a secret, put its parameter into your "
                "Record-Route, and give it back as SipMessage.route"
            )
        # A BYE comes once for each pass, so each may end any of them.
        return candidates[0] if candidates else None

    async def _find_routed(self, message: SipMessage, state: str) -> RoutedCall | None:
        parsed = CallState.parse(state)
        if parsed.call_id != message.call_id:
            raise UntrustedState("the route parameter is of another call")
        root = key_of(parsed.call_id, parsed.pass_id)
        key = key_of(root, via_branch=parsed.via_branch)
        found = await self.load(key, root, message.call_id)
        if found is None:
            memory = self.memory.get(root)
            if (memory is not None and memory.is_ended) or await self._store.get(key) == ENDED:
                return None
            with contextlib.suppress(UsageError):
                call = self.restore(state, within=(message.from_tag, message.to_tag))
                found = RoutedCall(key=key, root=root, call=call, memory=self.memory.of(root, message.call_id))
                found.memory.confirmed.add(key)
        if found is not None and (found.memory.is_ending or found.is_between(message)):
            return found
        return None

    def roots(self, call_id: str) -> list[str]:
        """Return the keys of the passes of a Call-ID that may go on."""
        return list(dict.fromkeys([key_of(call_id), *self.memory.passes(call_id)]))

    async def _is_kept(self, key: str) -> bool:
        return await self._store.get(key) not in (None, ENDED)

    async def load(self, key: str, root: str, call_id: str) -> RoutedCall | None:
        """Return the call with this key, of the pass with the key `root`; None if it is over or not known."""
        state = await self._store.get(key)
        memory = self.memory.get(root)
        if state is None or state == ENDED:
            if memory is not None and memory.calls.pop(key, None) is not None and key == root:
                # Another process has ended it.
                memory.end()
            return None
        memory = self.memory.of(root, call_id)
        call = memory.calls.get(key)
        if call is None or call.phase == "deleted" or call.state != state:
            # Another process has moved it on: what is remembered of its last offer is of an earlier one.
            memory.offer_branch, memory.is_offer_late = "", False
            memory.last.clear()
            call = self.restore(state)
            has_begun_again = memory.confirmed and not negotiation_of(call).settled
            if memory.is_ended or has_begun_again:
                memory = self.memory.of(root, call_id, branch="")
            memory.calls[key] = call
        return RoutedCall(key=key, root=root, call=call, memory=memory)

    def route(self, found: RoutedCall) -> str | None:
        """Return the Record-Route parameter of an INVITE; None without a secret."""
        return None if self._secret is None else seal(found.call.state, secret=self._secret)

    async def end_again(self, root: str, call_id: str) -> None:
        """End a call whose end failed. If it fails once more, that is raised: no call can begin either."""
        found = await self.load(root, root, call_id)
        if found is not None:
            await found.call.delete()
            await self.forget(found)

    async def keep(self, found: RoutedCall) -> None:
        """Write the state of a call, even if the message is cancelled: the engine has moved on already."""
        with anyio.move_on_after(STORE_WITHIN, shield=True) as scope:
            await self._store.set(found.key, found.call.state)
        if scope.cancelled_caught:
            _log.warning("the state of call %r was not written within %g s", found.call.call_id, STORE_WITHIN)
        found.memory.calls[found.key] = found.call

    async def end(self, found: RoutedCall, *, is_branch: bool = False) -> None:
        """Delete a call, or a branch while others go on; if that fails, the next message tries again."""
        others = {fork for fork in found.memory.forks if key_of(found.root, via_branch=fork) != found.key}
        is_branch = is_branch and found.key != found.root and bool(others)
        call = found.call
        if not is_branch and call.via_branch is not None:
            call = self.restore(str(attrs.evolve(CallState.parse(call.state), via_branch=None)))
        elif call.phase == "new":
            # Another process may have sent an offer that was taken back; this one would send nothing.
            call = self.restore(call.state)
        if await self.delete(call):
            try:
                await self.forget(found, is_branch=is_branch)
            except Exception as error:  # noqa: BLE001 - a store raises what it likes
                _log_store_error(call.call_id, error)
                if not is_branch:
                    # The store still has it, so the next message ends it once more.
                    found.memory.is_ended, found.memory.is_ending = False, True
        elif not is_branch:
            found.memory.is_ending = True

    async def delete(self, call: Call) -> bool:
        """Delete at the engine, shielded from cancellation and bounded in time; return whether it is gone there."""
        with anyio.move_on_after(DELETE_WITHIN, shield=True):
            try:
                await call.delete()
            except RtpeError as failure:
                _log.warning("call %r was not deleted: %s", call.call_id, failure)
        return call.phase == "deleted"

    async def forget(self, found: RoutedCall, *, is_branch: bool = False) -> None:
        """Remove the state of a call, or of a branch."""
        memory = found.memory
        keys = {found.key} if is_branch else {found.key, found.root}
        if not is_branch:
            keys |= {key_of(found.root, via_branch=fork) for fork in memory.forks}
            memory.end()
        memory.forks -= {fork for fork in memory.forks if key_of(found.root, via_branch=fork) in keys}
        for key in keys:
            memory.calls.pop(key, None)
        with anyio.move_on_after(STORE_WITHIN, shield=True) as scope:
            for key in sorted(keys):
                await self._store.delete(key)
        if scope.cancelled_caught:
            _log.warning("the state of call %r was not removed within %g s", memory.call_id, STORE_WITHIN)


def _log_store_error(call_id: str, error: Exception) -> None:
    _log.warning("the store failed while call %r ended: %s: %s", call_id, type(error).__name__, redact(str(error)))
