"""Bundles: which sections share a port toward a party, and what the party is told of it (RFC 9143)."""

from __future__ import annotations

from typing import Any

import pytest

from rtpe_ng.embedded.sdp.extensions import MID
from tests.support.dialogue import FINGERPRINT, PHONE, VERSIONS, Dialogue, values

VIDEO = ("m=video 4002 RTP/AVP 96", "a=rtpmap:96 VP8/90000")
TWO = (*PHONE, *VIDEO)
MUXED = (*PHONE, "a=rtcp-mux", *VIDEO, "a=rtcp-mux")
BUNDLED = (
    *(*PHONE[:5], "a=group:BUNDLE sound picture", *PHONE[5:], "a=mid:sound", f"a=extmap:3 {MID}"),
    *(*VIDEO, "a=mid:picture", f"a=extmap:3 {MID}"),
)
KEYED = (
    *(*PHONE[:5], f"a=fingerprint:sha-256 {FINGERPRINT}", "a=setup:actpass"),
    *("m=audio 4000 UDP/TLS/RTP/SAVPF 0", "m=video 4002 UDP/TLS/RTP/SAVPF 96", "a=rtpmap:96 VP8/90000"),
)


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue("26.0")


def ports(lines: list[str]) -> list[str]:
    return [line.split(" ")[1] for line in lines if line.startswith("m=")]


def answered(lines: list[str], *, bundled: bool) -> tuple[str, ...]:
    """Return the answer of a callee that takes all that is offered, in a bundle or not."""
    kept = ("m=", "a=rtpmap", "a=mid", "a=rtcp-mux", "a=extmap:", *(("a=group",) if bundled else ()))
    return (*PHONE[:4], *(line for line in lines if line.startswith(kept)))


@pytest.mark.parametrize(("words", "same"), [(["offer"], False), (["require"], True)])
def test_who_is_offered_a_bundle(dialogue: Dialogue, words: list[str], same: bool) -> None:
    made = dialogue.offer(*TWO, bundle=words)
    assert values(made, "group") == ["BUNDLE 1 2"]
    assert values(made, "mid") == ["1", "2"]
    assert values(made, "extmap") == [f"1 {MID}"] * 2
    assert (len(set(ports(made))) == 1) is same
    assert made.count("a=bundle-only") == same


def test_strict_says_it_with_port_zero_and_does_not_last(dialogue: Dialogue) -> None:
    made = dialogue.offer(*MUXED, bundle=["strict"])
    first, second = ports(made)
    assert (first != "0", second) == (True, "0")
    assert values(made, "rtcp")[0] == values(made, "rtcp")[1]
    assert ports(dialogue.offer(*MUXED)) == [first, first]


def test_a_bundle_is_taken_back_by_an_answer_without_one(dialogue: Dialogue) -> None:
    offered = dialogue.offer(*TWO, bundle=["require"])
    dialogue.answer(*answered(offered, bundled=False))
    again = dialogue.offer(*TWO)
    assert values(again, "group") == []
    assert len(set(ports(again))) == 2
    assert ports(again)[0] == ports(offered)[0]


def test_a_bundle_lasts_where_it_is_answered(dialogue: Dialogue) -> None:
    offered = dialogue.offer(*TWO, bundle=["require"])
    dialogue.answer(*answered(offered, bundled=True))
    again = dialogue.offer(*TWO)
    assert (values(again, "group"), ports(again)) == (["BUNDLE 1 2"], ports(offered))


def test_who_bundles_is_answered_in_a_bundle_where_that_is_accepted(dialogue: Dialogue) -> None:
    offered = dialogue.offer(*BUNDLED, bundle=["accept"])
    assert (values(offered, "group"), len(set(ports(offered)))) == ([], 2)
    made = dialogue.answer(*TWO)
    assert values(made, "group") == ["BUNDLE sound picture"]
    assert len(set(ports(made))) == 1
    # It is between the engine and the party that bundles: the answer need not have it.
    assert values(made, "extmap") == [f"3 {MID}"] * 2
    assert "a=bundle-only" not in made


def test_who_bundles_is_not_answered_so_without_a_word(dialogue: Dialogue) -> None:
    dialogue.offer(*BUNDLED)
    made = dialogue.answer(*TWO)
    assert (values(made, "group"), len(set(ports(made)))) == ([], 2)


def test_a_rejected_head_ends_its_bundle(dialogue: Dialogue) -> None:
    dialogue.offer(*BUNDLED, bundle=["accept"])
    rejected = tuple(line.replace("m=audio 4000", "m=audio 0") for line in TWO)
    made = dialogue.answer(*rejected)
    assert values(made, "group") == []
    assert (ports(made)[0], ports(made)[1] != "0") == ("0", True)


def test_a_rejected_section_leaves_its_bundle(dialogue: Dialogue) -> None:
    dialogue.offer(*BUNDLED, bundle=["accept"])
    made = dialogue.answer(*(line.replace("m=video 4002", "m=video 0") for line in TWO))
    assert values(made, "group") == ["BUNDLE sound"]


def test_payload_types_must_tell_sections_apart_where_nothing_else_does(dialogue: Dialogue) -> None:
    without = tuple(line for line in BUNDLED if not line.startswith("a=extmap"))
    dialogue.offer(*without, bundle=["accept"])
    assert values(dialogue.answer(*TWO), "group") == ["BUNDLE sound picture"]
    other = Dialogue("26.0")
    same = tuple(line.replace("RTP/AVP 96", "RTP/AVP 0") for line in without if "VP8" not in line)
    other.offer(*same, bundle=["accept"])
    assert values(other.answer(*same), "group") == []


def test_the_mid_gets_a_number_that_no_section_of_the_bundle_uses(dialogue: Dialogue) -> None:
    used = (*PHONE, "a=extmap:1 urn:one", *VIDEO, "a=extmap:2 urn:two")
    made = dialogue.offer(*used, bundle=["offer"])
    assert values(made, "extmap") == ["1 urn:one", f"3 {MID}", "2 urn:two", f"3 {MID}"]
    assert values(dialogue.answer(*answered(made, bundled=True)), "extmap") == ["1 urn:one", "2 urn:two"]


def test_of_two_numbers_for_the_mid_the_last_one_counts(dialogue: Dialogue) -> None:
    offered = dialogue.offer(*TWO, bundle=["require"])
    dialogue.answer(*answered(offered, bundled=True))
    other = tuple(line.replace("extmap:3", "extmap:4") if "v" in line else line for line in BUNDLED)
    assert values(dialogue.offer(*other), "group") == ["BUNDLE 1 2"]
    odd = (*BUNDLED[:-1], f"a=extmap:4 {MID}")
    again = dialogue.offer(*odd)
    assert values(again, "extmap") == [f"1 {MID}", f"3 {MID}", f"1 {MID}", f"4 {MID}"]
    assert (values(again, "group"), len(set(ports(again)))) == (["BUNDLE 1"], 2)


def test_ice_and_dtls_are_those_of_the_head(dialogue: Dialogue) -> None:
    made = dialogue.offer(*KEYED, bundle=["require"], ICE="force")
    for name in ("ice-ufrag", "ice-pwd", "tls-id"):
        first, second = values(made, name)
        assert first == second
    made = Dialogue("26.0").offer(*KEYED, bundle=["offer"], ICE="force")
    # A section that may do without the bundle has its own association, but ICE of the head.
    assert len(set(values(made, "tls-id"))) == 2
    assert len(set(values(made, "ice-ufrag"))) == 1


@pytest.mark.parametrize(
    ("flags", "bundles"),
    [
        ({"bundle": "accept,offer"}, True),
        ({"bundle": "accept offer"}, False),
        ({"bundle": ["Offer"]}, False),
        ({"bundle": ["forever"]}, False),
        ({"BUNDLE": ["offer"]}, True),
        ({"flags": ["BUNDLE-offer"]}, True),
        ({"flags": ["bundle-offer"]}, False),
        ({"flags": ["WebRTC"]}, True),
        ({"bundle": ["offer"], "ICE": "force-relay"}, False),
    ],
)
def test_how_it_may_be_spelt(dialogue: Dialogue, flags: dict[str, Any], bundles: bool) -> None:
    assert any(value.startswith("BUNDLE") for value in values(dialogue.offer(*TWO, **flags), "group")) is bundles


@pytest.mark.parametrize("version", [it for it in VERSIONS if it != "26.0"])
@pytest.mark.parametrize("words", [["offer"], ["require"], ["accept"]])
def test_older_versions_do_not_know_it(version: str, words: list[str]) -> None:
    plain, asked = Dialogue(version), Dialogue(version)
    assert plain.offer(*BUNDLED) == asked.offer(*BUNDLED, bundle=words)
    assert plain.answer(*TWO) == asked.answer(*TWO)
