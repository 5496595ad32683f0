"""What the handles of a call have in common: `Call` itself and each `Party` send the commands of one call.

A call and its parties have two names each: that of SIP, by which a program knows them, and that of the daemon,
which goes into commands. `CallNames` is the one place where each becomes the other.
"""

import abc
import functools
import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import attrs

from ..errors import UsageError
from ..keys import nearest
from ..messages import (
    Command,
    Paired,
    Participant,
    QueryReply,
    Reply,
    SubscribeReply,
    SubscribeRequest,
)
from ..messages.replies.query import names_of
from ..sender import Sender, holding
from .subscription import Subscription

_R = TypeVar("_R", bound=Reply)
_Class = TypeVar("_Class", bound=type)


@attrs.frozen(kw_only=True)
class CallNames:
    """The daemon's names of a call and of its parties."""

    call_id: str
    """The Call-ID toward the daemon."""
    tags: Mapping[str, str]
    """The tag of each party toward the daemon, by its SIP tag."""

    def tag(self, sip_tag: object) -> str:
        """Return the daemon's tag of a party. Raises `UsageError` for one that the call does not know."""
        if isinstance(sip_tag, str) and sip_tag in self.tags:
            return self.tags[sip_tag]
        known = " and ".join(map(repr, self.tags))
        raise UsageError(f"{sip_tag!r} is no party of the call; it knows {known}, by their SIP tags")

    def participant(self, participant: Participant | None) -> Participant | None:
        """Return the same participant by the daemon's tag, if it is a party of the call."""
        if participant is None or participant.by != "tag" or participant.values[0] not in self.tags:
            return participant
        return Participant.tag(self.tags[participant.values[0]])

    @property
    def _sip_tags(self) -> dict[str, str]:
        return {ng: tag for tag, ng in self.tags.items()}

    def told(self, reply: _R) -> _R:
        """Return a reply with SIP tags where it has tags of parties by which they are found."""
        if isinstance(reply, QueryReply):
            has_others = any(tag != ng for tag, ng in self.tags.items())
            return attrs.evolve(reply, sip_tags=self._sip_tags) if has_others else reply
        if isinstance(reply, SubscribeReply):
            sip = self._sip_tags
            names = names_of((*reply.from_tags, *reply.tag_medias), sip)
            medias = {
                names[tag]: tuple(attrs.evolve(media, tag=names[tag]) for media in medias)
                for tag, medias in reply.tag_medias.items()
            }
            from_tags = tuple(names[tag] for tag in reply.from_tags)
            return attrs.evolve(reply, from_tags=from_tags, tag_medias=medias)
        return reply


class Handle(abc.ABC):
    """What sends commands for one call."""

    _sender: Sender

    @abc.abstractmethod
    def _names(self) -> CallNames:
        """Return the names of the call toward the daemon, as they are now."""

    @property
    def _ng_call_id(self) -> str:
        return self._names().call_id

    @abc.abstractmethod
    def _before(self, command: Command[Reply]) -> None:
        """Take note of a command that is to be sent. Raises `UsageError` if the call was deleted."""

    async def _send(self, command: Command[_R]) -> _R:
        self._before(command)
        names = self._names()
        return names.told(await self._sender.send(command))

    def _hold(self, begin: Paired[_R]) -> AbstractAsyncContextManager[_R]:
        self._before(begin)
        return holding(self._sender, begin)

    def _listen(self, begin: SubscribeRequest) -> AbstractAsyncContextManager[Subscription]:
        self._before(begin)
        names = self._names()
        return holding(
            self._sender, begin, lambda sender, request, reply: Subscription(sender, request, names.told(reply))
        )


def naming_cures(cls: _Class) -> _Class:
    """Let each method refuse a misspelt or missing parameter with a `UsageError` that knows a better one."""
    for name, method in [*vars(cls).items()]:
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(cls, name, _naming_cures(method))
    return cls


def _naming_cures(method: Callable[..., Any]) -> Callable[..., Any]:
    parameters = [each for each in inspect.signature(method).parameters.values() if each.name != "self"]

    def begun(args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        try:
            return method(*args, **options)
        except TypeError:
            # Only now, because names are right nearly always.
            why = misnamed(args, options)
            if not why:
                raise
        raise UsageError(f"{method.__name__}: {why}")

    def misnamed(args: tuple[Any, ...], options: Mapping[str, Any]) -> str:
        known = [each.name for each in parameters]
        if len(args) > 1:
            return f"it takes its parameters by name: {method.__name__}({known[0]}=..., ...)"
        for name in options:
            if name not in known:
                return f"{name!r} is no parameter; {nearest(name, known)}"
        needed = [each.name for each in parameters if each.default is each.empty]
        missing = [f"{name}=..." for name in needed if name not in options]
        return f"{' and '.join(missing)} must be given" if missing else ""

    if not inspect.iscoroutinefunction(method):
        return functools.wraps(method)(lambda *args, **options: begun(args, options))

    @functools.wraps(method)
    async def sent(*args: Any, **options: Any) -> Any:
        return await begun(args, options)

    return sent
