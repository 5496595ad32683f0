"""A method of the client without what its command needs, or with what it does not take."""

from rtpe_ng import Client, Direction, Flags, Participant


async def commands(client: Client) -> None:
    await client.delete()  # E: call-arg, reportCallIssue
    await client.query()  # E: call-arg, reportCallIssue
    await client.offer(sdp="x")  # E: call-arg, reportCallIssue
    await client.answer(sdp="x", call_id="c", from_tag="a")  # E: call-arg, reportCallIssue
    await client.play_media(call_id="c", file="hello.wav")  # E: call-arg, reportCallIssue
    await client.offer(sdp="x", call_id="c", from_tag="a", icee="force")  # E: call-arg, reportCallIssue
    await client.delete(call_id="c", flags={"ICE": "force"})  # E: arg-type, reportArgumentType
    await client.play_dtmf(call_id="c", participant="a", code="5")  # E: arg-type, reportArgumentType
    (await client.ping()).sdp  # E: attr-defined, reportAttributeAccessIssue
    client.playing(call_id="c", participant=Participant.tag("a"), fil="x")  # E: call-arg, reportCallIssue


async def calls(client: Client) -> None:
    client.call("c", direction=Direction.WEB_TO_SIP)  # E: call-arg, reportCallIssue
    client.call("c", from_tag="a", direction="web-sip")  # E: arg-type, reportArgumentType
    call = client.call("c", from_tag="a", direction=Direction.WEB_TO_SIP)
    await call.offer("x", flags=Flags(), by_tag="b")  # E: call-arg, reportCallIssue
    await call.offer()  # E: call-arg, reportCallIssue


Client()  # E: call-arg, reportCallIssue
Client("udp://127.0.0.1:2223", timeout="3")  # E: arg-type, reportArgumentType
