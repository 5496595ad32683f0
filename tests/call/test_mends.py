"""What is mended in a body, and what is left as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Leg, UsageError, profiles, sdp
from rtpe_ng.call.body import CallBody
from rtpe_ng.call.mends import has_others, mended_head, mended_lines, mended_sections, without_sections
from rtpe_ng.call.review import Offered
from rtpe_ng.call.sections import OfferedSection, OfferedSections
from rtpe_ng.sdp.web.lines import head_problems, is_sound_origin
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import CAPTURED, bodies, damaged

PHONE = examples.offer(Leg.SIP)
BROWSER = examples.offer(Leg.WEB)
VIDEO = "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
ORIGIN = "o=phone 2890844526 1 IN IP4 127.0.2.1"


@pytest.mark.parametrize(
    ("spoilt", "whole"),
    [
        (PHONE.replace("s=call", "s="), PHONE.replace("s=call", "s=-")),
        (PHONE.replace("s=call\r\n", ""), PHONE.replace("s=call", "s=-")),
        (PHONE.replace("t=0 0\r\n", ""), PHONE),
        (PHONE.replace("t=0 0", "t="), PHONE),
        (PHONE.replace("v=0\r\n", ""), PHONE),
        ("v=0\r\n" + PHONE, PHONE),
        (PHONE.replace("v=0", "v=0 "), PHONE),
        (PHONE.replace("o=phone", "o="), PHONE.replace("o=phone", "o=-")),
        (PHONE.replace(" IN IP4 127.0.2.1", "", 1), PHONE),
        (PHONE.replace("o=phone", "o=John Doe"), PHONE.replace("o=phone", "o=John_Doe")),
        ("\r\n" + PHONE, PHONE),
        ("\ufeff \r\n\r\n" + PHONE, PHONE),
        (PHONE + "\r\n", PHONE),
        (PHONE.rstrip(), PHONE),
        (PHONE.replace("\r\nm=", "\r\n\r\nm="), PHONE),
        ("IP4 127.0.0.1" + PHONE, PHONE),
        (PHONE.replace("s=call\r\n", "").replace("t=0 0", "s=call\r\nt=0 0"), PHONE),
        (
            PHONE.replace("t=0 0\r\n", "").replace("m=", "a=tool:x\r\nt=0 0\r\nm="),
            PHONE.replace("m=", "a=tool:x\r\nm="),
        ),
        (PHONE.replace("s=call", "s=").replace("\r\n", "\n"), PHONE.replace("s=call", "s=-").replace("\r\n", "\n")),
    ],
)
def test_the_head_is_completed(spoilt: str, whole: str) -> None:
    mended, repairs = mended_head(spoilt, whose="the offer")
    assert mended == whole
    assert {repair.mend for repair in repairs} == {"head"}
    assert all("in the offer" in str(repair) and "RFC 8866" in str(repair) for repair in repairs)


def test_an_origin_that_is_missing_differs_where_the_bodies_differ() -> None:
    """Its version tells the receiver whether anything has changed (RFC 3264, section 8)."""
    origins = []
    for body in (PHONE, PHONE.replace("40000", "40002"), PHONE):
        mended, _ = mended_head(body.replace(ORIGIN + "\r\n", ""), whose="x")
        origin = sdp.parse(mended).origin
        assert origin is not None
        origins.append(origin)
    assert origins[0] == origins[2] != origins[1]
    assert origins[0].address == "127.0.2.1"


@pytest.mark.parametrize(
    "body", [PHONE, BROWSER, *[it.decode() for it in CAPTURED.values()], "v=0\r\n", "", "x", PHONE + "\r\n" + PHONE]
)
def test_what_is_whole_or_no_description_stays(body: str) -> None:
    assert mended_head(body, whose="x") == (body, ())


@pytest.mark.parametrize(
    ("origin", "whole"),
    [
        ("1001 7 1 IN IP4", "1001 7 1 IN IP4 127.0.2.1"),
        ("gw 7 1 IN IP4 127.0.2.9 x", "gw 7 1 IN IP4 127.0.2.9"),
        ("gw 7 1 IN IP4 127.0.2.9 IN IP4 127.0.2.9", "gw 7 1 IN IP4 127.0.2.9"),
        ("gw 7 1 IN 127.0.2.9", "gw 7 1 IN IP4 127.0.2.9"),
        ("gw 7 1 IN IP6", "gw 7 1 IN IP4 127.0.2.1"),
        ("gw 7 1 IP4 127.0.2.9 x", "gw 7 1 IN IP4 127.0.2.9"),
        ("gw\t7 1 IN IP6 ::1", "gw 7 1 IN IP6 ::1"),
    ],
)
def test_an_origin_is_read_from_its_address_on(origin: str, whole: str) -> None:
    body = PHONE.replace(ORIGIN, f"o={origin}")
    assert list(head_problems(sdp.parse(body))) if len(origin.split()) > 5 else True
    assert mended_head(body, whose="x")[0] == PHONE.replace(ORIGIN, f"o={whole}")


@given(
    st.lists(
        st.sampled_from(["gw", "7", "1", "IN", "IP4", "IP6", "127.0.2.9", "x", "::1", "\udfff"]), max_size=9
    ).map(" ".join)
)
def test_an_origin_is_sound_afterwards(origin: str) -> None:
    body = PHONE.replace(ORIGIN, f"o={origin}")
    mended = mended_head(body, whose="x")[0].splitlines()[1][2:]
    assert is_sound_origin(mended)
    assert mended == origin or not is_sound_origin(origin)
    if {"127.0.2.9", "::1"} & set(origin.split(" ")):
        assert mended.split(" ")[5] in origin.split(" ")


def test_a_byte_order_mark_goes_for_its_own_reason() -> None:
    mended, repairs = mended_head("\ufeff" + PHONE, whose="x")
    assert mended == PHONE
    assert "byte order mark" in str(repairs[0])
    assert len(repairs) == 1


@pytest.mark.parametrize("behind", ["\0", " ", "\t", " \0", "\0\r\n"])
def test_what_stands_behind_the_last_line_goes(behind: str) -> None:
    mended, repairs = mended_head(PHONE + behind, whose="x")
    assert mended == PHONE
    assert repairs


@pytest.mark.parametrize(
    ("before", "after", "whole", "said"),
    [
        ("s=call", "s=\r\ns=Conference 7", "s=Conference 7", "an empty s= line left out"),
        ("s=call", "s=call\r\ns=other", "s=call", "an s= line left out"),
        ("s=call", "s=call\r\ni=one\r\ni=two", "s=call\r\ni=one", "an i= line left out"),
        ("s=call", "s=call\r\nx=1", "s=call", "an x= line left out"),
        ("t=0 0", "t=0 0\r\nt=", "t=0 0", "a t= line left out"),
    ],
)
def test_each_line_that_goes_is_said(before: str, after: str, whole: str, said: str) -> None:
    mended, repairs = mended_head(PHONE.replace(before, after), whose="x")
    assert mended == PHONE.replace(before, whole)
    assert said in "".join(map(str, repairs))


@given(bodies() | damaged() | st.text() | st.text(st.characters(categories=["Cs", "L"])).map(PHONE[5:].__add__))
def test_a_head_is_mended_once(text: str) -> None:
    once, repairs = mended_head(text, whose="x")
    assert (once != text) <= bool(repairs)
    assert mended_head(once, whose="x")[0] == once


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("a=rtpmap:0 PCMU", "a=rtpmap:0 PCMU/8000"),
        ("a=rtpmap:8 PCMA/8000/mono", "a=rtpmap:8 PCMA/8000"),
        ("a=rtpmap:101 telephone-event", "a=rtpmap:101 telephone-event/8000"),
        ("a=rtpmap:101 opus/48000/ 2", "a=rtpmap:101 opus/48000/2"),
        ("a=rtpmap:101  opus/48000/2", "a=rtpmap:101 opus/48000/2"),
        ("a=rtpmap:101\topus/48000/2 ", "a=rtpmap:101 opus/48000/2"),
        ("a=rtpmap:101 opus/48k", "a=rtpmap:101 opus/48000/2"),
        ("a=rtpmap:101 L16/44100/stereo", "a=rtpmap:101 L16/44100/2"),
        ("a=rtpmap:101 iLBC/8k", "a=rtpmap:101 iLBC/8000"),
        ("a=rtpmap:101 iLBC/8000000000", "a=rtpmap:101 iLBC/8000"),
        ("a=rtpmap:0 PCMU/8,000", "a=rtpmap:0 PCMU/8000"),
        ("a=rtpmap:0 FOO", ""),
        ("b=AS:-1", ""),
        ("b=AS: 64", "b=AS:64"),
        ("b=TIAS:much", ""),
        ("a=ssrc:4711", ""),
        ("a=ssrc-group:FID", ""),
        ("a=fmtp:101", ""),
        ("a=rtcp-fb:0", ""),
        ("a=extmap:5", ""),
        ("a=mid", ""),
        ("a=", ""),
    ],
)
def test_lines_that_no_browser_reads(line: str, mended: str) -> None:
    base = "".join(it for it in PHONE.splitlines(keepends=True) if not it.startswith(("a=rtpmap", "a=fmtp")))
    session, repairs = mended_lines(sdp.parse(f"{base}{line}\r\n"), whose="the offer")
    assert str(session) == (f"{base}{mended}\r\n" if mended else base)
    assert len(repairs) == 1
    assert str(repairs[0]).startswith("audio 0: ")


def _why(problem: sdp.SdpProblem) -> str:
    return problem.reason


@pytest.mark.parametrize(
    ("before", "after", "mended", "said"),
    [
        ("m=audio 40000 ", "m=audio 40000/2 ", "m=audio 40000 ", "m=audio 40000 RTP/AVP 0 8 101 written"),
        *(
            ("t=0 0", f"{it}\r\nt=0 0", "t=0 0", f"{it[:2]} line left out")
            for it in ("i=", "u= x", "e=", "p=", "b=")
        ),
        *(("t=0 0", f"t=0 0\r\n{it}", "t=0 0", f"{it[:2]} line left out") for it in ("r=", "z= 1", "k=")),
        ("a=sendrecv", "i=\r\na=sendrecv", "a=sendrecv", "i= line left out"),
        ("a=sendrecv", "a= sendrecv", "a=sendrecv", "a= written"),
    ],
)
def test_lines_that_a_browser_refuses_as_a_whole(before: str, after: str, mended: str, said: str) -> None:
    body = PHONE.replace(before, after)
    session, repairs = mended_lines(sdp.parse(body), whose="x")
    assert {*map(_why, sdp.web_problems(body))} - {*map(_why, sdp.web_problems(session))}
    assert str(session) == PHONE.replace(before, mended)
    assert said in str(repairs[0])


@pytest.mark.parametrize(
    "line",
    [
        *("a=rtpmap:101 my-own", "a=setup:later", "a=x-own:-1", "a=rtcp:x", "a=rtpmap:101 opus/48000/2 "),
        *("a=rtpmap:101 speex", "a=rtpmap:101 CN", "a=rtpmap:101 L16", "a=rtpmap:101 L16/44100/2 x"),
    ],
)
def test_lines_that_it_needs_or_that_are_no_harm_stay(line: str) -> None:
    base = "".join(it for it in PHONE.splitlines(keepends=True) if not it.startswith("a=rtpmap:101"))
    session = sdp.parse(f"{base}{line}\r\n")
    assert mended_lines(session, whose="x") == (session, ())


def sections(*texts: str) -> OfferedSections:
    return OfferedSections.parse("-".join(texts))


@pytest.mark.parametrize(
    ("there", "body", "heads"),
    [
        # A phone that leaves the last section out, or the first one.
        ("aA-vA", PHONE, ["audio 40000", "video 0"]),
        ("vA-aA", PHONE, ["video 0", "audio 40000"]),
        ("aA-vA-aA", PHONE + VIDEO, ["audio 40000", "video 40010", "audio 0"]),
        # By its mid it is the third.
        ("aA0-vA1-aA2", PHONE + "a=mid:2\r\n", ["audio 0", "video 0", "audio 40000"]),
        # By its protocol it is the second.
        ("aC-aA", PHONE, ["audio 0", "audio 40000"]),
        # Its sections are in another order.
        ("vA-aA", PHONE + VIDEO, ["video 40010", "audio 40000"]),
        ("aA-pG", PHONE, ["audio 40000", "application 0"]),
    ],
)
def test_an_answer_gets_the_sections_of_its_offer(there: str, body: str, heads: list[str]) -> None:
    session, repairs = mended_sections(sdp.parse(body), sections(*there.split("-")), is_answer=True)
    assert [f"{media.type} {media.port}" for media in session.media] == heads
    assert repairs
    assert sdp.problems(session) == ()
    assert mended_sections(session, sections(*there.split("-")), is_answer=True) == (session, ())


@pytest.mark.parametrize(
    ("there", "body"),
    [("aA", PHONE), ("aA-vA", PHONE + VIDEO), ("vA", PHONE), ("aA", PHONE + VIDEO), ("iH", PHONE)],
)
def test_what_fits_or_has_no_place_stays(there: str, body: str) -> None:
    session = sdp.parse(body)
    for is_answer in (True, False):
        assert mended_sections(session, sections(*there.split("-")), is_answer=is_answer) == (session, ())


def test_what_was_added_to_an_offer_goes_from_its_answer() -> None:
    session = sdp.parse(PHONE + VIDEO.replace("40010", "0"))
    mended, repairs = without_sections(session, (1,))
    assert [media.type for media in mended.media] == ["audio"]
    assert len(repairs) == 1
    # A section that somebody accepts cannot be left out.
    accepted = sdp.parse(PHONE + VIDEO)
    assert without_sections(accepted, (1,)) == (accepted, ())


def test_codecs_that_an_answer_has_more_than_the_one_before() -> None:
    audio, fewer = CallBody(PHONE).codecs, CallBody(examples.answer(Leg.SIP, PHONE)).codecs
    from_fewer = frozenset({(0, "pcmu", 8000), (0, "telephone-event", 8000)})
    assert has_others(audio, from_fewer)
    assert not has_others(fewer, from_fewer)
    assert has_others(fewer, None)
    assert not has_others(None, None)


KINDS = st.sampled_from(["audio", "video", "application", "image", ""])
PROTOCOLS = st.sampled_from(["RTP/AVP", "UDP/TLS/RTP/SAVPF", "udptl", ""])
SECTIONS = st.lists(
    st.builds(
        OfferedSection,
        type=KINDS,
        protocol=PROTOCOLS,
        mid=st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        is_rejected=st.booleans(),
    ),
    max_size=5,
).map(lambda found: OfferedSections(sections=tuple(found)))


@given(SECTIONS, SECTIONS, st.sampled_from(["caller", "callee"]), st.booleans())
def test_what_is_known_of_an_offer_is_written_and_read_again(
    written: OfferedSections, handed: OfferedSections, by: str, is_outdated: bool
) -> None:
    offered = Offered(by=by, written=written, handed=handed, is_outdated=is_outdated)
    text = str(offered)
    assert Offered.parse(text) == offered
    assert text.isascii()
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@pytest.mark.parametrize("text", ["", "x", "caA", "caA--z", "zaA--aA", "caA--aA.", "caA--aA_"])
def test_what_no_offer_wrote_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Offered.parse(text)


@given(bodies())
def test_the_sections_of_any_body_are_placed_in_themselves(text: str) -> None:
    found = OfferedSections.of(text)
    assert found.places(found.sections) == tuple(range(len(found.sections)))


def test_mends_are_chosen_by_the_profile() -> None:
    assert profiles.MODERN.mends == {"head", "lines", "sections", "codecs"}
    assert profiles.ARTICLE.mends == frozenset()
    assert profiles.MODERN.evolve(mends=["head"]).mends == {"head"}
    for wrong in ("head", ["haed"], 3, [3]):
        with pytest.raises(UsageError, match="mends"):
            profiles.MODERN.evolve(mends=wrong)  # type: ignore[arg-type]
