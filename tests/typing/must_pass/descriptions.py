# pyright: strict
"""SDP: a helper gives back what it takes, and what a description says has its type."""

from typing import Literal, assert_type

from rtpe_ng import sdp
from rtpe_ng.sdp import Media, Session


def rewrite(text: str, octets: bytes, session: Session) -> None:
    assert_type(sdp.remove_ice(text), str)
    assert_type(sdp.remove_ice(octets), bytes)
    assert_type(sdp.remove_ice(session), Session)
    assert_type(sdp.set_profile(text, "RTP/AVP", media=0), str)
    assert_type(session.pipe(sdp.set_rtcp_mux, "demux").pipe(sdp.set_profile, "RTP/AVP"), Session)
    assert_type(sdp.keep_codecs(text, ["PCMU", "opus/48000/2"]), str)
    assert_type(sdp.set_connection(octets, "203.0.113.9"), bytes)
    assert_type(sdp.web_problems(text), tuple[sdp.SdpProblem, ...])
    assert_type(sdp.answer(text, address="203.0.113.9", port=[5000, 0], codecs=["PCMU"]), str)
    assert_type(sdp.answer(octets, reject=True), bytes)
    assert_type(session.pipe(sdp.answer, reject=["video"], ice=sdp.IceCredentials.generate()), Session)
    assert_type(sdp.offer(added_to=session, port=5002, crypto=sdp.Crypto.generate()), str)


def read(body: str | bytes) -> None:
    session = sdp.parse(body)
    assert_type(session, Session)
    assert_type(session.media, tuple[Media, ...])
    media = session.media[0]
    assert_type(media.port, int)
    assert_type(media.direction, Literal["sendrecv", "sendonly", "recvonly", "inactive"])
    assert_type(media.codecs, tuple[sdp.RtpCodec, ...])
    assert_type(media.candidates[0].port, int)
    if origin := session.origin:
        assert_type(origin.session_id, str)


host = sdp.Candidate(
    foundation="1",
    component=1,
    transport="udp",
    priority=2130706431,
    address="203.0.113.9",
    port=5000,
    type="host",
)
assert_type(host.related_port, int | None)
assert_type(sdp.Rtcp(port=5001).port, int)
