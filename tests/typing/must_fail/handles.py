"""A party or a call with what it does not take, or without what it needs."""

from rtpe_ng import Call, Participant


async def steer(call: Call) -> None:
    bob = call.party("b")
    await bob.play_media(fil="hello.wav")  # E: call-arg, reportCallIssue
    await bob.play_media(participant=Participant.ALL, file="x.wav")  # E: call-arg, reportCallIssue
    await bob.stop_media(call_id="c")  # E: call-arg, reportCallIssue
    await bob.play_dtmf()  # E: call-arg, reportCallIssue
    await bob.block_media(toward="a")  # E: arg-type, reportArgumentType
    await bob.start_recording()  # E: attr-defined, reportAttributeAccessIssue
    await call.block_media(toward=Participant.tag("a"))  # E: call-arg, reportCallIssue
    await call.play_dtmf(code=5)  # E: attr-defined, reportAttributeAccessIssue
