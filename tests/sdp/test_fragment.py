"""Trickle ICE: candidates that come later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Leg, SdpError, UsageError, sdp
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import CANDIDATES, bodies, damaged

BROWSER = examples.offer(Leg.WEB)
EARLY = sdp.set_candidates(BROWSER, [])
# As RFC 8840, section 9 has it: the credentials of the session, then a pseudo section for each mid.
FRAGMENT = (
    "a=ice-ufrag:Wk7e\r\na=ice-pwd:madeUpButLongEnough1234x\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
    "a=candidate:1 1 udp 2130706431 198.51.100.7 4000 typ host\r\na=end-of-candidates\r\n"
)


def test_a_fragment_is_read_without_losing_a_byte() -> None:
    fragment = sdp.parse_fragment(FRAGMENT)
    assert str(fragment) == FRAGMENT
    assert bytes(fragment) == FRAGMENT.encode()
    assert sdp.parse_fragment(FRAGMENT.encode()) == fragment
    (media,) = fragment.media
    assert (media.mid, media.ice_ufrag, media.end_of_candidates) == ("0", "Wk7e", True)
    assert [it.address for it in media.candidates] == ["198.51.100.7"]
    assert repr(fragment) == "<Fragment mid 0: 1 candidates>"
    assert "madeUp" not in repr(fragment) + repr(media)


@given(bodies() | damaged() | st.text())
def test_any_text_gives_a_fragment_or_our_error(text: str) -> None:
    try:
        fragment = sdp.parse_fragment(text)
    except SdpError:
        return
    assert str(fragment) == text


def test_its_candidates_come_into_the_section_of_its_mid() -> None:
    whole = sdp.apply_fragment(EARLY, FRAGMENT)
    assert isinstance(whole, str)
    (media,) = sdp.parse(whole).media
    assert [it.address for it in media.candidates] == ["198.51.100.7"]
    assert media.end_of_candidates
    assert sdp.has_usable_candidates(whole)
    assert sdp.apply_fragment(whole, sdp.parse_fragment(FRAGMENT)) == whole, "the same again changes nothing"
    assert whole.startswith(EARLY)


def test_the_end_for_all_sections() -> None:
    whole = sdp.parse(sdp.apply_fragment(BROWSER, "a=end-of-candidates\r\n"))
    assert whole.media[0].end_of_candidates


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        (FRAGMENT.replace("mid:0", "mid:7"), "no section has the mid '7'"),
        (FRAGMENT.replace("a=mid:0\r\n", ""), "no section has the mid None"),
        (
            FRAGMENT.replace("Wk7e", "old1"),
            "another ICE generation: its ice-ufrag is 'old1', that of audio 0 is 'Wk7e'",
        ),
    ],
)
def test_a_fragment_that_is_not_for_this_body(fragment: str, text: str) -> None:
    with pytest.raises(UsageError, match=text):
        sdp.apply_fragment(EARLY, fragment)


def test_a_fragment_that_cannot_be_read() -> None:
    with pytest.raises(SdpError, match="line 2: "):
        sdp.parse_fragment("a=ice-ufrag:x\r\nm=audio\r\n")


def test_what_is_new_becomes_a_fragment() -> None:
    fragment = sdp.fragment_of(BROWSER, sent=sdp.drop_candidates(BROWSER, transport="tcp"))
    assert str(fragment) == (
        "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=ice-ufrag:Wk7e\r\na=ice-pwd:madeUpButLongEnough1234x\r\n"
        "a=candidate:1595025164 1 tcp 1518280447 127.0.1.1 9 typ host tcptype active generation 0 network-id 1\r\n"
    )
    assert sdp.fragment_of(BROWSER, sent=BROWSER).media == ()
    assert repr(sdp.fragment_of(BROWSER, sent=BROWSER)) == "<Fragment without media>"
    with pytest.raises(UsageError, match=r"audio 0 has no mid, .*set_mids"):
        sdp.fragment_of(BROWSER.replace("a=mid:0\r\n", ""))


@given(st.lists(CANDIDATES.map(lambda it: it.removeprefix("candidate:")), unique=True, max_size=5), st.booleans())
def test_what_trickles_in_is_what_is_there_in_the_end(candidates: list[str], ended: bool) -> None:
    whole = sdp.set_end_of_candidates(sdp.set_candidates(BROWSER, candidates), ended)
    arrived = sdp.apply_fragment(EARLY, sdp.fragment_of(whole, sent=EARLY))
    (there,), (here,) = sdp.parse(whole).media, sdp.parse(arrived).media
    assert here.candidates == there.candidates
    assert here.end_of_candidates == ended


# Without m=, or with a mid above it.

CANDIDATE = "a=candidate:1 1 udp 2130706431 198.51.100.7 4000 typ host\r\n"
END = "a=end-of-candidates\r\n"
SECTION = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=ice-ufrag:Vk7e\r\na=ice-pwd:madeUpButLongEnough1234x\r\n"
TWO = EARLY + SECTION
BUNDLED = EARLY.replace("t=0 0\r\n", "t=0 0\r\na=group:BUNDLE 1 0\r\n") + SECTION.replace("Vk7e", "Wk7e")


def counted(body: str, fragment: str) -> list[tuple[int, bool]]:
    after = sdp.apply_fragment(body, fragment)
    assert sdp.apply_fragment(after, fragment) == after
    return [(len(it.candidates), it.end_of_candidates) for it in sdp.parse(after).media]


@pytest.mark.parametrize(
    ("body", "fragment", "expected"),
    [
        (EARLY, CANDIDATE, [(1, False)]),
        (EARLY, CANDIDATE + END, [(1, True)]),
        (EARLY, FRAGMENT[: FRAGMENT.index("m=")] + CANDIDATE, [(1, False)]),
        (EARLY, "a=mid:0\r\n" + CANDIDATE + END, [(1, True)]),
        (EARLY, CANDIDATE.replace("\r\n", "\n"), [(1, False)]),
        (EARLY, CANDIDATE.rstrip("\r\n"), [(1, False)]),
        (EARLY, CANDIDATE + "\r\n", [(1, False)]),
        (EARLY, "", [(0, False)]),
        (TWO, "a=mid:1\r\n" + CANDIDATE + END, [(0, False), (1, True)]),
        (TWO, f"a=mid:1\r\n{CANDIDATE}a=mid:0\r\n{CANDIDATE}{CANDIDATE}{END}", [(1, True), (1, False)]),
        (TWO, "a=mid:1\r\nm=video 9 RTP/AVP 0\r\n" + CANDIDATE, [(0, False), (1, False)]),
        (TWO, "a=ice-ufrag:Vk7e\r\n" + CANDIDATE, [(0, False), (1, False)]),
        (TWO, f"a=ice-ufrag:Vk7e\r\n{END}a=ice-ufrag:Wk7e\r\n{CANDIDATE}", [(1, False), (0, True)]),
        (TWO, END, [(0, True), (0, True)]),
        (BUNDLED, CANDIDATE, [(0, False), (1, False)]),
        (BUNDLED, CANDIDATE + END, [(0, True), (1, True)]),
        (sdp.reject_media(BUNDLED, media=1), CANDIDATE, [(1, False), (0, False)]),
        (TWO.replace("m=video 9", "m=video 0"), CANDIDATE + END, [(1, True), (0, False)]),
    ],
)
def test_what_stands_above_any_section_goes_where_it_is_plain(
    body: str, fragment: str, expected: list[tuple[int, bool]]
) -> None:
    assert counted(body, fragment) == expected


@pytest.mark.parametrize(
    ("body", "fragment", "text"),
    [
        (TWO, CANDIDATE, "2 sections that they may be for: write a=mid before them, one of '0', '1'"),
        (TWO.replace("a=mid:0\r\n", ""), CANDIDATE, "2 sections that they may be for"),
        (BUNDLED.replace("BUNDLE 1 0", "BUNDLE 1"), CANDIDATE, "2 sections that they may be for"),
        (EARLY, f"a=ice-ufrag:old1\r\n{CANDIDATE}", "its ice-ufrag is 'old1', that of audio 0 is 'Wk7e'"),
        (EARLY, f"a=ice-ufrag:old1\r\n{END}", "another ICE generation"),
        (EARLY, CANDIDATE.replace("host", "host ufrag old1"), "its ice-ufrag is 'old1'"),
        (
            EARLY,
            f"a=mid:0\r\na=ice-ufrag:Wk7e\r\n{CANDIDATE}a=ice-ufrag:new1\r\n{CANDIDATE}",
            "its ice-ufrag is 'new1'",
        ),
        (EARLY, f"a=mid:7\r\n{CANDIDATE}", "no section has the mid '7' .*; the mids of the body: '0'"),
        (EARLY.replace("a=mid:0\r\n", ""), f"a=mid:0\r\n{CANDIDATE}", "none, and set_mids gives them"),
        (sdp.reject_media(TWO, media=1), f"a=mid:1\r\n{CANDIDATE}", "video 1, which is rejected"),
        (sdp.reject_media(TWO, media=1), f"a=mid:1\r\n{END}", "video 1, which is rejected"),
        (sdp.reject_media(EARLY, media=0), CANDIDATE, "the body has none in use"),
    ],
)
def test_what_is_not_plain_is_an_error_that_names_the_cure(body: str, fragment: str, text: str) -> None:
    with pytest.raises(UsageError, match=text):
        sdp.apply_fragment(body, fragment)


@pytest.mark.parametrize(("fragment", "line"), [("\r\n" + CANDIDATE, 1), (f"{CANDIDATE}\n{CANDIDATE}", 2)])
def test_an_empty_line_hides_nothing(fragment: str, line: int) -> None:
    with pytest.raises(SdpError, match=f"line {line}: an empty line"):
        sdp.apply_fragment(EARLY, fragment)


def test_an_empty_foundation_survives_a_fragment() -> None:
    odd = CANDIDATE.replace(":1 1", ": 1")
    assert sdp.apply_fragment(EARLY, odd) == EARLY + odd
    assert odd in str(sdp.fragment_of(EARLY + odd))
    assert sdp.fragment_of(sdp.reject_media(EARLY + odd, media=0)).media == ()


@given(bodies(sections=1), st.lists(st.sampled_from([CANDIDATE, END, "a=mid:0\r\n", "a=mid:1\r\n", "\r\n"])))
def test_nothing_is_lost_in_silence(body: str, lines: list[str]) -> None:
    try:
        after = sdp.apply_fragment(body, "".join(lines))
    except (UsageError, SdpError):
        return
    if CANDIDATE in lines:
        assert CANDIDATE.strip() in after
    if END in lines:
        assert any(media.end_of_candidates for media in sdp.parse(after).media)
