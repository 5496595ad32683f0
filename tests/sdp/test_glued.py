"""Bodies that hold more than one session: what each line is read as, and what each helper changes.

RTPEngine begins another session at each ``v=``: the sections below it have that session's address and attributes.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Leg, SdpError, UsageError, sdp
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import bodies
from tests.support.examples import examples as examples_of
from tests.support.sdp_helpers import HELPERS, Helper

ONE = (
    "v=0\r\no=a 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
    "a=ice-ufrag:aaaa\r\nm=audio 40000 RTP/AVP 0\r\na=mid:0\r\n"
)
OTHER = (
    ONE.replace("198.51.100.1", "10.0.0.2")
    .replace("40000", "40100")
    .replace("aaaa", "bbbb")
    .replace("0\r\na=m", "8\r\na=m")
)
BOTH = ONE + OTHER
few = examples_of(8)


def test_each_section_has_what_its_own_session_says() -> None:
    session = sdp.parse(BOTH)
    assert [(it.port, it.connection and it.connection.address, it.ice_ufrag) for it in session.media] == [
        (40000, "198.51.100.1", "aaaa"),
        (40100, "10.0.0.2", "bbbb"),
    ]
    assert [it.mid for it in session.media] == ["0", "0"]
    assert session.origin is not None
    assert session.origin.address == "198.51.100.1"
    assert len(session.timings) == len(session.groups) == 1
    assert str(session) == BOTH
    assert sdp.private_addresses(BOTH) == ("10.0.0.2",)


def test_a_session_without_sections_says_nothing_for_those_of_the_next() -> None:
    head = ONE[: ONE.index("m=")]
    session = sdp.parse(head + OTHER)
    assert session.connection is not None
    assert session.connection.address == "198.51.100.1"
    (media,) = session.media
    assert media.connection is not None
    assert (media.connection.address, media.ice_ufrag) == ("10.0.0.2", "bbbb")
    assert sdp.set_session_version(head + OTHER, 7).count("1 7 IN") == 2


def test_an_address_is_set_in_the_session_that_is_meant() -> None:
    first, second = (
        sdp.set_connection(BOTH, "203.0.113.9", media=0),
        sdp.set_connection(BOTH, "203.0.113.9", media=1),
    )
    assert first == ONE.replace("RTP/AVP 0\r\n", "RTP/AVP 0\r\nc=IN IP4 203.0.113.9\r\n") + OTHER
    assert second == ONE + OTHER.replace("RTP/AVP 8\r\n", "RTP/AVP 8\r\nc=IN IP4 203.0.113.9\r\n")
    assert sdp.set_connection(BOTH, "203.0.113.9").count("c=IN IP4 203.0.113.9\r\n") == 2


def test_what_is_for_the_end_of_a_section_goes_there_and_not_into_the_next_session() -> None:
    assert sdp.set_direction(BOTH, "inactive", media=0) == ONE + "a=inactive\r\n" + OTHER
    assert sdp.hold(BOTH) == ONE + "a=sendonly\r\n" + OTHER + "a=sendonly\r\n"
    assert sdp.remove_ice(BOTH, media=1) == ONE + OTHER.replace("a=ice-ufrag:bbbb\r\n", "")


def test_a_rejected_section_leaves_the_bundle_of_its_session() -> None:
    rejected = sdp.reject_media(BOTH, media=1)
    assert rejected.startswith(ONE)
    assert rejected.count("a=group:BUNDLE") == 1


def test_mids_are_given_once_in_the_whole_body_and_bundles_in_each_session() -> None:
    bare = BOTH.replace("a=mid:0\r\n", "").replace("a=group:BUNDLE 0\r\n", "")
    named = sdp.set_mids(bare)
    assert [it.mid for it in sdp.parse(named).media] == ["0", "1"]
    assert sdp.set_bundle(named).count("a=group:BUNDLE 0\r\n") == sdp.set_bundle(named).count("BUNDLE 1\r\n") == 1
    assert sdp.set_bundle(named, ["1"]).count("a=group:BUNDLE") == 1


def test_an_error_names_the_session() -> None:
    with pytest.raises(UsageError, match="session 1 of the body: audio 0: it has no fingerprint"):
        sdp.set_profile(BOTH, "UDP/TLS/RTP/SAVPF", media=1)
    with pytest.raises(UsageError, match="there is no media section 2; the body has 2"):
        sdp.hold(BOTH, media=2)


def test_there_may_be_many_but_not_any_number() -> None:
    with pytest.raises(SdpError, match="line 1001: 1001 sessions; at most 1000 are read"):
        sdp.parse("v=0\r\n" * 1001)


@pytest.mark.parametrize("helper", HELPERS, ids=lambda it: it.name)
@few
@given(one=bodies(sections=1), other=bodies())
def test_a_helper_changes_each_session_as_it_would_alone(helper: Helper, one: str, other: str) -> None:
    # What ends a body ends it for good, so nothing may stand behind the first one.
    session = sdp.parse(one)
    one = str(sdp.Session(lines=session.lines, media=session.media))
    one = one if one.endswith("\n") else one + "\n"
    # Mids are given to all sections of a body at once.
    if helper.name.startswith("set_mids"):
        return
    try:
        alone = str(helper.call(one)) + str(helper.call(other))
    except UsageError as error:
        if "no codec would be left" not in str(error):
            raise
        return
    assert helper.call(one + other) == alone
    assert helper.call(alone) == alone
    assert str(sdp.parse(one + other)) == one + other


@given(st.lists(st.sampled_from([ONE, OTHER, examples.offer(Leg.WEB), "v=0\r\n"]), min_size=1, max_size=5))
def test_the_sections_are_those_of_each_body_alone(parts: list[str]) -> None:
    together = sdp.parse("".join(parts)).media
    alone = [media for part in parts for media in sdp.parse(part).media]
    for media, expected in zip(together, alone, strict=True):
        assert media.own == expected.lines
        assert media.above.lines == expected.above.lines
        assert media.connection == expected.connection
        assert media.candidates == expected.candidates
        assert media.fingerprints == expected.fingerprints
