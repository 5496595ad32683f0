"""A value of SDP without what it needs, or a helper without its arguments."""

from rtpe_ng import sdp

sdp.Rtcp()  # E: call-arg, reportCallIssue
sdp.Candidate(  # E: call-arg, reportCallIssue
    foundation="1", component=1, transport="udp", priority=1, address="192.0.2.1", type="host"
)
sdp.Rtcp(port="5001")  # E: arg-type, reportArgumentType
sdp.Fingerprint()  # E: call-arg, reportCallIssue
sdp.Origin()  # E: call-arg, reportCallIssue
sdp.set_profile("v=0")  # E: call-arg, reportCallIssue
sdp.remove_ice("v=0", medium=0)  # E: call-arg, reportCallIssue
sdp.parse(5)  # E: arg-type, reportArgumentType
sdp.parse("v=0").media[0].port = 5  # E: misc, reportAttributeAccessIssue
