"""The word of an ICE restart that goes to the daemon ahead of the offer."""

from __future__ import annotations

import pytest
from hypothesis import given

from rtpe_ng import Leg, sdp
from rtpe_ng.call.ice import restart_fragment
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import bodies, damaged

BROWSER = examples.offer(Leg.WEB)
RESTARTED = BROWSER.replace("generation 0", "generation 2")


def test_a_restart_is_told_with_all_that_is_new() -> None:
    fragment = restart_fragment(RESTARTED)
    assert fragment is not None
    # The daemon loses the first line, and a section whose m= line it is.
    assert fragment.startswith("a=ice-options:trickle\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n")
    told, section = sdp.parse_fragment(fragment).media[0], sdp.parse(RESTARTED).media[0]
    assert (told.ice_ufrag, told.ice_pwd) == (section.ice_ufrag, section.ice_pwd)
    assert told.candidates == section.candidates


def test_every_section_is_told_of_that_has_ice() -> None:
    """A section of a bundle has no candidates of its own, but its credentials change with the others."""
    audio = RESTARTED[RESTARTED.index("m=audio") :]
    video = audio.replace("m=audio", "m=video").replace("a=mid:0", "a=mid:1")
    video = "".join(line for line in video.splitlines(keepends=True) if not line.startswith("a=candidate"))
    rejected = audio.replace("m=audio 50004", "m=audio 0").replace("a=mid:0", "a=mid:2")
    fragment = restart_fragment(RESTARTED + video + rejected)
    assert fragment is not None
    told = sdp.parse_fragment(fragment).media
    assert [(media.type, media.mid, len(media.candidates)) for media in told] == [
        ("audio", "0", 2),
        ("video", "1", 0),
    ]
    assert {media.ice_ufrag for media in told} == {"Wk7e"}


@pytest.mark.parametrize(
    "body",
    [
        BROWSER,
        examples.offer(Leg.SIP),
        sdp.set_candidates(RESTARTED, []),
        sdp.remove_ice(RESTARTED),
        RESTARTED.replace("a=mid:0\r\n", ""),
        RESTARTED.replace("generation 2", "generation two"),
        RESTARTED.replace("m=audio 50004", "m=audio 0"),
        RESTARTED.replace("v=0", "garbage"),
        "",
    ],
    ids=["none", "a phone", "no candidates", "no ICE", "no mid", "no number", "rejected", "garbage", "empty"],
)
def test_else_there_is_nothing_to_tell(body: str) -> None:
    assert restart_fragment(body) is None


@given(bodies() | damaged())
def test_no_body_is_too_odd(body: str) -> None:
    fragment = restart_fragment(body)
    assert fragment is None or sdp.parse_fragment(fragment).media
