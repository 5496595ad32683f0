"""`Party`: one party of a call, to which something is played, whose media is blocked, which is listened to."""

from collections.abc import Callable

from ..messages import Command, Participant, Query, QueryReply, Reply
from ..sender import Sender
from .handle import CallNames
from .party_methods import PartyMethods


class Party(PartyMethods):
    """One party of a call, by its SIP tag: ``call.party("bob")``.

    It has each command that is about one party, without the Call-ID and the participant, and each pair of them as a
    context manager: ``async with bob.playing(file="hold.wav"): ...``. The daemon records calls and not parties, so
    recording is a matter of the `Call`. The methods raise what those of a `Client` do, and `UsageError` where the
    call has no such party any more, or was deleted.
    """

    def __init__(
        self,
        sender: Sender,
        tag: str,
        names: Callable[[], CallNames],
        before: Callable[[Command[Reply]], None],
    ) -> None:
        self._sender = sender
        self._tag = tag
        self._names_now = names
        self._before_call = before
        # An unknown tag is refused here, where it is written, and not by the first command.
        names().tag(tag)

    @property
    def tag(self) -> str:
        """The SIP tag of the party."""
        return self._tag

    async def query(self) -> QueryReply:
        """Return what the daemon knows of this party and of those that it hears."""
        names = self._names()
        return await self._send(Query(call_id=names.call_id, from_tag=names.tag(self.tag)))

    def _names(self) -> CallNames:
        return self._names_now()

    def _before(self, command: Command[Reply]) -> None:
        self._before_call(command)

    @property
    def _participant(self) -> Participant:
        return Participant.tag(self._names().tag(self.tag))

    def __repr__(self) -> str:
        return f"<Party {self.tag!r} of call {self._ng_call_id!r}>"
