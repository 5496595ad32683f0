"""A command without what it needs, or with what it does not take."""

from rtpe_ng.messages import (
    Create,
    Delete,
    Offer,
    Publish,
    Query,
)

Offer(call_id="c", from_tag="a")  # E: call-arg, reportCallIssue
Publish(call_id="c", from_tag="a")  # E: call-arg, reportCallIssue

Query("c")  # E: call-arg, reportCallIssue
Query(callid="c")  # E: call-arg, reportCallIssue
Query(call_id=5)  # E: arg-type, reportArgumentType
Offer(sdp=5, call_id="c", from_tag="a")  # E: arg-type, reportArgumentType
Delete(call_id="c", delete_delay="5")  # E: arg-type, reportArgumentType
Create(medias=["audio"])  # E: list-item, reportArgumentType
Query(call_id="c").call_id = "d"  # E: misc, reportAttributeAccessIssue
