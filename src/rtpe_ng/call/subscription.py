"""`Subscription`: a listener to other parties' media, as long as its block lasts."""

from ..flags import Flags
from ..messages import Done, SubscribeAnswer, SubscribeReply, SubscribeRequest
from ..sender import Sender


class Subscription:
    """A listener to other parties' media, within the block of ``client.subscription(...)``.

    Give the listener the offer `sdp`, and pass its answer to ``await subscription.answer(...)``. If your program is
    the listener, `rtpe_ng.sdp.answer` makes that answer.
    """

    def __init__(self, sender: Sender, request: SubscribeRequest, reply: SubscribeReply) -> None:
        self._sender = sender
        self._call_id = request.call_id
        self._reply = reply

    @property
    def call_id(self) -> str:
        """The SIP Call-ID."""
        return self._call_id

    @property
    def reply(self) -> SubscribeReply:
        """The reply to the request."""
        return self._reply

    @property
    def sdp(self) -> str:
        """The offer for the listener."""
        return self.reply.sdp

    @property
    def to_tag(self) -> str:
        """The listener's tag."""
        return self.reply.to_tag

    @property
    def from_tags(self) -> tuple[str, ...]:
        """The tags of the parties that are listened to, one for each media section."""
        return self.reply.from_tags

    async def answer(
        self,
        sdp: str | bytes,
        *,
        allow_transcoding: bool = False,
        bidirectional: bool = False,
        flags: Flags | None = None,
    ) -> Done:
        """Give the listener's answer: from now on the media flows. The arguments are as for `subscribe_answer`."""
        return await self._sender.send(
            SubscribeAnswer(
                sdp=sdp,
                call_id=self.call_id,
                to_tag=self.to_tag,
                allow_transcoding=allow_transcoding,
                bidirectional=bidirectional,
                flags=flags,
            )
        )

    def __repr__(self) -> str:
        return f"<Subscription of {self.to_tag!r} to {list(self.from_tags)} in call {self.call_id!r}>"
