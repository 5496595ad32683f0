"""A command without what it needs, or with what it does not take."""

from rtpe_ng import Participant
from rtpe_ng.messages import (
    Answer,
    Cli,
    Create,
    CreateMedia,
    Delete,
    Mesh,
    Offer,
    Payload,
    PlayDtmf,
    PlayMedia,
    Publish,
    Query,
    StartRecording,
    StopMedia,
    SubscribeAnswer,
    Transform,
    TransformMedia,
)

Delete()  # E: call-arg, reportCallIssue
Query()  # E: call-arg, reportCallIssue
PlayMedia()  # E: call-arg, reportCallIssue
Offer(sdp="v=0")  # E: call-arg, reportCallIssue
StopMedia(call_id="c")  # E: call-arg, reportCallIssue
SubscribeAnswer(sdp="v=0", call_id="c")  # E: call-arg, reportCallIssue
Payload(codec="PCMU")  # E: call-arg, reportCallIssue
TransformMedia(address="192.0.2.1")  # E: call-arg, reportCallIssue
Transform()  # E: call-arg, reportCallIssue
Mesh()  # E: call-arg, reportCallIssue
Cli()  # E: call-arg, reportCallIssue
Offer(call_id="c", from_tag="a")  # E: call-arg, reportCallIssue
Publish(call_id="c", from_tag="a")  # E: call-arg, reportCallIssue
Answer(sdp="x", call_id="c", from_tag="a")  # E: call-arg, reportCallIssue
PlayMedia(call_id="c", file="hello.wav")  # E: call-arg, reportCallIssue
PlayDtmf(call_id="c", participant=Participant.tag("a"))  # E: call-arg, reportCallIssue
StartRecording()  # E: call-arg, reportCallIssue
CreateMedia()  # E: call-arg, reportCallIssue

Query("c")  # E: call-arg, reportCallIssue
Query(callid="c")  # E: call-arg, reportCallIssue
Query(call_id=5)  # E: arg-type, reportArgumentType
Offer(sdp=5, call_id="c", from_tag="a")  # E: arg-type, reportArgumentType
Delete(call_id="c", delete_delay="5")  # E: arg-type, reportArgumentType
Create(medias=["audio"])  # E: list-item, reportArgumentType
Query(call_id="c").call_id = "d"  # E: misc, reportAttributeAccessIssue
