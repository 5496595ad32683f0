"""`Engine`: one method for each ng command, over one way to send it."""

from __future__ import annotations

import abc
import logging
from collections.abc import Mapping
from typing import Any, TypeVar

from .call import Call, Terms
from .errors import UsageError, redact
from .flags import Flags, Profile, profiles
from .legs import Direction, Leg
from .messages import (
    Answer,
    Command,
    Delete,
    DeleteReply,
    List,
    ListReply,
    Offer,
    Ping,
    Pong,
    Query,
    QueryReply,
    Raw,
    Reply,
    SdpReply,
    Statistics,
    StatisticsReply,
)
from .protocol import Memory
from .wire import Document

__all__ = ["Engine"]

_R = TypeVar("_R", bound=Reply)
_log = logging.getLogger("rtpe_ng")


class Engine(abc.ABC):
    """Something that executes ng commands: one daemon, or several that look like one.

    The methods raise `RequestTimeout` when no reply came, `TransportError` when the engine cannot be reached,
    `EngineError` when it refused, `LoadLimit` when it is full, `WireError` when its reply made no sense, and
    `UsageError` for what is wrong already before it is sent.
    """

    @abc.abstractmethod
    async def exchange(self, command: Command[Any]) -> tuple[Document, float]:
        """Send a command; return the reply as plain values, whatever its result, and its seconds."""

    async def send(self, command: Command[_R]) -> _R:
        """Send a typed command and return its typed reply; a ``warning`` in it is logged."""
        document, seconds = await self.exchange(command)
        command.check(document)
        reply = command.read(document, seconds)
        if warning := reply.warning:
            _log.warning("%r of call %r: the engine warns: %s", command.name, command.call_id, redact(warning))
        return reply

    async def request(self, document: Mapping[str, Any]) -> Document:
        """Send any request as plain values and return the reply as plain values, whatever its ``result``.

        Keys and strings are `str`; bytes that are not UTF-8 stand as surrogates (surrogateescape).
        """
        reply, _ = await self.exchange(Raw(document=document))
        return reply

    async def ping(self) -> Pong:
        """Ask whether the engine is alive (ng document, "`ping` Message")."""
        return await self.send(Ping())

    async def offer(
        self,
        *,
        sdp: str | bytes,
        call_id: str,
        from_tag: str,
        to_tag: str | None = None,
        via_branch: str | None = None,
        received_from: str | None = None,
        flags: Flags | None = None,
    ) -> SdpReply:
        """Send an SDP offer through the engine (ng document, "`offer` Message").

        `from_tag` is the tag of the party that offers, `to_tag` that of the other once it is known,
        `via_branch` the branch of a forked call, `received_from` the address that the SIP message came from.
        `sdp` of the reply is the body to send on.
        """
        return await self.send(
            Offer(
                sdp=sdp,
                call_id=call_id,
                from_tag=from_tag,
                to_tag=to_tag,
                via_branch=via_branch,
                received_from=received_from,
                flags=flags or Flags(),
            )
        )

    async def answer(
        self,
        *,
        sdp: str | bytes,
        call_id: str,
        from_tag: str,
        to_tag: str,
        via_branch: str | None = None,
        received_from: str | None = None,
        flags: Flags | None = None,
    ) -> SdpReply:
        """Send an SDP answer through the engine (ng document, "`answer` Message").

        `from_tag` is the tag of the party that had offered, `to_tag` that of the party that answers; the rest
        is as for `offer`.
        """
        return await self.send(
            Answer(
                sdp=sdp,
                call_id=call_id,
                from_tag=from_tag,
                to_tag=to_tag,
                via_branch=via_branch,
                received_from=received_from,
                flags=flags or Flags(),
            )
        )

    async def delete(
        self,
        *,
        call_id: str,
        from_tag: str | None = None,
        to_tag: str | None = None,
        via_branch: str | None = None,
        delete_delay: int | None = None,
        fatal: bool = False,
    ) -> DeleteReply:
        """End a call, or one dialogue or branch of it (ng document, "`delete` Message").

        `delete_delay` is for how many seconds the engine keeps it: 0 ends it now, None leaves it to the
        engine, which means 30 seconds as a rule. An unknown call is a warning in the reply; with `fatal` it
        is an error.
        """
        return await self.send(
            Delete(
                call_id=call_id,
                from_tag=from_tag,
                to_tag=to_tag,
                via_branch=via_branch,
                delete_delay=delete_delay,
                fatal=fatal,
            )
        )

    async def query(self, *, call_id: str, from_tag: str | None = None, to_tag: str | None = None) -> QueryReply:
        """Ask what the engine knows of a call, or of one or two participants (ng document, "`query` Message")."""
        return await self.send(Query(call_id=call_id, from_tag=from_tag, to_tag=to_tag))

    async def list(self, *, limit: int | None = None) -> ListReply:
        """Ask which calls run: at most `limit` of them, else 32 (ng document, "`list` Message")."""
        return await self.send(List(limit=limit))

    async def statistics(self) -> StatisticsReply:
        """Ask for the engine's own figures (ng document, "`statistics` Message")."""
        return await self.send(Statistics())

    def call(
        self,
        call_id: str,
        *,
        from_tag: str,
        direction: Direction,
        profile: Profile = profiles.MODERN,
        interfaces: Mapping[Leg, str] | None = None,
        delete_delay: int | None = None,
        strict: bool = False,
    ) -> Call:
        """Return a `Call`, which knows who offered last and which flags its legs take. Nothing is sent yet.

        `from_tag` is the caller's tag; `interfaces` names the engine's logical interface of each leg, such as
        ``{Leg.WEB: "pub", Leg.SIP: "priv"}``; `delete_delay` is as for `delete`. Where the SDP that comes back
        lacks what the flags asked for, a warning is logged; with `strict`, `FlagsIgnored` is raised. Raises
        `UsageError` for what is missing or of the wrong kind.
        """
        terms = Terms(
            call_id=call_id,
            from_tag=from_tag,
            direction=direction,
            profile=profile,
            interfaces=dict(interfaces or {}),
            delete_delay=delete_delay,
            strict=strict,
        )
        return Call(self, terms)

    def restore_call(
        self,
        state: str,
        *,
        within: tuple[str, str] | None = None,
        profile: Profile | None = None,
        interfaces: Mapping[Leg, str] | None = None,
        delete_delay: int | None = None,
        strict: bool = False,
    ) -> Call:
        """Return the `Call` whose `state` this was, in this process or another. Nothing is sent.

        `within` is for a state that was taken before the dialogue was established, as one in a Record-Route always
        is, when a request within the dialogue brings it back: the two tags of that request, From and To, in either
        order. The offer that was open has been answered by then, and the other party is known. Without it, the call
        is just as it was.

        `profile` may be left out where it was one of `profiles`; everything else that is no fact of the call, such
        as `interfaces`, is given anew, as for `call`. The side that lets go calls ``call.detach()``, so that
        leaving its block deletes nothing. A state that has been in other hands, as one in a Record-Route has, may
        have been changed: what does not read as a state is refused, but sign what you do not trust. Raises
        `UsageError`.
        """
        memory = Memory.parse(state)
        if within is not None:
            memory = memory.established(within)
        if profile is None:
            profile = next((it for it in (profiles.MODERN, profiles.ARTICLE) if it.name == memory.profile), None)
            if profile is None:
                raise UsageError(f"the call has the profile {memory.profile!r}, which is your own: give profile=")
        terms = Terms(
            call_id=memory.call_id,
            from_tag=memory.negotiation.caller,
            direction=memory.direction,
            profile=profile,
            interfaces=dict(interfaces or {}),
            delete_delay=delete_delay,
            strict=strict,
            via_branch=memory.via_branch,
        )
        return Call(self, terms, memory=memory)
